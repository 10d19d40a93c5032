"""How a made-up day goes on one kit: people come, wait, are called, examined, given medicine, and go home."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from tantam.clock import HANOI
from tantam.office.camps import facts, findings, kinds, made_up_people, made_up_plan, queue
from tantam.office.camps import made_up_words as words
from tantam.office.camps.made_up_people import Villager

if TYPE_CHECKING:
    from tantam.office.camps.made_up import Book

OPENS, LAST_COMES = 6 * 60 + 45, 15 * 60 + 30  # minutes after midnight in Vietnam
POWER_GONE = (10 * 60, 10 * 60 + 10)  # on the first kit: what was done then is on paper
PAPER_ENTERED = 12 * 60 + 15
MINUTES: dict[kinds.Station, float] = {
    "registrar": 1.5,
    "triage": 2.0,
    "doctor": 5.0,
    "pharmacist": 2.0,
    "exit": 1.0,
}
"""What a step takes at most; with more people than that lets through in eight hours, it goes faster."""
BUSY = {"registrar": 0.7, "triage": 0.8, "doctor": 0.97, "pharmacist": 0.8, "exit": 0.6}
"""What part of those hours a station works; the doctors are whom all wait for."""


@dataclass
class Way:
    """One person's way: what is drawn before the day, then when each step began and ended, and at which desk."""

    who: Villager
    comes: float
    registered: kinds.Registered
    measured: kinds.Measured
    examined: kinds.Examined
    leaves_early: bool
    steps: dict[str, tuple[str, float, float]] = field(default_factory=dict)


def draw(
    chance: random.Random, ones: list[Villager], key: bytes, formulary: kinds.Formulary, on: date
) -> list[Way]:
    """Who comes when, and what triage and doctors will find."""
    groups = sorted({group for one in formulary.medicines for group in one.groups})
    codes = dict(row for part in findings.plain_list() for row in part.rows)
    drawn = []
    for who in ones:
        early = chance.random() < 0.6
        comes = chance.uniform(OPENS, 10.5 * 60) if early else chance.uniform(10.5 * 60, LAST_COMES)
        vitals = made_up_people.measured(chance, who, on, groups)
        registered = who.registered(chance, key, on)
        found = made_up_people.examined(chance, registered, vitals, formulary, codes, on)
        drawn.append(Way(who, comes, registered, vitals, found, chance.random() < 0.015))
    return drawn


