"""What is kept: promises, each moving of a date, and a tally of both months and days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import Case, Count, F, Func, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from tantam.office.people.models import Office, Staff
from tantam.office.promises.rules import Rate, Standing, month_of

OPEN, KEPT, BROKEN, RELEASED = "open", "kept", "broken", "released"
DAY, MONTH = "d", "m"


class Promise(models.Model):
    """Anything owed. ``first_due`` never moves: kept after it is kept late, however often ``due`` was moved."""

    kind = models.CharField(max_length=32)
    what = models.CharField(max_length=300)
    plain = models.CharField(max_length=300, blank=True)  # the same without accents, for searching
    to_kind = models.CharField(max_length=16)  # party, subscriber, office, public: whom we owe
    to_id = models.CharField(max_length=40, blank=True)
    people = models.PositiveIntegerField(default=1)
    about_kind = models.CharField(max_length=32, blank=True)  # what it came from: event, programme, request
    about_id = models.CharField(max_length=40, blank=True)
    # No index of their own where a longer one below begins with them: each costs every act a page of the disk.
    owner = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    first_due = models.DateField()
    due = models.DateField()
    legal = models.CharField(max_length=64, blank=True)  # code of tantam.law when a law sets the date
    state = models.CharField(max_length=8, default=OPEN)
    settled_on = models.DateField(null=True)  # the day in Vietnam it was kept, broken or released
    proof_kind = models.CharField(max_length=16, blank=True)
    proof = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=300, blank=True)  # why moved or broken, in words a customer can read
    release_asked_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    released_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    creditor_yes = models.CharField(max_length=300, blank=True)  # who said yes, when and how
    once = models.UUIDField(
        null=True, unique=True
    )  # of the form it came from, so that two clicks make one promise

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[OPEN, KEPT, BROKEN, RELEASED]), name="promise_state"
            ),
            models.CheckConstraint(
                condition=Q(state=OPEN, settled_on__isnull=True)
                | (~Q(state=OPEN) & Q(settled_on__isnull=False)),
                name="promise_settled",
            ),
            models.CheckConstraint(condition=Q(due__gte=F("first_due")), name="promise_due_after_first"),
        ]
        indexes = [
            models.Index(fields=["state", "first_due", "id"], name="promise_state_due"),
            models.Index(fields=["office", "state", "first_due", "id"], name="promise_office_due"),
            models.Index(fields=["owner", "state", "first_due", "id"], name="promise_owner_due"),
            models.Index(fields=["first_due", "id"], name="promise_first_due"),
            models.Index(fields=["about_kind", "about_id"], name="promise_about"),
            models.Index(fields=["to_kind", "to_id"], name="promise_to"),
            # The front page weighs every late one by people and days: from this index alone, and of open ones only.
            # (By a null rather than by the state: SQLite cannot match a condition that comes as a parameter.)
            models.Index(
                fields=["first_due", "office", "people", "legal"],
                condition=Q(settled_on__isnull=True),
                name="promise_waiting",
            ),
        ]


class Move(models.Model):
    """One moving of a due date, with the reason given that day: a second moving does not hide the first."""

    promise = models.ForeignKey(Promise, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    before = models.DateField()
    due = models.DateField()
    reason = models.CharField(max_length=300, blank=True)


class Tally(models.Model):
    """How the promises of one office (null: of the whole company) and kind stand, by first due day and by its month:
    kept in the same transaction as each act.

    The front page reads whole months, and days only at the ends of a period, instead of a million promises; a test
    holds both equal to a count of the promises. Figures are of promises (``…_count``) and of the people they were
    made to (``…_people``).
    """

    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+", db_index=False)
    kind = models.CharField(max_length=32)
    span = models.CharField(max_length=1)  # d: one day; m: a month, by its first day
    on = models.DateField()
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
        constraints = [
            models.UniqueConstraint(fields=["office", "span", "on", "kind"], name="tally_once"),
            models.UniqueConstraint(
                fields=["span", "on", "kind"], condition=Q(office__isnull=True), name="tally_whole_once"
            ),
        ]


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
    rows = _cells(today, offices, first, last)
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
    cells = _cells(today, offices, first, last, each=by == "office")
    rows = cells.values(by).annotate(**_sums(today, False)).order_by(by)
    return {row[by]: _rate_of(row) for row in rows}


def rate_by_month_and_kind(
    *, today: date, offices: list[int] | None = None, first: date | None = None, last: date | None = None
) -> dict[tuple[date, str], Rate]:
    """The same for each month (its first day) and kind: quarters and kinds of a page are sums of these. One query."""
    rows = _cells(today, offices, first, last).values("on", "kind").annotate(**_sums(today, False))
    found: dict[tuple[date, str], Rate] = {}
    for row in rows:
        place = (month_of(row["on"]), row["kind"])
        found[place] = found.get(place, Rate()) + _rate_of(row)
    return found


def rate_by_owner(
    *, today: date, offices: list[int] | None = None, first: date | None = None, last: date | None = None
) -> dict[int, Rate]:
    """The same for each owner (staff id): a count over the promises themselves, since the tally knows no owner."""
    kept, on_time = Q(state=KEPT), Q(settled_on__lte=F("first_due"))
    sums = {
        "kept_on_time": Count("id", filter=kept & on_time),
        "kept_late": Count("id", filter=kept & ~on_time),
        "broken": Count("id", filter=Q(state=BROKEN)),
        "open_late": Count("id", filter=Q(state=OPEN, first_due__lt=today)),
        "released": Count("id", filter=Q(state=RELEASED)),
    }
    rows = within(Promise.objects.filter(first_due__lte=min(last or today, today)), offices)
    if first is not None:
        rows = rows.filter(first_due__gte=first)
    return {r["owner"]: _rate_of(r) for r in rows.values("owner").annotate(**sums).order_by("owner")}


def standing(*, today: date, offices: list[int] | None = None, kind: str = "") -> Standing:
    """How many promises stand where today, whenever they are due; one query over the tally's months and this month."""
    month = month_of(today)
    rows = _of(offices, Tally.objects.filter(Q(span=MONTH) | Q(span=DAY, on__gte=month, on__lt=today)))
    if kind:
        rows = rows.filter(kind=kind)
    late = Q(span=DAY) | Q(on__lt=month)
    whole = {name: _total(f"{name}_count", Q(span=MONTH)) for name in ("kept_on_time", "kept_late", "broken")}
    found = rows.aggregate(
        **whole,
        released=_total("released_count", Q(span=MONTH)),
        late=_total("open_count", late),
        open=_total("open_count", Q(span=MONTH)),
    )
    return Standing(**found)


