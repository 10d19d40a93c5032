"""What is kept: promises, and a tally of them by office, kind and first due date."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models.functions import Coalesce

from tantam.office.people.models import Office, Staff
from tantam.office.promises.rules import Rate

OPEN, KEPT, BROKEN, RELEASED = "open", "kept", "broken", "released"


class Promise(models.Model):
    """Anything owed. ``first_due`` never moves: kept after it is kept late, however often ``due`` was moved."""

    kind = models.CharField(max_length=32)
    what = models.CharField(max_length=300)
    to_kind = models.CharField(max_length=16)  # party, subscriber, office, public: whom we owe
    to_id = models.CharField(max_length=40, blank=True)
    people = models.PositiveIntegerField(default=1)
    about_kind = models.CharField(
        max_length=32, blank=True
    )  # what it came from: event, programme, opinion, request
    about_id = models.CharField(max_length=40, blank=True)
    owner = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    first_due = models.DateField()
    due = models.DateField()
    legal = models.CharField(max_length=64, blank=True)  # code of tantam.law when a law sets the date
    state = models.CharField(max_length=8, default=OPEN)
    settled_on = models.DateField(null=True)  # the day in Vietnam it was kept, broken or released
    proof_kind = models.CharField(max_length=16, blank=True)
    proof = models.CharField(max_length=300, blank=True)
    reason = models.CharField(
        max_length=300, blank=True
    )  # why broken or released, in words a customer can read
    release_asked_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    released_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    creditor_yes = models.CharField(max_length=300, blank=True)  # who said yes, when and how

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[OPEN, KEPT, BROKEN, RELEASED]), name="promise_state"
            ),
            models.CheckConstraint(
                condition=models.Q(state=OPEN, settled_on__isnull=True)
                | (~models.Q(state=OPEN) & models.Q(settled_on__isnull=False)),
                name="promise_settled",
            ),
            models.CheckConstraint(
                condition=models.Q(due__gte=models.F("first_due")), name="promise_due_after_first"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due", "id"], name="promise_open"),
            models.Index(fields=["office", "state", "due", "id"], name="promise_office_open"),
            models.Index(fields=["owner", "state", "due", "id"], name="promise_owner_open"),
            models.Index(fields=["about_kind", "about_id"], name="promise_about"),
            models.Index(fields=["to_kind", "to_id"], name="promise_to"),
            models.Index(fields=["first_due", "id"], name="promise_first_due"),
        ]


class Tally(models.Model):
    """How the promises of one office, kind and first due date stand: kept in the same transaction as each act.

    The front page reads these instead of a million promises; a test holds them equal to a count of the promises.
    Figures are of promises (``…_count``) and of the people they were made to (``…_people``).
    """

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=32)
    first_due = models.DateField()
    open_count = models.IntegerField(default=0)
    kept_on_time_count = models.IntegerField(default=0)
    kept_late_count = models.IntegerField(default=0)
    broken_count = models.IntegerField(default=0)
    released_count = models.IntegerField(default=0)
    open_people = models.BigIntegerField(default=0)
    kept_on_time_people = models.BigIntegerField(default=0)
    kept_late_people = models.BigIntegerField(default=0)
    broken_people = models.BigIntegerField(default=0)
    released_people = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first_due", "office", "kind"], name="tally_once")]


def rate(
    *,
    today: date,
    offices: list[int] | None = None,
    first: date | None = None,
    last: date | None = None,
    kind: str = "",
    people: bool = False,
) -> Rate:
    """The counts behind the kept-promise rate over the first due dates from ``first`` to ``last``, up to today.

    ``offices``: ids, or None for all. With ``people`` each promise weighs as many as it was made to. A promise that
    is open on its own due day is not late yet, and not counted yet. One query over the tally.
    """
    rows = _due(today, offices, first, last)
    return _rate_of((rows.filter(kind=kind) if kind else rows).aggregate(**_sums(today, people)))


def rate_by(
    by: str,
    *,
    today: date,
    offices: list[int] | None = None,
    first: date | None = None,
    last: date | None = None,
) -> dict[Any, Rate]:
    """The same for each ``office`` (id) or ``kind``; one query over the tally."""
    rows = _due(today, offices, first, last).values(by).annotate(**_sums(today, False)).order_by(by)
    return {row[by]: _rate_of(row) for row in rows}


def rate_by_owner(
    *, today: date, offices: list[int] | None = None, first: date | None = None, last: date | None = None
) -> dict[int, Rate]:
    """The same for each owner (staff id): a count over the promises themselves, since the tally knows no owner."""
    kept = models.Q(state=KEPT)
    on_time = models.Q(settled_on__lte=models.F("first_due"))
    late = models.Q(state=OPEN, first_due__lt=today)
    sums = {
        "kept_on_time": models.Count("id", filter=kept & on_time),
        "kept_late": models.Count("id", filter=kept & ~on_time),
        "broken": models.Count("id", filter=models.Q(state=BROKEN)),
        "open_late": models.Count("id", filter=late),
        "released": models.Count("id", filter=models.Q(state=RELEASED)),
    }
    rows = _within(Promise.objects.all(), today, offices, first, last)
    return {r["owner"]: _rate_of(r) for r in rows.values("owner").annotate(**sums).order_by("owner")}


def _due(
    today: date, offices: list[int] | None, first: date | None, last: date | None
) -> models.QuerySet[Tally]:
    return _within(Tally.objects.all(), today, offices, first, last)


def _within(rows: Any, today: date, offices: list[int] | None, first: date | None, last: date | None) -> Any:
    rows = rows.filter(first_due__lte=min(last or today, today))
    if first is not None:
        rows = rows.filter(first_due__gte=first)
    return rows if offices is None else rows.filter(office__in=offices)


def _sums(today: date, people: bool) -> dict[str, Any]:
    unit = "people" if people else "count"

    def total(column: str, **only: Any) -> Any:
        return Coalesce(models.Sum(f"{column}_{unit}", filter=models.Q(**only) if only else None), 0)

    return {
        **{name: total(name) for name in ("kept_on_time", "kept_late", "broken", "released")},
        "open_late": total("open", first_due__lt=today),
    }


def _rate_of(row: dict[str, Any]) -> Rate:
    return Rate(
        **{name: row[name] for name in ("kept_on_time", "kept_late", "broken", "open_late", "released")}
    )
