"""Makes the data of the benchmarks: lists of jobs, and logs with the variety of real ones.

usage: data.py FOLDER
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
from datetime import datetime, timezone
from typing import TextIO

JOBS = 10_000
JOBS_OF_ONE_ITEM = 10
ENTRIES = 1_000_000
FEW_ENTRIES = 10_000
FEW_LINES = (50, 5000)
DOWNLOAD_BYTES = 1_000_000_000

START = 1_732_573_574  # seconds since 1970

WORDS = tuple(
    (
        "loading model request handled user session started query finished in ms rows fetched from "
        "table cache miss hit warning error retry connection pool worker GET POST /api/v1/data 200 "
        "404 500 took 3.14159 seconds package attached object masked total of items"
    ).split(" ")
)
FOREIGN = tuple(
    "naïve café Größe señor 数据 処理 完了 данные ✔ ℹ → ── 🎉 π≈3.14 “quoted” …".split(" ")
)


def time(nanoseconds: int) -> str:
    """RFC 3339, as Go writes it: without the zeros at the fraction's end."""
    seconds, fraction = divmod(nanoseconds, 10**9)
    digits = f".{fraction:09d}".rstrip("0").rstrip(".")
    return f"{datetime.fromtimestamp(seconds, timezone.utc):%Y-%m-%dT%H:%M:%S}{digits}Z"


def line(chance: random.Random) -> str:
    """One line of a log: mostly a short sentence, at times a long one, none, or structured."""
    kind = chance.random()
    if kind < 0.06:
        return ""
    length = chance.randint(3, 9) if kind < 0.5 else chance.randint(7, 14)
    if kind > 0.985:
        length = chance.randint(50, 150)
    words = chance.choices(WORDS, k=length)
    if chance.random() < 0.12:
        for _ in range(chance.randint(1, 4)):
            words[chance.randrange(length)] = chance.choice(FOREIGN)
    text = " ".join(words)
    shape = chance.random()
    if shape < 0.05:
        return f'{{"level":"info","msg":"{text}","path":"C:\\temp"}}'
    if shape < 0.08:
        return f"\x1b[32m{text}\x1b[0m"
    if shape < 0.11:
        return f'\tFile "app.py", line {length}, in {words[0]}'
    return text


def write_entries(log: TextIO, tail: TextIO, few: TextIO) -> None:
    """The same entries as one document (`/log`) and one after another (`/tail`)."""
    chance = random.Random(7)
    now = START * 10**9
    log.write('{"entries":[')
    for place in range(ENTRIES):
        now += chance.randint(1_000, 400_000)
        source = "stderr" if chance.random() < 0.2 else "stdout"
        text = json.dumps(line(chance), ensure_ascii=False)
        entry = f'{{"source":"{source}","timestamp":"{time(now)}","data":{text}}}'
        log.write(("," if place else "") + entry)
        tail.write(entry + "\n")
        if place < FEW_ENTRIES:
            few.write(entry + "\n")
    log.write("]}")


