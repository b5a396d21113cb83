"""Jobs and logs in pyarrow, polars, pandas and duckdb: each value against Python's own json."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from support import GUID, KEY, Answer, Server, as_json, entry, environment

if TYPE_CHECKING:
    from collections.abc import Callable

    import connectjobs as cj

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
TEXTS = [
    "plain",
    "",
    "nul\0nul",
    "line\nbreak\r\n",
    "𝄞 of four bytes",
    "\x1b[31mred\x1e the separator\x1e",
    "é" * 5000,
    "\u2028\u202e",
    'tab\t"quoted" \\',
]
STAMPS = [
    ("2024-12-06T19:09:29.948016766Z", 1_733_512_169_948_016_766),
    ("2024-11-25T22:26:14Z", 1_732_573_574_000_000_000),
    ("2006-01-02T15:04:05-07:00", 1_136_239_445_000_000_000),
    (None, None),
]
LINES = [
    {
        "source": ("stdout", "stderr", None)[n % 3],
        "timestamp": STAMPS[n % len(STAMPS)][0],
        "data": text,
    }
    for n, text in enumerate(TEXTS * 3)
]
LOGS = {
    "every kind of text": LINES,
    "no row": [],
    "one row": LINES[4:5],
    "one row that is empty": [entry("")],
    "only empty texts": [entry("")] * 70,
    "more than a piece": [entry(f"{n} {TEXTS[n % 9][:9]}") for n in range(9000)],
    "more than a piece of ASCII": [entry(f"line {n}") for n in range(9000)],
}


def _nanoseconds(stamp: str | None) -> int | None:
    """An independent reading of the times that are used here."""
    if stamp is None:
        return None
    for known, nanoseconds in STAMPS:
        if known == stamp:
            return nanoseconds
    whole, _, fraction = stamp.rstrip("Z").partition(".")
    seconds = datetime.fromisoformat(whole + "+00:00") - EPOCH
    return seconds // timedelta(seconds=1) * 10**9 + int(fraction.ljust(9, "0"))


def _expected(body: bytes) -> list[tuple[Any, ...]]:
    return [
        (GUID, "k1", line["source"], _nanoseconds(line["timestamp"]), line["data"])
        for line in json.loads(body)["entries"]
    ]


def _pyarrow(log: cj.Log) -> list[tuple[Any, ...]]:
    table = pa.table(log)
    table.validate(full=True)
    columns = [table.column(name) for name in log.columns]
    columns[3] = columns[3].cast(pa.int64())
    return list(zip(*(column.to_pylist() for column in columns)))


def _polars(log: cj.Log) -> list[tuple[Any, ...]]:
    frame = pl.DataFrame(log)
    rows: list[tuple[Any, ...]] = frame.with_columns(pl.col("timestamp").to_physical()).rows()
    return rows


def _sql(query: str, **tables: object) -> Any:
    """A query over what has a name in it; duckdb takes tables from its caller's variables."""
    connection = duckdb.connect()
    for name, table in tables.items():
        connection.register(name, table)
    return connection.sql(query)


def _duckdb(log: cj.Log) -> list[tuple[Any, ...]]:
    query = "select content_guid, job_key, source, epoch_ns(timestamp), data from log"
    rows: list[tuple[Any, ...]] = _sql(query, log=log).fetchall()
    return rows


def _pandas(log: cj.Log) -> list[tuple[Any, ...]]:
    return _frame_rows(log.to_pandas())


def _pandas_from_arrow(log: cj.Log) -> list[tuple[Any, ...]]:
    from_arrow: Any = getattr(pd.DataFrame, "from_arrow")  # noqa: B009  (its stubs lack it)
    return _frame_rows(from_arrow(log))


