"""The letters and tones of Vietnamese, and where in a syllable the tone stands."""

from __future__ import annotations

import unicodedata

import numpy as np
from numpy.typing import NDArray

TONES = ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323")
"""None, sắc, huyền, hỏi, ngã, nặng: in the order of the VNI keys 1 to 5."""

QUALITIES = ("", "\u0302", "\u0306", "\u031b")
"""None, the roof of â ê ô, the bowl of ă, the horn of ơ ư; đ is a d with the first."""

VOWELS = "aeiouy"
LAST = 0x1F00
"""Every Vietnamese letter lies below."""


def toned(base: str, tone: int) -> str:
    """A syllable without a tone, given one: ``toned("hoa", 2)`` is ``hòa``."""
    at = tone_place(base)
    return unicodedata.normalize("NFC", base[: at + 1] + TONES[tone] + base[at + 1 :])


def tone_place(base: str) -> int:
    """The place of the vowel that carries the tone in a syllable written without it; -1 where there is no one group of
    vowels.

    A vowel with a mark of its own carries it (``ư`` before ``ơ`` gives way); else the only one, the second of two
    before a consonant, the first of two at the end, the middle of three. The ``u`` of qu and the ``i`` of gi before
    a vowel belong to the consonant.
    """
    bare = [unicodedata.normalize("NFD", c)[0] for c in base]
    first = next((i for i, c in enumerate(bare) if c in VOWELS), -1)
    if first < 0:
        return -1
    if (
        first > 0
        and base[first - 1 : first + 1] in ("qu", "gi")
        and bare[first + 1 : first + 2]
        and bare[first + 1] in VOWELS
    ):
        first += 1
    end = next((i for i in range(first, len(base)) if bare[i] not in VOWELS), len(base))
    if any(c in VOWELS for c in bare[end:]) or end - first > 3:
        return -1
    marked = [i for i in range(first, end) if base[i] not in VOWELS]
    if marked:
        return marked[-1]
    return first + (end - first == 3 or (end - first == 2 and end < len(base)))


def letters() -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Of each code point below :data:`LAST`, its letter, quality and tone (base | quality << 8 | tone << 12, or 0 for
    no Vietnamese letter), and back: [letter - a, quality, tone] to the code point, or 0.
    """
    of_point = np.zeros(LAST, np.int32)
    of_letter = np.zeros((26, len(QUALITIES), len(TONES)), np.int32)
    for base in "abcdefghijklmnopqrstuvwxyz":
        for q, quality in enumerate(QUALITIES):
            for t, tone in enumerate(TONES):
                char = unicodedata.normalize("NFC", base + quality + tone)
                plain = (q and base + quality not in _MARKED) or (t and base not in VOWELS)
                if len(char) == 1 and not plain:
                    of_point[ord(char)] = ord(base) | q << 8 | t << 12
                    of_letter[ord(base) - 97, q, t] = ord(char)
    of_point[ord("đ")] = ord("d") | 1 << 8
    of_letter[ord("d") - 97, 1, 0] = ord("đ")
    return of_point, of_letter


_MARKED = {base + QUALITIES[q] for base, q in zip("aeoaou", (1, 1, 1, 2, 3, 3), strict=True)}
