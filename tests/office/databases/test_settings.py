"""Which databases the settings name, and how wrong ones are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tantam.errors import BadInput
from tantam.office.databases import HEALTH_APPS, HEALTH_URL, OFFICE_URL, HealthRouter, databases
from tests.office.databases.a_home import SampleVisit, opened

OFFICE = "postgresql://office:lock@db.example:5432/tantam"
HEALTH = "postgresql://nurse:lock@db.example:5432/tantam_health"


def test_without_settings_two_files_of_the_home(tmp_path: Path) -> None:
    found = databases({}, tmp_path)
    assert found["default"]["NAME"] == str(tmp_path / "office.sqlite3")
    assert found["health"]["NAME"] == str(tmp_path / "health.sqlite3")
    assert found["health"]["ENGINE"] == "tantam.office.sqlcipher"
    assert list(tmp_path.iterdir()) == [], "naming databases makes none"


def test_the_key_is_not_in_the_settings(tmp_path: Path) -> None:
    both = opened(tmp_path)
    both["health"].ensure_connection()
    key = (tmp_path / "secret" / "health-key").read_text().strip()
    assert key not in repr(both.settings) + repr(both["health"].settings_dict)


@pytest.mark.parametrize("alias", ["default", "health"])
def test_sqlite_is_opened_as_it_must(tmp_path: Path, alias: str) -> None:
    connection = opened(tmp_path)[alias]
    with connection.cursor() as cursor:
        found = {}
        for pragma in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout"):
            cursor.execute(f"PRAGMA {pragma}")
            found[pragma] = cursor.fetchone()[0]
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 20000}
    assert connection.transaction_mode == "IMMEDIATE"


def test_postgres_from_two_addresses(tmp_path: Path) -> None:
    found = databases({OFFICE_URL: OFFICE, HEALTH_URL: HEALTH}, tmp_path)
    for alias, name, role in (("default", "tantam", "office"), ("health", "tantam_health", "nurse")):
        settings = found[alias]
        assert (settings["ENGINE"], settings["NAME"], settings["USER"]) == (
            "django.db.backends.postgresql",
            name,
            role,
        )
        assert settings["CONN_MAX_AGE"] > 0
        assert settings["CONN_HEALTH_CHECKS"]


@pytest.mark.parametrize(
    ("office", "health", "code"),
    [
        ("mysql://office:lock@db/tantam", HEALTH, "bad_database_url"),
        ("sqlite:///office.sqlite3", HEALTH, "bad_database_url"),
        ("nonsense://office:lock@db/tantam", HEALTH, "bad_database_url"),
        ("tantam", HEALTH, "bad_database_url"),
        ("postgresql://office:lock@db:port/tantam", HEALTH, "bad_database_url"),
        ("postgresql://office:lock@[db/tantam", HEALTH, "bad_database_url"),
        ("postgresql://office:lock@db", HEALTH, "bad_database_url"),
        ("postgresql://db/tantam", HEALTH, "bad_database_url"),
        ("", HEALTH, "bad_database_url"),
        (OFFICE, "mysql://nurse:lock@db/health", "bad_database_url"),
        (OFFICE, "", "health_database_missing"),
        (OFFICE, OFFICE, "health_database_shared"),
        (OFFICE, OFFICE.replace("office", "nurse"), "health_database_shared"),
        (OFFICE, HEALTH.replace("nurse", "office"), "health_database_shared"),
    ],
)
def test_wrong_addresses_stop_the_start(tmp_path: Path, office: str, health: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        databases({OFFICE_URL: office, HEALTH_URL: health}, tmp_path)
    assert refused.value.code == code
    assert "lock" not in str(refused.value), "an address holds a password"
    assert refused.value.__cause__ is None


class _Model:
    def __init__(self, label: str) -> None:
        self._meta = type("Meta", (), {"app_label": label})


def test_every_room_has_one_database() -> None:
    router = HealthRouter()
    assert {"camps", "hotline"} == HEALTH_APPS
    promise, camp = _Model("promises"), SampleVisit
    for model, here, there in ((promise, "default", "health"), (camp, "health", "default")):
        label = model._meta.app_label
        assert router.db_for_read(model) == router.db_for_write(model) == here
        assert router.allow_migrate(here, label)
        assert not router.allow_migrate(there, label)


def test_no_relation_across() -> None:
    router = HealthRouter()
    assert router.allow_relation(_Model("promises"), _Model("people"))
    assert router.allow_relation(_Model("camps"), SampleVisit)
    assert not router.allow_relation(_Model("promises"), SampleVisit)
    assert not router.allow_relation(SampleVisit, _Model("promises"))