class _Waiting(Func):
    """People × days: how much waiting a late promise has caused until a day, in whole numbers of the database's own."""

    output_field = models.BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(CAST(julianday(%(expressions)s) AS INTEGER))"
        return super().as_sql(compiler, connection, template=template, arg_joiner=") - julianday(", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(%(expressions)s)"
        return super().as_sql(compiler, connection, template=template, arg_joiner="::date - ", **context)


def late_first(today: date, offices: list[int] | None = None) -> models.QuerySet[Promise]:
    """The open promises past their first due date: passed legal deadlines first, then by people × days waited."""
    late = within(Promise.objects.filter(settled_on__isnull=True, first_due__lt=today), offices)
    days = _Waiting(Value(today, models.DateField()), F("first_due"))
    beyond_law = Case(When(legal="", then=Value(1)), default=Value(0))
    waited = models.ExpressionWrapper(F("people") * days, models.BigIntegerField())
    return late.annotate(waited=waited, beyond_law=beyond_law).order_by(
        "beyond_law", "-waited", "first_due", "id"
    )


def within(rows: Any, offices: list[int] | None) -> Any:
    """Only the rows of these offices; None is all of them."""
    if offices is None:
        return rows
    return rows.filter(office=offices[0]) if len(offices) == 1 else rows.filter(office__in=offices)


def _cells(
    today: date, offices: list[int] | None, first: date | None, last: date | None, each: bool = False
) -> models.QuerySet[Tally]:
    """The cells that make up a period: its whole months, and the days before and after them; ``each``: office by
    office also where all are asked for."""
    last = min(last or today, today)
    # A month that ends today is read by days, since what is open and due today is not late yet.
    whole_to = month_of(min(last, today - timedelta(days=1)) + timedelta(days=1))
    cells = Q(span=DAY, on__gte=whole_to, on__lte=last)
    if first is None:
        cells |= Q(span=MONTH, on__lt=whole_to)
    else:
        whole_from = first if first.day == 1 else month_of(first.replace(day=1) + timedelta(days=31))
        if whole_from >= whole_to:
            cells = Q(span=DAY, on__gte=first, on__lte=last)
        else:
            cells |= Q(span=MONTH, on__gte=whole_from, on__lt=whole_to) | Q(
                span=DAY, on__gte=first, on__lt=whole_from
            )
    found = Tally.objects.filter(cells)
    return found.filter(office__isnull=False) if each and offices is None else _of(offices, found)


def _of(offices: list[int] | None, cells: models.QuerySet[Tally]) -> models.QuerySet[Tally]:
    """The cells of these offices; of all of them the company's own, a hundred times fewer."""
    return cells.filter(office__isnull=True) if offices is None else within(cells, offices)


def _sums(today: date, people: bool) -> dict[str, Any]:
    unit = "people" if people else "count"
    names = ("kept_on_time", "kept_late", "broken", "released")
    return {
        **{name: _total(f"{name}_{unit}") for name in names},
        "open_late": _total(f"open_{unit}", Q(on__lt=today)),
    }


def _total(column: str, only: Q | None = None) -> Any:
    # A CASE rather than FILTER: SQLite and PostgreSQL then read the cells once, and empty is nought.
    value = F(column) if only is None else Case(When(only, then=F(column)), default=Value(0))
    return Coalesce(Sum(value), 0)


def _rate_of(row: Mapping[str, Any]) -> Rate:
    return Rate(
        **{name: row[name] for name in ("kept_on_time", "kept_late", "broken", "open_late", "released")}
    )
