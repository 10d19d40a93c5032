"""The made-up operator's office over the demo's base: offices, staff, a year of promises, gatherings, opinions,
requests.

Everything is done through the rooms' own acts, each at its own moment of the past year, so that its journal is true.
The same seed, day and base give the same office. Import this only once an office is open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction

from tantam.clock import day_of
from tantam.errors import Refused
from tantam.office.journal import actions as journal
from tantam.office.journal.models import Entry
from tantam.office.opinions.models import Opinion
from tantam.office.people.models import Office
from tantam.office.promises.models import Promise
from tantam.sample import office_answers, office_cases
from tantam.sample.office_agenda import Agenda, Lots, moment
from tantam.sample.office_cafes import Cafes, of_the_story
from tantam.sample.office_camp import Camps, MadeUpCamp
from tantam.sample.office_hall import Hall
from tantam.sample.office_people import people_of
from tantam.sample.office_poll import Asking
from tantam.sample.office_quality import Quality
from tantam.sample.office_voices import Voices
from tantam.sample.office_year import Year

DIRECTOR = "lam"
"""Whom the demo signs in: the director of the branch that is about to hold its café."""
MONTHS = 12


@dataclass(frozen=True)
class Played:
    """What was made: how many acts, and how many rows the busiest tables have; the medical camp that is in progress."""

    acts: int
    promises: int
    entries: int
    opinions: int
    camp: MadeUpCamp = field(compare=False, repr=False)


def make(
    home: Path,
    seed: int,
    at: datetime,
    progress: Callable[[float], None] = lambda share: None,
    *,
    months: int = MONTHS,
    listened: str = "",
) -> Played:
    """Fill the opened, migrated and empty office of a home that has a base. Refuses ``office_not_empty``.

    ``months`` (at least 3, so that the story is whole) up to ``at``; what the listening of the name ``listened`` found
    is taken in and answered. A year takes half a minute: five thousand steps, eight thousand entries in the journal.
    """
    if Office.objects.exists():
        raise Refused("office_not_empty", "There is an office in this home already.", "Name another home.")
    lots, agenda = Lots(seed), Agenda(at)
    today = day_of(at)
    first = _first_month(today, months)
    with transaction.atomic():
        operator = people_of(lots, moment(first - timedelta(days=14), 8))
    year = Year(operator, lots, agenda)
    year.own.update(_not_held(today))
    cafes, voices = Cafes(year), Voices(year)
    year.put(first)
    year.put_late_ones(today)
    for cafe in of_the_story(today):
        cafes.put(cafe)
    Hall(year, seed).put(first, today)
    Asking(operator, agenda, home, seed).put(first, today)
    Quality(year, seed).put(first, today)
    office_cases.put(year, home, seed, first, today)
    voices.put_opinions(first, today)
    voices.put_requests(home, first, today)
    camps = Camps(year, seed)
    camps.put(first, today)
    if listened:
        office_answers.put(year, home, listened, at)
    acts = agenda.play(_seal, progress)
    return Played(acts, Promise.objects.count(), Entry.objects.count(), Opinion.objects.count(), camps.today)


def _first_month(today: date, months: int) -> date:
    """The first day of the first of so many months, this one being the last."""
    count = today.year * 12 + today.month - months
    return date(count // 12, count % 12 + 1, 1)


def _not_held(today: date) -> set[tuple[str, int, int]]:
    """Cà Mau's café of last month was not held, and this month's not yet."""
    last = today.replace(day=1) - timedelta(days=1)
    return {("Cà Mau", last.year, last.month), ("Cà Mau", today.year, today.month)}


def _seal(at: datetime) -> None:
    journal.seal(at=at)
