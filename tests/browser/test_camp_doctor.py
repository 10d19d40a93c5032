"""The doctor's station in Chromium on a small phone: findings, medicine within the camp's list, a warning passed only
with a reason, a referral; and nothing that is advice of our own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import a_care, a_kit
from tests.office.camps.kit.serving import Kit

pytestmark = pytest.mark.browser
SEARCH = """async ([rows, text]) => {
    const { prepare, search } = await import('/static/camp-findings.js')
    return search(prepare(rows), text).map((one) => one.code)
}"""


@pytest.fixture
def page(browser: Browser, kit: Kit) -> Iterator[Page]:
    context, page = a_kit.at_station(browser, kit, "doctor")
    page.locator("#queue button").first.wait_for()
    yield page
    page.unroute_all(behavior="ignoreErrors")
    context.close()


def open_one(page: Page, *, warned: bool = False) -> dict[str, Any]:
    """Open the first who waits; ``warned``: of whom the camp's list warns with some medicine."""
    queue = [one for one in a_kit.as_seen(page, "doctor")["queue"] if one["waits_for"] == "doctor"]
    visit: dict[str, Any] = next(
        one for one in queue if not warned or any(limit["warnings"] for limit in one["limits"].values())
    )
    a_care.open_first(page, visit)
    return visit


def add(page: Page, medicine: str, units: int, a_day: int | None = None) -> None:
    page.locator("#picker summary").click()
    page.locator("#pick").fill(medicine)
    page.locator("#medicines li:not(.gone) button").first.click()
    line = page.locator("#lines > li").last
    line.locator("[data-in=units]").fill(str(units))
    line.locator("[data-in=a_day]").fill(str(a_day or ""))


def test_an_examination_is_written_and_can_be_corrected(page: Page) -> None:
    visit = open_one(page)
    assert visit["name"] in page.locator("#examining").inner_text()
    assert "Chưa có kết luận" in a_care.why(page)
    page.locator("#finding").fill("mỏi vai <b>")
    page.keyboard.press("Enter")
    assert a_care.why(page) == ""
    page.locator("#refer").click()
    assert "tới đâu" in a_care.why(page)
    page.locator("#to").fill("Bệnh viện huyện")
    page.locator("#why-go").fill("cần chụp phổi")
    page.locator("#days").fill("7")
    page.locator("#advice").fill("Uống nhiều nước")
    page.locator("#save").click()
    page.wait_for_selector("#waiting:not([hidden])")
    assert visit["ticket"] in page.locator("#done").inner_text()
    a_kit.settled(page)
    wrote, called = a_kit.as_seen(page, "doctor")["recent"][:2]
    assert (wrote["kind"], called["kind"], called["body"]["visit"]) == ("examined", "called", visit["visit"])
    assert wrote["body"]["findings"] == [{"code": "", "words": "mỏi vai <b>"}]
    assert wrote["body"]["referral"] == {"to": "Bệnh viện huyện", "why": "cần chụp phổi", "within_days": 7}
    assert wrote["body"]["advice"] == "Uống nhiều nước"


def test_a_prescription_that_nobody_handed_out_is_corrected(browser: Browser, kit: Kit, page: Page) -> None:
    visit = a_care.examined(browser, kit)
    row = page.locator(f"#seen [data-id='{visit['visit']}'] button")
    row.wait_for(state="attached")
    page.locator("#seen-before summary").click()
    row.click()
    assert "Đang sửa lần khám trước" in page.locator("#correcting").inner_text()
    page.locator("[data-in=units]").first.fill("4")
    for reason in page.locator("[data-reasons] textarea").all():
        reason.fill("đã hỏi kỹ người bệnh")
    page.locator("#save").click()
    page.wait_for_selector("#waiting:not([hidden])")
    a_kit.settled(page)
    wrote = a_kit.as_seen(page, "doctor")["recent"][0]
    assert wrote["body"]["prescribed"][0]["units"] == 4
    again = next(one for one in a_kit.as_seen(page, "doctor")["queue"] if one["visit"] == visit["visit"])
    assert [one["fact"] for one in again["examined"]] == [wrote["fact"]], "the new one holds alone"


def test_a_warning_is_passed_only_with_a_reason(page: Page) -> None:
    visit = open_one(page, warned=True)
    code, limit = next((code, one) for code, one in visit["limits"].items() if one["warnings"])
    name = next(one["name"] for one in a_kit.as_seen(page, "doctor")["medicines"] if one["code"] == code)
    page.locator("#finding").fill("ho")
    page.keyboard.press("Enter")
    add(page, name, 2, 1)
    warned = page.locator("#lines .has-warning")
    assert limit["warnings"][0]["vi"] in warned.inner_text()
    assert "ghi rõ vì sao vẫn kê" in a_care.why(page)
    page.locator("#save").click(force=True)
    assert page.locator("#examining").is_visible(), "a locked button does nothing"
    for reason in warned.locator("textarea").all():
        reason.fill("đã hỏi lại, không dị ứng")
    assert a_care.why(page) == ""
    assert not a_care.wrong_with(page)
    page.locator("#save").click()
    page.wait_for_selector("#waiting:not([hidden])")
    a_kit.settled(page)
    overruled = a_kit.as_seen(page, "doctor")["recent"][0]["body"]["prescribed"][0]["overruled"]
    assert {one["warning"] for one in overruled} >= {one["code"] for one in limit["warnings"]}
    assert all(one["reason"] == "đã hỏi lại, không dị ứng" for one in overruled)


