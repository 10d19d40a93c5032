"""Who agreed to be known as having come to something of a programme: the key, what, and the day; nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from tantam.office.programmes.models import Attendance


def note(keys: Mapping[UUID, int], *, what: str, on: date) -> int:
    """Note each key once (``once`` → key); gives how many are new. Inside the transaction of the act it belongs to."""
    known = set(Attendance.objects.filter(once__in=list(keys)).values_list("once", flat=True))
    rows = [
        Attendance(once=once, key=key, what=what, on=on) for once, key in keys.items() if once not in known
    ]
    Attendance.objects.bulk_create(rows, ignore_conflicts=True, batch_size=200)
    return len(rows)


def withdraw(onces: list[UUID]) -> int:
    """Remove what is no longer agreed to; gives how many there were."""
    removed, _ = Attendance.objects.filter(once__in=onces).delete()
    return removed
