"""Quotes that cover a theme: few opinions, as they were said, that hold most of what it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tantam.listen.clean import tokenize
from tantam.listen.themes.vectors import Floats, features

MOST = 3
SHORTEST, LONGEST = 6, 28
"""Words of a quote; others are taken only where a theme has none of this length."""
ALIKE = 0.4
"""No two quotes of a theme share so much of their words (Jaccard)."""

_COVERED = 0.3
"""What a word still weighs once a quote before has it."""
_BARE = 0.5
"""How much a text without accents is worth beside one that has them."""


@dataclass(frozen=True)
class Said:
    """One text, and how many people said it or a copy of it."""

    text: str
    people: int


def choose(said: Sequence[Said], keys: NDArray[np.uint64], weights: Floats) -> list[Said]:
    """At most :data:`MOST` of ``said`` that cover a theme best, the best first. ``weights`` [f] is how heavy the theme
    has each feature of ``keys`` (sorted)."""
    held, words = _features([one.text for one in said], keys)
    length = [len(found) for found in words]
    spoken = [i for i, n in enumerate(length) if n]
    fitting = [i for i in spoken if SHORTEST <= length[i] <= LONGEST] or spoken
    left, chosen = weights.astype(np.float64), list[int]()
    worth = {i: _worth(said[i], length[i]) for i in fitting}
    while len(chosen) < MOST:
        fitting = [i for i in fitting if all(_jaccard(words[i], words[j]) < ALIKE for j in chosen)]
        gains = [(float(left[held[i]].sum()) * worth[i], -i) for i in fitting]
        gain, at = max(gains, default=(0.0, 0))
        if gain <= 0:
            break
        chosen.append(-at)
        left[held[-at]] *= _COVERED
    return [said[i] for i in chosen]


def _features(texts: list[str], keys: NDArray[np.uint64]) -> tuple[list[NDArray[np.int64]], list[list[int]]]:
    """The places in ``keys`` of the features of each text, and its words without accents."""
    tokens = tokenize(pa.array(texts, pa.large_string()))
    found, text = features(tokens)
    at = np.minimum(np.searchsorted(keys, found), max(len(keys) - 1, 0))
    inside = keys[at] == found if len(keys) else np.zeros(len(found), bool)
    order = np.argsort(text[inside], kind="stable")
    ends = np.searchsorted(text[inside][order], np.arange(len(texts) + 1))
    places = at[inside][order]
    held = [places[ends[i] : ends[i + 1]] for i in range(len(texts))]
    words = [tokens.plain[a:b].tolist() for a, b in zip(tokens.offsets, tokens.offsets[1:], strict=False)]
    return held, words


def _worth(one: Said, words: int) -> float:
    """What many said goes first; a long text, or one that is hard to read, last."""
    return (1 + np.log10(one.people)) / np.sqrt(words) * (_BARE if one.text.isascii() else 1.0)


def _jaccard(a: list[int], b: list[int]) -> float:
    one, other = set(a), set(b)
    return len(one & other) / max(1, len(one | other))
