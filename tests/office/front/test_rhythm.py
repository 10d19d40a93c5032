"""Who promised to listen, who did, who listened longest ago: the page of the rhythm."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from tantam.office.events.models import Event
from tantam.office.opinions.models import Opinion, Theme
from tantam.office.people import actions as people
from tantam.office.programmes import actions as programmes
from tantam.office.promises import actions as promises
from tantam.office.promises.models import Promise
from tests.office.opinions.a_theme import a_theme, said
from tests.office.programmes.begun import begin


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch, world: Any) -> None:
    """The pages' clock stands at the world's moment, 22/11/2026."""
    from tantam import clock

    monkeypatch.setattr(clock, "now", lambda: world.at)
    monkeypatch.setattr(clock, "today", lambda: clock.to_days((world.at + timedelta(hours=7)).date()))


def owe(world: Any, programme: Any, office: Any, due: date, held: date | None = None) -> Promise:
    """One gathering of a rhythm, kept on a day or still owed."""
    made = promises.make(
        actor=world.policy, at=datetime(2025, 12, 1, tzinfo=UTC), kind="gathering", what="Cà phê", owner=world.policy,
        office=office, first_due=due, to=("public", ""), about=("programme", programme.pk),
    )  # fmt: skip
    if held:
        at = datetime(held.year, held.month, held.day, 3, tzinfo=UTC)
        promises.keep(made, actor=world.policy, at=at, proof_kind="event", proof="sổ")
    return made


def listened(world: Any, office: Any, on: date, **changed: Any) -> Event:
    """A gathering that was held."""
    at = datetime(on.year, on.month, on.day, 3, tzinfo=UTC)
    row = {"state": "sealed", "held_at": at, **changed}
    return Event.objects.create(
        office=office, host=world.lam, on=on, starts_at=time(8), ends_at=time(9), place="Quán", seed="x", planned_at=at,
        **row,
    )  # fmt: skip


@pytest.fixture
def year(world: Any, now: None) -> Any:
    """Nha Trang: held, held late, missed, broken, to come, released; Cà Mau: one held."""
    programme = begin(world)
    nt = world.nha_trang
    owe(world, programme, nt, date(2026, 1, 31), date(2026, 1, 20))
    owe(world, programme, nt, date(2026, 2, 28), date(2026, 3, 4))
    owe(world, programme, nt, date(2026, 3, 31))
    by = {"actor": world.policy, "at": world.at}
    promises.break_(owe(world, programme, nt, date(2026, 4, 30)), reason="bão", **by)
    let_off = owe(world, programme, nt, date(2026, 5, 31))
    promises.ask_release(let_off, creditor_yes="đồng ý", **by)
    promises.release(let_off, actor=world.hoa, at=world.at)
    owe(world, programme, nt, date(2026, 11, 30))
    owe(world, programme, world.ca_mau, date(2026, 1, 31), date(2026, 1, 31))
    return programme


def rows(seen: Any) -> dict[str, Any]:
    return {row["office"].name: row for row in seen.context["rows"]}


def states(strip: dict[str, Any]) -> list[str]:
    return [month["state"] for month in strip["months"]]


def test_each_month_is_as_its_promise(world: Any, year: Any, page: Any) -> None:
    seen = page(world.hoa).get("/rhythm/")
    (strip,) = rows(seen)["Chi nhánh Nha Trang"]["strips"]
    assert states(strip) == ["held", "late", "missed", "missed", "", "", "", "", "", "", "due", ""]
    assert (strip["held"], strip["past"], strip["missed"]) == (2, 4, 2)
    assert [m["month"] for m in strip["months"] if m["now"]] == [11]
    text = seen.content.decode()
    assert "giữ 2 trong 4 buổi đã đến hạn" in text and "giữ 1 trong 1 buổi" in text
    assert "Cà phê mỗi tháng" in text and "chưa ghi bài học" in text
    assert page(world.hoa).get(strip["href"]).status_code == 200


def test_who_listened_longest_ago_stands_first(world: Any, year: Any, page: Any) -> None:
    listened(world, world.nha_trang, date(2026, 11, 1))
    listened(world, world.nha_trang, date(2026, 9, 1))
    listened(world, world.ca_mau, date(2026, 11, 20), state="cancelled")
    listened(world, world.ca_mau, date(2026, 11, 21), state="planned", held_at=None)
    seen = page(world.hoa).get("/rhythm/")
    assert list(rows(seen)) == ["Chi nhánh Cà Mau", "Chi nhánh Nha Trang"]
    assert rows(seen)["Chi nhánh Cà Mau"]["last"] is None
    assert rows(seen)["Chi nhánh Nha Trang"]["days"] == 21
    assert "1 trong 2 chi nhánh đã hơn 31 ngày chưa gặp khách" in seen.content.decode()
    listened(world, world.ca_mau, date(2026, 11, 20))
    seen = page(world.hoa).get("/rhythm/")
    assert list(rows(seen)) == ["Chi nhánh Nha Trang", "Chi nhánh Cà Mau"]
    assert "Nơi nào cũng đã gặp khách" in seen.content.decode()


def test_what_came_of_it_and_what_was_answered(world: Any, year: Any, page: Any) -> None:
    event = listened(world, world.nha_trang, date(2026, 11, 1))
    answered, waits = a_theme(world), a_theme(world, "T02", "trừ tiền lạ")
    small = a_theme(world, "T03", "mất sóng khi mưa")
    Theme.objects.filter(pk=answered.pk).update(state="done")
    Theme.objects.filter(pk=small.pk).update(into=answered)
    for n, theme in enumerate((answered, small, waits, None)):
        said(world, theme, n, source=("event", event.pk))
    said(world, answered, "counter")
    said(world, answered, "old", source=("event", event.pk), said_at=datetime(2025, 12, 31, tzinfo=UTC))
    assert Opinion.objects.count() == 6
    row = rows(page(world.hoa).get("/rhythm/"))["Chi nhánh Nha Trang"]
    assert (row["opinions"], row["answered"], row["share"]) == (
        4,
        2,
        None,
    )  # a percentage of so few says more than it knows
    old = rows(page(world.hoa).get("/rhythm/?year=2025"))["Chi nhánh Nha Trang"]
    assert (old["opinions"], old["strips"]) == (1, [])


def test_a_province_is_all_that_lies_below_it(world: Any, year: Any, page: Any) -> None:
    listened(world, world.nha_trang, date(2026, 11, 1))
    by: dict[str, Any] = {"actor": None, "at": world.at}
    second = people.open_office(
        "cr", "Chi nhánh Cam Ranh", "branch", parent=world.khanh_hoa, province="56", **by
    )
    owe(world, year, second, date(2026, 1, 31))
    owe(world, year, second, date(2026, 11, 30), date(2026, 11, 3))
    seen = page(world.hoa).get("/rhythm/?level=province")
    assert list(rows(seen)) == ["Cà Mau", "Khánh Hòa"]
    row = rows(seen)["Khánh Hòa"]
    months = row["strips"][0]["months"]
    assert [(m["state"], m["share"]) for m in months if m["share"]] == [("missed", "1/2"), ("due", "1/2")]
    assert row["last"] == date(2026, 11, 1)
    assert page(world.hoa).get(row["strips"][0]["href"]).status_code == 200


def test_each_sees_his_own_and_the_day_of_all(world: Any, year: Any, page: Any) -> None:
    day = programmes.start(
        actor=world.policy, at=world.at, code="ngay-hoi", name="Ngày hội lắng nghe", purpose="Nghe", year=2026,
        owner=world.policy, office=world.hq, rhythm="yearly_on", rhythm_day="10-15",
    )  # fmt: skip
    owe(world, day, world.hq, date(2026, 10, 15), date(2026, 10, 15))
    seen = page(world.lam).get("/rhythm/?level=province")
    assert list(rows(seen)) == ["Chi nhánh Nha Trang"] and seen.context["levels"] == []
    (company,) = seen.context["company"]
    assert [company["office"].name, states(company["strips"][0])[9]] == ["Trụ sở", "held"]
    assert list(rows(page(world.khoi).get("/rhythm/"))) == ["Chi nhánh Cà Mau"]
    assert page(world.stranger).get("/rhythm/").status_code == 403
    assert page(None).get("/rhythm/").status_code == 302


def test_nothing_yet_and_what_is_typed_into_the_address(world: Any, now: None, page: Any) -> None:
    text = page(world.hoa).get("/rhythm/?year=x&level=<b>").content.decode()
    assert "Chưa hứa nhịp nào cho nơi này" in text and "chưa nghe buổi nào" in text and "<b>" not in text
    assert "chưa có chương trình nào định kỳ" in text


def test_as_many_queries_for_many_places_as_for_few_and_a_page_of_them(
    world: Any, year: Any, page: Any, django_assert_num_queries: Any
) -> None:
    browser = page(world.hoa)
    with django_assert_num_queries(10):
        few = browser.get("/rhythm/")
    assert few.context["page"].after == "" and "trong 2, lâu nhất" not in few.content.decode()
    by: dict[str, Any] = {"actor": None, "at": world.at}
    for n in range(12):
        office = people.open_office(f"b{n}", f"Chi nhánh {n}", "branch", parent=world.cm, province="96", **by)
        owe(world, year, office, date(2026, 1, 31))
        listened(world, office, date(2026, 1, 1 + n))
    with django_assert_num_queries(10):
        seen = browser.get("/rhythm/")
    text = seen.content.decode()
    assert "14 trong 14 chi nhánh" in text and "Nơi thứ 1 đến 12 trong 14" in text
    rest = browser.get(f"/rhythm/?after={seen.context['page'].after}")
    assert [*rows(seen), *rows(rest)] == [
        "Chi nhánh Cà Mau",
        "Chi nhánh Nha Trang",
        *(f"Chi nhánh {n}" for n in range(12)),
    ]
    text = rest.content.decode()
    assert "14 trong 14 chi nhánh" in text and "Nơi thứ 13 đến 14 trong 14" in text
    assert list(rows(browser.get("/rhythm/?after=<x>"))) == list(rows(seen))
