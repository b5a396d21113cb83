"""Answers that are no success: every status, with and without Connect's body."""

from registry import behaviour

HTML = "<html><head><title>Bad gateway</title></head><body><h1>nginx</h1></body></html>"


@behaviour
def error(visit, status, code="1"):
    """Connect's own error body."""
    words = f"Connect's words for {status}."
    visit.json({"code": int(code), "error": words, "payload": None}, status=int(status))


@behaviour
def bare(visit, status):
    """A status and nothing more."""
    visit.answer(int(status))


@behaviour
def html(visit, status):
    """A reverse proxy's page."""
    visit.answer(int(status), HTML, "text/html; charset=utf-8")


@behaviour
def plain(visit, status):
    """What a server without the endpoint says."""
    visit.answer(int(status), "404 page not found", "text/plain")


@behaviour
def odd_error(visit, status, kind):
    """Error bodies of other shapes than the documented."""
    bodies = {
        "no-code": '{"error": "Only words."}',
        "no-words": '{"code": 4}',
        "text-code": '{"code": "4", "error": "As text."}',
        "list": "[1, 2]",
        "null": '{"code": null, "error": null, "payload": null}',
        "cut": '{"code": 4, "error": "Cut off',
        "control": '{"code": 4, "error": "line\\u0000one\\r\\n\\u001b[31mtwo"}',
        "long": '{"code": 4, "error": "' + "word " * 20000 + '"}',
        "deep": "[" * 100000,
        "wrong-utf8": b'{"code": 4, "error": "\xff\xfe"}',
    }
    visit.answer(int(status), bodies[kind])


@behaviour
def echo(visit, status, padding="0"):
    """An error body that holds the request's Authorization header, after so much padding."""
    text = "x" * int(padding) + visit.header("Authorization")
    visit.json({"code": 1, "error": text}, status=int(status))


@behaviour
def wait_please(visit, seconds):
    """429 for ever, with Retry-After."""
    headers = [("Retry-After", seconds)]
    visit.json({"code": 0, "error": "Slow down."}, status=429, headers=headers)


@behaviour
def endless_error(visit):
    """An error page without an end."""
    visit.head(500, [("Content-Type", "text/html"), ("Connection", "close")])
    while True:
        visit.send(b"<p>no</p>" * 10000)
