"""Paper forms in Chromium: blank ones printed with numbers, filled ones copied in with the time written on them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import a_care, a_kit
from tests.browser.test_print import A4, on_paper
from tests.office.camps.kit.serving import Kit

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, kit: Kit) -> Iterator[Page]:
    context, page = a_kit.at_station(browser, kit, "lead")
    yield page
    context.close()


def open_late(page: Page, kit: Kit, what: str, paper: str, at: str) -> None:
    page.goto(f"{kit.address}/late/?what={what}")
    page.wait_for_selector("#station[data-ready]")
    page.locator("#paper").fill(paper)
    page.locator("#at").fill(at)


def find(page: Page, ticket: str) -> None:
    def try_once() -> bool:
        page.locator("#find").fill(ticket)
        return page.locator("#people button").count() > 0

    for _ in range(50):
        if try_once():
            break
        page.wait_for_timeout(100)
    page.locator("#people button").first.click()


def test_a_form_is_copied_station_by_station(page: Page, kit: Kit) -> None:
    open_late(page, kit, "registered", "", "09:40")
    page.locator("[name=ticket]").fill("8801")
    page.locator("[name=name]").fill("Giàng Thị Phiếu")
    page.locator("[name=born_year]").fill("1950")
    page.locator("[name=witness]").fill("Lò Thị Ban")
    assert "góc phiếu" in a_care.why(page)
    page.locator("#paper").fill("p1-0007")
    assert a_care.why(page) == ""
    page.locator("#save").click()
    page.wait_for_selector("#done:not([hidden])")
    assert "nhập muộn từ phiếu số P1-0007" in page.locator("#done").inner_text()
    a_kit.settled(page)

    open_late(page, kit, "measured", "P1-0007", "09:50")
    find(page, "8801")
    assert "Chưa ghi gì" in a_care.why(page)
    page.locator("[name=systolic]").fill("500")
    assert "ngoài khoảng" in a_care.why(page)
    page.locator("[name=systolic]").fill("130")
    page.locator("[name=weight_tenths]").fill("44,5")
    page.locator("#save").click()
    page.wait_for_selector("#done:not([hidden])")
    a_kit.settled(page)

    open_late(page, kit, "examined", "P1-0007", "10:05")
    find(page, "8801")
    page.locator("#finding").fill("đau lưng")
    page.keyboard.press("Enter")
    page.locator("#save").click()
    page.wait_for_selector("#done:not([hidden])")
    a_kit.settled(page)

    rows = [one for one in a_kit.as_seen(page, "lead")["recent"] if one["paper"] == "P1-0007"]
    assert [one["kind"] for one in rows] == ["examined", "measured", "registered"]
    assert all(one["entered_late"] and one["ticket"] == "8801" for one in rows)
    assert (rows[1]["body"]["systolic"], rows[1]["body"]["weight_tenths"]) == (130, 445)

    open_late(page, kit, "measured", "P1-0007", "09:50")
    page.locator("#at").blur()
    page.wait_for_selector("#copied:not([hidden])")
    assert "đã chép phần này rồi" in page.locator("#copied").inner_text()


def test_medicine_that_was_handed_out_on_paper(browser: Browser, kit: Kit, page: Page) -> None:
    visit = a_care.examined(browser, kit, units=35, medicine="mau-a")  # past its bound, and nobody said why
    open_late(page, kit, "dispensed", "P1-0008", "10:10")
    find(page, visit["ticket"])
    assert "nhiều nhất 30" in page.locator(".hand .warned").inner_text()
    assert "quét lô" in a_care.why(page), "what was handed out is written down; no word is waited for"
    page.locator("[data-prove]").first.click()
    page.locator("[data-tap]").first.click()
    page.locator("#asked").check()
    page.locator("#save").click()
    page.wait_for_selector("#done:not([hidden])")
    a_kit.settled(page)
    row = a_kit.as_seen(page, "lead")["recent"][0]
    assert (row["kind"], row["paper"], row["body"]["given"][0]["units"]) == ("dispensed", "P1-0008", 35)


def test_blank_forms_have_numbers_and_a_sheet_each(page: Page, kit: Kit) -> None:
    page.goto(kit.address + "/paper/?from=12&to=14")
    numbers = [one.inner_text() for one in page.locator(".its-number").all()]
    assert numbers == ["P1-0012", "P1-0013", "P1-0014"]
    assert on_paper(page) == [A4] * 3
    page.emulate_media(media="print")
    points = "e => parseFloat(getComputedStyle(e).fontSize) * 72 / 96"
    assert (
        min(one.evaluate(points) for one in page.locator(".form-of").first.locator("p, h2, h3").all())
        >= 13.99
    )
    for odd in ("?from=x&to=", "?from=9&to=1", "?from=1&to=9999"):
        page.goto(kit.address + "/paper/" + odd)
        assert 1 <= page.locator(".form-of").count() <= 200


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_pages_in_both_languages(page: Page, kit: Kit, lang: str) -> None:
    page.context.add_cookies([{"name": "django_language", "value": lang, "url": kit.address}])
    wrong = []
    for path in (
        "/late/",
        "/late/?what=registered",
        "/late/?what=measured",
        "/late/?what=dispensed",
        "/paper/",
    ):
        page.goto(kit.address + path)
        wrong += [f"{path}: {one}" for one in a_care.wrong_with(page, lang)]
    assert not wrong
