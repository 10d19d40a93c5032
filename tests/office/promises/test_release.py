"""To confirm, as the second person, that we are let off."""

from __future__ import annotations

from typing import Any

import pytest

from tantam.errors import TantamError
from tantam.office.promises import actions
from tantam.office.promises.models import Promise, Tally, rate
from tests.office.promises.given import HELD, entries, promise, today

YES = "Chị Hạnh nói không cần nữa, gọi lúc 9:10 ngày 20/11"


def asked(world: Any) -> Promise:
    return actions.ask_release(promise(world), actor=world.lam, at=world.at, creditor_yes=YES)


def test_it_stands_apart_and_leaves_the_rate(world: Any) -> None:
    made = actions.release(asked(world), actor=world.hoa, at=world.at)
    assert (made.state, made.released_by, made.settled_on) == ("released", world.hoa, today(world))
    assert [(c.open_count, c.released_count) for c in Tally.objects.all()] == [(0, 1)] * 4
    figures = rate(today=today(world))
    assert (figures.released, figures.due, figures.rate) == (1, 0, None)
    assert entries(made)[-1] == "promise.released"


def test_it_refuses_the_same_person_and_what_nobody_asked_for(world: Any) -> None:
    with pytest.raises(TantamError, match="same_person"):
        actions.release(asked(world), actor=world.lam, at=world.at)
    with pytest.raises(TantamError, match="no_yes"):
        actions.release(promise(world), actor=world.hoa, at=world.at)


def test_a_kept_one_is_not_released(world: Any) -> None:
    made = asked(world)
    actions.keep(made, actor=world.dung, at=world.at, **HELD)
    with pytest.raises(TantamError, match="promise_settled"):
        actions.release(made, actor=world.hoa, at=world.at)


@pytest.mark.parametrize(("who", "code"), [("stranger", "not_your_duty"), ("khoi", "not_your_office")])
def test_whoever_has_no_duty_there_cannot(world: Any, who: str, code: str) -> None:
    made = asked(world)
    with pytest.raises(TantamError) as no:
        actions.release(made, actor=getattr(world, who), at=world.at)
    assert no.value.code == code


def test_released_twice_it_was_released_once(world: Any) -> None:
    made = asked(world)
    for _ in range(2):
        actions.release(made, actor=world.hoa, at=world.at)
    assert entries(made) == ["promise.made", "promise.release_asked", "promise.released"]
    assert Tally.objects.get(span="d", office=None).released_count == 1
