"""A made-up day of a camp, from a seed: six hundred people of a highland commune, from the first in line to the
signatures at dusk. The same seed gives the same bytes. Nobody in it exists, and neither do the medicines.

It holds what a real day holds: elders who were never examined, children with their guardians, people who speak no
Vietnamese, years of birth that are a guess, allergies, referrals, thanks and complaints, slips of the pen corrected,
paper forms of ten minutes without power entered late, a device whose clock is wrong, a lot too old to give, and with
two kits one man who came to both.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from tantam.clock import HANOI
from tantam.office.camps import kinds, made_up_day, made_up_plan
from tantam.office.camps.facts import HEADQUARTERS, Fact
from tantam.office.camps.made_up_people import Villager, misspelt, villager

ON = date(2026, 11, 21)  # a Saturday, as those of the story were


@dataclass(frozen=True)
class MadeUp:
    """``plan``: what every kit's pack holds; ``kits``: what each kit (from 1) added, in the order it was stored."""

    camp: UUID
    key: bytes = field(repr=False)
    plan: list[Fact]
    kits: dict[int, list[Fact]]

    @property
    def facts(self) -> list[Fact]:
        """All of them: what headquarters holds after the merge."""
        return [*self.plan, *(fact for facts in self.kits.values() for fact in facts)]


def play(
    seed: int,
    kits: int = 1,
    *,
    people: int = 600,
    on: date = ON,
    until: time | None = None,
    expected: int | None = None,
) -> MadeUp:
    """Play a day. ``until``: it is stopped then (Vietnam's time), people waiting at every station; else it was closed
    and signed. ``expected``: how many people the commune's list names (else nearly all who come, and some more)."""
    chance = random.Random(f"a made-up camp {seed}")  # noqa: S311 a game of chance, played again the same
    key = chance.randbytes(32)
    begun = datetime.combine(on - timedelta(days=20), time(8), HANOI).astimezone(UTC)
    camp = uuid7_of(chance, begun)
    villagers = [villager(chance, number, on) for number in range(people)]
    by_kit = _shared_out(chance, villagers, kits, on)
    medicines = made_up_plan.signed_formulary(on)
    drawn = {kit: made_up_day.draw(chance, ones, key, medicines, on) for kit, ones in by_kit.items()}
    stocks = {kit: made_up_day.stock(kit, of_kit, medicines, on) for kit, of_kit in drawn.items()}
    book = Book(chance, camp)
    _write_plan(book, key, kits, on, _listed(chance, villagers, expected, on), stocks.values(), begun)
    made: dict[int, list[Fact]] = {}
    end = datetime.combine(on, until or time(23, 59), HANOI)
    for kit in by_kit:
        day = Book(chance, camp, kit)
        made_up_day.play(day, kit, drawn[kit], stocks[kit], on, held=book.facts)
        day.facts.sort(key=lambda fact: (fact.kit_at, fact.id.bytes))
        made[kit] = [fact for fact in day.facts if fact.kit_at <= end]
    return MadeUp(camp, key, book.facts, made)


@dataclass
class Book:
    """Where facts are written down as they are made; ``kit`` 0 is headquarters."""

    chance: random.Random
    camp: UUID
    kit: int = HEADQUARTERS
    facts: list[Fact] = field(default_factory=list)

    def write(
        self,
        body: kinds.Body,
        at: datetime,
        *,
        device: str = "hq",
        author: str = "machine",
        device_at: datetime | None = None,
        corrects: UUID | None = None,
        paper: str = "",
    ) -> Fact:
        """One fact, stored at ``at``."""
        at = _ms(at)
        said_at = _ms(device_at or at)
        new = uuid7_of(self.chance, said_at)
        fact = Fact(new, self.camp, body, device, author, said_at, self.kit, at, corrects, paper)
        self.facts.append(fact)
        return fact

    def new_id(self, at: datetime) -> UUID:
        """An id for a visit or a voice."""
        return uuid7_of(self.chance, at)


def uuid7_of(chance: random.Random, at: datetime) -> UUID:
    """A UUIDv7 of a moment, its random part drawn by lot."""
    ms = int(at.timestamp() * 1000)
    return UUID(int=ms << 80 | 7 << 76 | chance.getrandbits(12) << 64 | 2 << 62 | chance.getrandbits(62))


def _write_plan(
    book: Book, key: bytes, kits: int, on: date, listed: list[Villager], stocks: Iterable[list[kinds.Stocked]],
    begun: datetime,
) -> None:  # fmt: skip
    at = begun
    for body in made_up_plan.beginnings(on, made_up_plan.places(on)):
        book.write(body, at)
        at += timedelta(hours=3)
    permit = book.write(made_up_plan.permit(on), datetime.combine(on, time(9), HANOI) - timedelta(days=11))
    at = datetime.combine(on, time(9), HANOI) - timedelta(days=6)
    parts = made_up_plan.expected(one.expected(key) for one in listed)
    for body in (*made_up_plan.team(kits, key), *parts, *(lot for lots in stocks for lot in lots)):
        at += timedelta(seconds=20)
        book.write(body, at)
    book.write(kinds.Opened(permit=permit.id), datetime.combine(on, time(16), HANOI) - timedelta(days=1))


def _shared_out(
    chance: random.Random, villagers: list[Villager], kits: int, on: date
) -> dict[int, list[Villager]]:
    """Whole villages to a kit; with two kits, two people come to the second one also: one shows his card again, the
    other has none and her name is written as it was heard."""
    shared: dict[int, list[Villager]] = {kit: [] for kit in range(1, kits + 1)}
    for one in villagers:
        shared[
            1 + hash_of(one.village) % kits if chance.random() < 0.9 else chance.randrange(kits) + 1
        ].append(one)
    if kits > 1:
        first = shared[1]
        shared[2] += [one for one in first if one.card and one.age(on) >= 18][:1]
        shared[2] += [_heard(one) for one in first if not one.card and one.age(on) >= 18][:1]
    return shared


def _heard(one: Villager) -> Villager:
    return replace(one, name=misspelt(one.name), born_on=None, about=True)


def hash_of(text: str) -> int:
    """A number of a text that is the same in every process."""
    return sum(text.encode())


def _listed(
    chance: random.Random, villagers: list[Villager], expected: int | None, on: date
) -> list[Villager]:
    """Whom the commune named: three of four who come, and some who do not."""
    known = [one for one in villagers if one.listed]
    wanted = len(known) + len(villagers) // 10 if expected is None else expected
    first = len(villagers)
    others = (villager(chance, first + number, on) for number in range(max(0, wanted - len(known))))
    return [*known[:wanted], *others]


def _ms(at: datetime) -> datetime:
    at = at.astimezone(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
