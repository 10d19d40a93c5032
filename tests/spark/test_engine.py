"""Spark as an engine: rows in their order, functions over pieces of work, errors in our words."""

from __future__ import annotations

import math
import os
from pathlib import Path

import narwhals as nw
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tantam import engines
from tantam.base.home import Home
from tantam.base.store import open_base
from tantam.engines import Engine
from tantam.errors import BadInput, Fault


def test_several_files_come_in_their_order_whatever_their_sizes(spark: Engine, tmp_path: Path) -> None:
    files = [tmp_path / f"part-{i}.parquet" for i in range(3)]
    for i, (file, rows) in enumerate(zip(files, (10, 40_000, 500), strict=True)):
        pq.write_table(pa.table({"a": range(i * 100_000, i * 100_000 + rows)}), file, row_group_size=10_000)
    frame = spark.scan(files)
    both = [engines.collect(frame), pa.Table.from_batches(engines.batches(frame, 7_000))]
    told = engines.collect(engines.start(threads=1).scan(files))
    assert all(found.equals(told) for found in both)
    assert max(batch.num_rows for batch in engines.batches(frame, 7_000)) == 7_000
    assert sum(batch.num_rows for batch in engines.batches(frame.filter(nw.col("a") < 0))) == 0


def test_the_base_is_the_same_whole_and_in_batches(spark: Engine, home: Home) -> None:
    mine, theirs = open_base(home, spark).frame, open_base(home, engines.start(threads=1)).frame
    assert engines.collect(mine).equals(engines.collect(theirs))
    assert pa.Table.from_batches(engines.batches(mine)).equals(engines.collect(theirs))


def test_the_forgotten_are_left_out(spark: Engine, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = engines.collect(open_base(home, engines.start(threads=1)).frame)["key"].to_pylist()
    monkeypatch.setattr(
        "tantam.base.store.tombstones", lambda _: [{"key": key, "on": 0, "held": 1} for key in keys[:3]]
    )
    base = open_base(home, spark)
    assert engines.collect(base.frame)["key"].to_pylist() == keys[3:]


def test_work_of_many_tasks_comes_back_in_order(spark: Engine) -> None:
    assert list(spark.map(math.factorial, iter(range(30)))) == [math.factorial(n) for n in range(30)]
    assert list(spark.map(math.factorial, [])) == []


def test_work_runs_beside_this_process_one_core_each(spark: Engine) -> None:
    assert str(os.getpid()) not in set(spark.map(_fact, ["pid"] * 4))
    assert set(spark.map(os.getenv, ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"])) == {"1"}


def _fact(_: str) -> str:
    return str(os.getpid())


def test_a_refusal_of_a_worker_is_the_same_here(spark: Engine) -> None:
    done: list[int] = []
    with pytest.raises(BadInput) as told:
        done += spark.map(_odd, range(20))
    assert done == [0, 1, 2]
    assert (told.value.code, told.value.what, told.value.do, told.value.vi) == (
        "odd",
        "3 is odd.",
        "Halve it.",
        "lẻ",
    )


def _odd(n: int) -> int:
    if n % 2 and n > 2:
        raise BadInput("odd", f"{n} is odd.", "Halve it.", vi="lẻ")
    return n


def test_what_breaks_a_worker_is_told_without_its_values(spark: Engine) -> None:
    with pytest.raises(Fault, match="ValueError") as told:
        list(spark.map(int, ["7", "0912345678x"]))
    assert told.value.code == "engine_failed"
    assert "0912" not in str(told.value)


def test_a_worker_that_dies_is_told_and_the_next_work_goes_on(spark: Engine) -> None:
    with pytest.raises(Fault, match="Spark stopped") as told:
        list(spark.map(os._exit, [3]))
    assert told.value.code == "engine_failed"
    assert list(spark.map(abs, [-1])) == [1]


def test_what_breaks_a_plan_is_told_without_its_values(spark: Engine, tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [2**62, 2**62]}), tmp_path / "a.parquet")
    frame = spark.scan([tmp_path / "a.parquet"])
    with pytest.raises(Fault) as told:
        engines.collect(frame.select(nw.col("a") * 2))
    assert told.value.code == "engine_failed"
