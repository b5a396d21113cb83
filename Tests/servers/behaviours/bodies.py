"""Bodies of successful answers that are not what the API says, or only just."""

import gzip
import json

from registry import behaviour

from .fine import entry, good

BODIES = {
    "empty": b"",
    "spaces": b"  \n ",
    "truncated": b'[{"key": "k1", "status"',
    "half-text": b'[{"key": "k1", "tag": "run_',
    "trailing": b"[] and more",
    "two": b"[] []",
    "object": b"{}",
    "text": b'"a text"',
    "numbers": b"[1, 2]",
    "lists": b"[[{}]]",
    "null": b"null",
    "null-item": b"[null]",
    "status-text": b'[{"key": "k", "status": "active"}]',
    "status-object": b'[{"key": "k", "status": {"a": 0}}]',
    "status-fraction": b'[{"key": "k", "status": 0.5}]',
    "status-large": b'[{"key": "k", "status": 4294967296}]',
    "status-true": b'[{"key": "k", "status": true}]',
    "key-list": b'[{"key": ["k"]}]',
    "key-true": b'[{"key": true}]',
    "time-number": b'[{"key": "k", "start_time": 1732573574}]',
    "time-words": b'[{"key": "k", "start_time": "yesterday"}]',
    "deep": b"[" * 100000,
    "deep-objects": b'{"a":' * 100000,
    "deep-unknown": b'[{"key": "k", "x": ' + b"[" * 100000 + b"]" * 100000 + b"}]",
    "latin-1": b'[{"key": "caf\xe9"}]',
    "overlong": b'[{"key": "\xc0\xaf"}]',
    "surrogate": b'[{"key": "\xed\xa0\x80"}]',
    "half-escape": b'[{"key": "\\ud83d"}]',
    "raw-control": b'[{"key": "a\x01b"}]',
    "raw-nul": b'[{"key": "a\x00b"}]',
    "wrong-utf8-unknown": b'[{"key": "k", "x": "\xff"}]',
    "comment": b"[/* none */]",
    "comma": b'[{"key": "k"},]',
    "not-a-number": b'[{"key": "k", "status": NaN}]',
    "mark": b"\xef\xbb\xbf[]",
    "duplicate": b'[{"key": "old", "status": 0, "tag": "a"'
    b', "status": 2, "key": "new", "tag": null}]',
    "escaped-key": b'[{"k\\u0065y": "k", "st\\u0061tus": 2}]',
    "whole-fraction": b'[{"key": "k", "status": 2.0, "exit_code": 1e2}]',
    "long-name": b'[{"' + b"n" * 100000 + b'": 1, "key": "k"}]',
    "entries-null": b'{"entries": null}',
    "entries-object": b'{"entries": {}}',
    "entries-missing": b'{"lines": []}',
    "entries-unknown": b'{"x": [{"data": "no"}], "entries": [{"data": "yes"}]'
    b', "y": {"entries": 1}}',
    "html": b"<!doctype html><html><body>Log in</body></html>",
}


@behaviour
def body(visit, name, kind="json"):
    """One of the bodies above."""
    visit.answer(200, BODIES[name], "text/html" if kind == "html" else "application/json")


@behaviour
def no_content(visit):
    """204 where a body is due."""
    visit.answer(204)


@behaviour
def compressed(visit):
    """A good answer, gzipped where the client takes that."""
    data = json.dumps(good(visit)).encode()
    if "gzip" in visit.header("Accept-Encoding"):
        visit.answer(200, gzip.compress(data), headers=[("Content-Encoding", "gzip")])
    else:
        visit.answer(200, data)


@behaviour
def wrong_encoding(visit):
    """Says gzip, and is not."""
    visit.answer(200, json.dumps(good(visit)), headers=[("Content-Encoding", "gzip")])


@behaviour
def cut_gzip(visit):
    """The first half of a gzip stream."""
    data = gzip.compress(json.dumps([entry(n) for n in range(5000)]).encode())
    visit.answer(200, data[: len(data) // 2], headers=[("Content-Encoding", "gzip")])


@behaviour
def not_http(visit):
    """Something else than HTTP."""
    visit.send(b"220 mail.example.com ESMTP\r\n")
    visit.close()


@behaviour
def entry_of(visit, megabytes):
    """A log with a small entry, one of so many megabytes, and another small one."""
    big = b"x" * (int(megabytes) << 20)
    parts = [b'{"entries": [', json.dumps(entry(0)).encode(), b', {"data": "', big]
    parts += [b'"}, ', json.dumps(entry(2)).encode(), b"]}"]
    visit.answer(200, b"".join(parts))


@behaviour
def unknown_of(visit, megabytes):
    """A job with an unknown field of so many megabytes."""
    visit.answer(200, b'[{"key": "k", "x": "' + b"x" * (int(megabytes) << 20) + b'"}]')
