"""Who is next. Priority groups first, nobody refused, nobody waits for ever.

The rule, the same at every station: children, elders, pregnant women, disabled people and people of merit go before
the others, each group in the order in which they came to wait; but after :data:`PRIORITY_IN_A_ROW` of them one of the
others is called, if anybody waits. So whoever waits behind *n* others is called after at most
``(n + 1) * (PRIORITY_IN_A_ROW + 1)`` calls, however many priority people come. A desk may still call anybody by hand.
The order follows from the facts alone, so that every screen shows the same. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from tantam import law
from tantam.clock import to_days
from tantam.office.camps import kinds
from tantam.office.camps.day import Day, Visit

PRIORITY_IN_A_ROW = 3
CALL_HOLDS = timedelta(minutes=10)
"""A call is answered within this time, or its number goes back into the line, first in its group."""
NEXT_SHOWN = 4
LAST_SERVED = 12
"""How many of the last that a station served tell its pace."""
PAUSE = timedelta(minutes=20)
"""A gap between two served that is longer was a pause, and tells nothing of the pace."""


def ages(on: date) -> tuple[int, int]:
    """Under how many years somebody goes first as a child, and from how many as an elder, by the law of that day."""
    child, elder = (law.ask(code, to_days(on)).value for code in ("camp_child_years", "camp_elder_years"))
    return int(child), int(elder)


@dataclass
class BoardRow:
    """A desk on the board: the ticket it called (or empty), the tickets next in its station's line, and for how many
    minutes somebody who joins that line now will wait (None: nobody can say yet). No names."""

    desk: kinds.Desk
    called: str
    next: list[str]
    minutes: int | None


def ticket_class(priority: list[str]) -> str:
    """``E`` for small children, ``U`` for the other priority groups, empty for everybody else."""
    return "E" if "child" in priority else "U" if priority else ""


def called_by(day: Day, visit: Visit, now: datetime) -> str:
    """The id of the desk that called this visit to where it waits now and still holds it, or empty."""
    station = visit.waits_for
    for desk, at in reversed(visit.called_at):
        if _station(day, desk) == station:
            return desk if visit.since <= at and now - at < CALL_HOLDS else ""
    return ""


def ordered_for(day: Day, station: str, now: datetime) -> list[Visit]:
    """Everybody who waits at a station: first those a desk has called, then the line in its order."""
    called, line = _waiting(day, station, now)
    return [*(visit for _, visit in called), *line]


def board(day: Day, now: datetime) -> list[BoardRow]:
    """All desks but the registrars', in the order of the stations and of their names. Where the camp has several kits
    each with desks of its own, a station's desks are those that have called somebody here, once one of them has."""
    rows = []
    here = {desk for visit in day.came for desk, _ in visit.called_at} if len(day.plan.kits) > 1 else set()
    for station in kinds.STATIONS[1:]:
        called, line = _waiting(day, station, now)
        called.sort(key=lambda pair: pair[1].called_at[-1][1])  # a desk shows whom it called last
        by_desk = {desk: visit.person.ticket for desk, visit in called}
        tickets = [visit.person.ticket for visit in line[:NEXT_SHOWN]]
        minutes = _minutes(day, station, len(line), now)
        desks = [desk for desk in day.plan.desks.values() if desk.station == station]
        desks = [desk for desk in desks if desk.id in here] or desks
        rows += [
            BoardRow(desk, by_desk.get(desk.id, ""), tickets, minutes)
            for desk in sorted(desks, key=lambda one: (one.name, one.id))
        ]
    return rows


def _waiting(day: Day, station: str, now: datetime) -> tuple[list[tuple[str, Visit]], list[Visit]]:
    """Who waits at a station: those called, each with the desk, and the line of the others."""
    here = [(called_by(day, visit, now), visit) for visit in day.came if visit.waits_for == station]
    called = [(desk, visit) for desk, visit in here if desk]
    return called, _line(day, station, [visit for desk, visit in here if not desk])


def _line(day: Day, station: str, waiting: list[Visit]) -> list[Visit]:
    waiting = sorted(waiting, key=lambda visit: (visit.since, visit.id.bytes))
    first = [visit for visit in waiting if visit.person.priority][::-1]
    others = [visit for visit in waiting if not visit.person.priority][::-1]
    row, line = _in_a_row(day, station), []
    while first or others:
        if first and (row < PRIORITY_IN_A_ROW or not others):
            line.append(first.pop())
            row += 1
        else:
            line.append(others.pop())
            row = 0
    return line


def _in_a_row(day: Day, station: str) -> int:
    """How many priority people had their turn at a station since the last of the others."""
    turns = sorted(_turns(day, station), key=lambda turn: turn[0], reverse=True)
    row = 0
    for _, visit in turns:
        if not visit.person.priority:
            break
        row += 1
    return row


def _turns(day: Day, station: str) -> Iterator[tuple[datetime, Visit]]:
    """When each visit had its turn at a station: its first call there, else when it was served. An answer to a call
    that lapsed is the same turn, so going back into the line takes no one's."""
    desks = {desk.id for desk in day.plan.desks.values() if desk.station == station}
    for visit in day.came:
        turns = [*visit.served_at[station], *(at for desk, at in visit.called_at if desk in desks)]
        if turns:
            yield min(turns), visit


def _minutes(day: Day, station: str, waiting: int, now: datetime) -> int | None:
    """The line's length at the pace of the last served, whole minutes rounded up; the time since the last one counts
    as soon as it is longer than that pace."""
    served = sorted(at for visit in day.came for at in visit.served_at[station])[-LAST_SERVED:]
    gaps = [after - before for before, after in pairwise(served) if after - before < PAUSE]
    if len(gaps) < 3:
        return None
    pace = sum(gaps, timedelta()) / len(gaps)
    idle = now - served[-1]
    if pace < idle < PAUSE:
        pace = (pace * len(gaps) + idle) / (len(gaps) + 1)
    return -int(-(pace * waiting).total_seconds() // 60)


def _station(day: Day, desk: str) -> str:
    known = day.plan.desks.get(desk)
    return known.station if known else ""
