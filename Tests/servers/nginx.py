"""nginx with static files: answers that the authors of this library did not make.

    python3 nginx.py FOLDER

It fills FOLDER with a small API of files, prints `NGINX_PORT=N` and `READY=1`, and ends nginx when
its standard input ends.
"""

import json
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

from behaviours.fine import CONTENT, ERROR, JOB, entry

CONFIGURATION = """
daemon off;
master_process off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log {folder}/access.log;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  types {{ application/json json; }}
  default_type application/json;
  gzip on;
  gzip_types application/json;
  gzip_min_length 100;
  keepalive_timeout 2s;
  server {{
    listen 127.0.0.1:{port};
    root {folder}/files;
    if ($http_authorization = "") {{ return 401 '{{"code": 24, "error": "Log in."}}'; }}
    location / {{ try_files $uri $uri/index.json =404; }}
  }}
}}
"""


def write_files(root: Path):
    """Writes the answers, each at the path that the API gives it."""
    content = root / "__api__/v1/content"
    job = content / "static/jobs/k1"
    job.mkdir(parents=True)
    answers = {
        content / "index.json": [CONTENT],
        content / "static/jobs/index.json": [{**JOB, "key": f"k{n}"} for n in range(2000)],
        job / "index.json": {**JOB, "status": 2, "exit_code": 0},
        job / "log": {"entries": [entry(n) for n in range(5000)]},
        job / "error": ERROR,
        job / "tail": entry(0),
    }
    for path, value in answers.items():
        path.write_text(json.dumps(value))
    (job / "download").write_text("".join(f"line {n}\n" for n in range(100000)))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def start(folder: Path):
    """Starts nginx on a free port; another process may take it first, so it tries again."""
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    for _ in range(5):
        port = free_port()
        file = folder / "nginx.conf"
        # Quotes, because the folder may have a space in its name.
        text = CONFIGURATION.format(folder="@", port=port)
        lines = [
            line.replace("@", f'"{folder}', 1).replace(";", '";', 1) if "@" in line else line
            for line in text.splitlines()
        ]
        file.write_text("\n".join(lines))
        process = subprocess.Popen(
            [program, "-p", str(folder), "-c", str(file)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(100):
            if process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                return process, port
            except OSError:
                time.sleep(0.05)
    sys.exit("nginx does not start; see error.log")


def main():
    folder = Path(sys.argv[1]).absolute()
    write_files(folder / "files")
    process, port = start(folder)
    print(f"NGINX_PORT={port}\nREADY=1", flush=True)
    try:
        sys.stdin.read()
    finally:
        process.terminate()
        process.wait()


main()
