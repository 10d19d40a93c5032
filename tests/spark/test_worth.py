"""Learned worth scored on Spark is that of DuckDB, byte by byte; what changed is found by either."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from tantam.base.home import Home
from tantam.care.learned.scores import folder
from tantam.cli.worth import worth
from tests.a_base import home_with
from tests.care.test_learned import a_model
from tests.spark.conftest import ROWS, planted


def _scored(home: Home, model: Path, engine: str) -> dict[str, int]:
    words = ["score", str(model), "--home", str(home.root), "--engine", engine, "--json"]
    ran = CliRunner().invoke(worth, words, catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    return dict(json.loads(ran.output.splitlines()[-1]))


def _made(home: Home) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder(home).iterdir())}


@pytest.mark.usefixtures("spark")
def test_the_scores_are_equal(tmp_path: Path) -> None:
    model = tmp_path / "model.json"
    model.write_text(a_model().text(), encoding="utf-8")
    homes = {engine: home_with(tmp_path / engine, planted()) for engine in ("duckdb", "spark")}
    told = {engine: _scored(home, model, engine) for engine, home in homes.items()}
    assert told["spark"] == told["duckdb"]
    assert told["spark"]["rows"] == ROWS
    assert told["spark"]["scored"] > ROWS // 2
    assert _made(homes["spark"]) == _made(homes["duckdb"])
    fewer = planted().slice(9)
    for engine, home in homes.items():
        pq.write_table(fewer, home.base / "part-0.parquet")
        home.facts.write_text(
            json.dumps(json.loads(home.facts.read_text()) | {"digest": "fewer", "rows": ROWS - 9})
        )
        assert _scored(home, model, engine)["scored"] == 0, "nobody of those who stay has changed"
    assert _made(homes["spark"]) == _made(homes["duckdb"])
