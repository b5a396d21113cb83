"""Streams of entries, and the ways in which they end."""

import json
import time

from registry import behaviour
from visit import CHUNKED

from .fine import entry, good


def text(number: int) -> bytes:
    return json.dumps(entry(number)).encode()


def entries(visit, kind: str, count: int):
    """Sends entries in one of the ways that the documents allow."""
    if kind == "lines":
        visit.chunk(b"".join(text(n) + b"\n" for n in range(count)))
    elif kind == "joined":
        visit.chunk(b"".join(text(n) for n in range(count)))
    elif kind == "blank":
        visit.chunk(b"\n\r\n".join([b"", *(text(n) for n in range(count)), b"\n\n"]))
    elif kind == "bytes":
        for byte in b"\n".join(text(n) for n in range(count)):
            visit.chunk(bytes([byte]))
    elif kind == "halves":
        whole = b"".join(text(n) + b"\n" for n in range(count))
        step = len(whole) // count // 2 + 7
        for at in range(0, len(whole), step):
            visit.chunk(whole[at : at + step])
            time.sleep(0.01)
    elif kind == "slowly":
        for number in range(count):
            visit.chunk(text(number) + b"\n")
            time.sleep(0.02)


@behaviour
def tail(visit, kind, count, status="2", how="end"):
    """So many entries; then the stream ends, is cut, or waits. The job has that status."""
    if visit.operation == "log":
        visit.json({"entries": [entry(n) for n in range(int(count))]})
        return
    if visit.operation != "tail":
        visit.json({**good(visit), "status": int(status), "exit_code": 3})
        return
    visit.head(200, CHUNKED)
    if how == "cut-once" and visit.nth == 1:
        entries(visit, kind, int(count) // 2)
        visit.chunk(text(int(count) // 2)[:20])
        visit.close()
        return
    entries(visit, kind, int(count))
    if how == "garbage":
        visit.chunk(b"this is no JSON\n")
    if how == "wait":
        time.sleep(20)
    if how in ("end", "cut-once"):
        visit.send(b"0\r\n\r\n")
    else:
        visit.close()


@behaviour
def tail_endless(visit):
    """Entries as fast as the client takes them."""
    if visit.operation != "tail":
        visit.json(good(visit))
        return
    visit.head(200, CHUNKED)
    block = b"".join(text(n) + b"\n" for n in range(500))
    while True:
        visit.chunk(block)


@behaviour
def tail_of(visit, megabytes):
    """One entry of so many megabytes."""
    visit.head(200, CHUNKED)
    visit.chunk(b'{"source": "stdout", "data": "' + b"x" * (int(megabytes) << 20) + b'"}')
    visit.close()
