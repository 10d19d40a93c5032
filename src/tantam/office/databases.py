"""Two databases that never meet: ``default`` for the office, ``health`` for rooms that hold health data.

Without a setting they are two SQLite files of the home, the second encrypted (:mod:`tantam.office.sqlcipher`). With
``TANTAM_DATABASE_URL`` and ``TANTAM_HEALTH_DATABASE_URL`` they are two PostgreSQL databases of two roles. Either way
the connection of ``default`` cannot open ``health``: it has no key there, or no right to connect.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dj_database_url

from tantam.errors import BadInput
from tantam.office import keyring

if TYPE_CHECKING:
    from django.db.utils import ConnectionHandler

HEALTH_APPS = frozenset({"camps", "hotline"})
"""Rooms that live only in ``health``; every other one lives only in ``default``."""

OFFICE_URL, HEALTH_URL = "TANTAM_DATABASE_URL", "TANTAM_HEALTH_DATABASE_URL"
WAIT_SECONDS = 20
KEEP_SECONDS = 600

_EXAMPLE = "postgresql://ROLE:PASSWORD@HOST:5432/NAME"
_SQLITE_START = (
    "PRAGMA journal_mode=WAL",  # readers never wait for the writer
    "PRAGMA synchronous=FULL",  # what was acknowledged is on the disk, also after a power cut
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={WAIT_SECONDS * 1000}",
)


def databases(env: Mapping[str, str], home: Path) -> dict[str, dict[str, Any]]:
    """Django's ``DATABASES``: SQLite in ``home``, or PostgreSQL where the environment names two databases.

    Opens and makes nothing. BadInput ``bad_database_url``, ``health_database_missing``, ``health_database_shared``;
    no message repeats an address, since it holds a password.
    """
    office_url, health_url = env.get(OFFICE_URL, ""), env.get(HEALTH_URL, "")
    if not office_url and not health_url:
        health_options = {"key_file": str(keyring.path(home, "health-key"))}
        return {
            "default": sqlite(home / "office.sqlite3", "django.db.backends.sqlite3"),
            "health": sqlite(home / "health.sqlite3", "tantam.office.sqlcipher", **health_options),
        }
    if not office_url:
        raise _bad_url(OFFICE_URL, f"is not set, though {HEALTH_URL} is")
    office = _postgres(OFFICE_URL, office_url)
    if not health_url:
        raise BadInput(
            "health_database_missing",
            f"{OFFICE_URL} is set and {HEALTH_URL} is not: health data needs a database and a role of its own.",
            f"Make them and set {HEALTH_URL}={_EXAMPLE}.",
        )
    health = _postgres(HEALTH_URL, health_url)
    shared = [word for word, part in (("database", "NAME"), ("role", "USER")) if office[part] == health[part]]
    if shared:
        raise BadInput(
            "health_database_shared",
            f"{OFFICE_URL} and {HEALTH_URL} name the same {' and the same '.join(shared)}.",
            "Give health data a database of its own and a role of its own, and let nobody else connect to it.",
        )
    return {"default": office, "health": health}


def sqlite(file: Path, engine: str, **options: str) -> dict[str, Any]:
    """Django's entry of one SQLite file whose transactions are on the disk when they end; opens and makes nothing."""
    return {
        "ENGINE": engine,
        "NAME": str(file),
        "CONN_MAX_AGE": KEEP_SECONDS,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            # A transaction that will write says so when it begins: it waits its turn, and never fails half-way.
            "transaction_mode": "IMMEDIATE",
            "timeout": WAIT_SECONDS,
            "init_command": ";".join(_SQLITE_START),
            **options,
        },
    }


def _postgres(name: str, url: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = {
            **dj_database_url.parse(url, conn_max_age=KEEP_SECONDS, conn_health_checks=True)
        }
    except ValueError:  # the cause repeats the address, so it is not shown
        raise _bad_url(name, "cannot be read as a database's address") from None
    if found["ENGINE"] != "django.db.backends.postgresql":
        raise _bad_url(name, "does not name a PostgreSQL database")
    for part, word in (("NAME", "database"), ("USER", "role")):
        if not found[part]:
            raise _bad_url(name, f"names no {word}")
    return found


def _bad_url(name: str, trouble: str) -> BadInput:
    return BadInput(
        "bad_database_url",
        f"{name} {trouble}.",
        f"Write {name}={_EXAMPLE}, or leave {OFFICE_URL} and {HEALTH_URL} out to use SQLite.",
    )


def open_walls(among: ConnectionHandler) -> list[str]:
    """Names of databases that the other one's role may connect to; none is as it should be, and always so on SQLite.

    For ``doctor``: an operator who forgets ``REVOKE CONNECT … FROM PUBLIC``, or gives a superuser, hears of it.
    """
    found = []
    for mine, other in (("default", "health"), ("health", "default")):
        here, there = among[mine].settings_dict, among[other].settings_dict
        if among[mine].vendor != "postgresql" or (here["HOST"], here["PORT"]) != (
            there["HOST"],
            there["PORT"],
        ):
            continue
        with among[mine].cursor() as cursor:
            cursor.execute(
                "SELECT datname FROM pg_database WHERE datname = %s AND has_database_privilege(oid, 'CONNECT')",
                [there["NAME"]],
            )
            found += [str(row[0]) for row in cursor.fetchall()]
    return found


class HealthRouter:
    """Sends every room to its one database; nothing is read, written, related or migrated across."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        """Where this model's rows are."""
        return _side(model._meta.app_label)

    def db_for_write(self, model: Any, **hints: Any) -> str:
        """Where this model's rows go: where they are read."""
        return _side(model._meta.app_label)

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        """Only on one side."""
        return _side(one._meta.app_label) == _side(other._meta.app_label)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """A room's tables are made on its own side only."""
        return db == _side(app_label)


def _side(app_label: str) -> str:
    return "health" if app_label in HEALTH_APPS else "default"
