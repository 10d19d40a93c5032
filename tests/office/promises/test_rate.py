"""The kept-promise rate: what is due, what is left out, and the tally against a count of the promises."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tantam.errors import TantamError
from tantam.office.promises import actions
from tantam.office.promises.models import (
    Promise,
    Tally,
    late_first,
    rate,
    rate_by,
    rate_by_month_and_kind,
    rate_by_owner,
    standing,
)
from tantam.office.promises.rules import Rate, month_of, outcome
from tests.office.promises.given import HELD, promise, today


@pytest.fixture
def mixed(world: Any) -> Any:
    """Five due by today: kept, kept late, broken, late, moved and late; one released; one due tomorrow."""
    now = world.at
    actions.keep(promise(world, people=6), actor=world.dung, at=now, **HELD)
    late = promise(world, today(world) - timedelta(days=2))
    actions.keep(late, actor=world.dung, at=now, **HELD)
    broken = promise(world, office=world.ca_mau, owner=world.khoi, actor=world.khoi)
    actions.break_(broken, actor=world.khoi, at=now, reason="Mưa lũ")
    promise(world, today(world) - timedelta(days=1), people=312)
    moved = promise(world, today(world) - timedelta(days=3), kind="gathering")
    actions.redate(moved, actor=world.lam, at=now, due=today(world) + timedelta(days=9), reason="Mưa")
    let_off = promise(world)
    actions.ask_release(let_off, actor=world.lam, at=now, creditor_yes="Chị Hạnh thôi")
    actions.release(let_off, actor=world.hoa, at=now)
    promise(world, today(world) + timedelta(days=1))
    promise(world, today(world))  # open on its own day: not late, not counted
    return world


def test_the_parts_add_up_and_what_is_released_stands_apart(mixed: Any) -> None:
    found = rate(today=today(mixed))
    assert found.figures() == {
        "due": 5,
        "kept_on_time": 1,
        "kept_late": 1,
        "broken": 1,
        "open_late": 2,
        "released": 1,
        "rate": 0.2,
    }


def test_it_is_weighed_by_people(mixed: Any) -> None:
    found = rate(today=today(mixed), people=True)
    assert (found.kept_on_time, found.open_late, found.due) == (6, 313, 321)


def test_by_branch_owner_and_kind_the_parts_are_the_whole(mixed: Any) -> None:
    day = today(mixed)
    whole = rate(today=day)
    for parts in (rate_by("office", today=day), rate_by("kind", today=day), rate_by_owner(today=day)):
        assert sum(parts.values(), Rate()) == whole
    assert rate_by("office", today=day)[mixed.ca_mau.pk] == Rate(broken=1)
    assert rate_by_owner(today=day)[mixed.khoi.pk] == Rate(broken=1)
    assert rate(today=day, kind="gathering") == Rate(open_late=1)
    assert rate(today=day, offices=[mixed.ca_mau.pk]) == Rate(broken=1)


def test_standing_counts_everything_whenever_due(mixed: Any) -> None:
    found = standing(today=today(mixed))
    assert (found.late, found.waiting, found.open) == (2, 2, 4)
    assert (found.kept_on_time, found.kept_late, found.broken, found.released) == (1, 1, 1, 1)


def test_with_nothing_due_there_is_no_rate(world: Any) -> None:
    assert rate(today=today(world)).rate is None


def counted(day: date, first: date | None, last: date | None) -> Rate:
    """The rate by looking at each promise."""
    found = Rate()
    for one in Promise.objects.all():
        if one.first_due > min(last or day, day) or (first and one.first_due < first):
            continue
        column = outcome(one.state, one.first_due, one.settled_on)
        if column == "open":
            found += Rate(open_late=int(one.first_due < day))
        else:
            found += Rate(**{column: 1})
    return found


@pytest.mark.parametrize(
    "day", [date(2026, 11, 30), date(2026, 12, 1), date(2027, 2, 28), date(2026, 11, 15)]
)
def test_every_period_equals_a_count_of_the_promises(world: Any, day: date) -> None:
    for n in range(40):
        due = date(2026, 9, 25) + timedelta(days=5 * n)
        made = promise(world, due, at=datetime(2026, 9, 1, tzinfo=UTC), kind=("reply", "gift")[n % 2])
        if n % 3:
            at = datetime(due.year, due.month, due.day, tzinfo=UTC) + timedelta(days=n % 5 - 2)
            actions.keep(made, actor=world.dung, at=at, **HELD)
    edges = [
        None,
        date(2026, 9, 1),
        date(2026, 10, 1),
        date(2026, 10, 17),
        date(2026, 10, 31),
        day,
        date(2027, 6, 1),
    ]
    for first in edges:
        for last in edges:
            assert rate(today=day, first=first, last=last) == counted(day, first, last), (first, last)
            cells = rate_by_month_and_kind(today=day, first=first, last=last)
            assert sum(cells.values(), Rate()) == counted(day, first, last)


ACTS = st.sampled_from(["keep", "redate", "break", "ask", "release"])
STEPS = st.lists(st.tuples(ACTS, st.integers(0, 3), st.integers(0, 60)), max_size=12)
DUES = st.lists(
    st.tuples(st.integers(0, 70), st.sampled_from(["reply", "gift"]), st.integers(1, 9)), max_size=4
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dues=DUES, steps=STEPS)
def test_after_any_acts_the_tally_equals_the_promises(world: Any, dues: list[Any], steps: list[Any]) -> None:
    at = world.at
    with transaction.atomic():
        made = [promise(world, today(world) + timedelta(days=d), kind=k, people=p, at=at) for d, k, p in dues]
        for act, nth, days in steps:
            if nth < len(made):
                _try(world, act, made[nth], at + timedelta(days=days))
        assert _tallied() == _scanned()
        transaction.set_rollback(True)  # the next example starts from nothing again


def _try(world: Any, act: str, one: Promise, at: datetime) -> None:
    acts = {
        "keep": lambda: actions.keep(one, actor=world.dung, at=at, **HELD),
        "redate": lambda: actions.redate(
            one, actor=world.lam, at=at, due=today(world) + timedelta(days=90), reason="x"
        ),
        "break": lambda: actions.break_(one, actor=world.lam, at=at, reason="x"),
        "ask": lambda: actions.ask_release(one, actor=world.lam, at=at, creditor_yes="x"),
        "release": lambda: actions.release(one, actor=world.hoa, at=at),
    }
    with suppress(TantamError):  # what is refused changes nothing: that is what is tested
        acts[act]()


COLUMNS = ("open", "kept_on_time", "kept_late", "broken", "released")


def _tallied() -> dict[Any, tuple[int, int]]:
    found = {}
    for cell in Tally.objects.all():
        for column in COLUMNS:
            pair = (getattr(cell, f"{column}_count"), getattr(cell, f"{column}_people"))
            if pair != (0, 0):
                found[cell.office_id, cell.span, cell.on, cell.kind, column] = pair
    return found


def _scanned() -> dict[Any, tuple[int, int]]:
    found: dict[Any, tuple[int, int]] = {}
    for one in Promise.objects.all():
        column = outcome(one.state, one.first_due, one.settled_on)
        for span, on in (("d", one.first_due), ("m", month_of(one.first_due))):
            for office in (one.office_id, None):
                n, people = found.get((office, span, on, one.kind, column), (0, 0))
                found[office, span, on, one.kind, column] = (n + 1, people + one.people)
    return found


def test_the_late_stand_by_people_and_days_and_the_law_first(world: Any) -> None:
    day = today(world)
    short = promise(world, day - timedelta(days=1), people=312, what="312 người, 1 ngày")
    long = promise(world, day - timedelta(days=6), people=100, what="100 người, 6 ngày")
    by_law = promise(world, day - timedelta(days=2), people=1, legal="complaint_answer")
    promise(world, day)
    found = list(late_first(day))
    assert found == [by_law, long, short]
    assert [one.waited for one in found] == [2, 600, 312]
    assert list(late_first(day, [world.ca_mau.pk])) == []
