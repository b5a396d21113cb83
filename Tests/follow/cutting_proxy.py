"""A proxy on loopback that cuts connections by the number of bytes, as a seed has it.

It shares no code with the client: it passes bytes on, and after so many from the server it closes the
connection, politely or with a reset, or says nothing more for a while and closes then.
"""

from __future__ import annotations

import random
import socket
import struct
import threading
import time


class CuttingProxy:
    """Listens on a free port; `cuts` counts what it has cut."""

    def __init__(self, target: tuple[str, int], seed: int, most: int) -> None:
        self._target = target
        self._random = random.Random(seed)
        self._most = most
        self._lock = threading.Lock()
        self.cuts = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _plan(self) -> tuple[int, str]:
        """After how many bytes of the server's a connection is cut, and how."""
        with self._lock:
            if self.cuts >= self._most or self._random.random() < 0.3:
                return -1, ""
            self.cuts += 1
            size = int(10 ** self._random.uniform(0, 5))
            return size, self._random.choice(["close", "reset", "stall"])

    def _serve(self, client: socket.socket) -> None:
        left, manner = self._plan()
        with client, socket.create_connection(self._target) as server:
            up = threading.Thread(target=self._copy_up, args=(client, server), daemon=True)
            up.start()
            try:
                self._copy_down(client, server, left)
            except OSError:
                pass
            if manner:
                self._cut(client, manner)
            # A socket that another thread reads from is not closed before that thread lets go.
            for each in (client, server):
                try:
                    each.shutdown(socket.SHUT_RD if manner == "reset" else socket.SHUT_RDWR)
                except OSError:
                    pass
            up.join(5)

    @staticmethod
    def _copy_down(client: socket.socket, server: socket.socket, left: int) -> None:
        while data := server.recv(65536):
            client.sendall(data[:left] if left >= 0 else data)
            if 0 <= left <= len(data):
                return
            if left >= 0:
                left -= len(data)

    @staticmethod
    def _copy_up(client: socket.socket, server: socket.socket) -> None:
        try:
            while data := client.recv(65536):
                server.sendall(data)
            server.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    @staticmethod
    def _cut(client: socket.socket, manner: str) -> None:
        if manner == "stall":
            time.sleep(0.3)
        if manner == "reset":
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
