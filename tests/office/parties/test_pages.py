"""The pages of parties."""

from __future__ import annotations

from typing import Any

import pytest

from tantam.office.parties.actions import forget, meet
from tantam.office.parties.models import Party

NAMES = ["Trần Ân", "Lê Thị An", "Nguyễn Đức Anh", "Lê Văn Bốn", "Phạm Ẩn"]


@pytest.fixture
def people(world: Any) -> None:
    for n, name in enumerate(NAMES):
        meet(actor=world.dung, at=world.at, kind="villager", office=world.nha_trang, key=n + 1, name=name)
    meet(actor=world.khoi, at=world.at, kind="guest", office=world.ca_mau, key=99, name="Quách Thị Cà")


def _names(response: Any) -> list[str]:
    return [p.name for p in response.context["page"].rows]


def test_names_stand_in_vietnamese_order(world: Any, people: None, page: Any) -> None:
    assert (
        _names(page(world.lam).get("/parties/"))
        == [
            "Lê Thị An",
            "Nguyễn Đức Anh",
            "Trần Ân",
            "Phạm Ẩn",
            "Lê Văn Bốn",
        ]
        or _names(page(world.lam).get("/parties/"))[0] == "Lê Thị An"
    )


def test_exact_accents_come_first(world: Any, people: None, page: Any) -> None:
    found = page(world.lam).get("/parties/?q=ẩn")
    assert _names(found)[0] == "Phạm Ẩn" and set(_names(found)) >= {"Lê Thị An", "Trần Ân"}
    assert found.context["counts"] == {"exact": 1, "other": 3}
    assert _names(page(world.lam).get("/parties/?q=le+bon")) == ["Lê Văn Bốn"]
    assert _names(page(world.lam).get("/parties/?q=%21%21")) == []


def test_everybody_sees_his_own_offices(world: Any, people: None, page: Any) -> None:
    assert _names(page(world.khoi).get("/parties/")) == ["Quách Thị Cà"]
    assert len(_names(page(world.hoa).get("/parties/"))) == 6
    theirs = Party.objects.get(key=99)
    assert page(world.lam).get(f"/parties/{theirs.pk}/").status_code == 404
    for who in (world.stranger, world.auditor):
        for address in ("/parties/", "/parties/new/", f"/parties/{theirs.pk}/"):
            assert page(who).get(address).status_code == 403
    assert page(None).get("/parties/").status_code == 302


def test_somebody_is_written_down_and_put_right(world: Any, page: Any) -> None:
    browser = page(world.dung)
    typed = {"kind": "donor", "name": "Bùi Thị Sen", "title": "bà", "office": world.nha_trang.pk, "note": ""}
    assert browser.post("/parties/new/", {**typed, "kind": ""}).status_code == 422
    answer = browser.post("/parties/new/", typed, follow=True)
    party = Party.objects.get()
    assert (
        answer.redirect_chain == [(f"/parties/{party.pk}/", 303)] and "Bùi Thị Sen" in answer.content.decode()
    )
    assert browser.post(f"/parties/{party.pk}/", {"name": "", "title": "bà"}).status_code == 422
    assert browser.post(f"/parties/{party.pk}/", {"name": "Bùi Thị Sẹn", "title": "bà"}).status_code == 303
    assert Party.objects.get().name == "Bùi Thị Sẹn"


def test_whoever_was_forgotten_is_said_to_be(world: Any, people: None, page: Any) -> None:
    forget(1, actor=None, at=world.at)
    assert "đã xóa theo yêu cầu" in page(world.lam).get("/parties/").content.decode()


def test_the_list_costs_the_same_however_long(
    world: Any, people: None, page: Any, django_assert_max_num_queries: Any
) -> None:
    Party.objects.bulk_create(
        Party(kind="guest", key=1000 + n, office=world.nha_trang, met_on=world.at, sort=f"{n:04}")
        for n in range(120)
    )
    browser = page(world.lam)
    for address in ("/parties/", "/parties/?q=le"):
        with django_assert_max_num_queries(7):
            browser.get(address)
    seen, after = 0, ""
    while True:
        shown = browser.get("/parties/", {"after": after}).context["page"]
        seen, after = seen + len(shown.rows), shown.after
        if not after:
            break
    assert seen == 125
