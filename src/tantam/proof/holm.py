"""Many questions at once: Holm's step-down correction, with intervals that agree with its verdicts.

Holm, Scandinavian Journal of Statistics 6, 1979: with ``m`` questions the smallest p is held against α/m,
the next against α/(m − 1), and so on until one fails; from there on none is called a difference. The
chance of even one false verdict among the ``m`` stays below α, however the questions hang together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tantam.proof.uplift import ALPHA, Difference


@dataclass(frozen=True)
class Step:
    """One question after correction: ``p`` adjusted, and the ``alpha`` its interval is drawn at."""

    p: float
    alpha: float


def holm(p: Sequence[float], alpha: float = ALPHA) -> list[Step]:
    """Holm's correction of ``p``, in the order given; equal p's get equal answers.

    An interval at level 1 − ``Step.alpha`` leaves zero out exactly where ``Step.p`` ≤ ``alpha``: where a
    question passes, it is drawn at its own step; where it does not, at the step at which the first one
    failed.
    """
    values = np.asarray(p, np.float64)
    order = np.sort(values)
    steps = values.size - np.arange(values.size)
    adjusted = np.minimum(1.0, np.maximum.accumulate(order * steps))
    failed = np.flatnonzero(order > alpha / steps)
    last = int(failed[0]) if failed.size else values.size - 1
    rank = np.searchsorted(order, values, side="left")
    return [Step(float(adjusted[r]), alpha / int(steps[min(int(r), last)])) for r in rank]


FIGURES = ("effect", "low", "high", "adjusted_low", "adjusted_high", "p", "p_adjusted", "covariates")
"""The numbers of an answer, as proof.json names them."""


def figures(found: Difference, step: Step) -> dict[str, float]:
    """The numbers of an answer: as measured, and after correction."""
    numbers = (
        found.effect,
        *found.interval(),
        *found.interval(step.alpha),
        found.p,
        step.p,
        found.covariates,
    )
    return dict(zip(FIGURES, numbers, strict=True))
