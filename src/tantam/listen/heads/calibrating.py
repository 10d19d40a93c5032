"""From margins to probabilities, on texts that the machine at hand has not been trained on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Calibrated:
    """``slope``, ``offset`` and ``cut`` of each label, as :class:`~tantam.listen.heads.model.Head` has them, and the
    answers that they give for the held-out texts: the likeliest label int64 [n], those that hold bool [n, labels], and
    the probability of the likeliest float64 [n]."""

    slope: Floats
    offset: Floats
    cut: Floats
    likeliest: NDArray[np.int64]
    on: NDArray[np.bool_]
    p: Floats


def calibrated(held: Floats, truth: NDArray[np.bool_], several: bool) -> Calibrated:
    """From margins of held-out texts (float64 [n, columns]) and which labels hold (bool [n, labels]) to probabilities.

    Where several labels hold each has its own curve (Platt 1999) and its own cut; where one alone holds, the chance
    that the best label is right rises with its margin over the next, by one slope for the head and an offset a label.
    """
    count, labels = truth.shape
    everyone = np.arange(count)
    if several:
        fits = [_logistic(held[:, [k]], truth[:, k]) for k in range(labels)]
        slope, offset = (np.array([fit[i] for fit in fits]) for i in (0, 1))
        cut = np.array([_best_cut(held[:, k], truth[:, k]) for k in range(labels)])
        logits = slope * held + offset
        likeliest = logits.argmax(axis=1)
        on = held >= cut
        on[everyone, likeliest] = True
        return Calibrated(slope, offset, cut, likeliest, on, _chance(logits[everyone, likeliest]))
    margins = np.column_stack([-held, held]) if labels == 2 else held
    likeliest = margins.argmax(axis=1)
    best = np.sort(margins, axis=1)
    ahead = best[:, -1] - best[:, -2]
    chosen = np.eye(labels, dtype=np.bool_)[likeliest]
    right = truth[everyone, likeliest]
    # Two texts on the very border, one right and one wrong, so that there is a slope where all are right.
    seen = np.vstack([np.column_stack([ahead, chosen]), np.zeros((2, 1 + labels))])
    gap, *offsets = _logistic(seen, np.append(right, [True, False]))
    offset = np.array(offsets[:-1]) + offsets[-1]
    slope = np.full(labels, gap)
    logit = gap * ahead + offset[likeliest]
    return Calibrated(slope, offset, np.zeros(labels), likeliest, chosen, _chance(logit))


def _logistic(features: Floats, right: NDArray[np.bool_]) -> list[float]:
    """The coefficients of a mildly ridged logistic regression, and its intercept last."""
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(solver="newton-cholesky").fit(features, right)
    return [*fitted.coef_[0].tolist(), float(fitted.intercept_[0])]


def _best_cut(margin: Floats, holds: NDArray[np.bool_]) -> float:
    """The margin from which calling the label gives the best F1 on held-out texts."""
    order = np.argsort(-margin, kind="stable")
    hits = np.cumsum(holds[order])
    f1 = 2 * hits / (np.arange(1, margin.size + 1) + holds.sum())
    best = int(f1.argmax())
    after = margin[order[best + 1]] if best + 1 < margin.size else margin[order[best]]
    return float((margin[order[best]] + after) / 2)


def _chance(logit: Floats) -> Floats:
    return 1 / (1 + np.exp(-logit))
