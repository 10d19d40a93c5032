"""Themes learnt from a sample of complaints: afresh, or followed from those of before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tantam.listen.clean import Tokens
from tantam.listen.themes import factor
from tantam.listen.themes.kept import Themes
from tantam.listen.themes.labels import label
from tantam.listen.themes.vectors import Vectors

LEAST_PEOPLE = 5
"""What fewer people say is no theme."""

PROPOSED = 8
"""Parts sought among what no theme holds."""


def learn(
    texts: Sequence[str],
    tokens: Tokens,
    weights: NDArray[np.float64],
    *,
    before: Themes | None = None,
    parts: int = 32,
    seed: int = 0,
) -> Themes:
    """Themes of complaints and negatives: ``texts`` (cleaned, heads of their groups), their words, and the people
    behind each. The same texts in any order give the same themes.

    With ``before`` its themes stay as they are, and what they do not hold proposes new ones.
    """
    order = np.array(sorted(range(len(texts)), key=lambda i: (texts[i], weights[i])), np.int64)
    sample = [texts[i] for i in order.tolist()]
    ordered, people = _take(tokens, order), np.asarray(weights, np.float64)[order]
    known = before or Themes()
    held = known.vectors.nearest(ordered)[0] if known.ids else np.full(len(sample), -1, np.int32)
    pool = np.flatnonzero(held < 0)
    wanted = min(PROPOSED if before else parts, int(people[pool].sum() // (2 * LEAST_PEOPLE)))
    if wanted < 1:
        return known
    found = _found(_take(ordered, pool), people[pool], wanted, seed)
    if not len(found.unit):
        return known
    vectors = known.vectors.join(found)
    nearest, _ = vectors.nearest(ordered)
    support = np.bincount(nearest[nearest >= 0], people[nearest >= 0], minlength=len(vectors.unit))
    labels = label(sample, ordered, nearest, people, len(vectors.unit), frozenset(known.labels))
    new = np.arange(len(known.ids), len(vectors.unit))
    new = new[np.argsort(-support[new], kind="stable")]
    new = new[(support[new] >= LEAST_PEOPLE) & np.array([bool(labels[i]) for i in new], bool)]
    kept = np.concatenate([np.arange(len(known.ids)), new])
    ids = tuple(f"T{known.last + 1 + i:02}" for i in range(len(new)))
    return Themes(
        known.ids + ids,
        known.labels + tuple(labels[i] for i in new.tolist()),
        known.proposed + (before is not None,) * len(new),
        vectors.take(kept).used(),
        known.last + len(new),
    )


def _found(tokens: Tokens, people: NDArray[np.float64], wanted: int, seed: int) -> Vectors:
    return factor.parts(factor.table(tokens, people), people, wanted, seed=seed)


def _take(tokens: Tokens, texts: NDArray[np.int64]) -> Tokens:
    """The words of some of the texts."""
    starts, sizes = tokens.offsets[texts], tokens.offsets[texts + 1] - tokens.offsets[texts]
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    at = np.arange(offsets[-1]) + np.repeat(starts - offsets[:-1], sizes)
    return Tokens(offsets, tokens.exact[at], tokens.plain[at])
