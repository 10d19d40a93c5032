"""What votes say: a score with its interval, the months in which it moved, and the places that stand apart. Pure.

``nps``: 0 to 10, the share of 9 and 10 less the share of 0 to 6, in points from −100 to 100. ``csat``: 1 to 5, the
share of 4 and 5 in percent. ``choice``: one of some names by its number from 1, the share of each in percent.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from statistics import NormalDist, fmean, variance

from tantam.letters import fold
from tantam.office.quality.rules import wilson

KINDS = {
    "nps": ("Giới thiệu cho người khác (0–10)", "Would recommend us (0 to 10)"),
    "csat": ("Hài lòng (1–5)", "Content (1 to 5)"),
    "choice": ("Chọn một", "Choose one"),
}
SCALES = {"nps": range(11), "csat": range(1, 6)}
"""What may be answered; to a choice, the number of a name, from 1."""
PROMOTERS, DETRACTORS, CONTENT = range(9, 11), range(7), range(4, 6)

_NUMBER = re.compile(
    r"\s*(?:(?:điểm|diem)\s*:?\s*)?(?P<answer>\d{1,2})(?:\s*/\s*(?P<of>\d{1,2}))?(?:\s*(?:điểm|diem|đ)\b)?"
    r"(?![\w%/]|[.,:-]\d)[\s.,;:!–-]*",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"ngay|hom|tuan|thang|nam|lan|gio|h|phut|giay|dem|buoi|[gm]b|g|k|nghin|ngan|trieu|dong|d|vnd|cuoc|tin|so|nguoi|goi"
    r"|may|sim|phan|nha|thue|cot|vach|ban|chiec|cai"
)
"""What follows a number that is no score but counts something."""

FEW = 30
"""Votes below which a score is shown as its interval alone."""

_NORMAL = NormalDist()
_Z = _NORMAL.inv_cdf(0.975)
BEFORE = 6
"""Months that must lie before one that is judged."""

RARE = 0.01
"""How often a month that is like those before it is still called a move: once in a hundred months judged."""


Votes = dict[tuple[date, str], Counter[int]]
"""Month (its first day) and place → how many gave each answer."""


@dataclass(frozen=True)
class Score:
    """A score with its 95 % interval, all in points or percent; None where nobody voted."""

    n: int
    value: float | None
    low: float | None
    high: float | None

    @property
    def few(self) -> bool:
        """Whether there are too few votes to name one figure."""
        return self.n < FEW


@dataclass(frozen=True)
class Move:
    """A month whose score lies outside what the months before it led to expect (``low`` to ``high``)."""

    month: date
    value: float
    before: float
    low: float
    high: float


@dataclass(frozen=True)
class Heard:
    """A text that is a vote: its answer, and what else it says ("" where nothing)."""

    answer: int
    more: str


def begins_with_number(text: str) -> bool:
    """Whether a text may be a vote at all."""
    return _NUMBER.match(text) is not None


def heard(text: str, answers: range) -> Heard | None:
    """A text as a vote: it begins with a number that may be answered (“9”, “9/10”, “điểm 8”, “7 vì mạng hay rớt”).

    A number that counts something (“5 ngày nay mất sóng”) is none, nor is one of another scale (“9/5”).
    """
    found = _NUMBER.match(text)
    if found is None or int(found["answer"]) not in answers:
        return None
    if found["of"] and int(found["of"]) != answers[-1]:
        return None
    more = text[found.end() :].strip()
    first = fold(more.split()[0]) if more else ""
    return None if _COUNTED.fullmatch(first) else Heard(int(found["answer"]), more)


def score(kind: str, counts: Mapping[int, int], choice: int = 1) -> Score:
    """The score of so many votes by answer; of a ``choice``, the share of that one.

    The interval of a net score is the adjusted Wald interval of Rocks (The American Statistician 70:4, 2016): three
    made-up votes, of which half stand in the middle. Shares have Wilson's interval (1927).
    """
    n = sum(counts.values())
    if n == 0:
        return Score(0, None, None, None)
    if kind != "nps":
        good = sum(counts.get(answer, 0) for answer in (CONTENT if kind == "csat" else (choice,)))
        low, high = wilson(good, n)
        return Score(n, 100 * good / n, 100 * low, 100 * high)
    up = sum(counts.get(answer, 0) for answer in PROMOTERS)
    down = sum(counts.get(answer, 0) for answer in DETRACTORS)
    share_up, share_down = (up + 0.75) / (n + 3), (down + 0.75) / (n + 3)
    middle = share_up - share_down
    half = _Z * sqrt((share_up + share_down - middle**2) / (n + 3))
    least, most = 100 * max(middle - half, -1.0), 100 * min(middle + half, 1.0)
    value = 100 * (up - down) / n
    return Score(n, value, min(least, value), max(most, value))


def by_month(kind: str, votes: Votes, choice: int = 1) -> list[tuple[date, Score]]:
    """The score of each month, oldest first."""
    months: dict[date, Counter[int]] = {}
    for (month, _), counts in votes.items():
        months.setdefault(month, Counter()).update(counts)
    return [(month, score(kind, counts, choice)) for month, counts in sorted(months.items())]


def by_place(votes: Votes) -> dict[str, Counter[int]]:
    """The votes of each place over all months."""
    places: dict[str, Counter[int]] = {}
    for (_, place), counts in votes.items():
        places.setdefault(place, Counter()).update(counts)
    return places


def moves(months: Sequence[tuple[date, Score]]) -> list[Move]:
    """The months in which a score left its own past, in their order.

    Each month with at least :data:`BEFORE` months before it is held against what they predict for one more (Student's
    prediction interval, as wide as :data:`RARE` asks; months differ by more than their votes' chance, so the spread is
    that of the months, and at least that of the votes). After a move the past begins anew, so that one fall is told
    once. Months without votes are left out.
    """
    found: list[Move] = []
    past: list[Score] = []
    for month, now in months:
        if now.value is None:
            continue
        if len(past) >= BEFORE:
            expected, half = _expected(past)
            if abs(now.value - expected) > half:
                found.append(Move(month, now.value, expected, expected - half, expected + half))
                past = []
        past.append(now)
    return found


def apart(kind: str, places: Mapping[str, Mapping[int, int]]) -> dict[str, Score]:
    """The places that differ from all others together by more than chance: place → its score.

    As many places are looked at as there are, so Holm's rule (1979) keeps the chance of naming any wrongly at 5 %.
    """
    total: dict[int, int] = {}
    for counts in places.values():
        for answer, count in counts.items():
            total[answer] = total.get(answer, 0) + count
    odds: list[tuple[float, str]] = []
    for place, counts in places.items():
        rest = {answer: count - counts.get(answer, 0) for answer, count in total.items()}
        if sum(counts.values()) and sum(rest.values()):
            (mine, my_error), (theirs, their_error) = _mean(kind, counts), _mean(kind, rest)
            apart = abs(mine - theirs) / sqrt(my_error**2 + their_error**2)
            odds.append((2 * _NORMAL.cdf(-apart), place))
    named: dict[str, Score] = {}
    for at, (chance, place) in enumerate(sorted(odds)):
        if chance > 0.05 / (len(odds) - at):
            break
        named[place] = score(kind, places[place])
    return named


def _expected(past: Sequence[Score]) -> tuple[float, float]:
    """What the past predicts for one more month, and how far off it may be."""
    from scipy.special import stdtrit  # takes a while to import, and who takes in votes needs none of it

    values = [one.value for one in past if one.value is not None]
    by_chance = fmean(((one.high or 0.0) - (one.low or 0.0)) ** 2 for one in past) / (2 * _Z) ** 2
    spread = sqrt(max(variance(values), by_chance) * (1 + 1 / len(values)))
    return fmean(values), float(stdtrit(len(values) - 1, 1 - RARE / 2)) * spread


def _mean(kind: str, counts: Mapping[int, int]) -> tuple[float, float]:
    """A score as a mean of votes of −1, 0 and 1 (or 0 and 1) and its standard error, steadied as in :func:`score`."""
    n = sum(counts.values()) + 3
    up = sum(counts.get(answer, 0) for answer in (PROMOTERS if kind == "nps" else CONTENT)) + 0.75
    down = sum(counts.get(answer, 0) for answer in DETRACTORS) + 0.75 if kind == "nps" else 0.0
    mean = (up - down) / n
    return mean, sqrt(((up + down) / n - mean**2) / n)
