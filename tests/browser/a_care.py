"""What the tests of a camp's doctor, pharmacist and exit share: somebody examined, a view changed on its way."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from playwright.sync_api import Browser, Page, Route

from tests.browser import a_kit, looking
from tests.office.camps.kit.serving import Kit

TICKETS = count(7001)
EXAMINE = """async ([ticket, medicine, units, more]) => {
    const { station } = await import('/static/camp-station.js')
    const { uuid7 } = await import('/static/camp-sealed.js')
    const visit = uuid7()
    const name = `Vàng Thị Súa ${ticket}`
    const person = { born_year: 1955, sex: 'female', village: 'Huổi Lếch', witness: 'Lò Thị Ban' }
    await station.write('registered', { visit, ticket, name, consent: 'heard', ...person })
    await station.write('measured', { visit, systolic: 130, diastolic: 80, weight_tenths: 440, complaint: 'đau lưng' })
    const said = { visit, findings: [{ code: '', words: 'đau lưng' }], prescribed: [], ...more }
    if (medicine) said.prescribed.push({ medicine, units, a_day: 2, how: 'sáng 1 viên, tối 1 viên' })
    await station.write('examined', said)
    return visit
}"""


def examined(
    browser: Browser, kit: Kit, *, units: int = 6, medicine: str | None = None, **more: Any
) -> dict[str, Any]:
    """Somebody new who went through the first stations: prescribed so many units of the first medicine in stock (0:
    nothing). Gives the visit as the lead sees it, and ``medicine``."""
    context, page = a_kit.at_station(browser, kit, "lead")
    seen = a_kit.as_seen(page, "lead")
    there = next(one["code"] for one in seen["medicines"] if one["left"] > units + 20)
    number = page.evaluate(EXAMINE, [str(next(TICKETS)), (medicine or there) if units else None, units, more])
    a_kit.settled(page)
    visit = next(one for one in a_kit.as_seen(page, "lead")["queue"] if one["visit"] == number)
    context.close()
    return visit | {"medicine": medicine or there}


def changed(page: Page, station: str, change: Callable[[dict[str, Any]], object]) -> None:
    """From now on the station's view reaches the page with this change."""

    def pass_on(route: Route) -> None:
        answer = route.fetch()
        view = answer.json()
        if not view.get("same"):
            change(view)
        route.fulfill(response=answer, json=view)

    page.route(f"**/view/{station}/*", pass_on)
    page.reload()
    page.wait_for_selector("#station[data-ready]")


def open_first(page: Page, visit: dict[str, Any]) -> None:
    """Open this visit from the list that waits."""
    row = page.locator(f"#queue [data-id='{visit['visit']}'] button")
    row.wait_for()
    row.click()


def wrong_with(page: Page, lang: str = "vi") -> list[str]:
    """What axe, the width and the shape of the page find wrong."""
    return looking.shape(page, lang) + looking.axe(page) + looking.too_wide(page)


def why(page: Page, button: str = "save") -> str:
    """The sentence under a locked button; "" where it is open."""
    locked = page.locator(f"#{button}").get_attribute("aria-disabled") == "true"
    return page.locator(f"#{button}-why").inner_text() if locked else ""
