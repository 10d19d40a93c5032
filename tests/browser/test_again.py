"""Pages of work that goes on keep in step by themselves, and say so when the server does not answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.a_served_office import Office

pytestmark = pytest.mark.browser
WAIT = 15_000


@pytest.fixture
def page(office: Office, browser: Browser) -> Iterator[Page]:
    """The list of a care round on its way, as chị Hòa sees it."""
    context = office.context(browser, "hoa")
    made = context.new_page()
    made.goto(office.url("/messages/?about=round:R8"))
    yield made
    context.close()


def answer(page: Page, old: str, new: str) -> None:
    """From now on the server says something else."""

    def changed(route: Route) -> None:
        said = route.fetch()
        route.fulfill(response=said, body=said.text().replace(old, new))

    page.route("**/messages/*", changed)


def test_it_keeps_in_step_and_leaves_the_focus(page: Page) -> None:
    link = page.locator("#lists .legend a").nth(1)
    link.focus()
    answer(page, "291", "300")
    expect(page.locator("#answer")).to_contain_text("300 trong 387", timeout=WAIT)
    expect(page.locator("#lists .of")).to_contain_text("300 trong 387")
    expect(link).to_be_focused()
    answer(page, "data-again", "data-over")  # finished: it is shown, and asked for no more
    expect(page.locator("[data-again]")).to_have_count(0, timeout=WAIT)


def test_it_says_when_the_server_is_silent(page: Page) -> None:
    lost = page.locator("[data-lost]")
    expect(lost).to_be_hidden()
    page.route("**/messages/*", lambda route: route.abort())
    expect(lost).to_be_visible(timeout=WAIT)
    page.unroute_all()
    expect(lost).to_be_hidden(timeout=WAIT)


def test_whoever_has_signed_out_sees_no_other_page_in_it(page: Page) -> None:
    page.context.clear_cookies()
    expect(page.locator("[data-lost]")).to_be_visible(timeout=WAIT)
    expect(page.locator("#lists .of")).to_contain_text("291 trong 387")
