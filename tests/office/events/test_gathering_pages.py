"""Pages of a large gathering: the door in one step by code and in two by name, twice, wrong ones, strangers; the board
shows what a person let through and nothing else; few queries however many guests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Any
from uuid import uuid4

import pytest

from tantam.office.events import actions, checkin
from tantam.office.events.models import Event, Guest
from tantam.office.opinions.models import Opinion
from tests.office.events.a_cafe import Cafe, entries
from tests.office.events.a_gathering import Day

Page = Callable[[Any], Any]
PAGES = ("", "checkin/", "sign-up/", "hear/", "screening/", "board/", "wall/")


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch, world: Any) -> None:
    monkeypatch.setattr("tantam.clock.now", lambda: world.at)


def at(day: Day, tail: str = "") -> str:
    return f"/events/{day.event.pk}/{tail}"


def post(page: Page, day: Day, tail: str, who: str = "dung", **typed: Any) -> Any:
    return page(getattr(day.world, who)).post(at(day, tail), typed, follow=True)


def test_a_code_lets_in_at_once(day: Day, page: Page) -> None:
    guest, *_ = day.draw(3)
    html = post(page, day, "checkin/", act="find", q=guest.code.lower()).content.decode()
    assert "Mời vào: Khách 1" in html and Guest.objects.filter(came=True).count() == 1
    html = post(page, day, "checkin/", "lam", act="find", q=guest.code).content.decode()
    assert "Mời vào" in html or "đã vào lúc 10:00" in html
    assert len(entries("event.let_in")) == 1


def test_let_in_by_another_earlier_it_says_when(
    day: Day, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest, *_ = day.draw(3)
    actions.check_in(guest, **day.by)
    later = day.at.replace(hour=4, minute=12)
    monkeypatch.setattr("tantam.clock.now", lambda: later)
    html = post(page, day, "checkin/", act="find", q=guest.code).content.decode()
    assert "đã vào lúc 10:00" in html and "Mời vào" not in html


def test_a_name_lists_and_one_tap_lets_in(day: Day, page: Page) -> None:
    day.plan()
    guest = day.sign_up("Nguyễn Thị Hạnh", title="chị")
    html = post(page, day, "checkin/", act="find", q="hanh").content.decode()
    assert "chị Nguyễn Thị Hạnh" in html and "Cho vào" in html
    html = post(page, day, "checkin/", act="in", guest=guest.pk).content.decode()
    assert "Mời vào: chị Nguyễn Thị Hạnh" in html
    html = post(page, day, "checkin/", act="back", guest=guest.pk).content.decode()
    assert "Đã rút lại: chị Nguyễn Thị Hạnh" in html and not Guest.objects.filter(came=True).exists()


def test_a_scanned_code_shows_the_guest(day: Day, page: Page) -> None:
    guest, *_ = day.draw(3)
    html = page(day.world.dung).get(at(day, f"checkin/?q={guest.code}")).content.decode()
    assert guest.code in html and "Cho vào" in html and not Guest.objects.filter(came=True).exists()


def test_whoever_walks_in_needs_one_tap(day: Day, page: Page) -> None:
    day.plan()
    form = str(uuid4())
    for _ in range(2):
        html = post(page, day, "checkin/", act="walk_in", form=form, name="", title="").content.decode()
        assert "Mời vào: Khách 1" in html
    assert Guest.objects.get().way == "walk_in"
    html = post(
        page, day, "checkin/", act="walk_in", form="x", name="Lê Thu Cúc", title="chị"
    ).content.decode()
    assert "Mời vào: chị Lê Thu Cúc" in html


def test_nobody_has_that_code_and_then_it_is_locked(day: Day, page: Page) -> None:
    day.plan()
    assert "Không có ai tên hay mã ấy" in post(page, day, "checkin/", q="ABC123").content.decode()
    for _ in range(checkin.WRONG_CODES):
        answer = post(page, day, "checkin/", q="ABC123")
    assert answer.status_code == 409 and "too_many_wrong_codes" in answer.content.decode()


@pytest.mark.parametrize("typed", ["", " ", "\0", "%", "TB-", "9" * 300, "<script>", "١٢٣٤٥٦", "'; --"])
def test_anything_may_be_typed(day: Day, page: Page, typed: str) -> None:
    day.draw(2)
    for answer in (
        post(page, day, "checkin/", act="find", q=typed),
        post(page, day, "checkin/", act="in", guest="x"),
        page(day.world.dung).get(at(day, "checkin/"), {"q": typed, "done": typed}),
    ):
        assert answer.status_code in (200, 404) and b"<script>alert" not in answer.content


def test_somebody_signs_up_and_gets_a_code(day: Day, page: Page) -> None:
    day.plan()
    typed = {"form": str(uuid4()), "name": "Trần Văn Tạo", "title": "ông", "key": ""}
    html = post(page, day, "sign-up/", **typed).content.decode()
    guest = Guest.objects.get()
    assert guest.code in html and "<svg" in html and "ông Trần Văn Tạo" in html
    answer = post(page, day, "sign-up/", **{**typed, "key": "TB-x", "form": str(uuid4())})
    assert answer.status_code == 422 and "Trần Văn Tạo" in answer.content.decode()


def test_words_are_written_down_with_the_speakers_code(day: Day, page: Page) -> None:
    day.plan()
    guest = day.sign_up()
    typed = {"form": str(uuid4()), "text": "Sóng yếu ở chợ Đầm.", "tone": "grievance", "code": guest.code}
    assert "Đã ghi nguyên lời" in post(page, day, "hear/", **typed).content.decode()
    said = Opinion.objects.get()
    assert (said.tone, said.speaker_party) == ("grievance", guest.party)
    answer = post(page, day, "hear/", **{**typed, "form": str(uuid4()), "code": "ZZZZZZ"})
    assert answer.status_code == 422 and "Sóng yếu" in answer.content.decode()
    assert Opinion.objects.count() == 1


def test_the_board_shows_only_what_was_let_through(day: Day, page: Page) -> None:
    day.plan()
    day.walk_in()
    said, other = day.hear("Trạm ở Vĩnh Hải hay mất sóng."), day.hear("Nhân viên quầy dễ thương.")
    board = page(day.world.lam).get(at(day, "board/")).content.decode()
    assert "Vĩnh Hải" not in board and ">2<" in board and ">1<" in board and "data-again" in board
    post(page, day, "screening/", act="show", opinion=said.pk)
    post(page, day, "screening/", act="hide", opinion=other.pk)
    post(page, day, "screening/", act="show", opinion="x")
    board = page(day.world.lam).get(at(day, "board/")).content.decode()
    assert "Vĩnh Hải" in board and "dễ thương" not in board


def test_the_page_of_the_gathering_draws_closes_and_forwards(day: Day, page: Page) -> None:
    day.plan()
    assert "Đã rút thăm 12 người" in post(page, day, "", "lam", act="choose", count="12").content.decode()
    day.event = Event.objects.get()
    day.walk_in()
    day.hear("Trạm ở Vĩnh Hải hay mất sóng.")
    html = post(page, day, "", "lam", act="close").content.decode()
    assert "1 người đã đến, 1 ý kiến chờ chuyển đi" in html
    assert "Đã chuyển nguyên vẹn" in post(page, day, "", "lam", act="forward").content.decode()
    html = page(day.world.lam).get(at(day, "guests/")).content.decode()
    assert "Rút thăm 12 người" in html


def test_it_is_called_off(day: Day, page: Page) -> None:
    day.plan()
    assert "đã hủy" in post(page, day, "", "lam", act="cancel", because="weather").content.decode()


def test_it_is_planned_on_the_form(day: Day, page: Page) -> None:
    client = page(day.world.lam)
    assert "Chỗ cho bao nhiêu người" in client.get("/events/plan/?kind=quarterly").content.decode()
    typed = {"kind": "quarterly", "office": day.world.nha_trang.pk, "on": "2026-12-05", "place": "Hội trường"}
    client.post(
        "/events/plan/", {**typed, "starts_at": "08:00", "ends_at": "11:00", "seats": "300", "years": "3"}
    )
    assert (Event.objects.get().kind, Event.objects.get().seats) == ("quarterly", 300)


def test_a_cafe_has_none_of_these_pages_and_the_other_way_round(day: Day, cafe: Cafe, page: Page) -> None:
    day.plan()
    cafe.plan(starts_at=time(15))
    client = page(day.world.lam)
    for tail in PAGES[1:]:
        assert client.get(f"/events/{cafe.event.pk}/{tail}").status_code == 404, tail
    for tail in ("calls/", "attend/", "notebook/", "read-back/", "sealed/"):
        assert client.get(at(day, tail)).status_code == 404, tail


@pytest.mark.parametrize("who", ["stranger", "khoi", None])
def test_strangers_see_nothing(day: Day, page: Page, who: str | None) -> None:
    day.plan()
    client = page(getattr(day.world, who) if who else None)
    for tail in PAGES:
        assert client.get(at(day, tail)).status_code == (403 if who else 302), tail


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_they_open_at_every_stage(day: Day, page: Page, lang: str) -> None:
    client = page(day.world.lam)
    client.cookies["django_language"] = lang
    for stage in (day.plan, day.draw, day.walk_in, lambda: actions.close(day.event, **day.by)):
        stage()
        for tail in PAGES:
            assert client.get(at(day, tail)).status_code == 200, tail


def test_the_queries_do_not_grow_with_the_guests(
    day: Day, page: Page, django_assert_max_num_queries: Any
) -> None:
    guests = day.draw(40)
    for n, guest in enumerate(guests[:20]):
        actions.check_in(guest, **day.by)
        day.hear(f"Lời thứ {n}: trạm mất sóng.")
    client = page(day.world.lam)
    for tail, most in (("checkin/?q=a", 8), ("board/", 10), ("screening/", 10), ("", 16)):
        with django_assert_max_num_queries(most):
            client.get(at(day, tail))
