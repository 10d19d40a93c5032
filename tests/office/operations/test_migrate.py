"""``tantam office migrate`` and ``add`` and ``staff``: from an empty folder to the first person's link."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.office.operations.commands import done, run

pytestmark = pytest.mark.slow  # each command is a process that loads everything


def test_an_empty_folder_becomes_an_office_that_others_cannot_read(tmp_path: Path) -> None:
    home = tmp_path / "new"
    said = done(home, "migrate")
    assert "Keys were made" in said and "steps done" in said
    modes = {
        file.name: file.stat().st_mode & 0o777 for file in [*home.iterdir(), *(home / "secret").iterdir()]
    }
    assert modes["secret"] == 0o700
    assert {
        modes[name]
        for name in ("journal-key", "health-key", "django-key", "office.sqlite3", "health.sqlite3")
    } == {0o600}


def test_done_twice_it_changes_nothing(home: Path) -> None:
    before = {file.name: file.read_bytes() for file in (home / "secret").iterdir()}
    assert done(home, "migrate").split() == ["default", "up", "to", "date", "health", "up", "to", "date"]
    assert {file.name: file.read_bytes() for file in (home / "secret").iterdir()} == before


def test_nothing_else_makes_an_office_by_the_way(tmp_path: Path) -> None:
    for words in (["prove"], ["serve"], ["work", "--once"], ["backup", str(tmp_path / "b")]):
        asked = run(tmp_path / "none", *words)
        assert asked.returncode == 2 and "[no_office]" in asked.stderr
    assert not (tmp_path / "none").exists()


def test_somebody_new_gets_a_link_and_a_wrong_duty_hires_nobody(home: Path) -> None:
    wrong = run(home, "staff", "add", "hoa", "Vũ Thanh Hòa", "--office", "hq", "--duty", "king")
    assert wrong.returncode == 3 and "[bad_duty]" in wrong.stderr
    said = done(home, "staff", "add", "hoa", "Vũ Thanh Hòa", "--office", "hq", "--duty", "executive")
    assert re.search(r"http://127\.0\.0\.1:8000/accounts/pass/[\w-]{43}/", said)
    again = run(home, "staff", "add", "hoa", "Vũ Thanh Hòa", "--office", "hq")
    assert again.returncode == 2 and "[staff_exists]" in again.stderr
    assert "/accounts/pass/" in done(home, "staff", "invite", "hoa")


def test_what_is_not_there_is_said(home: Path) -> None:
    assert "[no_such_office]" in run(home, "staff", "add", "an", "An", "--office", "xx").stderr
    assert "[no_such_staff]" in run(home, "staff", "invite", "nobody").stderr
    assert (
        "[no_such_province]" in run(home, "add", "x", "X", "--under", "hq", "--province", "Atlantis").stderr
    )
    assert "[office_exists]" in run(home, "add", "hq", "Trụ sở").stderr
