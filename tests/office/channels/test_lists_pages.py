"""How lists of messages stand: counted, explained, and how long the rest takes, said only where it can be told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tantam import clock
from tantam.office.channels import lists_pages, reasons
from tantam.office.channels.models import Handed, Message
from tantam.office.channels.verdicts import SENTENCES
from tantam.office.paging import COUNTED

HOSTILE = "<script>alert(1)</script>"
CAFE = ("event", "12")


def put(count: int = 1, about: tuple[str, str] = CAFE, **changed: Any) -> list[Message]:
    """So many messages of a list, as they stand; ``key`` counts up."""
    now = clock.now()
    row: dict[str, Any] = {
        "purpose": "invitation", "channel": "sms", "text": "Mời bác cà phê.", "parts": 2, "state": "sent",
        "asked_at": now - timedelta(hours=1), "code": "allowed",
    }  # fmt: skip
    row |= {"about_kind": about[0], "about_id": about[1], **changed}
    if row["state"] == "waiting":
        row = {"due_at": now - timedelta(minutes=1), **row}
    elif row["state"] != "refused":
        row = {"taken_at": now - timedelta(seconds=30), **row}
    return Message.objects.bulk_create([Message(id=uuid4(), key=n, **row) for n in range(count)])


def standing(about: tuple[str, str] = CAFE, at: datetime | None = None) -> dict[str, Any]:
    (one,) = lists_pages.standing([about], Message.objects.all(), at=at or clock.now())
    return one


def seen(page: Callable[..., Any], who: Any, query: str = "") -> str:
    answer = page(who).get(f"/messages/{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_every_code_that_keeps_a_message_has_its_words() -> None:
    assert SENTENCES.keys() - reasons.WENT <= reasons.WHY.keys()
    assert reasons.why("smpp_0x0b") == "trung tâm bảo số này sai, mã 0x0b"
    assert reasons.why("smpp_0x61") == "trung tâm không nhận, mã 0x61"
    assert reasons.why("smpp_cut") == "đường nối đứt khi mới giao được một phần"
    assert reasons.why("smtp_550") == "máy chủ thư không nhận, mã 550"
    assert reasons.why("<b>") == "trung tâm không nhận, mã <b>"
    assert reasons.ended("UNDELIV", "011") == "mạng không giao được, mã 011"
    assert reasons.ended("UNDELIV", "000") == "mạng không giao được"
    assert reasons.ended("<b>", "") == "<b>"


def test_a_list_is_counted(world: Any) -> None:
    put(40, state="arrived")
    put(30, state="sent")
    put(4, state="refused", code="refused")
    put(3, state="refused", code="no_consent")
    put(2, state="failed", code="0x0b")
    put(1, state="unknown")
    put(15, state="waiting", code="")
    put(5, state="waiting", code="", channel="call", parts=1)  # nothing is paid by the part
    one = standing()
    assert (one["whole"], one["done"], one["moving"]) == (100, 80, True)
    assert one["chip"] == ("cham", "đang gửi")
    assert {part["word"]: part["n"] for part in one["legend"]} == {
        "đã tới máy": 40, "đã giao": 30, "không rõ đã đi chưa": 1, "không tới được": 2, "không gửi": 7, "đang chờ": 20,
    }  # fmt: skip
    assert [(line["n"], line["why"]) for line in one["reasons"]] == [
        (4, "người ấy đã từ chối"), (3, "chưa đồng ý nhận"), (2, "trung tâm không nhận, mã 0x0b"),
    ]  # fmt: skip
    assert (one["paid"], one["to_pay"]) == (2 * 73, 2 * 15)
    assert one["open"] == "/events/12/"


def test_more_reasons_than_are_named_are_counted_together(world: Any) -> None:
    for n, code in enumerate(("refused", "listed", "no_consent", "silence", "not_asked"), 1):
        put(n, state="refused", code=code)
    assert [line["n"] for line in standing()["reasons"]] == [5, 4, 3, 3]
    assert standing()["reasons"][-1]["why"] == "lý do khác"


def test_the_rest_is_told_from_the_last_minutes(world: Any) -> None:
    now = clock.now()
    put(600, taken_at=now - timedelta(minutes=2))
    put(900, state="waiting")
    assert standing(at=now)["rest"] == "còn chừng 3 phút, mỗi phút chừng 300 tin"


@pytest.mark.parametrize(
    ("sent", "ago", "words"),
    [
        (0, 0, "chưa đủ số liệu để đoán bao giờ xong"),
        (19, 60, "chưa đủ số liệu để đoán bao giờ xong"),  # too few
        (500, 5, "chưa đủ số liệu để đoán bao giờ xong"),  # too short
        (500, 180, "chưa đủ số liệu để đoán bao giờ xong: đã 3 phút không tin nào đi"),
    ],
)
def test_what_cannot_be_told_is_not(world: Any, sent: int, ago: int, words: str) -> None:
    now = clock.now()
    put(sent, taken_at=now - timedelta(seconds=ago))
    put(9, state="waiting")
    assert standing(at=now)["rest"] == words


def test_what_waits_for_its_hour_says_until_when(world: Any) -> None:
    now = clock.now()
    put(3, state="waiting", code="hours", due_at=now + timedelta(hours=9))
    one = standing(at=now)
    assert one["rest"] == ""
    assert one["chip"][0] == "nghe"
    assert one["later"].startswith("3 tin chờ, sớm nhất từ ")
    assert one["reasons"][0]["until"] == now + timedelta(hours=9)


def test_a_finished_list(world: Any) -> None:
    put(3, state="arrived")
    one = standing()
    assert (one["chip"], one["moving"], one["rest"], one["later"]) == (("la", "đã xong"), False, "", "")
    assert lists_pages.standing([("event", "404")], Message.objects.all(), at=clock.now()) == []


def test_lists_at_work_are_on_the_page(world: Any, page: Callable[..., Any]) -> None:
    put(2, state="waiting")
    put(2, about=("round", "R8"), state="arrived")
    put(2, about=("event", "3"), state="arrived", asked_at=clock.now() - timedelta(days=2))
    put(2, about=("secret", "1"))
    text = seen(page, world.hoa)
    assert "Buổi gặp 12" in text
    assert "Đợt chăm sóc R8" in text
    assert "Buổi gặp 3<" not in text  # over for a day
    assert "secret" not in text
    assert 'id="lists" data-again' in text


def test_nothing_moves_nothing_is_asked_again(world: Any, page: Callable[..., Any]) -> None:
    put(2, state="arrived")
    assert "data-again" not in seen(page, world.hoa)


def test_one_list(world: Any, page: Callable[..., Any]) -> None:
    put(1, state="waiting", text="Tin của buổi 12.")
    put(1, about=("event", "13"), text="Tin của buổi 13.")
    text = seen(page, world.hoa, "?about=event:12")
    assert "Buổi gặp 12: 0 trong 1 tin đã xử lý." in text
    assert 'href="/events/12/"' in text
    assert "Tin của buổi 12." in text
    assert "Tin của buổi 13." not in text
    assert "?state=waiting&amp;about=event%3A12" in text
    assert "Buổi gặp 99: chưa có tin nào." in seen(page, world.hoa, "?about=event:99")


@pytest.mark.parametrize(
    "query", ["?about=", "?about=event", "?about=:1", "?about=%00:%00", "?with=x", "?office="]
)
def test_what_makes_no_sense_is_not_asked_for(world: Any, page: Callable[..., Any], query: str) -> None:
    put(1)
    assert "Mời bác cà phê." in seen(page, world.hoa, query)


def test_hostile_words_stay_words(world: Any, page: Callable[..., Any]) -> None:
    put(1, about=("round", HOSTILE), state="failed", code="<b>9", text=HOSTILE)
    for query in ("", "?about=round:%3Cscript%3Ealert(1)%3C/script%3E", "?about=%3Cb%3E:%3Cb%3E"):
        text = seen(page, world.hoa, query)
        assert HOSTILE not in text
        assert "<b>9" not in text


def test_each_office_sees_its_own_part(world: Any, page: Callable[..., Any]) -> None:
    put(2, state="waiting", office=world.nha_trang)
    put(3, state="waiting", office=world.ca_mau)
    put(1, about=("round", "R8"), state="waiting")
    assert "0</b> trong 2 tin" in seen(page, world.lam)
    assert "Đợt chăm sóc" not in seen(page, world.lam)
    assert "0</b> trong 3 tin" in seen(page, world.khoi)
    assert "0</b> trong 5 tin" in seen(page, world.hoa)
    office = world.khanh_hoa.pk
    text = seen(page, world.hoa, f"?office={office}")
    assert "0</b> trong 2 tin" in text
    assert "Khánh Hòa." in text
    assert f"?state=sent&amp;office={office}" in text
    assert page(world.khoi).get(f"/messages/?office={office}").status_code == 403
    assert page(world.hoa).get("/messages/?office=99999").status_code == 422


def test_receipts_parts_and_what_went_together(world: Any, page: Callable[..., Any]) -> None:
    (whole,) = put(1, state="arrived", text="Tin hai phần.")
    (half,) = put(1, state="failed", text="Tin nửa đường.")
    (away,) = put(1, state="failed", text="Tin bị trả lại.", code="0x45")
    (first,) = put(1, text="Tin chở.")
    put(2, text="Tin đi nhờ.", carrier=first, parts=0)
    ends = [(whole, "DELIVRD", ""), (whole, "DELIVRD", ""), (half, "DELIVRD", ""), (half, "EXPIRED", "01B")]
    Handed.objects.bulk_create(
        Handed(message=row, gateway="wire", ref=str(n), ended=state, error=error)
        for n, (row, state, error) in enumerate(ends)
    )
    text = seen(page, world.hoa)
    assert "Đã tới máy" in text
    assert "2/2 phần đã tới" in text
    assert "1/2 phần đã tới" in text
    assert "Máy tắt hoặc ngoài vùng sóng tới khi hết hạn, mã 01B" in text
    assert "Trung tâm không nhận, mã 0x45" in text
    assert "Đi chung trong một tin với 2 tin khác" in text
    together = seen(page, world.hoa, f"?with={first.pk}")
    assert together.count("Tin đi nhờ.") == 2
    assert "Tin chở." in together
    assert "Tin hai phần." not in together
    assert away.pk != first.pk


def test_a_long_list_costs_as_many_queries_as_a_short_one(
    world: Any, page: Callable[..., Any], django_assert_num_queries: Any
) -> None:
    client = page(world.hoa)
    put(1, state="waiting")
    client.get("/messages/")
    # session, person, duties, page, three of its rows, waiting, three looks for lists, all lists at once
    for _ in range(2):
        with django_assert_num_queries(12):
            client.get("/messages/")
        for n in range(lists_pages.MOST + 2):
            put(20, about=("event", str(n)), state="waiting")
    assert seen(page, world.hoa).count(" tin đã xử lý") == lists_pages.MOST


def test_looks_are_bounded(world: Any) -> None:
    """A thousand of one list hide another behind them, until its turn comes."""
    now = clock.now()
    long_ago = now - timedelta(days=9)
    put(COUNTED, state="waiting", asked_at=long_ago, due_at=now)
    put(2, about=("event", "7"), state="waiting", asked_at=long_ago, due_at=now + timedelta(days=1))
    every = Message.objects.all()
    assert lists_pages.going(every, None, at=now) == [CAFE]
    Message.objects.filter(about_id="12")[:1].get().delete()
    assert lists_pages.going(every, None, at=now) == [CAFE, ("event", "7")]


def test_the_cost_of_a_list_is_shown_where_the_price_of_a_part_is_known(
    world: Any, page: Callable[..., Any], settings: Any
) -> None:
    put(3)
    put(1, state="waiting", code="")
    put(1, state="refused", code="refused")
    assert "700\xa0đồng" not in seen(page, world.hoa, "?about=event:12")
    settings.SMS_PRICE_DONG = 350
    shown = seen(page, world.hoa, "?about=event:12").replace("\xa0", " ")
    assert "Đã dùng 6 phần tin (2.100 đồng), còn chờ 2 phần (nhiều nhất 700 đồng)" in shown
    assert shown.count("2 phần, 700 đồng") == 4, "what is not sent costs nothing"
