"""To own up that a promise will not be kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tantam.errors import TantamError
from tantam.office.promises import actions
from tantam.office.promises.models import Tally, rate
from tests.office.promises.given import HELD, entries, promise, today

WHY = "Đường lên bản sạt lở, không dựng được trạm"


def test_it_stays_in_the_rate_for_ever(world: Any) -> None:
    made = actions.break_(promise(world), actor=world.lam, at=world.at, reason=WHY)
    assert (made.state, made.reason, made.settled_on) == ("broken", WHY, today(world))
    assert [c.broken_count for c in Tally.objects.all()] == [1] * 4
    figures = rate(today=today(world))
    assert (figures.due, figures.broken, figures.rate) == (1, 1, 0.0)


def test_owned_up_early_it_counts_from_its_due_day_on(world: Any) -> None:
    due = today(world) + timedelta(days=5)
    actions.break_(promise(world, due), actor=world.lam, at=world.at, reason=WHY)
    assert rate(today=today(world)).due == 0
    assert rate(today=due).broken == 1


def test_the_journal_tells_of_it(world: Any) -> None:
    made = actions.break_(promise(world), actor=world.lam, at=world.at, reason=WHY)
    assert entries(made) == ["promise.made", "promise.broken"]


def test_it_refuses_no_reason_and_a_settled_one(world: Any) -> None:
    made = promise(world)
    with pytest.raises(TantamError, match="no_reason"):
        actions.break_(made, actor=world.lam, at=world.at, reason="")
    actions.keep(made, actor=world.lam, at=world.at, **HELD)
    with pytest.raises(TantamError, match="promise_settled"):
        actions.break_(made, actor=world.lam, at=world.at, reason=WHY)


@pytest.mark.parametrize(
    ("who", "code"), [("stranger", "not_your_duty"), ("dung", "not_your_duty"), ("khoi", "not_your_office")]
)
def test_whoever_has_no_duty_there_cannot(world: Any, who: str, code: str) -> None:
    made = promise(world)
    with pytest.raises(TantamError) as no:
        actions.break_(made, actor=getattr(world, who), at=world.at, reason=WHY)
    assert no.value.code == code


def test_broken_twice_it_was_broken_the_first_time(world: Any) -> None:
    made = promise(world)
    actions.break_(made, actor=world.lam, at=world.at, reason=WHY)
    again = actions.break_(made, actor=world.lam, at=world.at + timedelta(days=1), reason="Khác")
    assert (again.reason, again.settled_on) == (WHY, today(world))
    assert entries(made) == ["promise.made", "promise.broken"]
