"""A kit's file is sent home in Chromium: how far it is on its way is shown, and the answer is the same page's."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.a_served_office import Office

pytestmark = pytest.mark.browser
FILE = {"name": "kit1.camp", "mimeType": "application/octet-stream", "buffer": bytes(300_000)}


@pytest.mark.parametrize("scripts", [True, False])
def test_a_file_is_sent_and_answered(office: Office, browser: Browser, scripts: bool) -> None:
    context = office.context(browser, "thao", java_script_enabled=scripts)
    page = context.new_page()
    page.goto(office.url("/camps/{camp_home}/merge/"))
    shown: list[str] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST":
            shown.append(page.locator(".sending").inner_text())
        route.continue_()

    if scripts:
        page.route("**/merge/", hold)
    for _ in range(2):  # the page that answers can send again
        page.locator("#f-file").set_input_files([FILE])
        page.get_by_role("button", name="Gộp", exact=True).click()
        expect(page.locator(".banner.son, [role=alert]").first).to_be_visible()
        expect(page.locator("h1")).to_contain_text("đã về đủ chưa")
    assert page.url == office.url("/camps/{camp_home}/merge/")
    assert not scripts or (len(shown) == 2 and all("Đang gửi" in one or "Đã gửi" in one for one in shown))
    context.close()
