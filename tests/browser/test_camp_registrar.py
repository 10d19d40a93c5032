"""The registrar's desk in Chromium on a small phone: a card within twelve keys, a name, who goes first, a number."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import a_kit, looking
from tests.office.camps.kit.serving import Kit

pytestmark = pytest.mark.browser
MOST_KEYS = 12
CARD = "002155004321||Giàng Thị Thử Thẻ|05031955|Nữ|Bản Thử, Xã Thử, Tuyên Quang|01012022"


CAMERA = """
    globalThis.BarcodeDetector = class { async detect() { return [{ rawValue: '%s' }] } }
    navigator.mediaDevices.getUserMedia = async () => {
        const canvas = document.createElement('canvas')
        canvas.getContext('2d').fillRect(0, 0, 9, 9)
        return (globalThis.lent = canvas.captureStream(5))
    }
"""
"""A browser that reads codes, and a camera that sees a card."""


@pytest.fixture
def page(browser: Browser, kit: Kit) -> Iterator[Page]:
    context, page = a_kit.at_station(browser, kit, "registrar")
    a_kit.until(page, "document.getElementById('next').textContent")
    yield page
    context.close()


def test_a_scanned_card_takes_few_keys(page: Page) -> None:
    came = a_kit.as_seen(page, "registrar")["counts"]["registered"]
    page.keyboard.insert_text(
        CARD
    )  # a hand scanner, into the field that has the keyboard when the page opens
    page.keyboard.press("Enter")  # the scanner's own
    page.evaluate("() => { window.keys = []; addEventListener('keydown', (e) => keys.push(e.key), true) }")
    a_kit.until(page, "document.activeElement.id === 'consent'")
    assert page.locator("[name=priority][value=child]").is_checked() is False
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_selector("#ticket:not([hidden])")
    ticket = page.locator("#its-number").inner_text()
    page.keyboard.press("Enter")
    assert page.evaluate("keys.length") <= MOST_KEYS
    assert page.locator("#ticket").is_hidden() and page.evaluate("document.activeElement.id") == "name"
    a_kit.settled(page)
    seen = a_kit.as_seen(page, "registrar")
    assert seen["counts"]["registered"] == came + 1
    body = seen["recent"][0]["body"]
    assert (body["ticket"], body["name"], body["born_on"]) == (ticket, "Giàng Thị Thử Thẻ", "1955-03-05")
    assert body["card"] and body["card_end"] == "4321" and body["scanned"] and body["consent"] == "heard"

    # The same card again, at this desk or another: the first record is shown before anything is saved.
    page.keyboard.insert_text(CARD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#here:not([hidden])")
    assert ticket in page.locator("#here").inner_text()


def test_the_camera_reads_a_card_and_is_given_back(browser: Browser, kit: Kit) -> None:
    context = browser.new_context(viewport=a_kit.PHONE)
    context.add_init_script(CAMERA % CARD.replace("4321", "4322").replace("Thẻ", "Máy Ảnh"))
    page = context.new_page()
    a_kit.sign_in(page, kit, "registrar")
    page.locator("#scan").click()
    a_kit.until(page, "document.activeElement.id === 'consent'")
    assert page.locator("#name").input_value() == "Giàng Thị Thử Máy Ảnh"
    assert page.locator("#names [aria-pressed=true]").is_visible() and page.locator("#camera").is_hidden()
    assert page.evaluate("lent.getTracks().every((track) => track.readyState === 'ended')")
    context.close()


def test_a_card_is_read_without_the_kit_too(page: Page) -> None:
    page.context.set_offline(True)
    page.keyboard.insert_text(CARD.replace("4321", "4323").replace("Thẻ", "Xa Mạng"))
    page.keyboard.press("Enter")
    a_kit.until(page, "document.activeElement.id === 'consent'")
    assert page.locator("#year").input_value() == "1955"
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_selector("#ticket:not([hidden])")
    page.context.set_offline(False)
    a_kit.settled(page)
    body = a_kit.as_seen(page, "registrar")["recent"][0]["body"]
    assert (body["name"], body["card"], body["card_end"]) == ("Giàng Thị Thử Xa Mạng", "", "4323")


def test_a_name_finds_exact_accents_first(page: Page, kit: Kit) -> None:
    expected = [one for fact in kit.day.plan if fact.kind == "expected" for one in fact.body.people]  # type: ignore[attr-defined]
    one = expected[-1]
    page.locator("#name").press_sequentially(one.name.lower())
    page.wait_for_selector("#names button")
    first = page.locator("#names button").first
    assert one.name in first.inner_text()
    assert "Người mới" in page.locator("#names button").last.inner_text()
    page.locator("#names button", has_text=one.village).first.click()
    assert page.locator("#year").input_value() == str(one.born_year or "")
    assert page.locator("#more").is_hidden()


def test_a_child_has_a_guardian_and_goes_first(page: Page) -> None:
    page.locator("#name").fill("Bé Thử")
    page.locator("#year").fill("2024")
    assert page.locator("[name=priority][value=child]").is_checked()
    a_kit.until(page, "document.getElementById('next').textContent.startsWith('E ')")
    page.locator("#save").click()
    assert page.evaluate("document.activeElement.id") == "guardian"
    page.locator("#guardian").fill("Giàng Thị Mẹ, mẹ")
    page.locator("#save").click()
    assert page.locator("#no-consent").is_visible()
    assert "giám hộ" in page.locator("label:has(#consent)").inner_text()
    page.locator("#consent").check()
    page.locator("#save").click()
    page.wait_for_selector("#ticket[data-cls=E]:not([hidden])")
    assert page.locator("#ticket [data-shape=E]").is_visible()
    a_kit.settled(page)
    body = a_kit.as_seen(page, "registrar")["recent"][0]["body"]
    assert body["consent"] == "by_guardian" and body["priority"] == ["child"]

    # Something was wrong: it is corrected under the same number.
    page.locator("#mend").click()
    page.locator("#name").fill("Bé Thử Sửa")
    page.locator("#save").click()
    page.wait_for_selector("#ticket:not([hidden])")
    a_kit.settled(page)
    newest, before = a_kit.as_seen(page, "registrar")["recent"][:2]
    assert (newest["body"]["name"], newest["body"]["ticket"]) == ("Bé Thử Sửa", body["ticket"])
    assert before["state"] == "corrected"


def test_without_the_kit_the_device_gives_numbers_of_its_own(page: Page) -> None:
    letter = page.locator("#station").get_attribute("data-letter")
    page.context.set_offline(True)
    kept = a_kit.register(page, "Ngoài Mạng Một")
    own = a_kit.register(page, "Ngoài Mạng Hai")
    assert kept.isdigit() and own.startswith(str(letter))
    assert page.locator("#bar.lost").is_visible() and "chờ gửi 2" in page.locator("#net").inner_text()
    page.locator("#name").press_sequentially("ngoai mang")
    a_kit.until(page, "document.querySelectorAll('#names button').length === 3")
    assert "đã đón hôm nay" in page.locator("#names button").first.inner_text()
    page.context.set_offline(False)
    a_kit.settled(page)
    told = {row["name"]: row["ticket"] for row in a_kit.as_seen(page, "registrar")["recent"][:2]}
    assert told == {"Ngoài Mạng Một": kept, "Ngoài Mạng Hai": own}


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_it_can_be_used_by_everybody(browser: Browser, kit: Kit, lang: str) -> None:
    context, page = a_kit.at_station(
        browser, kit, "registrar", color_scheme="light" if lang == "vi" else "dark"
    )
    context.add_cookies([{"name": "django_language", "value": lang, "url": kit.address}])
    page.reload()
    page.wait_for_selector("#station[data-ready]")
    page.locator("#name").fill("Sùng Thử")
    page.wait_for_selector("#names button")
    page.locator("#needs summary").click()
    assert "khách hàng" not in page.content() and "thuê bao" not in page.content()
    page.set_viewport_size({"width": 360, "height": 1900})  # so that nothing lies under the bar at the foot
    wrong = looking.shape(page, lang) + looking.axe(page) + looking.too_wide(page)
    page.set_viewport_size({"width": 1440, "height": 1900})
    wrong += looking.axe(page, "color-contrast", "target-size") + looking.too_wide(page)
    small = page.evaluate(
        """() => [...document.querySelectorAll('main button, main a.btn, main input, label.check')]
            .filter((e) => e.checkVisibility() && !['checkbox', 'radio'].includes(e.type))
            .filter((e) => e.getBoundingClientRect().height < 48)
            .map((e) => e.outerHTML.slice(0, 120))"""
    )
    context.close()
    assert not wrong + small
