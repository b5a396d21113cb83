"""A server that gives canned answers, for what no real Connect can be made to say.

The content GUID chooses the answer. Says where it listens like the sandbox does.
"""

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

API = "/__api__/v1/content"

JOBS = [
    {
        "id": "1", "ppid": None, "pid": "77", "key": "first", "app_id": "9",
        "content_guid": "odd", "start_time": "2024-12-06T19:09:29.948016766Z",
        "end_time": "2006-01-02T15:04:05-07:00", "queued_time": "0001-01-01T00:00:00Z",
        "tag": "run_app", "exit_code": None, "status": 0, "hostname": "h\U0001F600st",
        "surprise": {"nested": [1, 2, 3]},
    },
    {"key": "second", "status": 2, "exit_code": -9, "tag": "a\0b", "hostname": "h\U0001F600st"},
    {"key": "third"},
]

LINES = ["plain", "nul \0 here", "\U0001F600 four bytes", "\x1b[31mred\x1b[0m\ttab", ""]

LARGE = 5000
BUSY = "b0000000-0000-4000-8000-00000000000b"

TIME = "2024-12-06T19:09:29.%09dZ"

# The first and the last that nanoseconds can tell, leap days, and the ends of days and years.
TIMES = [
    "1677-09-21T00:12:44Z", "1900-02-28T23:59:59.5Z", "1900-03-01T00:00:00Z",
    "1969-12-31T23:59:59.999999999Z", "1970-01-01T00:00:00Z", "2000-02-29T12:34:56.000000001Z",
    "2023-12-31T23:59:59.999Z", "2024-02-29T01:00:00+05:30", "2100-03-01T00:00:00Z",
    "2262-04-11T23:47:16.854775807Z",
]

# guid: status, body, content type
FAILURES = {
    "e400": (400, {"code": 3, "error": "That is no id."}),
    "e401": (401, {"code": 30, "error": "The key is not valid."}),
    "e402": (402, {"code": 0, "error": "The licence has expired."}),
    "e403": (403, {"code": 22, "error": "You have no permission."}),
    "e404": (404, {"code": 4, "error": "The object does not exist. \u00e4\U0001F600"}),
    "e404-endpoint": (404, {"code": 2, "error": "No such endpoint."}),
    "escape": (400, {"code": 3, "error": "an \x1b]0;title\x07 and\r\nmore"}),
    "e409": (409, {"code": 163, "error": "The job is not active."}),
    "e429": (429, {"code": 0, "error": "Slow down."}),
    "e500": (500, {"code": 1, "error": "Internal."}),
    "e502": (502, "<html><body>Bad gateway</body></html>"),
}


def large_line(number):
    """One of many lines; the tests' large_lines() gives the same."""
    kinds = ["line %d", "", "caf\u00e9 \U0001F600 %d", "nul \0 %d", None, "same"]
    kind = kinds[number % len(kinds)]
    return kind % number if kind and "%d" in kind else kind


def entry(number, line):
    source = "stderr" if number % 2 else "stdout"
    return {"source": source, "timestamp": TIME % number, "data": line}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", kind="application/json", length=None):
        if not isinstance(body, bytes):
            body = json.dumps(body).encode() if not isinstance(body, str) else body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def stream(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True

    def do_GET(self):
        path, _, query = self.path.partition("?")
        if path == API:
            return self.answer(200, [{"guid": "odd", "name": "caf\u00e9"}])
        parts = path[len(API) + 1 :].split("/")
        guid, operation = parts[0], parts[3] if len(parts) > 3 else "job"
        if guid in FAILURES:
            return self.fail(guid)
        if len(parts) == 2:
            operation = "jobs"
        return getattr(self, "get_" + operation)(guid, query)

    def do_DELETE(self):
        guid, key = self.path[len(API) + 1 :].split("/")[0::2]
        if key == "idle":
            return self.fail("e409")
        order = {"guid": "order", "app_id": 9, "app_guid": guid, "job_id": 3000000000}
        return self.answer(200, {**order, "job_key": key, "result": "Order to kill job registered"})

    def fail(self, guid):
        status, body = FAILURES[guid]
        kind = "text/html" if isinstance(body, str) else "application/json"
        self.answer(status, body, kind)

    def get_jobs(self, guid, _):
        if guid == "silent":
            time.sleep(60)
        if guid == "truncated":
            return self.answer(200, b'[{"key": "a"')
        if guid == BUSY:
            return self.answer(200, [{"key": key, "status": 0} for key in ("a", "me", "b")])
        self.answer(200, [] if guid == "none" else JOBS)

    def get_job(self, _guid, _query):
        key = self.path.partition("?")[0].rsplit("/", 1)[1]
        self.answer(200, JOBS[0] if key == "first" else {"key": key, "status": 2})

    def get_log(self, guid, query):
        if guid == "query":
            return self.answer(200, {"entries": [entry(1, query)]})
        if guid == "headers":
            lines = [f"{name}: {value}" for name, value in self.headers.items()]
            return self.answer(200, {"entries": [entry(0, line) for line in lines]})
        if guid == "times":
            entries = [{**entry(0, "x"), "timestamp": time} for time in TIMES]
            return self.answer(200, {"entries": entries})
        if guid == "large":
            entries = [entry(i, large_line(i)) for i in range(LARGE)]
            return self.answer(200, {"entries": entries})
        self.answer(200, {"entries": [entry(i, line) for i, line in enumerate(LINES)]})

    def get_error(self, guid, _):
        if guid == "none":
            self.send_response(204)
            self.end_headers()
        else:
            self.answer(200, {"code": "x", "summary": "It \0 broke", "help_url": None})

    def get_download(self, guid, _):
        if guid == "silent":
            self.stream()
            self.wfile.write(b"a beginning\n")
            self.wfile.flush()
            return time.sleep(60)
        if guid == "cut":
            self.close_connection = True
            return self.answer(200, b"half", "text/plain", length=1000)
        self.answer(200, b"whole\n", "text/plain")

    def get_tail(self, guid, _):
        self.stream()
        for i, line in enumerate(LINES):
            self.wfile.write(json.dumps(entry(i, line)).encode() + b"\n")
            self.wfile.flush()
        if guid == "silent":
            time.sleep(60)


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
server.handle_error = lambda *_: None  # clients that stop reading are what we are for
print("connect-sandbox: listening on http://127.0.0.1:%d" % server.server_port)
sys.stdout.flush()
server.serve_forever()
