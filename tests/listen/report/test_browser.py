"""The page in Chromium: as wide as the phone, silent, reaching nowhere, in two languages, nothing for axe to say."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tantam.listen.report import render
from tests.browser import looking
from tests.browser.looking import open_page
from tests.listen.report import a_listening

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
KINDS = {
    "full": {"n": 3_000},
    "bare": {"n": 1_000, "dates": False, "places": False, "keys": False},
    "tiny": {"n": 40},
    "empty": {"n": 0},
    "hostile": {"n": 1_000, "hostile": "\u202e<b>x</b> اللغة العربية 中文 🙂 " + "w" * 400},
}
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


@pytest.fixture(scope="module", params=list(KINDS))
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    made = a_listening.write(tmp_path_factory.mktemp(request.param), **KINDS[request.param])  # type: ignore[arg-type]
    return render(made.folder).as_uri()


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> str:
    return render(a_listening.write(tmp_path_factory.mktemp("one"), 3_000).folder).as_uri()


@pytest.mark.parametrize("width", [360, 700, 1000, 1440])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_no_sideways_scroll_and_nothing_said(browser: Browser, report: str, width: int, lang: str) -> None:
    page, heard = open_page(browser, report, width)
    page.locator(f"label[for={lang}]").click()
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert looking.too_wide(page) == []
    assert not heard
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_axe_has_nothing_to_say(browser: Browser, report: str, scheme: str, lang: str) -> None:
    page, _ = open_page(browser, report, 1440, scheme=scheme)
    page.locator(f"label[for={lang}]").click()
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert looking.axe(page) == []
    page.context.close()


def test_english_without_a_script(browser: Browser, full: str) -> None:
    page, heard = open_page(browser, full, 1440, scripts=False)
    vi, en = page.get_by_text("Mọi người đang nói gì?"), page.get_by_text("What are people saying?")
    assert vi.is_visible() and not en.is_visible()
    page.locator("label[for=en]").click()
    assert en.is_visible() and not vi.is_visible()
    assert not heard
    page.context.close()


def test_the_english_half_is_english(browser: Browser, full: str) -> None:
    page, _ = open_page(browser, full, 1440)
    page.evaluate("document.querySelector('.in-vi').remove()")
    data = [*a_listening.SAID, "Tới nội dung", "VI, tiếng Việt"]
    assert looking.left_vietnamese(page, sorted(data, key=len, reverse=True)) == []
    page.context.close()


def test_nothing_readable_is_smaller_than_a_caption(browser: Browser, full: str) -> None:
    page, _ = open_page(browser, full, 360)
    small = page.evaluate(
        """() => [...document.querySelectorAll('main *')].filter(e => e.checkVisibility()
            && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())
            && parseFloat(getComputedStyle(e).fontSize) < 13).map(e => e.outerHTML.slice(0, 90))"""
    )
    assert small == []
    page.context.close()


def test_dark_is_the_machine_s_and_paper_is_never_dark(browser: Browser, full: str) -> None:
    page, _ = open_page(browser, full, 360, scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 22, 42)"
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(31, 33, 56)"
    page.context.close()


def test_hidden_letters_do_not_turn_the_words_after_them(browser: Browser, report: str) -> None:
    page, _ = open_page(browser, report, 1440)
    turned = page.evaluate(
        "() => [...document.querySelectorAll('main *')].filter(e => e.tagName !== 'BDI' && e.closest('bdi') === null"
        " && getComputedStyle(e).direction !== 'ltr').length"
    )
    assert turned == 0
    page.context.close()
