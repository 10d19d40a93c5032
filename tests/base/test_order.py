"""Rows are read in their order: the first of two equal numbers is kept, and a reject's line is its line."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tantam import engines
from tantam.base import merging, pieces, reading
from tantam.base.columns import INPUT
from tantam.base.home import Home
from tantam.base.sources import Given, Source
from tests.base.a_file import TODAY, load, rows, stored

HELD = {"text": pa.string(), "whole": pa.int64(), "real": pa.float64()}
"""Kinds of values that any column of a file may hold."""


@pytest.mark.parametrize("family", HELD)
def test_no_step_of_reading_loses_the_order(family: str, tmp_path: Path) -> None:
    """A join, an aggregate or a union would: the engine makes a join of a long list of constants, say."""
    names = [column.name for column in INPUT]
    pq.write_table(pa.table({name: pa.array([None], HELD[family]) for name in names}), tmp_path / "a.parquet")
    given = {name: Given(name, family) for name in names}  # type: ignore[arg-type]
    source = Source((), f"read_parquet('{tmp_path / 'a.parquet'}')", given, tuple(names), ())
    con = engines.connect()
    reading.prepare(con, b"s" * 32)
    raw = f"(SELECT *, 1 AS row, false AS gone FROM ({reading.raw_of(source)}))"
    for query in (
        reading.faults_of(given, raw, TODAY),
        *(reading.values_of(c, given[c.name], raw) for c in INPUT),
    ):
        (plan,) = con.execute(f"EXPLAIN (FORMAT json) {query}").fetchone()[1:]
        steps = {
            line.split(":")[1].strip(' ",') for line in plan.splitlines() if line.strip().startswith('"name"')
        }
        assert steps
        assert not [s for s in steps if not s.startswith(("PROJECTION", "READ_PARQUET", "PARQUET_SCAN"))]


def test_the_first_of_equal_numbers_is_kept_across_files(tmp_path: Path) -> None:
    same = {"phone": "0912345678", "joined_on": "2020-01-01", "plan_kind": "prepaid"}
    for name, province in (("a", "01"), ("b", "79"), ("c", "48")):
        told = [{**same, "province": province}, {**same, "phone": "x", "province": province}]
        pq.write_table(pa.Table.from_pylist(told), tmp_path / f"{name}.parquet")
    for number in range(8):
        home = Home(tmp_path / f"home-{number}")
        load(home, *(tmp_path / f"{name}.parquet" for name in "abc"))
        assert pq.read_table(home.base)["province"].to_pylist() == ["01"]
        told = [(row["file"], row["line"]) for row in pq.read_table(home.rejects).to_pylist()]
        assert sorted(told) == [(f, n) for f in ("a.parquet", "b.parquet", "c.parquet") for n in (1, 2)][1:]


def test_however_finely_a_load_is_cut_its_base_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stretches with words of their own, buckets of a few rows, row groups that span them."""
    table = rows(3_000)
    plans = pa.array([f"goi {number // 40}" for number in range(3_000)])
    table = table.set_column(table.column_names.index("plan"), "plan", plans)
    pq.write_table(table, tmp_path / "a.parquet")
    monkeypatch.setattr(merging, "ROW_GROUP", 700)
    found = set()
    for cut in (10**6, 170):
        for name in ("STRETCH_ROWS", "PIECE_ROWS", "BUCKET_ROWS"):
            monkeypatch.setattr(pieces, name, cut)
        home = Home(tmp_path / f"home-{cut}")
        home.secret.mkdir(parents=True)
        home.key_secret.write_bytes(bytes(range(32)))
        load(home, tmp_path / "a.parquet")
        load(home, tmp_path / "a.parquet")
        found.add((home.files()[0].read_bytes(), home.phones.read_bytes(), home.keys.read_bytes()))
        assert sorted(stored(home)["plan"].to_pylist()) == sorted(plans.to_pylist())
    assert len(found) == 1
