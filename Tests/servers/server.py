"""A server that misbehaves on demand: the content guid of a request chooses how.

    python3 server.py [--certificates FOLDER]

It listens on free ports of the loopback, prints them as `NAME=PORT` lines, the last of which is
`READY=1`, and ends when its standard input does. `GET /recorded/GUID` tells what was asked so far.
The behaviours are in the other files of this folder; registry.py says how a guid names one.
"""

import argparse
import contextlib
import itertools
import os
import socket
import ssl
import sys
import threading
from urllib.parse import unquote

import behaviours  # noqa: F401  (registers them)
from registry import record, recorded, respond
from visit import Visit

_numbers = itertools.count(1)
_ports: dict[str, int] = {}


def read_head(connection: socket.socket) -> bytes:
    """Reads one request's head; empty where the peer has left. The requests have no bodies."""
    head = b""
    while b"\r\n\r\n" not in head:
        more = connection.recv(65536)
        if not more:
            return b""
        head += more
    return head


def parse(head: bytes):
    """Splits a head into method, target and headers."""
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ", 2)
    return method, target, [tuple(line.split(": ", 1)) for line in lines if ": " in line]


def serve(connection: socket.socket, number: int):
    """Answers the requests of one connection until one of them ends it."""
    while head := read_head(connection):
        method, target, headers = parse(head)
        visit = Visit(method, target, headers, connection, number, _ports)
        if target.startswith("/recorded/"):
            visit.answer(200, recorded(unquote(target.removeprefix("/recorded/"))), "text/plain")
            return
        record(visit)
        respond(visit)
        if not visit.keeps_alive:
            return


def handle(connection: socket.socket, tls: ssl.SSLContext | None):
    """Serves one connection; a peer that goes away, or no TLS, is nothing to report."""
    with contextlib.suppress(OSError, ValueError):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(60)
        secured = tls.wrap_socket(connection, server_side=True) if tls else connection
        with secured:
            serve(secured, next(_numbers))
    connection.close()


def listen(name: str, tls: ssl.SSLContext | None = None):
    """Opens a port and serves it from a thread of its own."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    _ports[name] = listener.getsockname()[1]

    def accept():
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=handle, args=(connection, tls), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()


def context(folder: str, name: str) -> ssl.SSLContext:
    """What a TLS port shows: FOLDER/NAME.pem and FOLDER/NAME.key."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(os.path.join(folder, f"{name}.pem"), os.path.join(folder, f"{name}.key"))
    return made


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--certificates", help="the folder that certificates.sh has filled")
    options = parser.parse_args()
    listen("HTTP_PORT")
    listen("OTHER_PORT")
    if options.certificates:
        listen("TLS_PORT", context(options.certificates, "server"))
        listen("SELF_SIGNED_PORT", context(options.certificates, "self-signed"))
        listen("WRONG_NAME_PORT", context(options.certificates, "elsewhere"))
    for name, port in _ports.items():
        print(f"{name}={port}")
    print("READY=1", flush=True)
    sys.stdin.read()


main()
