"""The work of the machine as people see it: every chore in words, asleep or failing, what waits, the link."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tantam import clock
from tantam.office.channels.models import Incoming, Message
from tantam.office.worker.actions import run_due
from tantam.office.worker.chores import CHORES
from tantam.office.worker.models import Chore
from tantam.office.worker.pages import asleep
from tantam.office.worker.told import TOLD
from tests.office.channels.a_message import a_message

HOSTILE = "<script>alert(1)</script>"


def seen(page: Callable[..., Any], who: Any) -> str:
    answer = page(who).get("/work/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def all_well(**changed: dict[str, Any]) -> None:
    """Every chore was done just now, but for what is changed by name."""
    at = clock.now()
    for name in CHORES:
        row = {
            "due_at": at + timedelta(seconds=5),
            "last_ok_at": at,
            **changed.get(name.replace(".", "_"), {}),
        }
        Chore.objects.create(name=name, **row)


def test_every_chore_has_its_words() -> None:
    assert TOLD.keys() == CHORES.keys()


def test_all_on_time(world: Any, page: Callable[..., Any]) -> None:
    all_well()
    text = seen(page, world.admin)
    assert "Có. Mọi việc đều đúng hẹn." in text
    assert "Không có máy nào đang làm việc" not in text
    for words in TOLD.values():
        assert words.vi in text
        assert words.does_vi in text
    assert text.count("đúng hẹn</span>") == len(CHORES)


@pytest.mark.django_db(databases=["default", "health"])
def test_after_a_worker_went_round(world: Any, page: Callable[..., Any]) -> None:
    run_due(CHORES, holder="one", now=clock.now)
    text = seen(page, world.admin)
    assert "Có. Mọi việc đều đúng hẹn." in text
    assert text.count("đúng hẹn</span>") == len(CHORES)


def test_no_machine_has_ever_worked(world: Any, page: Callable[..., Any]) -> None:
    text = seen(page, world.auditor)
    assert "Chưa máy nào bắt đầu làm việc." in text
    assert "tantam office work" in text


def test_no_machine_works_any_more(world: Any, page: Callable[..., Any]) -> None:
    at = clock.now() - timedelta(minutes=9)
    all_well(journal_seal={"due_at": at, "last_ok_at": at})
    text = seen(page, world.hoa)
    assert "Không. Chưa có máy nào làm tiếp." in text
    assert "tantam office work" in text
    assert "quá hẹn 9 phút" in text


def test_asleep() -> None:
    at = clock.now()
    long, soon = at - timedelta(minutes=3), at + timedelta(minutes=3)
    late = Chore(name="a", due_at=long)
    busy = Chore(name="b", due_at=long, lease_until=soon)
    dropped = Chore(name="c", due_at=long, lease_until=long)
    failing = Chore(name="d", due_at=soon, failures=9)
    assert asleep({}, at)
    assert asleep({"a": None}, at)
    assert asleep({"a": late, "d": failing}, at)
    assert asleep({"c": dropped}, at)
    assert not asleep({"a": late, "b": busy}, at)
    assert not asleep({"a": None, "d": failing}, at)
    assert not asleep({"e": Chore(name="e", due_at=at - timedelta(seconds=90))}, at)


def test_failing_held_dropped_and_how_far(world: Any, page: Callable[..., Any]) -> None:
    at = clock.now()
    all_well(
        opinions_read={"failures": 3, "due_at": at + timedelta(minutes=40), "last_ok_at": None},
        channels_send={
            "holder": f"máy-1 {HOSTILE}",
            "lease_until": at + timedelta(minutes=4),
            "checkpoint": {"done": 41200, "total": 178560},
        },
        programmes_promise={"holder": "máy-2", "lease_until": at - timedelta(minutes=4), "checkpoint": {"after": 3}},
    )  # fmt: skip
    text = seen(page, world.policy)
    assert "Có, nhưng 1 việc đang hỏng." in text
    assert "hỏng 3 lần liền" in text
    assert "sau 39 phút" in text
    assert "chưa lần nào" in text
    assert "41.200 trong 178.560" in text
    assert "bỏ dở" in text
    assert "Đã ghi chỗ dừng" in text
    assert HOSTILE not in text
    assert "máy-1 &lt;script&gt;" in text


def test_what_waits(world: Any, page: Callable[..., Any]) -> None:
    all_well()
    now = clock.now()
    a_message(world, 1, at=now - timedelta(hours=3))
    a_message(world, 2, at=now, due_at=now + timedelta(days=1))
    a_message(world, 4, at=now - timedelta(hours=8), channel="call")  # waits for people
    lost = a_message(world, 3, at=now)
    Message.objects.filter(pk=lost.pk).update(state="unknown", due_at=None)
    Incoming.objects.create(
        id=uuid4(), key=5, text=HOSTILE, gateway="wire", received_at=now - timedelta(minutes=7)
    )
    text = seen(page, world.hoa)
    assert "lâu nhất 3 giờ" in text
    assert "lâu nhất 8 giờ" not in text
    assert "lâu nhất 7 phút" in text
    assert 'href="/messages/?state=unknown"' in text
    assert HOSTILE not in text
    assert "/messages/?state" not in seen(page, world.admin)  # messages are not his to see


@pytest.mark.parametrize(
    ("sms", "words"), [("no", "chưa nối với trung tâm nào"), ("console", "in ra màn hình của máy")]
)
def test_no_centre(world: Any, page: Callable[..., Any], settings: Any, sms: str, words: str) -> None:
    settings.SMS = sms
    text = seen(page, world.admin)
    assert words in text
    assert "tantam office sms" not in text


def test_the_link(world: Any, page: Callable[..., Any], settings: Any) -> None:
    settings.SMS = "smpp://tantam@127.0.0.1:2775"
    assert "tantam office sms" in seen(page, world.admin)
    now = clock.now()
    bound = (now - timedelta(hours=2)).isoformat()
    link = Chore.objects.create(
        name="channels.link", due_at=now, holder="máy-3", lease_until=now + timedelta(minutes=1),
        checkpoint={"bound": bound, "sent": 12345, "received": 67, "receipts": 12000, "seen": bound},
    )  # fmt: skip
    text = seen(page, world.admin)
    assert "đã 2 giờ" in text
    assert "12.345" in text
    assert "máy-3" in text
    assert "127.0.0.1" not in text
    for note in ({"bound": HOSTILE}, {}):
        Chore.objects.filter(pk=link.pk).update(checkpoint=note)
        assert "đang gọi trung tâm" in seen(page, world.admin)
    Chore.objects.filter(pk=link.pk).update(lease_until=None, holder="")
    assert "Đường nối với trung tâm tin nhắn đang đứt." in seen(page, world.admin)


def test_it_costs_the_same_however_much_waits(
    world: Any, page: Callable[..., Any], django_assert_max_num_queries: Any
) -> None:
    all_well()
    client = page(world.hoa)
    client.get("/work/")
    for n in range(12):
        a_message(world, n, key=n, at=clock.now())
    with django_assert_max_num_queries(
        9
    ):  # session, person, duties, chores, and one for each thing that waits
        client.get("/work/")


def test_in_english(world: Any, page: Callable[..., Any]) -> None:
    all_well(journal_seal={"failures": 1, "last_ok_at": None})
    client = page(world.auditor)
    client.post("/i18n/setlang/", {"language": "en"})
    text = client.get("/work/").content.decode()
    assert "Yes, but 1 chore fails." in text
    assert "failed 1 time in a row" in text


def test_whose_page_it_is(world: Any, page: Callable[..., Any]) -> None:
    for who in (world.admin, world.hoa, world.auditor, world.policy):
        assert 'href="/work/"' in seen(page, who)
    for who in (world.stranger, world.lam, world.dung, world.privacy):
        assert page(who).get("/work/").status_code == 403
    assert page(None).get("/work/").status_code == 302
    assert page(world.admin).post("/work/").status_code == 405
