"""A phone of 360 px, at the hour of the office."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Page, sync_playwright

from tantam.clock import HANOI
from tests.ways.an_office import SHIFT


@pytest.fixture
def phone() -> Iterator[Page]:
    chromium = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
    if chromium is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(viewport={"width": 360, "height": 760}, locale="vi").new_page()
        page.set_default_timeout(15_000)
        page.clock.install(time=datetime.now(HANOI) + SHIFT)  # the phone's clock is the office's
        yield page
        browser.close()
