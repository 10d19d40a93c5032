"""The page of calls: each with why, one at a time, the number only to who took it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tantam import clock
from tantam.base.home import Home
from tantam.office.channels.models import Consent, Message
from tantam.office.journal.models import Entry
from tests.office.channels.a_message import a_message, a_no, a_yes

URL = "/messages/calls/"
NUMBER = "0912 345 005"


@pytest.fixture(autouse=True)
def _at_ten(world: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> None:
    monkeypatch.setattr(clock, "now", lambda: world.at)
    home = Home(tmp_path)
    home.secret.mkdir(parents=True)
    pq.write_table(pa.table({"key": [5], "phone": ["+84912345005"]}), home.phones)
    settings.HOME = tmp_path


@pytest.fixture
def call(world: Any) -> Message:
    """A call of Nha Trang to somebody whose number we have."""
    return a_message(world, channel="call", purpose="care", office=world.nha_trang, text="Trạm đã sửa xong.")


def post(page: Callable[..., Any], who: Any, status: int = 200, **typed: Any) -> str:
    answer = page(who).post(URL, typed, follow=True)
    assert answer.status_code == status
    assert answer["Cache-Control"] == "no-store"
    return str(answer.content.decode())


def test_nothing_is_due(world: Any, page: Any) -> None:
    assert "Không có cuộc nào đến lượt" in page(world.dung).get(URL).content.decode()


def test_taken_and_told(world: Any, page: Any, call: Message) -> None:
    listed = page(world.dung).get(URL).content.decode()
    assert "gọi được" in listed and "house_allowed" in listed and "Trạm đã sửa xong." in listed
    assert "0912" not in listed
    text = post(page, world.dung, act="take", call=call.pk)
    assert NUMBER in text and 'href="tel:0912345005"' in text
    assert Entry.objects.filter(act="phonebook.call_list").count() == 1
    assert NUMBER in page(world.dung).get(URL).content.decode()  # opened again: one more look
    assert Entry.objects.filter(act="phonebook.call_list").count() == 2
    assert NUMBER not in page(world.lam).get(URL).content.decode()
    assert "Đã ghi kết quả." in post(page, world.dung, act="answered", call=call.pk)
    call.refresh_from_db()
    assert call.state == "arrived"


def test_an_advertisement_begins_with_who_calls(world: Any, page: Any) -> None:
    a_yes(world)
    ad = a_message(
        world, 2, channel="call", purpose="advertising", opt_out="TC gửi 199", office=world.nha_trang
    )
    text = post(page, world.dung, act="take", call=ad.pk)
    assert "ads_caller_says_who" in text
    assert text.index("Em là Mai Thùy Dung") < text.index("[QC]")
    assert "Chi nhánh Nha Trang" in text


def test_what_is_refused_is_said(world: Any, page: Any, call: Message) -> None:
    post(page, world.lam, act="take", call=call.pk)
    assert "call_taken" in post(page, world.dung, 409, act="take", call=call.pk)
    assert "bad_call_outcome" in post(page, world.lam, 422, act="shrug", call=call.pk)
    assert "not_your_office" in post(page, world.khoi, 403, act="answered", call=call.pk)
    for wrong in ("", "x", world.nha_trang.pk, "0b5d3f7e-6f0e-5c53-9f0a-3f6f1d1f8a11"):
        assert page(world.dung).post(URL, {"act": "take", "call": wrong}).status_code == 404


def test_the_gate_says_no_when_it_is_taken(world: Any, page: Any, call: Message) -> None:
    a_no(world, purpose="care")
    assert "không gọi" in page(world.dung).get(URL).content.decode()
    text = post(page, world.dung, 409, act="take", call=call.pk)
    assert "đã từ chối chăm sóc" in text and NUMBER not in text
    assert not Entry.objects.filter(act="phonebook.call_list").exists()


def test_asked_not_to_be_called(world: Any, page: Any, call: Message) -> None:
    post(page, world.dung, act="take", call=call.pk)
    post(page, world.dung, act="stop", call=call.pk, note="bản ghi âm 12")
    assert (Consent.objects.get().purpose, Consent.objects.get().proof) == ("everything", "bản ghi âm 12")


def test_put_away(world: Any, page: Any, call: Message) -> None:
    a_no(world, purpose="care")
    assert "Đã cất 1 cuộc." in post(page, world.dung, act="clear")
    call.refresh_from_db()
    assert call.state == "refused"


@pytest.mark.parametrize("who", ["stranger", "hoa", "privacy", "auditor", "policy"])
def test_not_without_the_duty(world: Any, page: Any, call: Message, who: str) -> None:
    assert page(getattr(world, who)).get(URL).status_code == 403
    assert page(getattr(world, who)).post(URL, {"act": "take", "call": call.pk}).status_code == 403
    assert page(None).get(URL).status_code == 302
    call.refresh_from_db()
    assert call.state == "waiting"


def test_in_english(world: Any, page: Any, call: Message) -> None:
    client = page(world.dung)
    client.post("/i18n/setlang/", {"language": "en"})
    assert "may be called" in client.get(URL).content.decode()
    assert "What to say" in client.post(URL, {"act": "take", "call": call.pk}).content.decode()
