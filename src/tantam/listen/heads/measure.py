"""How good a head is: F1 against labels that it has not been trained on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tantam.errors import BadInput
from tantam.listen.heads.answering import answer
from tantam.listen.heads.labels import truths
from tantam.listen.heads.model import Head, Model
from tantam.listen.heads.training import encoded


@dataclass(frozen=True)
class Measured:
    """``weighted_f1`` and ``macro_f1`` as fractions from 0 to 1, over the likeliest label (never over “unsure”), or
    over all labels that hold where a head takes several. ``right`` is the share of texts whose likeliest label holds,
    ``right_if_sure`` the same of the texts of which the head is sure, ``sure`` their share. ``f1`` and ``texts``:
    by label. ``unknown`` labels are in the file and not in the head; they count as wrong."""

    head: str
    n: int
    labels: tuple[str, ...]
    weighted_f1: float
    macro_f1: float
    right: float
    sure: float
    right_if_sure: float | None
    right_if_unsure: float | None
    f1: dict[str, float]
    texts: dict[str, int]
    unknown: tuple[str, ...]


def measure(model: Model, texts: Sequence[str], labels: Sequence[str], head: str | None = None) -> Measured:
    """Measure one head of a model; without ``head`` the only one that knows the labels.

    Refuses ``no_such_head``, ``which_head``, ``unknown_label`` (no label of the file is one of the head's) and
    ``no_rows``.
    """
    if not texts:
        raise BadInput("no_rows", "There is no labelled text to measure with.", "Give a file with rows.")
    chosen = model.head(head) if head else _fitting(model, labels)
    names, truth = truths(labels, chosen.labels)
    said = answer(model, encoded(texts))[chosen.name]
    on = np.zeros_like(truth)
    on[:, : len(chosen.labels)] = said.on
    if not truth[:, : len(chosen.labels)].any():
        raise BadInput(
            "unknown_label",
            f"The head “{chosen.name}” knows no label of this file ({', '.join(names[len(chosen.labels) :][:8])}).",
            f"It knows {', '.join(chosen.labels[:8])}. Perhaps another head is meant: --head.",
        )
    f1 = f1_by_label(truth, on)
    counted = truth.any(axis=0) | (on.any(axis=0) if not chosen.several else True)
    held = truth.sum(axis=0)
    right = truth[np.arange(len(texts)), said.label]
    return Measured(
        head=chosen.name,
        n=len(texts),
        labels=names,
        weighted_f1=float(np.average(f1, weights=held)),
        macro_f1=float(f1[counted].mean()),
        right=float(right.mean()),
        sure=float(said.sure.mean()),
        right_if_sure=_mean(right[said.sure]),
        right_if_unsure=_mean(right[~said.sure]),
        f1=dict(zip(names, f1.tolist(), strict=True)),
        texts=dict(zip(names, held.tolist(), strict=True)),
        unknown=names[len(chosen.labels) :],
    )


def f1_by_label(truth: NDArray[np.bool_], on: NDArray[np.bool_]) -> NDArray[np.float64]:
    """2 hits / (2 hits + misses + false alarms) of each column; 0 where there is nothing to hit and no alarm."""
    hits = (truth & on).sum(axis=0)
    return 2 * hits / np.maximum(truth.sum(axis=0) + on.sum(axis=0), 1)


def _fitting(model: Model, labels: Sequence[str]) -> Head:
    if len(model.heads) == 1:
        return model.heads[0]
    names = set(truths(labels)[0])
    fitting = [head for head in model.heads if names <= set(head.labels)]
    if len(fitting) == 1:
        return fitting[0]
    heads = ", ".join(head.name for head in model.heads)
    raise BadInput(
        "which_head",
        f"The model has several heads ({heads}), and the labels do not say which is meant.",
        "Name it: --head NAME.",
    )


def _mean(right: NDArray[np.bool_]) -> float | None:
    return float(right.mean()) if right.size else None
