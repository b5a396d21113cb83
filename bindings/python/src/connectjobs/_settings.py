"""What a client is made with, as the library's struct."""

from __future__ import annotations

from ctypes import POINTER, c_char_p, cast
from typing import Any

from . import _abi, _arguments
from ._callbacks import LOG, USER_DATA


def client_options(**settings: Any) -> _abi.ClientOptions:
    """The library's struct; names its members as Client's arguments are named."""
    ca_file = settings["ca_file"]
    headers = _arguments.texts(_arguments.header_lines(settings["headers"]))
    options = _abi.sized(
        _abi.ClientOptions,
        headers=cast(headers, POINTER(c_char_p)),
        ca_file=None if ca_file is None else _arguments.path(ca_file),
        insecure=_arguments.switch("insecure", settings["insecure"]),
        max_retries=_retries(settings["max_retries"]),
        log=LOG,
        log_data=USER_DATA,
    )
    for name in ("server", "api_key", "auth_header", "proxy", "user_agent"):
        setattr(options, name, _arguments.optional_text(name, settings[name]))
    for name in ("connect_timeout", "request_timeout", "idle_timeout"):
        setattr(options, f"{name}_ms", _arguments.milliseconds(name, settings[name]))
    for name in ("max_response_bytes", "max_entry_bytes"):
        setattr(options, name, _arguments.limit(name, settings[name]))
    return options


def _retries(most: int | None) -> int:
    """To the library 0 is the default, and less is none."""
    if most is None:
        return 0
    return min(_arguments.whole("max_retries", most, 0), 2**31 - 1) or -1
