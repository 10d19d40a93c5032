"""With a keyboard alone: the skip link first, whatever has the focus is seen, every room is reached, a form is sent."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.a_served_office import Office

pytestmark = pytest.mark.browser
PAGES = (
    ("lam", "/"),
    ("lam", "/promises/"),
    ("lam", "/promises/{promise_due}/"),
    ("dung", "/opinions/new/"),
    ("lam", "/events/{event_invited}/calls/"),
    ("lam", "/events/{event_held}/notebook/"),
    ("kiem", "/journal/"),
    ("quan", "/people/{staff}/"),
    ("bao", "/desk/{request}/"),
    (None, "/accounts/login/"),
)
_FOCUSED = """() => {
    const at = document.activeElement
    if (!at || at === document.body) return null
    const seen = e => { const s = getComputedStyle(e)
        return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 }
    const beside = at.nextElementSibling
    const shown = beside && at.matches('input') && seen(beside) ? beside : at
    const box = shown.getBoundingClientRect()
    const middle = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 20))
    return {
        what: at.outerHTML.slice(0, 120), outlined: seen(shown),
        there: box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight,
        covered: !!middle && ![shown, at.closest('label')].some(e => e?.contains(middle) || middle.contains(e)),
        skip: at.matches('a.skip'), href: at.getAttribute('href') || '',
    }
}"""


def open_as(office: Office, browser: Browser, who: str | None, path: str, width: int = 1440) -> Page:
    """A page, and nothing has the focus but what asked for it."""
    page = office.context(browser, who, viewport={"width": width, "height": 900}).new_page()
    page.goto(office.url(path))
    return page


def begin(page: Page) -> None:
    """Put the keyboard where the page begins, whatever asked for the focus."""
    page.evaluate("() => { document.body.tabIndex = -1; document.body.focus(); scrollTo(0, 0) }")


def tab(page: Page) -> Any:
    """Press Tab; what has the focus now."""
    page.keyboard.press("Tab")
    return page.evaluate(_FOCUSED)


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_the_skip_link_first_and_every_focus_seen(
    office: Office, browser: Browser, who: str | None, path: str
) -> None:
    page = open_as(office, browser, who, path)
    begin(page)
    first = tab(page)
    assert first["skip"] and first["there"], f"first comes {first}"
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "main"
    begin(page)
    wrong, stops, before = [], 0, ""
    while (at := tab(page)) and stops < 60:
        stops += 1
        if at["what"] == before:  # Chromium goes through the parts of a date field, and marks each itself
            continue
        before = at["what"]
        if not (at["outlined"] and at["there"]) or at["covered"]:
            wrong.append(str(at))
    page.context.close()
    assert stops > 3 and not wrong, "\n".join(wrong)


@pytest.mark.parametrize("width", [1440, 360])
def test_every_room_is_reached(office: Office, browser: Browser, width: int) -> None:
    page = open_as(office, browser, "lam", "/promises/", width)
    wanted = {"/", "/promises/", "/opinions/", "/events/", "/programmes/"}
    reached: set[str] = set()
    for _ in range(40):
        at = tab(page)
        if at is None:
            break
        reached.add(at["href"])
        if at["what"].startswith("<summary") and page.evaluate(
            "() => !document.activeElement.parentElement.open"
        ):
            page.keyboard.press("Enter")
    page.context.close()
    assert wanted <= reached


def test_a_form_is_sent(office: Office, browser: Browser) -> None:
    page = open_as(office, browser, "dung", "/opinions/new/")
    page.locator("[name=text]").focus()
    page.keyboard.type("Gõ bằng bàn phím cũng xong.")
    done = set()
    for _ in range(20):
        at = tab(page)
        for name in ("tone", "channel"):
            if f'name="{name}"' in at["what"] and name not in done:
                page.keyboard.press("ArrowRight")
                done.add(name)
        if at["what"].startswith('<button class="btn main"'):
            with page.expect_navigation():  # a key press, unlike a click, does not wait for what it sets off
                page.keyboard.press("Enter")
            break
    assert "Gõ bằng bàn phím cũng xong." in page.locator("main").inner_text()
    assert "/opinions/new/" not in page.url
    page.context.close()
