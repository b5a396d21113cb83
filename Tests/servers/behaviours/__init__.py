"""The behaviours, a file per idea; importing this registers them all."""

from . import bodies, cuts, downloads, endless, fine, kills, lines, redirects, retries, statuses, tails

__all__ = [
    "bodies",
    "cuts",
    "downloads",
    "endless",
    "fine",
    "kills",
    "lines",
    "redirects",
    "retries",
    "statuses",
    "tails",
]
