"""The office's keys: made once, whole, for a new home only; refused when missing, open or broken."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tantam.errors import Refused
from tantam.office import keyring


def test_a_new_home_gets_its_keys(tmp_path: Path) -> None:
    home = tmp_path / "home"
    found = {name: keyring.read(home, name) for name in keyring.NAMES}
    assert len(set(found.values())) == 3
    assert all(len(bytes.fromhex(key)) == 32 for key in found.values())
    assert {stat.S_IMODE(f.stat().st_mode) for f in (home, home / "secret")} == {0o700}
    assert {stat.S_IMODE(f.stat().st_mode) for f in (home / "secret").iterdir()} == {0o600}
    assert sorted(f.name for f in (home / "secret").iterdir()) == sorted(keyring.NAMES)


def test_the_second_time_changes_nothing(tmp_path: Path) -> None:
    keyring.make(tmp_path)
    before = [keyring.path(tmp_path, name).read_bytes() for name in keyring.NAMES]
    keyring.make(tmp_path)
    assert before == [keyring.path(tmp_path, name).read_bytes() for name in keyring.NAMES]


def test_the_secret_of_a_loaded_base_may_be_there_first(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir(mode=0o700)
    (tmp_path / "secret" / "key").write_bytes(b"x" * 32)
    assert keyring.read(tmp_path, "django-key")


@pytest.mark.parametrize("name", ["journal-key", "health-key"])
def test_a_lost_key_is_never_made_anew(tmp_path: Path, name: str) -> None:
    keyring.make(tmp_path)
    keyring.path(tmp_path, name).unlink()
    with pytest.raises(Refused) as refused:
        keyring.read(tmp_path, name)
    assert refused.value.code == "key_missing"
    keyring.make(tmp_path)
    assert not keyring.path(tmp_path, name).exists()


def test_a_database_without_keys_is_not_a_new_home(tmp_path: Path) -> None:
    (tmp_path / "office.sqlite3").touch()
    with pytest.raises(Refused, match="key_missing"):
        keyring.read(tmp_path, "django-key")
    keyring.make(tmp_path)
    assert not keyring.path(tmp_path, "django-key").exists()


def test_making_goes_on_where_it_was_killed(tmp_path: Path) -> None:
    keyring.make(tmp_path)
    kept = keyring.read(tmp_path, "journal-key")
    for name in ("health-key", "django-key"):
        keyring.path(tmp_path, name).unlink()
    (tmp_path / "secret" / ".health-key.part").write_text("ab")
    assert len(keyring.read(tmp_path, "health-key")) == 64
    assert keyring.read(tmp_path, "journal-key") == kept
    assert len(list((tmp_path / "secret").iterdir())) == 3


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_key_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    keyring.make(tmp_path)
    keyring.path(tmp_path, "django-key").chmod(mode)
    with pytest.raises(Refused, match="key_open"):
        keyring.read(tmp_path, "django-key")


@pytest.mark.parametrize("text", ["", "abc", "g" * 64, "a" * 63, "a" * 66, "é" * 64])
def test_a_broken_key_is_refused(tmp_path: Path, text: str) -> None:
    keyring.make(tmp_path)
    keyring.path(tmp_path, "health-key").write_text(text)
    with pytest.raises(Refused) as refused:
        keyring.read(tmp_path, "health-key")
    assert refused.value.code == "key_broken"
    assert not text or text not in refused.value.what
    assert refused.value.vi


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    ask = "import sys, pathlib; from tantam.office import keyring; "
    ask += "print([keyring.read(pathlib.Path(sys.argv[1]), n) for n in keyring.NAMES])"
    command = [sys.executable, "-c", ask, str(tmp_path / "home")]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, env=dict(os.environ)) for _ in range(6)]
    assert len({process.communicate()[0] for process in running}) == 1
    assert all(process.returncode == 0 for process in running)
