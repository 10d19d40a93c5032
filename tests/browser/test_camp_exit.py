"""The last station in Chromium on a small phone: the slip in plain words, going home, what people want to say."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import a_care, a_kit
from tests.browser.test_print import on_paper
from tests.office.camps.kit.serving import Kit

pytestmark = pytest.mark.browser
A5 = (420, 595)


@pytest.fixture
def page(browser: Browser, kit: Kit) -> Iterator[Page]:
    context, page = a_kit.at_station(browser, kit, "exit")
    yield page
    context.close()


def test_the_slip_is_read_out_and_goes_home(browser: Browser, kit: Kit, page: Page) -> None:
    referral = {"to": "Bệnh viện huyện", "why": "cần chụp phổi", "within_days": 7}
    visit = a_care.examined(browser, kit, units=0, referral=referral, advice="Uống nhiều nước")
    a_care.open_first(page, visit)
    slip = page.locator("#slip").inner_text()
    for line in (
        "đau lưng",
        "Tới: Bệnh viện huyện",
        "Vì: cần chụp phổi",
        "Muộn nhất ngày 28/11/2026",
        "Uống nhiều nước",
    ):
        assert line in slip, line
    assert "Thuốc mang về" not in slip and visit["name"] in slip
    assert "đưa phiếu" in a_care.why(page)
    page.locator("#has-slip").check()
    assert not a_care.wrong_with(page)
    page.locator("#save").click()
    page.wait_for_selector("#waiting:not([hidden])")
    a_kit.settled(page)
    left = a_kit.as_seen(page, "exit")["recent"][0]
    assert left["kind"] == "left" and left["body"]["slip"] is True and left["body"]["early"] == ""
    assert visit["visit"] not in [one["visit"] for one in a_kit.as_seen(page, "exit")["queue"]]


def test_what_prints_is_the_slip_alone_in_large_type(browser: Browser, kit: Kit, page: Page) -> None:
    visit = a_care.examined(browser, kit, units=0, advice="Uống nhiều nước")
    a_care.open_first(page, visit)
    shown = page.locator("#slip").inner_text()
    assert on_paper(page) == [A5]
    page.emulate_media(media="print")
    assert page.locator("main").inner_text().split() == shown.split()
    points = "e => parseFloat(getComputedStyle(e).fontSize) * 72 / 96"
    assert min(one.evaluate(points) for one in page.locator("#slip :is(p, li, h3, h4)").all()) >= 13.99


def test_medicine_not_handed_out_is_not_on_the_slip_as_taken(browser: Browser, kit: Kit, page: Page) -> None:
    visit = a_care.examined(browser, kit, units=6)
    page.reload()  # what the page knew before is not what is asked
    row = page.locator(f"#seen [data-id='{visit['visit']}'] button")
    row.wait_for(state="attached")
    page.locator("#seen-before summary").click()
    row.click()
    assert "còn chờ: phát thuốc" in page.locator("#still").inner_text()
    assert "sáng 1 viên" not in page.locator("#slip").inner_text()
    assert "vì sao" in a_care.why(page)
    page.locator("#early").fill("phải về trước khi trời tối")
    assert a_care.why(page) == ""
    page.locator("#save").click()
    page.wait_for_selector("#waiting:not([hidden])")
    a_kit.settled(page)
    assert a_kit.as_seen(page, "exit")["recent"][0]["body"]["early"] == "phải về trước khi trời tối"


def test_thanks_and_complaints_are_written_word_for_word(page: Page) -> None:
    assert page.locator("#voice-save").get_attribute("aria-disabled") == "true"
    page.locator("[name=tone][value=complaint]").check(force=True)
    page.locator("#words-said").fill("Chờ lâu quá, mà bác sĩ thương.")
    page.locator("#spoken").check()
    page.locator("#voice-save").click()
    page.wait_for_selector("#voice-done:not([hidden])")
    a_kit.settled(page)
    body = a_kit.as_seen(page, "exit")["recent"][0]["body"]
    assert (body["tone"], body["words"], body["spoken"]) == (
        "complaint",
        "Chờ lâu quá, mà bác sĩ thương.",
        True,
    )
    assert body["publish"] is False and body["visit"] is None


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_station_in_both_languages(page: Page, lang: str) -> None:
    page.context.add_cookies([{"name": "django_language", "value": lang, "url": page.url}])
    page.reload()
    page.wait_for_selector("#station[data-ready]")
    assert not a_care.wrong_with(page, lang)
