"""Contacting one person, on a page: why is asked first, each verdict with its sentence, forms that keep what was
typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tantam import clock, keys
from tantam.base.home import Home
from tantam.office.channels import actions, addresses
from tantam.office.channels.models import Consent, Message
from tantam.office.journal.models import Entry
from tests.office.channels.a_message import Wire, a_message, a_no, a_yes

URL = "/messages/person/"
SECRET = b"s" * 32
NUMBER = "0912 345 678"
KEY = keys.of_phone(SECRET, "+84912345678")


@pytest.fixture(autouse=True)
def _at_ten(world: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> None:
    """It is 10:00 in Vietnam, and one number is known."""
    monkeypatch.setattr(clock, "now", lambda: world.at)
    home = Home(tmp_path)
    home.secret.mkdir(parents=True)
    home.key_secret.write_bytes(SECRET)
    pq.write_table(pa.table({"key": [KEY], "phone": ["+84912345678"]}), home.phones)
    settings.HOME = tmp_path


def ask(page: Callable[..., Any], by: Any, status: int = 200, **typed: str) -> str:
    """What the page answers to a form, as text."""
    answer = page(by).post(URL, {"who": keys.show(KEY), "because": "call_back", **typed})
    assert answer.status_code == status
    assert answer["Cache-Control"] == "no-store"
    return str(answer.content.decode())


def row(text: str, purpose: str) -> str:
    """One row of the table of verdicts, without tags."""
    found = re.search(rf'<th scope="row">{purpose}</th>(.*?)</tr>', text, re.DOTALL)
    assert found
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def looks() -> list[str]:
    return list(Entry.objects.filter(act="contact.seen").values_list("because", flat=True))


def test_it_asks_why_before_it_opens(world: Any, page: Any) -> None:
    assert "Trước khi mở phải nói vì sao" in page(world.dung).get(URL).content.decode()
    a_yes(world, KEY)
    assert "phiếu 12/2026" not in ask(page, world.dung, 422, because="")
    assert "phiếu 12/2026" not in ask(page, world.dung, 422, because="curious")
    assert looks() == []


@pytest.mark.parametrize("who", ["", "abc", "0912", "TB-0"])
def test_nobody_known_is_refused_alike(world: Any, page: Any, who: str) -> None:
    assert "nobody_known" in ask(page, world.dung, 422, who=who)
    assert looks() == []


@pytest.mark.parametrize("who", ["stranger", "hoa", "policy", "auditor", "admin"])
def test_not_without_the_duty(world: Any, page: Any, who: str) -> None:
    assert page(getattr(world, who)).get(URL).status_code == 403
    assert page(getattr(world, who)).post(URL, {"who": NUMBER, "because": "call"}).status_code == 403
    assert page(None).get(URL).status_code == 302
    assert looks() == []


def test_each_purpose_and_channel_has_its_verdict(world: Any, page: Any) -> None:
    text = ask(page, world.dung, who=NUMBER)
    assert row(text, "Chăm sóc").startswith("được được chưa có địa chỉ")
    assert "house_allowed" in row(text, "Chăm sóc")
    assert row(text, "Quảng cáo").startswith("không không không")
    assert "ads_consent_before" in row(text, "Quảng cáo") or "chưa đồng ý" in row(text, "Quảng cáo")
    assert looks() == ["call_back"]
    assert NUMBER not in text


def test_hours_and_addresses_change_it(world: Any, page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    addresses.record(
        actor=world.dung, at=world.at, key=KEY, mail="lan@x.example", said_at=world.at, proof="phiếu"
    )
    monkeypatch.setattr(
        clock, "now", lambda: world.at + timedelta(hours=11)
    )  # 21:00: texts may, calls may not
    text = ask(page, world.dung)
    assert row(text, "Chăm sóc").startswith("được từ 08:00 23/11 được")
    assert "lan@x.example" in text


def test_the_yes_the_no_and_what_went_back_and_forth(world: Any, page: Any) -> None:
    a_yes(world, KEY, product="V120")
    a_no(world, KEY, purpose="survey")
    a_message(world, 1, key=KEY)
    actions.send_due(Wire(), at=world.at)
    came = actions.receive(at=world.at, gateway="wire", ref="1", number=NUMBER, text="Sóng yếu quá.")
    text = ask(page, world.dung)
    for words in ("V120", "phiếu 12/2026", "Đã giao", "Mời bác cà phê", "Sóng yếu quá."):
        assert words in text
    actions.handled(came, at=world.at, became="opinion")
    assert "Đã thành một ý kiến" in ask(page, world.dung)


YES = {"act": "consent", "granted": "yes", "purpose": "care", "how": "form", "proof": "phiếu 9", "on": "21/11/2026",
       "hour": "14:30", "product": "", "id": "0b5d3f7e-6f0e-5c53-9f0a-3f6f1d1f8a11"}  # fmt: skip


def test_a_yes_is_written_down_once(world: Any, page: Any) -> None:
    for _ in range(2):
        assert "phiếu 9" in ask(page, world.dung, **YES)
    kept = Consent.objects.get()
    assert (kept.key, kept.purpose, kept.granted, kept.how) == (KEY, "care", True, "form")
    assert kept.said_at.astimezone(clock.HANOI).isoformat() == "2026-11-21T14:30:00+07:00"
    assert Entry.objects.filter(act="consent.given").count() == 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"proof": ""}, "no_proof"),
        ({"granted": ""}, "no_answer"),
        ({"purpose": "dance"}, "bad_purpose"),
        ({"purpose": ""}, "bad_purpose"),
        ({"purpose": "everything"}, "yes_to_everything"),
        ({"how": "smoke"}, "bad_how"),
        ({"on": "23/11/2026"}, "said_in_the_future"),
        ({"on": "31/02/2026"}, "bad_moment"),
        ({"on": "01/01/0001"}, "bad_moment"),
        ({"hour": "25:00"}, "bad_moment"),
    ],
)
def test_what_is_refused_is_said_in_place_and_kept(
    world: Any, page: Any, changed: dict[str, str], code: str
) -> None:
    status = 409 if code in ("no_proof", "yes_to_everything") else 422
    text = ask(page, world.dung, status, **{**YES, "product": "V120 cũ", **changed})
    assert code in text
    assert 'value="V120 cũ"' in text
    assert text.count(f'value="{YES["id"]}"') == 1
    assert not Consent.objects.exists()


def test_a_no_to_everything_shuts_every_door(world: Any, page: Any) -> None:
    text = ask(
        page,
        world.dung,
        **{**YES, "granted": "no", "purpose": "everything", "proof": "", "on": "", "hour": ""},
    )
    assert "đã từ chối mọi liên lạc" in row(text, "Khảo sát")
    assert row(text, "Báo về dịch vụ đang dùng").startswith("được")


def test_on_the_national_list_and_off_it(world: Any, page: Any) -> None:
    text = ask(page, world.dung, act="list", listed="yes", id=YES["id"], proof="")
    assert "Số này có trong Danh sách" in row(text, "Quảng cáo")
    assert "no_proof" in ask(page, world.dung, 409, act="list", listed="no", id="x", proof="")
    text = ask(page, world.dung, act="list", listed="no", id="x", proof="tra ngày 22/11")
    assert "Số này không có trong danh sách" in text
    assert Consent.objects.filter(how="list").count() == 2


def test_the_mail_address(world: Any, page: Any) -> None:
    typed = {"act": "mail", "mail": "lan@saomai.example", "proof": "phiếu 3", "on": "", "hour": ""}
    assert "bad_mail" in ask(page, world.dung, 422, **{**typed, "mail": "lan at home"})
    assert 'value="lan at home"' in ask(page, world.dung, 422, **{**typed, "mail": "lan at home"})
    assert "lan@saomai.example" in ask(page, world.dung, **typed)
    assert addresses.of([KEY]) == {KEY: "lan@saomai.example"}
    assert "lan@saomai.example" not in ask(page, world.dung, act="unmail")


def test_the_number_shows_once_and_who_saw_it_is_known(world: Any, page: Any) -> None:
    text = ask(page, world.dung, act="number")
    assert NUMBER in text
    assert "tel:0912345678" in text
    again = ask(page, world.lam)
    assert NUMBER not in again
    assert "Ai đã xem số này (1)" in again  # a director reads the journal of his office
    assert "Mai Thùy Dung" in again
    assert "Ai đã xem số này" not in ask(page, world.khoi)  # nor does the director of another
    assert "Ai đã xem số này" not in ask(page, world.dung)


def test_no_number_is_said_in_its_place(world: Any, page: Any) -> None:
    assert "no_number" in ask(page, world.dung, 409, who="TB-0000-0000-0000A", act="number")


def test_nothing_typed_reaches_the_journal(world: Any, page: Any) -> None:
    for typed in (YES, {"act": "number"}, {"act": "mail", "mail": "lan@saomai.example", "proof": "phiếu 3"}):
        ask(page, world.dung, who=NUMBER, **typed)
    written = str(list(Entry.objects.values()))
    assert not any(words in written for words in ("912345678", "912 345", "saomai.example", "phiếu"))
    assert not Message.objects.exists()


def test_in_english(world: Any, page: Any) -> None:
    client = page(world.dung)
    client.post("/i18n/setlang/", {"language": "en"})
    a_no(world, KEY)
    text = client.post(URL, {"who": NUMBER, "because": "call"}).content.decode()
    assert "Right now we may, for" in text
    assert "Each yes and each no" in text
    day = re.search(r'id="c-on" name="on" value="([^"]+)"', text)
    assert day and day[1] == "22/11/2026"  # as it is typed, in both languages
    typed = {**YES, "on": day[1], "hour": "09:30"}
    assert client.post(URL, {"who": NUMBER, "because": "call", **typed}).status_code == 200
    assert Consent.objects.filter(granted=True).count() == 1
