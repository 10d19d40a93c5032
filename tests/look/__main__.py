"""``python -m tests.look OUT``: a picture of every page at 1440 and 360 px, of the office that the browser's tests use.

Look at them. ``python -m tests.look OUT events dark`` takes only addresses with “events” in them, and in the dark.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.a_served_office import QUIET, Office, served
from tests.browser.addresses import STOPS, Stop

SIZES = ((1440, 900), (360, 760))


def picture(office: Office, browser: Browser, stop: Stop, out: Path, scheme: str) -> None:
    """One page at both widths, whole."""
    for width, height in SIZES:
        dark = {"color_scheme": "dark" if scheme == "dark" else "light"}
        context = office.context(browser, stop.who, viewport={"width": width, "height": height}, **dark)
        page = context.new_page()
        page.goto(office.url(stop.address))
        page.screenshot(
            path=out / f"{stop.name}-{width}{'-dark' if scheme == 'dark' else ''}.png", full_page=True
        )
        context.close()


def paper(office: Office, browser: Browser, out: Path) -> None:
    """What the printer gives."""
    for who, address, name in (
        ("hoa", "/", "front"),
        ("lam", "/events/{event_sealed}/sealed/", "sealed"),
        ("thao", "/camps/{camp_ready}/poster/", "poster"),
    ):
        context = office.context(browser, who)
        page = context.new_page()
        page.goto(office.url(address))
        page.pdf(path=out / f"{name}.pdf", prefer_css_page_size=True, print_background=True)
        context.close()


def main(out: Path, some: str, scheme: str) -> None:
    """Serve the office, walk it, and say where the pictures are."""
    path = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
    if not path:
        raise SystemExit("No Chromium: apt-get install chromium, or set CHROMIUM_PATH.")
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as player, served(Path(home)) as office:
        browser = player.chromium.launch(executable_path=path, args=list(QUIET))
        for stop in STOPS:
            if some in stop.address:
                picture(office, browser, stop, out, scheme)
        paper(office, browser, out)
        browser.close()
    print(f"{len(list(out.glob('*.png')))} pictures in {out}")


if __name__ == "__main__":
    asked = [*sys.argv[1:], "", "", ""]
    main(Path(asked[0] or "look"), asked[1], asked[2])
