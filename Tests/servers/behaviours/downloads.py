"""Downloads: names that lead astray, cuts, and bodies of a known size."""

from registry import behaviour
from visit import CHUNKED


@behaviour
def download(visit, kilobytes="64"):
    """So many kilobytes of lines, under the name that was asked for."""
    name = visit.arguments.get("filename", ["job.log"])[0]
    headers = [("Content-Disposition", f'attachment; filename="{name}"')]
    visit.answer(200, b"0123456789abcde\n" * 64 * int(kilobytes), "text/plain", headers)


@behaviour
def download_astray(visit):
    """Names a file outside the folder."""
    headers = [("Content-Disposition", 'attachment; filename="../../x"')]
    visit.answer(200, b"harmless\n", "text/plain", headers)


@behaviour
def download_cut(visit, where):
    """Ends in the middle."""
    data = b"half of it\n" * 20000
    if where == "chunk":
        visit.head(200, CHUNKED)
        visit.chunk(data)
    else:
        visit.head(200, [("Content-Length", str(2 * len(data)))])
        visit.send(data)
    visit.close()


@behaviour
def download_endless(visit):
    """Goes on until the client hangs up."""
    visit.head(200, CHUNKED)
    while True:
        visit.chunk(b"0123456789abcde\n" * 4096)


@behaviour
def download_empty(visit):
    """A log without a line."""
    visit.answer(200, b"", "text/plain")
