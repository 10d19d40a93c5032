"""To keep a promise, with its proof."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tantam.errors import TantamError
from tantam.office.journal.models import Entry
from tantam.office.promises import actions
from tantam.office.promises.models import Tally
from tests.office.promises.given import HELD, entries, promise, today


def test_kept_on_its_day_is_kept_on_time(world: Any) -> None:
    made = actions.keep(promise(world), actor=world.dung, at=world.at, **HELD)
    assert (made.state, made.settled_on, made.proof) == ("kept", today(world), HELD["proof"])
    for cell in Tally.objects.all():
        assert (cell.open_count, cell.kept_on_time_count, cell.kept_late_count) == (0, 1, 0)


def test_a_day_later_is_kept_late_and_the_day_is_vietnams(world: Any) -> None:
    made = promise(world)
    midnight = world.at.replace(hour=17)  # 00:00 of the next day in Vietnam
    actions.keep(made, actor=world.dung, at=midnight, **HELD)
    cell = Tally.objects.get(span="d", office=None)
    assert (cell.open_count, cell.kept_on_time_count, cell.kept_late_count) == (0, 0, 1)
    assert Entry.objects.get(act="promise.kept").facts == {"late": 1}


def test_the_journal_tells_of_it(world: Any) -> None:
    made = actions.keep(promise(world), actor=world.dung, at=world.at, **HELD)
    assert entries(made) == ["promise.made", "promise.kept"]


def test_without_a_proof_it_is_refused(world: Any) -> None:
    made = promise(world)
    with pytest.raises(TantamError) as no:
        actions.keep(made, actor=world.dung, at=world.at, proof_kind="confirmed", proof="  ")
    assert no.value.code == "no_proof"
    assert entries(made) == ["promise.made"]


def test_a_broken_one_cannot_be_kept(world: Any) -> None:
    made = promise(world)
    actions.break_(made, actor=world.lam, at=world.at, reason="Đường lên bản sạt lở")
    with pytest.raises(TantamError, match="promise_settled"):
        actions.keep(made, actor=world.dung, at=world.at, **HELD)


@pytest.mark.parametrize(("who", "code"), [("stranger", "not_your_duty"), ("khoi", "not_your_office")])
def test_whoever_has_no_duty_there_cannot(world: Any, who: str, code: str) -> None:
    made = promise(world)
    with pytest.raises(TantamError) as no:
        actions.keep(made, actor=getattr(world, who), at=world.at, **HELD)
    assert no.value.code == code


def test_kept_twice_it_was_kept_the_first_time(world: Any) -> None:
    made = promise(world)
    actions.keep(made, actor=world.dung, at=world.at, **HELD)
    again = actions.keep(
        made, actor=world.lam, at=world.at + timedelta(days=3), proof_kind="other", proof="Sửa"
    )
    assert (again.settled_on, again.proof) == (today(world), HELD["proof"])
    assert entries(made) == ["promise.made", "promise.kept"]
    assert Tally.objects.get(span="m", office=None).kept_on_time_count == 1
