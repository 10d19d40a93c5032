"""Vietnamese letters: one form without accents, the order of the dictionary, the order of people, and finding.

Everything takes composed and decomposed spellings alike, and the tone where the old or the new school puts it
(hoà, hòa) is one word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
"""The Vietnamese alphabet with f, j, w and z in their Latin places."""

TONES = "\u0300\u0309\u0303\u0301\u0323"
"""Huyền, hỏi, ngã, sắc, nặng: the dictionary's order of tones after none."""

_D = str.maketrans("đðɖ", "ddd")
"""The letter đ, and two strangers (eth, African d) whose capitals look like Đ and replace it in old files."""

FOLD_SQL = "trim(regexp_replace(translate(strip_accents(lower({x})), 'đðɖ', 'ddd'), '[^a-z0-9]+', ' ', 'g'))"
"""The same form as :func:`fold` in DuckDB's SQL; ``{x}`` is a column or an expression of type VARCHAR."""

_MARKS = TONES + "\u0302\u0306\u031b"
"""All that a Vietnamese vowel carries: the tones; circumflex, breve and horn."""

_PLAIN = bytes(byte if chr(byte) in "abcdefghijklmnopqrstuvwxyz0123456789" else 32 for byte in range(256))

_SPACE, _MARK, _DIGIT, _LETTER, _FOREIGN = 1, 2, 3, 16, 96
_STRANGE_TONE = len(TONES) + 1
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """The accent-insensitive form of a name: ``Khánh-Hoà`` and its decomposed spelling both give ``khanh
    hoa``.

    Only the letters a to z, digits and single spaces are left; case, accents, tone places and punctuation are
    gone.
    """
    bare = unicodedata.normalize("NFD", text.lower())
    for mark in _MARKS:  # quicker than to ask of each letter what it is
        bare = bare.replace(mark, "")
    bare = bare.replace("đ", "d")
    if not bare.isascii():
        bare = "".join(letter for letter in bare if not unicodedata.combining(letter)).translate(_D)
    return b" ".join(bare.encode("ascii", "replace").translate(_PLAIN).split()).decode()


def sort_key(text: str) -> bytes:
    """Bytes that sort as a Vietnamese dictionary does, in any database that compares bytes.

    Base letters first (ă, â, đ, ê, ô, ơ, ư are letters of their own; the space comes before all, then marks, digits,
    letters), then the tone of each word (none, huyền, hỏi, ngã, sắc, nặng), then small before capital letters. Two
    texts have one key only if they are the same text.
    """
    return _weights(text) + b"\0" + _last(text)


def name_key(full_name: str) -> bytes:
    """Bytes that sort people as Vietnamese lists do: by given name (the last word), then by the rest as written, the
    family name first: An Lê, An Nguyễn Thị, Ân Trần, Bốn Lê Thị. A name of one word is a given name."""
    rest, _, given = " ".join(unicodedata.normalize("NFC", full_name).split()).rpartition(" ")
    return b"\0".join([_weights(given), _weights(rest), _last(full_name)])


def match(query: str, text: str) -> int:
    """How well a text answers a search: 2 with the very accents, 1 without regard to them, 0 not at all.

    Every word of the query must begin a word of the text, in any order; a query without words is answered by
    everything.
    """
    sought, held = _words(query), _words(text)
    if all(any(_begins(s, h) for h in held) for s in sought):
        return 2
    folded = fold(text).split()
    return int(all(any(h.startswith(s) for h in folded) for s in fold(query).split()) and bool(fold(query)))


def find(query: str, texts: Iterable[str]) -> list[int]:
    """The places of the texts that answer a search, those with the very accents first, else in their order."""
    ranked = [(-match(query, text), at) for at, text in enumerate(texts)]
    return [at for rank, at in sorted(ranked) if rank]


def _weights(text: str) -> bytes:
    """Base letters, a zero, and the tone of each word; no other zero byte."""
    bases, tones = bytearray(), bytearray()
    tone, inside = 0, False
    for letter in _small(text):
        weight, mark = _letter(letter)
        bases += weight
        if letter.isalpha():
            tone, inside = max(tone, mark), True
        elif inside:
            tones.append(1 + tone)
            tone, inside = 0, False
    if inside:
        tones.append(1 + tone)
    return bytes(bases) + b"\0" + bytes(tones)


def _last(text: str) -> bytes:
    """Small before capital letters; then the text itself, so that only the same text has the same key."""
    plain = unicodedata.normalize("NFC", text)
    cases = bytes(2 if letter.isupper() else 1 for letter in plain)
    return cases + b"\0" + plain.encode("utf-8", "surrogatepass")


def _small(text: str) -> str:
    return unicodedata.normalize("NFC", text.lower())


@cache
def _letter(letter: str) -> tuple[bytes, int]:
    """The weight of one composed small letter, never with a zero byte, and its tone from 0."""
    if letter.isspace():
        return bytes([_SPACE]), 0
    if letter.isdecimal():
        return bytes([_DIGIT + int(letter)]), 0
    base, tone = _apart(letter)
    if _ours(base):
        return bytes([_LETTER + ALPHABET.index(base)]), tone
    first = _FOREIGN if letter.isalpha() else _MARK
    point = ord(letter)
    return bytes([first, *(1 + (point >> shift & 127) for shift in (14, 7, 0))]), 0


def _apart(letter: str) -> tuple[str, int]:
    """A composed small letter as a letter of the alphabet and its tone; a mark of no tone and no letter of ours (ö)
    leaves the plain letter with a tone after all others."""
    marks = unicodedata.normalize("NFD", letter)
    tone = max((1 + TONES.index(m) for m in marks if m in TONES), default=0)
    base = unicodedata.normalize("NFC", "".join(m for m in marks if m not in TONES))
    if not _ours(base) and _ours(marks[0]):
        return marks[0], _STRANGE_TONE
    return base, tone


def _ours(letter: str) -> bool:
    return len(letter) == 1 and letter in ALPHABET


def _words(text: str) -> list[tuple[str, int]]:
    """Each word as its letters without tone and its tone, wherever in the word the tone was written."""
    found = []
    for word in _WORD.findall(_small(text)):
        letters, tones = zip(*(_apart(letter) for letter in word), strict=True)
        found.append(("".join(letters), max(tones)))
    return found


def _begins(sought: tuple[str, int], held: tuple[str, int]) -> bool:
    return held[0].startswith(sought[0]) and held[1] == sought[1]
