"""What the tests share: a server that answers what it is told, and scripts in processes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

TESTS = Path(__file__).resolve().parent
PACKAGE = TESTS.parent / "src"
REPOSITORY = TESTS.parents[2]
KEY = "s3cret-k3y-of-nobody"
GUID = "01234567-89ab-cdef-0123-456789abcdef"


@dataclass
class Answer:
    """What the server says to one request."""

    body: bytes = b""
    status: int = 200
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    chunks: Iterator[bytes] | None = None  # sent one by one, then the connection closes


def as_json(value: Any, status: int = 200) -> Answer:
    return Answer(json.dumps(value).encode(), status)


def connect_error(status: int, code: int, text: str) -> Answer:
    return as_json({"code": code, "error": text, "payload": None}, status)


class Server:
    """A server on loopback; ``routes`` maps "METHOD /path" to an answer or what makes one."""

    def __init__(self) -> None:
        self.routes: dict[str, Answer | Callable[[], Answer]] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.ending = threading.Event()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # head and body are written apart

            def do_GET(self) -> None:
                owner.answer(self)

            do_DELETE = do_GET

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, *_: object) -> None:
                """A client that left is what many tests are about."""

        self._http = Quiet(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._http.server_port}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        path = request.path.partition("?")[0].partition("/__api__")[2]
        self.requests.append((f"{request.command} {request.path}", dict(request.headers)))
        route = self.routes.get(f"{request.command} {path}")
        found = route() if callable(route) else route
        if found is None:
            found = connect_error(404, 4, f"no such object: {path}")
        request.send_response(found.status)
        request.send_header("Content-Type", found.kind)
        for name, value in found.headers.items():
            request.send_header(name, value)
        if found.chunks is None:
            request.send_header("Content-Length", str(len(found.body)))
            request.end_headers()
            request.wfile.write(found.body)
            return
        request.send_header("Connection", "close")
        request.end_headers()
        for chunk in found.chunks:
            request.wfile.write(chunk)
        request.close_connection = True

    def jobs(self, answer: Any, guid: str = GUID) -> None:
        self.routes[f"GET /v1/content/{guid}/jobs"] = answer

    def job(self, answer: Any, *, key: str = "k1", part: str = "", guid: str = GUID) -> None:
        self.routes[f"GET /v1/content/{guid}/jobs/{key}{part}"] = answer

    def never(self) -> Answer:
        """Begins nothing until the test ends."""
        self.ending.wait(60)
        return Answer(b"[]")

    def lines(self, *entries: dict[str, Any], then: str = "") -> Callable[[], Answer]:
        """A tail: entries as lines, then the end ("") or silence ("silence")."""

        def chunks() -> Iterator[bytes]:
            for entry in entries:
                yield json.dumps(entry).encode() + b"\n"
            if then == "silence":
                self.ending.wait(60)

        return lambda: Answer(chunks=chunks())

    def followed(self, *entries: dict[str, Any], key: str = "k1", then: str = "") -> None:
        """A job's tail, with the log and the file that go with it."""
        self.job(self.lines(*entries, then=then), key=key, part="/tail")
        self.job(as_json({"entries": entries}), key=key, part="/log")
        text = "".join(f"{each['data']}\n" for each in entries)
        self.job(Answer(text.encode(), kind="text/plain"), key=key, part="/download")

    def close(self) -> None:
        self.ending.set()
        self._http.shutdown()
        self._http.server_close()


def entry(data: str, source: str = "stdout", second: int = 0) -> dict[str, str]:
    stamp = f"2024-12-06T19:09:{second:02d}.948016766Z"
    return {"source": source, "timestamp": stamp, "data": data}


def environment(**more: str) -> dict[str, str]:
    """That of a script which finds the package and the library."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("CONNECT_")}
    return {**kept, "PYTHONPATH": f"{PACKAGE}{os.pathsep}{TESTS}", **more}


def script(
    code: str, *arguments: str, flags: Sequence[str] = ("-X", "dev"), **more: str
) -> subprocess.Popen[str]:
    """A Python process that runs the code."""
    return subprocess.Popen(
        [sys.executable, *flags, "-u", "-c", code, *arguments],
        env=environment(**more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str], seconds: float = 30) -> str:
    """What it printed, once it has ended well and said nothing to stderr."""
    with process:
        try:
            out, errors = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    assert (process.returncode, errors) == (0, ""), (process.returncode, out, errors)
    return out


def until(condition: Callable[[], object], seconds: float = 5) -> None:
    """Waits for something that happens elsewhere."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def c_compiler() -> str:
    found = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    assert found, "a C compiler is needed"
    return found


def compiled(folder: Path, code: str) -> str:
    """The path of a shared library made of some C."""
    source, library = folder / "other.c", folder / "libother.so"
    source.write_text(code)
    subprocess.run([c_compiler(), "-shared", "-fPIC", source, "-o", library], check=True)
    return str(library)
