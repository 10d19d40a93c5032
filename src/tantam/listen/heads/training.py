"""Training a head: TF-IDF on the hashed features, one linear support vector machine a label, and honest probabilities.

``LinearSVC`` (Fan et al. 2008, dual coordinate descent) on texts, their copies without accents and their copies in
shorthand. The margins' probabilities (Platt 1999) and the bar for “unsure” are fitted on texts that the machine at
hand has not seen: every fifth is held out once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tantam.errors import BadInput
from tantam.listen.clean import Tokens, tokenize
from tantam.listen.heads.augment import accent_free, teen
from tantam.listen.heads.calibrating import calibrated
from tantam.listen.heads.features import MOST_BITS, rows_of
from tantam.listen.heads.labels import truths
from tantam.listen.heads.model import MOST_UNIT, Head, Model, padded

if TYPE_CHECKING:
    import scipy.sparse as sp

BITS = 18
"""Rows of a table, as a power of two, unless another is asked for."""
FEWEST = 10
FOLDS = 5
UNSURE = 0.1
"""The share of the held-out texts that is called unsure: those of the least probable answers."""

_C = 0.5
_TOLERANCE = 1e-3  # ten times the library's own: the same answers in two thirds of the time
_DIGITS = 6

Floats = NDArray[np.float64]
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Trained:
    """A model of one head, and how it did on texts it had not seen: ``likeliest`` int64 [n] and ``on`` bool
    [n, labels] are its answers for each text while it was held out, ``p`` float64 [n] their probabilities."""

    model: Model
    truth: NDArray[np.bool_]
    likeliest: NDArray[np.int64]
    on: NDArray[np.bool_]
    p: Floats


def train(
    texts: Sequence[str],
    labels: Sequence[str],
    head: str,
    *,
    seed: int,
    bits: int = BITS,
    progress: Progress = lambda stage, share: None,
) -> Model:
    """A model with one head, trained on ``texts`` and their ``labels`` (several joined by ``|``).

    The same texts, labels and seed give the same model, bit by bit. Refuses what :func:`learn` refuses. About a second
    for 10,000 texts and a label, times six for the held-out rounds.
    """
    return learn(texts, labels, head, seed=seed, bits=bits, progress=progress).model


def learn(
    texts: Sequence[str],
    labels: Sequence[str],
    head: str,
    *,
    seed: int,
    bits: int = BITS,
    progress: Progress = lambda stage, share: None,
) -> Trained:
    """As :func:`train`, with the answers for held-out texts.

    Refuses ``too_few_rows``, ``one_label``, ``bad_bits``.
    """
    names, truth = truths(labels)
    several = bool((truth.sum(axis=1) > 1).any())
    _check(texts, names, truth, bits)
    progress("read", 0)
    counts = _counts(_copied(texts, seed), bits)
    weights, norm = _weights(counts)
    features = _scaled(counts, weights, norm)
    targets = truth[:, 1:] if len(names) == 2 and not several else truth
    fold = np.random.default_rng(seed).permutation(len(texts)) % FOLDS
    held = np.zeros(targets.shape)
    for turn in range(FOLDS):
        progress("hold", turn / (FOLDS + 1))
        train_rows, out = np.tile(fold != turn, 3), np.flatnonzero(fold == turn)
        coefficients, bias = _machines(
            features[train_rows], np.tile(targets, (3, 1))[train_rows], several, seed
        )
        held[out] = features[out] @ coefficients.T + bias
    progress("fit", FOLDS / (FOLDS + 1))
    coefficients, bias = _machines(features, np.tile(targets, (3, 1)), several, seed)
    table, scale = _small(coefficients * weights, norm)
    found = calibrated(held, truth, several)
    made = Head(
        name=head,
        labels=names,
        several=several,
        norm=0,
        columns=tuple(range(1, 1 + targets.shape[1])),
        scale=_short(scale),
        bias=_short(bias),
        slope=_short(found.slope),
        offset=_short(found.offset),
        cut=_short(found.cut),
        sure_from=_short([np.quantile(found.p, UNSURE)])[0],
        trained_on=len(texts),
        seed=seed,
    )
    return Trained(Model((made,), padded(table)), truth, found.likeliest, found.on, found.p)


def _check(texts: Sequence[str], names: Sequence[str], truth: NDArray[np.bool_], bits: int) -> None:
    if not 10 <= bits <= MOST_BITS:
        raise BadInput("bad_bits", f"A table of 2^{bits} rows cannot be had.", f"From 10 to {MOST_BITS}.")
    if len(texts) < FEWEST:
        raise BadInput(
            "too_few_rows",
            f"{len(texts)} labelled texts are too few to learn from.",
            f"{FEWEST} are the least, a few hundred begin to be good. `tantam listen suggest` says which to label.",
        )
    if truth.all(axis=0).any():
        name = names[int(np.flatnonzero(truth.all(axis=0))[0])]
        raise BadInput(
            "one_label",
            f"Every text has the label “{name}”: there is nothing to tell apart.",
            "Label others too.",
        )


def _copied(texts: Sequence[str], seed: int) -> list[str]:
    """The texts, then each without accents, then each in shorthand."""
    return [*texts, *map(accent_free, texts), *(teen(text, seed) for text in texts)]


def encoded(texts: Sequence[str]) -> Tokens:
    """The words of texts, lone surrogates and all."""
    raw = [text.encode("utf-8", "surrogatepass") for text in texts]
    return tokenize(pa.array(raw, pa.large_binary()))


def _counts(texts: Sequence[str], bits: int) -> sp.csr_matrix:
    """How often each feature stands in each text: [texts, 2**bits]."""
    import scipy.sparse as sp

    starts, rows = rows_of(encoded(texts), bits)
    counts = sp.csr_matrix((np.ones(rows.size), rows, starts), shape=(len(texts), 1 << bits))
    counts.sum_duplicates()
    return counts


def _weights(counts: sp.csr_matrix) -> tuple[Floats, NDArray[np.int16]]:
    """The idf of each feature, nought for those of fewer than two texts (they say nothing and fill the file), and its
    square in whole units as the table holds it."""
    texts = counts.shape[0]
    seen_in = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = np.where(seen_in >= 2, np.log((1 + texts) / (1 + seen_in)) + 1, 0.0)
    unit = max(float(idf.max()) ** 2 / MOST_UNIT, 1e-9)
    return idf / math.sqrt(unit), np.round(idf**2 / unit).astype(np.int16)


def _scaled(counts: sp.csr_matrix, weights: Floats, norm: NDArray[np.int16]) -> sp.csr_matrix:
    """Rows as the kernel scales them: each feature times its weight, over the root of the summed norm column."""
    import scipy.sparse as sp

    length = np.sqrt(np.maximum(counts @ norm.astype(np.float64), 1))
    return (sp.diags(1 / length) @ counts @ sp.diags(weights)).tocsr()


def _machines(
    features: sp.csr_matrix, targets: NDArray[np.bool_], several: bool, seed: int
) -> tuple[Floats, Floats]:
    """One machine a column of targets: coefficients [columns, features] and biases; a column that is all of one kind
    (a rare label, held out) answers that kind."""
    from sklearn.svm import LinearSVC

    count, columns = targets.shape
    coefficients, biases = np.zeros((columns, features.shape[1])), np.zeros(columns)
    for k in range(columns):
        held = int(targets[:, k].sum())
        if held in (0, count):
            biases[k] = 1.0 if held else -1.0
            continue
        machine = LinearSVC(
            C=_C, class_weight=_balance(held, count, columns, several), tol=_TOLERANCE, random_state=seed
        )
        machine.fit(features, targets[:, k])
        coefficients[k], biases[k] = machine.coef_[0], machine.intercept_[0]
    return coefficients, biases


def _balance(held: int, count: int, columns: int, several: bool) -> dict[bool, float] | None:
    """How much a text with the label weighs, and one without: rare labels count as much as frequent ones, where one
    alone holds. Where several hold, the cuts see to that (measured: balancing as well costs half a point)."""
    if several:
        return None
    if columns == 1:
        return {True: count / (2 * held), False: count / (2 * (count - held))}
    return {True: count / (columns * held), False: 1.0}


def _small(parts: Floats, norm: NDArray[np.int16]) -> tuple[NDArray[np.int16], Floats]:
    """The table [features, 1 + columns] in small integers, and what one unit of each column is worth."""
    unit = np.maximum(np.abs(parts).max(axis=1), 1e-12) / MOST_UNIT
    return np.column_stack([norm, np.round(parts.T / unit).astype(np.int16)]), unit


def _short(values: Any) -> tuple[float, ...]:
    """Numbers as the file holds them: six figures, so that another machine's last bit makes no other file."""
    return tuple(float(f"{value:.{_DIGITS}g}") for value in values)
