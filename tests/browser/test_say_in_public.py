"""Anybody with an old telephone says something: with scripts and without, with a network that goes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import looking
from tests.browser.a_served_office import Office

pytestmark = pytest.mark.browser
WORDS = "Tối nào mạng cũng chậm, xem phim giật. Gọi tôi số 0912345678."


def write(office: Office, browser: Browser, words: str, *, scripts: bool = True) -> Page:
    """The form at 360 px, filled in, after the time that anybody takes."""
    context = browser.new_context(viewport={"width": 360, "height": 640}, java_script_enabled=scripts)
    page = context.new_page()
    page.goto(office.url("/gop-y/"))
    page.locator("[name=text]").fill(words)
    page.locator("[name=province]").select_option("56")
    page.wait_for_timeout(2_100)
    return page


@pytest.mark.parametrize("scripts", [True, False])
def test_it_is_said_and_thanked_for(office: Office, browser: Browser, scripts: bool) -> None:
    page = write(office, browser, f"{WORDS} {scripts}", scripts=scripts)
    page.locator("button.main").click()
    expect(page.locator(".ans")).to_contain_text("Cảm ơn bạn")
    expect(page.locator("main")).to_contain_text("[số điện thoại]")
    assert not looking.numbers(page) and not looking.too_wide(page)
    page.go_back()
    expect(page.locator("[name=text]")).to_have_value(f"{WORDS} {scripts}")
    page.context.close()


def test_a_network_that_goes_takes_no_words_with_it(office: Office, browser: Browser) -> None:
    page = write(office, browser, WORDS)
    page.context.set_offline(True)
    with page.expect_event("requestfailed"):
        page.locator("button.main").click(no_wait_after=True)
    page.wait_for_timeout(500)
    assert page.url.startswith("chrome-error://")
    page.context.set_offline(False)
    page.go_back(wait_until="commit")
    expect(page.locator("[name=text]")).to_have_value(WORDS)
    page.context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_other_language_keeps_the_words(office: Office, browser: Browser, scripts: bool) -> None:
    page = write(office, browser, WORDS, scripts=scripts)
    page.locator("button[value=en]").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("[name=text]")).to_have_value(WORDS)
    page.context.close()


def test_what_is_wrong_is_said_beside_the_words(office: Office, browser: Browser) -> None:
    page = write(office, browser, "   ")
    page.locator("button.main").click()
    expect(page.locator("[name=text]")).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".wrong")).to_contain_text("Chưa có chữ nào")
    assert page.title().startswith("Chưa gửi được") and not looking.axe(page) and not looking.too_wide(page)
    page.locator("[name=text]").fill("dài " * 2_000)
    page.locator("button.main").click()
    expect(page.locator("[name=text]")).to_have_value("dài " * 2_000)
    page.context.close()


def test_by_keyboard_alone(office: Office, browser: Browser) -> None:
    page = write(office, browser, "")
    page.locator("[name=text]").focus()
    page.keyboard.type("Gõ bằng bàn phím: cô ở quầy rất tận tình.")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.name") == "province"
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("cô ở quầy rất tận tình")
    page.context.close()
