"""A day of a camp on two kits, played by lot with everything that goes wrong on a mountain: rows sent twice and in any
order, answers lost, kits killed in the middle of a batch or just after it, clocks that are wrong or jump back, a phone
that walks over to the other kit, something handed out twice, two corrections of one slip, old USB copies merged again.

The players know what they said and what was acknowledged; the kits and headquarters know what reached them.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from tantam.office.camps import container, differing, kinds, made_up, stock
from tantam.office.camps.day import fold
from tantam.office.camps.facts import Fact, digest, from_line, merge, read, to_line
from tantam.office.camps.folding import Folding

KITS = (1, 2)
AT_ONCE = 20


class Killed(Exception):
    """The kit's power went."""


@dataclass
class Laptop:
    """A kit: what is on its disk, and what it holds in memory until it is killed."""

    number: int
    chance: random.Random
    disk: list[bytes] = field(default_factory=list)
    memory: Folding = field(default_factory=Folding)
    marks: set[str] = field(default_factory=set)
    clock_off: timedelta = timedelta()

    def start(self) -> None:
        """Read the disk; what is in memory is the day of what is there."""
        self.memory = Folding()
        self.memory.take(from_line(line) for line in self.disk)
        self.marks = {fact.mark for fact in self.memory.facts}

    def take(self, rows: list[dict[str, Any]], now: datetime) -> list[str]:
        """Store a batch in one transaction and acknowledge it; killed in between, none of it is stored, and killed
        after it, nobody is told."""
        at = (now + self.clock_off).isoformat()
        batch = []
        for row in rows:
            if self.chance.random() < 0.004:
                raise Killed
            batch.append(read(row, kit=self.number, kit_at=at))
        new = list({fact.mark: fact for fact in batch if fact.mark not in self.marks}.values())
        self.disk += [to_line(fact) for fact in new]
        if self.chance.random() < 0.03:
            raise Killed
        self.memory.take(new)
        self.marks |= {fact.mark for fact in new}
        return [str(fact.id) for fact in batch]


@dataclass
class Phone:
    """A device: what it has not been told is stored, in an outbox that survives it."""

    kit: int
    outbox: list[dict[str, Any]] = field(default_factory=list)


