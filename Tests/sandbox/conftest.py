"""What the sandbox's tests need: a sandbox in a process of its own, and a way to ask it things.

Nothing here but the standard library and pytest. The program is CONNECT_SANDBOX, or the one that
`swift build -c release --product connect-sandbox` made.
"""

import contextlib
import http.client
import json
import os
import pathlib
import signal
import subprocess
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("CONNECT_SANDBOX") or str(ROOT / ".build/release/connect-sandbox")
KEY = "a-key"


class Answer:
    def __init__(self, response, body):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = body

    def json(self):
        return json.loads(self.body)


class Sandbox:
    """A running sandbox, with a folder of content items as {name: manifest}."""

    def __init__(self, folder, contents, *options):
        if not os.access(PROGRAM, os.X_OK):
            pytest.exit(f"{PROGRAM} is not there: swift build -c release --product connect-sandbox")
        for name, manifest in contents.items():
            (folder / name).mkdir(parents=True, exist_ok=True)
            (folder / name / "content.json").write_text(json.dumps(manifest))
        self.process = subprocess.Popen(
            [PROGRAM, "--port", "0", "--api-key", KEY, "--content", str(folder), *options],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.line = self.process.stdout.readline()
        assert self.line.startswith("connect-sandbox: listening on http://127.0.0.1:"), self.line
        self.server = self.line.split()[-1]
        self.port = int(self.server.rsplit(":", 1)[1])
        self.prefix = "/__api__"

    def open(self, path, method="GET", body=None, key=KEY, headers=None):
        """The connection and its response, whose body has not been read yet."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = dict(headers or {})
        if key is not None:
            headers["Authorization"] = f"Key {key}"
        connection.request(method, self.prefix + path, body=body, headers=headers)
        return connection, connection.getresponse()

    def ask(self, path, method="GET", **more):
        connection, response = self.open(path, method, **more)
        with contextlib.closing(connection):
            return Answer(response, response.read())

    def guid(self, name):
        return self.ask(f"/v1/content?name={name}").json()[0]["guid"]

    def jobs(self, name):
        return self.ask(f"/v1/content/{self.guid(name)}/jobs").json()

    def render(self, name):
        """Starts a job and returns the path of its resource."""
        known = {job["key"] for job in self.jobs(name)}
        answer = self.ask(f"/v1/content/{self.guid(name)}/render", "POST")
        assert answer.status == 200, answer.body
        (key,) = {job["key"] for job in self.jobs(name)} - known
        return f"/v1/content/{self.guid(name)}/jobs/{key}"

    def wait(self, job, status=2, limit=30):
        """The job once it has this status or a later one."""
        return eventually(
            lambda: (row := self.ask(job).json())["status"] >= status and row, limit
        )

    def run(self, name):
        job = self.render(name)
        self.wait(job)
        return job

    def log(self, job, query=""):
        return self.ask(f"{job}/log{query}").json()["entries"]

    def memory(self):
        """Resident kilobytes."""
        return int(self._status("VmRSS").split()[0])

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().split()
        return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def stop(self, with_signal=signal.SIGINT):
        """Returns the seconds that it took."""
        began = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(with_signal)
        self.process.wait(10)
        self.process.stdout.close()
        return time.monotonic() - began

    def _status(self, name):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(name + ":"):
                return line.split(":", 1)[1].strip()
        raise KeyError(name)


def eventually(condition, limit=10):
    end = time.monotonic() + limit
    while not (value := condition()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
    return value


def is_alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def shell(script, **more):
    return {"command": ["sh", "-c", script], "app_mode": "quarto-static", "tag": "run_app", **more}


def python(script, **more):
    return {**shell("", **more), "command": ["python3", "-u", "-c", script]}


@pytest.fixture
def sandbox(tmp_path):
    """Makes sandboxes that are stopped when the test ends."""
    made = []

    def make(contents, *options):
        made.append(Sandbox(tmp_path / f"content{len(made)}", contents, *options))
        return made[-1]

    yield make
    for each in made:
        each.stop()
