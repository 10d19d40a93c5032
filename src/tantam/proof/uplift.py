"""Did it help, in numbers: the difference in means of two randomised arms, with an interval that keeps
its word.

History sharpens the answer: each arm's mean is read off a regression on what was known before, at the
average of both arms (Lin, Annals of Applied Statistics 7, 2013: the same as one regression in which
treatment meets every centred covariate). Nothing about the regression needs to be true for the interval
to hold, because the arms were drawn by lot.

Amounts get Welch's interval with robust variances: HC2, which is Welch's own, without covariates, HC3
with. An outcome of two values gets each arm's Wilson interval, at the number of people its adjusted
variance is worth, put together as Newcombe does (Statistics in Medicine 17, 1998, method 10): so a rare
event, or none among 100, still gets an interval that covers. How these were chosen, and what they cover,
is in docs/why/proof-and-honesty.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtri, stdtrit

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

LEAST = 100
"""Subscribers in each arm below which nothing is said."""
ALPHA = 0.05
PEOPLE_A_COVARIATE = 20
"""The smaller arm carries one covariate for so many people."""
EVENTS_A_COVARIATE = 10
"""And where the outcome has two values, one for so many people of the rarer value in either arm."""
_ALONE = 0.5
"""A covariate in which one person carries more than this share of an arm's variation is left out."""
_LEAST_LOG_P = np.log(1e-15)


