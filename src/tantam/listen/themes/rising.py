"""Which themes more people say now than in the weeks before: an honest test, or "not enough".

What is compared is the share of all who spoke, so that listening to more files is no rise. Given all the people who
said a theme, those of the last seven days are binomial if nothing changed (Przyborowski and Wilenski 1940). But people
speak in bursts: the weeks before differ among themselves by more than chance. By that excess (Pearson's chi-square over
its degrees of freedom; the largest of the theme's own, that of the themes together, and one between the two) counts are
divided, as Rao and Scott (1992) do, and the test takes its quantile from Student's t, because the excess is itself only
estimated. Over all themes by Holm (1979): where nothing changed, at most one run in twenty tells of any rise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WEEKS_BEFORE = 8
"""Weeks that the last seven days are compared with, where the readings go back so far."""

LEAST_WEEKS = 4
LEAST_PEOPLE = 20
LEAST_LAST = 5
"""Not enough: fewer than 4 whole weeks before, fewer than 20 people in all, or fewer than 5 in the last seven days."""

LEVEL = 0.05

_PRIOR = 2
"""How many degrees of freedom the other themes lend to one theme's excess."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rise:
    """One theme: people in the last seven days and in the weeks before, the ratio of their shares of all who spoke
    with its 95 % interval (None where nobody said it before), Holm's p, the excess, and the answer."""

    last: int
    before: int
    weeks: int
    ratio: float | None
    low: float | None
    high: float | None
    p: float
    excess: float
    rising: bool


def whole_weeks(first: int, last: int) -> int:
    """How many whole weeks to compare with lie before the seven days that end with ``last``, if the first day of all is
    ``first``: at most :data:`WEEKS_BEFORE`, never below 0."""
    return max(0, min(WEEKS_BEFORE, (last - first + 1) // 7 - 1))


def rises(people: NDArray[np.int64], spoke: NDArray[np.int64]) -> list[Rise | None]:
    """The answer for each theme, None for "not enough". ``people`` [k, 1 + weeks] counts people who said each theme in
    the last seven days and in each whole week before them, the latest first; ``spoke`` [1 + weeks] all who spoke."""
    answers: list[Rise | None] = [None] * len(people)
    heard = np.flatnonzero(spoke[1:] > 0) + 1
    if len(heard) < LEAST_WEEKS or spoke[0] == 0:
        return answers
    last, weeks = people[:, 0].astype(np.float64), people[:, heard].astype(np.float64)
    tested = np.flatnonzero((last + weeks.sum(axis=1) >= LEAST_PEOPLE) & (last >= LEAST_LAST))
    if not len(tested):
        return answers
    last, weeks = last[tested], weeks[tested]
    exposed, others = float(spoke[0]), spoke[heard].astype(np.float64)
    excess = _excess(weeks, others)
    p = _holm(_p(last, weeks.sum(axis=1), exposed / (exposed + others.sum()), excess, len(heard)))
    before = weeks.sum(axis=1)
    low, high = _interval(last / excess, before / excess, others.sum() / exposed, len(heard))
    for i, k in enumerate(tested.tolist()):
        known = before[i] > 0
        answers[k] = Rise(
            last=int(last[i]),
            before=int(before[i]),
            weeks=len(heard),
            ratio=float(last[i] / before[i] * others.sum() / exposed) if known else None,
            low=float(low[i]),
            high=float(high[i]) if known else None,
            p=float(p[i]),
            excess=float(excess[i]),
            rising=bool(p[i] < LEVEL),
        )
    return answers


def _excess(weeks: Floats, spoke: Floats) -> Floats:
    """By how much the weeks before differ more than chance would have it, at least 1: [k]."""
    from scipy.stats import chi2

    free = weeks.shape[1] - 1
    expected = weeks.sum(axis=1)[:, None] * spoke / spoke.sum()
    own = ((weeks - expected) ** 2 / np.maximum(expected, 1e-9)).sum(axis=1) / free
    together = max(1.0, float(np.median(own) / (chi2.median(free) / free)))
    between = (_PRIOR * together + free * own) / (_PRIOR + free)
    return np.maximum(np.maximum(own, between), together)


def _p(last: Floats, before: Floats, share: float, excess: Floats, weeks: int) -> Floats:
    """The chance of so many in the last seven days, or more, if nothing changed; [k]."""
    from scipy.special import betainc
    from scipy.stats import norm, t

    binomial = betainc(last / excess, before / excess + 1, share)
    return np.asarray(t.sf(norm.isf(binomial), weeks - 1 + _PRIOR))


def _interval(last: Floats, before: Floats, exposure: float, weeks: int) -> tuple[Floats, Floats]:
    """Clopper and Pearson's interval of the ratio, 95 %, as wide as Student's t asks for."""
    from scipy.stats import beta, norm, t

    tail = float(norm.sf(t.isf(0.025, weeks - 1 + _PRIOR)))
    low = beta.ppf(tail, last, before + 1)
    high = beta.isf(tail, last + 1, np.maximum(before, 1e-9))
    ends = low / (1 - low), high / np.maximum(1 - high, 1e-12)
    return np.asarray(ends[0] * exposure), np.asarray(ends[1] * exposure)


def _holm(p: Floats) -> Floats:
    """Holm's adjusted p."""
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(stepped, 1)
    return adjusted
