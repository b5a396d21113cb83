"""nginx, serving the data on a free port of loopback."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator


def free_port() -> int:
    """One that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def configuration(template: str, run: str, data: str, port: int) -> str:
    """Fills in the places and the port, and writes the file into the folder of the run."""
    with open(template, encoding="utf-8") as file:
        text = file.read()
    for name, value in {"RUN": run, "DATA": data, "PORT": str(port)}.items():
        text = text.replace(f"@{name}@", value)
    if os.geteuid() == 0:
        text = "user root;\n" + text
    path = f"{run}/nginx.conf"
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def is_ready(address: str) -> bool:
    """Whether it answers."""
    try:
        with urllib.request.urlopen(f"{address}/ready", timeout=1) as answer:
            return bool(answer.status == 204)
    except (urllib.error.URLError, OSError):
        return False


@contextlib.contextmanager
def serving(template: str, run: str, data: str) -> Iterator[str]:
    """The address of a server that lives as long as the block."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    path = configuration(template, run, data, port)
    server = subprocess.Popen(["nginx", "-e", f"{run}/error.log", "-p", run, "-c", path])
    try:
        for _ in range(100):
            if is_ready(address):
                break
            time.sleep(0.05)
        else:
            raise RuntimeError(f"nginx does not answer; see {run}/error.log")
        yield address
    finally:
        server.terminate()
        server.wait()
