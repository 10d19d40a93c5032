"""What was asked for and still waits is taken back; what has gone out, or is about something else, stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tantam.errors import TantamError
from tantam.office.channels import actions
from tantam.office.channels.models import Message
from tantam.office.journal.models import Entry
from tests.office.channels.a_message import Wire, a_message

EVENT = ("event", 7)


def states() -> dict[int | None, tuple[str, str]]:
    return {row.key: (row.state, row.code) for row in Message.objects.all()}


def test_what_waits_is_not_sent(world: Any) -> None:
    a_message(world, 1, key=1, about=EVENT, office=world.nha_trang)
    a_message(world, 2, key=2, about=EVENT)
    a_message(world, 3, key=3, about=("event", 77))
    taken = actions.take_back(actor=world.dung, at=world.at, about=EVENT, office=world.nha_trang)
    assert taken == 2
    assert states() == {1: ("refused", "taken_back"), 2: ("refused", "taken_back"), 3: ("waiting", "")}
    wire = Wire()
    assert actions.send_due(wire, at=world.at) == {"send": 1}
    (entry,) = Entry.objects.filter(act="message.taken_back")
    assert (entry.count, entry.office) == (2, world.nha_trang.pk)


def test_of_one_person_alone(world: Any) -> None:
    a_message(world, 1, key=1, about=EVENT)
    a_message(world, 2, key=2, about=EVENT)
    assert actions.take_back(actor=None, at=world.at, about=EVENT, key=2) == 1
    assert states() == {1: ("waiting", ""), 2: ("refused", "taken_back")}


def test_the_second_time_and_what_has_gone_change_nothing(world: Any) -> None:
    a_message(world, 1, key=1, about=EVENT)
    actions.send_due(Wire(), at=world.at)
    a_message(world, 2, key=2, about=EVENT)
    later = world.at + timedelta(minutes=1)
    assert actions.take_back(actor=world.lam, at=later, about=EVENT) == 1
    assert actions.take_back(actor=world.lam, at=later, about=EVENT) == 0
    assert states()[1] == ("sent", "allowed")
    assert Entry.objects.filter(act="message.taken_back").count() == 1


@pytest.mark.parametrize("who", ["stranger", "auditor"])
def test_others_cannot(world: Any, who: str) -> None:
    a_message(world, 1, about=EVENT)
    with pytest.raises(TantamError) as no:
        actions.take_back(actor=getattr(world, who), at=world.at, about=EVENT)
    assert no.value.code == "not_your_duty"
    assert Message.objects.get().state == "waiting"
