"""Telex and VNI keys left in a text because the keyboard was not switched: ``dduwowcj``, ``d9u7o7c5`` for ``được``.

A word that is the keys of a syllable is strong evidence when no English word is written so (``khoong``, ``vieetj``),
likely when hardly any is (``vaf``, ``hocj``), else weak (``cos``, ``been``). What is done with them is decided over the
whole text, in ``kernel``.
"""

from __future__ import annotations

from typing import Any

import numba

from tantam.listen.clean.bits import small
from tantam.listen.clean.syllable import find, hashed, is_digit, is_vowel, letter, of_letter, tone_place
from tantam.listen.clean.tables import SYLLABLE

NOTHING, TELEX_WEAK, TELEX_LIKELY, TELEX_STRONG, VNI_WEAK, VNI_STRONG = range(6)
"""Kinds of evidence."""

_ROOF, _BOWL, _HORN, _STROKE = 1, 2, 3, 4
_A, _C, _D, _E, _F, _G, _H, _J, _N, _O, _Q, _R, _S, _U, _W, _X = (ord(c) for c in "acdefghjnoqrsuwx")
_STROKED = ord("đ")
_LONGEST = 8


@numba.njit
def keys(t: Any, words: Any, w: Any, a: int, n: int, s: int) -> tuple[int, int]:
    """The syllable that the word is the keys of, written at s in ``w``: its length and the kind of evidence, or 0 and
    NOTHING."""
    vni = False
    for i in range(a, a + n):
        if w[i] >= 128:
            return 0, 0
        vni |= is_digit(w[i])
    m, tone, marks, short = _pressed(t, w, a, n, vni, s)
    if m == 0 or m > _LONGEST:
        return 0, 0
    if short >= 0 and m > short + 2:
        w[s + short] = of_letter(t, _U, _HORN, 0)
    place = tone_place(t, w, s, m)
    if place < 0:
        return 0, 0
    held = letter(t, w[s + place])
    w[s + place] = of_letter(t, held & 255, held >> 8, tone)
    if not find(words, hashed(w, s, m)) & SYLLABLE:
        return 0, 0
    return m, _vni(w, a, n) if vni else _telex(t, w, a, n, s, m, tone, marks)


@small
def _mark(key: int, last: int, before: int, vni: bool) -> int:
    """The mark that a key puts on the last letter, or 0; ``before`` is the key pressed before it."""
    if vni:
        if 54 <= key <= 57:
            return _HORN if key == 55 else (_BOWL if key == 56 else (_STROKE if key == 57 else _ROOF))
        return 0
    if key == last and key == before and key in (_A, _E, _O, _D):
        return _STROKE if key == _D else _ROOF
    if key == _W and last:
        return _BOWL if last == _A else _HORN
    return 0


@small
def _tone(key: int, vni: bool) -> int:
    """The tone of a key, or 0."""
    if vni:
        return key - 48 if 49 <= key <= 53 else 0
    return (
        1 if key == _S else 2 if key == _F else 3 if key == _R else 4 if key == _X else 5 if key == _J else 0
    )


@numba.njit
def _pressed(t: Any, w: Any, a: int, n: int, vni: bool, s: int) -> tuple[int, int, int, int]:
    """Press the keys one by one: letters at s in ``w``, how many (0 if they do not belong together), the tone, how many
    marks, and where a ``u`` before ``ow`` stands that may be ``ư``, or -1."""
    m, tone, marks, short, first = 0, 0, 0, -1, -1
    for i in range(a, a + n):
        key = w[i]
        last = int(w[s + m - 1]) if m else 0
        mark = _mark(key, last, w[i - 1] if i > a else 0, vni)
        if mark == _STROKE:
            if m != 1 or last != _D:
                return 0, 0, 0, -1
            w[s] = _STROKED
            marks += 1
        elif mark:
            made = of_letter(t, last, mark, 0) if 97 <= last <= 121 else 0
            if made == 0:
                return 0, 0, 0, -1
            if mark == _HORN and last == _O and m >= 2 and w[s + m - 2] == _U:
                short = m - 2
            w[s + m - 1] = made
            marks += 1
        elif first >= 0 and _tone(key, vni):
            if tone:
                return 0, 0, 0, -1
            tone = _tone(key, vni)
        elif is_digit(key) or key == _W:
            return 0, 0, 0, -1
        else:
            if is_vowel(key) and first < 0:
                first = m
            w[s + m] = key
            m += 1
    return (m, tone, marks, short) if first >= 0 and (tone or marks) else (0, 0, 0, -1)


@numba.njit
def _telex(t: Any, w: Any, a: int, n: int, s: int, m: int, tone: int, marks: int) -> int:
    """Strong: a mark in a group of vowels, before ng, nh or ch, on an a (aa), or with ngã or nặng; a tone after ng or
    nh; nặng; all these in four keys or more; and ư and đ at once. Likely: huyền or nặng and no mark, no vowel after.
    """
    vowels, horned, roofed = 0, False, False
    for i in range(s, s + m):
        held = letter(t, w[i])
        vowels += is_vowel(held & 255) and not (i > s and held & 255 == _U and w[i - 1] == _Q)
        horned |= held & 255 == _U and held >> 8 & 15 == _HORN
        roofed |= held & 255 == _A and held >> 8 & 15 == _ROOF
    if n >= 3 and (w[s] == _STROKED or horned):
        return TELEX_STRONG
    before, last = (w[s + m - 2], w[s + m - 1]) if m >= 3 else (0, 0)
    nasal = before == _N and last in (_G, _H)
    if marks:
        strong = vowels >= 2 or nasal or (before == _C and last == _H) or tone >= 4 or roofed
    else:
        strong = tone == 5 or (nasal and (tone >= 2 or (tone == 1 and last == _H)))
    if strong and n >= 4:
        return TELEX_STRONG
    ends = w[a + n - 1] in (_F, _J) or (w[a + n - 2] in (_F, _J) and not is_vowel(w[a + n - 1]))
    return TELEX_LIKELY if not marks and n >= 3 and ends else TELEX_WEAK


@numba.njit
def _vni(w: Any, a: int, n: int) -> int:
    """Strong where a digit stands inside a word of three letters or more, or after a d at its start, or two digits do
    with one inside; codes have theirs at an end."""
    digits, inside = 0, 0
    for i in range(a, a + n):
        digits += is_digit(w[i])
        inside += is_digit(w[i]) and i + 1 < a + n and not is_digit(w[i + 1])
    stroked = n >= 3 and w[a] == _D and w[a + 1] == 57
    return VNI_STRONG if inside and (n - digits >= 3 or digits >= 2 or stroked) else VNI_WEAK
