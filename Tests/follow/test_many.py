"""Many jobs followed by one thread: nothing is lost, and each costs little.

FOLLOWS=1000 follows as many as the goal says; the suite follows fewer.
"""

from __future__ import annotations

import fcntl
import json
import os
import pathlib
import resource
import socket
import subprocess
import time

import pytest

from real_server import KEY, ROOT, Sandbox

FOLLOWS = int(os.environ.get("FOLLOWS", "200"))
SILENCE = "10"
WRITER = """
import os
os.execvp("sh", ["sh", "-c", "seq 1 20; flock -s ../lock seq 21 40"])
"""
TLS_PROXY = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_rlimit_nofile 8192;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {folder}/server.pem;
    ssl_certificate_key {folder}/server.key;
    location / {{
      proxy_pass http://127.0.0.1:{target};
      proxy_http_version 1.1;
      proxy_buffering off;
      proxy_read_timeout 600s;
    }}
  }}
}}
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The C program that follows."""
    library = pathlib.Path(os.environ["CONNECTJOBS_LIBRARY"])
    made = tmp_path_factory.mktemp("program") / "follow_many"
    (made.parent / "libconnectjobs.so").symlink_to(library)
    subprocess.run(
        ["gcc", "-O1", "-Wall", "-Werror", "-D_GNU_SOURCE", f"-I{ROOT}/include",
         f"{ROOT}/Tests/follow/follow_many.c", "-o", str(made), f"-L{made.parent}",
         "-lconnectjobs", f"-Wl,-rpath,{made.parent}"],
        check=True)
    return str(made)


@pytest.fixture
def sandbox(tmp_path: pathlib.Path):
    """A sandbox with as many jobs as are followed, all of which wait for the lock."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    running = Sandbox(tmp_path, writer=WRITER)
    yield running
    running.close()


@pytest.fixture
def tls(tmp_path: pathlib.Path, sandbox: Sandbox):
    """The address of an nginx before the sandbox that speaks TLS."""
    folder = tmp_path / "nginx"
    folder.mkdir()
    subprocess.run([ROOT / "Tests/servers/certificates.sh", folder], check=True,
                   stderr=subprocess.DEVNULL)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    text = TLS_PROXY.format(folder=folder, port=port, target=sandbox.port)
    (folder / "nginx.conf").write_text(("user root;\n" if os.geteuid() == 0 else "") + text)
    server = subprocess.Popen(
        ["nginx", "-e", folder / "error.log", "-p", folder, "-c", folder / "nginx.conf"])
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield f"https://127.0.0.1:{port}", str(folder / "ca.pem")
    server.terminate()
    server.wait()


def follow(program: str, sandbox: Sandbox, address: str, authority: str) -> dict[str, float]:
    """What the program says of as many jobs as are wanted, which wait for a lock of ours."""
    with open(sandbox.folder / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for _ in range(FOLLOWS):
            sandbox.start_job(is_wanted=False)
        while len(jobs := sandbox.client.jobs(sandbox.guid)) < FOLLOWS:
            time.sleep(0.1)
        child = subprocess.Popen(
            [program, address, KEY, sandbox.guid, authority, SILENCE],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert child.stdin is not None and child.stdout is not None
        child.stdin.write("\n".join(str(job.key) for job in jobs))
        child.stdin.close()
        assert child.stdout.readline() == "measured\n"
        fcntl.flock(lock, fcntl.LOCK_UN)
        said = child.stdout.read()
    assert child.wait(60) == 0
    print(said)
    return dict(json.loads(said))


def check(found: dict[str, float]) -> None:
    assert found["jobs"] == FOLLOWS
    assert found["whole"] == FOLLOWS, found
    assert found["ended"] == 1, found
    assert found["flagged"] == 0, found


def test_nothing_is_lost_and_each_follow_is_small(program: str, sandbox: Sandbox) -> None:
    found = follow(program, sandbox, sandbox.address, "")
    check(found)
    assert found["bytes_each"] <= 64 * 1024, found


def test_the_same_over_tls(program: str, sandbox: Sandbox, tls: tuple[str, str]) -> None:
    check(follow(program, sandbox, *tls))
