"""Phrases of one to four words in many texts, and how people write them with their accents.

A phrase is counted without accents, so that those who type none are counted too; it is written as most of those write
it who do use accents.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tantam.letters import fold
from tantam.listen.clean import Tokens, hash_word, words
from tantam.listen.themes.wordlist import COARSE, FUNCTION, HALVES, NEGATION, NO_SUBJECT

LONGEST = 4

_LEAST_PEOPLE = 3
_LOOKED_AT = 60
"""Places of a phrase that are read to find its spelling."""
_CLEAR = 0.5
"""Of those who use accents, so many must write it the same way; and fewer than so many go on with the same word."""
_WORD = 0.35
"""Two syllables are one word if they stand together in so many of the texts where the rarer one stands."""
_HIDDEN = re.compile(r"\[[^\]\[]{1,40}\]")
"""What stands for somebody's number or name."""

_BARE = {fold(word) for word in FUNCTION}
"""Function words as those type them who use no accents."""

Ints = NDArray[np.int64]
Places = NDArray[np.int32]


@dataclass(frozen=True)
class Phrases:
    """Phrases of a sample. ``size`` [g] is their number of words and ``hash`` uint64 [g] that of their words without
    accents, rising among those of one size; ``starts`` [g + 1] are stretches of ``text`` and ``at``: where each stands,
    once a text, in the order of the texts."""

    size: Ints
    hash: NDArray[np.uint64]
    starts: Ints
    text: Places
    at: Places

    def people(self, behind: NDArray[np.float64]) -> NDArray[np.float64]:
        """How many people say each phrase, by how many are ``behind`` each text (0: it does not count): [g]."""
        if not len(self.size):
            return np.zeros(0)
        return np.asarray(np.add.reduceat(behind[self.text], self.starts[:-1]), np.float64)

    def places(self, phrase: int, texts: NDArray[np.bool_]) -> tuple[int, Places, Places]:
        """The words of a phrase, and where it stands in some of the texts."""
        here = slice(self.starts[phrase], self.starts[phrase + 1])
        mine = texts[self.text[here]]
        return int(self.size[phrase]), self.text[here][mine], self.at[here][mine]

    def texts_with(self, *said: str) -> int:
        """In how many texts one word, or two, stand; 0 if in too few."""
        plain = [np.uint64(hash_word(word)[1]) for word in said]
        sought = plain[0] if len(plain) == 1 else _on(np.array(plain[:1]), np.array(plain[1:]))[0]
        first, last = np.searchsorted(self.size, [len(said), len(said) + 1])
        at = first + int(np.searchsorted(self.hash[first:last], sought))
        return int(self.starts[at + 1] - self.starts[at]) if at < last and self.hash[at] == sought else 0


def find(tokens: Tokens, people: NDArray[np.float64]) -> Phrases:
    """Every phrase that at least three people say; ``people`` [n] is how many say each text."""
    text_of = np.repeat(np.arange(len(tokens.offsets) - 1, dtype=np.int32), np.diff(tokens.offsets))
    hashes, found = tokens.plain, []
    for size in range(1, min(LONGEST, len(text_of)) + 1):
        if size > 1:
            hashes = _on(hashes[:-1], tokens.plain[size - 1 :])
        inside = np.flatnonzero(text_of[: len(hashes)] == text_of[size - 1 :]).astype(np.int32)
        found.append(_often(hashes[inside], text_of[inside], inside, size, people))
    if not found:
        none = np.zeros(0, np.int32)
        return Phrases(none.astype(np.int64), none.astype(np.uint64), np.zeros(1, np.int64), none, none)
    sizes, keys, counts, text, at = (np.concatenate(columns) for columns in zip(*found, strict=True))
    return Phrases(sizes, keys, np.concatenate([[0], np.cumsum(counts)]), text, at)


