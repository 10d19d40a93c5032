"""What only PostgreSQL does: the wall is the right to connect, and a copy is a dump."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import psycopg
import pytest
from django.db.utils import ConnectionHandler

from tantam.errors import Fault
from tantam.office import copying
from tantam.office.databases import HEALTH_URL, OFFICE_URL, databases, open_walls
from tests.office import pg


@pytest.fixture(scope="module")
def addresses() -> tuple[str, str]:
    """The tests' own server."""
    found = pg.urls()
    if found is None:
        pytest.skip("there is no PostgreSQL on this machine")
    return found


@pytest.fixture
def both(addresses: tuple[str, str], tmp_path: Path) -> Iterator[ConnectionHandler]:
    """Connections to its two databases, as the settings make them."""
    handler = ConnectionHandler(databases({OFFICE_URL: addresses[0], HEALTH_URL: addresses[1]}, tmp_path))
    yield handler
    for alias in ("default", "health"):
        handler[alias].close()


def test_neither_role_may_connect_to_the_others_database(addresses: tuple[str, str]) -> None:
    for mine, theirs in permutations(addresses):
        with psycopg.connect(mine) as ours:
            assert ours.execute("SELECT 1").fetchone() == (1,)
        crossed = mine.rsplit("/", 1)[0] + "/" + theirs.rsplit("/", 1)[1]
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            psycopg.connect(crossed)


def test_an_open_wall_is_named(both: ConnectionHandler) -> None:
    assert open_walls(both) == []
    name = both["health"].settings_dict["NAME"]
    with both["health"].cursor() as cursor:
        cursor.execute(f"GRANT CONNECT ON DATABASE {name} TO PUBLIC")
        try:
            assert open_walls(both) == [name]
        finally:
            cursor.execute(f"REVOKE CONNECT ON DATABASE {name} FROM PUBLIC")


@pytest.mark.parametrize("alias", ["default", "health"])
def test_a_copy_and_back(
    both: ConnectionHandler, alias: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{pg.programs()}:{os.environ['PATH']}")
    with both[alias].cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS copied")
        cursor.execute("CREATE TABLE copied (word text)")
        cursor.execute("INSERT INTO copied VALUES ('chữ')")
    copy = copying.copy_to(alias, tmp_path / "copy", among=both)
    assert copy.path.stat().st_mode & 0o777 == 0o600
    with both[alias].cursor() as cursor:
        cursor.execute("DELETE FROM copied")
    copying.restore_from(alias, copy.path, digest=copy.digest, among=both)
    with both[alias].cursor() as cursor:
        cursor.execute("SELECT word FROM copied")
        assert cursor.fetchall() == [("chữ",)]
        cursor.execute("DROP TABLE copied")


def test_what_cannot_be_read_is_not_restored(
    both: ConnectionHandler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{pg.programs()}:{os.environ['PATH']}")
    (tmp_path / "copy").write_bytes(b"PGDMP nonsense")
    with pytest.raises(Fault) as fault:
        copying.restore_from("default", tmp_path / "copy", among=both)
    assert fault.value.code == "copy_failed"
    assert str(both["default"].settings_dict["PASSWORD"]) not in str(fault.value)


def test_a_missing_program_is_named(
    both: ConnectionHandler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Fault, match="pg_dump"):
        copying.copy_to("default", tmp_path / "copy", among=both)
    assert list(tmp_path.iterdir()) == []