def _frame_rows(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    """The values as Python's own, times as nanoseconds."""
    columns = [
        [_plain(value) for value in frame[name].astype(object).tolist()] for name in frame.columns
    ]
    return list(zip(*columns))


def _plain(value: Any) -> Any:
    if value is None or value is pd.NaT or value is pd.NA or value != value:  # noqa: PLR0124  (NaN)
        return None
    return value.value if isinstance(value, pd.Timestamp) else value


def _objects(log: cj.Log) -> list[tuple[Any, ...]]:
    return [(e.content_guid, e.job_key, e.source, e.timestamp_ns, e.data) for e in log]


READERS = {
    "pyarrow": _pyarrow,
    "polars": _polars,
    "duckdb": _duckdb,
    "pandas": _pandas,
    "pandas.from_arrow": _pandas_from_arrow,
    "objects": _objects,
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("kind", LOGS)
def test_each_value_is_what_json_reads(
    server: Server, client: cj.Client, kind: str, reader: str
) -> None:
    if reader == "pandas.from_arrow" and not hasattr(pd.DataFrame, "from_arrow"):
        pytest.skip("this pandas is before 3.0")
    body = json.dumps({"entries": LOGS[kind]}, ensure_ascii=False).encode()
    server.job(as_json({"key": "k1"}))
    server.job(Answer(body), part="/log")
    log = client.job(GUID, "k1").log()
    if kind == "no row" and reader == "duckdb":
        assert _sql("select count(*) from log", log=log).fetchall() == [(0,)]
    assert READERS[reader](log) == _expected(body)


@pytest.fixture
def log(server: Server, client: cj.Client) -> cj.Log:
    server.job(as_json({"key": "k1"}))
    server.job(as_json({"entries": LINES}), part="/log")
    return client.job(GUID, "k1").log()


def test_the_shapes(log: cj.Log) -> None:
    word = pa.dictionary(pa.int32(), pa.large_utf8())
    wanted = pa.schema(
        [
            ("content_guid", word),
            ("job_key", word),
            ("source", word),
            ("timestamp", pa.timestamp("ns", "UTC")),
            ("data", pa.large_utf8()),
        ]
    )
    assert pa.schema(log).equals(wanted)
    assert pa.table(log).schema.equals(wanted)
    kinds = [str(kind) for kind in log.to_pandas().dtypes]
    assert kinds == ["category", "category", "category", "datetime64[ns, UTC]", "string"]
    assert pl.DataFrame(log).schema["timestamp"] == pl.Datetime("ns", "UTC")
    assert pl.DataFrame(log).schema["data"] == pl.String
    by_name: Any = duckdb.sql("select count(*) from log")
    assert by_name.fetchall() == [(len(LINES),)]
    kinds = [str(kind) for kind in _sql("select * from log", log=log).types]
    assert kinds[3] in {"TIMESTAMPTZ_NS", "TIMESTAMP WITH TIME ZONE"}  # as duckdb is new or old
    assert kinds[4] == "VARCHAR"


def test_pandas_without_pyarrow_makes_the_same(server: Server, log: cj.Log) -> None:
    code = f"""
import sys
class NoPyarrow:
    def find_spec(self, name, *_):
        if name.partition(".")[0] == "pyarrow":
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, NoPyarrow())
import connectjobs as cj
log = cj.Client(sys.argv[1], "{KEY}", proxy="").job("{GUID}", "k1").log()
for part in (log, log[1:], log.stderr, log[5:5]):
    frame = part.to_pandas()
    print(ascii([frame[name].astype(object).tolist() for name in frame]), *frame.dtypes)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, server.address],
        env=environment(),
        check=True,
        capture_output=True,
        text=True,
    )
    assert "pyarrow" in sys.modules  # here, but not there
    wanted = []
    for part in (log, log[1:], log.stderr, log[5:5]):
        frame = part.to_pandas()
        values = ascii([frame[name].astype(object).tolist() for name in frame])
        wanted.append(" ".join([values, *(str(kind) for kind in frame.dtypes)]))
    assert done.stdout.splitlines() == wanted


def test_a_schema_that_is_asked_for(log: cj.Log) -> None:
    plain = pa.schema(
        [
            ("content_guid", pa.string()),
            ("job_key", pa.string()),
            ("source", pa.string()),
            ("timestamp", pa.timestamp("us", "UTC")),
            ("data", pa.string()),
        ]
    )
    with pytest.raises(pa.ArrowInvalid, match="lose data"):
        pa.table(log, schema=plain)
    exact = plain.set(3, pa.field("timestamp", pa.timestamp("ns", "UTC")))
    table = pa.table(log, schema=exact)
    assert table.schema.equals(exact)
    assert table.column("data").to_pylist() == [line["data"] for line in LINES]
    for wrong in (pa.schema([("data", pa.string())]), pa.schema([])):
        for export in (log.__arrow_c_array__, log.__arrow_c_stream__):
            with pytest.raises(ValueError, match="the requested schema has"):
                export(wrong.__arrow_c_schema__())


def test_a_stream_outlives_everything(log: cj.Log) -> None:
    reader = pa.RecordBatchReader.from_stream(log)
    wanted = [line["data"] for line in LINES]
    del log
    table = reader.read_all()
    table.validate(full=True)
    assert table.column("data").to_pylist() == wanted


def test_a_tail_is_pulled_as_a_stream(server: Server, client: cj.Client) -> None:
    lines = [entry(f"line {n}", second=n // 10) for n in range(400)]
    server.job(as_json({"key": "k1", "status": 2}))
    server.followed(*lines)
    reader = pa.RecordBatchReader.from_stream(client.tail(GUID, "k1", max_batch_rows=64))
    batches = list(reader)
    assert len(batches) > 1
    texts = [text for batch in batches for text in batch.column("data").to_pylist()]
    assert texts == [line["data"] for line in lines]
    assert pa.schema(client.job(GUID, "k1").log()).equals(reader.schema)


def test_a_tail_is_given_away_once_and_whole(server: Server, client: cj.Client) -> None:
    import connectjobs as cj

    server.job(as_json({"key": "k1", "status": 2}))
    server.followed(*(entry(f"line {n}") for n in range(10)))
    tail = client.tail(GUID, "k1")
    next(tail)
    with pytest.raises(ValueError, match="half read"):
        tail.__arrow_c_stream__()
    with pytest.raises(ValueError, match="timeout"):
        client.tail(GUID, "k1", timeout=5).__arrow_c_stream__()
    tail = client.tail(GUID, "k1")
    reader = pa.RecordBatchReader.from_stream(tail)
    with pytest.raises(cj.ClosedError):
        next(tail)
    with pytest.raises(cj.ClosedError):
        tail.__arrow_c_stream__()
    assert reader.read_all().num_rows == 10
    assert tail.summary()[0].entries == 10
    tail.close()


def test_what_fails_in_a_stream_is_told_in_words(server: Server, client: cj.Client) -> None:
    reader = pa.RecordBatchReader.from_stream(client.tail(GUID, "none"))
    with pytest.raises(OSError, match="none"):
        reader.read_all()


JOBS: list[dict[str, Any]] = [
    {"key": f"k{n}", "status": (0, 1, 2, None)[n % 4], "exit_code": (None, 3, 0)[n % 3]}
    for n in range(100)
]


@pytest.mark.parametrize(
    "read",
    [
        lambda jobs: pa.table(jobs).select(["key", "status", "exit_code"]).to_pylist(),
        lambda jobs: pl.DataFrame(jobs).select("key", "status", "exit_code").to_dicts(),
        lambda jobs: [
            dict(zip(("key", "status", "exit_code"), row))
            for row in _sql("select key, status, exit_code from jobs", jobs=jobs).fetchall()
        ],
    ],
)
def test_jobs_and_some_of_them(
    server: Server, client: cj.Client, read: Callable[[cj.Jobs], list[dict[str, Any]]]
) -> None:
    server.jobs(as_json(JOBS))
    jobs = client.jobs(GUID)
    assert read(jobs) == JOBS
    assert read(jobs.active()) == [job for job in JOBS if job["status"] == 0]
    assert read(jobs[::-3]) == JOBS[::-3]
    assert read(jobs[10:20]) == JOBS[10:20]
    assert read(jobs[100:]) == []
