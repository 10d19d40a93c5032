"""What goes wrong at a camp, done to real processes: a laptop and a phone that die, a Wi-Fi that is cut, a wrong clock,
a stick that is pulled, two kits with one person. Whatever a phone had said was kept is there once, at the end.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.ways.a_camp import PIN, Headquarters, Kit
from tests.ways.faults import Phone, needed, pulled, wifi

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PEOPLE, SEEDS = 12, range(5)
WRITE = """async ([kind, body]) => {
  const { station } = await import("/static/camp-station.js");
  return station.write(kind, body);
}"""
LEFT = """async () => {
  const { station } = await import("/static/camp-station.js");
  await station.sendNow();
  return station.pending;
}"""
TWIN = "Vàng Thị Súa"


class Registrar:
    """Somebody at a desk who writes and keeps in mind what the phone said it had kept."""

    def __init__(self, phone: Phone, kit: Kit, device: str, *, minutes_off: int = 0) -> None:
        self.phone, self.kit, self.device = phone, kit, device
        self.minutes_off = minutes_off
        self.kept: list[str] = []
        self.page: Page

    def sit_down(self) -> None:
        """Start the phone, sign in, open the station; the phone's clock is off where it is said."""
        context = self.phone.start()
        if self.minutes_off:
            context.add_init_script(
                f"const now = Date.now; Date.now = () => now() + {self.minutes_off * 60_000};"
            )
        self.page = context.new_page()
        self.page.goto(self.kit.entry(self.device))
        self.sign_in()

    def sign_in(self) -> None:
        self.page.goto(f"{self.kit.url}/")
        self.page.locator(f"input[name=member][value='{self.device}']").check(force=True)
        self.page.fill("#pin", PIN)
        self.page.locator(".sign-in button.main").click()
        self.page.wait_for_url("**/station*/**")
        self.page.goto(f"{self.kit.url}/station/registrar/")
        self.page.locator("#station[data-ready=yes]").wait_for(state="attached")

    def register(self, number: int, name: str) -> None:
        """One person; what counts as kept is what the page resolved."""
        visit = self.page.evaluate("async () => (await import('/static/camp-sealed.js')).uuid7()")
        body = {"visit": visit, "ticket": f"{number}", "name": name, "born_year": 1950, "consent": "heard"}
        self.kept.append(self.page.evaluate(WRITE, ["registered", body]))

    def waits(self) -> int:
        """How many rows wait on the phone, after another try to send them."""
        return int(self.page.evaluate(LEFT))


@pytest.fixture
def player() -> Iterator[Any]:
    needed("chromium", "certutil", "ip")
    with sync_playwright() as made:
        yield made


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_kept_is_there_once_whatever_dies(player: Any, tmp_path: Path, seed: int) -> None:
    lot = random.Random(seed)
    with wifi() as link:
        office = Headquarters(tmp_path / "hq", kits=2, people=20, address=link.address)
        kits = [_kit(office, tmp_path, number, link) for number in (1, 2)]
        desks: list[Registrar] = []
        try:
            kits[0].open()
            authority = kits[0].authority()
            for n in (1, 2):
                phone = Phone(player, tmp_path / f"phone{n}", trusts=authority, inside=link.phones)
                off = lot.choice((-90, 45)) if n == 2 else 0
                desks.append(Registrar(phone, kits[0], f"k1-registrar-{n}", minutes_off=off))
                desks[-1].sit_down()
            _morning(desks, kits[0], link, lot)
            first = _home(kits[0], desks, tmp_path / "home1.camp")
            for desk in desks:
                desk.phone.close()
            kits[0].kill()
            second = _second_kit(player, kits[1], link, tmp_path)
            _merged(office, [first, second[0]], [*desks[0].kept, *desks[1].kept, *second[1]], lot)
        finally:
            for desk in desks:
                desk.phone.close()
            for kit in kits:
                kit.kill()


def _kit(office: Headquarters, folder: Path, number: int, link: Any) -> Kit:
    return Kit(office, folder / f"laptop{number}", number=number, address=link.address, inside=link.kit)


def _morning(desks: list[Registrar], kit: Kit, link: Any, lot: random.Random) -> None:
    """People come; between two of them something dies, in an order of chance, each thing at least once."""
    faults = ["server", "browser", "link", "usb"] + [""] * (PEOPLE - 4)
    lot.shuffle(faults)
    for number, fault in enumerate(faults, 1):
        desk = lot.choice(desks)
        name = TWIN if number == 1 else f"Người {number}"
        if fault == "link":
            link.cut()
        elif fault == "server":
            kit.kill()
        if fault == "usb":
            with pulled(kit.usb):
                desk.register(number, name)
        else:
            desk.register(number, name)
        if fault == "link":
            link.mend()
        elif fault == "server":
            kit.open()
        elif fault == "browser":
            desk.phone.kill()
            desk.sit_down()


def _home(kit: Kit, desks: list[Registrar], out: Path) -> Path:
    """Everything goes out; then the kit is killed once more, opened again, and its newest copy is what comes home."""
    deadline = time.monotonic() + 60
    while sum(desk.waits() for desk in desks) and time.monotonic() < deadline:
        time.sleep(0.5)
    assert [desk.waits() for desk in desks] == [0, 0]
    before = set(kit.usb.glob("*.camp"))
    kit.kill()
    kit.open()
    while not (fresh := set(kit.usb.glob("*.camp")) - before) and time.monotonic() < deadline + 60:
        time.sleep(0.3)
    out.write_bytes(max(fresh).read_bytes())
    return out


def _second_kit(player: Any, kit: Kit, link: Any, folder: Path) -> tuple[Path, list[str]]:
    """The same woman comes to the other kit too."""
    kit.open()
    phone = Phone(player, folder / "other", trusts=kit.authority(), inside=link.phones)
    desk = Registrar(phone, kit, "k2-registrar-1")
    try:
        desk.sit_down()
        desk.register(1001, TWIN)
        return _home(kit, [desk, desk], folder / "home2.camp"), desk.kept
    finally:
        phone.close()


def _merged(office: Headquarters, files: list[Path], kept: list[str], lot: random.Random) -> None:
    """In an order of chance, each twice: nothing lost, nothing doubled, one digest, the two of her put to a person."""
    order = files * 2
    lot.shuffle(order)
    digests = set()
    for some in (files, files[::-1], order):
        told = office.run(*_tantam("camp", "digest", "--json", "--merge", *some, "--home", office.home))
        digests.add(json.loads(told)["digest"])
    assert len(digests) == 1
    for file in order:
        office.run(*_tantam("camp", "merge", file, "--home", office.home))
    ids = Counter(_ask(office, "ids"))
    assert [one for one in kept if ids[one] != 1] == []
    assert _ask(office, "counts")["registered"] == len(kept) == len(set(kept)) == PEOPLE + 1
    assert _ask(office, "stock") == []
    assert "same_person" in _ask(office, "differences")


def _tantam(*words: object) -> list[object]:
    return [sys.executable, "-m", "tantam.cli", *words]


def _ask(office: Headquarters, what: str) -> Any:
    return json.loads(office.run(sys.executable, "-m", "tests.ways.asked", what, office.camp))
