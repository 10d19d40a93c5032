"""Receipts: written down in batches, before or after our own note of the message, and where that note was lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tantam.office.channels import actions
from tantam.office.channels.models import Handed, Message, Stray
from tantam.office.channels.receipts import STRAYS_KEPT, Report
from tantam.office.channels.sending import AGAIN, SILENT
from tantam.office.journal.models import Entry
from tests.office.channels.a_message import Wire, a_message


def sent(world: Any, parts: int = 1) -> None:
    a_message(world)
    actions.send_due(Wire(parts=parts), at=world.at)


def note(world: Any, *reports: Report, **after: int) -> int:
    return actions.note("wire", reports, at=world.at + timedelta(**after))


def states() -> list[str]:
    return list(Message.objects.order_by("key").values_list("state", flat=True))


def test_a_message_arrives_when_every_part_has(world: Any) -> None:
    sent(world, parts=2)
    assert note(world, Report("ref-1.1", 5, "DELIVRD", "000")) == 1
    assert states() == ["sent"]
    assert note(world, Report("ref-1.1", 5, "DELIVRD"), Report("ref-1.2", 5, "DELIVRD")) == 1
    assert states() == ["arrived"]
    assert note(world, Report("ref-1.2", 5, "UNDELIV")) == 0
    assert states() == ["arrived"]
    assert Entry.objects.filter(act="message.reported").count() == 2


def test_one_part_that_did_not_arrive_fails_it(world: Any) -> None:
    sent(world, parts=2)
    note(world, Report("ref-1.1", 5, "DELIVRD"), Report("ref-1.2", 5, "UNDELIV", "0A1"))
    assert states() == ["failed"]
    assert Handed.objects.get(ref="ref-1.2").error == "0A1"


def test_accepted_is_no_end(world: Any) -> None:
    sent(world)
    assert note(world, Report("ref-1.1", 5, "ACCEPTD"), Report("ref-1.1", 5, "UNKNOWN")) == 0
    assert states() == ["sent"]


def test_many_in_one_batch_each_to_its_own(world: Any) -> None:
    for key in (5, 6, 7):
        a_message(world, key, key=key)
    actions.send_due(Wire(names={5: "a5", 6: "a6", 7: "a7"}), at=world.at)
    note(world, Report("A7", 7, "EXPIRED"), Report("a5", 5, "DELIVRD"))
    assert states() == ["arrived", "sent", "failed"]


def test_a_receipt_that_comes_first_counts_when_the_message_is_known(world: Any) -> None:
    assert note(world, Report("ref-1.1", 5, "DELIVRD")) == 0
    assert Stray.objects.count() == 1
    sent(world)
    assert states() == ["arrived"]
    assert not Stray.objects.exists()


def test_a_second_reading_of_a_number_counts_for_the_same_person_alone(world: Any) -> None:
    a_message(world, 5)
    a_message(world, 6, key=6)
    actions.send_due(Wire(names={5: "4c6", 6: "999"}), at=world.at)  # 0x4c6 is 1222, 999 is 0x3e7
    note(world, Report("1222", 6, "DELIVRD"), Report("3e7", 6, "DELIVRD"))
    assert states() == ["sent", "arrived"]
    note(world, Report("0000001222", 5, "DELIVRD"))
    assert states() == ["arrived", "arrived"]


def test_a_lost_note_is_found_again_by_its_receipt(world: Any) -> None:
    a_message(world)
    wire = Wire(dies_after=1)
    with pytest.raises(ConnectionError):
        actions.send_due(wire, at=world.at)
    note(world, Report("whatever", 5, "DELIVRD"), seconds=5)
    assert states() == ["taken"]
    actions.give_up(at=world.at + SILENT)
    assert states() == ["arrived"]


def test_a_receipt_after_it_was_given_up_tells_too(world: Any) -> None:
    a_message(world)
    a_message(world, 2, key=6)
    with pytest.raises(ConnectionError):
        actions.send_due(Wire(dies_after=2), at=world.at)
    actions.give_up(at=world.at + SILENT)
    assert states() == ["unknown", "unknown"]
    note(world, Report("a", 5, "UNDELIV"), minutes=20)
    assert states() == ["failed", "unknown"]


def test_of_two_lost_ones_nobody_guesses_which(world: Any) -> None:
    a_message(world)
    a_message(world, 2)
    with pytest.raises(ConnectionError):
        actions.send_due(Wire(dies_after=2), at=world.at)
    actions.give_up(at=world.at + SILENT)
    note(world, Report("a", 5, "DELIVRD"), minutes=20)
    assert states() == ["unknown", "unknown"]


def test_a_stray_is_kept_for_days_and_not_for_ever(world: Any) -> None:
    note(world, Report("gone", 5, "DELIVRD"))
    note(world, Report("other", 6, "DELIVRD"), seconds=round(STRAYS_KEPT.total_seconds()) + 1)
    assert list(Stray.objects.values_list("ref", flat=True)) == ["other"]


def test_forgetting_takes_the_strays(world: Any) -> None:
    note(world, Report("gone", 5, "DELIVRD"))
    actions.forget(5, actor=world.dung, at=world.at)
    assert not Stray.objects.exists()


def test_what_surely_never_left_waits_and_goes_again(world: Any) -> None:
    a_message(world)
    assert actions.send_due(Wire(again=[5]), at=world.at) == {"send": 1}
    message = Message.objects.get()
    assert (message.state, message.taken_at, message.due_at) == ("waiting", None, world.at + AGAIN)
    wire = Wire()
    assert actions.send_due(wire, at=world.at) == {}
    assert actions.send_due(wire, at=world.at + AGAIN) == {"send": 1}
    assert len(wire.out) == 1


def test_answers_to_one_person_go_out_as_one(world: Any) -> None:
    for n in range(7):
        a_message(world, n, purpose="reply", text=f"Điều anh chị nói thứ {n} đã xong.")
    a_message(world, 9, purpose="reply", text="Điều anh chị nói đã xong.", key=6)
    a_message(world, 10, text="Mời bác cà phê.")
    wire = Wire()
    assert actions.send_due(wire, at=world.at) == {"send": 9}
    mine = [one.text for one in wire.out if one.key == 5]
    assert len(mine) == 3  # five together, two together, and what is no answer
    assert sum("đã xong" in text for text in mine) == 2
    assert all(sum(f"thứ {n} " in text for text in mine) == 1 for n in range(7))
    carried = Message.objects.filter(carrier__isnull=False)
    assert carried.count() == 5
    assert {row.parts for row in carried} == {0}
    note(world, Report("ref-1.1", 5, "DELIVRD"))
    assert Message.objects.filter(state="arrived").count() == 5


def test_answers_that_never_left_go_again_together(world: Any) -> None:
    for n in range(3):
        a_message(world, n, purpose="reply", text=f"Điều {n} đã xong.")
    actions.send_due(Wire(again=[5]), at=world.at)
    assert set(Message.objects.values_list("carrier", "state", "parts")) == {(None, "waiting", 1)}
    wire = Wire()
    actions.send_due(wire, at=world.at + AGAIN)
    assert len(wire.out) == 1
