"""To owe somebody something."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tantam.errors import TantamError
from tantam.office.journal.models import Entry
from tantam.office.people import actions as people
from tantam.office.promises.models import Promise, Tally
from tests.office.promises.given import entries, promise, today


def test_it_is_owed_by_its_owner_and_counted(world: Any) -> None:
    made = promise(world, people=6)
    assert (made.state, made.due, made.owner) == ("open", made.first_due, world.dung)
    assert Tally.objects.count() == 4  # day and month, of the office and of the company
    for cell in Tally.objects.all():
        assert (cell.open_count, cell.open_people, cell.kept_on_time_count) == (1, 6, 0)
    assert set(Tally.objects.values_list("span", "on")) == {
        ("d", made.first_due),
        ("m", made.first_due.replace(day=1)),
    }


def test_the_journal_tells_of_it_without_its_words(world: Any) -> None:
    made = promise(world)
    entry = Entry.objects.get(on_kind="promise", on_id=str(made.pk))
    assert (entry.act, entry.actor, entry.office) == ("promise.made", world.lam.pk, world.nha_trang.pk)
    assert entry.facts == {"kind": "reply", "first_due": made.first_due.isoformat(), "people": 1}


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("bad_promise_kind", {"kind": "wish"}),
        ("empty_promise", {"what": "   "}),
        ("empty_promise", {"people": 0}),
        ("too_long", {"what": "ă" * 301}),
    ],
)
def test_it_refuses(world: Any, code: str, changes: dict[str, Any]) -> None:
    with pytest.raises(TantamError) as no:
        promise(world, **changes)
    assert no.value.code == code
    assert no.value.vi
    assert not Promise.objects.exists()
    assert not Tally.objects.exists()


def test_it_refuses_a_day_gone_by(world: Any) -> None:
    with pytest.raises(TantamError, match="due_in_the_past"):
        promise(world, today(world) - timedelta(days=1), at=world.at)


def test_it_refuses_an_owner_who_has_left(world: Any) -> None:
    gone = people.leave(world.dung, actor=None, at=world.at)
    with pytest.raises(TantamError, match="owner_left"):
        promise(world, owner=gone)


@pytest.mark.parametrize(("who", "code"), [("stranger", "not_your_duty"), ("khoi", "not_your_office")])
def test_whoever_has_no_duty_there_cannot(world: Any, who: str, code: str) -> None:
    with pytest.raises(TantamError) as no:
        promise(world, actor=getattr(world, who))
    assert no.value.code == code
    assert not Promise.objects.exists()


def test_the_same_form_sent_twice_makes_one(world: Any) -> None:
    once = uuid4()
    first, second = promise(world, once=once), promise(world, once=once)
    assert first == second
    assert entries(first) == ["promise.made"]
