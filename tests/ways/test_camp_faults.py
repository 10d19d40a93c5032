"""What goes wrong at a camp, done to real processes: a laptop and a phone that die, a Wi-Fi that is cut, a wrong clock,
a stick that is pulled, two kits with one person. Whatever a phone had said was kept is there once, at the end, and so
is every unit of medicine.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
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


class Desk:
    """Somebody of the team who takes people in, examines them and hands medicine out of one lot, and keeps in mind what
    the phone said it had kept. ``given``: units that went out of ``lot``."""

    def __init__(self, phone: Phone, kit: Kit, number: int, device: str, *, minutes_off: int = 0) -> None:
        self.phone, self.kit, self.device = phone, kit, device
        self.minutes_off = minutes_off
        self.kept: list[str] = []
        self.given = 0
        mine = (one for one in kit.headquarters.told["lots"] if one["kit"] == number)
        self.lot = max(mine, key=lambda one: (one["expires_on"], one["lot"]))
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
        """As the lead, who works at every station."""
        self.page.goto(f"{self.kit.url}/")
        self.page.locator("input[name=member][value=lead]").check()
        self.page.fill("#pin", PIN)
        self.page.locator(".sign-in button.main").click()
        self.page.wait_for_url("**/station*/**")
        self.page.goto(f"{self.kit.url}/station/registrar/")
        self.page.locator("#station[data-ready=yes]").wait_for(state="attached")

    def steps(self, number: int, name: str, units: int) -> Iterator[None]:
        """One person, a step at a time: registered, examined, given so many units."""
        visit = self.page.evaluate("async () => (await import('/static/camp-sealed.js')).uuid7()")
        person = {"visit": visit, "ticket": f"{number}", "name": name, "born_year": 1950, "consent": "heard"}
        yield self._write("registered", person)
        one = {"medicine": self.lot["medicine"], "units": units, "how": "sau ăn"}
        yield self._write("examined", {"visit": visit, "prescribed": [one]})
        out = [{"lot": self.lot["lot"], "units": units}]
        yield self._write("dispensed", {"visit": visit, "examined": self.kept[-1], "given": out})
        self.given += units

    def _write(self, kind: str, body: dict[str, Any]) -> None:
        """What counts as kept is what the page resolved."""
        self.kept.append(self.page.evaluate(WRITE, [kind, body]))

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
        desks: list[Desk] = []
        try:
            kits[0].open()
            authority = kits[0].authority()
            for n in (1, 2):
                phone = Phone(player, tmp_path / f"phone{n}", trusts=authority, inside=link.phones)
                off = lot.choice((-90, 45)) if n == 2 else 0
                desks.append(Desk(phone, kits[0], 1, f"k1-registrar-{n}", minutes_off=off))
                desks[-1].sit_down()
            _morning(desks, kits[0], link, lot)
            first = _home(kits[0], desks, tmp_path / "home1.camp")
            for desk in desks:
                desk.phone.close()
            kits[0].kill()
            second, other = _second_kit(player, kits[1], link, tmp_path)
            _merged(office, [first, second], [*desks, other], lot)
        finally:
            for desk in desks:
                desk.phone.close()
            for kit in kits:
                kit.kill()


def _kit(office: Headquarters, folder: Path, number: int, link: Any) -> Kit:
    return Kit(office, folder / f"laptop{number}", number=number, address=link.address, inside=link.kit)


def _morning(desks: list[Desk], kit: Kit, link: Any, lot: random.Random) -> None:
    """People come; at one of their steps something dies, in an order of chance, each thing at least once."""
    faults = ["server", "browser", "link", "usb"] + [""] * (PEOPLE - 4)
    lot.shuffle(faults)
    for number, fault in enumerate(faults, 1):
        desk, struck = lot.choice(desks), lot.randrange(3)
        steps = desk.steps(number, TWIN if number == 1 else f"Người {number}", lot.randint(1, 3))
        for step in range(3):
            with _fault(fault if step == struck else "", desk, kit, link):
                next(steps)
        assert next(steps, "done") == "done"


@contextmanager
def _fault(fault: str, desk: Desk, kit: Kit, link: Any) -> Iterator[None]:
    """Something is away while one step is written, or dies right after it."""
    if fault == "link":
        link.cut()
    elif fault == "server":
        kit.kill()
    with pulled(kit.usb) if fault == "usb" else nullcontext():
        yield
    if fault == "link":
        link.mend()
    elif fault == "server":
        kit.open()
    elif fault == "browser":
        desk.phone.kill()
        desk.sit_down()


def _home(kit: Kit, desks: list[Desk], out: Path) -> Path:
    """Everything goes out; then the kit is killed once more, opened again, and its newest copy is what comes home."""
    deadline = time.monotonic() + 60
    while sum(desk.waits() for desk in desks) and time.monotonic() < deadline:
        time.sleep(0.5)
    assert [desk.waits() for desk in desks] == [0, 0]
    before = _copies(kit)
    kit.kill()
    kit.open()
    while not (fresh := _copies(kit) - before) and time.monotonic() < deadline + 60:
        time.sleep(0.3)
    if not fresh:
        kit.stacks()
    assert fresh, "no copy was written"
    out.write_bytes(max(fresh)[0].read_bytes())
    return out


def _copies(kit: Kit) -> set[tuple[Path, int]]:
    """The copies on the stick and when each was written: one opened again within a second takes the same name."""
    return {(copy, copy.stat().st_mtime_ns) for copy in kit.usb.glob("*.camp")}


def _second_kit(player: Any, kit: Kit, link: Any, folder: Path) -> tuple[Path, Desk]:
    """The same woman comes to the other kit too."""
    kit.open()
    phone = Phone(player, folder / "other", trusts=kit.authority(), inside=link.phones)
    desk = Desk(phone, kit, 2, "k2-registrar-1")
    try:
        desk.sit_down()
        for _ in desk.steps(1001, TWIN, 2):
            pass
        return _home(kit, [desk, desk], folder / "home2.camp"), desk
    finally:
        phone.close()


def _merged(office: Headquarters, files: list[Path], desks: list[Desk], lot: random.Random) -> None:
    """In an order of chance, each twice: nothing lost, nothing doubled, one digest, every unit of medicine accounted
    for, the two of her put to a person."""
    order = files * 2
    lot.shuffle(order)
    digests = set()
    for some in (files, files[::-1], order):
        told = office.run(*_tantam("camp", "digest", "--json", "--merge", *some, "--home", office.home))
        digests.add(json.loads(told)["digest"])
    assert len(digests) == 1
    for file in order:
        office.run(*_tantam("camp", "merge", file, "--home", office.home))
    ids, kept = Counter(_ask(office, "ids")), [one for desk in desks for one in desk.kept]
    assert [one for one in kept if ids[one] != 1] == []
    assert len(kept) == len(set(kept)) == 3 * (PEOPLE + 1)
    assert _ask(office, "counts") == dict.fromkeys(("registered", "examined", "dispensed"), PEOPLE + 1)
    _stock(office, desks)
    assert "same_person" in _ask(office, "differences")


def _stock(office: Headquarters, desks: list[Desk]) -> None:
    """Of each lot what went out is what the desks handed out of it, and what is there is the rest."""
    assert _ask(office, "stock") == []
    given = Counter({one["lot"]: 0 for one in office.told["lots"]})
    for desk in desks:
        given[desk.lot["lot"]] += desk.given
    lots = _ask(office, "lots")
    assert {lot: one["given"] for lot, one in lots.items()} == given
    assert all(one["held"] == one["came"] - one["given"] for one in lots.values())


def _tantam(*words: object) -> list[object]:
    return [sys.executable, "-m", "tantam.cli", *words]


def _ask(office: Headquarters, what: str) -> Any:
    return json.loads(office.run(sys.executable, "-m", "tests.ways.asked", what, office.camp))
