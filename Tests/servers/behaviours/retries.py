"""Troubles that pass: what a client should try again, and what it needs for that."""

from registry import behaviour

from .fine import fine


@behaviour
def busy(visit, status, times, after=""):
    """The first so many requests get that status, perhaps with Retry-After; then all is good."""
    if visit.nth <= int(times):
        headers = [("Retry-After", after)] if after else []
        visit.json({"code": 0, "error": "Not now."}, status=int(status), headers=headers)
    else:
        fine(visit)


@behaviour
def lost(visit, times):
    """The first so many requests reach a node that does not know the session."""
    if visit.nth <= int(times):
        visit.json({"code": 141, "error": "Lost sticky session."}, status=404)
    else:
        fine(visit)


@behaviour
def sticky(visit):
    """Good only where the cookie that the first answer set comes back."""
    if "node=seven" in visit.header("Cookie"):
        fine(visit)
        return
    cookie = [("Set-Cookie", "node=seven; Path=/; HttpOnly")]
    visit.json({"code": 141, "error": "Lost sticky session."}, status=404, headers=cookie)
