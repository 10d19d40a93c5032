"""A home of an office with its two SQLite databases on files, apart from the databases the tests run in."""

from __future__ import annotations

from pathlib import Path

from django.db import models
from django.db.utils import ConnectionHandler

from tantam.office import keyring
from tantam.office.databases import databases


class SampleVisit(models.Model):
    """A row with every kind of column that SQLite only keeps with a converter."""

    at = models.DateTimeField()
    on = models.DateField()
    paid = models.BooleanField(default=False)
    weight = models.DecimalField(max_digits=8, decimal_places=2)
    facts = models.JSONField(default=dict)
    code = models.CharField(max_length=20, unique=True)

    class Meta:
        app_label = "camps"


def opened(home: Path) -> ConnectionHandler:
    """Connections to this home's two databases; its keys are made."""
    keyring.make(home)
    return ConnectionHandler(databases({}, home))


def with_rows(home: Path, rows: int = 3) -> ConnectionHandler:
    """The same, each database holding a table ``t`` of some rows."""
    both = opened(home)
    for alias in ("default", "health"):
        with both[alias].cursor() as cursor:
            cursor.execute("CREATE TABLE t (id integer PRIMARY KEY, word text NOT NULL)")
            cursor.execute(
                "WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n + 1 < %s) "
                "INSERT INTO t (word) SELECT 'chữ ' || n FROM c",
                [rows],
            )
    return both


def words(both: ConnectionHandler, alias: str) -> list[str]:
    """What the table holds."""
    with both[alias].cursor() as cursor:
        cursor.execute("SELECT word FROM t ORDER BY id")
        return [row[0] for row in cursor.fetchall()]
