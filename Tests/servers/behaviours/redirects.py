"""Redirects to where the key may go, and to where it may not."""

from registry import behaviour


@behaviour
def redirect(visit, status, where, *_):
    """To the guid `fine` with the same mark, at another address."""
    mark = visit.guid.partition("~")[2]
    path = visit.target.replace(visit.guid, f"fine~{mark}")
    scheme = "https" if visit.connection.__class__.__name__ == "SSLSocket" else "http"
    own = visit.header("Host")
    locations = {
        "same": f"{scheme}://{own}{path}",
        "relative": path,
        "loop": visit.target,
        "port": f"http://127.0.0.1:{visit.ports['OTHER_PORT']}{path}",
        "host": f"http://localhost:{visit.ports['HTTP_PORT']}{path}",
        "plain": f"http://127.0.0.1:{visit.ports['HTTP_PORT']}{path}",
        "file": "file:///etc/hostname",
        "user": f"http://{own}@127.0.0.1:{visit.ports['OTHER_PORT']}{path}",
        "slashes": f"//127.0.0.1:{visit.ports['OTHER_PORT']}{path}",
        "words": "http://[not an address",
        "empty": "",
    }
    visit.answer(int(status), headers=[("Location", locations[where])])


@behaviour
def redirect_to_key(visit):
    """To another host, with the key in the address."""
    key = visit.header("Authorization").removeprefix("Key ")
    visit.answer(302, headers=[("Location", f"http://127.0.0.1:9/{'x' * 170}?key={key}")])


@behaviour
def no_location(visit, status):
    """A redirect that does not say where to."""
    visit.answer(int(status))
