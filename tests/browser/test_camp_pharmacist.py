"""The pharmacist's station in Chromium on a small phone: lots proved one by one, first expired first out, offline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import a_care, a_kit
from tests.office.camps.kit.serving import Kit

pytestmark = pytest.mark.browser
OFFER = """async ([lots, units, unsent]) => {
    const { lotsOf, offer } = await import('/static/camp-care.js')
    return offer(lotsOf({ lots }, 'M', unsent, '2026-11-21'), units).map((one) => [one.lot.id, one.units])
}"""


@pytest.fixture
def page(browser: Browser, kit: Kit) -> Iterator[Page]:
    context, page = a_kit.at_station(browser, kit, "pharmacist")
    yield page
    page.unroute_all(behavior="ignoreErrors")
    context.close()


def held(page: Page, medicine: str) -> dict[str, int]:
    """What the kit says lies there of a medicine, by lot."""
    lots = a_kit.as_seen(page, "pharmacist")["lots"]
    return {one["id"]: one["held"] for one in lots if one["medicine"] == medicine}


def prove_all(page: Page) -> None:
    while page.locator("[data-prove]:visible").count():
        page.locator("[data-prove]:visible").first.click()
        page.locator("[data-tap]:visible").first.click()


def test_nothing_goes_out_before_its_lot_is_proved(browser: Browser, kit: Kit, page: Page) -> None:
    visit = a_care.examined(browser, kit, units=6)
    before = held(page, visit["medicine"])
    a_care.open_first(page, visit)
    assert page.locator("#save").inner_text() == "Còn 1 lô chưa quét" and "quét lô" in a_care.why(page)
    page.locator("#save").click(force=True)
    assert page.locator("#dispensing").is_visible(), "a locked button does nothing"
    assert page.locator(".many b").evaluate("e => parseFloat(getComputedStyle(e).fontSize)") == 28

    page.locator("[data-prove]").first.click()
    proof = page.locator(".proof input").first
    proof.fill("KHAC-1")
    page.keyboard.press("Enter")
    assert "không phải lô" in page.locator(".proof .wrong").inner_text()
    lots = a_kit.as_seen(page, "pharmacist")["lots"]
    lot = next(one for one in lots if one["offer_first"] and one["medicine"] == visit["medicine"])
    proof.fill(f"0108936 10{lot['number'].lower()}")
    page.keyboard.press("Enter")
    assert page.locator(".hand.proved .chip.la").inner_text() == "đã quét"
    assert "Hỏi lại tên" in a_care.why(page)
    page.locator("#asked").check()
    assert a_care.why(page) == "" and not a_care.wrong_with(page)
    page.locator("#save").click()
    page.wait_for_selector("#waiting:not([hidden])")
    a_kit.settled(page)
    body = a_kit.as_seen(page, "pharmacist")["recent"][0]["body"]
    assert body["given"] == [{"lot": lot["id"], "units": 6, "scanned": True}] and body["not_given"] == []
    assert held(page, visit["medicine"]) == before | {lot["id"]: before[lot["id"]] - 6}


def test_medicine_past_a_bound_waits_for_a_word_from_the_doctor(
    browser: Browser, kit: Kit, page: Page
) -> None:
    context, lead = a_kit.at_station(browser, kit, "lead")
    assert not lead.locator("#unexplained").is_visible()
    visit = a_care.examined(browser, kit, units=50, medicine="mau-a")  # its line says 30 in all
    row = f"#queue [data-id='{visit['visit']}']"
    page.locator(row).wait_for()
    assert "cần bác sĩ nói rõ" in page.locator(row).inner_text()
    assert page.locator("#queue .chip.son:visible").count() == 1, "nothing is said of the others"
    lead.locator("#unexplained li").wait_for()
    assert visit["name"] in lead.locator("#unexplained").inner_text() and not a_care.wrong_with(lead)
    context.close()

    a_care.open_first(page, visit)
    assert "nhiều nhất 30" in page.locator(".hand .warned").inner_text()
    prove_all(page)
    page.locator("#asked").check()
    assert "chờ bác sĩ ghi lý do" in a_care.why(page) and not a_care.wrong_with(page)
    page.locator("#save").click(force=True)
    assert page.locator("#dispensing").is_visible(), "a locked button does nothing"
    page.locator("[data-refuse]").click()
    page.locator("[data-why] textarea").fill("chờ bác sĩ")
    assert a_care.why(page) == "", "what is not handed out needs no word"

    context, doctor = a_kit.at_station(browser, kit, "doctor")
    asks = doctor.locator("#queue button").first
    asks.wait_for()
    assert "cần bác sĩ nói rõ" in asks.inner_text() and visit["name"] in asks.inner_text()
    asks.click()
    assert "ghi rõ vì sao vẫn kê" in a_care.why(doctor)
    doctor.locator("[data-reasons] textarea").fill("đau lâu, đã hẹn khám lại")
    doctor.locator("#save").click()
    doctor.wait_for_selector("#waiting:not([hidden])")
    a_kit.settled(doctor)
    context.close()
    page.locator("#dispensing [data-back]").click()
    a_kit.until(page, f"!document.querySelector(\"{row}\")?.innerText.includes('nói rõ')")
    a_care.open_first(page, visit)
    prove_all(page)
    page.locator("#asked").check()
    assert a_care.why(page) == ""


def test_what_is_not_handed_out_has_a_reason(browser: Browser, kit: Kit, page: Page) -> None:
    visit = a_care.examined(browser, kit)
    a_care.open_first(page, visit)
    page.locator("[data-refuse]").click()
    page.locator("#asked").check()
    assert "lý do" in a_care.why(page)
    page.locator("[data-why] textarea").fill("người bệnh còn ở nhà")
    assert a_care.why(page) == ""
    assert not page.locator("#label").is_visible(), "no label for what is not handed out"
    page.locator("#save").click()
    page.wait_for_selector("#waiting:not([hidden])")
    a_kit.settled(page)
    body = a_kit.as_seen(page, "pharmacist")["recent"][0]["body"]
    assert body["not_given"] == [{"medicine": visit["medicine"], "reason": "người bệnh còn ở nhà"}]
    assert body["given"] == []


def test_offline_the_stock_goes_down_here_and_comes_to_the_kit_once(
    browser: Browser, kit: Kit, page: Page
) -> None:
    visit = a_care.examined(browser, kit, units=7)
    page.locator(f"#queue [data-id='{visit['visit']}']").wait_for()
    before = held(page, visit["medicine"])
    page.context.set_offline(True)
    a_care.open_first(page, visit)
    prove_all(page)
    page.locator("#asked").check()
    page.locator("#save").click()
    page.wait_for_selector("#waiting:not([hidden])")
    assert page.locator(f"#queue [data-id='{visit['visit']}']").count() == 0
    left = page.evaluate(
        """async (code) => {
            const { station } = await import('/static/camp-station.js')
            const { lotsOf } = await import('/static/camp-care.js')
            const lots = lotsOf(station.view, code, station.unstored(), station.view.camp.on)
            return lots.reduce((sum, lot) => sum + lot.held, 0)
        }""",
        visit["medicine"],
    )
    page.context.set_offline(False)
    a_kit.settled(page)
    now = held(page, visit["medicine"])
    assert sum(before.values()) - sum(now.values()) == 7
    given = next(one for one in a_kit.as_seen(page, "pharmacist")["recent"] if one["kind"] == "dispensed")
    assert given["body"]["given"][0]["scanned"] is False and given["body"]["visit"] == visit["visit"]
    lots = a_kit.as_seen(page, "pharmacist")["lots"]
    good = {one["id"] for one in lots if one["expires_on"] >= "2026-11-21"}
    assert left == sum(units for lot, units in now.items() if lot in good)


def test_an_expired_lot_is_never_offered(page: Page) -> None:
    def lot(name: str, expires: str, units: int) -> dict[str, Any]:
        return {"id": name, "medicine": "M", "number": name, "expires_on": expires, "held": units}

    lots = [lot("late", "2027-05-01", 50), lot("old", "2026-11-20", 90), lot("today", "2026-11-21", 4)]
    assert page.evaluate(OFFER, [lots, 10, []]) == [["today", 4], ["late", 6]]
    unsent = [{"kind": "dispensed", "body": {"given": [{"lot": "today", "units": 3}]}}]
    unsent.append({"kind": "written_off", "body": {"lot": "late", "units": 45}})  # type: ignore[dict-item]
    assert page.evaluate(OFFER, [lots, 10, unsent]) == [["today", 1], ["late", 5]]


def test_two_lots_when_the_first_is_short_and_a_reason_for_the_rest(
    browser: Browser, kit: Kit, page: Page
) -> None:
    visit = a_care.examined(browser, kit, units=9)

    def change(view: dict[str, Any]) -> None:
        own = next(one for one in view["lots"] if one["medicine"] == visit["medicine"])
        old = own | {"id": "OLD", "number": "CU-01", "expires_on": "2026-11-20", "held": 500}
        soon = own | {"id": "SOON", "number": "GAN-02", "expires_on": "2026-11-30", "held": 3}
        last = own | {"number": "XA-03", "expires_on": "2027-11-30", "held": 4}
        others = [one for one in view["lots"] if one["medicine"] != visit["medicine"]]
        view["lots"] = [*others, last, old, soon]

    a_care.changed(page, "pharmacist", change)
    a_care.open_first(page, visit)
    rows = page.locator(".lots > li").all_inner_texts()
    assert "GAN-02" in rows[0] and "lấy 3" in rows[0] and "XA-03" in rows[1] and "lấy 4" in rows[1]
    assert len(rows) == 2 and "CU-01" not in page.locator("#hands").inner_text()
    assert "chỉ còn 7 trên 9" in page.locator("#hands").inner_text()
    page.locator("[data-prove]").first.click()
    page.locator(".proof input").first.fill("CU-01")
    page.keyboard.press("Enter")
    assert "đã hết hạn" in page.locator(".proof .wrong").first.inner_text()
    page.locator(".proof [data-missing]").first.click()
    assert "XA-03" in page.locator(".lots > li").first.inner_text()
    assert page.locator(".lots > li").count() == 1


def test_what_broke_is_written_off_and_no_more_than_lies_there(page: Page) -> None:
    page.locator("#off summary").click()
    lot = page.locator("#off-lot option").nth(1).get_attribute("value") or ""
    there = next(one["held"] for one in a_kit.as_seen(page, "pharmacist")["lots"] if one["id"] == lot)
    page.locator("#off-lot").select_option(lot)
    page.locator("#off-why").fill("rơi vỡ")
    page.locator("#off-units").fill(str(there + 1))
    assert page.locator("#off-save").get_attribute("aria-disabled") == "true"
    page.locator("#off-units").fill("2")
    page.locator("#off-save").click()
    a_kit.settled(page)
    assert (
        next(one["held"] for one in a_kit.as_seen(page, "pharmacist")["lots"] if one["id"] == lot)
        == there - 2
    )


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_station_and_its_label(browser: Browser, kit: Kit, page: Page, lang: str) -> None:
    visit = a_care.examined(browser, kit, advice="Uống nhiều nước")
    page.context.add_cookies([{"name": "django_language", "value": lang, "url": page.url}])
    page.reload()
    page.locator("#queue button").first.wait_for()
    wrong = a_care.wrong_with(page, lang)
    a_care.open_first(page, visit)
    wrong += a_care.wrong_with(page, lang)
    shown = page.locator("#label").inner_text()
    page.emulate_media(media="print")
    assert page.locator("main").inner_text().split() == shown.split(), "what is seen is what prints"
    points = "e => parseFloat(getComputedStyle(e).fontSize) * 72 / 96"
    small = [one.evaluate(points) for one in page.locator("#label :is(p, li, span, b)").all()]
    assert min(small) >= 13.99 and "Uống nhiều nước" in shown and visit["name"] in shown
    assert not wrong
