"""``tantam office doctor``: what is amiss with the office, in plain sentences."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from tantam.cli.door import home_option, json_option
from tantam.errors import TantamError

LEAST_FREE_MB = 1_000
QUIET = timedelta(minutes=10)


@click.command()
@json_option
@home_option
def doctor(home: Path, as_json: bool) -> None:
    """Say what is amiss with the office: databases, keys, tables, settings, disk, clock; exit 1 if anything is."""
    found = {name: [] for name in CHECKS} if (trouble := _open(home)) is None else {"settings": [trouble]}
    if trouble is None:
        found = {name: _asked(check) for name, check in CHECKS.items()}
    amiss = [sentence for said in found.values() for sentence in said]
    if as_json:
        click.echo(json.dumps({"well": not amiss, "amiss": found}, ensure_ascii=False))
    else:
        for name, said in found.items():
            click.echo(f"{'✗' if said else '✓'} {name}" + "".join(f"\n    {sentence}" for sentence in said))
        click.echo("All is well." if not amiss else f"{len(amiss)} to mend.")
    if amiss:
        raise click.exceptions.Exit(1)


def _open(home: Path) -> str | None:
    from tantam.cli.office_home import open_office

    try:
        open_office(home)
    except TantamError as error:
        return str(error)
    return None


def _asked(check: Callable[[], Iterator[str]]) -> list[str]:
    """What a check says; one that breaks is itself a finding."""
    try:
        return list(check())
    except TantamError as error:
        return [str(error)]
    except Exception as error:  # a database's own message may hold its address
        return [f"This could not be looked at: {type(error).__name__}."]


def _settings() -> Iterator[str]:
    from django.conf import settings

    from tantam.cli.reference import SETTINGS

    for name in sorted(set(os.environ) - set(SETTINGS)):
        if name.startswith("TANTAM_"):
            yield f"{name} is set, and there is no such setting: see docs/reference/settings.md."
    outside = os.environ.get("TANTAM_BIND", "127.0.0.1") not in ("127.0.0.1", "::1", "localhost")
    if outside and not settings.HTTPS:
        yield "Other machines are let in (TANTAM_BIND) without HTTPS: passwords would go in the clear."
    if outside and settings.DEMO:
        yield "A demo (TANTAM_DEMO=yes) must not be open to other machines: unset TANTAM_BIND."
    if settings.SECOND_FACTOR == "no" and not settings.DEMO:
        yield "Staff sign in without a second factor: unset TANTAM_SECOND_FACTOR."


def _databases() -> Iterator[str]:
    from django.db import DatabaseError, connections

    for alias in connections:
        try:
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT 1")
                if connections[alias].vendor == "sqlite":
                    yield from _sqlite(alias, cursor)
        except DatabaseError:
            yield f"The database “{alias}” does not answer: is it running, and is its address right?"


def _sqlite(alias: str, cursor: Any) -> Iterator[str]:
    for pragma, wanted in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
        (value,) = cursor.execute(f"PRAGMA {pragma}").fetchone()
        if value != wanted:
            yield f"“{alias}” runs with {pragma}={value}, not {wanted}: is the home on a network disk?"


def _tables() -> Iterator[str]:
    from tantam.cli.office_tables import missing

    for alias, steps in missing().items():
        if steps:
            yield f"“{alias}” is {steps} steps behind this version: tantam office migrate."


def _keys() -> Iterator[str]:
    from django.conf import settings

    from tantam.office import keyring

    folder = settings.HOME / "secret"
    if folder.stat().st_mode & 0o077:
        yield f"Others may look into {folder}: chmod 700 {folder}."
    for name in keyring.NAMES:
        try:
            keyring.read(settings.HOME, name)
        except TantamError as error:
            yield str(error)
    for file in (settings.HOME / name for name in keyring.DATABASE_FILES):
        if file.exists() and file.stat().st_mode & 0o077:
            yield f"Others may read {file}: chmod 600 {file}."


def _health_apart() -> Iterator[str]:
    """``default``'s own connection must not be able to open the health database."""
    from django.db import connections

    health = connections["health"].settings_dict
    reached = _postgres_reaches(health) if connections["health"].vendor != "sqlite" else _file_opens(health)
    if reached:
        yield "The health database opens without its own key or role: close it before anybody's health is in it."


def _file_opens(health: dict[str, Any]) -> bool:
    plain = sqlite3.connect(f"{Path(health['NAME']).absolute().as_uri()}?mode=ro", uri=True)
    try:
        plain.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError:
        return False
    finally:
        plain.close()
    return True


def _postgres_reaches(health: dict[str, Any]) -> bool:
    from django.db import OperationalError, connections

    office = connections["default"]
    other = type(office)({**office.settings_dict, "NAME": health["NAME"]}, "default")
    try:
        other.ensure_connection()
    except OperationalError:
        return False
    finally:
        other.close()
    return True


def _disk() -> Iterator[str]:
    from django.conf import settings

    free_mb = shutil.disk_usage(settings.HOME).free // 2**20
    if free_mb < LEAST_FREE_MB:
        yield f"Only {free_mb} MB of disk are free where {settings.HOME} lies; make room for {LEAST_FREE_MB}."
    if (settings.HOME / "restoring").exists():
        yield "A restore was cut off half-way: run the same `tantam office restore … --replace` again."


def _clock() -> Iterator[str]:
    from tantam import clock
    from tantam.office.journal.models import Entry

    last = Entry.objects.order_by("-id").values_list("at", flat=True).first()
    if last and last > clock.now() + timedelta(minutes=2):
        yield f"The journal's last entry is of {last:%Y-%m-%d %H:%M} UTC, which is yet to come: is the clock right?"


def _worker() -> Iterator[str]:
    from tantam import clock
    from tantam.office.journal.models import Entry
    from tantam.office.worker.models import Chore

    now = clock.now()
    waiting = Entry.objects.filter(seal__isnull=True).order_by("id").values_list("at", flat=True).first()
    if waiting and now - waiting > QUIET:
        yield "The journal waits to be sealed: run `tantam office work`, or `serve --and-work`."
    for chore in Chore.objects.filter(failures__gte=3).order_by("name"):
        yield f"The chore {chore.name} failed {chore.failures} times in a row: its log lines say where."


CHECKS: dict[str, Callable[[], Iterator[str]]] = {
    "settings": _settings,
    "databases": _databases,
    "tables": _tables,
    "keys": _keys,
    "health apart": _health_apart,
    "disk": _disk,
    "clock": _clock,
    "worker": _worker,
}
"""What is looked at, in order; each check gives a sentence for every thing amiss."""
