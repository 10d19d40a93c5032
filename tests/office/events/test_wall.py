"""The code on the wall: the form of opinions ties what is said to the gathering, and nobody makes a code of his own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tantam.office.events import actions, wall
from tantam.office.opinions import visitors
from tantam.office.opinions.models import Opinion
from tests.office.events.a_cafe import Cafe
from tests.office.events.a_gathering import Day

Page = Callable[[Any], Any]


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch, world: Any) -> None:
    monkeypatch.setattr("tantam.clock.now", lambda: world.at)


def send(page: Page, day: Day, **other: str) -> Any:
    form = visitors.new_form(day.at - timedelta(seconds=9))
    return page(None).post("/gop-y/?sent", {"form": form, "text": "Ở thôn Đông sóng yếu.", **other})


def test_what_is_said_by_the_wall_belongs_to_the_gathering(day: Day, page: Page) -> None:
    event = day.plan()
    code = wall.code_of(event.pk)
    html = page(None).get(f"/gop-y/?buoi={code}").content.decode()
    assert "Ngày lắng nghe 22/11/2026 · Nhà văn hóa Thanh niên" in html and f'value="{code}"' in html
    assert 'name="province"' not in html
    assert send(page, day, buoi=code).status_code == 303
    said = Opinion.objects.get()
    assert (said.source_kind, said.source_id, said.channel) == ("event", str(event.pk), "web")
    assert said.office == day.world.nha_trang and said.speaker_key is None


def test_a_small_letter_is_as_good(day: Day) -> None:
    assert wall.place_of(wall.code_of(day.plan().pk).lower()) is not None


@pytest.mark.parametrize(
    "code", ["", "1", "1-", "1-AAAAAAAA", "x-y", "9" * 30 + "-AAAAAAAA", "١-AAAAAAAA", "1-é"]
)
def test_a_code_of_somebody_elses_making_is_none(day: Day, page: Page, code: str) -> None:
    day.plan()
    assert wall.place_of(code) is None
    assert 'name="province"' in page(None).get("/gop-y/", {"buoi": code}).content.decode()
    assert send(page, day, buoi=code).status_code == 303
    assert Opinion.objects.get().source_kind == "web"


def test_one_gatherings_code_is_not_anothers(day: Day) -> None:
    event = day.plan()
    letters = wall.code_of(event.pk + 1).partition("-")[2]
    assert wall.place_of(f"{event.pk}-{letters}") is None


def test_after_the_close_words_are_still_taken_as_any(day: Day, page: Page) -> None:
    event = day.plan()
    day.walk_in()
    actions.close(event, **day.by)
    assert send(page, day, buoi=wall.code_of(event.pk)).status_code == 303
    assert Opinion.objects.get().source_kind == "web"


def test_a_cafe_has_no_wall(cafe: Cafe) -> None:
    assert wall.place_of(wall.code_of(cafe.plan().pk)) is None


def test_a_hall_on_one_network_is_many_people(day: Day, page: Page, settings: Any) -> None:
    settings.SAY_PER_MINUTE = 1
    code = wall.code_of(day.plan().pk)
    assert [send(page, day, buoi=code, text=f"Lời {n}").status_code for n in range(5)] == [303] * 5
    assert [send(page, day, text=f"Lời khác {n}").status_code for n in range(2)] == [303, 429]


def test_it_is_drawn(day: Day, rf: Any) -> None:
    event = day.plan()
    request = rf.get("/", headers={"host": "testserver"})
    assert wall.address(request, event) == f"http://testserver/gop-y/?buoi={wall.code_of(event.pk)}"
    assert wall.qr(wall.address(request, event)).startswith("<svg")
