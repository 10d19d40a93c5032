"""Every page of a gathering at every stage: for those whose work it is, and no number where none belongs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tantam.office.events import actions
from tantam.office.events.models import Event, Guest, Line
from tantam.office.promises.models import Promise
from tests.office.events.a_cafe import Cafe, entries

Page = Callable[[Any], Any]
STAGES = ["plan", "invite", "call", "meet", "write", "read", "seal"]
PAGES = ["", "guests/", "calls/", "attend/", "read-back/", "sealed/", "notebook/"]
NUMBER = re.compile(r"0\d{3} \d{3} \d{3}")


pytestmark = pytest.mark.usefixtures("on_the_day")


@pytest.mark.parametrize("stage", STAGES)
def test_every_page_opens_at_every_stage(cafe: Cafe, page: Page, stage: str) -> None:
    getattr(cafe, stage)()
    client = page(cafe.world.lam)
    for tail in PAGES:
        answer = client.get(f"/events/{cafe.event.pk}/{tail}", follow=True)
        assert answer.status_code == 200, tail
        assert answer.content.count(b"<h1") == 1, tail


@pytest.mark.parametrize("stage", STAGES)
def test_every_page_opens_in_english(cafe: Cafe, page: Page, stage: str) -> None:
    getattr(cafe, stage)()
    client = page(cafe.world.lam)
    client.cookies["django_language"] = "en"
    for tail in PAGES:
        assert client.get(f"/events/{cafe.event.pk}/{tail}", follow=True).status_code == 200, tail


@pytest.mark.parametrize("who", ["stranger", "khoi", None])
def test_others_see_nothing(cafe: Cafe, page: Page, who: str | None) -> None:
    cafe.seal()
    client = page(getattr(cafe.world, who) if who else None)
    for tail in PAGES:
        answer = client.get(f"/events/{cafe.event.pk}/{tail}")
        assert answer.status_code == (403 if who else 302), tail
        assert "chợ Đầm" not in answer.content.decode()


def test_the_list_says_when_we_meet_next_and_what_waits(cafe: Cafe, page: Page) -> None:
    client = page(cafe.world.lam)
    assert "Chưa có buổi cà phê nào sắp tới" in client.get("/events/").content.decode()
    cafe.call()
    shown = client.get("/events/").content.decode()
    assert "22/11/2026, Chi nhánh Nha Trang" in shown
    assert "6 trong 6" in shown
    assert "Cà phê Biển" not in client.get("/events/?when=done").content.decode()
    assert "Cà phê Biển" not in page(cafe.world.khoi).get("/events/").content.decode()


def test_one_that_was_held_waits_until_it_is_sealed(cafe: Cafe, page: Page) -> None:
    cafe.read()
    Event.objects.update(on="2026-11-01")
    client = page(cafe.world.hoa)
    assert "ngày gặp đã qua" in client.get("/events/").content.decode()
    actions.seal(cafe.event, **cafe.by)
    assert "Cà phê Biển" in client.get("/events/?when=done").content.decode()
    assert "Cà phê Biển" not in client.get("/events/").content.decode()


def test_planning_draws_the_guests_in_one_go(cafe: Cafe, page: Page) -> None:
    client = page(cafe.world.lam)
    typed = {
        "office": cafe.world.nha_trang.pk, "on": "2026-11-28", "starts_at": "14:00", "ends_at": "15:15",
        "place": "Cà phê Biển", "seats": "6", "reserves": "6", "years": "3",
    }  # fmt: skip
    answer = client.post("/events/plan/", typed)
    event = Event.objects.get()
    assert answer.headers["Location"] == f"/events/{event.pk}/guests/"
    assert Guest.objects.filter(event=event, reserve=False).count() == 6
    assert event.host == cafe.world.lam


def test_a_plan_that_is_refused_keeps_what_was_typed(cafe: Cafe, page: Page) -> None:
    typed = {"office": cafe.world.nha_trang.pk, "on": "2026-11-01", "starts_at": "14:00", "ends_at": "15:00"}
    answer = page(cafe.world.lam).post(
        "/events/plan/", {**typed, "place": "Quán Gió", "seats": 6, "reserves": 6}
    )
    assert answer.status_code == 422
    assert "Ngày gặp đã qua" in answer.content.decode() and "Quán Gió" in answer.content.decode()


def test_numbers_are_only_on_the_call_list_of_whom_to_call(cafe: Cafe, page: Page) -> None:
    cafe.invite()
    client = page(cafe.world.dung)
    shown = client.get(f"/events/{cafe.event.pk}/calls/").content.decode()
    assert len(set(NUMBER.findall(shown))) == 6
    for tail in ["", "guests/", "attend/"]:
        assert not NUMBER.search(client.get(f"/events/{cafe.event.pk}/{tail}").content.decode())
    (entry,) = entries("phonebook.call_list")
    assert entry.count == 6 and entry.digest


def test_no_number_before_the_window(cafe: Cafe, page: Page) -> None:
    from datetime import date

    event = cafe.plan(on=date(2026, 12, 20))
    actions.choose_guests(event, **cafe.by)
    shown = page(cafe.world.dung).get(f"/events/{event.pk}/calls/").content.decode()
    assert not NUMBER.search(shown) and "06/12/2026" in shown
    assert not entries("phonebook.call_list")


def test_a_refusal_brings_the_explanation_and_then_the_second_answer(cafe: Cafe, page: Page) -> None:
    first = cafe.invite()[0]
    client, url = page(cafe.world.dung), f"/events/{cafe.event.pk}/calls/"
    sent = {"guest": first.pk, "answer": "refused", "name": "Nguyễn Thị Hạnh", "title": "chị"}
    assert client.post(url, sent).status_code == 302
    shown = client.get(url).content.decode()
    assert "Không bán gì" in shown and "chị Nguyễn Thị Hạnh" in shown
    assert client.post(url, {"guest": first.pk, "answer": "accepted"}).status_code == 409
    client.post(url, {"guest": first.pk, "answer": "accepted", "explained": "yes"})
    shown = client.get(url).content.decode()
    assert "1 người lúc đầu từ chối, 1 người được nghe giải thích, 1 trong 1 rồi nhận lời" in shown


def test_a_reserve_is_called_in_from_the_list(cafe: Cafe, page: Page) -> None:
    first = cafe.invite()[0]
    actions.record_call(first, answer="unreachable", **cafe.by)
    client, url = page(cafe.world.dung), f"/events/{cafe.event.pk}/calls/"
    assert "Mời người dự bị kế tiếp" in client.get(url).content.decode()
    client.post(url, {"act": "reserve"})
    assert Guest.objects.filter(called_in=True).count() == 1
    assert "Mời người dự bị kế tiếp" not in client.get(url).content.decode()


def test_why_not_somebody_is_answered_and_journalled(cafe: Cafe, page: Page) -> None:
    cafe.invite()
    client, url = page(cafe.world.lam), f"/events/{cafe.event.pk}/guests/"
    key = cafe.guests[0].key
    from tantam import keys

    shown = client.post(url, {"key": keys.show(key)}).content.decode()
    assert "được rút thăm, ghế số 1" in shown
    assert "không có trong dữ liệu" in client.post(url, {"key": "TB-0000-0000-00001"}).content.decode()
    assert client.post(url, {"key": "0912345678x"}).status_code == 422
    assert [e.facts["found"] for e in entries("event.asked_why")] == ["drawn", "unknown"]


def test_attendance_reading_sealing_forwarding_calling_back_by_forms_alone(cafe: Cafe, page: Page) -> None:
    guests = cafe.call()
    client, url = page(cafe.world.lam), f"/events/{cafe.event.pk}/"
    client.post(f"{url}attend/", {"came": [g.pk for g in guests[:5]]})
    line = cafe.line(1, guest=guests[0], text="Sóng yếu.", tone="grievance")
    shown = client.get(f"{url}read-back/").content.decode()
    fresh = re.findall(r'name="fresh" value="([^"]+)"', shown)[0]
    fix = {"act": "correct", "line": line.pk, "fresh": fresh, "text": "Sóng yếu buổi tối."}
    client.post(f"{url}read-back/", fix)
    client.post(f"{url}read-back/", fix)
    assert Line.objects.count() == 2
    for guest in guests[:5]:
        answer = "corrected" if guest == guests[0] else "silent"
        assert client.post(f"{url}read-back/", {"guest": guest.pk, "answer": answer}).status_code == 302
    assert client.post(f"{url}read-back/", {"act": "seal"}).headers["Location"] == f"{url}sealed/"
    client.post(url, {"act": "forward"})
    for guest in guests[:5]:
        client.post(f"{url}calls/", {"act": "back", "guest": guest.pk, "note": "Đã báo, khách cảm ơn."})
    kept = Promise.objects.filter(about_kind="event", state="kept")
    assert {p.kind for p in kept} == {"forward", "call_back"}
    assert "đã nghe lời mình đi tới đâu" in client.get(url).content.decode()


def test_a_correction_after_the_seal_shows_the_words_as_sealed(cafe: Cafe, page: Page) -> None:
    cafe.seal()
    client, url = page(cafe.world.lam), f"/events/{cafe.event.pk}/sealed/"
    line = cafe.lines[2]
    client.post(url, {"line": line.pk, "fresh": "a", "text": "Nên có gói chỉ nghe.", "reason": "chép sót"})
    shown = client.get(url).content.decode()
    assert "Nên có gói chỉ nghe." in shown and "Nên có gói cho người già chỉ nghe gọi." in shown
    assert "Niêm phong còn nguyên" in shown


def test_a_broken_seal_says_so(cafe: Cafe, page: Page) -> None:
    cafe.seal()
    Line.objects.filter(pk=cafe.lines[0].pk).update(text="Sóng tốt lắm.")
    shown = page(cafe.world.lam).get(f"/events/{cafe.event.pk}/sealed/").content.decode()
    assert "Niêm phong không khớp" in shown


@pytest.mark.parametrize(
    ("tail", "most"), [("", 10), ("guests/", 8), ("calls/", 14), ("read-back/", 9), ("sealed/", 9)]
)
def test_the_queries_of_a_page_do_not_grow_with_its_lines(
    cafe: Cafe, page: Page, django_assert_max_num_queries: Any, tail: str, most: int
) -> None:
    cafe.seal() if tail == "sealed/" else cafe.write()
    client = page(cafe.world.lam)
    with django_assert_max_num_queries(most):
        client.get(f"/events/{cafe.event.pk}/{tail}")


def test_the_queries_of_the_list(cafe: Cafe, page: Page, django_assert_max_num_queries: Any) -> None:
    from datetime import date, timedelta

    for n in range(20):
        cafe.plan(on=date(2026, 11, 22) + timedelta(days=n))
    client = page(cafe.world.hoa)
    with django_assert_max_num_queries(9):
        assert client.get("/events/").content.decode().count("Cà phê Biển") == 20
