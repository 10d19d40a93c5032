"""To move a due date, and say why."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tantam.errors import TantamError
from tantam.office.promises import actions
from tantam.office.promises.models import Move, Tally, rate
from tests.office.promises.given import HELD, entries, promise, today

WHY = "Chờ trạm phát mới"


def test_the_due_date_moves_and_the_first_one_stays(world: Any) -> None:
    made = promise(world)
    moved = actions.redate(made, actor=world.dung, at=world.at, due=date(2026, 12, 1), reason=WHY)
    assert (moved.due, moved.first_due, moved.reason) == (date(2026, 12, 1), today(world), WHY)
    assert Tally.objects.get(span="d", office=None).on == today(world)
    assert entries(made) == ["promise.made", "promise.redated"]


def test_kept_by_its_new_date_it_counts_as_late(world: Any) -> None:
    made = promise(world)
    actions.redate(made, actor=world.dung, at=world.at, due=date(2026, 12, 1), reason=WHY)
    actions.keep(made, actor=world.dung, at=world.at + timedelta(days=2), **HELD)
    figures = rate(today=date(2026, 12, 5))
    assert (figures.kept_on_time, figures.kept_late, figures.due) == (0, 1, 1)


def test_each_moving_keeps_its_own_reason(world: Any) -> None:
    made = promise(world)
    actions.redate(made, actor=world.dung, at=world.at, due=date(2026, 12, 1), reason=WHY)
    actions.redate(made, actor=world.dung, at=world.at, due=date(2026, 12, 9), reason="Trạm về chậm")
    assert list(Move.objects.order_by("id").values_list("before", "due", "reason")) == [
        (today(world), date(2026, 12, 1), WHY),
        (date(2026, 12, 1), date(2026, 12, 9), "Trạm về chậm"),
    ]


def test_it_refuses_no_reason_an_earlier_day_and_a_day_gone_by(world: Any) -> None:
    made = promise(world)
    later = world.at + timedelta(days=30)
    for code, at, due, reason in (
        ("no_reason", world.at, date(2026, 12, 1), " "),
        ("not_later", world.at, today(world), WHY),
        ("not_later", later, today(world) + timedelta(days=1), WHY),
        ("too_long", world.at, date(2026, 12, 1), "ă" * 301),
    ):
        with pytest.raises(TantamError) as no:
            actions.redate(made, actor=world.dung, at=at, due=due, reason=reason)
        assert no.value.code == code
    assert entries(made) == ["promise.made"]


def test_a_settled_one_cannot_be_moved(world: Any) -> None:
    made = actions.keep(promise(world), actor=world.dung, at=world.at, **HELD)
    with pytest.raises(TantamError, match="promise_settled"):
        actions.redate(made, actor=world.dung, at=world.at, due=date(2026, 12, 1), reason=WHY)


@pytest.mark.parametrize(("who", "code"), [("stranger", "not_your_duty"), ("khoi", "not_your_office")])
def test_whoever_has_no_duty_there_cannot(world: Any, who: str, code: str) -> None:
    made = promise(world)
    with pytest.raises(TantamError) as no:
        actions.redate(made, actor=getattr(world, who), at=world.at, due=date(2026, 12, 1), reason=WHY)
    assert no.value.code == code


def test_moved_twice_alike_it_moved_once(world: Any) -> None:
    made = promise(world)
    for _ in range(2):
        actions.redate(made, actor=world.dung, at=world.at, due=date(2026, 12, 1), reason=WHY)
    assert entries(made) == ["promise.made", "promise.redated"]
    assert Move.objects.count() == 1
