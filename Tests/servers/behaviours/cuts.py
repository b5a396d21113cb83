"""Connections that end, stall or trickle where they should not."""

import json
import time

from registry import behaviour
from visit import CHUNKED

from .fine import fine, good


def cut_off(visit, where: str):
    """Ends the connection at that place of a good answer."""
    data = json.dumps(good(visit)).encode()
    half = data[: len(data) // 2]
    length = [("Content-Type", "application/json"), ("Content-Length", str(len(data)))]
    if where == "head":
        visit.send(b"HTTP/1.1 200 O")
    elif where == "length":
        visit.head(200, length)
        visit.send(half)
    elif where == "chunk":
        visit.head(200, CHUNKED)
        visit.chunk(half)
    elif where == "reset":
        visit.head(200, length)
        visit.send(half)
        time.sleep(0.05)  # so that the client has read it before the reset drops it
    if "reset" in where:
        visit.reset()
    else:
        visit.close()


@behaviour
def cut(visit, where, times="1000"):
    """The first so many requests are cut: before, reset-before, head, length, chunk, reset."""
    if visit.nth <= int(times):
        cut_off(visit, where)
    else:
        fine(visit)


@behaviour
def cut_refusal(visit):
    """A 404 of Connect whose page ends in the middle."""
    data = json.dumps({"code": 4, "error": "The requested object does not exist."}).encode()
    visit.head(404, [("Content-Type", "application/json"), ("Content-Length", "500")])
    visit.send(data)
    visit.close()


@behaviour
def silent_close(visit):
    """Good, but the connection is closed afterwards without a word of it."""
    fine(visit)
    visit.close()


@behaviour
def stall(visit, where="before"):
    """No answer, or half a one, then silence."""
    if where == "body":
        data = json.dumps(good(visit)).encode()
        visit.head(200, [("Content-Length", str(len(data)))])
        visit.send(data[:10])
    time.sleep(30)
    visit.close()


@behaviour
def trickle(visit):
    """A good answer, a byte at a time."""
    data = json.dumps(good(visit)).encode()
    visit.head(200, [("Content-Type", "application/json"), ("Content-Length", str(len(data)))])
    for at in range(len(data)):
        visit.send(data[at : at + 1])
        time.sleep(0.0003)


@behaviour
def drip(visit):
    """Half a good answer, a byte every 100 ms: never idle, never done."""
    visit.head(200, CHUNKED)
    visit.chunk(b"[")
    while True:
        visit.chunk(b" ")
        time.sleep(0.1)
