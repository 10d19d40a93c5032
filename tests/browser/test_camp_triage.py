"""Triage in Chromium on a small phone: the next one called, measured within what instruments show, sent on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import a_kit, looking
from tests.office.camps.kit.serving import Kit

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, kit: Kit) -> Iterator[Page]:
    context, page = a_kit.at_station(browser, kit, "triage")
    page.wait_for_selector("#next-up:not([hidden])")
    yield page
    context.close()


def test_the_next_one_is_called_measured_and_sent_on(page: Page) -> None:
    first = a_kit.as_seen(page, "triage")["queue"][0]
    assert first["ticket"] in page.locator("#next-up").inner_text()
    page.locator("#call").click()
    page.wait_for_selector("#measure:not([hidden])")
    assert page.evaluate("document.activeElement.id") == "systolic"

    page.locator("#systolic").fill("400")
    page.locator("#temperature").fill("37,5")
    page.locator("#save").click()
    assert "từ 40 đến 300" in page.locator("#systolic-range").inner_text()
    assert page.locator("#systolic[aria-invalid=true]").is_visible()
    page.locator("#systolic").fill("120")
    page.locator("#diastolic").fill("130")
    page.locator("#save").click()
    assert page.locator("#crossed").is_visible()
    page.locator("#diastolic").fill("80")
    page.locator("#weight").fill("52.4")
    page.locator("#groups label").first.click()
    page.locator("#complaint").fill("đau đầu từ hôm qua")
    page.locator("#save").click()
    page.wait_for_selector("#line:not([hidden])")

    a_kit.settled(page)
    seen = a_kit.as_seen(page, "triage")
    assert first["visit"] not in [one["visit"] for one in seen["queue"]]
    measured, called = seen["recent"][:2]
    assert called["kind"] == "called" and called["body"]["visit"] == first["visit"]
    body = measured["body"]
    assert (body["systolic"], body["diastolic"], body["temperature_tenths"]) == (120, 80, 375)
    assert (body["weight_tenths"], body["pulse"], body["complaint"]) == (524, None, "đau đầu từ hôm qua")
    assert body["allergy_groups"] == [page.locator("#groups input").first.get_attribute("value")]

    # A wrong number is put right by a new fact that names the old one.
    page.locator("#done summary").click()
    page.locator("#recent button").first.click()
    assert page.locator("#temperature").input_value() == "37,5"
    page.locator("#pulse").fill("72")
    page.locator("#save").click()
    page.wait_for_selector("#line:not([hidden])")
    a_kit.settled(page)
    newest, before = a_kit.as_seen(page, "triage")["recent"][:2]
    assert (newest["body"]["pulse"], newest["body"]["systolic"], before["state"]) == (72, 120, "corrected")


def test_whoever_was_measured_offline_is_gone_from_the_line(page: Page) -> None:
    visit = page.locator("#call").get_attribute("data-visit")
    page.context.set_offline(True)
    page.locator("#call").click()
    page.locator("#complaint").fill("mệt")
    page.locator("#save").click()
    page.wait_for_selector("#line:not([hidden])")
    assert page.locator("#call").get_attribute("data-visit") != visit
    assert "chờ gửi 2" in page.locator("#net").inner_text()
    page.context.set_offline(False)
    a_kit.settled(page)
    assert visit not in [one["visit"] for one in a_kit.as_seen(page, "triage")["queue"]]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_it_can_be_used_by_everybody(browser: Browser, kit: Kit, lang: str) -> None:
    context, page = a_kit.at_station(browser, kit, "triage", color_scheme="light" if lang == "vi" else "dark")
    context.add_cookies([{"name": "django_language", "value": lang, "url": kit.address}])
    page.reload()
    page.wait_for_selector("#next-up:not([hidden])")
    page.set_viewport_size({"width": 360, "height": 3000})
    wrong = looking.shape(page, lang) + looking.axe(page) + looking.too_wide(page)
    page.locator("#queue button").first.click()
    page.wait_for_selector("#measure:not([hidden])")
    page.locator("#pulse").fill("900")
    page.locator("#save").click()
    wrong += looking.axe(page) + looking.too_wide(page)
    page.set_viewport_size({"width": 1440, "height": 1900})
    wrong += looking.axe(page, "color-contrast", "target-size") + looking.too_wide(page)
    page.locator("#back").click()
    context.close()
    assert not wrong
