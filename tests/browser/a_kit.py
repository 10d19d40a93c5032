"""A camp's kit served by a process of its own, and people who signed in at its stations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time
from pathlib import Path
from time import monotonic
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tantam.office.camps import made_up
from tests.office.camps.kit import serving

PHONE = {"width": 360, "height": 780}
NINE = time(9)  # a long line at triage, and a longer one at the doctors'


@contextmanager
def open_kit(folder: Path, seed: int = 1, *options: str) -> Iterator[serving.Kit]:
    """A made-up morning's kit for as long as the block."""
    with serving.served(folder, made_up.play(seed, 1, until=NINE), *options) as kit:
        yield kit


def device_of(kit: serving.Kit, station: str) -> str:
    """The first device of a station."""
    devices = [fact.body.id for fact in kit.day.plan if fact.kind == "device"]  # type: ignore[attr-defined]
    return next(one for one in devices if station in one)


def sign_in(page: Page, kit: serving.Kit, station: str, *, enter: bool = True) -> None:
    """Let the page's browser in as a device of that station, sign its member in, and open the station."""
    if enter:
        page.goto(kit.address + kit.enter(device_of(kit, station)))
    page.locator("[name=member]").first.wait_for()
    page.locator(f"[name=member][value*={station}]").first.check()
    page.locator("#pin").fill(serving.PIN)
    page.get_by_role("button", name="Vào việc").click()
    page.wait_for_url("**/stations/")
    page.goto(f"{kit.address}/station/{station}/")
    page.wait_for_selector("#station[data-ready]")


def at_station(browser: Browser, kit: serving.Kit, station: str, **other: Any) -> tuple[BrowserContext, Page]:
    """A phone of its own at a station."""
    context = browser.new_context(**{"viewport": PHONE, **other})
    page = context.new_page()
    page.set_default_timeout(10_000)
    sign_in(page, kit, station)
    return context, page


def as_seen(page: Page, station: str) -> dict[str, Any]:
    """What the kit says to that station now."""
    said: dict[str, Any] = page.evaluate(f"async () => (await fetch('/view/{station}/')).json()")
    return said


def until(page: Page, true: str, patience_s: float = 10) -> None:
    """Wait until this expression is true (Playwright's own waiting needs ``eval``, which our pages forbid)."""
    end = monotonic() + patience_s
    while not page.evaluate(true):
        assert monotonic() < end, f"never true: {true}"
        page.wait_for_timeout(50)


def settled(page: Page) -> None:
    """Wait until nothing is left to send."""
    until(
        page,
        """async () => {
            const { station } = await import('/static/camp-station.js')
            await station.sendNow()
            return station.pending === 0 && station.up
        }""",
    )


def register(page: Page, name: str, year: int = 1980) -> str:
    """Register somebody who is new; the ticket that was shown."""
    page.locator("#name").fill(name)
    page.locator("#year").fill(str(year))
    page.locator("#consent").check()
    page.locator("#save").click()
    page.wait_for_selector("#ticket:not([hidden])")
    ticket = page.locator("#its-number").inner_text()
    page.locator("#another").click()
    return ticket


def written_on(page: Page) -> list[str]:
    """Everything that this browser keeps for the kit, as text: IndexedDB, both storages, caches but static files."""
    kept: list[str] = page.evaluate(
        """async () => {
            const out = [JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage})]
            for (const { name, version } of await indexedDB.databases()) {
                const db = await new Promise((done) => {
                    indexedDB.open(name, version).onsuccess = (e) => done(e.target.result)
                })
                for (const store of db.objectStoreNames) {
                    const rows = db.transaction(store).objectStore(store).getAll()
                    await new Promise((done) => (rows.onsuccess = done))
                    out.push(JSON.stringify(rows.result))
                }
                db.close()
            }
            for (const name of await caches.keys()) {
                const cache = await caches.open(name)
                for (const asked of await cache.keys()) {
                    if (new URL(asked.url).pathname.startsWith('/static/')) continue
                    out.push(asked.url + await (await cache.match(asked)).text())
                }
            }
            return out
        }"""
    )
    return kept
