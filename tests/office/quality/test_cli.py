"""Quality at the terminal."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.conf import settings

from tantam.cli.quality import quality
from tantam.errors import BadInput
from tests.office.quality.measured import HEAD, pledge

LINES = "call_drop,2025-10,Khánh Hòa,4,100000,4000,,,\ncall_drop,2025-10,Sao Hỏa,1,1000,10,,,\n"


def run(*words: object) -> str:
    (settings.HOME / "office.sqlite3").touch()
    done = CliRunner().invoke(
        quality,
        [*map(str, words), "--home", str(settings.HOME)],
        catch_exceptions=False,
        standalone_mode=False,
    )
    return done.output


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "so-do.csv"
    path.write_text(HEAD.replace("value", "kq") + LINES, encoding="utf-8")
    return path


@pytest.mark.django_db(databases=["default", "health"])
def test_a_file_is_taken_in_and_its_month_judged(world: Any, file: Path) -> None:
    words = ["load", file, "--by", "self", "--map", "kq=value"]
    said = run(*words)
    assert "2 dòng · rows: 1 nhận · kept, 1 không nhận · rejected" in said
    assert "unknown_place: không có tỉnh này · there is no such province" in said
    assert json.loads(run(*words, "--json"))["new"] is False
    pledge(world, from_on=date(2025, 1, 1))
    assert run("judge", "2025-10") == "10/2025: 1 broken, 33 missing; 1 lời hứa mới · new promises\n"
    (found,) = json.loads(run("judge", "2025-10", "--json"))
    assert (found["month"], found["changed"], found["states"]["broken"]) == ("2025-10", 0, 1)
    assert json.loads(run("judge", "--json"))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["load", "FILE", "--by", "self", "--map", "x=tỉnh"], "map_unknown"),
        (["load", "FILE.none", "--by", "self"], "no_file"),
        (["judge", "10/2026"], "bad_month"),
    ],
)
def test_what_is_refused(file: Path, words: list[str], code: str) -> None:
    with pytest.raises(BadInput) as no:
        run(*(word.replace("FILE", str(file)) for word in words))
    assert no.value.code == code
