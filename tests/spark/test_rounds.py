"""A round decided, and proved, on Spark is the round of DuckDB."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from tantam.base.home import Home
from tantam.cli.decide import decide
from tantam.cli.prove import prove
from tantam.engines import Engine
from tests.care.offers_for_tests import TEXT
from tests.proof.a_round import Made, make, outcomes_file
from tests.spark.conftest import planted


@pytest.fixture(scope="module")
def rounds(spark: Engine, home: Home, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same round by each engine."""
    offers = tmp_path_factory.mktemp("offers") / "offers.toml"
    offers.write_text(TEXT, encoding="utf-8")
    for name in ("duckdb", "spark"):
        words = [str(offers), "--budget", "3e7", "--floor", "low_income spend >= 30%", "--out", name]
        ran = CliRunner().invoke(
            decide, [*words, "--home", str(home.root), "--engine", name, "--json"], catch_exceptions=False
        )
        assert ran.exit_code == 0, ran.output
    return {name: home.rounds / name for name in ("duckdb", "spark")}


def facts(directory: Path, name: str = "certificate.json") -> Any:
    return json.loads((directory / name).read_text(encoding="utf-8"))


def test_the_fingerprint_and_every_decision_are_equal(rounds: dict[str, Path]) -> None:
    mine, theirs = (facts(rounds[name]) for name in ("spark", "duckdb"))
    assert (mine["engine"], theirs["engine"]) == ("spark", "duckdb")
    assert mine["fingerprint"] == theirs["fingerprint"]
    for name in ("objective", "bound", "constraints", "spend_dong", "greedy_objective"):
        assert mine[name] == theirs[name]
    for name in ("decisions.parquet", "relief.parquet", "before.parquet"):
        tables = [pq.read_table(rounds[engine] / name) for engine in ("spark", "duckdb")]
        assert tables[0].equals(tables[1]) and tables[0].num_rows > 100
    assert facts(rounds["spark"], "power.json") == facts(rounds["duckdb"], "power.json")


def test_no_work_is_left_behind(rounds: dict[str, Path]) -> None:
    assert sorted(p.name for p in rounds["spark"].parent.iterdir()) == ["duckdb", "spark"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tmp_path_factory.mktemp("home") / "h", planted())


def test_the_proof_is_equal(spark: Engine, made: Made) -> None:
    file = outcomes_file(made, made.home.root / "o.parquet", seed=1, stay=0.1, more=50_000)
    found = []
    for name in ("duckdb", "spark"):
        directory = made.home.rounds / name
        shutil.copytree(made.directory, directory)
        words = [name, "--outcomes", str(file), "--home", str(made.home.root), "--engine", name, "--json"]
        CliRunner().invoke(prove, words)
        told = [facts(directory, f"{page}.json") for page in ("proof", "proof-pooled", "afterlife")]
        found.append((told, pq.read_table(directory / "before.parquet")))
    assert found[0] == found[1]
    assert any(row["enough"] for row in found[0][0][0])
