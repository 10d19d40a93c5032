"""What comes over a link is written down once, in one commit, and long messages are put together."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tantam.base.home import Home
from tantam.office.channels import actions
from tantam.office.channels.models import Incoming, Part, Unsure
from tantam.office.channels.receiving import GAP, Arrived
from tantam.office.channels.sms.parts import Piece, messages, plan, read
from tantam.office.journal.models import Entry

LAN, HUNG = "+84912345678", "84987654321"
FIRST, SECOND, THIRD = (UUID(int=n) for n in (1, 2, 3))
LONG = "Mạng ở xã tôi chập chờn từ hôm bão, gọi tổng đài ba lần chưa ai lên. " * 4


@pytest.fixture(autouse=True)
def keys_are_made() -> None:
    secret = Home(django_settings.HOME).key_secret
    secret.parent.mkdir(parents=True, exist_ok=True)
    secret.write_bytes(b"k" * 32)


def whole(text: str, number: str = LAN) -> Arrived:
    return Arrived(number, Piece(text.encode("utf-16-be"), "ucs2"))


def in_parts(text: str = LONG, number: str = LAN, reference: int = 7) -> list[Arrived]:
    planned = plan(text)
    return [
        Arrived(number, read(octets, planned.coding, header=True)) for octets in messages(planned, reference)
    ]


def take(world: Any, arrived: list[Arrived], session: UUID = FIRST, **after: int) -> int:
    at = world.at + timedelta(**after)
    return actions.receive_many(arrived, at=at, gateway="smpp", session=session)


def texts() -> list[str]:
    return list(Incoming.objects.order_by("received_at").values_list("text", flat=True))


def test_each_is_written_down_with_its_key_and_without_its_number(world: Any) -> None:
    take(world, [whole("Mạng yếu"), whole("Cảm ơn", HUNG), whole("Lạ", "BANK")])
    rows = list(Incoming.objects.all())
    assert sorted(row.text for row in rows) == ["Cảm ơn", "Lạ", "Mạng yếu"]
    assert len({row.key for row in rows}) == 3
    assert sum(row.key is None for row in rows) == 1
    assert "912345678" not in repr([row.__dict__ for row in rows])
    assert Entry.objects.get(act="message.received").count == 3


def test_the_same_words_twice_in_one_session_are_two(world: Any) -> None:
    take(world, [whole("ok"), whole("ok")])
    take(world, [whole("ok")])
    assert texts() == ["ok"] * 3


def test_after_a_break_what_was_not_confirmed_may_come_again_once(world: Any) -> None:
    take(world, [whole("ok"), whole("ok")])
    take(world, [whole("ok"), whole("ok"), whole("ok")], SECOND)
    assert texts() == ["ok"] * 3
    take(world, [whole("ok")] * 3, THIRD)  # none of the three was ever confirmed
    assert texts() == ["ok"] * 3
    take(world, [whole("ok")], THIRD)
    assert texts() == ["ok"] * 4


def test_what_was_confirmed_comes_no_more(world: Any) -> None:
    mark = take(world, [whole("ok")])
    take(world, [whole("Mạng yếu")])
    actions.confirm(gateway="smpp", session=FIRST, mark=mark)
    assert Unsure.objects.count() == 1
    take(world, [whole("ok"), whole("Mạng yếu")], SECOND)
    assert sorted(texts()) == ["Mạng yếu", "ok", "ok"]


def test_another_gateway_or_number_or_text_is_another_message(world: Any) -> None:
    take(world, [whole("ok")])
    actions.receive_many([whole("ok")], at=world.at, gateway="other", session=SECOND)
    take(world, [whole("ok", HUNG), whole("ok ")], SECOND)
    assert len(texts()) == 4


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(st.data())
def test_parts_in_any_order_and_in_any_batches_are_the_text(world: Any, data: st.DataObject) -> None:
    Incoming.objects.all().delete()
    Part.objects.all().delete()
    came = data.draw(st.permutations(in_parts() + in_parts(LONG.upper(), HUNG) + [whole("ok")]))
    while came:
        some = data.draw(st.integers(1, len(came)))
        take(world, came[:some])
        came = came[some:]
    assert sorted(texts()) == sorted([LONG, LONG.upper(), "ok"])
    assert not Part.objects.exists()


def test_a_part_that_comes_again_after_a_break_makes_no_second_message(world: Any) -> None:
    parts = in_parts()
    take(world, parts)
    take(world, parts[1:], SECOND)
    assert texts() == [LONG]
    assert not Part.objects.exists()


def test_a_reference_used_again_ends_the_message_before(world: Any) -> None:
    first, second = in_parts(), in_parts(LONG.upper())
    take(world, first[:-1])
    take(world, second)
    assert sorted(texts()) == sorted([_cut(LONG), LONG.upper()])


def test_a_part_that_never_comes_is_waited_for_a_day(world: Any) -> None:
    take(world, [*in_parts()[:-1], *in_parts(number=HUNG)[:1]])
    assert actions.join_rest(at=world.at + timedelta(hours=23)) == 0
    assert actions.join_rest(at=world.at + timedelta(hours=25)) == 2
    assert actions.join_rest(at=world.at + timedelta(hours=25)) == 0
    assert _cut(LONG) in texts()
    assert not Part.objects.exists()


def test_parts_of_a_number_that_is_no_persons_are_never_mixed(world: Any) -> None:
    take(world, [*in_parts(number="BANK"), *in_parts(LONG.upper(), number="SHOP")])
    assert len(texts()) == 2 * len(plan(LONG).parts)


def test_held_and_forgotten_with_the_rest(world: Any) -> None:
    take(world, [whole("Mạng yếu"), *in_parts()[:1]])
    key = Incoming.objects.get().key
    assert key is not None
    assert {"Mạng yếu", plan(LONG).parts[0]} <= {row.get("text") for row in actions.held_on(key)}
    actions.forget(key, actor=world.dung, at=world.at)
    assert actions.held_on(key) == []
    assert not Part.objects.exists()


def test_a_broken_commit_writes_nothing(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("tantam.office.channels.receiving.write", full)
    with pytest.raises(OSError):
        take(world, [whole("Mạng yếu")])
    monkeypatch.undo()
    assert not Unsure.objects.exists()
    take(world, [whole("Mạng yếu")], SECOND)
    assert texts() == ["Mạng yếu"]


def _cut(text: str) -> str:
    """All but the last part, and that it is missing."""
    return "".join(plan(text).parts[:-1]) + GAP
