"""One request as a behaviour sees it, and the means to answer it in right and wrong ways."""

import contextlib
import json
import socket
import struct
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass
class Visit:
    """A request that was read, the connection that it came on, and who came before."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    connection: socket.socket
    connection_number: int
    ports: dict[str, int]
    nth: int = 1
    keeps_alive: bool = True
    prefix: str = ""
    guid: str = ""
    key: str = ""
    operation: str = ""
    arguments: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self):
        parts = urlsplit(self.target)
        self.arguments = parse_qs(parts.query)
        self.prefix, known, path = parts.path.partition("/__api__/v1/content")
        if not known:  # no address of the API, such as those of older servers
            path = "/plain.404/jobs"
        words = [unquote(word) for word in path.split("/")[1:]]
        self.guid, _, self.key, self.operation = [*words, "", "", "", ""][:4]
        if not words:
            self.operation = "content"
            self.guid = self.arguments.get("name", ["fine"])[0]
        elif len(words) == 2:
            self.operation = "jobs"
        elif not self.operation:
            self.operation = "job" if self.method == "GET" else "kill"

    def header(self, name: str) -> str:
        """The value of a header, or nothing."""
        return next((value for known, value in self.headers if known.lower() == name.lower()), "")

    # Right answers

    def answer(self, status=200, body=b"", kind="application/json", headers=(), reason="Said"):
        """Sends a whole answer with its length."""
        body = body.encode() if isinstance(body, str) else body
        length = [] if status == 204 else [("Content-Length", str(len(body)))]
        self.head(status, [("Content-Type", kind), *length, *headers], reason)
        self.send(body)

    def json(self, value, status=200, headers=()):
        """Sends a whole answer of JSON."""
        self.answer(status, json.dumps(value), headers=headers)

    # Parts, for answers that go wrong

    def head(self, status=200, headers=(), reason="Said"):
        """Sends a status line and headers."""
        lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers)]
        self.send(("\r\n".join(lines) + "\r\n\r\n").encode())

    def send(self, data: bytes):
        """Sends bytes as they are."""
        self.connection.sendall(data)

    def chunk(self, data: bytes):
        """Sends one chunk of a body that began with `Transfer-Encoding: chunked`."""
        if data:  # an empty one would end the body
            self.send(b"%x\r\n%s\r\n" % (len(data), data))

    def close(self):
        """Ends the connection in good order (FIN), whatever was announced."""
        self.keeps_alive = False

    def reset(self):
        """Ends the connection with a reset (RST): the peer loses what it has not read."""
        self.keeps_alive = False
        with contextlib.suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


CHUNKED = [("Content-Type", "application/json"), ("Transfer-Encoding", "chunked")]
