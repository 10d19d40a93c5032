"""Non-negative parts of a table of texts by features (NMF: Lee and Seung 1999), always the same from the same texts."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tantam.listen.clean import Tokens
from tantam.listen.themes.vectors import Floats, Vectors, features, trimmed

MOST_WORDS = 12_000
"""Features that parts are made of: the most frequent ones."""

_ITERATIONS = 80
_STEEP = 1.25


@dataclass(frozen=True)
class Table:
    """Texts by features: ``rows`` is a sparse matrix [n, f] of lengths 1 (idf, each feature once a text)."""

    keys: NDArray[np.uint64]
    idf: Floats
    rows: Any
    rare: float


def table(tokens: Tokens, people: NDArray[np.float64]) -> Table:
    """The table of texts; a feature that too few people say is left out."""
    from scipy.sparse import csr_matrix

    count = len(people)
    said, text = features(tokens)
    keys, which = np.unique(said, return_inverse=True)
    texts_with = np.bincount(which, minlength=len(keys))
    least = float(np.clip(count / 1500, 2, 8))
    kept = np.flatnonzero(np.bincount(which, people[text], minlength=len(keys)) >= least)
    kept = np.sort(kept[np.lexsort((keys[kept], -texts_with[kept]))][:MOST_WORDS])
    column = np.full(len(keys), -1, np.int64)
    column[kept] = np.arange(len(kept))
    inside = column[which] >= 0
    at, row = column[which[inside]], text[inside]
    idf = _idf(count, np.maximum(texts_with[kept], 1)).astype(np.float32)
    length = np.sqrt(np.bincount(row, idf[at] ** 2, minlength=count))
    rows = csr_matrix((idf[at] / length[row], (row, at)), shape=(count, len(kept)))
    return Table(keys[kept], idf, rows, float(_idf(count, np.array(least))))


def _idf(count: int, texts_with: NDArray[Any]) -> NDArray[np.float64]:
    """What a feature weighs by how few texts have it; a little steeper than the logarithm, so that the words that a
    whole trade uses do not make the themes."""
    return np.asarray(np.log1p(count / texts_with) ** _STEEP, np.float64)


def parts(of: Table, people: NDArray[np.float64], count: int, *, seed: int) -> Vectors:
    """``count`` parts of a table, fewer if it has fewer texts or features. A text weighs as the square root of its
    people, so that one message passed on by thousands is a theme and not half of them."""
    from scipy.sparse import diags
    from sklearn.decomposition import NMF
    from threadpoolctl import threadpool_limits

    filled = np.flatnonzero(np.diff(of.rows.indptr))
    count = min(count, len(filled), of.rows.shape[1])
    if count < 1:
        return Vectors(of.keys, of.idf, np.empty((0, len(of.keys)), np.float32), of.rare)
    rows = (diags(people[filled] ** 0.25) @ of.rows[filled]).tocsr()
    model = NMF(count, init="nndsvda", random_state=seed, max_iter=_ITERATIONS, tol=1e-3)
    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore")  # it says that it stopped at max_iter: it may
        model.fit(rows)
    return Vectors(of.keys, of.idf, trimmed(model.components_), of.rare)