@dataclass(frozen=True)
class Mean:
    """One arm: people, adjusted mean, the mean's variance and its degrees of freedom."""

    n: int
    mean: float
    variance: float
    freedom: float

    def wilson(self, z: float) -> tuple[float, float]:
        """Wilson's limits of a share, at the number of people without history who would know it as well."""
        share = min(max(self.mean, 0.0), 1.0)
        spread = share * (1 - share)
        n = spread / self.variance + 1 if self.variance > 0 and spread > 0 else float(self.n)
        middle = (share + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * np.sqrt(spread / n + (z / (2 * n)) ** 2)
        return min(share, middle - half), max(share, middle + half)


@dataclass(frozen=True)
class Difference:
    """What the treated have over the control. ``two`` says that the outcome has two values, ``unit``
    apart; the arms then hold shares of the higher one.
    """

    treated: Mean
    control: Mean
    two: bool
    unit: float
    covariates: int

    @property
    def effect(self) -> float:
        """In the outcome's own unit."""
        return self.unit * (self.treated.mean - self.control.mean)

    def interval(self, alpha: float = ALPHA) -> tuple[float, float]:
        """The two-sided interval at level 1 − ``alpha``."""
        return self._newcombe(alpha) if self.two else self._welch(alpha)

    def _welch(self, alpha: float) -> tuple[float, float]:
        arms = (self.treated, self.control)
        variance = sum(arm.variance for arm in arms)
        if variance == 0:
            return self.effect, self.effect
        freedom = variance**2 / sum(arm.variance**2 / arm.freedom for arm in arms)
        half = -float(stdtrit(freedom, alpha / 2)) * float(np.sqrt(variance)) * self.unit
        return self.effect - half, self.effect + half

    def _newcombe(self, alpha: float) -> tuple[float, float]:
        z = -float(ndtri(alpha / 2))
        low1, high1 = self.treated.wilson(z)
        low0, high0 = self.control.wilson(z)
        share1, share0 = self.treated.mean, self.control.mean
        down = np.hypot(share1 - low1, high0 - share0)
        up = np.hypot(high1 - share1, share0 - low0)
        return self.effect - self.unit * float(down), self.effect + self.unit * float(up)

    @property
    def p(self) -> float:
        """The level at which the interval just touches zero, so that a verdict and its interval never
        disagree.
        """
        if self.effect == 0:
            return 1.0
        side = 0 if self.effect > 0 else 1

        def beyond(log_alpha: float) -> float:
            bound = self.interval(float(np.exp(log_alpha)))[side]
            return bound if side == 0 else -bound

        if beyond(_LEAST_LOG_P) >= 0:
            return float(np.exp(_LEAST_LOG_P))
        return float(np.exp(brentq(beyond, _LEAST_LOG_P, 0.0, xtol=1e-10)))


def enough(outcome: Floats, treated: Bools) -> bool:
    """Whether anything may be said: at least :data:`LEAST` in each arm, and an outcome that varies."""
    given = int(treated.sum())
    return min(given, outcome.size - given) >= LEAST and bool(outcome.min() < outcome.max())


def difference(outcome: Floats, treated: Bools, before: Floats | None = None) -> Difference | None:
    """The treated arm's mean minus the control's, or None where :func:`enough` says no.

    ``outcome`` [n] and ``before`` [n, covariates] are finite; columns of ``before`` come the most telling
    first, and as many are used as both arms carry (none that is constant, collinear, or one person's own
    in an arm).
    """
    if not enough(outcome, treated):
        return None
    low, high = float(outcome.min()), float(outcome.max())
    two = bool(((outcome == low) | (outcome == high)).all())
    y = (outcome - low) / (high - low) if two else outcome - outcome.mean()
    arms = (treated, ~treated)
    smallest = min(int(arm.sum()) for arm in arms)
    most = smallest // PEOPLE_A_COVARIATE
    if two:
        rarest = min(min(float(y[arm].sum()), float((1 - y[arm]).sum())) for arm in arms)
        most = min(most, int(rarest) // EVENTS_A_COVARIATE)
    bases = _carried(before, arms, most) if before is not None else (_Basis(treated), _Basis(~treated))
    means = [basis.mean(y) for basis in bases]
    return Difference(means[0], means[1], two, high - low if two else 1.0, bases[0].size)


def filled(column: Floats) -> Floats:
    """A column with its missing values at the mean of the others; all 0 where nothing is known."""
    gone = np.isnan(column)
    return np.where(gone, 0.0 if gone.all() else column[~gone].mean(), column)


class _Basis:
    """The covariates of one arm as orthonormal columns, centred in the arm; ``at`` is where the average of both
    arms lies in each."""

    def __init__(self, arm: Bools, most: int = 0) -> None:
        self.rows = np.flatnonzero(arm)
        self.columns = np.empty((self.rows.size, most), order="F")
        self.at: list[float] = []

    @property
    def size(self) -> int:
        return len(self.at)

    def rest(self, column: Floats) -> tuple[Floats, float] | None:
        """What a column of everybody has beyond those held already, at length 1, and where the average of both
        arms lies in it; None where that is nothing, or one person's own."""
        mine, held, at = column[self.rows], self.columns[:, : self.size], np.array(self.at)
        middle = float(mine.mean())
        rest, place = mine - middle, float(column.mean()) - middle
        whole = float(np.linalg.norm(rest))
        for _ in range(2):  # a second pass makes it orthogonal to the last digit (Parlett 1980)
            lean = held.T @ rest
            rest, place = rest - held @ lean, place - float(lean @ at)
        length = float(np.linalg.norm(rest))
        if length <= 1e-6 * whole or whole <= 1e-9 * float(np.abs(mine).max()) * np.sqrt(mine.size):
            return None
        rest = rest / length
        return None if float((rest**2).max()) > _ALONE else (rest, place / length)

    def hold(self, rest: tuple[Floats, float]) -> None:
        self.columns[:, self.size] = rest[0]
        self.at.append(rest[1])

    def mean(self, outcome: Floats) -> Mean:
        """The arm's mean at the average of both arms by least squares, with its HC2 (no covariates) or HC3 variance."""
        y, held, at = outcome[self.rows], self.columns[:, : self.size], np.array(self.at)
        n, middle = y.size, float(y.mean())
        lean = held.T @ (y - middle)
        left = y - middle - held @ lean
        weight = 1 / n + held @ at
        leverage = 1 / n + (held**2).sum(axis=1)
        scaled = left / (1 - leverage) ** (1.0 if self.size else 0.5)
        variance = float(((weight * scaled) ** 2).sum())
        return Mean(n, middle + float(lean @ at), variance, float(n - self.size - 1))


def _carried(before: Floats, arms: tuple[Bools, Bools], most: int) -> tuple[_Basis, _Basis]:
    """Both arms' bases of the first ``most`` covariates that vary on their own in both."""
    most = min(most, before.shape[1])
    bases = _Basis(arms[0], most), _Basis(arms[1], most)
    for column in before.T:
        if bases[0].size == most:
            break
        one, other = (basis.rest(column) for basis in bases)
        if one is not None and other is not None:
            bases[0].hold(one)
            bases[1].hold(other)
    return bases
