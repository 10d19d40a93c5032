"""How well a learned worth tells people apart: the Qini coefficient with its interval, tenths, the slope.

Rank people by what was said of them, best first; treat ever more of them, and add up what that brings a head. The Qini
coefficient is the area between this line and that of a random order (Radcliffe 2007), in the outcome's unit a head. It
equals E[ψ (½ − R)], where ψ is the doubly robust score and R the share of people ranked above, ties counted half: a
U-statistic, so its standard error is that of its projection (Hoeffding 1948), and no draw is needed. A random column
is held to the same measure; its interval should cover zero.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from tantam.keys import bucket
from tantam.proof.uplift import ALPHA
from tantam.proof.worth_learn import HeldOut

Floats = NDArray[np.float64]
Row = dict[str, Any]

TOP = (0.1, 0.2, 0.3)
_Z = -float(ndtri(ALPHA / 2))


def measure(seen: HeldOut, salt: str) -> Row:
    """The figures of one offer or arm, all in the outcome's unit a head, with 95 % intervals: ``effect`` of everybody,
    ``qini``, ``random_qini`` of a column drawn from key and salt, ``slope``, ``top`` shares and ``tenths``.
    """
    lot = replace(seen, said=bucket(seen.key, "worth random", salt).astype(np.float64))
    share = _above(seen)
    return {
        **_interval("effect", *_mean(seen.target)),
        **_interval("qini", *qini(seen)),
        **_interval("random_qini", *qini(lot)),
        **_interval("slope", *slope(seen)),
        "top": [{"share": t, **_interval("effect", *_mean(seen.target[share < t]))} for t in TOP],
        "tenths": [_tenth(seen, share, tenth) for tenth in range(10)],
    }


def qini(seen: HeldOut) -> tuple[float, float]:
    """The Qini coefficient, ranks within each fold, and its standard error."""
    total, parts = 0.0, []
    for fold in np.unique(seen.fold):
        mine = seen.fold == fold
        value, influence = _qini(seen.said[mine], seen.target[mine])
        total += value * mine.sum()
        parts.append(influence)
    n = seen.said.size
    return total / n, float(np.sqrt(np.square(np.concatenate(parts)).sum()) / n)


def _qini(said: Floats, target: Floats) -> tuple[float, Floats]:
    """The coefficient of one order of people, and each one's pull on it (mean 0)."""
    level, place, count = np.unique(said, return_inverse=True, return_counts=True)
    above = (said.size - np.cumsum(count) + count / 2)[place] / said.size
    sums = np.bincount(place, target, level.size)
    below = (np.cumsum(sums) - sums / 2)[place] / said.size
    own = target * (0.5 - above)
    pull = own - below
    return float(own.mean()), pull - pull.mean()


def slope(seen: HeldOut) -> tuple[float, float]:
    """How much of what was told apart within a fold held for people not seen, and its standard error; 0 where nothing
    was told apart.
    """
    said, target = seen.said.copy(), seen.target.copy()
    for fold in np.unique(seen.fold):
        mine = seen.fold == fold
        said[mine] -= said[mine].mean()
        target[mine] -= target[mine].mean()
    spread = float(said @ said)
    if spread <= 1e-12 * max(float(np.square(seen.said).sum()), 1e-300):
        return 0.0, 0.0
    value = float(said @ target) / spread
    return value, float(np.sqrt(np.square(said * (target - value * said)).sum())) / spread


def steady(value: float, error: float) -> float:
    """A slope without the part that noise alone would give it, from 0 to 1 (positive-part shrinking)."""
    return min(value - error * error / value, 1.0) if value > error else 0.0


def _above(seen: HeldOut) -> Floats:
    """The share of its fold that ranks above each, ties in halves."""
    share = np.empty(seen.said.size)
    for fold in np.unique(seen.fold):
        mine = seen.fold == fold
        _, place, count = np.unique(seen.said[mine], return_inverse=True, return_counts=True)
        share[mine] = (mine.sum() - np.cumsum(count) + count / 2)[place] / mine.sum()
    return share


def _tenth(seen: HeldOut, share: Floats, tenth: int) -> Row:
    """One tenth, the best first: what was said of it, and what it showed."""
    mine = np.minimum((share * 10).astype(np.int64), 9) == tenth
    said = float(seen.said[mine].mean()) if mine.any() else None
    return {"n": int(mine.sum()), "said": said, **_interval("effect", *_mean(seen.target[mine]))}


def _mean(target: Floats) -> tuple[float, float]:
    if target.size < 2:
        return float("nan"), float("nan")
    return float(target.mean()), float(target.std(ddof=1) / np.sqrt(target.size))


def _interval(name: str, value: float, error: float) -> Row:
    """A figure and its limits; None where there are too few people for one."""
    if np.isnan(value):
        return {name: None, f"{name}_low": None, f"{name}_high": None}
    return {name: value, f"{name}_low": value - _Z * error, f"{name}_high": value + _Z * error}
