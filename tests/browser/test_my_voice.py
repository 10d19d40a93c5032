"""Somebody with a telephone and a secret link: the browser says nobody where he is, and his presses still count."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import looking
from tests.browser.a_served_office import Office

pytestmark = pytest.mark.browser


def opened(office: Office, browser: Browser, name: str, *, scripts: bool = True) -> Page:
    """The page behind a link, at 360 px."""
    context = browser.new_context(viewport={"width": 360, "height": 640}, java_script_enabled=scripts)
    page = context.new_page()
    page.goto(office.url(f"/toi/{{{name}}}/"))
    return page


@pytest.mark.parametrize("scripts", [True, False])
def test_one_touch_stops_and_one_allows(office: Office, browser: Browser, scripts: bool) -> None:
    page = opened(office, browser, "mine_shut", scripts=scripts)
    row = page.locator(".may > li", has_text="Hỏi ý kiến")
    row.get_by_role("button", name="Dừng").click()
    expect(page.locator(".banner")).to_contain_text("Đã dừng: hỏi ý kiến. Có hiệu lực ngay.")
    expect(row).to_contain_text("Bạn đã dừng")
    row.locator("summary").click()
    row.get_by_role("button", name="Tôi cho phép").click()
    expect(page.locator(".banner")).to_contain_text("Đã cho phép")
    expect(row.get_by_role("button", name="Dừng")).to_be_visible()
    assert not looking.too_wide(page) and not looking.numbers(page)
    page.context.close()


def test_the_address_goes_nowhere_and_the_language_changes(office: Office, browser: Browser) -> None:
    page = opened(office, browser, "mine_new")
    sent: list[str | None] = []
    page.on("request", lambda request: sent.append(request.headers.get("referer")))
    page.locator("button[value=en]").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_have_text("What became of what I said?")
    page.locator(".end a").first.click()
    expect(page.locator("h1")).to_have_text("You said it. Did we do it?")
    assert sent and not [address for address in sent if address and "/toi/" in address]
    page.context.close()


def test_he_takes_his_file_asks_and_closes(office: Office, browser: Browser) -> None:
    page = opened(office, browser, "mine_shut")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Tải về").click()
    assert "channels" in json.loads(Path(taken.value.path()).read_text(encoding="utf-8"))["held"]
    page.locator("summary", has_text="Yêu cầu sửa").click()
    page.get_by_role("button", name="Xóa dữ liệu").click()
    expect(page.locator("#no")).to_contain_text("Đánh dấu ô xác nhận trước")
    page.locator("[name=sure]").check()
    page.get_by_role("button", name="Xóa dữ liệu").click()
    expect(page.locator(".asked")).to_contain_text("xóa dữ liệu · hạn")
    page.get_by_role("button", name="Đóng đường dẫn này").click()
    expect(page.locator(".ans")).to_contain_text("Đường dẫn này đã đóng")
    page.context.close()
