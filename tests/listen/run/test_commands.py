"""The commands as people type them."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from tantam.cli.listen_repeats import repeats
from tantam.cli.listen_run import find, run
from tests.listen.run.a_file import NUMBERS, opinions

ARTICLES = sorted((Path(__file__).parents[1] / "alike").glob("article_*.txt"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("listened")
    pq.write_table(opinions(400, seed=9), folder / "a.parquet")
    words = [str(folder / "a.parquet"), "--text", "text", "--id", "id", "--key", "key", "--when", "when"]
    place = ["--home", str(folder / "home"), "--out", "a", "--workers", "1"]
    done = CliRunner().invoke(run, [*words, *place, "--json"], catch_exceptions=False)
    figures = json.loads(done.output)
    assert (figures["rows_in"], figures["kept"], figures["left_out"]) == (400, 400, 0)
    again = CliRunner().invoke(run, [*words, *place], catch_exceptions=False)
    assert "was done before" in again.output and "400" in again.output
    return folder / "home"


def found(home: Path, text: str) -> list[dict[str, object]]:
    words = [text, "--in", "a", "--home", str(home), "--json"]
    return list(json.loads(CliRunner().invoke(find, words, catch_exceptions=False).output))


def test_who_else_said_this(home: Path) -> None:
    rows = found(home, "tổng đài không ai nghe")
    assert rows and all("tổng đài" in str(row["text"]) for row in rows if row["alike"] == 1.0)
    assert rows == sorted(rows, key=lambda row: -float(str(row["alike"])))
    bare = found(home, "tong dai khong ai nghe")
    assert {row["id"] for row in bare} == {row["id"] for row in rows}
    assert (
        max(float(str(row["alike"])) for row in bare) < 1.0 == max(float(str(row["alike"])) for row in rows)
    )
    assert found(home, "chuồn chuồn kim") == []
    assert not [n for n in NUMBERS if n in json.dumps(rows)]


@pytest.mark.parametrize("text", ["", "…", "👻"])
def test_nothing_to_look_for_is_refused_or_found_nowhere(home: Path, text: str) -> None:
    done = CliRunner().invoke(find, [text, "--in", "a", "--home", str(home), "--json"])
    assert done.exit_code or json.loads(done.output) == []


def test_an_article_with_the_faults_of_real_ones_is_folded() -> None:
    done = CliRunner().invoke(repeats, [*map(str, ARTICLES), "--json"], catch_exceptions=False)
    told = json.loads(done.output)
    assert told["passages"] > 2 * told["shown"] > 10
    assert told["page_furniture"] > 3
    often = [row for row in told["said"] if row["times"] >= 3]
    assert len(often) >= 5 and all(len(row["files"]) >= 2 for row in often)
    shown = CliRunner().invoke(repeats, [*map(str, ARTICLES)], catch_exceptions=False).output
    assert "4 lần · times" in shown
