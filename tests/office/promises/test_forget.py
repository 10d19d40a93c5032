"""To forget whom a promise was made to: as a subscriber, and as a party we met."""

from __future__ import annotations

from typing import Any

from tantam.office.journal.models import Entry
from tantam.office.parties import actions as parties
from tantam.office.promises import actions
from tantam.office.promises.models import Move, Promise, Tally
from tests.office.promises.given import HELD, promise

KEY = 4_217


def test_his_words_go_and_the_count_stays(world: Any) -> None:
    met = parties.meet(
        actor=world.lam, at=world.at, kind="guest", office=world.nha_trang, key=KEY, name="Hạnh"
    )
    own = promise(world, to=("subscriber", KEY))
    guests = promise(world, to=("party", met.pk), what="Trả lời chị Hạnh")
    other = promise(world, to=("party", met.pk + 1))
    actions.redate(own, actor=world.lam, at=world.at, due=own.due.replace(day=29), reason="Chị Hạnh bận")
    actions.keep(guests, actor=world.lam, at=world.at, **HELD)
    assert [row["promised"] for row in actions.held_on(KEY)] == [own.what, "Trả lời chị Hạnh"]

    assert actions.forget(KEY, actor=world.privacy, at=world.at) == 2
    for one in Promise.objects.exclude(pk=other.pk):
        assert (one.what, one.plain, one.to_id, one.proof, one.reason) == ("—", "", "", "", "")
    assert Move.objects.get().reason == ""
    assert Promise.objects.get(pk=other.pk).what == other.what
    assert (
        sum(cell.open_count + cell.kept_on_time_count for cell in Tally.objects.filter(span="m", office=None))
        == 3
    )
    entry = Entry.objects.get(act="promise.forgotten")
    assert (entry.count, entry.facts) == (2, {})


def test_forgotten_twice_it_was_forgotten_once(world: Any) -> None:
    promise(world, to=("subscriber", KEY))
    assert [actions.forget(KEY, actor=None, at=world.at) for _ in range(2)] == [1, 0]
    assert Entry.objects.filter(act="promise.forgotten").count() == 1
    assert actions.held_on(KEY) == []
