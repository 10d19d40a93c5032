"""What the opinions of one person led to in a year, in points that anyone can add up. Pure.

For each theme that the person spoke on, once however often: what came after the first word there and in that year. A
theme that was put into another counts as that one. Praise, complaint and money spent bring nothing of themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from tantam.office.words import number, say

ANSWERED, COMMITTED, CHANGED = 1, 3, 5
A_THOUSAND = 1_000
MOST_HELPED = 10


@dataclass(frozen=True)
class Led:
    """What became of one theme (its root) after somebody had spoken on it; ``people``: how many spoke on it."""

    theme: int
    name: str
    answered: bool = False
    committed: bool = False
    changed: bool = False
    people: int = 0


@dataclass(frozen=True)
class Line:
    """The points of one theme, each for its reason."""

    theme: int
    name: str
    answered: int
    committed: int
    changed: int
    helped: int
    people: int

    @property
    def points(self) -> int:
        return self.answered + self.committed + self.changed + self.helped


def lines(led: Iterable[Led]) -> list[Line]:
    """One line for each theme that led to something, the most points first, then by theme. The same theme again, in
    any order, changes nothing."""
    once: dict[int, Led] = {}
    for one in led:
        before = once.get(one.theme, one)
        once[one.theme] = replace(
            min(before, one, key=lambda each: each.name),
            answered=before.answered or one.answered,
            committed=before.committed or one.committed,
            changed=before.changed or one.changed,
            people=max(before.people, one.people),
        )
    found = [line for one in once.values() if (line := _line(one)).points]
    return sorted(found, key=lambda line: (-line.points, line.theme))


def total(found: Iterable[Line]) -> int:
    """All points together."""
    return sum(line.points for line in found)


def reasons(line: Line) -> list[str]:
    """Why the points of one line, in the reader's language: “5 vì việc ấy đã làm xong và công bố”."""
    every = [
        (line.answered, say("vì được trả lời", "because it was answered")),
        (line.committed, say("vì thành lời hứa có ngày", "because it became a dated commitment")),
        (line.changed, say("vì đã làm xong và công bố", "because it was done and published")),
        (line.helped, _helped(line.people)),
    ]
    return [f"{number(points)} {why}" for points, why in every if points]


def as_kept(found: Iterable[Line]) -> list[dict[str, Any]]:
    """The lines as a reward keeps them: the arithmetic of that day, whatever becomes of the themes."""
    return [asdict(line) for line in found]


def of_kept(rows: Iterable[Mapping[str, Any]]) -> list[Line]:
    """What :func:`as_kept` kept, as lines."""
    return [Line(**row) for row in rows]


def _line(one: Led) -> Line:
    return Line(
        theme=one.theme,
        name=one.name,
        answered=ANSWERED * one.answered,
        committed=COMMITTED * one.committed,
        changed=CHANGED * one.changed,
        # Nobody was helped by what is not done yet.
        helped=min(one.people // A_THOUSAND, MOST_HELPED) * one.changed,
        people=one.people,
    )


def _helped(people: int) -> str:
    most = people // A_THOUSAND > MOST_HELPED
    return say(
        "vì giúp được {n} người cùng nói điều ấy{most}",
        "because it helped {n} people who said the same{most}",
        n=number(people),
        most=say(" (cao nhất)", " (the most)") if most else "",
    )
