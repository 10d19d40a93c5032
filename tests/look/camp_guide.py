"""``python -m tests.look.camp_guide docs/start``: makes the pictures of “your first camp” anew, of a made-up
morning on phones of 360 px. Look at them.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import a_care, a_kit
from tests.browser.a_served_office import QUIET
from tests.office.camps.kit.serving import Kit

PHONE = {"width": 360, "height": 760}


def pictures(browser: Browser, kit: Kit, out: Path) -> None:
    """``camp-registrar.png`` and the others, and ``camp-board.png``, into ``out``."""
    given = a_care.examined(browser, kit, units=6, advice="Uống nhiều nước")

    def at_work(station: str, deed: Callable[[Page], object], after: Callable[[Page], object]) -> None:
        context, page = a_kit.at_station(browser, kit, station, viewport=PHONE)
        page.locator("[data-count]").first.wait_for()
        deed(page)
        page.screenshot(path=out / f"camp-{station}.png")
        after(page)
        a_kit.settled(page)
        context.close()

    at_work("registrar", _fill_in, lambda page: None)
    at_work("doctor", _wait, lambda page: page.locator("#queue button").first.click())
    at_work("pharmacist", lambda page: a_care.open_first(page, given), lambda page: None)
    page = browser.new_page(viewport=PHONE)
    page.goto(kit.board)
    page.locator("td.called .turn").first.wait_for()
    page.screenshot(path=out / "camp-board.png")
    page.close()


def _fill_in(page: Page) -> None:
    page.locator("#name").fill("Giàng Thị Mỷ")
    page.locator("#year").fill("1948")
    page.locator("#village").fill("Lũng Sương")
    page.locator("[name=sex][value=female]").check(force=True)
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")


def _wait(page: Page) -> None:
    page.locator("#queue button").nth(3).wait_for()


def main(out: Path) -> None:
    """Serve a kit and photograph it."""
    path = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
    if not path:
        raise SystemExit("No Chromium: apt-get install chromium, or set CHROMIUM_PATH.")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as player:
        browser = player.chromium.launch(executable_path=path, args=list(QUIET))
        with a_kit.open_kit(Path(folder)) as kit:
            pictures(browser, kit, out)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
