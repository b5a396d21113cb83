"""Times as Python has them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def time_of(nanoseconds: int | None) -> datetime | None:
    """A time in UTC, from nanoseconds since 1970; its last three digits do not fit a datetime."""
    if nanoseconds is None:
        return None
    return EPOCH + timedelta(microseconds=nanoseconds // 1000)
