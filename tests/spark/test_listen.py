"""Parts made by Spark's workers are those made here, row for row."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from tantam.base.home import Home
from tantam.cli.listen_run import run
from tantam.engines import Engine
from tantam.listen.run import pool, sources
from tantam.listen.run.parts import Work, open_part
from tantam.listen.run.sources import Asked
from tests.listen.run.a_file import opinions

ASKED = Asked("text", id="id", key="key", when="when", where="where", channel="channel")


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Parquet whose row groups end inside of stretches, and a CSV."""
    monkeypatch.setattr(pool, "STRETCH_ROWS", 500)
    rows = opinions(1_700, seed=5)
    at, days = rows.schema.get_field_index("when"), rows.column("when").to_pylist()
    told = ["hôm nào" if i % 97 == 3 else str(day or "") for i, day in enumerate(days)]
    rows = rows.set_column(at, "when", pa.array(told))
    pq.write_table(rows.slice(0, 1_300), tmp_path / "a.parquet", row_group_size=700)
    pa_csv.write_csv(rows.slice(1_300), tmp_path / "b.csv")
    return [tmp_path / "a.parquet", tmp_path / "b.csv"]


def made(files: list[Path], out: Path, engine: Engine | None) -> tuple[list[pa.Table], pa.Table]:
    work = Work(out)
    work.begin({}, again=False)
    tasks, first = [], 0
    for number, given in enumerate(pool.stretches(files, ASKED, work.folder)):
        tasks.append(pool.Task(number, first, given))
        first += given.count
    assert sum(pool.make(tasks, out, None, 1, engine)) == first == 1_700
    return [open_part(file) for file in work.parts()], pa.concat_tables(list(work.rejects()))


def test_parts_are_the_same(spark: Engine, files: list[Path], tmp_path: Path) -> None:
    mine, theirs = (made(files, tmp_path / name, by) for name, by in (("spark", spark), ("here", None)))
    assert [len(part) for part in mine[0]] == [500, 500, 300, 400]
    assert len(mine[0]) == len(theirs[0])
    assert all(one.equals(other, check_metadata=True) for one, other in zip(mine[0], theirs[0], strict=True))
    assert mine[1].equals(theirs[1]) and len(mine[1])
    assert not list((tmp_path / "spark" / "work").glob("given-*")), "what was laid is gone"


def test_a_stretch_is_what_is_read_in_order(files: list[Path], tmp_path: Path) -> None:
    whole = pa.concat_tables(given.rows for given in sources.read(files[:1], ASKED, tmp_path))
    read = [given.read() for given in pool.stretches(files[:1], ASKED, tmp_path)]  # type: ignore[union-attr]
    assert pa.concat_tables(given.rows for given in read).combine_chunks().equals(whole.combine_chunks())
    assert [given.first for given in read] == [0, 500, 1_000]


def test_a_run_gives_the_same_readings(spark: Engine, files: list[Path], tmp_path: Path) -> None:
    digests = []
    for name in ("duckdb", "spark"):
        home = Home(tmp_path / name)
        words = [*map(str, files), "--out", "o", "--home", str(home.root), "--engine", name, "--workers", "1"]
        columns = [f"--{column}={column}" for column in ("text", "id", "key", "when", "where", "channel")]
        told = CliRunner().invoke(run, [*words, *columns, "--json"], catch_exceptions=False)
        assert json.loads(told.output)["rows_in"] == 1_700
        tables = [
            pq.read_table(file) for file in sorted((home.listening("o") / "readings").glob("*.parquet"))
        ]
        written = [pa.concat_tables(tables), pq.read_table(home.listening("o") / "rejects.parquet")]
        sink = pa.BufferOutputStream()
        for table in written:
            with pa.ipc.new_stream(sink, table.schema) as stream:
                stream.write_table(table.combine_chunks())
        themes = (home.listening("o") / "themes.json").read_bytes()
        digests.append(hashlib.sha256(sink.getvalue().to_pybytes() + themes).hexdigest())
    assert digests[0] == digests[1]
