"""Whoever was invited to what is called off or moved is told, once; what still waited is taken back."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from tantam.clock import HANOI
from tantam.errors import TantamError
from tantam.office.channels import actions as channels
from tantam.office.channels.models import Message
from tantam.office.events import actions, notices
from tantam.office.events.models import Event, Guest, Notice
from tantam.office.journal.models import Entry
from tests.office.channels.a_message import Wire
from tests.office.events.a_cafe import Cafe, code_of, entries
from tests.office.events.test_invite import on_saturday

NEW: dict[str, Any] = {
    "on": date(2026, 11, 29),
    "starts_at": time(9),
    "ends_at": time(10),
    "place": "Quán Gió",
}


def tell(at: datetime) -> None:
    for notice in notices.going():
        while notices.go_on(notice, at=at):
            pass


def fresh(cafe: Cafe) -> Event:
    return Event.objects.select_related("office").get(pk=cafe.event.pk)


def sent(cafe: Cafe) -> list[Guest]:
    """The first accepted by phone, the second refused twice, the third and fourth got a text; the others' wait."""
    seated = on_saturday(cafe)
    actions.record_call(seated[0], answer="accepted", **cafe.by)
    actions.record_call(seated[1], answer="no_contact", **cafe.by)
    actions.invite(cafe.event, **cafe.by)
    later = Message.objects.exclude(key__in=[seated[2].key, seated[3].key])
    later.update(due_at=cafe.at + timedelta(days=1))
    channels.send_due(Wire(), at=cafe.at)
    return seated


def new(at: datetime) -> dict[int | None, Message]:
    return {one.key: one for one in Message.objects.filter(asked_at=at, state="waiting")}


def test_who_was_invited_or_said_yes_is_told_that_it_is_off(cafe: Cafe) -> None:
    seated = sent(cafe)
    later = cafe.at + timedelta(hours=1)
    event = actions.cancel(cafe.event, actor=cafe.world.lam, at=later, because="weather")
    assert not Message.objects.filter(state="waiting").exists(), "no invitation to what is off"
    tell(later)
    told = new(later)
    assert {key: one.purpose for key, one in told.items()} == {
        seated[0].key: "reply", seated[2].key: "invitation", seated[3].key: "invitation"
    }  # fmt: skip
    one = told[seated[0].key]
    assert one.text == (
        "Sao Mai xin loi: buoi ca phe 14:00 thu bay 28/11 o Ca phe Bien, 12 Tran Phu khong dien ra nua vi thoi tiet. "
        "Anh chi khong can den. Mong duoc gap anh chi dip khac."
    )
    assert (one.office, one.about_id) == (cafe.world.nha_trang, str(event.pk))
    assert one.expires_at == datetime(2026, 11, 28, 14, tzinfo=HANOI)
    notice = Notice.objects.get()
    assert (notice.asked_count, notice.unreached_count, notice.done_at) == (3, 0, later)
    tell(later)
    assert actions.cancel(event, actor=cafe.world.lam, at=later, because="other").state == "cancelled"
    assert len(new(later)) == 3 and Notice.objects.count() == 1
    assert [entry.count for entry in entries("event.told")] == [3]


def test_the_gate_is_asked_of_each(cafe: Cafe) -> None:
    seated = sent(cafe)
    later = cafe.at + timedelta(hours=1)
    channels.record(
        actor=cafe.world.lam, at=later, id=notices._SPACE, key=seated[2].key or 0, purpose="invitation",
        granted=False, how="sms", said_at=later, proof="TC",
    )  # fmt: skip
    actions.cancel(cafe.event, actor=cafe.world.lam, at=later, because="other")
    tell(later)
    assert channels.send_due(Wire(), at=later) == {"send": 2, "refuse": 1}


def test_nobody_is_told_of_what_nobody_knew_of(cafe: Cafe) -> None:
    on_saturday(cafe)
    actions.cancel(cafe.event, because="venue", **cafe.by)
    tell(cafe.at)
    assert not Message.objects.exists()


def test_who_said_yes_without_a_number_is_counted(cafe: Cafe) -> None:
    seated = sent(cafe)
    Guest.objects.filter(pk=seated[0].pk).update(key=None)
    actions.cancel(cafe.event, because="venue", **cafe.by)
    tell(cafe.at)
    assert (Notice.objects.get().asked_count, Notice.objects.get().unreached_count) == (2, 1)


