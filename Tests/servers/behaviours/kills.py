"""Kill orders that arrive, fail, or may have arrived."""

from registry import behaviour

from .fine import ORDER, fine, good


@behaviour
def kill(visit):
    """A fate for each key: ended, unknown, broken, cut; other orders are registered."""
    if visit.operation != "kill":
        fine(visit)
    elif visit.key.startswith("ended"):
        visit.json({"code": 163, "error": "The job is not active."}, status=409)
    elif visit.key.startswith("unknown"):
        visit.json({"code": 4, "error": "No such job."}, status=404)
    elif visit.key.startswith("broken"):
        visit.json({"code": 1, "error": "Internal."}, status=500)
    elif visit.key.startswith("cut"):
        visit.close()
    elif visit.key.startswith("reset"):
        visit.reset()
    elif visit.key.startswith("busy"):
        visit.json({"code": 0, "error": "Not available."}, status=503)
    else:
        visit.json({**ORDER, "job_key": visit.key})


@behaviour
def kill_kept(visit):
    """Reads are answered on a kept connection; a kill order is read, and its connection cut."""
    if visit.operation == "kill":
        visit.close()
    else:
        fine(visit)


@behaviour
def kill_silent(visit):
    """Reads are answered and the connection closed in silence; a kill order is good."""
    fine(visit)
    if visit.operation != "kill":
        visit.close()


@behaviour
def kill_slowly(visit, looks):
    """The order is registered, and the job is active for so many more looks."""
    if visit.operation == "kill":
        visit.json({**ORDER, "job_key": visit.key})
    elif visit.operation == "jobs":
        visit.json([{**good(visit)[0], "key": key, "status": s} for key, s in JOBS.items()])
    else:
        visit.json({**good(visit), "status": 0 if visit.nth <= 1 + int(looks) else 2})


JOBS = {"a1": 0, "done": 1, "a2": 0, "old": 2}
