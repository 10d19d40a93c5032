"""Invitations and reminders by text: asked once, judged by the gate, taken back when they are no longer needed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from tantam.clock import HANOI
from tantam.errors import TantamError
from tantam.office.channels import actions as channels
from tantam.office.channels.models import Consent, Message
from tantam.office.events import actions, inviting
from tantam.office.events.models import Event, Guest
from tantam.office.events.rules import remind_at
from tests.office.channels.a_message import Wire
from tests.office.events.a_cafe import Cafe, code_of, entries

SATURDAY = date(2026, 11, 28)


def on_saturday(cafe: Cafe) -> list[Guest]:
    cafe.plan(on=SATURDAY)
    cafe.guests = actions.choose_guests(cafe.event, **cafe.by)
    cafe.event = Event.objects.select_related("office").get(pk=cafe.event.pk)
    return cafe.seated()


def waiting() -> set[int | None]:
    return set(Message.objects.filter(state="waiting").values_list("key", flat=True))


def test_everybody_at_the_table_is_asked_once(cafe: Cafe) -> None:
    seated = on_saturday(cafe)
    made = actions.invite(cafe.event, actor=cafe.world.dung, at=cafe.at)
    assert {one.key for one in made} == {guest.key for guest in seated} == waiting()
    one = made[0]
    assert (one.purpose, one.channel, one.office) == ("invitation", "sms", cafe.world.nha_trang)
    assert (one.about_kind, one.about_id) == ("event", str(cafe.event.pk))
    assert one.expires_at == datetime(2026, 11, 28, 14, tzinfo=HANOI)
    assert "14:00 thu bay 28/11, Ca phe Bien, 12 Tran Phu" in one.text and one.parts == 1
    assert actions.invite(cafe.event, text="Khác", **cafe.by) == []
    assert Message.objects.count() == 6
    (entry,) = entries("event.invited")
    assert (entry.count, entry.facts) == (6, {"parts": 1, "plain": True})


def test_a_text_of_ones_own_with_its_accents(cafe: Cafe) -> None:
    on_saturday(cafe)
    made = actions.invite(cafe.event, text="Mời bác cà phê.", plain=False, **cafe.by)
    assert {one.text for one in made} == {"Mời bác cà phê."}


def test_whoever_answered_is_not_asked_and_a_reserve_is_when_called_in(cafe: Cafe) -> None:
    first, second, third, *_ = on_saturday(cafe)
    actions.record_call(first, answer="accepted", **cafe.by)
    actions.record_call(second, answer="refused", **cafe.by)
    actions.record_call(third, answer="unreachable", **cafe.by)
    made = actions.invite(cafe.event, **cafe.by)
    assert len(made) == 4 and third.key in {one.key for one in made}
    reserve = actions.next_reserve(cafe.event, **cafe.by)
    his = Message.objects.get(key=reserve.key)
    assert (his.text, his.purpose, his.state) == (made[0].text, "invitation", "waiting")
    assert actions.invite(cafe.event, **cafe.by) == [] and len(entries("event.invited")) == 2


def test_a_reserve_reads_what_the_others_read(cafe: Cafe) -> None:
    first, *_ = on_saturday(cafe)
    actions.invite(cafe.event, text="Mời bác cà phê.", plain=False, **cafe.by)
    actions.record_call(first, answer="unreachable", **cafe.by)
    reserve = actions.next_reserve(cafe.event, **cafe.by)
    assert Message.objects.get(key=reserve.key).text == "Mời bác cà phê."


def test_a_reserve_who_is_called_in_late_is_called_and_not_texted(cafe: Cafe) -> None:
    first, *_ = cafe.invite()
    actions.record_call(first, answer="unreachable", **cafe.by)
    begun = datetime(2026, 11, 22, 14, tzinfo=HANOI)
    assert actions.next_reserve(cafe.event, actor=cafe.world.lam, at=begun).called_in
    assert not Message.objects.exists()


def test_whoever_was_forgotten_is_not_asked(cafe: Cafe) -> None:
    first = on_saturday(cafe)[0]
    assert first.key is not None
    actions.forget(first.key, **cafe.by)
    assert len(actions.invite(cafe.event, **cafe.by)) == 5


@pytest.mark.parametrize(
    ("starts", "due"),
    [
        (time(14), datetime(2026, 11, 28, 7, 30, tzinfo=HANOI)),
        (time(9, 30), datetime(2026, 11, 28, 7, 30, tzinfo=HANOI)),
        (time(9, 29), datetime(2026, 11, 27, 19, tzinfo=HANOI)),
    ],
)
def test_when_a_reminder_goes(starts: time, due: datetime) -> None:
    assert remind_at(SATURDAY, starts) == due


def test_those_who_accepted_are_reminded_in_the_morning_of_the_day(cafe: Cafe) -> None:
    first, second, *_ = on_saturday(cafe)
    actions.record_call(first, answer="accepted", **cafe.by)
    (made,) = actions.remind(cafe.event, actor=cafe.world.dung, at=cafe.at)
    assert (made.key, made.due_at) == (first.key, datetime(2026, 11, 28, 7, 30, tzinfo=HANOI))
    assert actions.remind(cafe.event, **cafe.by) == []
    actions.record_call(second, answer="accepted", **cafe.by)
    assert [one.key for one in actions.remind(cafe.event, **cafe.by)] == [second.key]
    assert [entry.count for entry in entries("event.reminded")] == [1, 1]
    wire = Wire()
    assert channels.send_due(wire, at=cafe.at) == {}
    assert channels.send_due(wire, at=datetime(2026, 11, 28, 7, 30, tzinfo=HANOI)) == {"send": 2}


def test_after_its_hour_a_reminder_goes_at_once(cafe: Cafe) -> None:
    cafe.call()
    made = actions.remind(cafe.event, **cafe.by)
    assert {one.due_at for one in made} == {cafe.at}


@pytest.mark.parametrize("answer", ["accepted", "refused", "no_contact"])
def test_an_answer_takes_back_what_waits_for_him_alone(cafe: Cafe, answer: str) -> None:
    first, *others = on_saturday(cafe)
    actions.invite(cafe.event, **cafe.by)
    actions.record_call(first, answer=answer, **cafe.by)
    assert waiting() == {guest.key for guest in others}
    assert Message.objects.get(key=first.key).code == "taken_back"


def test_whoever_was_not_reached_still_gets_his_invitation(cafe: Cafe) -> None:
    first, *_ = on_saturday(cafe)
    actions.invite(cafe.event, **cafe.by)
    actions.record_call(first, answer="unreachable", **cafe.by)
    assert len(waiting()) == 6


def test_whoever_withdraws_is_not_reminded(cafe: Cafe) -> None:
    first, *_ = on_saturday(cafe)
    actions.record_call(first, answer="accepted", **cafe.by)
    actions.remind(cafe.event, **cafe.by)
    actions.record_call(first, answer="withdrew", **cafe.by)
    assert waiting() == set()


def test_calling_it_off_takes_back_what_waits(cafe: Cafe) -> None:
    on_saturday(cafe)
    actions.invite(cafe.event, **cafe.by)
    actions.cancel(cafe.event, because="weather", **cafe.by)
    assert waiting() == set()
    (entry,) = entries("message.taken_back")
    assert entry.count == 6
    assert channels.send_due(Wire(), at=cafe.at) == {}


def test_please_no_more_is_a_refusal_of_every_contact(cafe: Cafe) -> None:
    first, *_ = on_saturday(cafe)
    assert first.key is not None
    after = actions.record_call(first, answer="no_contact", actor=cafe.world.dung, at=cafe.at)
    assert (after.answer, after.first_answer) == ("no_contact", "refused")
    assert not after.call.open and not after.call.keeps_seat
    said = Consent.objects.get(key=first.key)
    assert (said.purpose, said.granted, said.how) == ("everything", False, "call")
    actions.record_call(first, answer="no_contact", actor=cafe.world.dung, at=cafe.at)
    assert Consent.objects.filter(key=first.key).count() == 1
    for channel in ("sms", "call"):
        assert inviting.judged([first.key], cafe.at, channel)[first.key].code == "refused"
    actions.next_reserve(cafe.event, **cafe.by)


def test_a_refusal_that_is_known_is_not_written_twice(cafe: Cafe) -> None:
    first, *_ = on_saturday(cafe)
    assert first.key is not None
    channels.record(
        id=inviting.asked_id(first, "other"), key=first.key, purpose="invitation", granted=False, how="sms",
        said_at=cafe.at, **cafe.by,
    )  # fmt: skip
    actions.record_call(first, answer="no_contact", **cafe.by)
    assert Consent.objects.get(key=first.key).how == "sms"


def test_please_no_more_after_a_first_no(cafe: Cafe) -> None:
    first, *_ = on_saturday(cafe)
    actions.record_call(first, answer="refused", **cafe.by)
    after = actions.record_call(first, answer="no_contact", **cafe.by)
    assert not after.call.to_explain and not after.explained
    with pytest.raises(TantamError) as no:
        actions.record_call(first, answer="accepted", **cafe.by)
    assert code_of(no) == "already_answered"


@pytest.mark.parametrize("act", [actions.invite, actions.remind])
@pytest.mark.parametrize(
    ("stage", "later", "code"),
    [
        ("plan", 0, "not_chosen"),
        ("invite", 4, "begun_already"),
        ("meet", 0, "already_held"),
        ("seal", 0, "event_sealed"),
        ("off", 0, "event_cancelled"),
    ],
)
def test_it_refuses(cafe: Cafe, act: Any, stage: str, later: int, code: str) -> None:
    getattr(cafe, "invite" if stage == "off" else stage)()
    if stage == "off":
        actions.cancel(cafe.event, because="other", **cafe.by)
    with pytest.raises(TantamError) as no:
        act(cafe.event, actor=cafe.world.lam, at=cafe.at + timedelta(hours=later))
    assert code_of(no) == code and no.value.vi
    assert not Message.objects.exists()


@pytest.mark.parametrize("act", [actions.invite, actions.remind])
@pytest.mark.parametrize("who", ["stranger", "khoi", "auditor", "policy"])
def test_others_cannot(cafe: Cafe, act: Any, who: str) -> None:
    cafe.call()
    with pytest.raises(TantamError) as no:
        act(cafe.event, actor=getattr(cafe.world, who), at=cafe.at)
    assert code_of(no) in ("not_your_duty", "not_your_office")
    assert not Message.objects.exists()


def test_the_gate_says_when(cafe: Cafe) -> None:
    first, *_ = on_saturday(cafe)
    actions.invite(cafe.event, **cafe.by)
    night = datetime(2026, 11, 22, 22, 0, tzinfo=HANOI)
    wire = Wire()
    assert channels.send_due(wire, at=night) == {"hold": 6}
    channels.record(
        id=inviting.asked_id(first, "other"), key=first.key or 0, purpose="everything", granted=False, how="sms",
        said_at=cafe.at, **cafe.by,
    )  # fmt: skip
    morning = datetime(2026, 11, 23, 7, 0, tzinfo=HANOI)
    assert channels.send_due(wire, at=morning) == {"send": 5, "refuse": 1}
    assert first.key not in {one.key for one in wire.out}


def test_an_invitation_is_not_sent_after_the_start(cafe: Cafe) -> None:
    on_saturday(cafe)
    actions.invite(cafe.event, **cafe.by)
    start = datetime(2026, 11, 28, 14, tzinfo=HANOI)
    assert channels.send_due(Wire(), at=start) == {"refuse": 6}
    assert set(Message.objects.values_list("code", flat=True)) == {"too_late"}


def test_the_journal_has_no_words_and_no_place(cafe: Cafe) -> None:
    on_saturday(cafe)
    actions.invite(cafe.event, text="Mời bác Tư hẻm 9.", **cafe.by)
    written = str(
        [(entry.facts, entry.count) for entry in entries("event.invited") + entries("message.asked")]
    )
    assert "hẻm" not in written and "hem" not in written