class CampDay:
    """Played from a seed; ``said`` is the truth of the players."""

    def __init__(self, seed: int, people: int = 60) -> None:
        self.chance = random.Random(f"camp {seed}")
        self.played = made_up.play(seed, len(KITS), people=people)
        self.said: list[Fact] = []
        self.acknowledged: set[str] = set()
        self.laptops = {number: Laptop(number, self.chance) for number in KITS}
        self.phones: dict[str, Phone] = {}
        self.copies: list[tuple[int, list[bytes]]] = []
        self.happened: Counter[str] = Counter()

    def play(self) -> None:
        """All of it, and then until every outbox is empty."""
        for laptop in self.laptops.values():
            laptop.disk = [to_line(fact) for fact in self.played.plan]
            laptop.start()
        whole = sorted(
            (fact for facts in self.played.kits.values() for fact in facts), key=lambda one: one.kit_at
        )
        whole = [
            fact for fact in whole if fact.kind != "closed"
        ]  # closing is the kit's own, after the last row
        for fact in whole:
            for one in self._meddled(fact):
                self.said.append(one)
                phone = self.phones.setdefault(one.device, Phone(one.kit))
                phone.outbox.append(json.loads(one.said))
            self._something_happens(fact.kit_at)
            if self.chance.random() < 0.3:
                self._send(self.phones[fact.device], fact.kit_at)
        end = whole[-1].kit_at
        while waiting := [phone for phone in self.phones.values() if phone.outbox]:
            end += timedelta(seconds=5)
            self._send(self.chance.choice(waiting), end)
        self.copies += [(laptop.number, list(laptop.disk)) for laptop in self.laptops.values()]

    def _meddled(self, fact: Fact) -> list[Fact]:
        """A fact, and now and then one that another person says of the same."""
        lot = self.chance.random()
        if fact.kind == "dispensed" and not fact.corrects and lot < 0.03:
            self.happened["dispensed twice"] += 1
            return [fact, self._again(fact, f"k{fact.kit}-pharmacist-2")]
        if fact.corrects and lot < 0.5:
            self.happened["corrected twice"] += 1
            return [fact, self._again(fact, f"k{fact.kit}-lead")]
        return [fact]

    def _again(self, fact: Fact, device: str) -> Fact:
        later = fact.device_at + timedelta(seconds=self.chance.randrange(1, 600))
        return replace(fact, id=made_up.uuid7_of(self.chance, later), device=device, device_at=later)

    def _something_happens(self, now: datetime) -> None:
        laptop = self.laptops[self.chance.choice(KITS)]
        lot = self.chance.random()
        if lot < 0.002:
            self._kill(laptop)
        elif lot < 0.004:
            laptop.clock_off = timedelta(seconds=self.chance.randrange(-300, 300))
            self.happened["clock jumped"] += 1
        elif lot < 0.01:
            self.copies.append((laptop.number, list(laptop.disk)))

    def _kill(self, laptop: Laptop) -> None:
        self.happened["killed"] += 1
        before = {from_line(line).mark for line in laptop.disk}
        laptop.start()
        assert {fact.mark for fact in laptop.memory.facts} == before

    def _send(self, phone: Phone, now: datetime) -> None:
        """One batch of the outbox; what is not acknowledged stays in it."""
        number = phone.kit
        if self.chance.random() < 0.02:
            number = self.chance.choice(KITS)
            self.happened["walked over"] += number != phone.kit
        laptop = self.laptops[number]
        rows = phone.outbox[:AT_ONCE]
        self.chance.shuffle(rows)
        if self.chance.random() < 0.1:
            self.happened["never arrived"] += 1
            return
        try:
            stored = laptop.take(rows, now)
            if self.chance.random() < 0.1:
                self.happened["sent twice"] += 1
                stored = laptop.take(rows[::-1], now + timedelta(seconds=1))
        except Killed:
            self._kill(laptop)
            return
        if self.chance.random() < 0.15:
            self.happened["answer lost"] += 1
            return
        self.acknowledged |= set(stored)
        phone.outbox = [row for row in phone.outbox if row["id"] not in stored]

    def bring_home(self, folder: Path) -> list[Fact]:
        """Every copy as a file, merged at headquarters in any order, some twice; gives all that is there then."""
        files = []
        for place, (number, lines) in enumerate(self.copies):
            file = folder / f"{place}.camp"
            held = [from_line(line) for line in lines]
            container.write(file, container.Header(self.played.camp, number), self.played.key, held)
            files.append(file)
        home: list[Fact] = []
        for file in self.chance.sample(files, len(files)) + self.chance.choices(files, k=2):
            home = merge(home, container.read(file, lambda header: self.played.key).facts)
        return home


def check(day: CampDay, home: list[Fact]) -> dict[str, int]:
    """Assert that nothing acknowledged is lost or doubled, that the stock comes out even and that any order gives the
    same; gives how much there was to check."""
    truth = [*day.played.plan, *day.said]
    assert day.acknowledged == {str(fact.id) for fact in day.said}
    assert not day.acknowledged - {str(fact.id) for fact in home}, "an acknowledged row was lost"
    twice = [id_ for id_, times in Counter(fact.id for fact in home).items() if times > 1]
    assert not twice and len(home) == len(truth), "a row was doubled"
    assert digest(home) == digest(truth)
    for laptop in day.laptops.values():
        assert laptop.memory.day == fold(from_line(line) for line in laptop.disk)
    whole = fold(home)
    assert len(whole.came) == len({fact.body.visit for fact in day.said if fact.kind == "registered"})  # type: ignore[attr-defined]
    _stock_comes_out_even(truth, home)
    return {**_any_order(day, home), **_all_can_be_settled(day, home), "facts": len(home), **day.happened}


