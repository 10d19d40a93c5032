"""One office and one Chromium for all the tests here; both go when the last of them is done."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.a_kit import open_kit
from tests.browser.a_served_office import QUIET, Office, served
from tests.office.camps.kit.serving import Kit


# Of the package and not of the session: Playwright's loop must have ended before other tests use a database.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    path = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
    if not path:
        pytest.skip("NO CHROMIUM: no page was looked at. apt-get install chromium, or set CHROMIUM_PATH.")
    with sync_playwright() as player:
        made = player.chromium.launch(executable_path=path, args=list(QUIET))
        yield made
        made.close()


@pytest.fixture(scope="package")
def office(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The office of tests/browser/a_world.py, served."""
    home: Path = tmp_path_factory.mktemp("served") / "home"
    home.mkdir()
    with served(home) as made:
        yield made


@pytest.fixture(scope="package")
def kit(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kit]:
    """A camp's kit in the middle of its morning, served; what a test writes in it stays for the next."""
    with open_kit(tmp_path_factory.mktemp("kit")) as made:
        yield made
