"""A base loaded by Spark's workers is the one loaded here: rows, numbers, rejects and refusals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from tantam.base import pieces
from tantam.base.home import Home
from tantam.cli.base import base
from tantam.engines import Engine
from tests.base.a_file import as_csv, rows


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """A CSV with numbers that come twice or are none, and a Parquet file of several pieces."""
    monkeypatch.setattr(pieces, "PIECE_ROWS", 1_000)
    told = rows(10_000, seed=4)
    phones = told["phone"].to_pylist()
    phones[5], phones[77], phones[4_000] = "12", phones[9_000], phones[3]
    told = told.set_column(told.schema.get_field_index("phone"), "phone", pa.array(phones))
    pq.write_table(told.slice(4_000), tmp_path / "b.parquet", row_group_size=700)
    return [as_csv(told.slice(0, 4_000), tmp_path / "a.csv"), tmp_path / "b.parquet"]


def loaded(home: Home, files: list[Path], engine: str) -> Any:
    home.secret.mkdir(parents=True)
    home.key_secret.write_bytes(b"0" * 32)
    words = ["load", *map(str, files), "--home", str(home.root), "--engine", engine, "--json"]
    told = json.loads(CliRunner().invoke(base, words, catch_exceptions=False).output)
    return {name: value for name, value in told.items() if name != "seconds"}


def test_the_base_is_the_same(spark: Engine, files: list[Path], tmp_path: Path) -> None:
    homes = [Home(tmp_path / name) for name in ("spark", "duckdb")]
    told = [loaded(home, files, home.root.name) for home in homes]
    assert told[0] == told[1]
    assert (told[0]["rows_in"], told[0]["rejected"] > 0) == (10_000, True)
    for home in homes:
        assert not home.stage.exists()
    for name in ("phones", "rejects", "raw_rejects"):
        mine, theirs = (pq.read_table(getattr(home, name)) for home in homes)
        assert mine.equals(theirs) and mine.num_rows
    mine, theirs = ({f.name: f.read_bytes() for f in home.files()} for home in homes)
    assert mine == theirs
