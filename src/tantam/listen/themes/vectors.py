"""Themes as unit vectors over features, and which theme each text is nearest to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tantam.listen.clean import Tokens
from tantam.listen.themes import kernel
from tantam.listen.themes.wordlist import passed_over

AT_LEAST = 0.12
"""A text belongs to the theme nearest to it if the cosine between them is at least this."""

MOST_FEATURES = 160
"""Features kept of a theme, the heaviest ones."""

_SMALLEST = 0.03
_FINE = 1 << 20
"""Parts of one in which the kernel counts. A theme has at most 160 features of idf 25: their sum stays in int32."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Words:
    """The words of a batch of texts as themes look at them; those of text i are ``offsets[i]:offsets[i + 1]``.

    ``offsets`` is int64 [n + 1]; ``codes`` uint32 [t]: 31 bits of the accent-free hash, and in the lowest bit whether
    the word is passed over.
    """

    offsets: NDArray[np.int64]
    codes: NDArray[np.uint32]

    @classmethod
    def of(cls, said: Tokens | Words) -> Words:
        """Of any words."""
        if isinstance(said, Words):
            return said
        codes = np.empty(len(said.exact), np.uint32)
        kernel.codes(said.exact, said.plain, _passed(), codes)
        return cls(said.offsets, codes)


@dataclass(frozen=True)
class Vectors:
    """``keys`` uint64 [f] and ``idf`` float32 [f] are the features; ``unit`` float32 [k, f] the themes, each of length
    1. ``rare`` is the idf of a word that is no feature."""

    keys: NDArray[np.uint64]
    idf: Floats
    unit: Floats
    rare: float

    @staticmethod
    def nothing() -> Vectors:
        """No theme at all."""
        return Vectors(np.empty(0, np.uint64), np.empty(0, np.float32), np.empty((0, 0), np.float32), 0.0)

    def take(self, themes: NDArray[np.int64]) -> Vectors:
        """Some of the themes."""
        return Vectors(self.keys, self.idf, self.unit[themes], self.rare)

    def join(self, other: Vectors) -> Vectors:
        """These themes and then the others; what both know keeps our idf."""
        if not len(self.unit):
            return other
        new = ~np.isin(other.keys, self.keys)
        keys = np.concatenate([self.keys, other.keys[new]])
        place = {int(key): i for i, key in enumerate(keys)}
        unit = np.zeros((len(self.unit) + len(other.unit), len(keys)), np.float32)
        unit[: len(self.unit), : len(self.keys)] = self.unit
        unit[len(self.unit) :, [place[int(key)] for key in other.keys]] = other.unit
        return Vectors(keys, np.concatenate([self.idf, other.idf[new]]), unit, self.rare)

    def used(self) -> Vectors:
        """Without the features that no theme has; features in the order of their keys."""
        kept = np.flatnonzero(self.unit.any(axis=0))
        kept = kept[np.argsort(self.keys[kept])]
        return Vectors(self.keys[kept], self.idf[kept], np.ascontiguousarray(self.unit[:, kept]), self.rare)

    def nearest(self, said: Tokens | Words) -> tuple[NDArray[np.int32], Floats]:
        """The nearest theme of each text (int32 [n], -1 for none) and the cosine (float32 [n])."""
        words = Words.of(said)
        count = len(words.offsets) - 1
        theme, product, square = (
            np.empty(count, np.int32),
            np.empty(count, np.int32),
            np.empty(count, np.int64),
        )
        scores = np.empty(len(self.unit), np.int32)
        kernel.assigned(
            words.offsets, words.codes, *self._rows,
            round(self.rare**2 * _FINE), scores, theme, product, square,
        )  # fmt: skip
        strength = (product / np.sqrt(np.maximum(square, 1) * float(_FINE))).astype(np.float32)
        theme[strength < AT_LEAST] = -1
        return theme, strength

    @cached_property
    def _rows(self) -> tuple[NDArray[np.generic], ...]:
        """What the kernel reads: the features' table and, feature by feature, the themes that have it."""
        slots, places = kernel.slots_of(np.ascontiguousarray(self.keys))
        feature, theme = np.nonzero(self.unit.T)
        starts = np.searchsorted(feature, np.arange(len(self.keys) + 1)).astype(np.uint32)
        weights = np.rint(self.unit.T[feature, theme] * self.idf[feature] * _FINE).astype(np.int32)
        squares = np.rint(self.idf.astype(np.float64) ** 2 * _FINE).astype(np.int64)
        return slots, places, squares, starts, theme.astype(np.uint16), weights


def trimmed(parts: NDArray[np.float64]) -> Floats:
    """Parts [k, f] as unit vectors of few features."""
    kept = np.maximum(parts, 0)
    if kept.shape[1] > MOST_FEATURES:
        least = np.partition(kept, -MOST_FEATURES, axis=1)[:, -MOST_FEATURES, None]
        kept = np.where(kept >= least, kept, 0)
    kept = np.where(kept >= _SMALLEST * kept.max(axis=1, keepdims=True, initial=0), kept, 0)
    length = np.linalg.norm(kept, axis=1, keepdims=True)
    return np.asarray(kept / np.where(length > 0, length, 1), np.float32)


_slots: list[NDArray[np.uint64]] = []


def _passed() -> NDArray[np.uint64]:
    """The table of words that are passed over."""
    if not _slots:
        _slots.append(kernel.slots_of(passed_over())[0])
    return _slots[0]


def features(tokens: Tokens) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """Every feature of every text, once a text: its key, and its text; in the order of the texts."""
    words = Words.of(tokens)
    room = 2 * len(words.codes)
    keys, texts = np.empty(room, np.uint64), np.empty(room, np.int32)
    made = kernel.features(words.offsets, words.codes, keys, texts)
    keys, texts = keys[:made], texts[:made]
    order = np.lexsort((keys, texts))
    keys, texts = keys[order], texts[order]
    first = np.ones(made, bool)
    first[1:] = (keys[1:] != keys[:-1]) | (texts[1:] != texts[:-1])
    return keys[first], texts[first]
