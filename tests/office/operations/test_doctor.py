"""``tantam office doctor`` and ``prove``: what is amiss is said in sentences, and the exit code says it too."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.office.operations.commands import done, run

pytestmark = pytest.mark.slow  # each command is a process that loads everything


def _amiss(home: Path, **settings: str) -> dict[str, list[str]]:
    asked = run(home, "doctor", "--json", **settings)
    found = json.loads(asked.stdout)
    assert asked.returncode == (0 if found["well"] else 1)
    return {name: said for name, said in found["amiss"].items() if said}


def test_a_healthy_office_is_well(home: Path) -> None:
    assert _amiss(home) == {}
    assert "All is well" in done(home, "doctor")


def test_open_doors_are_found(home: Path) -> None:
    (home / "secret").chmod(0o755)
    (home / "office.sqlite3").chmod(0o644)
    found = _amiss(home)
    assert "chmod 700" in found["keys"][0] and "chmod 600" in found["keys"][1]
    (home / "secret" / "journal-key").chmod(0o644)
    assert any("may read the key" in said for said in _amiss(home)["keys"])


def test_settings_that_do_not_exist_or_do_not_fit_are_found(home: Path) -> None:
    found = _amiss(home, TANTAM_DATABSE_URL="x", TANTAM_BIND="0.0.0.0", TANTAM_SECOND_FACTOR="no")["settings"]
    assert "TANTAM_DATABSE_URL" in found[0]
    assert "without HTTPS" in found[1] and "second factor" in found[2]
    assert "TANTAM_HTTPS" in _amiss(home, TANTAM_HTTPS="maybe")["settings"][0]


def test_an_unencrypted_health_database_is_found(home: Path) -> None:
    for file in home.glob("health.sqlite3*"):
        file.unlink()
    with sqlite3.connect(home / "health.sqlite3") as db:
        db.execute("CREATE TABLE camps_patient (id INTEGER)")
    found = _amiss(home)
    assert found["health apart"] and found["databases"]


def test_missing_tables_and_a_wrong_clock_are_found(home: Path) -> None:
    with sqlite3.connect(home / "office.sqlite3") as db:
        db.execute("DELETE FROM django_migrations WHERE app = 'worker'")
        db.execute("DROP TRIGGER journal_entry_stays")
        db.execute(
            "UPDATE journal_entry SET at = '2099-01-01 00:00:00' WHERE id = (SELECT max(id) FROM journal_entry)"
        )
    found = _amiss(home)
    assert "tantam office migrate" in found["tables"][0] and "2099-01-01" in found["clock"][0]


def test_a_restore_that_was_cut_off_is_found(home: Path) -> None:
    (home / "restoring").write_text("/backups/monday\n")
    assert "again" in _amiss(home)["disk"][0]


def test_prove_finds_a_changed_entry_and_says_so_by_its_exit_code(home: Path) -> None:
    whole = json.loads(done(home, "prove", "--json"))
    assert whole["ok"] and whole["entries"] > 3
    assert run(home, "prove", "--against", whole["head"]).returncode == 0
    other = run(home, "prove", "--against", f"1:{'0' * 63}1")
    assert other.returncode == 1 and "not whole" in other.stdout
    assert run(home, "prove", "--against", "nonsense").returncode == 3
    with sqlite3.connect(home / "office.sqlite3") as db:
        db.execute("DROP TRIGGER journal_entry_stays")
        db.execute("UPDATE journal_entry SET actor = 99 WHERE id = 2")
    changed = run(home, "prove")
    assert changed.returncode == 1 and "was changed" in changed.stdout
