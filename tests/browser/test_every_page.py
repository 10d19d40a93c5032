"""Every page at both widths, in both languages, light and dark: it fits, is silent, is reachable, says no number."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from tests.browser import addresses, looking
from tests.browser.a_served_office import Office
from tests.browser.addresses import Stop

pytestmark = pytest.mark.browser
WIDTHS = (1440, 360)


def rules(lang: str, width: int) -> tuple[str, ...]:
    """All of axe at one width of each language, Vietnamese in the light and English in the dark; at the other width
    only what a width can change."""
    return () if (lang, width) in (("vi", 1440), ("en", 360)) else ("color-contrast", "target-size")


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("stop", addresses.STOPS, ids=lambda stop: stop.name)
def test_a_page(office: Office, browser: Browser, stop: Stop, lang: str) -> None:
    scheme = "light" if lang == "vi" else "dark"
    context = office.context(browser, stop.who, lang, color_scheme=scheme)
    page = context.new_page()
    heard = looking.listen(page)
    answer = page.goto(office.url(stop.address))
    assert answer is not None and answer.status == stop.status, (
        f"{page.url} answered {answer and answer.status}"
    )
    wrong = looking.shape(page, lang)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        wrong += [f"{width} px: {one}" for one in looking.too_wide(page)]
        wrong += [f"{width} px, {scheme}: {one}" for one in looking.axe(page, *rules(lang, width))]
    if lang == "en":
        wrong += [f"not English: {one}" for one in looking.left_vietnamese(page, office.texts)]
    if not stop.route.endswith("/calls/"):
        wrong += [f"a number: {one}" for one in looking.numbers(page)]
    context.close()
    wrong += [one for one in heard if stop.status == 200 or f"{stop.status}" not in one]
    assert not wrong, "\n".join([stop.address, *wrong])


def test_no_page_is_forgotten(office: Office) -> None:
    walked = {stop.route for stop in addresses.STOPS} | set(addresses.POSTS) | set(addresses.CLOSED)
    there = {route for route, _ in office.routes if not route.startswith("/api/")}
    assert there - walked - set(addresses.NOT_PAGES) == set(), (
        "look at these pages in tests/browser/addresses.py"
    )
    assert walked - there == {""}, "these are no longer there"


def test_addresses_of_forms_show_nothing(office: Office, browser: Browser) -> None:
    context = office.context(browser, "lam")
    for route in addresses.POSTS:
        path = re.sub("<int:[a-z]+>", "1", route).replace("<uuid:number>", office.ids["opinion"])
        assert context.request.get(office.url(path), max_redirects=0).status in (302, 403, 404, 405), route
    for route in addresses.CLOSED:
        path = re.sub(r"\^|\$", "", re.sub(r"\(\?P<\w+>[^)]*\)", "1", route))
        assert context.request.get(office.address + path).status == 404, route
    context.close()
