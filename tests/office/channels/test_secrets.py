"""A secret link goes out whole, is shown to nobody, and is not kept once its message is settled, however it ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tantam.office.channels import actions
from tantam.office.channels.asking import held_on
from tantam.office.channels.models import Message
from tantam.office.channels.secrets import LINK, without
from tests.office.channels.a_message import Wire, a_message

SECRET = "xyTQk3v-_0Zr9aLmNp12Qw"
TEXT = f"Lời của bác ở đây, xin đừng đưa ai: https://x.example{LINK}{SECRET}/"


@pytest.fixture
def message(world: Any) -> Message:
    """One that waits, to expire in a week."""
    return a_message(
        world, purpose="service", text=TEXT, about=("voice", 1), expires_at=world.at + timedelta(days=7)
    )


def kept() -> tuple[str, bool]:
    row = Message.objects.get()
    return row.state, SECRET in row.text


def test_it_goes_out_whole_and_is_not_kept(world: Any, message: Message) -> None:
    wire = Wire()
    actions.send_due(wire, at=world.at)
    assert SECRET in wire.out[0].text
    assert kept() == ("sent", False)
    row = Message.objects.get()
    assert row.text == message.text.replace(SECRET, "…") and row.parts == message.parts


def test_nor_when_it_failed(world: Any, message: Message) -> None:
    actions.send_due(Wire(bad=[5]), at=world.at)
    assert kept() == ("failed", False)


def test_nor_when_nobody_knows(world: Any, message: Message) -> None:
    with pytest.raises(ConnectionError):
        actions.send_due(Wire(dies_at=0), at=world.at)
    assert kept() == ("taken", True)
    actions.give_up(at=world.at + timedelta(hours=1))
    assert kept() == ("unknown", False)


def test_nor_when_it_came_too_late_or_was_taken_back(world: Any, message: Message) -> None:
    a_message(world, 2, purpose="service", text=TEXT, about=("voice", 2), key=6)
    actions.take_back(actor=None, at=world.at, about=("voice", 2))
    assert SECRET not in Message.objects.get(key=6).text
    actions.send_due(Wire(), at=world.at + timedelta(days=8))
    row = Message.objects.get(key=5)
    assert (row.state, row.code, SECRET in row.text) == ("refused", "too_late", False)


def test_what_could_not_be_taken_now_goes_out_whole_later(world: Any, message: Message) -> None:
    actions.send_due(Wire(again=[5]), at=world.at)
    assert kept() == ("waiting", True)
    wire = Wire()
    actions.send_due(wire, at=world.at + timedelta(minutes=2))
    assert SECRET in wire.out[0].text and kept() == ("sent", False)


def test_nobody_reads_it_while_it_waits(world: Any, page: Any, message: Message) -> None:
    assert kept() == ("waiting", True)
    assert SECRET not in str(held_on(5)) and "…" in held_on(5)[0]["text"]
    text = page(world.auditor).get("/messages/").content.decode()
    assert "Lời của bác ở đây" in text and SECRET not in text


def test_other_words_stay_as_they_are() -> None:
    for plain in ("Mời bác 8 giờ", "https://x.example/ban-noi-chung-toi-lam/12/", "toi/abc", "/toi/"):
        assert without(plain) == plain
