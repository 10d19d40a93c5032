"""Messages are judged when their moment comes, and handed over at most once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tantam import office
from tantam.errors import BadInput, Refused
from tantam.office.channels import actions
from tantam.office.channels.models import Handed, Judgement, Message
from tantam.office.channels.sending import SILENT
from tantam.office.channels.sms.parts import plan
from tantam.office.journal.models import Entry
from tantam.office.promises import actions as promises
from tests.office.channels.a_message import Wire, a_message, a_no, a_yes, number


def test_what_may_go_goes_once(world: Any) -> None:
    a_message(world)
    wire = Wire()
    assert actions.send_due(wire, at=world.at) == {"send": 1}
    assert actions.send_due(wire, at=world.at) == {}
    (out,) = wire.out
    assert (out.key, out.text) == (5, "Mời bác cà phê sáng thứ bảy, 8 giờ, quán Cội.")
    assert out.because
    message = Message.objects.get()
    assert (message.state, message.gateway) == ("sent", "wire")
    assert Handed.objects.values_list("message", "gateway", "ref").get() == (message.pk, "wire", "ref-1.1")
    judgement = Judgement.objects.get()
    assert (judgement.outcome, judgement.at) == ("send", world.at)
    assert Entry.objects.get(act="message.sent").count == 1


def test_at_night_it_waits_and_goes_in_the_morning(world: Any) -> None:
    night = world.at.replace(hour=16)  # 23:00 in Vietnam
    a_message(world, at=night)
    wire = Wire()
    assert actions.send_due(wire, at=night) == {"hold": 1}
    held = Message.objects.get()
    assert held.due_at is not None
    assert actions.send_due(wire, at=held.due_at - timedelta(seconds=1)) == {}
    assert actions.send_due(wire, at=held.due_at) == {"send": 1}
    assert [j.outcome for j in Judgement.objects.order_by("at")] == ["hold", "send"]


def test_what_waited_too_long_is_not_sent(world: Any) -> None:
    night = world.at.replace(hour=16)
    breakfast = night + timedelta(hours=8)
    a_message(world, at=night, expires_at=breakfast)
    wire = Wire()
    assert actions.send_due(wire, at=night) == {"hold": 1}
    assert actions.send_due(wire, at=breakfast) == {"refuse": 1}
    assert wire.out == []
    last = Judgement.objects.order_by("at").last()
    assert last is not None
    assert (last.code, last.rule) == ("too_late", "house_in_time")
    assert last.vi


def test_after_a_stop_nothing_goes(world: Any) -> None:
    a_yes(world)
    ad = {"purpose": "advertising", "opt_out": "Từ chối: soạn TC gửi 199 hoặc gọi 18001091"}
    a_message(world, 1, **ad)
    wire = Wire()
    assert actions.send_due(wire, at=world.at) == {"send": 1}
    assert wire.out[0].text.startswith("[QC] ")
    assert wire.out[0].text.endswith("18001091")
    assert [(one.key, one.to, one.text) for one in wire.out[1:]] == [(None, "5656", wire.out[0].text)]
    alone = len(plan(wire.out[0].text).parts)
    assert Message.objects.get(pk=number(("message", 1))).parts == 2 * alone, "the copy is paid for too"
    a_no(world, at=world.at + timedelta(minutes=1), said_at=world.at + timedelta(minutes=1))
    a_message(world, 2, **ad)
    assert actions.send_due(wire, at=world.at + timedelta(minutes=2)) == {"refuse": 1}
    assert Message.objects.get(pk=number(("message", 2))).state == "refused"
    assert len(wire.out) == 2


def test_the_fourth_of_one_batch_waits(world: Any) -> None:
    a_yes(world)
    for name in range(4):
        a_message(world, name, purpose="advertising", opt_out="TC gửi 199, gọi 18001091")
    wire = Wire()
    assert actions.send_due(wire, at=world.at) == {"send": 3, "hold": 1}
    waiting = Message.objects.get(state="waiting")
    assert waiting.due_at == world.at + timedelta(hours=24)


def test_what_was_turned_away_and_what_nobody_knows(world: Any) -> None:
    for key in (5, 6, 7):
        a_message(world, key, key=key)
    wire = Wire(bad=[5], dies_at=1)
    with pytest.raises(ConnectionError):
        actions.send_due(wire, at=world.at)
    assert set(Message.objects.values_list("state", flat=True)) == {"taken"}
    again = Wire()
    assert actions.send_due(again, at=world.at + timedelta(minutes=1)) == {}
    assert actions.give_up(at=world.at + SILENT - timedelta(seconds=1)) == 0
    assert actions.give_up(at=world.at + SILENT) == 3
    assert actions.give_up(at=world.at + SILENT) == 0
    assert actions.send_due(again, at=world.at + SILENT) == {}
    assert again.out == []
    assert set(Message.objects.values_list("state", flat=True)) == {"unknown"}


def test_a_kill_leaves_no_more_unknown_than_were_on_their_way(world: Any) -> None:
    for key in range(10):
        a_message(world, key, key=key)
    wire = Wire(dies_at=5)
    wire.window = 3
    with pytest.raises(ConnectionError):
        actions.send_due(wire, at=world.at)
    states = Counter(Message.objects.values_list("state", flat=True))
    assert states == {"sent": 3, "taken": 3, "waiting": 4}
    assert Entry.objects.get(act="message.sent").count == 3
    again = Wire()
    assert actions.send_due(again, at=world.at) == {"send": 4}
    assert not {one.id for one in wire.out} & {one.id for one in again.out}


def test_a_window_is_of_parts(world: Any) -> None:
    for key in range(4):
        a_message(world, key, key=key, text="Mời bác cà phê sáng thứ bảy. " * 5)
    assert set(Message.objects.values_list("parts", flat=True)) == {3}
    wire = Wire(dies_at=2)
    wire.window = 7
    with pytest.raises(ConnectionError):
        actions.send_due(wire, at=world.at)
    assert Counter(Message.objects.values_list("state", flat=True)) == {"sent": 2, "taken": 2}


def test_a_message_longer_than_the_window_goes(world: Any) -> None:
    a_message(world, text="Mời bác cà phê sáng thứ bảy. " * 5)
    wire = Wire()
    wire.window = 1
    assert actions.send_due(wire, at=world.at) == {"send": 1}


def test_what_was_taken_back_while_others_were_on_their_way_stays(world: Any) -> None:
    for key in (5, 6):
        a_message(world, key, key=key, about=("event", key))
    wire = Wire()
    wire.window = 1
    given = wire.submit

    def submit(out: Any) -> Any:
        """While the first is handed over, somebody takes the other back."""
        (other,) = {5, 6} - {one.key for one in out}
        actions.take_back(actor=world.dung, at=world.at, about=("event", other))
        return given(out)

    wire.submit = submit  # type: ignore[method-assign]
    assert actions.send_due(wire, at=world.at) == {"send": 1}
    assert Counter(Message.objects.values_list("state", flat=True)) == {"sent": 1, "refused": 1}


def test_one_copy_a_text_and_batch_however_many_windows(world: Any) -> None:
    for key in (5, 6, 7):
        a_yes(world, key=key, id=number(("yes", key)))
        a_message(
            world, key, key=key, purpose="advertising", opt_out="Từ chối: soạn TC gửi 199 hoặc gọi 18001091"
        )
    wire = Wire()
    wire.window = 1
    assert actions.send_due(wire, at=world.at) == {"send": 3}
    assert sum(one.to == "5656" for one in wire.out) == 1
    assert sum(Message.objects.values_list("parts", flat=True)) == 4 * len(plan(wire.out[0].text).parts)


def test_a_message_that_is_turned_away_has_failed(world: Any) -> None:
    a_message(world)
    actions.send_due(Wire(bad=[5]), at=world.at)
    assert Message.objects.get().state == "failed"


def test_one_promise_sends_one_person_one_message(world: Any) -> None:
    promise = promises.make(
        actor=world.lam, at=world.at, kind="reply", what="Trả lời", owner=world.lam, office=world.nha_trang,
        first_due=world.at.date(), to=("subscriber", 5),
    )  # fmt: skip
    first = a_message(world, 1, promise=promise)
    assert a_message(world, 2, promise=promise) == first
    assert a_message(world, 3, promise=promise, key=6) != first
    assert Message.objects.count() == 2


def test_asking_twice_is_asking_once(world: Any) -> None:
    assert a_message(world) == a_message(world, text="khác")
    assert Entry.objects.filter(act="message.asked").count() == 1


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("bad_ask", {"purpose": "concert"}),
        ("sms_empty", {"text": " "}),
        ("sms_own_label", {"text": "[QC] Giảm giá"}),
        ("sms_link_in_reply", {"purpose": "reply", "text": "Xem http://a.vn"}),
        ("sms_no_opt_out", {"purpose": "advertising"}),
    ],
)
def test_asking_refuses(world: Any, code: str, changed: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as error:
        a_message(world, **changed)
    assert error.value.code == code
    assert not Message.objects.exists()


def test_the_stranger_cannot_ask(world: Any) -> None:
    with pytest.raises(Refused, match="not_your_duty"):
        a_message(world, actor=world.stranger)


def test_who_is_forgotten_is_not_written_to(world: Any) -> None:
    a_message(world)
    assert [row["state"] for row in actions.held_on(5)] == ["waiting"]
    assert actions.forget(5, actor=world.privacy, at=world.at) == 1
    wire = Wire()
    assert actions.send_due(wire, at=world.at) == {}
    message = Message.objects.get()
    assert (message.key, message.text, message.state) == (None, "—", "refused")


def test_no_way_out_goes_round_the_gate() -> None:
    """Gateways are asked in one place, behind the gate; the worker alone hands one in."""
    root = Path(office.__file__).parent
    texts = {
        file.relative_to(root).as_posix(): file.read_text(encoding="utf-8") for file in root.rglob("*.py")
    }
    wire = {"channels/smpp/gateway.py", "channels/smpp/link.py"}  # below the gateway, towards the network
    asked = {name for name, text in texts.items() if ".submit(" in text.replace("pool.submit(", "")}
    named = {name for name, text in texts.items() if "channels.gateways" in text}
    linked = {
        name for name, text in texts.items() if "smpp.link import" in text or "smpp.gateway import" in text
    }
    dialled = {name for name, text in texts.items() if ".dialled(" in text}
    assert asked == {"channels/sending.py", *wire}
    assert named == {
        "channels/sending.py",
        "channels/mail.py",
        "channels/smpp/gateway.py",
        "worker/chores.py",
    }
    assert linked == {"channels/smpp/gateway.py", "worker/link.py"}
    assert dialled == {"channels/ahead.py"}


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 50)), max_size=14))
def test_nobody_is_written_to_at_night_or_a_fourth_time_in_a_day(
    world: Any, asked: list[tuple[int, int]]
) -> None:
    Message.objects.all().delete()
    for name, (key, hours) in enumerate(asked):
        a_message(world, name, key=key, due_at=world.at + timedelta(hours=hours))
    wire = Wire()
    for step in range(0, 24 * 9):
        actions.send_due(wire, at=world.at + timedelta(minutes=20 * step * 2))
    went = list(Message.objects.filter(taken_at__isnull=False).values_list("key", "taken_at"))
    assert len(went) == len(wire.out) == len(asked)
    for key in (1, 2, 3):
        mine = sorted(at for one, at in went if one == key)
        assert all(b - a >= timedelta(hours=24) for a, b in zip(mine, mine[3:], strict=False))
    assert all(7 <= (at + timedelta(hours=7)).hour < 22 for _, at in went)
