"""What is written at a station and the kit is away: kept sealed on the phone, sent once, never lost, never doubled."""

from __future__ import annotations

import os
import shutil
import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import a_kit
from tests.browser.a_served_office import QUIET
from tests.office.camps.kit import serving
from tests.office.camps.kit.serving import Kit

pytestmark = pytest.mark.browser
WRITE = """async ([name, count]) => {
    const { station } = await import('/static/camp-station.js')
    const { uuid7 } = await import('/static/camp-sealed.js')
    const done = []
    for (let i = 0; i < count; i += 1) {
        const said = `${name} ${i}`
        await station.write('registered', { visit: uuid7(), ticket: String(9000 + i), name: said, consent: 'heard' })
        done.push(said)
    }
    return done
}"""
"""Writes so many people; what comes back was acknowledged: it lies safe, sent or not."""


def names_of(page: Page, begin: str) -> list[str]:
    """Those that the kit has of them, as often as it has them."""
    found = page.evaluate("async () => (await fetch('/people/?all=yes')).json()")
    return sorted(one["name"] for one in found if one["visit"] and one["name"].startswith(begin))


def press_away(page: Page) -> None:
    """“Thử mất mạng”."""
    page.locator("#try").click()


def test_a_stopped_kit_takes_nothing_away(browser: Browser, tmp_path: Path) -> None:
    with a_kit.open_kit(tmp_path, 2) as kit:
        port = kit.address.rpartition(":")[2]
        context, page = a_kit.at_station(browser, kit, "registrar")
        page.evaluate("async () => { await navigator.serviceWorker.ready }")
        a_kit.until(page, "async () => Boolean(await caches.match('/static/camp-registrar.js'))")
        serving.stop(kit)
        a_kit.register(page, "Dừng Máy 0")
        page.reload()  # the laptop is off: the page comes from the phone itself
        page.wait_for_selector("#station[data-ready]")
        a_kit.register(page, "Dừng Máy 1")
        assert page.locator("[data-banner=lost]").is_visible() and page.locator("#bar.lost").is_visible()
        serving.start(kit, "--no-tls", "--port", port)
        page.wait_for_selector("[data-banner=back]:not([hidden])", timeout=20_000)
        a_kit.settled(page)
        assert names_of(page, "Dừng Máy") == ["Dừng Máy 0", "Dừng Máy 1"]
        assert not page.locator("#bar.lost").count()
        context.close()


def test_a_killed_browser_loses_and_doubles_nothing(browser: Browser, kit: Kit, tmp_path: Path) -> None:
    player = browser.browser_type
    profile = tmp_path / "profile"
    acknowledged = []
    for turn, offline in enumerate((False, True)):
        context = _own_browser(player, profile)
        page = context.pages[0]
        a_kit.sign_in(page, kit, "registrar")  # the window's key went with it: the same person signs in again
        context.set_offline(offline)
        acknowledged += page.evaluate(WRITE, [f"Mất Điện {turn}", 12])
        _kill(profile)
    context = _own_browser(player, profile)
    page = context.pages[0]
    a_kit.sign_in(page, kit, "registrar")
    a_kit.settled(page)
    assert names_of(page, "Mất Điện") == sorted(acknowledged)
    assert page.evaluate("async () => (await import('/static/camp-station.js')).station.pending") == 0
    context.close()


def test_nothing_readable_is_left_after_signing_out(browser: Browser, kit: Kit) -> None:
    context, page = a_kit.at_station(browser, kit, "registrar")
    page.evaluate("async () => { await navigator.serviceWorker.ready }")
    key = page.evaluate("async () => (await (await fetch('/outbox-key/')).json()).key")
    context.set_offline(True)
    a_kit.register(page, "Tên Rất Kín")
    on_disk = [
        one for one in a_kit.written_on(page) if key not in one
    ]  # the key stands in the window's own storage
    assert "Tên Rất Kín" not in "".join(a_kit.written_on(page)) and len(on_disk) >= 2

    page.locator("#sign-out button").click()
    page.wait_for_selector("[data-banner=leaving]:not([hidden])")
    page.locator("#sign-out button").click()
    page.wait_for_url(kit.address + "/")
    context.set_offline(False)
    page.goto(kit.address + "/")
    page.wait_for_selector("[name=member]")
    a_kit.until(
        page, "document.getElementById('left-here').hidden"
    )  # sent, locked as it was, without a sign-in
    left = "".join(a_kit.written_on(page))
    for word in ("Tên Rất Kín", key, "camp-key", "Bàn đón ·", "/station/"):
        assert word not in left
    a_kit.sign_in(page, kit, "registrar", enter=False)
    assert names_of(page, "Tên Rất Kín") == ["Tên Rất Kín"]
    context.close()


