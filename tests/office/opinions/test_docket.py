"""The docket: what waits, how heavy, since when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tantam.office.opinions import answering, themes
from tantam.office.opinions.models import Opinion, Theme
from tests.office.opinions.a_theme import a_theme, said

pytestmark = pytest.mark.usefixtures("on_the_day")


def _names(response: Any) -> list[str]:
    return [row["theme"].name for row in response.context["rows"]]


@pytest.fixture
def three(world: Any) -> list[Theme]:
    """Heavy, light but old, and a pinned one."""
    heavy, old, pinned = (
        a_theme(world, f"T0{n}", name) for n, name in enumerate(("sóng yếu", "cước lạ", "quầy đóng sớm"))
    )
    for n in range(5):
        said(world, heavy, f"heavy {n}", 100 + n, complaint=n < 2)
    said(world, old, "old", 200, complaint=False, said_at=world.at - timedelta(days=30))
    said(world, pinned, "pinned", 300, complaint=False)
    themes.pin(pinned, True, actor=world.policy, at=world.at)
    return [heavy, old, pinned]


def test_pinned_first_then_by_weight_or_by_waiting(world: Any, page: Any, three: list[Theme]) -> None:
    browser = page(world.hoa)
    shown = browser.get("/opinions/themes/")
    assert _names(shown) == ["quầy đóng sớm", "sóng yếu", "cước lạ"]
    text = shown.content.decode()
    assert "3 chủ đề chờ trả lời, 7 lượt người." in text and "Lâu nhất đã chờ 30 ngày" in text
    assert "2 người phàn nàn" in text and "5 + 2" in text
    assert _names(browser.get("/opinions/themes/?sort=since")) == ["quầy đóng sớm", "cước lạ", "sóng yếu"]


def test_by_state(world: Any, page: Any, three: list[Theme]) -> None:
    heavy, old, pinned = three
    who = {"actor": world.policy, "at": world.at, "office": world.hq}
    answering.answer(heavy, kind="no", words="Không làm được vì hết tần số", **who)
    due = world.at.date() + timedelta(days=5)
    answering.answer(old, kind="accept", words="Sẽ rà lại mọi khoản cước lạ", due=due, **who)
    themes.hide(pinned, True, actor=world.policy, at=world.at)
    browser = page(world.policy)
    for state, name in (("declined", "sóng yếu"), ("promised", "cước lạ"), ("hidden", "quầy đóng sớm")):
        assert _names(browser.get(f"/opinions/themes/?state={state}")) == [name]
    assert "Không còn chủ đề nào chờ" in browser.get("/opinions/themes/").content.decode()
    assert "Không lời hẹn nào trễ" in browser.get("/opinions/themes/?state=promised").content.decode()
    assert _names(browser.get("/opinions/themes/?state=?&sort=x&after=~~")) == []


def test_who_may_come_in(world: Any, page: Any, three: list[Theme]) -> None:
    for staff in (world.lam, world.dung, world.hoa, world.policy, world.auditor, world.admin, world.privacy):
        assert page(staff).get("/opinions/themes/").status_code == 200
    assert page(world.stranger).get("/opinions/themes/").status_code == 403
    assert page(None).get("/opinions/themes/").status_code == 302
    assert "/opinions/themes/" in page(world.lam).get("/").content.decode()


def test_a_quote_is_only_of_words_that_the_reader_may_see(world: Any, page: Any, three: list[Theme]) -> None:
    assert "Mất sóng cả ngày heavy" in page(world.lam).get("/opinions/themes/").content.decode()
    elsewhere = page(world.khoi).get("/opinions/themes/")
    assert len(_names(elsewhere)) == 3 and "Mất sóng cả ngày" not in elsewhere.content.decode()


def test_what_was_joined_counts_with_its_place_and_files(world: Any, page: Any, three: list[Theme]) -> None:
    heavy, old, _ = three
    row = {
        "id": "T01", "label": "cước lạ", "count": 40, "people": 30, "share_complaint": 0.5,
        "quotes": [{"text": "trừ tiền không báo", "people": 9}], "by_province": [["Cà Mau", 40]],
    }  # fmt: skip
    themes.take_in([row], run="sms", digest="d", actor=world.policy, at=world.at)
    themes.join(old, heavy, actor=world.policy, at=world.at)
    rows = {row["theme"].pk: row for row in page(world.khoi).get("/opinions/themes/").context["rows"]}
    assert old.pk not in rows and rows[heavy.pk]["files"] == 30
    assert (
        rows[heavy.pk]["quote"] == "trừ tiền không báo" and rows[heavy.pk]["places"] == "Chi nhánh Nha Trang"
    )


def test_the_docket_costs_the_same_however_long(
    world: Any, page: Any, django_assert_max_num_queries: Any
) -> None:
    for n in range(60):
        theme = a_theme(world, f"Q{n:02}", f"chủ đề {n}")
        said(world, theme, f"q{n}", 1000 + n)
    browser = page(world.policy)
    for address in ("/opinions/themes/", "/opinions/themes/?sort=since", "/opinions/themes/?state=promised"):
        with django_assert_max_num_queries(14):
            browser.get(address)
    for sort in ("weight", "since"):
        names, after = [], ""
        while True:
            shown = browser.get("/opinions/themes/", {"after": after, "sort": sort})
            names, after = [*names, *_names(shown)], shown.context["page"].after
            if not after:
                break
        assert len(names) == len(set(names)) == 60


def test_hostile_names_and_words_are_only_words(world: Any, page: Any) -> None:
    theme = a_theme(world, name="<script>alert(1)</script>")
    said(world, theme, "x", 5)
    Opinion.objects.update(text="</p><img src=x onerror=alert(2)>")
    text = page(world.policy).get("/opinions/themes/").content.decode()
    assert "<script>alert" not in text and "<img src=x" not in text


def test_nothing_yet_says_what_comes_here(world: Any, page: Any) -> None:
    assert "Chưa gom được chủ đề nào" in page(world.policy).get("/opinions/themes/").content.decode()
