"""What is asked of a page that stands open in Chromium."""

from __future__ import annotations

import re
from typing import Any

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser, Page

AXE = AXE_FILE_PATH.read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE = re.compile(r"(?<![\w.])(?:\+84|0)(?:[ .]?\d){9}(?!\w)")
VIETNAMESE = re.compile(r"[à-ỹđĐÀ-Ỹ]")
BOTH = ("Tận Tâm", "Tiếng Việt", "café", "Café")
"""Words that stand in an English sentence as they are."""
_WORDS = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = []
    while (walker.nextNode()) {
        const at = walker.currentNode.parentElement
        if (at && !at.closest('[lang=vi], script, template') && walker.currentNode.data.trim())
            found.push(walker.currentNode.data.trim())
    }
    for (const e of document.querySelectorAll('[aria-label], [placeholder], [title], [alt], [data-l]'))
        if (!e.closest('[lang=vi], template'))
            for (const a of ['aria-label', 'placeholder', 'title', 'alt', 'data-l'])
                if (e.getAttribute(a)) found.push(e.getAttribute(a))
    return found
}"""


def listen(page: Page) -> list[str]:
    """What the page says to nobody from now on: its console, its errors, what it asks of other machines."""
    heard: list[str] = []
    home = page.url

    def foreign(url: str) -> bool:
        return not url.startswith(("http://127.0.0.1:", "data:", "blob:"))

    page.on("console", lambda m: heard.append(f"console: {m.text}"))
    page.on("pageerror", lambda e: heard.append(f"error: {e}"))
    page.on("request", lambda r: heard.append(f"reaches {r.url}") if foreign(r.url) else None)
    assert home == "about:blank", "listen before the page is opened"
    return heard


def axe(page: Page, *rules: str) -> list[str]:
    """What axe finds wrong: with all of WCAG 2.0 to 2.2 A and AA and best practice, or only these rules."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    only: dict[str, Any] = (
        {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": TAGS}
    )
    found = page.evaluate("o => axe.run(document, o)", {"runOnly": only, "resultTypes": ["violations"]})
    return [
        f"{wrong['id']} ({wrong['impact']}): {node['html'][:160]} {_figures(node)}"
        for wrong in found["violations"]
        for node in wrong["nodes"]
    ]


def _figures(node: dict[str, Any]) -> str:
    data = next((check["data"] for check in node["any"] if isinstance(check.get("data"), dict)), {})
    kept = {k: data[k] for k in ("fgColor", "bgColor", "contrastRatio") if k in data}
    return str(kept) if kept else ""


def shape(page: Page, lang: str) -> list[str]:
    """What every page has: one h1, its language, a title."""
    got = page.evaluate(
        "() => [document.querySelectorAll('h1').length, document.documentElement.lang, document.title.trim()]"
    )
    wrong = []
    if got[0] != 1:
        wrong.append(f"{got[0]} h1")
    if got[1] != lang:
        wrong.append(f"lang is “{got[1]}”")
    if not got[2] or got[2].startswith("·"):
        wrong.append(f"title is “{got[2]}”")
    return wrong


def too_wide(page: Page) -> list[str]:
    """What sticks out on the right, where the page scrolls sideways."""
    wide: list[str] = page.evaluate(
        """() => {
            const width = document.documentElement.clientWidth
            if (document.documentElement.scrollWidth <= width) return []
            const out = [...document.querySelectorAll('body *')].filter(e =>
                e.checkVisibility() && e.getBoundingClientRect().right > width + 0.5)
            return [`scrolls to ${document.documentElement.scrollWidth} of ${width}`,
                ...out.slice(-3).map(e => e.outerHTML.slice(0, 120))]
        }"""
    )
    return wide


def numbers(page: Page) -> list[str]:
    """Telephone numbers that somebody could read off the page."""
    return PHONE.findall(page.evaluate("() => document.body.innerText"))


def left_vietnamese(page: Page, data: list[str]) -> list[str]:
    """Words of an English page that are neither English nor taken from the data.

    Whatever the office keeps (names, places, words that were said) is cut out first, longest first; what still has a
    Vietnamese letter was written by a page.
    """
    found = []
    for text in page.evaluate(_WORDS):
        rest = text
        if VIETNAMESE.search(rest):
            for known in (*BOTH, *data):
                rest = rest.replace(known, "")
        if VIETNAMESE.search(rest):
            found.append(text[:120])
    return found


def open_page(
    browser: Browser, report: str, width: int, *, scripts: bool = True, scheme: str = "light"
) -> tuple[Page, list[str]]:
    """A report opened from its file, and all that it says or asks for from outside."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        java_script_enabled=scripts,
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page, heard = context.new_page(), []
    page.on("console", lambda m: heard.append(f"console: {m.text}"))
    page.on("pageerror", lambda e: heard.append(f"error: {e}"))
    page.on(
        "request",
        lambda r: None if r.url.startswith(("data:", report)) else heard.append(f"request: {r.url}"),
    )
    page.goto(report)
    return page, heard