def _on(phrases: NDArray[np.uint64], words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The hashes of phrases with one word more."""
    with np.errstate(over="ignore"):
        return np.asarray((phrases * np.uint64(0x9E3779B97F4A7C15)) ^ words)


def _often(
    hashes: NDArray[np.uint64], text: Places, at: Places, size: int, people: NDArray[np.float64]
) -> tuple[NDArray[Any], ...]:
    """The phrases of one size that enough people say: size, hash, number of texts, and the texts and places."""
    order = np.argsort(hashes, kind="stable")
    hashes, text, at = hashes[order], text[order], at[order]
    first = np.ones(len(hashes), bool)  # of a phrase in a text
    first[1:] = (hashes[1:] != hashes[:-1]) | (text[1:] != text[:-1])
    hashes, text, at = hashes[first], text[first], at[first]
    keys, begins, counts = np.unique(hashes, return_index=True, return_counts=True)
    often = np.add.reduceat(people[text], begins) >= _LEAST_PEOPLE if len(keys) else counts > 0
    kept = np.repeat(often, counts)
    return np.full(int(often.sum()), size), keys[often], counts[often], text[kept], at[kept]


class Speller:
    """Reads the texts of a sample, only those that are asked for."""

    def __init__(self, texts: Sequence[str], tokens: Tokens, phrases: Phrases) -> None:
        self._texts, self._tokens, self._phrases = texts, tokens, phrases
        self._known: dict[int, tuple[list[str], list[bool], bool]] = {}

    def spell(self, size: int, texts: Places, places: Places, *, easy: bool) -> str | None:
        """A phrase of ``size`` words as those write it who use accents.

        None if it goes over the end of a sentence, stands for a hidden number, is written in too many ways, or cannot
        stand alone by its words; and, but where ``easy``, if nobody writes it with accents, or it is a piece of a
        longer one."""
        step = max(1, len(texts) // _LOOKED_AT)
        looked_at = list(zip(texts[::step].tolist(), places[::step].tolist(), strict=True))
        with_accents: list[tuple[str, str, str]] = []
        without: list[tuple[str, str, str]] = []
        for text, at in looked_at:
            said, joined, accents = self._read(text)
            first = at - int(self._tokens.offsets[text])
            last = first + size
            if last <= len(said) and all(said[first:last]) and all(joined[first + 1 : last]):
                before = said[first - 1] if joined[first] else ""
                after = said[last] if last < len(said) and joined[last] else ""
                (with_accents if accents else without).append((before, " ".join(said[first:last]), after))
        found = with_accents or (without if easy else [])
        if not found or 2 * (len(with_accents) + len(without)) < len(looked_at):
            return None
        befores, written, afters = (Counter(column) for column in zip(*found, strict=True))
        phrase, count = _most(written)
        is_piece = not easy and (_goes_on(befores) or _goes_on(afters))
        return phrase if count >= _CLEAR * len(found) and not is_piece and self._stands(phrase) else None

    def _stands(self, phrase: str) -> bool:
        """Whether a phrase can be a label by its words: it says what about, and no end of it is loose."""
        said = phrase.split()
        first, last = (said[0], *said[1:2]), (said[-1], *said[-2:-1])  # the end itself, and its neighbour
        about = [word for word in said if word not in NO_SUBJECT and len(word) > 1 and not word.isdigit()]
        function = _BARE if phrase.isascii() else FUNCTION
        return (
            bool(about)
            and COARSE.isdisjoint(said)
            and function.isdisjoint((first[0], last[0]))
            and not last[0].isdigit()
            and (first[0] not in HALVES or self._is_word(*first))
            and (last[0] not in HALVES | NEGATION or self._is_word(*last))
        )

    def _is_word(self, half: str, other: str = "") -> bool:
        """Whether half a word stands beside the other half: one of them seldom stands without the other."""
        if not other or other in HALVES:
            return False
        together = max(self._phrases.texts_with(half, other), self._phrases.texts_with(other, half))
        return together >= _WORD * min(self._phrases.texts_with(half), self._phrases.texts_with(other)) > 0

    def _read(self, text: int) -> tuple[list[str], list[bool], bool]:
        """The words of a text (those of a hidden number empty), whether each follows the one before with nothing but a
        space between, and whether the text has accents."""
        if text not in self._known:
            cleaned = self._texts[text]
            hidden = [found.span() for found in _HIDDEN.finditer(cleaned)]
            said: list[str] = []
            joined: list[bool] = []
            place = 0
            for word in words(cleaned):
                at = max(cleaned.find(word, place), place)
                joined.append(bool(joined) and cleaned[place:at] == " ")
                said.append("" if any(a <= at < b for a, b in hidden) else word)
                place = at + len(word)
            self._known[text] = said, joined, not "".join(said).isascii()
        return self._known[text]


def _most(counted: Counter[str]) -> tuple[str, int]:
    return min(counted.items(), key=lambda one: (-one[1], one[0]))


def _goes_on(neighbours: Counter[str]) -> bool:
    """Whether the phrase nearly always has the same neighbour: then it is a piece of a longer one."""
    spelled: Counter[str] = Counter()
    loose: Counter[str] = Counter()
    for word, count in neighbours.items():
        spelled[fold(word)] += count
        loose[fold(word)] += count * (word in FUNCTION)
    word, count = _most(spelled)
    return bool(word) and count >= _CLEAR * neighbours.total() and 2 * loose[word] < count
