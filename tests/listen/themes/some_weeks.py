"""Made-up weeks in which nothing changes but by chance, of six kinds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

KINDS = ("chance", "bursts", "some bursts", "all sorts", "moods", "drift")
"""People come singly; in bursts (three times the variance of chance); in every tenth theme in bursts of ten; each theme
in its own way up to eight; every week up or down by a third; a rate that wanders by a tenth a week."""

Ints = NDArray[np.int64]


def week_by_week(lot: np.random.Generator, kind: str, weeks: int, themes: int = 30) -> tuple[Ints, Ints]:
    """People of themes and all who spoke, the last seven days first, where nothing changes but by chance."""
    spoke = np.exp(lot.normal(9, 0.25, weeks + 1))
    mean = np.exp(lot.uniform(np.log(1), np.log(200), themes))[:, None] * spoke / spoke.mean()
    excess = np.ones(themes)
    if kind == "bursts":
        excess[:] = 3
    elif kind == "some bursts":
        excess = np.where(lot.random(themes) < 0.1, 10.0, 1.0)
    elif kind == "all sorts":
        excess = np.exp(lot.uniform(0, np.log(8), themes))
    elif kind == "moods":
        mean = mean * np.exp(lot.normal(0, 0.3, mean.shape))
    elif kind == "drift":
        mean = mean * np.exp(np.cumsum(lot.normal(0, 0.1, mean.shape), axis=1))
    shape = np.maximum(mean / np.maximum(excess - 1, 1e-6)[:, None], 1e-9)
    counts = np.where(
        excess[:, None] > 1, lot.negative_binomial(shape, 1 / excess[:, None]), lot.poisson(mean)
    )
    return counts.astype(np.int64), spoke.astype(np.int64)