def test_a_worker_that_was_killed_goes_on(cafe: Cafe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "BATCH", 2)
    seated = sent(cafe)
    actions.cancel(cafe.event, because="venue", **cafe.by)
    (notice,) = notices.going()
    assert notices.go_on(notice, at=cafe.at)
    first = set(Message.objects.filter(state="waiting").values_list("key", flat=True))
    monkeypatch.setattr(notices.channels, "ask_many", _dies)
    with pytest.raises(KeyboardInterrupt):  # in the middle of a batch: nothing of it was written down
        notices.go_on(notice, at=cafe.at)
    monkeypatch.undo()
    tell(cafe.at)
    rows = list(Message.objects.filter(state="waiting").values_list("key", flat=True))
    assert set(rows) == {seated[n].key for n in (0, 2, 3)} > first and len(rows) == 3
    assert Notice.objects.get().asked_count == 3
    assert (
        sum(Entry.objects.filter(act="message.asked", on_kind="event").values_list("count", flat=True)) == 3
    )


def _dies(*_: Any, **__: Any) -> int:
    raise KeyboardInterrupt


def test_a_moved_one_keeps_its_guests_and_they_are_told(cafe: Cafe) -> None:
    seated = sent(cafe)
    later = cafe.at + timedelta(hours=1)
    for _ in range(2):
        actions.move(cafe.event, actor=cafe.world.lam, at=later, **NEW)
    event = fresh(cafe)
    assert (event.on, event.starts_at, event.place, event.moves, event.state) == (
        NEW["on"], time(9), "Quán Gió", 1, "invited",
    )  # fmt: skip
    assert not Message.objects.filter(state="waiting").exists(), "no invitation to the old day"
    tell(later)
    told = new(later)
    assert told.keys() == {seated[n].key for n in (0, 2, 3)}
    assert told[seated[0].key].text == (
        "Sao Mai xin loi: buoi ca phe 14:00 thu bay 28/11 doi sang 09:00 chu nhat 29/11, Quan Gio. "
        "Den duoc thi nhan CO, ban thi nhan KHONG."
    )
    made = actions.invite(event, actor=cafe.world.lam, at=later)
    assert {one.key for one in made} == {seated[4].key, seated[5].key}, "only whom nothing reached"
    assert "09:00 chu nhat 29/11" in made[0].text
    assert [entry.facts["day"] for entry in entries("event.moved")] == ["2026-11-29"]


def test_a_yes_to_the_new_day_counts(cafe: Cafe) -> None:
    seated = sent(cafe)
    later = cafe.at + timedelta(hours=1)
    actions.move(cafe.event, actor=cafe.world.lam, at=later, **NEW)
    tell(later)
    channels.send_due(Wire(), at=later)
    assert seated[2].key is not None
    assert actions.answer(seated[2].key, "CO", at=later, received_at=later) is not None
    assert Guest.objects.get(pk=seated[2].pk).answer == "accepted"
    assert "09:00 chu nhat 29/11" in Message.objects.get(key=seated[2].key, state="waiting").text


def test_moved_and_then_called_off_only_the_last_is_told(cafe: Cafe) -> None:
    sent(cafe)
    later = cafe.at + timedelta(hours=1)
    actions.move(cafe.event, actor=cafe.world.lam, at=later, **NEW)
    tell(later)
    actions.cancel(fresh(cafe), actor=cafe.world.lam, at=later, because="venue")
    tell(later)
    waiting = Message.objects.filter(state="waiting")
    assert waiting.count() == 3 and all("khong dien ra nua" in one.text for one in waiting)
    assert not notices.going()


def test_another_end_is_no_news(cafe: Cafe) -> None:
    sent(cafe)
    same = {"on": date(2026, 11, 28), "starts_at": time(14), "place": "Cà phê Biển, 12 Trần Phú"}
    event = actions.move(cafe.event, ends_at=time(16), **same, **cafe.by)
    assert (event.ends_at, event.moves, Notice.objects.count()) == (time(16), 0, 0)
    assert Message.objects.filter(state="waiting").count() == 2


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"on": date(2026, 11, 21)}, "event_in_the_past"),
        ({"on": date(2026, 11, 22), "starts_at": time(7), "ends_at": time(8)}, "begun_already"),
        ({"ends_at": time(8)}, "ends_before_start"),
        ({"place": " "}, "no_place"),
        ({"on": date(2026, 11, 30)}, "already_planned"),
    ],
)
def test_moving_refuses(cafe: Cafe, changed: dict[str, Any], code: str) -> None:
    cafe.plan(on=date(2026, 11, 30), starts_at=time(9), ends_at=time(10))
    on_saturday(cafe)
    with pytest.raises(TantamError) as no:
        actions.move(cafe.event, **{**NEW, **changed}, **cafe.by)
    assert code_of(no) == code and no.value.vi
    assert fresh(cafe).moves == 0


@pytest.mark.parametrize(("stage", "code"), [("meet", "already_held"), ("seal", "event_sealed")])
def test_what_was_held_is_not_moved(cafe: Cafe, stage: str, code: str) -> None:
    getattr(cafe, stage)()
    with pytest.raises(TantamError) as no:
        actions.move(cafe.event, **NEW, **cafe.by)
    assert code_of(no) == code
