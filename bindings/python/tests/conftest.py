from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from support import KEY, REPOSITORY, Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    import connectjobs as cj

_BUILT = REPOSITORY / ".build" / "release" / "libconnectjobs.so"
if _BUILT.exists():
    os.environ.setdefault("CONNECTJOBS_LIBRARY", str(_BUILT))
for _name in [name for name in os.environ if name.startswith("CONNECT_")]:
    del os.environ[_name]


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.close()


@pytest.fixture
def client(server: Server) -> Iterator[cj.Client]:
    import connectjobs as cj

    with cj.Client(server.address, KEY, proxy="", max_retries=0) as opened:
        yield opened


@pytest.fixture(scope="module")
def sandboxed() -> Iterator[cj.Client]:
    """A client of a sandbox with the default content, shared by a module's tests."""
    import connectjobs as cj

    with cj.sandbox() as opened:
        yield opened
