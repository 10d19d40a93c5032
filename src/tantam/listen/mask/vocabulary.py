"""The words of ``data/`` as two open tables for the kernels: what is known of a word, and of words that stand together.

The keys are made by the tokenizer itself, so that a word of the list and a word of a text can only agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from tantam.listen.mask import alphabet, flags, kernels
from tantam.listen.mask.desk import NO_MEMO, desk
from tantam.listen.mask.spoken import DIGITS, FILLERS

_SURE_WITHOUT_ACCENTS = ("nguyen", "tran", "pham", "huynh", "le", "trinh")
"""Family names that are hardly anything else, even without accents."""


@cache
def listed(heading: str) -> frozenset[str]:
    """The words under a heading of ``words.txt`` or ``names.txt``, in the one form of :func:`alphabet.word`."""
    return frozenset(alphabet.word(w) for line in _sections().get(heading, []) for w in line.split())


@cache
def tables() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Key → flags of a word, and key → flags of a phrase, for ``tokens.look_up``."""
    words: dict[str, int] = {}
    for at, heading in enumerate(flags.WORDS):
        for word in _words(heading):
            words[word] = words.get(word, 0) | 1 << at
    phrases: dict[str, int] = {}
    for at, heading in enumerate(flags.PHRASES):
        for phrase in _phrases(heading):
            phrases[phrase] = phrases.get(phrase, 0) | 1 << at
    return _table(words), _table(phrases)


def _words(heading: str) -> Iterator[str]:
    if heading == "digit":
        yield from (word for said in DIGITS.values() for word in said.split())
    elif heading == "filler":
        yield from FILLERS.split()
    elif heading == "role_end":
        yield from (phrase.split()[-1] for phrase in _phrases("role"))
    elif heading == "family_sure":
        yield from (*(w.lower() for w in _split("family")), *_SURE_WITHOUT_ACCENTS)
    elif heading in ("family", "family_weak"):
        for word in _split(heading):
            yield from (word.lower(), _bare(word.lower()))
    elif heading == "part":
        yield from (word.lower() for word in _split(heading))
        yield from (_bare(word) for known in ("sure", "maybe") for word in _split(known))
    else:
        yield from _split(heading)


def _phrases(heading: str) -> Iterator[str]:
    for line in _sections()[heading, "phrases"]:
        for phrase in line.split(","):
            yield from {phrase.strip(), _bare(phrase.strip())}


def _split(heading: str) -> Iterator[str]:
    return (word for line in _sections().get(heading, []) for word in line.split())


def _bare(words: str) -> str:
    """Without accents, as people type in a hurry."""
    return alphabet.shadow(words)[0].replace("đ", "d")


@cache
def _sections() -> dict[str | tuple[str, str], list[str]]:
    """Heading → its lines; headings of ``phrases.txt`` are (heading, "phrases")."""
    made: dict[str | tuple[str, str], list[str]] = {}
    for file in ("words", "names", "phrases"):
        lines: list[str] = []
        text = (resources.files(__package__) / "data" / f"{file}.txt").read_text("utf-8")
        for line in text.splitlines():
            if line and not line.startswith(("#", " ")):
                lines = made.setdefault((line, file) if file == "phrases" else line, [])
            elif line.startswith(" "):
                lines.append(line)
    return made


def _table(known: dict[str, int]) -> NDArray[np.int64]:
    """Phrases of any number of words and their flags, at most half full. Two spellings of one word are one."""
    flags_of: dict[int, int] = {}
    for phrase, value in known.items():
        key = _key(phrase)
        flags_of[key] = flags_of.get(key, 0) | value
    size = 1 << (2 * len(flags_of)).bit_length()
    table = np.zeros(2 * size, np.int64)
    for key, value in flags_of.items():
        slot = (key ^ (key >> 32)) & (size - 1)
        while table[2 * slot + 1]:
            slot = (slot + 1) & (size - 1)
        table[2 * slot : 2 * slot + 2] = key, value
    return table


def _key(phrase: str) -> int:
    data, nothing = np.frombuffer(phrase.encode(), np.uint8), np.zeros(2, np.int64)
    return int(kernels.key(data, alphabet.CLASSES, nothing, *desk(NO_MEMO)))
