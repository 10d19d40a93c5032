"""How a programme keeps its rhythm: its promises counted, in all and branch by branch."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db.models import Count, F, Min, Q

from tantam.office.programmes.models import Programme
from tantam.office.promises.models import BROKEN, KEPT, OPEN, Promise


@dataclass(frozen=True)
class Meter:
    """Promises kept on the day or after it, late (past due and open, or broken), and due later."""

    kept: int = 0
    kept_late: int = 0
    late: int = 0
    due: int = 0
    next_due: date | None = None

    @property
    def whole(self) -> int:
        return self.kept + self.kept_late + self.late + self.due

    @property
    def past(self) -> int:
        """Those whose day has come."""
        return self.kept + self.kept_late + self.late


def counts(programmes: list[int], today: date) -> dict[int, Meter]:
    """One meter a programme; one query."""
    mine = Promise.objects.filter(about_kind="programme", about_id__in=[str(pk) for pk in programmes])
    rows = mine.values("about_id").annotate(**_sums(today))
    found = {int(row["about_id"]): _meter(dict(row)) for row in rows}
    return {pk: found.get(pk, Meter()) for pk in programmes}


def by_office(programme: Programme, today: date) -> list[dict[str, Any]]:
    """One meter an office of the programme, the late ones first, then by name; one query."""
    mine = Promise.objects.filter(about_kind="programme", about_id=str(programme.pk))
    rows = mine.values("office", "office__name").annotate(**_sums(today)).order_by("office__name", "office")
    lines = [(_meter(dict(row)), row["office"], row["office__name"]) for row in rows]
    lines.sort(key=lambda line: -line[0].late)
    return [{"meter": one, "office": office, "name": name} for one, office, name in lines]


def _meter(row: dict[str, Any]) -> Meter:
    return Meter(**{field.name: row[field.name] for field in fields(Meter)})


def parts(today: date) -> dict[str, Q]:
    """Which promises each figure of a meter counts, by its name."""
    kept, on_time = Q(state=KEPT), Q(settled_on__lte=F("first_due"))
    return {
        "kept": kept & on_time,
        "kept_late": kept & ~on_time,
        "late": Q(state=BROKEN) | Q(state=OPEN, first_due__lt=today),
        "due": Q(state=OPEN, first_due__gte=today),
    }


def _sums(today: date) -> dict[str, Any]:
    counted = parts(today)
    sums = {name: Count("id", filter=which) for name, which in counted.items()}
    return sums | {"next_due": Min("first_due", filter=counted["due"])}