def _stock_comes_out_even(truth: list[Fact], home: list[Fact]) -> None:
    """Counted anew by other means: what every standing fact of the players moved."""
    corrected = {fact.corrects for fact in truth}
    moved: Counter[str] = Counter()
    for fact in truth:
        if fact.id in corrected:
            continue
        match fact.body:
            case kinds.Stocked() as body:
                moved[body.lot] += body.units
            case kinds.WrittenOff() as body:
                moved[body.lot] -= body.units
            case kinds.Dispensed() as body:
                moved.subtract({one.lot: one.units for one in body.given})
    lots = fold(home).lots
    assert {lot.id: lot.held for lot in lots.values()} == dict(moved)
    assert all(lot.came == lot.given + lot.lost + lot.held for lot in lots.values())


def _any_order(day: CampDay, home: list[Fact]) -> dict[str, int]:
    once = (digest(home), fold(home), differing.differences(home, fold(home)))
    for _ in range(3):
        parts = [home[at::3] for at in range(3)]
        shuffled = [
            fact
            for part in day.chance.sample([*parts, parts[0]], 4)
            for fact in day.chance.sample(part, len(part))
        ]
        again = merge(shuffled)
        assert (digest(again), fold(again), differing.differences(again, fold(again))) == once
    return {"differences": len(once[2])}


def _all_can_be_settled(day: CampDay, home: list[Fact]) -> dict[str, int]:
    """People decide by lot; then nothing is open, nothing is gone, and nothing was given that never came."""
    facts, decided = list(home), 0
    person = {visit.id: frozenset([visit.id]) for visit in fold(home).came}
    late = max(fact.kit_at for fact in home)
    while open_ := differing.differences(facts, fold(facts)):
        for one in open_:
            decided += 1
            assert decided < 1000, "the same comes up again and again"
            same = day.chance.random() < 0.5
            holds = day.chance.choice(one.marks) if one.kind in ("two_corrections", "dispensed_twice") else ""
            body = differing.settled(one, holds=holds, same=same, reason="quyết theo phiếu giấy")
            if body.choice == "same":
                joined = frozenset().union(*(person[visit] for visit in one.visits))
                person.update(dict.fromkeys(joined, joined))
            at = late + timedelta(minutes=decided)
            facts.append(
                Fact(made_up.uuid7_of(day.chance, at), day.played.camp, body, "hq", "machine", at, 0, at)
            )
    settled = fold(facts)
    assert len(differing.people(settled)) == len(set(person.values()))
    assert len(settled.came) == len(fold(home).came)
    assert all(stock.identity_holds(lot) for lot in settled.lots.values())
    answered = Counter(fact.body.examined for visit in settled.came for fact in visit.dispensed)  # type: ignore[attr-defined]
    assert not [id_ for id_, times in answered.items() if times > 1]
    return {"settled": decided}


def stored(day: CampDay, home: list[Fact]) -> None:
    """The same at headquarters' own database, batch by batch in any order; needs Django and a home."""
    from django.conf import settings

    from tantam.office.camps import keys, ledger
    from tantam.office.camps.models import Camp

    keys.make(settings.HOME, UUID(str(day.played.camp)))
    camp = Camp.objects.create(
        id=day.played.camp, name="Trại", place="Xã", place_code="1", province="02", on=made_up.ON, general=True,
        made_at=home[0].kit_at,
    )  # fmt: skip
    rows = day.chance.sample([*home, *home[::5]], len(home) + len(home[::5]))
    for start in range(0, len(rows), 400):
        ledger.append(camp, rows[start : start + 400])
        ledger.day_of(camp)
    assert ledger.digest(camp) == (len(home), digest(home))
    assert ledger.day_of(camp) == fold(home)
