"""What a person has to decide: facts that truly differ, people who came twice, stock that cannot be.

The same facts in any order give the same list. A difference has a code that names it and what it is about, so that a
decision (:class:`~tantam.office.camps.kinds.Settled`) made anywhere settles it everywhere; when something new joins in,
the code is another and it comes back. Facts are never changed: a decision puts those aside that do not hold, and two
visits of one person stay two visits, counted as one (:func:`people`). Pure.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, TypeVar
from uuid import UUID

from tantam.letters import fold
from tantam.office.camps import kinds
from tantam.office.camps.day import Day, Visit
from tantam.office.camps.facts import Fact, merge

K = TypeVar("K")
V = TypeVar("V")
Kind = Literal[
    "same_id", "two_corrections", "dispensed_twice", "same_person", "same_ticket", "stock_below_zero", "stray"
]
KINDS: tuple[Kind, ...] = (
    "same_id",
    "two_corrections",
    "dispensed_twice",
    "same_person",
    "same_ticket",
    "stock_below_zero",
    "stray",
)
YEARS_ABOUT = 2
"""Two years of birth this far apart may be one where either is a guess."""


@dataclass(frozen=True)
class Difference:
    """``code``: kind and what it is about; ``marks``: the facts to be looked at, first to last as they were stored;
    ``visits``: whose they are.

    ``same_id``: one id, two wordings · ``two_corrections``: one fact corrected in two ways · ``dispensed_twice``: two
    answers to one prescription · ``same_person``: two visits of what seems one person · ``same_ticket``: two people
    with one number · ``stock_below_zero``: more went out of a lot than came in · ``stray``: facts of a visit that
    nobody registered.
    """

    code: str
    kind: Kind
    marks: tuple[str, ...]
    visits: tuple[UUID, ...]


def differences(facts: Iterable[Fact], day: Day) -> list[Difference]:
    """All that is open, by kind and code; what was settled is gone. ``day``: what these facts come to."""
    standing = _Standing(facts, day)
    found = [
        *standing.same_ids(),
        *standing.two_corrections(),
        *standing.dispensed_twice(),
        *_same_people(day),
        *_same_tickets(day),
        *standing.below_zero(),
        *_strays(day),
    ]
    open_ = [one for one in found if one.code not in day.settled]
    return sorted(open_, key=lambda one: (KINDS.index(one.kind), one.code))


def settled(difference: Difference, *, holds: str = "", same: bool = False, reason: str) -> kinds.Settled:
    """The fact that settles a difference. ``holds``: the mark of the one that holds, the others are put aside; empty:
    all hold. ``same``, for ``same_person``: whether they are one."""
    if difference.kind == "same_person":
        return kinds.Settled(about=difference.code, choice="same" if same else "apart", reason=reason)
    if not holds:
        return kinds.Settled(about=difference.code, choice="both", reason=reason)
    aside = [mark for mark in difference.marks if mark != holds]
    first = difference.marks.index(holds) == 0
    choice: Literal["first", "second"] = "first" if first else "second"
    return kinds.Settled(about=difference.code, choice=choice, holds=holds, aside=aside, reason=reason)


def people(day: Day) -> list[list[Visit]]:
    """Who came, each with his visits: those that somebody decided are one person's stand together."""
    group = _joined(day)
    found: dict[UUID, list[Visit]] = defaultdict(list)
    for visit in day.came:
        found[_root(group, visit.id)].append(visit)
    return list(found.values())


class _Standing:
    """The facts that hold, looked at from several sides."""

    def __init__(self, facts: Iterable[Fact], day: Day) -> None:
        whole = merge(facts)
        aside = {mark for one in day.settled.values() for mark in one.aside}
        counted = [fact for fact in whole if fact.mark not in aside]
        self.by_id = {fact.id: fact for fact in reversed(whole)}
        corrected = {fact.corrects for fact in counted if fact.corrects and fact.corrects != fact.id}
        self.facts = [fact for fact in counted if fact.id not in corrected]
        self.day = day

    def same_ids(self) -> Iterator[Difference]:
        by_id = _grouped((str(fact.id), fact) for fact in self.facts)
        return (_difference("same_id", id_, one) for id_, one in by_id.items() if len(one) > 1)

    def two_corrections(self) -> Iterator[Difference]:
        by_first = _grouped((str(self._first(fact)), fact) for fact in self.facts if fact.corrects)
        for first, ones in by_first.items():
            if len({fact.id for fact in ones}) > 1:
                yield _difference("two_corrections", first, ones)

    def dispensed_twice(self) -> Iterator[Difference]:
        answers = [fact for fact in self.facts if isinstance(fact.body, kinds.Dispensed)]
        by_prescription = _grouped((self._prescription(fact.body), fact) for fact in answers)
        for first, ones in by_prescription.items():
            if len({self._first(fact) for fact in ones}) > 1:
                yield _difference("dispensed_twice", first, ones)

    def below_zero(self) -> Iterator[Difference]:
        for lot in self.day.lots.values():
            if lot.held < 0:
                out = [fact for fact in self.facts if _takes_from(fact.body, lot.id)]
                about = f"{lot.id}:{lot.held}"
                yield Difference(f"stock_below_zero:{about}", "stock_below_zero", _marks(out), _visits(out))

    def _prescription(self, body: kinds.Body) -> str:
        """The id of the first wording of the examination that a pharmacist answered."""
        assert isinstance(body, kinds.Dispensed)
        known = self.by_id.get(body.examined)
        return str(self._first(known) if known else body.examined)

    def _first(self, fact: Fact) -> UUID:
        """The id of what a chain of corrections began with."""
        seen = {fact.id}
        while fact.corrects and fact.corrects not in seen:
            seen.add(fact.corrects)
            if fact.corrects not in self.by_id:
                return fact.corrects
            fact = self.by_id[fact.corrects]
        return fact.id


