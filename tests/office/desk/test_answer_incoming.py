"""A message that came in: a STOP is honoured at once, a guest's answer is written down, everything else is an opinion;
each once."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from tantam import keys
from tantam.office.channels import actions as channels
from tantam.office.channels import phonebook
from tantam.office.channels.models import Consent, Incoming, Message
from tantam.office.desk.incoming import answer_incoming
from tantam.office.events import actions as events
from tantam.office.events.models import Event, Guest
from tantam.office.journal.models import Entry
from tantam.office.opinions.models import Opinion
from tests.office.channels.a_message import Wire, a_message, a_yes

SECRET = b"k" * 32
NUMBER = "0912345678"
KEY = keys.of_phone(SECRET, "+84912345678")


@pytest.fixture(autouse=True)
def secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home in which keys are made."""
    home = phonebook.Home(tmp_path)
    home.key_secret.parent.mkdir(parents=True)
    home.key_secret.write_bytes(SECRET)
    monkeypatch.setattr(phonebook, "_home", lambda: home)


def comes(world: Any, text: str, ref: object = 1, number: str = NUMBER, **changed: Any) -> Incoming:
    return channels.receive(
        at=changed.get("at", world.at), gateway="wire", ref=str(ref), number=number, text=text
    )


def test_words_become_an_opinion_once(world: Any) -> None:
    comes(world, "Sóng nhà em yếu quá, gọi 0987654321 nhé")
    comes(world, "Sóng nhà em yếu quá, gọi 0987654321 nhé")
    assert answer_incoming(at=world.at) == 1
    assert answer_incoming(at=world.at) == 0
    opinion = Opinion.objects.get()
    assert opinion.text == "Sóng nhà em yếu quá, gọi [số điện thoại] nhé"
    assert (opinion.speaker_key, opinion.channel, opinion.tone) == (KEY, "sms", "grievance")
    assert opinion.source_id == str(Incoming.objects.get().pk)
    message = Incoming.objects.get()
    assert (message.became, message.text, message.key) == ("opinion", "", KEY)
    assert Entry.objects.filter(act="message.received").count() == 1


def test_no_number_is_kept_of_whoever_wrote(world: Any) -> None:
    comes(world, "Xin chào")
    row = Incoming.objects.values().get()
    entry = Entry.objects.filter(act="message.received").values().get()
    assert "912345678" not in str(row) + str(entry)


def test_a_stop_holds_at_once_and_is_confirmed_once(world: Any) -> None:
    a_yes(world, KEY, said_at=world.at - timedelta(days=3))
    later = world.at + timedelta(minutes=1)
    comes(world, "TC", 1, at=later)
    comes(world, "tu choi", 2, at=later)
    assert answer_incoming(at=later) == 2
    assert not Opinion.objects.exists()
    assert Consent.objects.filter(granted=False, purpose="everything").count() == 2
    wire = Wire()
    assert channels.send_due(wire, at=later) == {"send": 1}
    assert "10:01 ngay 22/11/2026" in wire.out[0].text
    assert Message.objects.get().parts == 1
    a_message(world, "ad", key=KEY, purpose="advertising", opt_out="TC", at=later)
    a_message(world, "invitation", key=KEY, at=later)
    assert channels.send_due(wire, at=later) == {"refuse": 2}


def test_a_stop_of_one_product_leaves_the_others(world: Any) -> None:
    a_yes(world, KEY, said_at=world.at - timedelta(days=3))
    a_message(world, "game", key=KEY, purpose="advertising", opt_out="TC", product="GAME")
    wire = Wire()
    assert channels.send_due(wire, at=world.at) == {"send": 1}
    later = world.at + timedelta(minutes=1)
    comes(world, "TC GAME", at=later)
    answer_incoming(at=later)
    a_message(world, "game again", key=KEY, purpose="advertising", opt_out="TC", product="GAME", at=later)
    a_message(world, "film", key=KEY, purpose="advertising", opt_out="TC", product="FILM", at=later)
    outcomes = channels.send_due(wire, at=later)
    assert outcomes["refuse"] == 1
    assert {one.text for one in wire.out if one.text.startswith("[QC]")} and outcomes["send"] == 2


def test_a_stop_of_what_we_never_sent_is_of_everything(world: Any) -> None:
    comes(world, "TC XYZ")
    answer_incoming(at=world.at)
    assert Consent.objects.get().product == ""


