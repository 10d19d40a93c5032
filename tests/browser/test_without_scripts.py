"""With scripting off: sign in, plan a café and draw its guests, promise and keep, write down an opinion and a line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.a_served_office import Office

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(office: Office, browser: Browser) -> Iterator[Page]:
    """A telephone without scripting; anh Lâm signs in with his password."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 760})
    made = context.new_page()
    made.set_default_timeout(15_000)
    office.give_password(made, "lam")
    yield made
    context.close()


def choose_first(page: Page, name: str) -> None:
    """The first choice of a group of buttons, pressed where a finger would."""
    page.locator(f"label:has([name={name}])").first.click()


def send(page: Page, field: str) -> None:
    """Send the form that this field stands in."""
    page.locator(f"form:has([name={field}]) button.main").first.click()


def test_signing_in(office: Office, page: Page) -> None:
    assert page.url == office.url("/")
    expect(page.locator("h1")).to_have_count(1)


def test_a_cafe_is_planned_and_its_guests_drawn(office: Office, page: Page) -> None:
    page.goto(office.url("/events/plan/"))
    page.locator("[name=on]").fill(f"{date.today() + timedelta(days=40)}")
    page.locator("[name=place]").fill("Quán Không Kịch Bản")
    send(page, "place")
    assert page.url.endswith("/guests/"), page.locator("main").inner_text()
    assert page.get_by_text("TB-").count() >= 6
    page.goto(office.url("/events/"))
    expect(page.get_by_text("Quán Không Kịch Bản")).to_be_visible()


def test_a_promise_is_made_and_kept(office: Office, page: Page) -> None:
    page.goto(office.url("/promises/new/"))
    page.locator("[name=what]").fill("Gửi hướng dẫn đổi gói cho khách ở Vĩnh Hải")
    page.locator("[name=kind]").select_option("reply")
    page.locator("[name=due]").fill(f"{date.today() + timedelta(days=5)}")
    send(page, "what")
    expect(page.locator("h1")).to_have_text("Gửi hướng dẫn đổi gói cho khách ở Vĩnh Hải")
    expect(page.locator(".banner.la").first).to_be_visible()
    page.locator("[name=proof]").fill("Đã gửi thư, người nhận ký sổ ngày hôm nay")
    send(page, "proof")
    expect(page.locator(".banner.la").first).to_contain_text("Đã giữ lời")
    expect(page.locator("[name=proof]")).to_have_count(0)


def test_what_is_refused_keeps_what_was_typed(office: Office, page: Page) -> None:
    page.goto(office.url("/promises/{promise_due}/"))
    page.locator("summary", has_text="Dời hạn").click()
    page.locator("[name=due]").fill("2020-01-01")
    page.locator("form:has([name=due]) [name=reason]").fill("Mưa bão, đường bị cắt")
    page.locator("form:has([name=due]) button").click()
    expect(page.locator(".banner.son")).to_be_visible()
    expect(page.locator("form:has([name=due]) [name=reason]")).to_have_value("Mưa bão, đường bị cắt")


def test_an_opinion_is_written_down(office: Office, page: Page) -> None:
    page.goto(office.url("/opinions/new/"))
    page.locator("[name=text]").fill("Nên mở quầy tới tám giờ tối. Gọi tôi số 0912345678.")
    choose_first(page, "tone")
    choose_first(page, "channel")
    send(page, "text")
    page.goto(office.url("/opinions/"))
    expect(page.get_by_text("Nên mở quầy tới tám giờ tối").first).to_be_visible()
    assert "0912345678" not in page.content()


def test_a_line_is_written_in_the_notebook(office: Office, page: Page) -> None:
    page.goto(office.url("/events/{event_ready}/notebook/"))
    page.locator("[name=text]").fill("Tôi dùng mười một năm, chưa ai hỏi tôi câu nào.")
    page.locator("label:has([name=tone][value=praise])").click()
    send(page, "text")
    expect(page.locator("#lines .said")).to_contain_text(["Tôi dùng mười một năm"])
    page.goto(office.url("/events/{event_ready}/"))
    expect(page.get_by_text("Mở sổ ghi").first).to_be_visible()


def test_the_other_language_and_the_menu(office: Office, page: Page) -> None:
    page.goto(office.url("/promises/"))
    page.locator("details.all > summary").click()
    page.locator("details.all a[href='/events/']").click()
    assert page.url == office.url("/events/")
    page.locator("details.all > summary").click()
    page.locator("details.all form[action='/i18n/setlang/'] button[value=en]").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
