"""The page in Chromium: as wide as the phone, silent, reaching nowhere, in two languages, no script."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tantam.care.report import render
from tests.browser.looking import open_page
from tests.report import a_round

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
    if not path:
        pytest.skip(
            "NO CHROMIUM: the report was not looked at. apt-get install chromium, or set CHROMIUM_PATH."
        )
    with sync_playwright() as player:
        made = player.chromium.launch(executable_path=path, args=QUIET)
        yield made
        made.close()


@pytest.fixture(scope="module", params=["before", "after"])
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    known = (30, 60) if request.param == "after" else ()
    return render(a_round.write(tmp_path_factory.mktemp(request.param), known=known)).as_uri()


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_no_sideways_scroll_and_nothing_said(browser: Browser, report: str, width: int, lang: str) -> None:
    page, heard = open_page(browser, report, width)
    page.locator(f"label[for={lang}]").click()
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert not heard
    page.context.close()


def test_english_without_a_script(browser: Browser, report: str) -> None:
    page, heard = open_page(browser, report, 1440, scripts=False)
    vi, en = (
        page.get_by_text("Ai nhận gì, trong số tiền này?"),
        page.get_by_text("Who gets what, for this money?"),
    )
    assert vi.is_visible() and not en.is_visible()
    page.locator("label[for=en]").click()
    assert en.is_visible() and not vi.is_visible()
    page.locator("#en").press("ArrowLeft")
    assert vi.is_visible() and not en.is_visible()
    assert not heard
    page.context.close()


def test_the_fonts_are_there_and_digits_stand_in_columns(browser: Browser, report: str) -> None:
    page, _ = open_page(browser, report, 1440)
    assert page.evaluate("document.fonts.load('600 15px \"Be Vietnam Pro\"', 'Ộg').then(f => f.length)") == 2
    widths = page.evaluate(
        """() => ['1', '4', '8'].map(d => {
            const s = document.createElement('span')
            s.className = 'num'; s.textContent = d.repeat(20)
            document.querySelector('.wide').append(s)
            return s.getBoundingClientRect().width })"""
    )
    assert len(set(widths)) == 1
    page.context.close()


def test_dark_follows_the_reader_s_own_choice(browser: Browser, report: str) -> None:
    page, _ = open_page(browser, report, 360, scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 22, 42)"
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(31, 33, 56)"
    page.context.close()


def test_nothing_readable_is_smaller_than_a_caption(browser: Browser, report: str) -> None:
    page, _ = open_page(browser, report, 360)
    small = page.evaluate(
        """() => [...document.querySelectorAll('main *')].filter(e => e.checkVisibility()
            && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())
            && parseFloat(getComputedStyle(e).fontSize) < 13).map(e => e.outerHTML.slice(0, 90))"""
    )
    assert small == []
    page.context.close()


def test_a_table_is_label_and_value_on_a_phone(browser: Browser, report: str) -> None:
    page, _ = open_page(browser, report, 360)
    cell = page.locator(".in-vi .trio td").first
    label = cell.evaluate("e => getComputedStyle(e, '::before').content")
    assert label == '"Thuê bao"'
    assert cell.evaluate("e => getComputedStyle(e).textAlign") == "left"
    page.context.close()
