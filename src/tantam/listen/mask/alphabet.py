"""What each character is to masking: a letter with its tone, a digit of any script, a gap, or nothing at all.

One table serves the kernels (:data:`CLASSES`) and the regular expressions (:func:`shadow`), so that both see the same
text: composed or decomposed, in capitals, full width, in other digits, or with invisible characters put in between.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

OTHER, LETTER, DIGIT, SPACE, JOIN, IGNORED, MARK = range(7)
"""JOIN stands inside written numbers as a space does; IGNORED is seen by nobody; MARK changes the letter before it."""

NONE, SPACED, DOT, COLON, APOSTROPHE, BREAK, AFTER_DIGIT, BRACKET = range(8)
"""What lies between two words, the strongest of its characters; AFTER_DIGIT: a number and then spaces alone."""

SLASH, EQUALS, AT = 16, 32, 48
"""Three signs that mean more than what they part; EQUALS is the colon too."""

TOP = 0x20000
"""Characters from here on are OTHER, but for the invisible ones (tags and variation selectors, from 0xE0000)."""

EMOJI = "☺"
"""The shadow of every emoji."""

TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_QUALITY = {"\u0302": 1, "\u0306": 2, "\u031b": 4}
_STRANGE = 8
_LATIN = (range(0x250), range(0x1E00, 0x1F00), range(0xFF01, 0xFF5F))
_HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"
_DOTS = ".\u00b7\u2022\u2027\u2219\u22c5"
_EMOJI = (range(0x2600, 0x27C0), (0x2B50, 0x2B55), range(0x1F1E6, 0x1F200), range(0x1F300, 0x1FB00))
_CONTROLS_THAT_PART = "\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"
_SIGNS = {
    **dict.fromkeys(_HYPHENS, (JOIN, COLON, "-")),
    **dict.fromkeys(_DOTS, (JOIN, DOT, ".")),
    **dict.fromkeys("/\u2044\u2215", (JOIN, BREAK | SLASH, "/")),
    **{sign: (JOIN, BREAK, sign) for sign in "(),"},
    **{sign: (OTHER, COLON | EQUALS, sign) for sign in ":="},
    **dict.fromkeys("'\u2019", (OTHER, APOSTROPHE, "'")),
    "[": (OTHER, BRACKET, "["),
    "@": (OTHER, BREAK | AT, "@"),
}
"""Sign → kind, what it parts, and its shadow."""

_TOLD = ("Nd", "Mn", "Me", "Cf", "Zs", "Cc")
_TOLD_POINTS = {
    *(0x115F, 0x1160, 0x3164, 0xFFA0, 0xFE6B),
    *(ord(sign) for sign in _SIGNS),
    *range(0x300, 0x370),
    *range(0x1E00, 0x1F00),
    *range(0xFF01, 0xFF5F),
    *(point for block in _EMOJI for point in block),
}
"""Above Latin: the categories and the characters that are more than OTHER."""


def _plain(char: str) -> str:
    """Full-width forms of ASCII as ASCII; đ's two look-alikes as đ."""
    point = ord(char)
    if 0xFF01 <= point <= 0xFF5E:
        return chr(point - 0xFEE0)
    return {"ð": "đ", "ɖ": "đ", "Ð": "Đ", "\ufe6b": "@"}.get(char, char)


def _letter(char: str) -> tuple[str, int, int, bool]:
    """A letter as (base letter, quality bits, tone, capital)."""
    small = _plain(char).lower()
    marks = unicodedata.normalize("NFD", small)
    quality = sum({_QUALITY.get(m, _STRANGE) for m in marks[1:] if m not in TONES})
    tone = max((TONES[m] for m in marks[1:] if m in TONES), default=0)
    return marks[0], quality, tone, small != _plain(char)


def _code(base: str, quality: int) -> int:
    """Nine bits of one letter: which of a to z, đ or another, and its circumflex, breve, horn or stranger mark."""
    place = ord(base) - 96 if "a" <= base <= "z" else 27 if base == "đ" else 28
    return place * 16 + quality


def _class(point: int, kind: str) -> tuple[int, str]:
    """The 16 bits of a character (3 kind, 9 letter code or what it parts, 3 tone, 1 capital) and its shadow."""
    char = chr(point)
    plain = _plain(char)
    if kind == "Nd":
        return DIGIT, str(int(char))
    if kind[0] == "L" and any(point in block for block in _LATIN):
        base, quality, tone, capital = _letter(char)
        return LETTER | _code(base, quality) << 3 | tone << 12 | capital << 15, base
    if 0x300 <= point < 0x370:
        mark = unicodedata.normalize("NFD", char)[0]
        quality = 0 if mark in TONES else _QUALITY.get(mark, _STRANGE)
        return MARK | quality << 3 | TONES.get(mark, 0) << 12, "\0"
    if kind in ("Mn", "Me", "Cf") or point in (0x115F, 0x1160, 0x3164, 0xFFA0):
        return IGNORED, "\0"
    if kind == "Cc" and char not in _CONTROLS_THAT_PART and char != "\t":
        return IGNORED, "\0"
    if kind == "Zs" or char in "\t_\uff3f":
        return SPACE | SPACED << 3, "_" if plain == "_" else " "
    if any(point in block for block in _EMOJI):
        return JOIN | BREAK << 3, EMOJI
    if plain in _SIGNS:
        return _SIGNS[plain][0] | _SIGNS[plain][1] << 3, _SIGNS[plain][2]
    return OTHER | BREAK << 3, plain


def _build() -> tuple[NDArray[np.uint16], dict[int, str]]:
    table, shown = np.full(TOP, OTHER | BREAK << 3, np.uint16), {}
    for point in range(TOP):
        kind = unicodedata.category(chr(point))
        if point < 0x250 or kind in _TOLD or point in _TOLD_POINTS:
            table[point], seen = _class(point, kind)
            if point < 0x80 or seen != chr(point):
                shown[point] = seen
    invisible = (*range(0xE0000, 0xE0080), *range(0xE0100, 0xE01F0))
    return table, shown | dict.fromkeys(invisible, "\0")


CLASSES, _SHADOW = _build()


def shadow(text: str) -> tuple[str, list[int] | None]:
    """The text as the regular expressions read it: small letters without accents (đ stays), ASCII digits, plain spaces,
    hyphens and dots, nothing invisible; and where each of its characters stands in the text (None: at the same place).
    """
    seen = text.lower() if text.isascii() and text.isprintable() else text.translate(_SHADOW)
    if "\0" not in seen:
        return seen, None
    at = [i for i, char in enumerate(seen) if char != "\0"]
    return seen.replace("\0", ""), [*at, len(text)]


@lru_cache(1 << 14)
def word(text: str) -> str:
    """One form for all spellings of a word: small, composed, its tone at the end, so that hoà and hòa are one."""
    marks = unicodedata.normalize("NFD", text.lower())
    seen = [c for c in marks if "\u0300" <= c < "\u0370" or _SHADOW.get(ord(c)) != "\0"]
    tone = max((TONES.get(c, 0) for c in seen), default=0)
    return unicodedata.normalize("NFC", "".join(c for c in seen if c not in TONES)) + str(tone)