def stock(kit: int, drawn: Iterable[Way], formulary: kinds.Formulary, on: date) -> list[kinds.Stocked]:
    """What lies in a kit's box: enough of all but one; two lots of the first, of which one will soon be
    too old; and a lot of the second that is too old already."""
    need: dict[str, int] = defaultdict(int)
    for way in drawn:
        for one in way.examined.prescribed:
            need[one.medicine] += one.units
    lots = []
    short = max(need, default="")
    for place, medicine in enumerate(one.code for one in formulary.medicines):
        units = max(
            1, need[medicine] * 9 // 10 if medicine == short else -(-need[medicine] * 11 // 500) * 50 + 50
        )
        parts = [(units * 2 // 5, 9), (units - units * 2 // 5, 400)] if place == 0 else [(units, 300 + place)]
        parts += [(60, -1)] if place == 1 else []
        for number, (some, days) in enumerate(parts):
            lots.append(
                kinds.Stocked(
                    lot=f"{medicine}-{kit}{number}",
                    medicine=medicine,
                    number=f"LO{place:02d}{number}",
                    expires_on=on + timedelta(days=days),
                    units=max(1, some),
                    giver="Quỹ Tận Tâm (mẫu)",
                    kit=kit,
                )
            )
    return lots


def play(
    book: Book, kit: int, drawn: list[Way], lots: list[kinds.Stocked], on: date, *, held: list[facts.Fact]
) -> None:
    """Write the day of one kit into ``book``, and its end; ``held``: what its pack held."""
    _walk(book.chance, kit, drawn)
    _Kit(book, kit, lots, on).play(drawn, held)


def _walk(chance: random.Random, kit: int, drawn: list[Way]) -> None:
    """When everybody is where. Stations follow one another, so one is done before the next begins."""
    ready = [(way.comes, way) for way in drawn]
    for station in kinds.STATIONS:
        going = [(at, way) for at, way in ready if not _passes_by(way, station)]
        by = {id(way): at for at, way in ready}
        desks = [f"k{kit}-{station}-{n + 1}" for n in range(made_up_plan.DESKS[station])]
        pace = min(MINUTES[station], BUSY[station] * 480 * len(desks) / max(1, len(drawn)))
        _serve(chance, going, station, desks, pace)
        ready = [(way.steps[station][2] if station in way.steps else by[id(way)], way) for _, way in ready]


def _passes_by(way: Way, station: str) -> bool:
    if way.leaves_early and station in ("doctor", "pharmacist"):
        return True
    return station == "pharmacist" and not way.examined.prescribed


def _serve(
    chance: random.Random, going: list[tuple[float, Way]], station: str, desks: list[str], pace: float
) -> None:
    """Priority first, after three of them one of the others; a desk calls as soon as it is free."""
    coming = sorted(going, key=lambda one: (one[0], one[1].who.number, one[1].who.name))[::-1]
    free = dict.fromkeys(desks, float(OPENS))
    waiting: tuple[list[Way], list[Way]] = ([], [])
    row = 0
    while coming or waiting[0] or waiting[1]:
        desk = min(free, key=lambda name: (free[name], name))
        now = free[desk]
        if not waiting[0] and not waiting[1]:
            now = max(now, coming[-1][0])
        while coming and coming[-1][0] <= now:
            way = coming.pop()[1]
            waiting[0 if way.who.priority else 1].append(way)
        first = waiting[0] and (row < queue.PRIORITY_IN_A_ROW or not waiting[1])
        way = waiting[0 if first else 1].pop(0)
        row = row + 1 if first else 0
        takes = pace * chance.uniform(0.6, 1.4)
        way.steps[station] = (desk, now, now + takes)
        free[desk] = now + takes


class _Kit:
    """Writes one kit's day down."""

    def __init__(self, book: Book, kit: int, lots: list[kinds.Stocked], on: date) -> None:
        self.book, self.kit, self.on = book, kit, on
        self.left = {lot.lot: lot.units for lot in lots}
        self.lots = sorted(lots, key=lambda lot: (lot.expires_on, lot.lot))
        self.tickets: dict[str, int] = defaultdict(lambda: (kit - 1) * 1000)
        self.skew: dict[str, float] = {}
        self.papers = 0
        self.last = float(OPENS)

    def play(self, drawn: list[Way], held: list[facts.Fact]) -> None:
        """Everybody's steps in the order in which they happened, then the end of the day."""
        visits = {id(way): self.book.new_id(self._at(way.steps["registrar"][1])) for way in drawn}
        papers = {
            id(way): self._paper(way) for way in sorted(drawn, key=lambda way: way.steps["registrar"][1])
        }
        examined: dict[int, UUID] = {}
        steps = sorted(
            ((step[2], kinds.STATIONS.index(name), way.who.number, id(way), name, way) for way in drawn
             for name, step in way.steps.items()),
            key=lambda step: step[:3],
        )  # fmt: skip
        for _, _, _, who, name, way in steps:
            self._step(name, way, visits[who], papers[who], examined, who)
        self._evening(held)

    def _paper(self, way: Way) -> str:
        """The paper form of who came while there was no power."""
        if self.kit != 1 or not POWER_GONE[0] <= way.steps["registrar"][1] < POWER_GONE[1]:
            return ""
        self.papers += 1
        return f"P-{self.papers:03d}"

    def _step(
        self, station: str, way: Way, visit: UUID, paper: str, examined: dict[int, UUID], who: int
    ) -> None:
        chance = self.book.chance
        desk, called, done = way.steps[station]
        if station not in ("registrar", "exit") and not paper:
            self._write(kinds.Called(visit=visit, desk=desk), desk, called + 0.06)
        if station == "registrar":
            self._register(way, visit, desk, done, paper)
        elif station == "triage":
            body = way.measured.model_copy(update={"visit": visit})
            if not paper and chance.random() < 0.05 and body.weight_tenths and body.weight_tenths < 290:
                wrong = body.model_copy(update={"weight_tenths": body.weight_tenths * 10})
                first = self._write(wrong, desk, done)
                self._write(body, desk, done + 2, corrects=first.id)
            else:
                self._write(body, desk, done, paper)
        elif station == "doctor":
            found = way.examined.model_copy(update={"visit": visit})
            examined[who] = self._write(found, desk, done, paper).id
        elif station == "pharmacist":
            self._dispense(way, visit, examined[who], desk, done, paper)
        else:
            early = "Nhà xa, phải về trước khi trời tối." if way.leaves_early else ""
            self._write(kinds.Left(visit=visit, slip=not early, early=early), desk, done, paper)
            self._voice(visit, desk, done, paper)

    def _register(self, way: Way, visit: UUID, desk: str, at: float, paper: str) -> None:
        chance = self.book.chance
        letters = "E" if "child" in way.who.priority else "U" if way.who.priority else ""
        self.tickets[letters] += 1
        ticket = f"{letters} {self.tickets[letters]}".strip()
        body = way.registered.model_copy(update={"visit": visit, "ticket": ticket})
        if not paper and chance.random() < 0.02 and not body.scanned:
            wrong = body.model_copy(update={"name": made_up_people.misspelt(body.name)})
            first = self._write(wrong, desk, at)
            self._write(body, desk, at + chance.uniform(1, 4), corrects=first.id)
        else:
            self._write(body, desk, at, paper)

    def _dispense(self, way: Way, visit: UUID, examined: UUID, desk: str, at: float, paper: str) -> None:
        chance = self.book.chance
        given: list[kinds.Given] = []
        missing: list[kinds.NotGiven] = []
        for one in way.examined.prescribed:
            parts = self._take(one.medicine, one.units)
            given += parts
            if not parts:
                missing.append(kinds.NotGiven(medicine=one.medicine, reason=words.NOT_GIVEN[0]))
        body = kinds.Dispensed(visit=visit, examined=examined, given=given, not_given=missing)
        if given and not paper and chance.random() < 0.015:
            more = [given[0].model_copy(update={"units": given[0].units + 1}), *given[1:]]
            first = self._write(body.model_copy(update={"given": more}), desk, at)
            self._write(body, desk, at + 1.5, corrects=first.id)
        else:
            self._write(body, desk, at, paper)

    def _take(self, medicine: str, units: int) -> list[kinds.Given]:
        """First expired first out; all of it or nothing, since half a cure is none."""
        fit = [lot for lot in self.lots if lot.medicine == medicine and lot.expires_on >= self.on]
        if sum(self.left[lot.lot] for lot in fit) < units:
            return []
        parts = []
        for lot in fit:
            some = min(units, self.left[lot.lot])
            if some:
                self.left[lot.lot] -= some
                units -= some
                parts.append(kinds.Given(lot=lot.lot, units=some, scanned=self.book.chance.random() < 0.9))
        return parts

    def _voice(self, visit: UUID, desk: str, at: float, paper: str) -> None:
        lot = self.book.chance.random()
        if lot > 0.115 or paper:
            return
        tone: kinds.Tone = "thanks" if lot < 0.08 else "complaint" if lot < 0.105 else "story"
        said = {"thanks": words.THANKS, "complaint": words.COMPLAINED, "story": words.STORIES}[tone]
        body = kinds.Voiced(
            id=self.book.new_id(self._at(at)),
            visit=visit if tone != "complaint" else None,
            tone=tone,
            words=self.book.chance.choice(said),
            spoken=self.book.chance.random() < 0.8,
            publish=tone == "story",
        )
        self._write(body, desk, at + 0.5)

    def _evening(self, held: list[facts.Fact]) -> None:
        """What is too old is written off, one box is broken, every lot is counted, two people sign."""
        desk, lead = f"k{self.kit}-pharmacist-1", f"k{self.kit}-lead"
        self._write(
            kinds.WrittenOff(lot=self.lots[-1].lot, units=1, reason="Rơi vỡ khi chuyển hộp."), desk, 690
        )
        self.left[self.lots[-1].lot] -= 1
        for lot in self.lots:
            if lot.expires_on < self.on:
                off = kinds.WrittenOff(
                    lot=lot.lot, units=lot.units, reason="Hết hạn, niêm phong trả lại kho."
                )
                self._write(off, desk, 430)
                self.left[lot.lot] = 0
        at = max(self.last + 5, 17 * 60.0)
        short = next((lot.lot for lot in self.lots if self.left[lot.lot] >= 2), "")
        for lot in self.lots:
            at += 0.5
            found = self.left[lot.lot] - 2 * (lot.lot == short)
            self._write(kinds.Counted(lot=lot.lot, units=found), desk, at)
        whole = [*held, *self.book.facts]
        self.book.write(
            kinds.Closed(
                kit=self.kit,
                facts=len(whole),
                digest=facts.digest(whole),
                explained=[kinds.Explained(lot=short, difference=-2, reason="Hai viên rơi xuống nền, không nhặt lại.")]
                if short
                else [],
                signatures=[
                    kinds.Signature(member="lead", role="lead"),
                    kinds.Signature(member="chief", role="chief_pharmacist"),
                ],
            ),
            self._at(at + 10),
            device=lead,
            author="lead",
        )  # fmt: skip

    def _write(
        self, body: kinds.Body, desk: str, at: float, paper: str = "", corrects: UUID | None = None
    ) -> facts.Fact:
        """A fact of a desk's own device and member; what is on paper was copied by the lead at noon."""
        self.last = max(self.last, at)
        if paper:
            desk = f"k{self.kit}-lead"
            at = max(PAPER_ENTERED + 3 * int(paper[2:]), at + 1)
        author = "lead" if paper else desk
        stored = self._at(at + self.book.chance.uniform(0, 0.05))
        told = (
            stored - timedelta(seconds=self.book.chance.uniform(0.1, 2)) + timedelta(seconds=self._skew(desk))
        )
        return self.book.write(
            body, stored, device=desk, author=author, device_at=told, corrects=corrects, paper=paper
        )

    def _skew(self, device: str) -> float:
        """By how many seconds a device's clock is wrong: a little, and one of them by three quarters of an hour."""
        if device not in self.skew:
            self.skew[device] = 2700 if device == "k1-triage-2" else self.book.chance.gauss(0, 20)
        return self.skew[device]

    def _at(self, minutes: float) -> datetime:
        return datetime.combine(self.on, time(), HANOI) + timedelta(minutes=minutes)
