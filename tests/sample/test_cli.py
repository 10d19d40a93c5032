"""The commands as a person types them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tantam.cli.sample import sample
from tantam.errors import BadInput
from tantam.sample import offers_text


def run(*words: str) -> str:
    result = CliRunner().invoke(sample, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_base_tells_its_figures(tmp_path: Path) -> None:
    figures = json.loads(
        run("base", "--subscribers", "1_200", "--seed", "1", "--out", str(tmp_path / "f"), "--json")
    )
    assert figures["rows"] == 1_200 and figures["dirty"] == sum(figures["by_kind"].values()) == 6
    assert [Path(f).name for f in figures["files"]] == ["subscribers-0000.parquet"]
    said = run("base", "--subscribers", "1e3", "--seed", "1", "--out", str(tmp_path / "c"), "--csv")
    assert "1,000 made-up rows, 5 dirty on purpose" in said and f"tantam base load {tmp_path}/c/*.csv" in said


def test_offers_are_printed_as_they_are() -> None:
    assert run("offers") == offers_text()


def test_outcomes_of_no_round_are_refused(tmp_path: Path) -> None:
    words = [
        "outcomes",
        "--round",
        "none",
        "--seed",
        "1",
        "--out",
        str(tmp_path / "o.csv"),
        "--home",
        str(tmp_path),
    ]
    with pytest.raises(BadInput) as caught:
        run(*words)
    assert caught.value.code == "no_round" and not (tmp_path / "o.csv").exists()


@pytest.mark.parametrize("command", ["base", "offers", "outcomes", "opinions"])
def test_help_shows_an_example(command: str) -> None:
    assert f"tantam sample {command}" in run(command, "--help")


def test_help_loads_nothing_heavy() -> None:
    heavy = "('numpy', 'pyarrow', 'duckdb', 'numba')"
    code = f"import sys, tantam.cli.sample; sys.exit(any(m in sys.modules for m in {heavy}))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
