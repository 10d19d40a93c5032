"""The end of a camp's day in Chromium: every lot counted, what differs explained, two signatures, the file to take
home; and what comes later asks for new signatures."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import a_care, a_kit
from tests.browser.test_print import A4, on_paper

pytestmark = pytest.mark.browser


def open_day(page: Page, address: str) -> None:
    page.goto(address + "/day/")
    page.wait_for_selector("#station[data-ready]")


def counted(page: Page, *, off: int = 0) -> None:
    """Count every lot as it should be, the first one ``off``."""
    for row in page.locator(".stock-count tbody tr").all():
        should = int(row.locator("td").nth(3).inner_text().replace(".", ""))
        row.locator("[data-lot]").fill(str(should + off))
        off = 0
    with page.expect_navigation():
        page.locator("#count").click()
    page.wait_for_selector("#station[data-ready]")


def sign(page: Page, pin: str = "1234") -> None:
    page.locator("[name=lead_pin]").fill("1234")
    page.locator("[name=pharmacist_pin]").fill(pin)
    assert a_care.why(page, "close") == ""
    with page.expect_navigation():
        page.locator("#close").click()
    page.wait_for_selector("#station[data-ready]")


def test_the_day_ends_with_counts_reasons_and_two_signatures(browser: Browser, tmp_path: Path) -> None:
    with a_kit.open_kit(tmp_path, 3) as kit:
        far, phone = a_kit.at_station(browser, kit, "exit")
        phone.locator("#words-said").fill("Cảm ơn đoàn")
        far.set_offline(True)
        phone.locator("#voice-save").click()
        phone.wait_for_selector("#voice-done:not([hidden])")
        context, page = a_kit.at_station(browser, kit, "lead")
        open_day(page, kit.address)
        wrong = a_care.wrong_with(page)
        assert "chưa đếm" in page.locator(".ans").inner_text() and "chưa đếm" in a_care.why(page, "close")
        assert page.request.get(kit.address + "/day/home.camp").status == 409, "nothing goes home unsigned"
        counted(page, off=-2)
        assert "−2" in page.locator(".stock-count .off").inner_text()
        assert "chưa có lý do" in a_care.why(page, "close")
        page.locator("[name^=why-]").fill("hai viên rơi xuống suối")
        assert "mã PIN" in a_care.why(page, "close")
        sign(page, "9999")
        assert "PIN chưa đúng" in page.locator("main").inner_text()
        assert page.locator("[name^=why-]").input_value() == "hai viên rơi xuống suối", "what was typed stays"
        wrong += a_care.wrong_with(page)
        sign(page)
        assert page.locator(".sealed").is_visible() and not page.locator("#close").count()
        with page.expect_download() as home:
            page.get_by_role("link", name="Tải tệp mang về").click()
        assert home.value.suggested_filename == "kit1.home.camp"
        wrong += a_care.wrong_with(page)
        sizes = on_paper(page)
        assert sizes and set(sizes) == {A4}
        page.emulate_media(media="print")
        paper = page.locator("main").inner_text()
        assert "hai viên rơi" in page.locator("[name^=why-]").input_value() and "Biên bản ngày khám" in paper
        page.emulate_media(media="screen")

        # A phone that was away when the day was signed comes back: its row is taken, and the day is signed again.
        far.set_offline(False)
        a_kit.settled(phone)
        open_day(page, kit.address)
        assert "1 lượt ghi sau khi ký" in page.locator(".ans").inner_text()
        sign(page)
        assert page.locator(".sealed").is_visible()
        far.close()
        context.close()
        assert not wrong


def test_both_languages_and_the_lead_s_place(browser: Browser, kit: a_kit.serving.Kit) -> None:
    context, page = a_kit.at_station(browser, kit, "lead", viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": "django_language", "value": "en", "url": kit.address}])
    page.reload()
    page.wait_for_selector("#station[data-ready]")
    wrong = a_care.wrong_with(page, "en")
    open_day(page, kit.address)
    assert not wrong + a_care.wrong_with(page, "en")
    context.close()
