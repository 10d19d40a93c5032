"""Phrases of one to four words in many texts, and how people write them with their accents.

A phrase is counted without accents, so that those who type none are counted too; it is written as most of those write
it who do use accents.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tantam.listen.clean import Tokens, words
from tantam.listen.themes.wordlist import FEELING, FUNCTION, NEGATION

LONGEST = 4

_LEAST_TEXTS = 3
_LOOKED_AT = 60
"""Places of a phrase that are read to find its spelling."""
_CLEAR = 0.6
"""Of those who use accents, so many must write it the same way; and so few may go on with the same next word."""
_BRACKETS = re.compile(r"\[[^\]\[]{1,40}\]")


@dataclass(frozen=True)
class Phrases:
    """Phrases of a sample. ``starts`` [g + 1] are stretches of ``text`` and ``at``: where each phrase stands, once a
    text, in the order of the texts. ``size`` is its number of words."""

    size: NDArray[np.int64]
    starts: NDArray[np.int64]
    text: NDArray[np.int64]
    at: NDArray[np.int64]

    def people(
        self, group: NDArray[np.int32], weights: NDArray[np.float64], count: int
    ) -> NDArray[np.float64]:
        """How many people of each group of texts said each phrase: [count, g]; a group below 0 is none."""
        phrase = np.repeat(np.arange(len(self.size)), np.diff(self.starts))
        mine = group[self.text]
        inside = mine >= 0
        cells = mine[inside].astype(np.int64) * len(self.size) + phrase[inside]
        counted = np.bincount(cells, weights[self.text[inside]], minlength=count * len(self.size))
        return np.asarray(counted, np.float64).reshape((count, len(self.size)))


def find(tokens: Tokens) -> Phrases:
    """Every phrase that stands in at least three texts (in one, of fewer than twelve)."""
    texts = np.repeat(np.arange(len(tokens.offsets) - 1), np.diff(tokens.offsets))
    least = _LEAST_TEXTS if len(tokens.offsets) > 12 else 1
    found = []
    here = np.arange(len(texts))
    made = tokens.plain.copy()
    for size in range(1, LONGEST + 1):
        if size > 1:
            made = _longer(made, tokens.plain, size)
            here = np.arange(len(made))
        inside = texts[: len(made)] == texts[size - 1 :]
        found.append(_often(made[inside], texts[: len(made)][inside], here[inside], size, least))
    sizes, counts, text, at = (np.concatenate(columns) for columns in zip(*found, strict=True))
    starts = np.concatenate([[0], np.cumsum(counts)])
    return Phrases(sizes, starts, text, at)


def _longer(made: NDArray[np.uint64], plain: NDArray[np.uint64], size: int) -> NDArray[np.uint64]:
    """Hashes of phrases one word longer."""
    if len(plain) < size:
        return made[:0]
    with np.errstate(over="ignore"):
        return (made[: len(plain) - size + 1] * np.uint64(0x9E3779B97F4A7C15)) ^ plain[size - 1 :]


def _often(
    hashes: NDArray[np.uint64], text: NDArray[np.int64], at: NDArray[np.int64], size: int, least: int
) -> tuple[NDArray[np.int64], ...]:
    """The phrases of one size: size, number of texts, and the texts and places."""
    order = np.lexsort((at, hashes))
    hashes, text, at = hashes[order], text[order], at[order]
    first = np.ones(len(hashes), bool)  # of a phrase in a text
    first[1:] = (hashes[1:] != hashes[:-1]) | (text[1:] != text[:-1])
    hashes, text, at = hashes[first], text[first], at[first]
    counts = np.unique(hashes, return_counts=True)[1]
    kept = counts >= least
    take = np.repeat(kept, counts)
    return np.full(int(kept.sum()), size), counts[kept], text[take], at[take]


class Speller:
    """Reads the texts of a sample, only those that are asked for."""

    def __init__(self, texts: list[str], tokens: Tokens) -> None:
        self._texts, self._tokens = texts, tokens
        self._words: dict[int, tuple[list[str], list[bool]]] = {}

    def spell(self, phrase: tuple[int, NDArray[np.int64], NDArray[np.int64]]) -> str | None:
        """A phrase (size, texts, places) as it is written; None if it is a piece of a longer one, no phrase of one
        sentence, nobody's own words, written in too many ways, or begins or ends with a word that says nothing."""
        size, texts, places = phrase
        step = max(1, len(texts) // _LOOKED_AT)
        spelled: Counter[str] = Counter()
        bare: Counter[str] = Counter()
        before: Counter[str] = Counter()
        after: Counter[str] = Counter()
        seen = 0
        for text, at in zip(texts[::step].tolist(), places[::step].tolist(), strict=True):
            said, joined = self._read(text)
            first = at - int(self._tokens.offsets[text])
            seen += 1
            if len(said) < first + size or not all(joined[first + 1 : first + size]):
                continue
            written = " ".join(said[first : first + size])
            (bare if " ".join(said).isascii() else spelled)[written] += 1
            before[said[first - 1] if first and joined[first] else ""] += 1
            after[said[first + size] if first + size < len(said) and joined[first + size] else ""] += 1
        votes = spelled or bare
        if not votes or sum(before.values()) < 0.5 * seen:
            return None
        best, count = min(votes.items(), key=lambda one: (-one[1], one[0]))
        if count < _CLEAR * sum(votes.values()) or _goes_on(before) or _goes_on(after) or not _stands(best):
            return None
        return best

    def _read(self, text: int) -> tuple[list[str], list[bool]]:
        """The words of a text, and whether each follows the one before with nothing but a space between."""
        if text not in self._words:
            cleaned = self._texts[text]
            hidden = _BRACKETS.sub(lambda found: "[" + found[0][1:-1].replace(" ", "]") + "]", cleaned)
            said, joined, place = words(cleaned), [], 0
            for word in said:
                at = hidden.find(word, place)
                joined.append(at >= 0 and hidden[place:at] == " ")
                place = at + len(word) if at >= 0 else place
            self._words[text] = said, joined
        return self._words[text]


def _goes_on(neighbours: Counter[str]) -> bool:
    """Whether the phrase nearly always has the same neighbour: then it is a piece of a longer one."""
    word, count = min(neighbours.items(), key=lambda one: (-one[1], one[0]))
    return bool(word) and word not in FUNCTION and count >= _CLEAR * sum(neighbours.values())


def _stands(phrase: str) -> bool:
    """Whether a phrase can stand as a label by its words."""
    said = phrase.split()
    first, last = said[0], said[-1]
    ends = FUNCTION | NEGATION
    subject = any(word not in FUNCTION | NEGATION | FEELING for word in said)
    letters = sum(len(word) > 1 for word in said) * 2 >= len(said)
    return first not in FUNCTION and last not in ends and subject and letters and phrase[-1].isalpha()
