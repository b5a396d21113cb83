"""Streams of entries, and the ways in which they end."""

import json
import time

from registry import behaviour
from visit import CHUNKED

from .fine import JOB, entry


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


def beside(visit, job: dict, log: list[dict]) -> bool:
    """Answers what a follow asks for beside the tail: the job, its log as a list and as a file."""
    if visit.operation == "tail":
        return False
    if visit.operation == "log":
        visit.json({"entries": log})
    elif visit.operation == "download":
        lines = [f"{line['timestamp']} {line['data']}\n" for line in log]
        visit.answer(200, "".join(lines), "text/plain")
    elif visit.operation == "jobs":
        visit.json([job])
    else:
        visit.json({**job, "key": visit.key})
    return True


_cut: set[str] = set()


def first_time(visit) -> bool:
    """Whether this is the first tail of its guid."""
    seen = visit.guid in _cut
    _cut.add(visit.guid)
    return not seen


@behaviour
def tail(visit, kind, count, status="2", how="end"):
    """So many entries; then the stream ends, is cut, or waits. The job has that status."""
    job = {**JOB, "status": int(status), "exit_code": 3}
    if beside(visit, job, [entry(n) for n in range(int(count))]):
        return
    visit.head(200, CHUNKED)
    if how == "cut-once" and first_time(visit):
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
    if beside(visit, JOB, []):
        return
    visit.head(200, CHUNKED)
    block = b"".join(text(n) + b"\n" for n in range(500))
    while True:
        visit.chunk(block)


@behaviour
def tail_of(visit, megabytes):
    """One entry of so many megabytes."""
    if beside(visit, JOB, []):
        return
    visit.head(200, CHUNKED)
    visit.chunk(b'{"source": "stdout", "data": "' + b"x" * (int(megabytes) << 20) + b'"}')
    visit.close()
