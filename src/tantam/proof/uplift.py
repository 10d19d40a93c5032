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
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtri, stdtrit

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Columns(Protocol):
    """Columns of covariates, float64 [n] each: the rows of an array [covariates, n], or made as they are asked for."""

    def __len__(self) -> int: ...
    def __getitem__(self, at: int, /) -> Floats: ...


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


def difference(outcome: Floats, treated: Bools, before: Columns | None = None) -> Difference | None:
    """What :class:`Arms` say of one outcome."""
    return Arms(treated, before).difference(outcome)


class Arms:
    """Two arms and what was known of them before, to be asked about several outcomes of the same people.

    The columns of ``before`` [n] are finite and come the most telling first. Memory: each arm's people times the
    columns used, 8 bytes each, and a few columns.
    """

    def __init__(self, treated: Bools, before: Columns | None = None) -> None:
        self.treated = treated
        self._before: Columns = np.empty((0, 0)) if before is None else before
        self._asked = 0
        self._bases = _Basis(treated, len(self._before)), _Basis(~treated, len(self._before))

    def difference(self, outcome: Floats) -> Difference | None:
        """The treated arm's mean minus the control's, or None where :func:`enough` says no.

        ``outcome`` [n] is finite. As many covariates are used as both arms carry (none that is constant, collinear,
        or one person's own in an arm).
        """
        if not enough(outcome, self.treated):
            return None
        low, high = float(outcome.min()), float(outcome.max())
        two = bool(((outcome == low) | (outcome == high)).all())
        y = (outcome - low) / (high - low) if two else outcome - outcome.mean()
        most = min(basis.rows.size for basis in self._bases) // PEOPLE_A_COVARIATE
        if two:
            events = [(float(y[basis.rows].sum()), basis.rows.size) for basis in self._bases]
            most = min(most, int(min(min(n, of - n) for n, of in events)) // EVENTS_A_COVARIATE)
        used = self._carried(most)
        treated, control = (basis.mean(y, used) for basis in self._bases)
        return Difference(treated, control, two, high - low if two else 1.0, used)

    def _carried(self, most: int) -> int:
        """Make ready the first ``most`` covariates that vary on their own in both arms; gives how many there are."""
        one, other = self._bases
        while one.size < most and self._asked < len(self._before):
            column = self._before[self._asked]
            self._asked += 1
            in_one, in_other = one.rest(column), other.rest(column)
            if in_one is not None and in_other is not None:
                one.hold(in_one)
                other.hold(in_other)
        return min(one.size, most)


def filled(column: Floats) -> Floats:
    """A column with its missing values at the mean of the others; all 0 where nothing is known."""
    gone = np.isnan(column)
    return np.where(gone, 0.0 if gone.all() else column[~gone].mean(), column)


class _Basis:
    """The covariates of one arm as orthonormal columns, centred in the arm; ``at`` is where the average of both
    arms lies in each."""

    def __init__(self, arm: Bools, most: int) -> None:
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

    def mean(self, outcome: Floats, used: int) -> Mean:
        """The arm's mean at the average of both arms by least squares on the first ``used`` columns, with its HC2 (no
        covariates) or HC3 variance."""
        y, held, at = outcome[self.rows], self.columns[:, :used], np.array(self.at[:used])
        n, middle = y.size, float(y.mean())
        lean = held.T @ (y - middle)
        left = y - middle - held @ lean
        weight = 1 / n + held @ at
        leverage = 1 / n + sum(column**2 for column in held.T)
        scaled = left / (1 - leverage) ** (1.0 if used else 0.5)
        variance = float(((weight * scaled) ** 2).sum())
        return Mean(n, middle + float(lean @ at), variance, float(n - used - 1))
