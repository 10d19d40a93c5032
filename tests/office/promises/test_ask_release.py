"""To say that whoever we owe lets us off."""

from __future__ import annotations

from typing import Any

import pytest

from tantam.errors import TantamError
from tantam.office.promises import actions
from tantam.office.promises.models import Tally
from tests.office.promises.given import HELD, entries, promise

YES = "Chị Hạnh nói không cần nữa, gọi lúc 9:10 ngày 20/11"


def test_it_is_asked_and_stays_open(world: Any) -> None:
    made = actions.ask_release(promise(world), actor=world.lam, at=world.at, creditor_yes=YES)
    assert (made.state, made.creditor_yes, made.release_asked_by) == ("open", YES, world.lam)
    assert [c.open_count for c in Tally.objects.all()] == [1] * 4
    assert entries(made) == ["promise.made", "promise.release_asked"]


def test_it_refuses_no_yes_and_a_settled_one(world: Any) -> None:
    made = promise(world)
    with pytest.raises(TantamError, match="no_yes"):
        actions.ask_release(made, actor=world.lam, at=world.at, creditor_yes=" ")
    actions.keep(made, actor=world.lam, at=world.at, **HELD)
    with pytest.raises(TantamError, match="promise_settled"):
        actions.ask_release(made, actor=world.lam, at=world.at, creditor_yes=YES)


@pytest.mark.parametrize(("who", "code"), [("stranger", "not_your_duty"), ("khoi", "not_your_office")])
def test_whoever_has_no_duty_there_cannot(world: Any, who: str, code: str) -> None:
    made = promise(world)
    with pytest.raises(TantamError) as no:
        actions.ask_release(made, actor=getattr(world, who), at=world.at, creditor_yes=YES)
    assert no.value.code == code


def test_asked_twice_alike_it_was_asked_once(world: Any) -> None:
    made = promise(world)
    for _ in range(2):
        actions.ask_release(made, actor=world.lam, at=world.at, creditor_yes=YES)
    assert entries(made) == ["promise.made", "promise.release_asked"]
