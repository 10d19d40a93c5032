"""Copies of a database in use, and putting them back byte for byte."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from tantam.errors import BadInput, Refused
from tantam.office import copying, keyring
from tests.office.databases.a_home import opened, with_rows, words

BOTH = pytest.mark.parametrize(
    ("alias", "file"), [("default", "office.sqlite3"), ("health", "health.sqlite3")]
)


@BOTH
def test_a_copy_and_back(tmp_path: Path, alias: str, file: str) -> None:
    both = with_rows(tmp_path / "home", 5000)
    copy = copying.copy_to(alias, tmp_path / "copy", among=both)
    assert (copy.size_bytes, copy.digest) == (copy.path.stat().st_size, copying.digest_of(copy.path))
    assert copy.path.stat().st_mode & 0o777 == 0o600
    with both[alias].cursor() as cursor:
        cursor.execute("DELETE FROM t WHERE id > 10")
    copying.restore_from(alias, copy.path, digest=copy.digest, among=both)
    assert (tmp_path / "home" / file).read_bytes() == copy.path.read_bytes()
    assert len(words(both, alias)) == 5000
    both[alias].close()
    assert sorted(f.name for f in tmp_path.iterdir()) == ["copy", "home"], "nothing is left lying about"
    assert not [*(tmp_path / "home").glob(".*"), *(tmp_path / "home").glob("*.damaged")]


def test_a_copy_of_health_stays_encrypted(tmp_path: Path) -> None:
    copy = copying.copy_to("health", tmp_path / "copy", among=with_rows(tmp_path))
    assert "chữ 1".encode() not in copy.path.read_bytes()
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        sqlite3.connect(copy.path).execute("SELECT * FROM t")


@BOTH
def test_people_go_on_working(tmp_path: Path, alias: str, file: str) -> None:
    """A copy holds what was committed, and not what somebody is in the middle of."""
    both, other = with_rows(tmp_path), opened(tmp_path)[alias]
    with other.cursor() as cursor:
        other.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        cursor.execute("INSERT INTO t (word) VALUES ('dở dang')")
        copying.copy_to(alias, tmp_path / "copy", among=both)
        other.rollback()
    other.close()
    copying.restore_from(alias, tmp_path / "copy", among=both)
    assert words(both, alias) == ["chữ 0", "chữ 1", "chữ 2"]


@BOTH
def test_onto_a_new_machine(tmp_path: Path, alias: str, file: str) -> None:
    copying.copy_to(alias, tmp_path / "copy", among=with_rows(tmp_path / "old"))
    for name in keyring.NAMES:
        (tmp_path / "new" / "secret").mkdir(parents=True, exist_ok=True, mode=0o700)
        keyring.path(tmp_path / "old", name).rename(keyring.path(tmp_path / "new", name))
    both = opened(tmp_path / "new")
    copying.restore_from(alias, tmp_path / "copy", among=both)
    assert words(both, alias) == ["chữ 0", "chữ 1", "chữ 2"]


def test_a_copy_never_takes_anothers_place(tmp_path: Path) -> None:
    (tmp_path / "copy").write_text("precious")
    with pytest.raises(Refused, match="copy_exists"):
        copying.copy_to("default", tmp_path / "copy", among=with_rows(tmp_path))
    assert (tmp_path / "copy").read_text() == "precious"


@BOTH
def test_not_while_somebody_has_it_open(tmp_path: Path, alias: str, file: str) -> None:
    both, other = with_rows(tmp_path), opened(tmp_path)
    copying.copy_to(alias, tmp_path / "copy", among=both)
    assert words(other, alias)
    with pytest.raises(Refused, match="database_in_use"):
        copying.restore_from(alias, tmp_path / "copy", among=both)
    with other[alias].cursor() as cursor:
        cursor.execute("INSERT INTO t (word) VALUES ('vẫn ghi được')")
    other[alias].close()
    assert words(both, alias)[-1] == "vẫn ghi được"


def test_a_changed_copy_is_named(tmp_path: Path) -> None:
    both = with_rows(tmp_path)
    copy = copying.copy_to("default", tmp_path / "copy", among=both)
    with copy.path.open("r+b") as file:
        file.seek(-10, os.SEEK_END)
        file.write(b"0123456789")
    with pytest.raises(BadInput, match="copy_changed"):
        copying.restore_from("default", copy.path, digest=copy.digest, among=both)
    assert words(both, "default")


@BOTH
@pytest.mark.parametrize("harm", ["cut", "noise", "text", "empty"])
def test_an_unsound_copy_is_not_put_back(tmp_path: Path, alias: str, file: str, harm: str) -> None:
    both = with_rows(tmp_path, 5000)
    path = copying.copy_to(alias, tmp_path / "copy", among=both).path
    data = bytearray(path.read_bytes())
    if harm == "cut":
        del data[len(data) // 2 :]
    elif harm == "noise":
        data[3 * 4096 : 5 * 4096] = os.urandom(2 * 4096)
    else:
        data = bytearray(b"not a database at all" * 500 if harm == "text" else b"")
    path.write_bytes(data)
    with pytest.raises(BadInput, match="copy_unsound"):
        copying.restore_from(alias, path, among=both)
    assert len(words(both, alias)) == 5000


def test_a_copy_closed_with_another_key_is_not_put_back(tmp_path: Path) -> None:
    copying.copy_to("health", tmp_path / "copy", among=with_rows(tmp_path / "ours"))
    theirs = with_rows(tmp_path / "theirs", 7)
    with pytest.raises(BadInput, match="copy_unsound"):
        copying.restore_from("health", tmp_path / "copy", among=theirs)
    assert len(words(theirs, "health")) == 7


@BOTH
def test_a_damaged_database_is_kept_aside(tmp_path: Path, alias: str, file: str) -> None:
    both = with_rows(tmp_path)
    copying.copy_to(alias, tmp_path / "copy", among=both)
    both[alias].close()
    (tmp_path / file).write_bytes(b"harm" * 5000)
    copying.restore_from(alias, tmp_path / "copy", among=both)
    assert words(both, alias)
    assert (tmp_path / f"{file}.damaged").read_bytes() == b"harm" * 5000