def test_bounds_come_from_the_list_and_a_missing_one_is_said(page: Page) -> None:
    def change(view: dict[str, Any]) -> None:
        for one in view["queue"]:
            first, second = (medicine["code"] for medicine in view["medicines"][:2])
            one["limits"] = {first: {"most_a_day": 4, "most_in_all": 20, "bound_given": True, "warnings": []}}
            assert second not in one["limits"]

    a_care.changed(page, "doctor", change)
    medicines = [one["name"] for one in a_kit.as_seen(page, "doctor")["medicines"]]
    page.locator("#queue button").first.click()
    page.locator("#finding").fill("mệt")
    page.keyboard.press("Enter")
    add(page, medicines[0], 21, 4)
    line = page.locator("#lines > li").first
    assert "tối đa 4" in line.inner_text() and "đang kê 21" in line.inner_text()
    line.locator("[data-in=units]").fill("20")
    assert "đang kê" not in line.inner_text() and a_care.why(page) == ""
    line.locator("[data-in=a_day]").fill("")
    assert "cần ghi mỗi ngày dùng mấy" in line.inner_text() and a_care.why(page)
    line.locator("[data-out]").click()
    add(page, medicines[1], 500, 99)
    assert "không có mức" in page.locator("#lines").inner_text()


def test_of_a_long_queue_the_first_are_shown_and_the_others_counted(page: Page) -> None:
    def change(view: dict[str, Any]) -> None:
        first = next(one for one in view["queue"] if one["waits_for"] == "doctor")
        view["queue"] = [first | {"visit": f"{n}", "ticket": f"{n}"} for n in range(1, 98)]

    a_care.changed(page, "doctor", change)
    more = page.locator("#waiting [data-more]")
    more.wait_for()
    assert page.locator("#queue > li").count() == 40
    assert more.inner_text() == "và 57 người nữa: hiện tất cả" and not a_care.wrong_with(page)
    more.click()
    assert page.locator("#queue > li").count() == 97 and not more.is_visible()
    assert page.evaluate("document.activeElement.closest('li').dataset.id") == "41"


def test_what_is_used_up_is_struck_out_and_pressure_is_a_number(page: Page) -> None:
    def change(view: dict[str, Any]) -> None:
        view["medicines"][0]["left"] = 0
        view["queue"][0]["vitals"] = {**view["queue"][0]["vitals"], "systolic": 192, "diastolic": 118}

    a_care.changed(page, "doctor", change)
    page.locator("#queue button").first.click()
    page.locator("#picker summary").click()
    gone = page.locator("#medicines li.gone").first
    assert "đã hết" in gone.inner_text()
    gone.locator("button").click(force=True)
    assert page.locator("#lines > li").count() == 0
    words = page.locator("#vitals").inner_text()
    assert "192/118" in words and not any(
        word in words.lower() for word in ("áp cao", "tăng", "thấp", "bình thường")
    )


def test_findings_are_found_without_accents_exact_ones_first(page: Page) -> None:
    rows = [
        ["A1", "Mây che"],
        ["A2", "May mắn"],
        ["B1", "Tăng huyết áp"],
        ["B2", "Tăng huyết áp"],
        ["C1", "Đau"],
    ]
    assert page.evaluate(SEARCH, [rows, "tang huyet"]) == ["B1", "B2"], "same names repeat, with their codes"
    assert page.evaluate(SEARCH, [rows, "mây"])[0] == "A1"
    assert page.evaluate(SEARCH, [rows, "may"])[0] == "A2"
    assert page.evaluate(SEARCH, [rows, "b2"]) == ["B2"]
    assert page.evaluate(SEARCH, [rows, "dau"]) == ["C1"]
    assert page.evaluate(SEARCH, [rows, "  "]) == []


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_form_in_both_languages(page: Page, lang: str) -> None:
    page.context.add_cookies([{"name": "django_language", "value": lang, "url": page.url}])
    page.reload()
    page.locator("#queue button").first.wait_for()
    wrong = a_care.wrong_with(page, lang)
    page.locator("#queue button").first.click()
    page.locator("#finding").fill("a")
    page.locator("#picker summary").click()
    assert not wrong + a_care.wrong_with(page, lang)
