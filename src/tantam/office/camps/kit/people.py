"""Finding somebody at the registrar's desk: whom the commune expects, and who is here already."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tantam.letters import fold
from tantam.office.camps import kinds
from tantam.office.camps.day import Day, Plan
from tantam.office.camps.kit.cards import Card

MOST = 20
Row = dict[str, Any]
_folded: dict[int, tuple[Plan, list[tuple[str, str, kinds.Person]]]] = {}


def found(day: Day, text: str) -> list[Row]:
    """People whose name, village and year hold every word of the text; exact accents first, then those who are here.

    ``{id, name, born_year, sex, village, seen, visit, ticket}``: ``id`` of the commune's list or empty, ``visit`` or
    null.
    """
    wanted = fold(text).split()
    if not wanted:
        return []
    said = " ".join(text.lower().split())
    here = _here(day)
    rows: list[tuple[tuple[bool, bool, str], Row]] = []
    for visit, body in ((visit.id, visit.person) for visit in day.came):
        if _fits(wanted, fold(_words(body))):
            rows.append(((said not in body.name.lower(), False, body.name), _row(body.expected, body, visit)))
    for folded, lower, one in _expected(day):
        if one.id not in here and _fits(wanted, folded):
            rows.append(((said not in lower, True, one.name), _row(one.id, one, None, one.seen)))
    rows.sort(key=lambda pair: pair[0])
    return [row for _, row in rows[:MOST]]


def everybody(day: Day) -> list[Row]:
    """All of them, for a registrar's page to search in while the kit is away."""
    here = _here(day)
    came = [_row(visit.person.expected, visit.person, visit.id) for visit in day.came]
    return came + [
        _row(one.id, one, None, one.seen) for one in day.plan.expected.values() if one.id not in here
    ]


def of_card(day: Day, card: Card) -> Row:
    """What a card says, with whom of the list it is, and the visit where this card was here already."""
    expected = next((one for _, _, one in _expected(day) if one.card and one.card == card.card), None)
    visit = next((visit.id for visit in day.came if visit.person.card == card.card), None)
    if visit is None and expected:
        visit = _here(day).get(expected.id)
    return {
        "name": card.name,
        "born_on": card.born_on.isoformat() if card.born_on else None,
        "born_year": card.born_year,
        "sex": card.sex,
        "card": card.card,
        "card_end": card.card_end,
        "group": card.group,
        "priority": list(card.priority),
        "address": card.address,
        "expected": _row(expected.id, expected, visit, expected.seen) if expected else None,
        "visit": str(visit) if visit else None,
        "ticket": day.visits[visit].person.ticket if visit else "",
    }


def _here(day: Day) -> dict[str, UUID]:
    return {visit.person.expected: visit.id for visit in day.came if visit.person.expected}


def _expected(day: Day) -> list[tuple[str, str, kinds.Person]]:
    """The list with its words folded once; it changes only when headquarters' plan does."""
    count = len(day.plan.expected)
    if count not in _folded:
        _folded.clear()
        rows = [(fold(_words(one)), one.name.lower(), one) for one in day.plan.expected.values()]
        _folded[count] = (day.plan, rows)
    return _folded[count][1]


def _fits(wanted: list[str], folded: str) -> bool:
    """Every word begins a word of the row."""
    row = f" {folded}"
    return all(f" {word}" in row for word in wanted)


def _words(one: kinds.Person | kinds.Registered) -> str:
    return f"{one.name} {one.village} {one.born_year or ''}"


def _row(number: str, one: kinds.Person | kinds.Registered, visit: UUID | None, seen: str = "") -> Row:
    return {
        "id": number,
        "name": one.name,
        "born_year": one.born_year,
        "sex": one.sex,
        "village": one.village,
        "seen": seen,
        "visit": str(visit) if visit else None,
        "ticket": one.ticket if isinstance(one, kinds.Registered) else "",
    }
