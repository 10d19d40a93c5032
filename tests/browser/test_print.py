"""On paper: the front page is one sheet of A4 whatever the data, the sealed list carries every line and its code."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.a_served_office import Office

pytestmark = pytest.mark.browser
A4 = (595, 842)
"""Points, rounded."""


def on_paper(page: Page) -> list[tuple[int, int]]:
    """The sizes in points of the pages that come out of the printer."""
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", pdf)
    return [(round(float(w)), round(float(h))) for w, h in boxes]


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("who", ["hoa", "lam"])
def test_the_front_page_is_one_sheet(office: Office, browser: Browser, who: str, lang: str) -> None:
    page = office.context(browser, who, lang).new_page()
    page.goto(office.url("/"))
    assert on_paper(page) == [A4]
    page.context.close()


def test_the_sealed_list_on_paper(office: Office, browser: Browser) -> None:
    page = office.context(browser, "lam").new_page()
    page.goto(office.url("/events/{event_sealed}/sealed/"))
    assert on_paper(page) == [A4]
    page.emulate_media(media="print")
    said = page.locator(".lines .said")
    assert said.count() == 5 and all(said.nth(n).is_visible() for n in range(5))
    expect(page.locator(".codes")).to_be_visible()
    for gone in (".menu", ".tools", ".acts", "main form", "main details", ".skip", ".crumb"):
        assert all(not one.is_visible() for one in page.locator(gone).all()), gone
    page.context.close()


def test_paper_is_white_in_the_dark_too(office: Office, browser: Browser) -> None:
    page = office.context(browser, "lam", color_scheme="dark").new_page()
    page.goto(office.url("/events/{event_sealed}/sealed/"))
    page.emulate_media(media="print", color_scheme="dark")
    ink = page.evaluate("() => getComputedStyle(document.querySelector('.lines .said')).color")
    assert ink == "rgb(31, 33, 56)"
    page.context.close()
