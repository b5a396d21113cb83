"""How much later than with `curl -N` an entry is there: both follow one server that writes now and
then, and stamp what arrives with the same clock.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import time

from runs import Result

ENTRIES = 1000
PAUSE = 0.002
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
JOB = b'{"key":"k","status":2,"exit_code":0}'


def entry(number: int) -> bytes:
    """One line, of which the program knows the number."""
    stamp = "2024-11-25T22:26:14.000170781Z"
    return b'{"source":"stdout","timestamp":"%s","data":"%d"}\n' % (stamp.encode(), number)


def accept(listener: socket.socket) -> tuple[socket.socket, bytes]:
    """The next request's connection and its first line."""
    connection, _ = listener.accept()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    request = b""
    while b"\r\n\r\n" not in request:
        request += connection.recv(65536)
    return connection, request.split(b"\r\n", 1)[0]


def write_entries(followers: list[socket.socket]) -> None:
    """Each entry to both, first to the one, then to the other, in turn."""
    for connection in followers:
        connection.sendall(HEAD)
    time.sleep(0.2)
    for number in range(ENTRIES):
        for connection in followers[:: 1 if number % 2 else -1]:
            connection.sendall(entry(number))
        time.sleep(PAUSE)
    for connection in followers:
        connection.close()


def stamps(output: str) -> dict[int, int]:
    """Nanoseconds by the entry's number."""
    pairs = (line.split() for line in output.splitlines())
    return {int(number): int(when) for number, when in pairs}


def answer_job(listener: socket.socket) -> None:
    """Ours then asks how the job ended."""
    connection, _ = accept(listener)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    connection.sendall(head % len(JOB) + JOB)
    connection.close()


def latencies(program: str, run: str) -> list[Result]:
    """The median and the 99th percentile of how much later ours are."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(30)
        server = f"http://127.0.0.1:{listener.getsockname()[1]}"
        environment = {**os.environ, "CONNECT_SERVER": server}
        address = f"{server}/__api__/v1/content/g/jobs/k/tail"
        with open(f"{run}/latency_of_curl", "w+", encoding="utf-8") as of_curl:
            ours = subprocess.Popen(
                [program, "follow"], env=environment, stdout=subprocess.PIPE, text=True
            )
            first, _ = accept(listener)
            curl = subprocess.Popen(["curl", "-sN", address], stdout=subprocess.PIPE)
            reader = subprocess.Popen([program, "read"], stdin=curl.stdout, stdout=of_curl)
            second, _ = accept(listener)
            write_entries([first, second])
            answer_job(listener)
            output, _ = ours.communicate(timeout=30)
            reader.wait()
            curl.wait()
            of_curl.seek(0)
            theirs = stamps(of_curl.read())
    later = sorted((when - theirs[number]) / 1e9 for number, when in stamps(output).items())
    return [Result(statistics.median(later)), Result(later[int(len(later) * 0.99)])]
