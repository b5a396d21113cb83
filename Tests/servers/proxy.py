"""A forwarding proxy that remembers the heads that it was sent.

It prints `PROXY_PORT=N`, then `READY=1`, and ends when its standard input does. `GET /heads`, sent
to itself, tells them.
"""

import contextlib
import socket
import sys
import threading
from urllib.parse import urlsplit

_heads: list[str] = []


def pump(source: socket.socket, target: socket.socket):
    """Passes bytes on until the source ends."""
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


def serve(client: socket.socket):
    """Serves one request, or one tunnel."""
    head = b""
    while b"\r\n\r\n" not in head:
        more = client.recv(65536)
        if not more:
            return
        head += more
    text = head.decode("latin-1")
    method, target, _ = text.split("\r\n")[0].split(" ")
    if target == "/heads":
        body = "\n".join(_heads).encode()
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        return
    _heads.append(text)
    if method == "CONNECT":
        host, _, port = target.rpartition(":")
        server = socket.create_connection((host, int(port)))
        client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
    else:
        address = urlsplit(target)
        server = socket.create_connection((address.hostname, address.port or 80))
        path = target.split(address.netloc, 1)[1]
        server.sendall(head.replace(target.encode(), path.encode(), 1))
    with server:
        back = threading.Thread(target=pump, args=(server, client), daemon=True)
        back.start()
        pump(client, server)
        back.join()


def handle(client: socket.socket):
    with client, contextlib.suppress(OSError, ValueError):
        serve(client)


def main():
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    print(f"PROXY_PORT={listener.getsockname()[1]}\nREADY=1", flush=True)

    def accept():
        while True:
            client, _ = listener.accept()
            threading.Thread(target=handle, args=(client,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    sys.stdin.read()


main()
