"""The columns of every kind of table, against what the header says of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyarrow as pa

from support import GUID, REPOSITORY, Server, as_json, entry

if TYPE_CHECKING:
    import connectjobs as cj

HEADER = (REPOSITORY / "include" / "connectjobs.h").read_text()
TYPES = {
    "TEXT": pa.large_utf8(),
    "DICTIONARY": pa.dictionary(pa.int32(), pa.large_utf8()),
    "INT32": pa.int32(),
    "INT64": pa.int64(),
    "BOOL": pa.bool_(),
    "TIMESTAMP": pa.timestamp("ns", "UTC"),
}


def _documented(function: str) -> pa.Schema:
    """The schema that the comment before a function tells of: "a, b (TEXT), c (INT32; ...)"."""
    comment = HEADER[: HEADER.index(f"\ncjobs_status {function}(")].rpartition("/*")[2]
    columns = " ".join(comment.replace("\n *", " ").split()).partition("Columns: ")[2]
    fields = []
    for names, kind in re.findall(r"(\w+(?:, \w+)*) \(([A-Z0-9]+)\b", columns):
        fields += [pa.field(name, TYPES[kind]) for name in names.split(", ") if kind in TYPES]
    return pa.schema(fields)


JOBS = _documented("cjobs_jobs_list")


def _has(table: object, *schemas: pa.Schema) -> None:
    wanted = [field for schema in schemas for field in schema]
    assert wanted
    assert list(pa.record_batch(table).schema) == wanted
    assert all(field.nullable for field in pa.record_batch(table).schema)


def test_jobs(server: Server, client: cj.Client) -> None:
    server.jobs(as_json([{"key": "k1", "status": 2}]))
    _has(client.jobs(GUID), JOBS)
    assert len(JOBS) == 22
    many = _documented("cjobs_jobs_list_many")
    assert many.names == ["requested_guid", "error_status", "error_code", "error"]
    _has(client.jobs_many([GUID, "no-such-item"]), JOBS, many)
    _has(client.jobs_many([]), JOBS, many)


def test_a_log_and_a_tail(server: Server, client: cj.Client) -> None:
    server.followed(entry("a line"))
    server.job(as_json({"entries": [entry("a line")]}), part="/log")
    server.job(as_json({"key": "k1", "status": 2}))
    log = _documented("cjobs_job_log")
    assert log.names == ["content_guid", "job_key", "source", "timestamp", "data"]
    job = client.job(GUID, "k1")
    _has(job.log(), log)
    with job.tail() as tail:
        for batch in tail.batches():
            _has(batch, log)
        _has(tail.summary(), _documented("cjobs_tail_summary"))
    with job.tail() as tail:
        assert pa.RecordBatchReader.from_stream(tail).schema == log


def test_content(server: Server, client: cj.Client) -> None:
    server.routes["GET /v1/content"] = as_json([{"guid": GUID, "name": "a"}])
    _has(client.content(), _documented("cjobs_content_list"))


def test_kill_orders(client: cj.Client) -> None:
    _has(client.kill(GUID, ["k1"]), _documented("cjobs_job_kill"))
    _has(client.kill(GUID, []), _documented("cjobs_job_kill"))
