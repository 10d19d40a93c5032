"""A visitor follows a breach from the board to its promise and to how that was kept; the public pages print."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.a_served_office import Office
from tests.browser.test_print import A4, on_paper

pytestmark = pytest.mark.browser


def test_from_the_board_to_the_chart_to_the_promise_to_kept(office: Office, browser: Browser) -> None:
    page = office.context(browser, None).new_page()
    page.goto(office.url("/public/"))
    page.get_by_role("link", name="Mạng có đúng như đã hứa").click()
    expect(page.locator(".banner")).to_contain_text("lời hứa minh họa")
    page.get_by_role("link", name="Cuộc gọi bị rơi", exact=True).click()
    expect(page.locator("h2#year")).to_contain_text("Cà Mau")
    assert page.locator(".chart .is-wide svg path.broken").count() == 1
    breach = page.locator("article.breach")
    expect(breach).to_contain_text("Hứa làm lại cho đúng")
    expect(breach.locator(".chip.kept")).to_have_text("đã giữ")
    expect(breach).to_contain_text("đã thay hai trạm")
    page.get_by_label("Nơi").select_option("56")
    page.get_by_role("button", name="Xem").click()
    expect(page.locator("h2#year")).to_contain_text("Khánh Hòa")
    assert page.locator(".chart .is-wide svg path.broken").count() == 0
    page.context.close()


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("address", ["/public/quality/", "/public/quality/{pledge_2}/"])
def test_the_public_pages_on_paper(office: Office, browser: Browser, address: str, lang: str) -> None:
    page = office.context(browser, None, lang).new_page()
    page.goto(office.url(address))
    sheets = on_paper(page)
    assert set(sheets) == {A4} and len(sheets) <= 4
    page.emulate_media(media="print")
    assert (
        page.locator(".t.q").first.is_visible()
        and not page.locator(".filters, .place-pick, .btn").first.is_visible()
    )
    page.context.close()


def test_the_picture_fits_the_telephone(office: Office, browser: Browser) -> None:
    page = office.context(browser, None, viewport={"width": 360, "height": 760}).new_page()
    page.goto(office.url("/public/quality/{pledge_2}/"))
    assert (
        page.locator(".chart .is-narrow svg").is_visible()
        and not page.locator(".chart .is-wide svg").is_visible()
    )
    small = page.evaluate(
        "() => [...document.querySelectorAll('.is-narrow text')].map(t => t.getBoundingClientRect().height)"
    )
    assert min(small) >= 13
    page.context.close()
