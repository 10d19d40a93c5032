"""Pages of a gathering's messages and calls: what it costs before it is asked for, how it stands, whom the gate lets us
call, at the edges of the hours."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from tantam.clock import HANOI
from tantam.office.channels import actions as channels
from tantam.office.channels.models import Message
from tantam.office.events import actions, inviting
from tantam.office.events.models import Guest
from tests.office.channels.a_message import Wire
from tests.office.events.a_cafe import Cafe, entries
from tests.office.events.test_invite import on_saturday

Page = Callable[[Any], Any]
NUMBER = re.compile(r"0\d{3} \d{3} \d{3}")


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch, world: Any) -> Callable[[int, int], None]:
    """The pages' clock stands at the world's moment, until a test sets it to another of the same day."""
    monkeypatch.setattr("tantam.clock.now", lambda: world.at)

    def put(hour: int, minute: int) -> None:
        at = datetime(2026, 11, 22, hour, minute, tzinfo=HANOI)
        monkeypatch.setattr("tantam.clock.now", lambda: at)

    return put


def refuses(cafe: Cafe, guest: Guest) -> None:
    channels.record(
        id=inviting.asked_id(guest, "test"), key=guest.key or 0, purpose="everything", granted=False, how="sms",
        said_at=cafe.at, **cafe.by,
    )  # fmt: skip


def calls(cafe: Cafe, page: Page) -> str:
    return str(page(cafe.world.dung).get(f"/events/{cafe.event.pk}/calls/").content.decode())


@pytest.mark.parametrize(("hour", "minute", "shown"), [(7, 59, 0), (8, 0, 6), (16, 59, 6), (17, 0, 0)])
def test_numbers_are_shown_in_the_hours_of_calls(
    cafe: Cafe, page: Page, now: Any, hour: int, minute: int, shown: int
) -> None:
    on_saturday(cafe)
    now(hour, minute)
    html = calls(cafe, page)
    assert len(set(NUMBER.findall(html))) == shown
    assert html.count("house_hours") == (0 if shown else 1)  # said once, for all of them alike
    assert [entry.count for entry in entries("phonebook.call_list")] == ([shown] if shown else [])
    if not shown:
        assert "sớm nhất là 08:00 ngày 2" in html and "Khách tự liên lạc?" in html


def test_whoever_refused_is_not_shown_and_not_counted(cafe: Cafe, page: Page) -> None:
    first, *_ = on_saturday(cafe)
    refuses(cafe, first)
    html = calls(cafe, page)
    assert len(set(NUMBER.findall(html))) == 5
    assert "Người này đã từ chối mọi liên lạc" in html and "house_refused" in html
    assert "gọi được 5 trong 6" in html
    (entry,) = entries("phonebook.call_list")
    assert entry.count == 5


def test_the_seat_of_whoever_refused_is_given_to_a_reserve(cafe: Cafe, page: Page) -> None:
    first, *_ = on_saturday(cafe)
    refuses(cafe, first)
    client, url = page(cafe.world.dung), f"/events/{cafe.event.pk}/calls/"
    assert client.post(url, {"guest": first.pk, "answer": "no_contact"}).status_code == 302
    assert "không liên lạc nữa" in client.get(url).content.decode()
    client.post(url, {"act": "reserve"})
    assert Guest.objects.filter(called_in=True).count() == 1


def test_please_no_more_is_written_from_the_answer_form(cafe: Cafe, page: Page) -> None:
    first, *_ = on_saturday(cafe)
    html = calls(cafe, page)
    assert "Từ chối, và xin đừng liên lạc nữa" in html
    page(cafe.world.dung).post(f"/events/{cafe.event.pk}/calls/", {"guest": first.pk, "answer": "no_contact"})
    (entry,) = entries("consent.refused")
    assert entry.facts["how"] == "call"
    assert len(set(NUMBER.findall(calls(cafe, page)))) == 5


def test_calls_back_go_through_the_gate_too(cafe: Cafe, page: Page, now: Any) -> None:
    cafe.seal()
    first = cafe.seated()[0]
    refuses(cafe, first)
    html = calls(cafe, page)
    assert len(set(NUMBER.findall(html))) == 4 and "house_refused" in html
    now(17, 0)
    assert not NUMBER.search(calls(cafe, page))


def test_the_price_of_all_parts_is_seen_where_it_is_known(cafe: Cafe, page: Page, settings: Any) -> None:
    on_saturday(cafe)
    client, url = page(cafe.world.dung), f"/events/{cafe.event.pk}/invite/"
    assert "đồng" not in client.get(url).content.decode()
    settings.SMS_PRICE_DONG = 350
    html = client.get(url).content.decode().replace("\xa0", " ")
    assert "6 phần cho tất cả, nhiều nhất 2.100 đồng" in html
    assert "18 phần cho tất cả, nhiều nhất 6.300 đồng" in html


def test_the_cost_is_seen_before_anything_is_asked_for(cafe: Cafe, page: Page) -> None:
    on_saturday(cafe)
    client, url = page(cafe.world.dung), f"/events/{cafe.event.pk}/invite/"
    html = client.get(url).content.decode()
    assert "1 phần mỗi tin, 6 phần cho tất cả" in html and "3 phần mỗi tin, 18 phần cho tất cả" in html
    assert "Tra loi CO hoac KHONG" in html and "house_allowed" in html
    other = {"text": "Mời bác cà phê ở quán Gió nhé.", "counted": "…", "letters": "accents", "act": "send"}
    html = client.post(url, other).content.decode()
    assert "Lời nhắn đã đổi" in html and not Message.objects.exists()
    assert (
        client.post(url, {**other, "counted": other["text"]}).headers["Location"]
        == f"/events/{cafe.event.pk}/"
    )
    assert set(Message.objects.values_list("text", flat=True)) == {"Mời bác cà phê ở quán Gió nhé."}
    assert "Không còn ai để nhắn" in client.get(url).content.decode()


def test_the_gate_is_asked_beforehand(cafe: Cafe, page: Page, now: Any) -> None:
    first, *_ = on_saturday(cafe)
    refuses(cafe, first)
    now(22, 0)
    html = page(cafe.world.lam).get(f"/events/{cafe.event.pk}/invite/").content.decode()
    assert "1 khách" in html and "house_refused" in html
    assert "5 khách" in html and "sớm nhất là 07:00 ngày 23/11/2026" in html


def test_a_text_too_long_is_refused_and_kept(cafe: Cafe, page: Page) -> None:
    on_saturday(cafe)
    text = "dài " * 300
    sent = {"text": text, "counted": text.strip(), "act": "send"}
    answer = page(cafe.world.lam).post(f"/events/{cafe.event.pk}/invite/", sent)
    assert answer.status_code == 422
    assert "invitation_too_long" in answer.content.decode() and "dài dài" in answer.content.decode()


def test_words_of_others_are_only_words(cafe: Cafe, page: Page) -> None:
    on_saturday(cafe)
    sent = {"text": "<script>alert(1)</script>", "act": "look"}
    html = page(cafe.world.lam).post(f"/events/{cafe.event.pk}/invite/", sent).content.decode()
    assert "<script>alert" not in html and "&lt;script&gt;" in html


def test_reminders_are_set_for_the_morning(cafe: Cafe, page: Page) -> None:
    first, *_ = on_saturday(cafe)
    actions.record_call(first, answer="accepted", **cafe.by)
    client, url = page(cafe.world.lam), f"/events/{cafe.event.pk}/remind/"
    html = client.get(url).content.decode()
    assert "1 khách, nhắn lúc 28/11/2026, 07:30." in html
    counted = re.findall(r'name="counted" value="([^"]+)"', html)[0]
    client.post(url, {"text": counted, "counted": counted, "letters": "plain", "act": "send"})
    assert "28/11/2026, 07:30" in client.get(f"/events/{cafe.event.pk}/").content.decode()


def test_how_the_invitations_stand(cafe: Cafe, page: Page) -> None:
    first, second, third, *_ = on_saturday(cafe)
    client, url = page(cafe.world.lam), f"/events/{cafe.event.pk}/"
    assert "Nhắn mời 6 khách" in client.get(url).content.decode()
    refuses(cafe, first)
    actions.invite(cafe.event, **cafe.by)
    assert "6 đang chờ" in client.get(url).content.decode()
    actions.record_call(third, answer="accepted", **cafe.by)
    channels.send_due(Wire(bad=[second.key or 0]), at=cafe.at)
    html = client.get(url).content.decode()
    for said in ("3 đã giao", "2 không gửi", "1 không tới được", "Người này đã từ chối mọi liên lạc"):
        assert said in html, said
    assert "Người gửi đã rút lại." in html
    assert not NUMBER.search(html)


def test_those_that_wait_for_the_morning_say_so(cafe: Cafe, page: Page) -> None:
    on_saturday(cafe)
    actions.invite(cafe.event, **cafe.by)
    channels.send_due(Wire(), at=datetime(2026, 11, 22, 22, 30, tzinfo=HANOI))
    html = page(cafe.world.lam).get(f"/events/{cafe.event.pk}/").content.decode()
    assert "6 tin:" in html and "sớm nhất là 07:00 ngày 23/11/2026" in html


def test_an_answer_by_text_is_seen_as_one(cafe: Cafe, page: Page) -> None:
    first, *_ = on_saturday(cafe)
    actions.invite(cafe.event, **cafe.by)
    channels.send_due(Wire(), at=cafe.at)
    assert "Đã nhắn mời 22/11/2026, 10:00" in calls(cafe, page)
    event = page(cafe.world.lam).get(f"/events/{cafe.event.pk}/").content.decode()
    assert event.count("đã nhắn mời 22/11/2026, 10:00") == 6
    later = cafe.at + timedelta(minutes=5)
    actions.answer(first.key or 0, "có ạ", at=later, received_at=later)
    assert "Khách trả lời bằng tin nhắn" in calls(cafe, page)
    assert "trả lời bằng tin nhắn" in page(cafe.world.lam).get(f"/events/{cafe.event.pk}/").content.decode()


@pytest.mark.parametrize("tail", ["invite/", "remind/"])
@pytest.mark.parametrize("who", ["stranger", "khoi", "auditor", "hoa", None])
def test_others_cannot_open_it(cafe: Cafe, page: Page, who: str | None, tail: str) -> None:
    cafe.invite()
    client = page(getattr(cafe.world, who) if who else None)
    assert client.get(f"/events/{cafe.event.pk}/{tail}").status_code == (403 if who else 302)


@pytest.mark.parametrize("stage", ["plan", "invite", "call", "seal"])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_they_open_at_every_stage(cafe: Cafe, page: Page, stage: str, lang: str) -> None:
    getattr(cafe, stage)()
    client = page(cafe.world.lam)
    client.cookies["django_language"] = lang
    for tail in ("invite/", "remind/"):
        assert client.get(f"/events/{cafe.event.pk}/{tail}").status_code == 200


def test_the_queries_do_not_grow_with_the_guests(
    cafe: Cafe, page: Page, django_assert_max_num_queries: Any
) -> None:
    on_saturday(cafe)
    actions.invite(cafe.event, **cafe.by)
    channels.send_due(Wire(), at=cafe.at)
    for tail, who, most in (("", "lam", 12), ("calls/", "dung", 18), ("invite/", "lam", 9)):
        client = page(getattr(cafe.world, who))
        with django_assert_max_num_queries(most):
            client.get(f"/events/{cafe.event.pk}/{tail}")
