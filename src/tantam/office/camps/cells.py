"""Counts that may be shown: no cell of fewer than five people, and none that the others give away. Pure.

A table whose rows add up to a shown total (villages) pools its small rows, and more of them until no hidden row can
be worked out: with ``s`` the pool less the least that its rows can hold (1 for a small one, 5 for another), a hidden
row can be read off only where ``s`` is 0, or where every row is small and holds its most. A table whose rows overlap
(findings, groups) hides a row also where fewer than five are *not* of it, and shows no sum over its rows. Hidden rows
have no name, so that none and a few look the same. (Primary and complementary suppression as in Hundepool et al.,
Statistical Disclosure Control, 2012, chapter 4.)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SMALLEST = 5
"""People in the smallest cell that is shown."""


@dataclass(frozen=True)
class Shown:
    """Rows that may be shown, the most first; ``pooled``: people of the rows that may not, None where that is not
    shown either."""

    rows: list[tuple[str, int]]
    pooled: int | None = None


def parts(counts: Mapping[str, int]) -> Shown:
    """Rows that split a shown total: each person is in one."""
    rows = sorted(((name, n) for name, n in counts.items() if n), key=lambda row: (-row[1], row[0]))
    hidden = [n for _, n in rows if n < SMALLEST]
    shown = [row for row in rows if row[1] >= SMALLEST]
    while shown and hidden and _can_be_worked_out(hidden):
        # All rows of one size go together: which of two alike is hidden must not hang on a name.
        least = shown[-1][1]
        hidden += [n for _, n in shown if n == least]
        shown = [row for row in shown if row[1] > least]
    return Shown(shown, sum(hidden) if hidden else None)


def overlapping(counts: Mapping[str, int], people: int) -> Shown:
    """Rows that people may be in several of, or none, among ``people`` in all; no sum over them may be shown."""
    rows = [(name, n) for name, n in counts.items() if n >= SMALLEST and (people - n) >= SMALLEST]
    return Shown(sorted(rows, key=lambda row: (-row[1], row[0])))


def total(people: int) -> int | None:
    """A total, unless it is small itself."""
    return people if people == 0 or people >= SMALLEST else None


def _can_be_worked_out(hidden: list[int]) -> bool:
    pool, small = sum(hidden), sum(n < SMALLEST for n in hidden)
    least = small + SMALLEST * (len(hidden) - small)
    if pool < SMALLEST or pool == least or len(hidden) == 1:
        return True
    return small == len(hidden) and pool == (SMALLEST - 1) * small