def _same_people(day: Day) -> Iterator[Difference]:
    group = _joined(day)
    seen = set()
    by_sign = _grouped((sign, visit) for visit in day.came for sign in _signs(visit))
    for sign, visits in by_sign.items():
        for one, other in combinations(visits, 2):
            pair = tuple(sorted((one.id, other.id)))
            if pair in seen or _root(group, one.id) == _root(group, other.id):
                continue
            if sign[0] == "name" and not _may_be_one(one, other):
                continue
            seen.add(pair)
            facts = [fact for visit in (one, other) if (fact := visit.registered)]
            yield Difference(f"same_person:{pair[0].hex}:{pair[1].hex}", "same_person", _marks(facts), pair)


def _signs(visit: Visit) -> Iterator[tuple[str, ...]]:
    """What two visits of one person have in common: a card, a line of the commune's list, a name in a village."""
    person = visit.person
    if person.card:
        yield ("card", person.card)
    if person.expected:
        yield ("expected", person.expected)
    yield ("name", fold(person.name), fold(person.village))


def _may_be_one(one: Visit, other: Visit) -> bool:
    """Two of one name and village: on two kits, and of one year of birth, or nearly where it is a guess."""
    who, whom = one.person, other.person
    kits = {fact.kit for visit in (one, other) if (fact := visit.registered)}
    sexes = {who.sex, whom.sex} - {"unknown"}
    if len(kits) < 2 or len(sexes) > 1:
        return False
    years = [person.born_on.year if person.born_on else person.born_year for person in (who, whom)]
    if years[0] is None or years[1] is None:
        return True
    return abs(years[0] - years[1]) <= (YEARS_ABOUT if who.born_about or whom.born_about else 0)


def _same_tickets(day: Day) -> Iterator[Difference]:
    group = _joined(day)
    for ticket, visits in _grouped((visit.person.ticket, visit) for visit in day.came).items():
        if len({_root(group, visit.id) for visit in visits}) > 1:
            yield _difference("same_ticket", ticket, [fact for one in visits if (fact := one.registered)])


def _strays(day: Day) -> Iterator[Difference]:
    by_visit = _grouped((visit, fact) for fact in day.stray for visit in _visits([fact]))
    return (
        Difference(f"stray:{visit.hex}", "stray", _marks(facts), (visit,))
        for visit, facts in by_visit.items()
    )


def _difference(kind: Kind, about: str, facts: list[Fact]) -> Difference:
    """A difference whose code changes when another fact joins in."""
    marks = _marks(facts)
    which = hashlib.sha256("".join(sorted(marks)).encode()).hexdigest()[:16]
    return Difference(f"{kind}:{about}:{which}", kind, marks, _visits(facts))


def _marks(facts: Iterable[Fact]) -> tuple[str, ...]:
    return tuple(
        fact.mark for fact in sorted(facts, key=lambda fact: (fact.kit_at, fact.id.bytes, fact.mark))
    )


def _visits(facts: Iterable[Fact]) -> tuple[UUID, ...]:
    found = {visit for fact in facts if isinstance(visit := getattr(fact.body, "visit", None), UUID)}
    return tuple(sorted(found))


def _takes_from(body: kinds.Body, lot: str) -> bool:
    if isinstance(body, kinds.Dispensed):
        return any(one.lot == lot for one in body.given)
    return isinstance(body, kinds.WrittenOff) and body.lot == lot


def _joined(day: Day) -> dict[UUID, UUID]:
    """Visit → another visit of the same person, as was decided."""
    group: dict[UUID, UUID] = {}
    for code, one in day.settled.items():
        if code.startswith("same_person:") and one.choice == "same":
            first, second = (_root(group, UUID(hex=part)) for part in code.split(":")[1:3])
            if first != second:
                group[max(first, second)] = min(first, second)
    return group


def _root(group: dict[UUID, UUID], visit: UUID) -> UUID:
    while visit in group:
        visit = group[visit]
    return visit


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    found: dict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found
