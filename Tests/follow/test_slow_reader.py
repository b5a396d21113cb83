"""A reader of ten lines a second, and a sender that has gigabytes: the sender waits, memory stays."""

from __future__ import annotations

import multiprocessing
import resource
import socket
import threading
import time
from multiprocessing.sharedctypes import Synchronized

import connectjobs as cj
from real_server import KEY

LINES = 100
LINE = b'{"source":"stdout","timestamp":"2024-12-06T19:09:29.%09dZ","data":"%s"}\n'


def answer(connection: socket.socket, sent: Synchronized[int]) -> None:
    """A log that is empty, a job that is active, and a tail without an end."""
    request = connection.recv(65536)
    if b"/tail" not in request:
        body = b'{"entries":[],"status":0,"key":"k"}'
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        connection.close()
        return
    connection.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n")
    number = 0
    while True:
        block = b"".join(LINE % (number + n, b"x" * 200) for n in range(100))
        number += 100
        connection.sendall(block)
        sent.value += len(block)


def serve(listener: socket.socket, sent: Synchronized[int]) -> None:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=answer, args=(connection, sent), daemon=True).start()


def memory() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def test_ten_lines_a_second_block_the_sender_and_keep_memory_flat() -> None:
    sent = multiprocessing.Value("q", 0)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        sender = multiprocessing.Process(target=serve, args=(listener, sent), daemon=True)
        sender.start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with cj.Client(address, KEY, proxy="") as client, client.tail("a", "k") as tail:
        lines = iter(tail)
        before = memory()
        for number in range(LINES):
            assert next(lines).timestamp_ns % 1_000_000_000 == number
            time.sleep(0.1)
            if number == LINES // 2:
                halfway, held = sent.value, memory() - before
        grown, at_end = memory() - before, sent.value
    sender.kill()
    print(f"sent {at_end} bytes, {at_end - halfway} of them in the second half; "
          f"{held} bytes more in memory halfway, {grown} at the end")
    assert at_end == halfway, "the sender went on"
    assert at_end < 64 << 20
    assert grown < 32 << 20
    assert grown - held < 1 << 20
