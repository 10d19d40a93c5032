"""Many are asked for at once as one is: each once, in one entry of the journal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError

from tantam.errors import TantamError
from tantam.office.channels import actions
from tantam.office.channels.models import Message
from tantam.office.journal.models import Entry
from tests.office.channels.a_message import a_message

ABOUT = ("telling", 7)
PEOPLE = {UUID(int=n): n for n in range(1, 701)}


def asked(world: Any, people: dict[UUID, int] = PEOPLE, **changed: Any) -> int:
    row = {"actor": None, "at": world.at, "purpose": "reply", "text": "Cảm ơn anh chị.", "about": ABOUT}
    return actions.ask_many(people, **{**row, **changed})


def test_each_gets_what_one_would(world: Any) -> None:
    assert asked(world) == 700
    one = a_message(world, 1, key=1, purpose="reply", text="Cảm ơn anh chị.", about=ABOUT)
    columns = [f.attname for f in Message._meta.concrete_fields if f.attname not in ("id", "key")]
    assert len({tuple(getattr(row, name) for name in columns) for row in Message.objects.all()}) == 1
    assert set(Message.objects.exclude(pk=one.pk).values_list("id", "key")) == set(PEOPLE.items())


def test_one_entry_tells_how_many(world: Any) -> None:
    asked(world)
    (entry,) = Entry.objects.filter(act="message.asked")
    assert (entry.count, entry.on_kind, entry.on_id) == (700, "telling", "7")
    assert entry.facts == {"purpose": "reply", "channel": "sms", "parts": 1}


def test_twice_and_in_part_before_is_once(world: Any) -> None:
    asked(world, dict(list(PEOPLE.items())[:300]))
    assert asked(world) == 400
    assert asked(world) == 0 == asked(world, {})
    assert Message.objects.count() == 700
    assert [entry.count for entry in Entry.objects.filter(act="message.asked").order_by("pk")] == [300, 400]


def test_two_at_the_same_moment_ask_once(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = Message.objects.bulk_create, []

    def overtaken(rows: Any) -> Any:
        calls.append(len(rows))
        if len(calls) == 1:  # somebody else wrote two of them since we looked
            real(
                [
                    Message(**{f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields})
                    for row in rows[:2]
                ]
            )
            raise IntegrityError
        return real(rows)

    monkeypatch.setattr(Message.objects, "bulk_create", overtaken)
    assert asked(world) == 700  # the two went with the transaction that failed
    assert calls == [700, 700]
    assert Message.objects.count() == 700


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"text": "Xem tại tantam.vn/abc"}, "sms_link_in_reply"),
        ({"text": " "}, "sms_empty"),
        ({"purpose": "gossip"}, "bad_ask"),
    ],
)
def test_refuses_what_one_refuses(world: Any, changed: dict[str, Any], code: str) -> None:
    with pytest.raises(TantamError) as no:
        asked(world, **changed)
    assert no.value.code == code
    assert not Message.objects.exists()


def test_a_stranger_cannot(world: Any) -> None:
    with pytest.raises(TantamError) as no:
        asked(world, actor=world.stranger)
    assert no.value.code == "not_your_duty"


def test_one_promise_still_sends_one_person_one_message(world: Any) -> None:
    from tests.office.promises.given import promise

    owed = promise(world, world.at.date())
    one = a_message(world, 1, key=1, promise=owed)
    assert a_message(world, 2, key=1, promise=owed) == one
    assert a_message(world, 3, key=2, promise=owed) != one
    assert Message.objects.count() == 2
