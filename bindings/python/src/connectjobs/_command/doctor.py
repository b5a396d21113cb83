"""Checking what stands between this machine and a server, and saying what to change."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from connectjobs._client import Client
from connectjobs._errors import (
    ConfigurationError,
    ConnectJobsError,
    ForbiddenError,
    LibraryError,
    NetworkError,
    NotFoundError,
    ProtocolError,
    TimedOutError,
    TLSError,
    UnauthenticatedError,
    UnsupportedError,
)
from connectjobs._library import VERSION, library, library_path
from connectjobs._show.terminal import visible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Callable

# Names of nothing: what matters is how the server says so.
_NO_NAME = "connectjobs-doctor"
_NO_GUID = "00000000-0000-0000-0000-000000000000"
_LONGEST = 30.0  # seconds for each question


class Finding(NamedTuple):
    """What one check came to."""

    check: str
    well: bool
    told: str
    remedy: str = ""


# The check that a failure of the first question belongs to, and what to do about it.
_FAILURES: tuple[tuple[type[ConnectJobsError], str, str], ...] = (
    (
        TLSError,
        "TLS",
        (
            "Have the server's certificate authority in a PEM file, and set CONNECT_CA_CERTIFICATE "
            "to it (--ca-file). CONNECT_INSECURE=1 verifies nothing, and is for trying out only."
        ),
    ),
    (
        UnauthenticatedError,
        "key",
        (
            "Make a new key in Connect (your name, then API Keys) and set CONNECT_API_KEY to it. "
            "If a proxy on the way takes the Authorization header, see Client(auth_header=...)."
        ),
    ),
    (ForbiddenError, "key", "Ask an administrator whether your account is locked."),
    (
        UnsupportedError,
        "address",
        (
            "Open the address in a browser: it should show Connect's dashboard. If Connect is "
            "under a path, that belongs to CONNECT_SERVER: https://host/connect."
        ),
    ),
    (
        ProtocolError,
        "address",
        (
            "What answers there is not Connect's API: a login page of a proxy, or another server. "
            "Compare CONNECT_SERVER with the address in a browser."
        ),
    ),
    (
        NetworkError,
        "connection",
        (
            "Compare CONNECT_SERVER with the address in a browser; then look at VPN, firewall and "
            "proxy (https_proxy, no_proxy)."
        ),
    ),
    (
        TimedOutError,
        "connection",
        (
            "A firewall or a proxy may swallow it: try curl with the same address, and look at "
            "https_proxy and no_proxy."
        ),
    ),
)


def examine(settings: dict[str, Any]) -> int:
    """Prints what each check came to; 1 where one of them found something to change."""
    well = True
    for finding in findings(settings):
        print(f"{'ok     ' if finding.well else 'problem'}  {finding.check:<11} {finding.told}")
        if not finding.well:
            well = False
            print(f"         {'':<11} -> {finding.remedy}")
        sys.stdout.flush()
    print("Everything is as it should be." if well else "Something is to be changed; see above.")
    return 0 if well else 1


def findings(settings: dict[str, Any]) -> Iterator[Finding]:
    """The checks, one after another; one that fails ends those that rest on it."""
    try:
        number = library().cjobs_version().decode()
    except LibraryError as error:
        yield Finding("library", False, _line(error), "Install the wheel, or set the variable.")
        return
    yield Finding("library", True, f"{number}, from {library_path()}; package {VERSION}")
    try:
        client = Client(**settings)
    except ConfigurationError as error:
        yield Finding("settings", False, _line(error), "Set what it names, and try again.")
        return
    with client:
        yield from _with_server(client, settings)


def _with_server(client: Client, settings: dict[str, Any]) -> Iterator[Finding]:
    yield _address(client.server)
    yield _proxy(client.server, settings["proxy"])
    try:
        client.content(_NO_NAME, timeout=_LONGEST)
    except ConnectJobsError as error:
        yield _failure(error)
        return
    yield from _tls(client.server, settings)
    yield Finding("key", True, "the server knows it")
    yield _jobs(client)


def _failure(error: ConnectJobsError) -> Finding:
    for kind, check, remedy in _FAILURES:
        if isinstance(error, kind):
            return Finding(check, False, _line(error), remedy)
    return Finding("server", False, _line(error), "Try again; if it stays, ask an administrator.")


def _address(server: str) -> Finding:
    host = server.partition("://")[2].partition("/")[0]
    local = host.rpartition(":")[0] in {"127.0.0.1", "localhost", "[::1]"} or host == "localhost"
    if server.startswith("https://") or local:
        return Finding("address", True, visible(server))
    told = f"{visible(server)}: without TLS anybody on the way can read the key"
    return Finding("address", False, told, "Set CONNECT_SERVER to https://, if the server has it.")


def _proxy(server: str, given: str | None) -> Finding:
    """What libcurl does by the same variables; a proxy's password is not shown."""
    from urllib import request

    # By the variables alone, as libcurl does it; typeshed lacks this one.
    is_bypassed: Callable[[str], object] = getattr(request, "proxy_bypass_environment")  # noqa: B009
    scheme, _, rest = server.partition("://")
    proxies = request.getproxies_environment()
    found = given if given is not None else proxies.get(scheme) or proxies.get("all")
    if not found:
        return Finding("proxy", True, "none")
    if given is None and is_bypassed(rest.partition("/")[0]):
        return Finding("proxy", True, "none for this server, by no_proxy")
    return Finding("proxy", True, visible(found.rpartition("@")[2]))


def _tls(server: str, settings: dict[str, Any]) -> Iterator[Finding]:
    if not server.startswith("https://"):
        return
    asked = settings["insecure"]
    variable = os.environ.get("CONNECT_INSECURE", "").lower() not in {"", "0", "false", "no"}
    if asked or (asked is None and variable):
        told = "the certificate is not verified"
        yield Finding("TLS", False, told, "Unset CONNECT_INSECURE, and set CONNECT_CA_CERTIFICATE.")
        return
    yield Finding("TLS", True, "the certificate is trusted")


def _jobs(client: Client) -> Finding:
    """The server's version may be hidden; whether it has the Jobs API cannot be."""
    told = "the server has the v1 Jobs API (2022.10.0 or newer)"
    try:
        client.jobs(_NO_GUID, timeout=_LONGEST)
    except (NotFoundError, ForbiddenError):
        return Finding("version", True, told)
    except UnsupportedError as error:
        remedy = "Ask an administrator for Connect 2022.10.0 or newer."
        return Finding("version", False, _line(error), remedy)
    except ConnectJobsError as error:
        return _failure(error)
    return Finding("version", True, told)


def _line(error: ConnectJobsError) -> str:
    return visible(error.message)
