"""Answers without an end, until the client hangs up."""

import json
import zlib

from registry import behaviour
from visit import CHUNKED

from .fine import JOB


def pour(visit, first: bytes, more: bytes):
    """Sends the beginning, then the same again and again."""
    visit.head(200, CHUNKED)
    visit.chunk(first)
    while True:
        visit.chunk(more)


@behaviour
def endless(visit, what):
    """A list, a text, a name, white space or nesting that goes on for ever."""
    job = json.dumps(JOB).encode()
    first, more = {
        "list": (b"[" + job, (b"," + job) * 200),
        "text": (b'[{"key": "', b"x" * 65536),
        "unknown-text": (b'[{"x": "', b"x" * 65536),
        "name": (b'[{"', b"x" * 65536),
        "spaces": (b"[", b" " * 65536),
        "number": (b'[{"status": 1', b"0" * 65536),
    }[what]
    pour(visit, first, more)


@behaviour
def endless_headers(visit):
    """A head without an end."""
    visit.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        visit.send(b"X-More: " + b"x" * 1000 + b"\r\n")


@behaviour
def bomb(visit):
    """A gzip stream that unfolds to a thousand times its size, for ever."""
    packer = zlib.compressobj(9, wbits=31)
    visit.head(200, [*CHUNKED, ("Content-Encoding", "gzip")])
    visit.chunk(packer.compress(b"[") + packer.flush(zlib.Z_SYNC_FLUSH))
    while True:
        visit.chunk(packer.compress(b" " * (4 << 20)) + packer.flush(zlib.Z_SYNC_FLUSH))
