"""Programmes as people see them."""

from datetime import date, timedelta

import pytest

from tantam.office.programmes import actions
from tantam.office.programmes.models import Lesson, Programme
from tantam.office.promises.models import Promise
from tests.office.programmes.begun import begin


@pytest.fixture
def programme(world):
    """Promised to the end of its year, one gathering late."""
    made = begin(world)
    actions.promise_rhythm(made, actor=world.policy, at=world.at, until=date(2026, 12, 31))
    one = Promise.objects.filter(office=world.ca_mau).order_by("id").first()
    Promise.objects.filter(pk=one.pk).update(first_due=date(2026, 10, 31), due=date(2026, 10, 31))
    return made


@pytest.fixture
def now(monkeypatch, world):
    """The pages' clock stands at the world's moment."""
    from tantam import clock

    monkeypatch.setattr(clock, "now", lambda: world.at)
    monkeypatch.setattr(clock, "today", lambda: clock.to_days((world.at + timedelta(hours=7)).date()))


def test_the_list_of_a_year(world, programme, page, now, django_assert_max_num_queries):
    browser = page(world.lam)
    with django_assert_max_num_queries(10):
        text = browser.get("/programmes/").content.decode()
    assert "1 chương trình đang chạy năm 2026, 1 buổi đang trễ" in text and "mỗi chi nhánh mỗi tháng" in text
    assert "Năm 2025 chưa có chương trình nào" in browser.get("/programmes/?year=2025").content.decode()


def test_the_rhythm_place_by_place_and_its_rows(world, programme, page, now):
    browser = page(world.lam)
    seen = browser.get(f"/programmes/{programme.pk}/")
    meters = {line["name"]: line["meter"] for line in seen.context["branches"]}
    assert (meters["Chi nhánh Cà Mau"].late, meters["Chi nhánh Nha Trang"].due) == (1, 2)
    assert "Chép sang" not in seen.content.decode()
    rows = browser.get(f"/programmes/{programme.pk}/promises/?office={world.ca_mau.pk}").content.decode()
    assert "2 buổi ở Chi nhánh Cà Mau" in rows and "trễ 22 ngày" in rows


def test_started_promised_taught_copied_closed(world, page, now):
    browser = page(world.policy)
    told = {
        "name": "Ngày của khách",
        "purpose": "Cảm ơn",
        "year": "2026",
        "event_kind": "vip",
        "rhythm": "yearly_on",
        "rhythm_day": "15/12",
        "people": "40",
        "owner": world.policy.pk,
        "office": world.hq.pk,
    }
    assert browser.get("/programmes/new/").status_code == 200
    assert browser.post("/programmes/new/", told).status_code == 303
    one = Programme.objects.get(code="ngay-cua-khach")
    at = f"/programmes/{one.pk}/"
    assert "15/12 mỗi năm" in browser.get(at).content.decode()
    assert browser.post(f"{at}promise/").status_code == 303
    assert Promise.objects.get().first_due == date(2026, 12, 15)
    assert browser.post(f"{at}close/").status_code == 409
    assert browser.post(f"{at}lessons/", {"kind": "not_yet", "text": "Mời trễ quá."}).status_code == 303
    assert "Mời trễ quá." in browser.get(f"{at}copy/").content.decode()
    copied = browser.post(f"{at}copy/", {"purpose": "Cảm ơn sớm hơn", "theme": ""})
    heir = Programme.objects.get(year=2027)
    assert copied.headers["Location"] == f"/programmes/{heir.pk}/" and heir.purpose == "Cảm ơn sớm hơn"
    assert browser.post(f"{at}close/").status_code == 303
    assert "Đã khép" in browser.get(at).content.decode() and Lesson.objects.count() == 1


def test_what_was_typed_stays_when_refused(world, page, now):
    told = {"name": "Cà phê", "purpose": "", "year": "2026", "owner": world.policy.pk, "office": world.hq.pk}
    no = page(world.policy).post("/programmes/new/", told)
    assert (
        no.status_code == 422
        and 'value="Cà phê"' in no.content.decode()
        and "empty_programme" in no.content.decode()
    )


def test_a_programme_of_elsewhere_is_not_seen(world, page):
    there = begin(world, code="ca-mau", office=world.ca_mau)
    assert page(world.lam).get(f"/programmes/{there.pk}/").status_code == 404
    assert page(world.khoi).get(f"/programmes/{there.pk}/").status_code == 200
    assert page(world.hoa).get(f"/programmes/{there.pk}/").status_code == 200


def test_the_stranger(world, page):
    one = begin(world)
    browser = page(world.stranger)
    for address in ("", "new/", f"{one.pk}/", f"{one.pk}/promises/", f"{one.pk}/copy/"):
        assert browser.get(f"/programmes/{address}").status_code == 403
    for address in ("promise", "lessons", "close", "copy"):
        assert browser.post(f"/programmes/{one.pk}/{address}/").status_code == 403
