"""Jobs as bars over time, with matplotlib."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.axes import Axes

    from connectjobs._job import Job

# Told apart also by those who see no difference between red and green.
_COLOURS = {
    "queued": "#c9ced6",
    "succeeded": "#2a78b8",
    "failed": "#d1495b",
    "active": "#e8a33d",
    "ended, exit code not known": "#8a8f98",
}
_HEIGHT = 0.8
_MOST_LABELS = 40


class Span(NamedTuple):
    """A bar: in which row, from when to when, and what it stands for."""

    row: int
    begin: datetime
    end: datetime
    outcome: str


def outcome(job: Job) -> str:
    """How a job stands, as the plot's legend says it."""
    if job.active:
        return "active"
    if job.exit_code is None:
        return "ended, exit code not known"
    return "failed" if job.failed else "succeeded"


def spans(jobs: Iterable[Job], now: datetime) -> list[Span]:
    """The bars of jobs, the first job in row 0; a job without any time has none."""
    found: list[Span] = []
    for row, job in enumerate(jobs):
        begin = job.start_time
        if job.queued_time is not None and (begin or now) > job.queued_time:
            found.append(Span(row, job.queued_time, begin or now, "queued"))
        if begin is not None:
            end = now if job.active else job.end_time or job.last_heartbeat_time or begin
            found.append(Span(row, begin, max(begin, end), outcome(job)))
    return found


def plot(jobs: Any, ax: Axes | None, **options: Any) -> Axes:
    """Draws the jobs into axes; see ``Jobs.plot``."""
    import matplotlib.pyplot as plt
    from matplotlib import dates

    untyped: Any = dates
    axes: Any = plt.gca() if ax is None else ax
    bars = spans(jobs, datetime.now(timezone.utc))
    for kind, colour in _COLOURS.items():
        some = [bar for bar in bars if bar.outcome == kind]
        if some:
            _draw(axes, some, **{"facecolor": colour, "label": kind, **options})
    locator = untyped.AutoDateLocator(tz=timezone.utc)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(untyped.ConciseDateFormatter(locator, tz=timezone.utc))
    axes.set_xlabel("time (UTC)")
    axes.set_ylabel("job")
    _label(axes, jobs)
    axes.set_axisbelow(True)
    axes.grid(visible=True, axis="x", alpha=0.3)
    if bars:
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.12), ncols=5, frameon=False)
    drawn: Axes = axes
    return drawn


def _draw(axes: Any, bars: list[Span], **options: Any) -> None:
    """All bars of one kind at once: ten thousand jobs are drawn in no time."""
    from matplotlib import dates
    from matplotlib.collections import PolyCollection

    collection: Any = PolyCollection
    untyped: Any = dates
    number = untyped.date2num
    begins = number([bar.begin for bar in bars])
    ends = number([bar.end for bar in bars])
    corners: list[Any] = []
    for bar, begin, end in zip(bars, begins, ends):
        low, high = bar.row - _HEIGHT / 2, bar.row + _HEIGHT / 2
        corners.append([(begin, low), (end, low), (end, high), (begin, high)])
    # An edge of the same colour: a job of a second is seen beside one of a day.
    edge = {"edgecolor": options["facecolor"], "linewidth": 0.8}
    axes.add_collection(collection(corners, **{**edge, **options}))
    axes.xaxis_date(timezone.utc)
    axes.autoscale_view()


def _label(axes: Any, jobs: Any) -> None:
    """The first job on top; keys and tags while there is room for them."""
    count = len(jobs)
    axes.set_ylim(count - 0.5, -0.5) if count else axes.set_ylim(0.5, -0.5)
    if count <= _MOST_LABELS:
        axes.set_yticks(range(count))
        axes.set_yticklabels([_name(job) for job in jobs])


def _name(job: Job) -> str:
    from .terminal import visible

    name = " ".join(part for part in (job.key, job.tag) if part) or "?"
    return visible(name).replace("$", r"\$")  # else matplotlib would read mathematics