def test_empty_words_and_strangers_lose_nothing(world: Any) -> None:
    comes(world, "  ", 1)
    comes(world, "Cảm ơn nhà mạng", 2, number="VNPT")
    assert answer_incoming(at=world.at) == 2
    assert set(Incoming.objects.values_list("became", flat=True)) == {"nothing", "opinion"}
    assert Opinion.objects.get().speaker_key is None


def test_what_failed_is_looked_at_again(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    comes(world, "Sóng yếu")
    with monkeypatch.context() as broken:
        broken.setattr("tantam.office.desk.incoming.opinions.register", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            answer_incoming(at=world.at)
    assert Incoming.objects.get().handled_at is None
    assert answer_incoming(at=world.at) == 1
    assert Opinion.objects.count() == 1


def test_forgetting_takes_the_words(world: Any) -> None:
    comes(world, "Sóng yếu")
    assert [row["what"] for row in channels.held_on(KEY)] == ["incoming"]
    assert channels.forget(KEY, actor=world.privacy, at=world.at) == 1
    assert channels.held_on(KEY) == []
    assert answer_incoming(at=world.at) == 0


def a_guest(world: Any, key: int = KEY, days: int = 6, **changed: Any) -> Guest:
    """A seat at a café of Nha Trang in some days, drawn but not called."""
    event = Event.objects.create(
        office=world.nha_trang, host=world.lam, on=date(2026, 11, 22) + timedelta(days=days), starts_at=time(14),
        ends_at=time(15), place="Cà phê Biển", seed="s", planned_at=world.at, chosen_at=world.at, state="invited",
    )  # fmt: skip
    return Guest.objects.create(event=event, key=key, order=1, **changed)


def invited(world: Any, guest: Guest, minutes: int = 0) -> Wire:
    """His invitation has gone out."""
    at, wire = world.at + timedelta(minutes=minutes), Wire()
    events.invite(guest.event, actor=world.dung, at=at)
    assert channels.send_due(wire, at=at) == {"send": 1}
    return wire


def answers(world: Any, text: str, ref: object = 1, minutes: int = 5) -> None:
    at = world.at + timedelta(minutes=minutes)
    comes(world, text, ref, at=at)
    answer_incoming(at=at)


def now(guest: Guest) -> tuple[str, str]:
    guest.refresh_from_db()
    return guest.answer, Incoming.objects.order_by("-received_at").values_list("became", flat=True)[0]


def test_a_yes_takes_the_seat_and_is_thanked_once(world: Any) -> None:
    guest = a_guest(world)
    invited(world, guest)
    answers(world, "Dạ có ạ")
    assert now(guest) == ("accepted", "answer")
    assert guest.first_answer == "accepted" and guest.called_at is not None and guest.tries == 0
    answers(world, "ok", 2, minutes=6)
    assert not Opinion.objects.exists()
    wire = Wire()
    assert channels.send_due(wire, at=world.at + timedelta(minutes=7)) == {"send": 1}
    assert "Hen gap 14:00 thu bay 28/11, Ca phe Bien" in wire.out[0].text
    thanks = Message.objects.get(purpose="reply")
    assert (thanks.about_kind, thanks.about_id, thanks.office) == (
        "event",
        str(guest.event_id),
        world.nha_trang,
    )
    (entry,) = Entry.objects.filter(act="event.answered")
    assert entry.facts == {"guest": guest.pk, "answer": "accepted"} and entry.actor is None


def test_a_no_is_a_first_refusal_that_somebody_may_explain(world: Any) -> None:
    guest = a_guest(world)
    invited(world, guest)
    answers(world, "KHONG")
    assert now(guest) == ("refused", "answer")
    assert guest.call.to_explain and not Message.objects.filter(purpose="reply").exists()
    answers(world, "khong", 2, minutes=6)
    assert Entry.objects.filter(act="event.answered").count() == 1


def test_whoever_thinks_again_may_say_so(world: Any) -> None:
    guest = a_guest(world)
    invited(world, guest)
    answers(world, "ko")
    answers(world, "có", 3, minutes=7)
    assert now(guest) == ("accepted", "answer")
    assert (guest.first_answer, guest.explained, guest.second_answer) == ("refused", False, "accepted")
    answers(world, "bận rồi em ơi", 4, minutes=8)
    assert now(guest) == ("withdrew", "answer")


def test_an_answer_with_more_words_is_an_opinion_too(world: Any) -> None:
    guest = a_guest(world)
    invited(world, guest)
    answers(world, "Có, tôi sẽ đến. Mạng nhà tôi chập chờn lắm")
    assert now(guest) == ("accepted", "answer")
    assert "chập chờn" in Opinion.objects.get().text


@pytest.mark.parametrize("text", ["Không có sóng", "co len", "có ai trả lời không", "10"])
def test_what_is_no_clear_answer_is_an_opinion(world: Any, text: str) -> None:
    guest = a_guest(world)
    invited(world, guest)
    answers(world, text)
    assert now(guest) == ("none", "opinion")
    assert Opinion.objects.count() == 1


def test_a_yes_without_an_invitation_is_an_opinion(world: Any) -> None:
    guest = a_guest(world)
    answers(world, "có")
    assert now(guest) == ("none", "opinion")
    events.invite(guest.event, actor=world.dung, at=world.at)  # asked for, and not gone out yet
    answers(world, "có", 2)
    assert now(guest) == ("none", "opinion")


def test_a_yes_to_a_survey_is_none_to_the_coffee(world: Any) -> None:
    guest = a_guest(world)
    invited(world, guest)
    later = world.at + timedelta(minutes=2)
    a_message(world, "survey", key=KEY, purpose="survey", text="Sóng tốt chưa? 1 tốt, 0 chưa", at=later)
    channels.send_due(Wire(), at=later)
    answers(world, "1")
    assert now(guest) == ("none", "opinion")


def test_of_two_invitations_the_last_one_is_answered(world: Any) -> None:
    near, far = a_guest(world, days=3), a_guest(world, days=9)
    invited(world, near)
    invited(world, far, minutes=2)
    answers(world, "có")
    assert now(far) == ("accepted", "answer")
    assert now(near)[0] == "none"


def test_an_answer_after_the_start_or_to_what_is_called_off_is_an_opinion(world: Any) -> None:
    late, off = a_guest(world, days=0), a_guest(world, days=3)
    invited(world, late)
    answers(world, "có", minutes=4 * 60)
    assert now(late) == ("none", "opinion")
    invited(world, off, minutes=4 * 60 + 1)
    events.cancel(off.event, actor=world.lam, at=world.at, because="weather")
    answers(world, "có", 2, minutes=4 * 60 + 2)
    assert now(off) == ("none", "opinion")


def test_a_no_to_the_reminder_gives_the_seat_back(world: Any) -> None:
    guest = a_guest(world, days=0, answer="accepted", first_answer="accepted", tries=1)
    events.remind(guest.event, actor=world.dung, at=world.at)
    channels.send_due(Wire(), at=world.at)
    answers(world, "KHONG")
    assert now(guest) == ("withdrew", "answer")


def test_after_a_stop_nothing_goes_out_and_nobody_waits_for_him(world: Any) -> None:
    guest = a_guest(world)
    invited(world, guest)
    answers(world, "TC")
    assert now(guest) == ("no_contact", "stop")
    assert not guest.call.open and not guest.call.keeps_seat
    later = world.at + timedelta(minutes=9)
    assert events.invite(guest.event, actor=world.dung, at=later) == []
    wire = Wire()
    channels.send_due(wire, at=later)
    assert [one.text[:7] for one in wire.out] == ["Da nhan"]  # that we stopped, and nothing else
    answers(world, "có", 2, minutes=10)
    assert now(guest) == ("no_contact", "opinion")


def test_a_stop_before_it_went_out(world: Any) -> None:
    guest = a_guest(world)
    events.invite(guest.event, actor=world.dung, at=world.at)
    answers(world, "đừng gửi tin nữa")
    assert now(guest) == ("no_contact", "stop")
    assert Message.objects.get(purpose="invitation").code == "taken_back"


def test_a_stop_of_a_product_is_no_answer(world: Any) -> None:
    a_message(world, "game", key=KEY, purpose="service", product="GAME")
    guest = a_guest(world)
    events.invite(guest.event, actor=world.dung, at=world.at)
    answers(world, "TC GAME")
    assert now(guest) == ("none", "stop")


def test_whoever_accepted_stays_a_guest_after_a_stop(world: Any) -> None:
    guest = a_guest(world, answer="accepted", first_answer="accepted")
    answers(world, "TC")
    assert now(guest) == ("accepted", "stop")
    events.remind(guest.event, actor=world.dung, at=world.at)
    assert channels.send_due(Wire(), at=world.at + timedelta(days=5, hours=22)) == {"send": 1, "refuse": 1}
