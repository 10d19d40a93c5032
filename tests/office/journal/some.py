"""Entries to seal, and a way past the triggers for whoever tampers with the database's own tools."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from tantam.office.journal import actions

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def write(many: int) -> None:
    """So many entries, no two alike."""
    with transaction.atomic():
        for n in range(many):
            at = AT + timedelta(seconds=n)
            actions.write(actor=None, act="promise.kept", at=at, on=("promise", n), office=7, late=n % 3)


def seal(batch: int = 3) -> int:
    """Everything, in small seals."""
    return actions.seal(at=AT, batch=batch)


def drop_triggers() -> None:
    """What somebody with the database's password can do."""
    with connection.cursor() as cursor:
        for name in (
            "journal_entry_stays",
            "journal_entry_is_kept",
            "journal_seal_stays",
            "journal_seal_is_kept",
        ):
            if connection.vendor == "postgresql":
                table = "journal_entry" if "entry" in name else "journal_seal"
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            else:
                cursor.execute(f"DROP TRIGGER {name}")


def sql(statement: str, *values: Any) -> int:
    """Rows changed by a statement of one's own."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
