"""Every figure opens to the rows behind it, and there are as many of them as it said.

A figure is a link: “12 giữ đúng ngày”, a filter “Còn nợ 9”, “27 trong 28” (28 rows, 27 of them kept on time), or a
share (the part kept on time of the rows it opens to).
"""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.a_served_office import Office

pytestmark = pytest.mark.browser
PAGES = (
    ("lam", "/"),
    ("hoa", "/"),
    ("hoa", "/?office={office}"),
    ("lam", "/promises/"),
    ("hoa", "/promises/?kind=refund"),
    ("lam", "/opinions/"),
    ("lam", "/events/"),
    ("lam", "/events/{event_sealed}/"),
    ("lam", "/events/{event_invited}/guests/"),
    ("yen", "/programmes/"),
    ("yen", "/programmes/{programme}/"),
    ("bao", "/desk/"),
    ("quan", "/people/"),
)
ROWS = "main table.t tbody tr, main .sheet ul.list > li, main .sheet .quote, main ol.lines > li"
_FIGURES = """() => [...document.querySelectorAll(
    'main a.fig, main .fig a, main .one a, main .legend a, main .strip dd a, main .filters a, main a[data-rows]')]
    .map(a => [a.getAttribute('data-rows') || a.textContent.trim(), a.getAttribute('href'), a.className])"""
_CLOSED = """() => [...document.querySelectorAll('main .fig, main .one, main .legend li, main .strip dd')]
    .filter(e => /\\d/.test(e.textContent) && !e.querySelector('a') && !e.closest('a'))
    .map(e => e.outerHTML.slice(0, 140))"""


class Figure(NamedTuple):
    """What a figure says: so many rows, of which a part or a share was kept on time."""

    said: str
    rows: int | None
    part: int | None = None
    share: str = ""


def read(text: str) -> Figure | None:
    """A figure as it is written in Vietnamese; None for a link that says no number."""
    plain = text.replace("\u00a0", " ").replace(".", "")
    if found := re.fullmatch(r"(\d+) trong (\d+)", plain):
        return Figure(text, int(found[2]), int(found[1]))
    if re.fullmatch(r"[\d,]+ %", plain):
        return Figure(text, None, None, plain)
    found = re.match(r"(\d+) ", plain) or re.search(r" (\d+)$", plain)  # a number by itself is a year
    return Figure(text, int(found[1])) if found else None


def count_rows(page: Page, address: str) -> int:
    """How many rows a list has, all of its pages together."""
    page.goto(address)
    n = page.locator(ROWS).count()
    while page.locator("a[rel=next]").count():
        page.locator("a[rel=next]").click()
        n += page.locator(ROWS).count()
    return n


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_figures_of(office: Office, browser: Browser, who: str, path: str) -> None:
    page = office.context(browser, who).new_page()
    page.goto(office.url(path))
    wrong = [f"does not open: {html}" for html in page.evaluate(_CLOSED)]
    opened = 0
    for text, href, _ in page.evaluate(_FIGURES):
        figure = read(text)
        if figure is None:
            continue
        opened += 1
        page.goto(office.url(path))
        page.goto(page.evaluate("href => new URL(href, location).href", href))
        if page.url.split("?")[0] == office.url(
            "/"
        ):  # a quarter or an office: that page has it as its first number
            first = page.locator(".one").inner_text().strip()
            if first != text:
                wrong.append(f"{text} opens a page that says {first}")
            continue
        wrong += check(page, figure, page.url)
    page.context.close()
    assert not wrong, "\n".join([path, *wrong])
    assert opened > 3 or path.partition("?")[0] not in ("/", "/promises/"), "the figures were not found"


def check(page: Page, figure: Figure, address: str) -> list[str]:
    """What is wrong with the list behind a figure."""
    n = count_rows(page, address)
    if figure.rows is not None and n != figure.rows:
        return [f"{figure.said} opens to {n} rows: {address}"]
    if figure.part is None and not figure.share:
        return []
    kept = count_rows(page, address.replace("state=counted", "state=kept_on_time"))
    if figure.share:
        shown = f"{100 * kept / n:.1f}".replace(".", ",").removesuffix(",0") + " %"
        return [] if shown == figure.share else [f"{figure.said}, and {kept} of {n} rows: {address}"]
    return [] if kept == figure.part else [f"{figure.said}, and {kept} rows were kept on time: {address}"]
