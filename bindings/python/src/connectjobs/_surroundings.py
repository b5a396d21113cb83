"""What this program finds around it: the job that it runs in, and posit-sdk's clients."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from typing import Protocol

    class PositClient(Protocol):
        """A ``posit.connect.Client``, as far as it matters here."""

        @property
        def cfg(self) -> Any:
            """Its address and key."""


class Place(NamedTuple):
    """A job, by its content item and its key."""

    guid: str
    key: str


def current_place() -> Place | None:
    """The job that this program runs in, as Connect tells its jobs."""
    guid = os.environ.get("CONNECT_CONTENT_GUID")
    key = os.environ.get("CONNECT_CONTENT_JOB_KEY")
    return Place(guid, key) if guid and key else None


def posit_settings(client: object) -> dict[str, Any]:
    """What ``Client`` must be given to be the same as a posit-sdk client."""
    config = getattr(client, "cfg", None)
    url, key = getattr(config, "url", None), getattr(config, "api_key", None)
    if not isinstance(url, str) or not isinstance(key, str):
        raise TypeError(
            "from_posit() wants a posit.connect.Client, not "
            f"{'None' if client is None else type(client).__qualname__}"
        )
    settings: dict[str, Any] = {"server": str(url), "api_key": key}
    verify = getattr(getattr(client, "session", None), "verify", True)
    if verify is False:
        settings["insecure"] = True
    elif isinstance(verify, (str, os.PathLike)):
        settings["ca_file"] = verify
    return settings
