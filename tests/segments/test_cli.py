"""The terminal: figures as JSON, sentences for people, refusals with their exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tantam import keys
from tantam.base.home import Home
from tantam.cli.segment import segment
from tantam.errors import BadInput
from tests.a_base import home_with, stored

ROWS = 3_000


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return home_with(tmp_path_factory.mktemp("home"), stored(ROWS, seed=8))


def run(home: Home, *words: str) -> Result:
    return CliRunner().invoke(segment, [*words, "--home", str(home.root)], catch_exceptions=False)


def facts(home: Home, *words: str) -> Any:
    return json.loads(run(home, *words, "--json").output)


def test_count_gives_the_contract_s_figures(home: Home) -> None:
    truth = sum(stored(ROWS, seed=8)["low_income"].to_pylist())
    for words in (
        ("count", "low_income"),
        ("count", "low_income", "--quick"),
        ("count", "low_income = true"),
    ):
        assert facts(home, *words) == {"count": truth, "low": truth, "high": truth, "exact": True}
    assert run(home, "count", "low_income").output == f"{truth} người: thuộc nhóm thu nhập thấp\n"


def test_explain_says_the_sentence_and_the_funnel(home: Home) -> None:
    found = facts(home, "explain", "privilege")
    assert found["rule"] == "top_percent(spend_6m, 2, by=province)"
    assert found["leaves_out_who_refuses_profiling"] is True
    assert [step["left"] for step in found["left"]] == [ROWS, facts(home, "count", "privilege")["count"]]
    shown = run(home, "explain", "tenure_years > 3 and sex = 'female'").output
    assert shown.startswith("Dùng trên 3 năm, nữ\n")
    assert "−" in shown


def test_explain_needs_no_base_to_say_a_sentence(tmp_path: Path) -> None:
    found = facts(Home(tmp_path / "none"), "explain", "falling(20)")
    assert found["left"] is None
    assert found["vi"].startswith("chi tiêu ba tháng gần đây giảm")


def test_explain_for_one(home: Home) -> None:
    row = next(
        r for r in stored(ROWS, seed=8).to_pylist() if r["hardship_basis"] == "estimate" and r["low_income"]
    )
    for key in (keys.show(row["key"]), str(row["key"])):
        found = facts(home, "explain", "low_income and tenure_years >= 0", "--for", key)
        assert found["key"] == keys.show(row["key"])
        assert found["holds"] is None
        assert found["conditions"][0]["value"] == "không nêu"
    assert "không nêu" in run(home, "explain", "low_income", "--for", str(row["key"])).output
    with pytest.raises(BadInput) as refused:
        run(home, "explain", "low_income", "--for", "77")
    assert refused.value.code == "unknown_key"


def test_profile_and_overlap_agree(home: Home, tmp_path: Path) -> None:
    found, matrix = facts(home, "profile"), facts(home, "overlap")
    assert found["subscribers"] == matrix["subscribers"] == ROWS
    assert [group["persons"] for group in found["groups"]] == [
        row[i] for i, row in enumerate(matrix["persons"])
    ]
    for group in found["groups"]:
        assert sum(cell["n"] for cell in group["by_province"].values()) == group["persons"]
    own = tmp_path / "mine.toml"
    own.write_text('[few]\nrule = "tenure_days < 2"\nvi = "Mới"\nen = "New"\n', encoding="utf-8")
    shown = run(home, "profile", "--segments", str(own)).output
    assert "Mới" in shown
    assert "dưới 5" in shown
    assert "Khánh Hòa" in shown
    assert run(home, "overlap", "--segments", str(own), "--lang", "en").output.startswith("group")


def test_help_starts_without_an_engine_and_a_bad_rule_leaves_with_three(home: Home) -> None:
    argv = ["tantam", "segment", "count", "tenure_year > 3", "--home", "x"]
    code = f"import sys; from tantam.cli import main; sys.argv = {argv}; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=dict(os.environ)
    )
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "tenure_years" in done.stderr
    check = "import sys; import tantam.cli.segment; print('duckdb' in sys.modules or 'numpy' in sys.modules)"
    light = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert light.stdout == "False\n"
