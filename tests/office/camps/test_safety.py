"""SAFETY.md promises no guard that no test holds, and is found from the first pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SAFETY = (ROOT / "SAFETY.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(test_\w+)`", SAFETY)))


def test_every_test_that_it_names_is_there() -> None:
    written = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "tests").rglob("test_*.py"))
    there = set(re.findall(r"^def (test_\w+)\(", written, re.MULTILINE))
    assert len(NAMED) > 30
    assert [name for name in NAMED if name not in there] == []


def test_every_hazard_has_a_guard_that_a_test_holds() -> None:
    rows = SAFETY.split("## Hazards")[1].split("## What it does not do")[0].splitlines()
    told = [row for row in rows if row.startswith("| ") and not row.startswith(("| hazard", "| ---"))]
    hazards = [row.split("|")[1:-1] for row in told]
    assert len(hazards) > 25
    for cells in hazards:
        assert len(cells) == 5, cells[0]
        assert "`test_" in cells[3], cells[0]


def test_it_says_what_it_is_not() -> None:
    assert "not a certified medical device" in SAFETY
    assert "không phải trang thiết bị y tế đã được chứng nhận" in SAFETY


@pytest.mark.parametrize("page", ["README.md", "ARCHITECTURE.md"])
def test_it_is_found(page: str) -> None:
    assert "SAFETY.md" in (ROOT / page).read_text(encoding="utf-8")
