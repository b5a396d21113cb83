"""What users pass, checked and made ready for C: no wrong type ever reaches ctypes."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterable, Mapping
from ctypes import c_char_p
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, SupportsIndex, cast

from ._times import EPOCH

if TYPE_CHECKING:
    from ctypes import Array
    from typing import Any, Protocol, Union
    from uuid import UUID

    from ._content import ContentItem
    from ._job import Job

    class HasGuid(Protocol):
        """A content item of this package or another."""

        @property
        def guid(self) -> str | None:
            """The content item's identifier."""

    class HasKey(Protocol):
        """A job of this package or another."""

        @property
        def key(self) -> str | None:
            """The job's key."""

    Guid = Union[str, UUID, HasGuid, ContentItem, Mapping[str, Any]]
    Key = Union[str, HasKey, Job, Mapping[str, Any]]
    Keys = Union[Key, Iterable[Key]]
    Path = Union[str, bytes, os.PathLike[str], os.PathLike[bytes]]
    Seconds = Union[int, float]

# "Without end" for a wait whose length has to be said: ten years.
_VERY_LONG_MS = 10 * 366 * 86_400_000
_GUID_SHAPE = [8, 4, 4, 4, 12]


def text(name: str, value: object) -> bytes:
    """A string for C, which ends strings at the first NUL."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a string, not {_kind(value)}")
    if "\0" in value:
        raise ValueError(f"{name} may not have a NUL character in it")
    try:
        return value.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{name} has half of a surrogate pair in it, which is no text") from None


def optional_text(name: str, value: object) -> bytes | None:
    """The same, or nothing."""
    return None if value is None else text(name, value)


def guid(value: object) -> str:
    """The identifier of a content item, whatever it came in."""
    found = _member(value, "guid")
    if _is_uuid(found):
        return str(found)
    if not isinstance(found, str):
        raise TypeError(
            "a content item is given by its guid (a string or uuid.UUID), its dashboard URL, "
            f"or an object that has a guid, not by {_kind(value)}"
        )
    return _guid_in_address(found) if "://" in found else found


def _guid_in_address(address: str) -> str:
    for marker in ("/apps/", "/content/"):
        rest = address.partition(marker)[2]
        found = rest.replace("?", "/").replace("#", "/").partition("/")[0]
        if is_guid(found):
            return found.lower()
    raise ValueError(
        "there is no guid in this address; a dashboard URL looks like "
        "https://host/connect/#/apps/01234567-89ab-cdef-0123-456789abcdef/access"
    )


def is_guid(text: str) -> bool:
    """Whether a text has the shape of one."""
    parts = text.split("-")
    return [len(part) for part in parts] == _GUID_SHAPE and all(map(_is_hexadecimal, parts))


def _is_hexadecimal(part: str) -> bool:
    return not part.strip("0123456789abcdefABCDEF")


def _is_uuid(value: object) -> bool:
    """Whoever has a UUID has imported uuid; nobody else should wait for that."""
    uuid = sys.modules.get("uuid")
    return uuid is not None and isinstance(value, uuid.UUID)


def guid_text(value: object) -> bytes:
    """The same, for C."""
    return text("a guid", guid(value))


def key_text(value: object) -> bytes:
    """A job's key for C, whatever it came in."""
    found = _member(value, "key")
    if not isinstance(found, str):
        raise TypeError(f"a job is given by its key, a string, or as a Job, not by {_kind(value)}")
    return text("a job's key", found)


def key_texts(value: object) -> list[bytes]:
    """One key or several; a string is one."""
    if isinstance(value, str) or _member(value, "key") is not value:
        return [key_text(value)]
    if isinstance(value, (bytes, bytearray, Mapping)) or not isinstance(value, Iterable):
        raise TypeError(
            f"keys must be a job's key or several of them, not {_kind(value)}; "
            "kill_active() ends all jobs that are active"
        )
    return [key_text(each) for each in cast("Iterable[object]", value)]


def texts(values: list[bytes]) -> Array[c_char_p]:
    """A C array of strings, its end marked by NULL."""
    return (c_char_p * (len(values) + 1))(*values, None)


def header_lines(headers: object) -> list[bytes]:
    """``{"Name": "value"}`` as lines."""
    if headers is None:
        return []
    if not isinstance(headers, Mapping):
        raise TypeError(f"headers must be a mapping of names to values, not {_kind(headers)}")
    return [
        text("a header's name", name) + b": " + text(f"the header {name}", value)
        for name, value in cast("Mapping[object, object]", headers).items()
    ]


def path(value: object) -> bytes:
    """A file's path for C."""
    if not isinstance(value, (str, bytes, os.PathLike)):
        raise TypeError(f"path must be a file's path or a binary file, not {_kind(value)}")
    encoded = os.fsencode(cast("Path", value))
    if b"\0" in encoded:
        raise ValueError("path may not have a NUL character in it")
    return encoded


def milliseconds(name: str, seconds: object, *, default: int = 0, never: int = -1) -> int:
    """Seconds as a positive number of milliseconds; ``never`` for infinity."""
    if seconds is None:
        return default
    value = _real(name, seconds, "a number of seconds")
    if not value > 0:
        raise ValueError(f"{name} must be more than 0 seconds; math.inf means none")
    return never if math.isinf(value) else max(1, min(round(value * 1000), 2**53))


def waiting_milliseconds(name: str, seconds: object) -> int:
    """The same where 0 means to look once, and None to wait for ever."""
    if seconds == 0 and not isinstance(seconds, bool):
        return 0
    return milliseconds(name, seconds, default=-1)


def confirming_milliseconds(wait: bool, timeout: object) -> int:
    """How long to wait until a job has ended; 0 is not at all, and without end is very long."""
    longest = milliseconds("timeout", timeout, default=_VERY_LONG_MS, never=_VERY_LONG_MS)
    return longest if wait else 0


def nanoseconds(name: str, value: object) -> int:
    """A time as nanoseconds since 1970 UTC, which it may be already."""
    if not isinstance(value, datetime):
        return whole(name, value, -(2**63))
    if value.tzinfo is None:
        raise ValueError(f"{name} needs a time zone, such as datetime.timezone.utc")
    return (value - EPOCH) // timedelta(microseconds=1) * 1000


def _real(name: str, value: object, wanted: str) -> float:
    if isinstance(value, (bool, str, bytes)) or not hasattr(value, "__float__"):
        raise TypeError(f"{name} must be {wanted}, not {_kind(value)}")
    return float(cast("float", value))


def whole(name: str, value: object, least: int) -> int:
    """A whole number that C's ``int64_t`` holds."""
    if isinstance(value, bool) or not isinstance(value, SupportsIndex):
        raise TypeError(f"{name} must be a whole number, not {_kind(value)}")
    number = value.__index__()
    if not least <= number < 2**63:
        raise ValueError(f"{name} must be {least} or more, not {number}")
    return number


def limit(name: str, value: object) -> int:
    """A number of bytes: None is the default, and math.inf no limit."""
    if value is None:
        return 0
    return -1 if value == math.inf else whole(name, value, 1)


def switch(name: str, value: object) -> int:
    """None is 0, the default; True is 1; False is -1."""
    if value is None:
        return 0
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be True, False or None, not {_kind(value)}")
    return 1 if value else -1


def _member(value: object, name: str) -> object:
    """What a mapping or an object has under that name; otherwise the value itself."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return cast("Mapping[str, object]", value).get(name, value)
    return getattr(value, name, value)


def _kind(value: object) -> str:
    return "None" if value is None else f"{type(value).__qualname__}"
