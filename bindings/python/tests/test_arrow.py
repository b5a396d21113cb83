"""Tables in the hands of pandas, pyarrow and polars, and Arrow capsules that nobody takes."""

from __future__ import annotations

import gc
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from support import GUID, Server, as_json, entry, environment

if TYPE_CHECKING:
    import connectjobs as cj

JOBS: list[dict[str, Any]] = [
    {"key": "k0", "status": 0, "tag": "run_app", "start_time": "2024-12-06T19:09:29.948016766Z"},
    {"key": "k1", "status": 2, "tag": None, "exit_code": 3},
    {"key": "k2 𝄞", "status": None, "tag": "run_app", "end_time": "2200-01-01T00:00:00Z"},
    {"key": "k3", "status": 0, "tag": "testing", "exit_code": 0},
]
KEYS = [job["key"] for job in JOBS]
FIRST_NS = 1_733_512_169_948_016_766


@pytest.fixture
def jobs(server: Server, client: cj.Client) -> cj.Jobs:
    server.jobs(as_json(JOBS))
    return client.jobs(GUID)


@pytest.fixture
def log(server: Server, client: cj.Client) -> cj.Log:
    server.job(as_json({"key": "k1"}))
    server.job(as_json({"entries": [entry(f"é {n}") for n in range(100)]}), part="/log")
    return client.job(GUID, "k1").log()


def test_to_pandas(jobs: cj.Jobs) -> None:
    frame = jobs.to_pandas()
    assert list(frame.columns) == jobs.columns
    assert frame["key"].tolist() == KEYS
    assert str(frame["start_time"].dtype) == "datetime64[ns, UTC]"
    assert frame["start_time"][0].value == FIRST_NS
    assert frame["start_time"].isna().tolist() == [False, True, True, True]
    assert str(frame["exit_code"].dtype) == str(frame["status"].dtype) == "Int64"
    assert frame["exit_code"].isna().tolist() == [True, False, True, False]
    assert frame["exit_code"][1] == 3
    assert str(frame["tag"].dtype) == "category"
    assert set(frame["tag"].cat.categories) == {"run_app", "testing"}
    assert frame["tag"].isna().tolist() == [False, True, False, False]
    assert str(frame["key"].dtype) == "string"
    assert frame[frame["status"] == 0]["key"].tolist() == ["k0", "k3"]


def test_to_pandas_of_some_rows(jobs: cj.Jobs) -> None:
    frame = jobs.active().to_pandas()
    assert frame["key"].tolist() == ["k0", "k3"]
    assert frame["tag"].tolist() == ["run_app", "testing"]
    assert frame.index.tolist() == [0, 1]
    assert jobs[::-1].to_pandas()["key"].tolist() == KEYS[::-1]
    assert jobs[1:3].to_pandas()["exit_code"].tolist() == [3, pd.NA]


def test_types_do_not_depend_on_the_data(server: Server, client: cj.Client, jobs: cj.Jobs) -> None:
    server.jobs(as_json([]))
    empty = client.jobs(GUID)
    wanted = {name: str(kind) for name, kind in jobs.to_pandas().dtypes.items()}
    assert {name: str(kind) for name, kind in empty.to_pandas().dtypes.items()} == wanted
    assert pa.record_batch(empty).schema == pa.record_batch(jobs).schema


def test_to_pandas_needs_no_pyarrow(server: Server) -> None:
    server.jobs(as_json(JOBS))
    code = f"""
import sys
class NoPyarrow:
    def find_spec(self, name, *_):
        if name.partition(".")[0] == "pyarrow":
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, NoPyarrow())
import connectjobs as cj
frame = cj.Client(sys.argv[1], "key", proxy="").jobs("{GUID}").to_pandas()
print(frame.shape, frame["tag"].dtype, frame["key"].tolist()[0])
"""
    done = subprocess.run(
        [sys.executable, "-c", code, server.address],
        env=environment(),
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout == "(4, 22) category k0\n"


def test_pyarrow(jobs: cj.Jobs) -> None:
    batch = pa.record_batch(jobs)
    batch.validate(full=True)
    assert batch.column("key").to_pylist() == KEYS
    assert batch.column("status").to_pylist() == [0, 2, None, 0]
    assert batch.column("tag").to_pylist() == ["run_app", None, "run_app", "testing"]
    assert batch.schema.field("start_time").type == pa.timestamp("ns", "UTC")
    assert batch.column("start_time").cast(pa.int64()).to_pylist()[0] == FIRST_NS
    assert pa.table(jobs).num_rows == 4
    assert pa.schema(jobs) == batch.schema


def test_polars(jobs: cj.Jobs, log: cj.Log) -> None:
    frame = pl.DataFrame(jobs)
    assert frame.shape == (4, len(jobs.columns))
    assert frame["key"].to_list() == KEYS
    assert frame["exit_code"].to_list() == [None, 3, None, 0]
    assert pl.DataFrame(log)["data"].to_list() == [f"é {n}" for n in range(100)]


@pytest.mark.skipif(not hasattr(pd.DataFrame, "from_arrow"), reason="this pandas is before 3.0")
def test_pandas_from_arrow(jobs: cj.Jobs) -> None:
    from_arrow: Any = getattr(pd.DataFrame, "from_arrow")  # noqa: B009  (its stubs lack it)
    frame = from_arrow(jobs)
    assert frame["key"].tolist() == KEYS
    assert str(frame["start_time"].dtype) == "datetime64[ns, UTC]"


def test_slices_are_shared_without_their_table(jobs: cj.Jobs, log: cj.Log) -> None:
    assert pa.record_batch(jobs[1:3]).column("key").to_pylist() == KEYS[1:3]
    assert pa.record_batch(jobs[3:][:1]).column("tag").to_pylist() == ["testing"]
    assert pa.record_batch(jobs[4:]).num_rows == 0
    part = pa.record_batch(log[90:])
    del log
    gc.collect()
    part.validate(full=True)
    assert part.column("data").to_pylist() == [f"é {n}" for n in range(90, 100)]


def test_rows_apart_are_shared_too(jobs: cj.Jobs) -> None:
    assert pa.record_batch(jobs.active()).column("key").to_pylist() == ["k0", "k3"]
    assert pa.table(jobs[::-1]).column("key").to_pylist() == KEYS[::-1]
    assert pa.table(jobs.filter(tag="none")).num_rows == 0


def test_capsules_that_nobody_takes_are_freed(log: cj.Log) -> None:
    def resident() -> int:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * 4096

    for _ in range(1000):
        log.__arrow_c_array__()
        log.__arrow_c_schema__()
    before = resident()
    for _ in range(20_000):
        log.__arrow_c_array__()
        log.__arrow_c_schema__()
    assert resident() - before < 4 << 20


def test_a_capsule_is_consumed_once(jobs: cj.Jobs) -> None:
    schema, array = jobs.__arrow_c_array__()
    assert "arrow_schema" in repr(schema)
    assert "arrow_array" in repr(array)
    batch = pa.RecordBatch._import_from_c_capsule(schema, array)
    del jobs, schema, array
    gc.collect()
    batch.validate(full=True)
    assert batch.column("key").to_pylist() == KEYS
