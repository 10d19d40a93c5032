"""Calls that people make: judged when they are taken, one agent a person, told how they ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tantam.base.home import Home
from tantam.errors import BadInput, Refused
from tantam.office.channels import actions, calling, consents
from tantam.office.channels.models import Consent, Judgement, Message
from tantam.office.channels.sending import LONG_CALL
from tantam.office.journal.models import Entry
from tantam.office.people import actions as people
from tests.office.channels.a_message import a_message, a_no, a_yes

PHONES = {5: "+84912345005", 6: "+84912345006", 7: "+84912345007"}


@pytest.fixture(autouse=True)
def _numbers(tmp_path: Path, settings: Any) -> None:
    home = Home(tmp_path)
    home.secret.mkdir(parents=True)
    pq.write_table(pa.table({"key": list(PHONES), "phone": list(PHONES.values())}), home.phones)
    settings.HOME = tmp_path


def a_call(world: Any, name: object = 1, **changed: Any) -> Message:
    """A call of Nha Trang about an opinion that somebody forwarded."""
    row = {"channel": "call", "purpose": "care", "office": world.nha_trang, "text": "Trạm đã sửa xong."}
    return a_message(world, name, **{**row, **changed})


def take(world: Any, call: Message, who: str = "dung", **more: Any) -> str:
    return calling.take_call(call, **{"actor": getattr(world, who), "at": world.at, **more})


def end(world: Any, call: Message, outcome: str = "answered", who: str = "dung", **more: Any) -> Message:
    return calling.called(call, **{"outcome": outcome, "actor": getattr(world, who), "at": world.at, **more})


def refused(code: str, act: Callable[[], object]) -> None:
    """The act is refused with this code, and changes no message."""
    before = list(Message.objects.order_by("id").values())
    with pytest.raises((Refused, BadInput)) as no:
        act()
    assert no.value.code == code
    assert no.value.vi
    assert list(Message.objects.order_by("id").values()) == before


def test_taken_talked_told(world: Any) -> None:
    call = a_call(world)
    assert take(world, call) == "0912 345 005"
    call.refresh_from_db()
    assert (call.state, call.gateway, call.taken_at, call.due_at) == ("taken", "people", world.at, None)
    assert Judgement.objects.get().outcome == "send"
    assert calling.open_call(world.dung) == call
    assert end(world, call).state == "arrived"
    assert calling.open_call(world.dung) is None
    acts = list(
        Entry.objects.filter(act__in=("call.taken", "call.ended", "phonebook.call_list")).order_by("id")
    )
    assert [entry.act for entry in acts] == ["phonebook.call_list", "call.taken", "call.ended"]
    assert [entry.count for entry in acts] == [1, 1, 1]
    assert {entry.office for entry in acts} == {world.nha_trang.pk}
    assert "912345" not in str(list(Entry.objects.values()))


def test_told_twice(world: Any) -> None:
    call = a_call(world)
    refused("call_not_taken", lambda: end(world, call))
    take(world, call)
    end(world, call)
    refused("call_not_taken", lambda: end(world, call, "missed"))
    refused("call_taken", lambda: take(world, call))


def test_a_call_counts_as_a_contact(world: Any) -> None:
    a_yes(world)
    ad = {"purpose": "advertising", "opt_out": "TC gửi 199"}
    first, second = a_call(world, 1, **ad), a_call(world, 2, **ad)
    take(world, first)
    end(world, first)
    with pytest.raises(Refused, match="gate_says_no"):
        take(world, second)
    second.refresh_from_db()
    assert (second.state, second.code) == ("waiting", "frequency")
    assert second.due_at is not None and second.due_at >= world.at + timedelta(hours=22)  # the morning after
    assert [j.outcome for j in Judgement.objects.filter(message=second)] == ["hold"]


def test_no_two_agents_call_one_person(world: Any) -> None:
    about, other = a_call(world, 1, purpose="service"), a_call(world, 2, purpose="reply")
    take(world, about)
    refused("call_taken", lambda: take(world, about, "lam"))
    refused("call_taken", lambda: take(world, other, "lam"))
    end(world, about)
    assert take(world, other, "lam")


def test_one_call_at_a_time(world: Any) -> None:
    first, second = a_call(world, 1), a_call(world, 2, key=6)
    take(world, first)
    refused("call_unfinished", lambda: take(world, second))
    end(world, first)
    assert take(world, second) == "0912 345 006"


@pytest.mark.parametrize(
    ("prepare", "state", "code"),
    [
        (lambda world: a_no(world, purpose="care"), "refused", "refused"),
        (lambda world: Home(Path(calling.phonebook.settings.HOME)).phones.unlink(), "refused", "no_number"),
    ],
)
def test_the_gate_says_no(world: Any, prepare: Callable[[Any], Any], state: str, code: str) -> None:
    call = a_call(world)
    prepare(world)
    with pytest.raises(Refused, match="gate_says_no"):
        take(world, call)
    call.refresh_from_db()
    assert (call.state, call.code, call.due_at) == (state, code, None)
    assert Judgement.objects.get().code == code
    assert calling.open_call(world.dung) is None


def test_at_night_it_waits_for_the_morning(world: Any) -> None:
    night = world.at + timedelta(hours=9)  # 19:00: texts may go, calls may not
    call = a_call(world, at=night)
    (listed,) = calling.calls(world.dung, at=night)
    assert listed.verdict.outcome == "hold"
    with pytest.raises(Refused, match="gate_says_no"):
        take(world, call, at=night)
    call.refresh_from_db()
    morning = world.at + timedelta(hours=22)
    assert (call.state, call.due_at) == ("waiting", morning)
    assert calling.calls(world.dung, at=night) == []
    assert take(world, call, at=morning)


def test_what_waited_too_long_is_not_said(world: Any) -> None:
    call = a_call(world, expires_at=world.at)
    with pytest.raises(Refused, match="gate_says_no"):
        take(world, call)
    call.refresh_from_db()
    assert (call.state, call.code) == ("refused", "too_late")


def test_whoever_does_not_answer_is_called_again_and_not_for_ever(world: Any) -> None:
    call, at = a_call(world, purpose="reply"), world.at
    for _ in range(calling.MOST_TRIES - 1):
        take(world, call, at=at)
        call = end(world, call, "missed", at=at)
        assert (call.state, call.code, call.taken_at) == ("waiting", "missed", None)
        assert call.due_at is not None and call.due_at >= at + calling.PAUSE
        refused("call_taken", partial(take, world, call))  # it is not due yet
        at = call.due_at
    take(world, call, at=at)
    assert end(world, call, "missed", at=at).state == "failed"


def test_a_ring_counts_for_when_it_may_ring_again(world: Any) -> None:
    a_yes(world)
    call = a_call(world, purpose="advertising", opt_out="TC gửi 199")  # one in 24 hours, by the law
    take(world, call)
    assert end(world, call, "missed").due_at == world.at + timedelta(hours=24)


def test_a_ring_that_nobody_answered_counts_for_other_calls_too(world: Any) -> None:
    call = a_call(world)
    take(world, call)
    end(world, call, "missed")
    contacts = actions.known([5], at=world.at + timedelta(hours=23))[5].contacts
    assert [(one.at, one.channel) for one in contacts] == [(world.at, "call")]


def test_asked_not_to_be_called(world: Any) -> None:
    call, later = a_call(world, 1), a_call(world, 2, purpose="survey")
    take(world, call)
    assert end(world, call, "stop", note="bản ghi âm 12").state == "arrived"
    no = Consent.objects.get()
    assert (no.key, no.purpose, no.granted, no.how, no.proof) == (
        5,
        "everything",
        False,
        "call",
        "bản ghi âm 12",
    )
    with pytest.raises(Refused, match="gate_says_no"):
        take(world, later, "lam")
    assert not consents.known([5])[5].consents[0].granted


def test_what_was_never_told_is_unknown_and_may_still_be_told(world: Any) -> None:
    call = a_call(world)
    take(world, call)
    assert actions.give_up(at=world.at + LONG_CALL) == 1
    assert calling.open_call(world.dung) == call  # it is still his to tell
    late = world.at + timedelta(hours=1)
    assert end(world, call, at=late).state == "arrived"


def test_whose_calls(world: Any) -> None:
    mine, far, ours = (
        a_call(world, 1),
        a_call(world, 2, key=6, office=world.ca_mau, actor=world.khoi),
        a_call(world, 3, key=7, office=None),
    )
    agent = people.hire("an", "Hà An", world.hq, actor=None, at=world.at)
    people.give_duty(agent, "agent", world.hq, actor=None, at=world.at, from_on=date(2020, 1, 1))
    assert [call.message for call in calling.calls(world.dung, at=world.at)] == [mine]
    assert [call.message for call in calling.calls(world.khoi, at=world.at)] == [far]
    assert {call.message for call in calling.calls(agent, at=world.at)} == {mine, far, ours}
    for call in (far, ours):
        refused("not_your_office", partial(take, world, call))
        refused("not_your_office", partial(end, world, call))


@pytest.mark.parametrize("who", ["stranger", "hoa", "auditor", "privacy", "policy"])
def test_nobody_without_the_duty(world: Any, who: str) -> None:
    call = a_call(world)
    refused("not_your_duty", lambda: calling.calls(getattr(world, who), at=world.at))
    refused("not_your_duty", lambda: take(world, call, who))
    refused("not_your_duty", lambda: end(world, call, who=who))


def test_no_other_end(world: Any) -> None:
    call = a_call(world)
    take(world, call)
    refused("bad_call_outcome", lambda: end(world, call, "maybe"))


def test_calls_that_may_not_be_made_are_put_away(world: Any) -> None:
    a_no(world, 6, purpose="care")
    fine, no, _ = a_call(world, 1), a_call(world, 2, key=6), a_message(world, 3, key=7)
    assert [call.verdict.outcome for call in calling.calls(world.dung, at=world.at)] == ["send", "refuse"]
    by = {"actor": world.dung, "at": world.at}
    assert [calling.clear(**by), calling.clear(**by)] == [1, 0]
    no.refresh_from_db()
    assert no.state == "refused"
    assert [call.message for call in calling.calls(world.dung, at=world.at)] == [fine]
    assert Entry.objects.get(act="call.cleared").count == 1


def test_forgotten_while_he_is_called(world: Any) -> None:
    call, other = a_call(world, 1), a_call(world, 2, key=6)
    take(world, call)
    take(world, other, "lam")
    for key in (5, 6):
        actions.forget(key, actor=world.privacy, at=world.at)
    assert end(world, call, "missed").state == "failed"
    assert end(world, other, "stop", "lam").state == "arrived"
    assert not Consent.objects.filter(key__isnull=False).exists()