@pytest.mark.parametrize("first", ["/", "/station/triage/"])
def test_signing_out_without_network_ends_the_session_when_it_is_back(
    browser: Browser, kit: Kit, first: str
) -> None:
    context, page = a_kit.at_station(browser, kit, "triage")
    context.set_offline(True)
    page.locator("#sign-out button").click()
    page.wait_for_timeout(300)
    context.set_offline(False)
    page.goto(kit.address + first)
    page.wait_for_url(kit.address + "/")
    a_kit.until(page, "localStorage.getItem('camp-out') === null")
    page.goto(kit.address + "/station/triage/")
    assert "next=" in page.url
    context.close()


def test_the_network_can_be_cut_for_practice(browser: Browser, kit: Kit) -> None:
    context, page = a_kit.at_station(browser, kit, "registrar")
    page.wait_for_selector("#try:not([hidden])")
    press_away(page)
    page.wait_for_selector("#bar.lost")
    page.evaluate(WRITE, ["Thử Mất Mạng", 2])
    a_kit.until(page, "document.getElementById('net').innerText.includes('chờ gửi 2')")
    assert names_of(page, "Thử Mất Mạng") == []
    press_away(page)
    a_kit.settled(page)
    assert len(names_of(page, "Thử Mất Mạng")) == 2
    assert not page.locator("#bar.lost").count()
    context.close()


def test_what_the_kit_refuses_stands_until_somebody_read_why(browser: Browser, kit: Kit) -> None:
    context, page = a_kit.at_station(browser, kit, "triage")
    page.evaluate(
        """async () => {
            const { station } = await import('/static/camp-station.js')
            const visit = (await (await fetch('/view/triage/')).json()).queue[0].visit
            await station.write('called', { visit, desk: 'no-such-desk' })
        }"""
    )
    refused = page.locator("#refused li")
    refused.wait_for()
    assert "Mời số" in refused.inner_text() and "không có trong trại" in refused.inner_text()
    assert "không có trong trại" not in "".join(a_kit.written_on(page)), "why is sealed too"
    page.reload()
    refused.wait_for()
    refused.locator("button").click()
    page.wait_for_selector("#refused", state="hidden")
    a_kit.settled(page)
    context.close()


def test_a_device_that_keeps_nothing_more_says_so(browser: Browser, kit: Kit) -> None:
    context, page = a_kit.at_station(browser, kit, "registrar")
    page.evaluate(
        "() => { IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError') } }"
    )
    page.locator("#name").fill("Máy Đầy")
    page.locator("#consent").check()
    page.locator("#save").click()
    page.wait_for_selector("[data-banner=unwritten]:not([hidden])")
    assert page.locator("#name").input_value() == "Máy Đầy" and page.locator("#ticket").is_hidden()
    context.close()


def test_a_clock_that_is_wrong_is_said(browser: Browser, kit: Kit) -> None:
    context = browser.new_context(viewport=a_kit.PHONE)
    page = context.new_page()
    page.clock.set_system_time(datetime.now(UTC) + timedelta(minutes=7))
    a_kit.sign_in(page, kit, "triage")
    page.wait_for_selector("[data-banner=skew]:not([hidden])")
    assert "7 phút" in page.locator("[data-banner=skew]").inner_text()
    context.close()


def _own_browser(player: object, profile: Path) -> BrowserContext:
    path = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
    made: BrowserContext = player.launch_persistent_context(  # type: ignore[attr-defined]
        str(profile), executable_path=path, args=list(QUIET), viewport=a_kit.PHONE
    )
    made.set_default_timeout(10_000)
    return made


def _kill(profile: Path) -> None:
    """Kill -9 the browser of this profile, by its own number, and wait until it is gone."""
    mine = f"--user-data-dir={profile}"
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if mine in words and not any(word.startswith("--type=") for word in words):
            os.kill(int(entry.name), signal.SIGKILL)
            for _ in range(100):
                if not entry.exists() or "Z" in (entry / "stat").read_text().split()[2]:
                    break
                time.sleep(0.05)
    for lock in profile.glob("Singleton*"):
        lock.unlink()
