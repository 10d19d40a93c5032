"""The journal as people see it: everything of one's own offices, nothing else, and no button that changes anything."""

import re

import pytest

from tantam.office.journal.models import Entry
from tantam.office.people import actions as people
from tests.office.journal import some


@pytest.fixture
def busy(world):
    """Two offices at work, and everything sealed."""
    world.an = people.hire("an", "Ngô Sỹ Ẩn", world.nha_trang, actor=world.admin, at=world.at)
    people.hire("thiep", "Nguyễn Ấu Thiệp", world.ca_mau, actor=world.admin, at=world.at)
    some.seal(batch=5)
    return world


def test_the_list_says_who_did_what(busy, page):
    seen = page(busy.auditor).get("/journal/")
    text = seen.content.decode()
    assert seen.status_code == 200
    assert f"đã niêm phong {Entry.objects.count()} dòng" in text
    assert "Hồ Văn Quân" in text and "nhận người" in text and "Ngô Sỹ Ẩn" in text
    assert "<form" not in re.sub(r'<form[^>]*(method="get"|search|setlang|logout)[^>]*>', "", text)


def test_a_director_sees_his_own_office(busy, page):
    lam = page(busy.lam)
    text = lam.get("/journal/").content.decode()
    assert "Ngô Sỹ Ẩn" in text and "Nguyễn Ấu Thiệp" not in text
    there = Entry.objects.filter(office=busy.ca_mau.pk).last()
    assert lam.get(f"/journal/{there.pk}/").status_code == 404
    assert page(busy.auditor).get(f"/journal/{there.pk}/").status_code == 200


@pytest.mark.parametrize("address", ["", "seals/", "1/"])
def test_the_stranger_sees_nothing(busy, page, address):
    assert page(busy.stranger).get(f"/journal/{address}").status_code == 403
    assert page(busy.dung).get(f"/journal/{address}").status_code == 403
    assert page(None).get(f"/journal/{address}").status_code == 302


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("act=staff.hired&who={admin}", 2),
        ("who={admin}&office={nt}", 1),
        ("day=22/11/2026&who={admin}", 2),
        ("day=2026-11-21", 0),
        ("act=không.có", 0),
        ("who=Lâm", 0),
        ("who=99999999999999999999", 0),
    ],
)
def test_narrowed(busy, page, query, count):
    query = query.format(admin=busy.admin.pk, nt=busy.nha_trang.pk)
    seen = page(busy.auditor).get(f"/journal/?{query}")
    assert seen.status_code == 200 and len(seen.context["lines"]) == count


def test_a_day_that_is_none(busy, page):
    seen = page(busy.auditor).get("/journal/?day=mai")
    assert seen.status_code == 422 and "bad_day" in seen.content.decode()


def test_page_after_page_shows_every_entry_once(busy, page, django_assert_max_num_queries):
    some.write(120)
    browser, seen, after = page(busy.auditor), [], ""
    while True:
        with django_assert_max_num_queries(12):
            shown = browser.get(f"/journal/?after={after}").context["page"]
        seen += [row.pk for row in shown.rows]
        after = shown.after
        if not after:
            break
    assert seen == list(Entry.objects.order_by("-id").values_list("id", flat=True))


def test_an_entry_and_its_seal(busy, page):
    entry = Entry.objects.filter(act="staff.hired").last()
    text = page(busy.auditor).get(f"/journal/{entry.pk}/").content.decode()
    assert "Còn nguyên" in text and "staff.hired" in text
    some.drop_triggers()
    Entry.objects.filter(pk=entry.pk).update(because="flood")
    assert "không còn khớp" in page(busy.auditor).get(f"/journal/{entry.pk}/").content.decode()


def test_an_entry_not_sealed_yet(world, page):
    entry = Entry.objects.last()
    assert "Chờ niêm phong" in page(world.auditor).get(f"/journal/{entry.pk}/").content.decode()


def test_the_seals_and_the_head(busy, page):
    from tantam.office.journal.actions import head

    text = page(busy.auditor).get("/journal/seals/").content.decode()
    assert head() in text and "Không dòng nào đang chờ" in text


def test_in_english(busy, page):
    browser = page(busy.auditor)
    browser.cookies["django_language"] = "en"
    assert "hired" in browser.get("/journal/").content.decode()
