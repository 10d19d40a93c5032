"""Makes ``data/tables.npz``, what the kernel knows of Unicode and Vietnamese: ``python -m tantam.listen.clean.make``.

The tables are kept and not made at each start, so that a word has one hash under every version of Python, whatever
its Unicode; a change of what they say of any text is a change of ``HASH_VERSION``.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tantam.listen.clean import vietnamese
from tantam.listen.clean.hashing import hash_word
from tantam.listen.clean.tables import (
    APART,
    DECOMPOSES,
    DIGIT,
    DROP,
    EMOJI,
    ENGLISH,
    FOLD,
    FOLDS,
    GROWTH,
    HAN,
    INFO,
    LATIN,
    LETTER,
    LETTERS,
    MARK,
    MEANING_ENDS,
    MEANINGS,
    OF_LETTER,
    OTHER,
    PAGE,
    PAGES,
    PAIR_SLOTS,
    PAIRS,
    PLAIN,
    ROUGH,
    SECOND,
    SEQUENCES,
    SPACE,
    SYLLABLE,
    TEEN,
    Tables,
)

DATA = Path(__file__).parent / "data"
_LAST = 0x110000
_SLOTS = 1 << 15

_IGNORED = frozenset(
    [
        *(0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0),  # fillers and joiners that nobody sees
        *range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0000, 0xE1000),  # variation selectors, tags
        *range(0x1F3FB, 0x1F400),  # tones of skin
    ]
)  # fmt: skip
_EMOJI = [
    (0x231A, 0x231B),
    (0x23E9, 0x23FA),
    (0x2600, 0x27BF),
    (0x2B1B, 0x2B1C),
    (0x2B50, 0x2B55),
    (0x1F000, 0x1FAFF),
]
_ONE_LETTER = {"ı": "i", "ſ": "s", "ς": "σ", "ð": "đ", "ɖ": "đ", "ß": "ss"}
"""Letters whose capitals look like those of another (see ``tantam.letters`` for the two that stand for đ)."""


def made() -> Tables:
    """Every table of the kernel."""
    words, meanings = _words()
    parts = _unicode() | meanings
    ints = [np.zeros(len(parts), np.int32)]
    for place, part in sorted(parts.items()):
        ints[0][place] = sum(len(each) for each in ints)
        ints.append(part.reshape(-1).astype(np.int32))
    return Tables(np.concatenate(ints), words)


def kind(point: int) -> int:
    """What one code point is: one of the kinds of ``tables``."""
    char = chr(point)
    category = unicodedata.category(char)
    if char.isspace() or point in (0xFFFD, 0x2800, 0xFF3F) or category == "Cs":
        return SPACE
    if category in ("Cf", "Cc", "Me") or point in _IGNORED or point & 0xFFFE == 0xFFFE:
        return DROP
    if any(first <= point <= last for first, last in _EMOJI) and not _ascii(char):
        return EMOJI
    if category in ("Mn", "Mc"):
        return MARK
    if category == "Nd":
        return DIGIT
    if category[0] == "L" or category == "Nl" or _ascii(char):
        return LATIN if script(char) == "LATIN" or _ascii(char) else LETTER
    return OTHER


def folded(point: int) -> str:
    """One code point in lower case and composed; ASCII where it only dresses up an ASCII letter or digit."""
    char, what = chr(point), kind(point)
    if what == DROP:
        return ""
    if what == SPACE:
        return " "
    if what == DIGIT:
        return str(unicodedata.decimal(char))
    if what in (OTHER, EMOJI):
        return unicodedata.normalize("NFC", char)[0]
    if what == MARK:
        return unicodedata.normalize("NFC", char)
    marks = unicodedata.normalize("NFD", (_ascii(char) or char).lower())
    lower = "".join(_ONE_LETTER.get(c, c) for c in marks)
    return unicodedata.normalize("NFC", lower)


def _ascii(char: str) -> str:
    """What a letter, a digit or a circled letter stands for in ASCII (𝐀, Ⅷ, ², Ⓐ), or nothing."""
    category = unicodedata.category(char)
    plain = unicodedata.normalize("NFKC", char)
    fits = plain.isascii() and plain.isalnum() and plain != char
    return (
        plain
        if fits and (category[0] == "L" or category in ("Nl", "No") or (category == "So" and len(plain) == 1))
        else ""
    )


def script(char: str) -> str:
    """The writing that a letter belongs to, as the first word of its name tells it."""
    return unicodedata.name(char, "UNNAMED").split(" ")[0].split("-")[0]


def _unicode() -> dict[int, NDArray[np.integer[Any]]]:
    scripts = sorted({script(chr(p)) for p in range(_LAST) if kind(p) == LETTER} - {"CJK"})
    number = {name: HAN + 1 + i % (255 - HAN) for i, name in enumerate(scripts)} | {
        "CJK": HAN,
        "IDEOGRAPHIC": HAN,
    }
    info, fold, apart = (np.zeros(_LAST, np.int64) for _ in range(3))
    pairs, seconds = _pairs()
    sequences: list[int] = []
    for point in range(_LAST):
        what, char = kind(point), chr(point)
        text = folded(point)
        rough = (
            what == DROP
            or (point >= 0x80 and any(c.isascii() for c in text))
            or (point < 32 and what != SPACE)
        )
        info[point] = what | ROUGH * rough | SECOND * (point in seconds) | unicodedata.combining(char) << 8
        info[point] |= (number[script(char)] if what == LETTER else 0) << 16
        fold[point] = (
            _kept(sequences, text, FOLDS) if len(text) != 1 and text else (ord(text) - point if text else 0)
        )
        marks = (
            "" if what in (OTHER, EMOJI) or 0xAC00 <= point < 0xD7A4 else unicodedata.normalize("NFD", char)
        )
        apart[point] = _kept(sequences, marks, DECOMPOSES) if len(marks) > 1 else 0
    rows = np.stack([a.reshape(-1, PAGE) for a in (info, fold, apart)], 1)
    pages, at = np.unique(rows, axis=0, return_inverse=True)
    letters, of_letter = vietnamese.letters()
    return {
        PAGES: at.reshape(-1) * PAGE,
        INFO: pages[:, 0],
        FOLD: pages[:, 1],
        APART: pages[:, 2],
        SEQUENCES: np.array(sequences),
        PAIRS: _pair_slots(pairs),
        LETTERS: letters,
        OF_LETTER: of_letter,
    }


def _kept(sequences: list[int], text: str, flag: int) -> int:
    sequences += map(ord, text)
    return flag | (len(sequences) - len(text)) << 4 | len(text)


def _pairs() -> tuple[dict[tuple[int, int], int], set[int]]:
    """Which two code points compose to which one, and those that may compose with what stands before them."""
    pairs: dict[tuple[int, int], int] = {}
    seconds = set(range(0x1161, 0x1176)) | set(range(0x11A8, 0x11C3))
    for point in range(_LAST):
        char = chr(point)
        halves = unicodedata.decomposition(char).split()
        composed = len(halves) == 2 and halves[0][0] != "<" and unicodedata.normalize("NFC", char) == char
        if composed and kind(point) in (LATIN, LETTER, MARK):
            first, second = (int(h, 16) for h in halves)
            pairs[first, second] = point
            seconds.add(second)
    return pairs, seconds


def _words() -> tuple[NDArray[np.uint64], dict[int, NDArray[np.integer[Any]]]]:
    held: dict[int, int] = {}
    for word in syllables():
        exact, plain = hash_word(word)
        held[exact] = held.get(exact, 0) | SYLLABLE
        held[plain] = held.get(plain, 0) | PLAIN
    for word in english():
        held[hash_word(word)[0]] = held.get(hash_word(word)[0], 0) | ENGLISH
    blob, ends = "", [0]
    for number, (code, meaning) in enumerate(teen().items()):
        exact, plain = hash_word(code)
        if (
            held.get(exact, 0) & SYLLABLE
            or held.get(plain, 0) & PLAIN
            or len(meaning.encode()) > GROWTH * len(code.encode())
        ):
            raise ValueError(f"“{code}” cannot be teen-code")
        held[exact] = held.get(exact, 0) | (number + 1) * TEEN
        blob += meaning
        ends.append(len(blob))
    return _placed(held), {MEANINGS: np.array([ord(c) for c in blob]), MEANING_ENDS: np.array(ends)}


def syllables() -> list[str]:
    """Every syllable of Vietnamese, its tone where we put it (``hòa``)."""
    made = []
    for line in _lines("syllables.txt"):
        base, _, tones = line.partition(" ")
        usual = "15" if base.endswith(("c", "ch", "p", "t")) else "012345"
        made += [vietnamese.toned(base, int(tone)) for tone in tones or usual]
    return made


def english() -> list[str]:
    """English words that are never read as Telex."""
    return list(_lines("english.txt"))


def teen() -> dict[str, str]:
    """Teen-code and what it means."""
    text = (DATA / "teen.csv").read_text(encoding="utf-8")
    return {row["code"]: row["meaning"] for row in csv.DictReader(io.StringIO(text))}


def _lines(name: str) -> Iterator[str]:
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield line


def _placed(held: dict[int, int]) -> NDArray[np.uint64]:
    """Slots of two, a key and a value: a key lies at the first free slot from its lowest bits on."""
    table = np.zeros((_SLOTS, 2), np.uint64)
    for key, value in held.items():
        at = key % _SLOTS
        while table[at, 0]:
            at = (at + 1) % _SLOTS
        table[at] = key, value
    return table.reshape(-1)


def _pair_slots(pairs: dict[tuple[int, int], int]) -> NDArray[np.int64]:
    table = np.zeros((PAIR_SLOTS, 3), np.int64)
    for (first, second), point in pairs.items():
        at = (first * 31 + second) % PAIR_SLOTS
        while table[at, 0]:
            at = (at + 1) % PAIR_SLOTS
        table[at] = first, second, point
    return table


if __name__ == "__main__":
    np.savez_compressed(DATA / "tables.npz", **made()._asdict())
