"""A message that came in: a STOP is honoured at once, everything else is an opinion; each once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tantam import keys
from tantam.office.channels import actions as channels
from tantam.office.channels import phonebook
from tantam.office.channels.models import Consent, Incoming, Message
from tantam.office.desk.incoming import answer_incoming
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
