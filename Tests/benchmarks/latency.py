"""How much later than with `curl -N` an entry is there.

Both follow one server that writes now and then, and stamp what arrives with the same clock.
"""

from __future__ import annotations

import contextlib
import os
import socket
import statistics
import subprocess
import threading
import time
from queue import Queue

from runs import Result

ENTRIES = 1000
PAUSE = 0.002
JOB = '{"key":"k","status":%d,"exit_code":0}'


def entry(number: int) -> str:
    """One line, of which the program knows the number."""
    nanoseconds = 14_000_000_000 + number * 1_000_000
    stamp = f"2024-11-25T22:26:{nanoseconds // 10**9:02d}.{nanoseconds % 10**9:09d}Z"
    return f'{{"source":"stdout","timestamp":"{stamp}","data":"{number}"}}'


class Server:
    """A Connect with one job, whose log grows while two follow it."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.tail = f"{self.address}/__api__/v1/content/g/jobs/k/tail"
        self.followers: Queue[socket.socket] = Queue()
        self.written: list[str] = []
        self.has_ended = False
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        """A thread for each connection."""
        while True:
            connection, _ = self.listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.answer, args=[connection], daemon=True).start()

    def answer(self, connection: socket.socket) -> None:
        """One request of a connection: the stream is kept, the rest is answered at once."""
        request = b""
        while b"\r\n\r\n" not in request:
            piece = connection.recv(65536)
            if not piece:
                return
            request += piece
        path = request.split(b" ", 2)[1].decode()
        if path.endswith("/tail"):
            connection.sendall(head(""))
            self.followers.put(connection)
            return
        if "/log" in path:
            body = '{"entries":[' + ",".join(self.written) + "]}"
        else:
            body = JOB % (2 if self.has_ended else 0)
        connection.sendall(head(f"Content-Length: {len(body)}\r\n") + body.encode())
        connection.close()

    def write(self, followers: list[socket.socket]) -> None:
        """Each entry to both, first to the one, then to the other, in turn."""
        time.sleep(0.3)
        for number in range(ENTRIES):
            line = entry(number)
            for connection in followers[:: 1 if number % 2 else -1]:
                connection.sendall(line.encode() + b"\n")
            self.written.append(line)
            time.sleep(PAUSE)
        self.has_ended = True
        for connection in followers:
            connection.close()


def head(more: str) -> bytes:
    """The head of a good answer."""
    start = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
    return f"{start}{more}\r\n".encode()


def stamps(output: str) -> dict[int, int]:
    """Nanoseconds by the entry's number."""
    pairs = (line.split() for line in output.splitlines())
    return {int(number): int(when) for number, when in pairs}


def latencies(program: str, run: str) -> list[Result]:
    """The median and the 99th percentile of how much later ours are."""
    server = Server()
    environment = {**os.environ, "CONNECT_SERVER": server.address}
    with contextlib.ExitStack() as stack:
        of_curl = stack.enter_context(open(f"{run}/latency", "w+", encoding="utf-8"))
        ours = subprocess.Popen(
            [program, "follow"], env=environment, stdout=subprocess.PIPE, text=True
        )
        stack.callback(ours.kill)
        curl = subprocess.Popen(["curl", "-sN", server.tail], stdout=subprocess.PIPE)
        stack.callback(curl.kill)
        reader = subprocess.Popen([program, "read"], stdin=curl.stdout, stdout=of_curl)
        server.write([server.followers.get(timeout=10) for _ in range(2)])
        output, _ = ours.communicate(timeout=30)
        reader.wait(timeout=30)
        of_curl.seek(0)
        theirs = stamps(of_curl.read())
    later = sorted((when - theirs[number]) / 1e9 for number, when in stamps(output).items())
    if len(later) != ENTRIES:
        raise RuntimeError(f"{len(later)} of {ENTRIES} entries came")
    return [Result(statistics.median(later)), Result(later[int(len(later) * 0.99)])]
