"""A made-up year, played in the order of its moments: every act is done through its room, at its own time.

Acts are done in order of time, so the journal of the made-up office reads as one that was kept day by day.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import TypeVar

import numpy as np

from tantam.clock import HANOI

T = TypeVar("T")
Act = Callable[[datetime], None]


class Lots:
    """Everything that is left to chance, from one seed."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng([seed, 0x0FF1CE])

    def pick(self, among: Sequence[T]) -> T:
        """One of these."""
        return among[int(self._rng.integers(len(among)))]

    def share(self) -> float:
        """A number from 0 to 1."""
        return float(self._rng.random())

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return int(self._rng.integers(low, high + 1))

    def some(self, among: Sequence[T], count: int) -> list[T]:
        """So many different ones, in an order of chance."""
        return [among[int(i)] for i in self._rng.permutation(len(among))[:count]]


class Agenda:
    """What will happen up to ``until``; what would happen later does not."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        self._waiting: list[tuple[datetime, int, Act]] = []
        self._number = 0

    def put(self, at: datetime, act: Act) -> None:
        """Have an act done at a moment; acts of one moment keep the order they were put in."""
        if at <= self.until:
            heapq.heappush(self._waiting, (at, self._number, act))
            self._number += 1

    def play(self, seal: Act, progress: Callable[[float], None]) -> int:
        """Do everything, a month in one transaction, and seal the journal after each; gives how many acts."""
        from django.db import transaction

        done, start = 0, self._waiting[0][0]
        while self._waiting:
            month = self._waiting[0][0].astimezone(HANOI).strftime("%Y-%m")
            at = self._waiting[0][0]
            with transaction.atomic():
                while self._waiting and self._waiting[0][0].astimezone(HANOI).strftime("%Y-%m") == month:
                    at, _, act = heapq.heappop(self._waiting)
                    act(at)
                    done += 1
            seal(at)
            progress((at - start) / (self.until - start))
        return done


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """An hour of a day in Vietnam."""
    return datetime.combine(day, time(hour, minute), HANOI)


def working(day: date) -> date:
    """The same day, or the Monday after a weekend."""
    return day + timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))


def working_before(day: date) -> date:
    """The same day, or the Friday before a weekend."""
    return day - timedelta(days={5: 1, 6: 2}.get(day.weekday(), 0))
