"""The queue board in Chromium: large, without names, with and without scripts; and the pages before the stations."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser import a_kit, looking
from tests.office.camps.kit.serving import Kit

pytestmark = pytest.mark.browser


def test_a_call_appears_by_itself_in_large_type(browser: Browser, kit: Kit) -> None:
    hall = browser.new_context(viewport={"width": 1440, "height": 810})
    board = hall.new_page()
    heard = looking.listen(board)
    board.goto(kit.board)
    context, phone = a_kit.at_station(browser, kit, "triage")
    phone.wait_for_selector("#next-up:not([hidden])")
    ticket = phone.locator("#next-up .its-ticket b").inner_text()
    phone.locator("#call").click()
    called = board.locator(f"td[data-call='{ticket}'] .turn")
    called.wait_for(timeout=10_000)
    assert float(called.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")) >= 48
    assert board.evaluate("document.documentElement.scrollHeight <= innerHeight"), "every desk on one screen"
    words = board.locator("body").inner_text()
    day = kit.day.plan + kit.day.kits[1]
    names = {fact.body.name for fact in day if fact.kind in ("registered", "member")}  # type: ignore[attr-defined]
    assert not [name for name in names if name in words]
    wrong = looking.shape(board, "vi") + looking.axe(board) + looking.too_wide(board) + heard
    board.set_viewport_size({"width": 360, "height": 780})
    wrong += looking.axe(board, "color-contrast", "target-size") + looking.too_wide(board)
    hall.close()
    context.close()
    assert not wrong


def test_few_desks_have_the_largest_numbers(browser: Browser, kit: Kit) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 810})
    board = context.new_page()
    board.goto(kit.board)
    size = board.evaluate(
        """() => {
            for (const row of [...document.querySelectorAll('tbody tr')].slice(5)) row.remove()
            const cell = document.querySelector('td.called')
            cell.innerHTML = '<span class="turn num">U 33</span>'
            return parseFloat(getComputedStyle(cell.firstChild).fontSize)
        }"""
    )
    context.close()
    assert round(size) == 76


def test_without_scripts_the_board_loads_itself_again(browser: Browser, kit: Kit) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(kit.board)
    assert page.locator("tbody tr").count() > 3
    with page.expect_navigation(timeout=9_000):
        pass
    context.close()


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_pages_before_a_station(browser: Browser, kit: Kit, lang: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 1900})
    context.add_cookies([{"name": "django_language", "value": lang, "url": kit.address}])
    page = context.new_page()
    wrong = []

    def look(what: str) -> None:
        found = looking.shape(page, lang) + looking.axe(page) + looking.too_wide(page)
        wrong.extend(f"{what}: {one}" for one in found)

    page.goto(kit.address)
    look("a stranger's device")
    page.goto(kit.address + kit.enter(a_kit.device_of(kit, "registrar")))
    look("sign-in")
    page.locator("[name=member]").first.check()
    page.locator("#pin").fill("9999")
    page.locator("form.sign-in button").click()
    assert page.locator("#no").is_visible()
    page.locator("[name=member][value*=registrar]").first.check()
    page.locator("#pin").fill("1234")
    page.locator("form.sign-in button").click()
    page.wait_for_url("**/stations/")
    look("stations")
    page.goto(kit.address + "/station/doctor/")
    look("not one's station")
    page.goto(kit.address + "/check/")
    page.wait_for_selector("#checks[data-ready]")
    look("check")
    context.close()
    assert not wrong
