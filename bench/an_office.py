"""An office of a bench's own, once on SQLite and once on PostgreSQL, both as an operator runs them: every commit is on
the disk when it returns. Each in a process of its own, one after the other in one run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import psycopg

DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
ON = ("sqlite", "postgres")


def on_both(module: str) -> dict[str, Any]:
    """The figures of ``python -m MODULE sqlite`` and ``… postgres``, each with its database's name behind it."""
    from tests.office import pg

    pg.SETTINGS |= DURABLE
    office, health = pg.urls() or (None, None)
    found: dict[str, Any] = {}
    for on in ON:
        with tempfile.TemporaryDirectory() as home:
            changed = {
                "TANTAM_HOME": home,
                "DJANGO_SETTINGS_MODULE": "tantam.office.settings",
                "TANTAM_LOG": "error",
            }
            if on == "postgres":
                if office is None or health is None:
                    found["no_postgres"] = "there is no PostgreSQL here"
                    continue
                for url in (office, health):
                    _emptied(url)
                changed |= {"TANTAM_DATABASE_URL": office, "TANTAM_HEALTH_DATABASE_URL": health}
            words = [sys.executable, "-m", module, on]
            done = subprocess.run(words, env={**os.environ, **changed}, stdout=subprocess.PIPE, check=True)
        found |= {f"{name}_{on}": value for name, value in json.loads(done.stdout).items()}
    return found


def _emptied(url: str) -> None:
    """One server serves all benches of a run; each starts with nothing in it."""
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("DROP SCHEMA public CASCADE")
        server.execute("CREATE SCHEMA public")


def ready() -> Path:
    """Make this process an office with empty tables; gives its home."""
    import django

    django.setup()
    from django.core.management import call_command

    for alias in ("default", "health"):
        call_command("migrate", database=alias, verbosity=0)
    return Path(os.environ["TANTAM_HOME"])


def settled() -> None:
    """Let the database look at what it now holds, as PostgreSQL does of itself within a minute (autovacuum)."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def tell(figures: dict[str, Any]) -> None:
    """What :func:`on_both` reads."""
    print(json.dumps(figures))
