"""Do fewer people say it since we changed something: the weeks before against the weeks after, with an interval, or
"not enough".

What is compared is the share of a theme in all that was said, so that listening more, or less, is no effect. Given all
opinions on the theme, those after the change are binomial if nothing changed (Przyborowski and Wilenski 1940). By the
excess of the weeks over chance (Pearson's chi-square around each side's own mean, over its degrees of freedom) counts
are divided, and the interval takes its quantile from Student's t: as :mod:`tantam.listen.themes.rising` does. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST_WEEKS = 8
"""Whole weeks that are looked at on either side of the change."""
LEAST_WEEKS, LEAST_SAID = 4, 20
"""Not enough: fewer whole weeks on a side, or fewer opinions on the theme in all of them."""


@dataclass(frozen=True)
class Effect:
    """The ratio of the theme's share after a change to the one before, with its 95 % interval; ``high`` is None where
    it has no end (nobody said it before, or in bursts so strong that nothing is known)."""

    before: int
    after: int
    ratio: float | None
    low: float
    high: float | None

    @property
    def verdict(self) -> str:
        """``less``, ``more``, or ``same`` (no difference was seen)."""
        if self.high is not None and self.high < 1:
            return "less"
        return "more" if self.low > 1 else "same"


def effect(before: Sequence[int], after: Sequence[int], heard: tuple[int, int]) -> Effect | None:
    """Opinions on the theme in each whole week before and after, and all opinions heard in those weeks on either side.

    None for "not enough": fewer than 4 weeks or nothing heard on a side, or fewer than 20 opinions on the theme.
    """
    x, y = sum(before), sum(after)
    if min(len(before), len(after)) < LEAST_WEEKS or x + y < LEAST_SAID or min(heard) <= 0:
        return None
    from scipy.special import betaincinv, ndtr, stdtrit

    free = len(before) + len(after) - 2
    excess = max(1.0, (_spread(before) + _spread(after)) / free)
    tail = float(ndtr(-stdtrit(free, 0.975)))
    a, b, exposure = y / excess, x / excess, heard[0] / heard[1]
    low = float(betaincinv(a, b + 1, tail)) if y else 0.0
    high = float(betaincinv(a + 1, b, 1 - tail)) if x else 1.0
    return Effect(
        before=x,
        after=y,
        ratio=y / x * exposure if x else None,
        low=low / (1 - low) * exposure,
        high=high / (1 - high) * exposure if high < 1 else None,
    )


def _spread(weeks: Sequence[int]) -> float:
    """Pearson's chi-square of equal weeks around their own mean."""
    mean = sum(weeks) / len(weeks)
    return sum((week - mean) ** 2 for week in weeks) / mean if mean else 0.0