def write_last_lines(folder: str, log: str, whole: str) -> None:
    """What `/log` gives where it is asked for few lines: the last ones."""
    with open(f"{folder}/{whole}", "rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - 4_000_000))
        lines = file.read().decode(errors="replace").splitlines()
    for count in FEW_LINES:
        with open(f"{folder}/{log}_{count}.json", "w", encoding="utf-8") as few:
            few.write('{"entries":[' + ",".join(lines[-count:]) + "]}")


def write_ten_days(folder: str) -> None:
    """Ten million entries: the same million on ten days, one after another."""
    with open(f"{folder}/tail_10m.json", "wb") as ten:
        for day in range(10):
            with open(f"{folder}/tail_1m.json", "rb") as tail:
                for line in tail:
                    ten.write(line.replace(b"2024-11-25T", b"2024-12-%02dT" % (day + 1), 1))


def write_document(folder: str, size: str) -> None:
    """A tail's entries as the one document of `/log`."""
    with (
        open(f"{folder}/tail_{size}.json", "rb") as tail,
        open(f"{folder}/log_{size}.json", "wb") as log,
    ):
        log.write(b'{"entries":[' + next(tail).rstrip())
        for line in tail:
            log.write(b"," + line.rstrip(b"\n"))
        log.write(b"]}")


def write_texts(folder: str, size: str) -> None:
    """What `/download` gives: the texts alone."""
    with (
        open(f"{folder}/tail_{size}.json", encoding="utf-8") as tail,
        open(f"{folder}/text_{size}", "w", encoding="utf-8") as texts,
    ):
        for line in tail:
            texts.write(json.loads(line)["data"] + "\n")


def guid(chance: random.Random) -> str:
    """A random one."""
    digits = f"{chance.getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def job(chance: random.Random, content: str, number: int) -> dict[str, object]:
    """A job as Connect describes it."""
    start = (START + number * 7) * 10**9 + chance.randrange(10**9)
    end = start + chance.randrange(10**10)
    return {
        "id": str(number),
        "ppid": str(chance.randrange(1000, 99999)),
        "pid": str(chance.randrange(1000, 99999)),
        "key": "".join(
            chance.choices("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP0123456789", k=16)
        ),
        "remote_id": None,
        "app_id": "31",
        "variant_id": str(chance.randrange(50)),
        "bundle_id": str(chance.randrange(900)),
        "app_guid": content,
        "start_time": time(start),
        "end_time": time(end) if number % 50 else None,
        "last_heartbeat_time": time(end),
        "queued_time": time(start - 10**9) if number % 3 else None,
        "queue_name": "default" if number % 3 else None,
        "tag": chance.choice(("run_app", "render_shiny", "build_report", "packrat_restore")),
        "exit_code": chance.choice((0, 0, 0, 1, 137)) if number % 50 else None,
        "status": 2 if number % 50 else 0,
        "hostname": f"connect-{number % 4}",
        "cluster": "Kubernetes" if number % 2 else None,
        "image": "ghcr.io/example/content:ubuntu22" if number % 2 else None,
        "run_as": "rstudio-connect",
    }


def write_json(path: str, value: object) -> None:
    """As Go writes it: no spaces."""
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, separators=(",", ":"))


def write_lists(folder: str) -> None:
    """Lists of jobs, one job, and the little else that posit-sdk asks for."""
    chance = random.Random(11)
    content = guid(chance)
    many = [job(chance, content, number) for number in range(JOBS)]
    write_json(f"{folder}/jobs.json", many)
    write_json(f"{folder}/jobs_of_one.json", many[1 : JOBS_OF_ONE_ITEM + 1])
    write_json(f"{folder}/server_settings.json", {"version": "2025.01.0"})


def write_all(folder: str) -> None:
    """Everything."""
    os.makedirs(folder)
    write_lists(folder)
    with (
        open(f"{folder}/log_1m.json", "w", encoding="utf-8") as log,
        open(f"{folder}/tail_1m.json", "w", encoding="utf-8") as tail,
        open(f"{folder}/tail_10k.json", "w", encoding="utf-8") as few,
    ):
        write_entries(log, tail, few)
    write_ten_days(folder)
    for size in ("10k", "10m"):
        write_document(folder, size)
    for size in ("10k", "1m", "10m"):
        write_last_lines(folder, f"log_{size}", f"tail_{size}.json")
        write_texts(folder, size)
    with open(f"{folder}/download", "wb") as download:
        block = os.urandom(1_000_000)
        download.writelines(block for _ in range(DOWNLOAD_BYTES // len(block)))


if __name__ == "__main__":
    # Under another name until it is whole.
    making = sys.argv[1] + ".part"
    shutil.rmtree(making, ignore_errors=True)
    write_all(making)
    os.rename(making, sys.argv[1])
