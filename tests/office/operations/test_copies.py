"""``tantam office backup`` and ``restore``: byte for byte, proved, and never half-done."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from tests.office.operations.commands import done, run

pytestmark = pytest.mark.slow  # each command is a process that loads everything


@pytest.fixture
def copy(home: Path, tmp_path: Path) -> Path:
    """A backup with its keys."""
    done(home, "backup", str(tmp_path / "copy"), "--with-secrets")
    return tmp_path / "copy"


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_backup_lists_what_it_holds_and_is_for_its_owner_alone(home: Path, copy: Path) -> None:
    manifest = json.loads((copy / "manifest.json").read_text())
    assert copy.stat().st_mode & 0o777 == 0o700
    assert all(_digest(copy / name) == file["sha256"] for name, file in manifest["files"].items())
    assert manifest["journal_head"].startswith("1:") and manifest["counts"]["people_staff"] == 1
    again = run(home, "backup", str(copy))
    assert again.returncode == 2 and "[backup_exists]" in again.stderr


def test_restored_elsewhere_it_is_the_same_bytes_and_proved(copy: Path, tmp_path: Path) -> None:
    there = tmp_path / "there"
    said = done(there, "restore", str(copy))
    assert "The journal is whole" in said
    assert (there / "secret" / "journal-key").read_bytes() == (copy / "secret" / "journal-key").read_bytes()
    assert "All is well" in done(there, "doctor")
    assert sorted(p.name for p in there.iterdir() if p.name.startswith(".")) == []
    assert run(there, "staff", "invite", "lam").returncode == 0


def test_an_office_is_replaced_only_when_asked(home: Path, copy: Path) -> None:
    done(home, "add", "cm", "Cà Mau", "--under", "hq", "--province", "96")
    refused = run(home, "restore", str(copy))
    assert refused.returncode == 2 and "[home_has_office]" in refused.stderr
    assert "[office_exists]" in run(home, "add", "cm", "Cà Mau").stderr
    done(home, "restore", str(copy), "--replace")
    done(home, "add", "cm", "Cà Mau", "--under", "hq", "--province", "96")


@pytest.mark.parametrize("name", ["office.copy", "health.copy", "secret/journal-key"])
def test_a_changed_copy_is_refused_and_the_home_stays(home: Path, copy: Path, name: str) -> None:
    bytes_ = bytearray((copy / name).read_bytes())
    bytes_[len(bytes_) // 2] ^= 1
    (copy / name).write_bytes(bytes_)
    before = _digest(home / "office.sqlite3")
    refused = run(home, "restore", str(copy), "--replace")
    assert refused.returncode == 3 and "[bad_backup]" in refused.stderr
    assert _digest(home / "office.sqlite3") == before


def test_a_backup_whose_journal_was_rewritten_is_refused_and_the_home_stays(home: Path, copy: Path) -> None:
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["journal_head"] = f"1:{'0' * 63}1"
    (copy / "manifest.json").write_text(json.dumps(manifest))
    before = _digest(home / "office.sqlite3")
    refused = run(home, "restore", str(copy), "--replace")
    assert refused.returncode == 3 and "[backup_not_proved]" in refused.stderr
    assert _digest(home / "office.sqlite3") == before
    assert not list(home.glob(".rehearsal.*"))


def test_without_the_keys_nothing_is_made_up(home: Path, copy: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    done(home, "backup", str(bare))
    assert not (bare / "secret").exists()
    refused = run(tmp_path / "there", "restore", str(bare))
    assert refused.returncode == 2 and "[keys_needed]" in refused.stderr
    assert not (tmp_path / "there").exists()
    shutil.copytree(home / "secret", tmp_path / "there" / "secret")
    done(tmp_path / "there", "restore", str(bare))
    done(tmp_path / "other", "migrate")
    assert "[other_keys]" in run(tmp_path / "other", "restore", str(copy), "--replace").stderr


def test_a_folder_that_is_no_backup_is_said(home: Path, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    assert "[bad_backup]" in run(home, "restore", str(tmp_path / "x"), "--replace").stderr
