"""Where links are: a link is one word, in lower case but else as it is written.

A link is ``scheme://…``, ``www.…`` or a host with a slash (``bit.ly/…``). It ends at white space, at a quotation mark
or at what is neither ASCII nor a letter; full stops and brackets at its end are not part of it.
"""

from __future__ import annotations

from typing import Any

import numba

from tantam.listen.clean.bits import small
from tantam.listen.clean.fold import about, decode
from tantam.listen.clean.tables import DIGIT, INFO, KIND, LATIN, LETTER, MARK, OTHER

DOMAINS = (
    *(
        "vn",
        "com",
        "net",
        "org",
        "info",
        "ly",
        "me",
        "gl",
        "io",
        "co",
        "app",
        "gg",
        "link",
        "tv",
        "shop",
        "xyz",
    ),
    *("be", "asia", "top", "site", "page"),
)
"""The ends of hosts that are known without a scheme before them."""

_LONGEST_HOST = 254
_COLON, _SLASH, _DOT, _W = (ord(c) for c in ":/.w")
_STOPS = tuple(ord(c) for c in '"<>`')
_LETTERS = 1 << LATIN | 1 << LETTER | 1 << DIGIT | 1 << MARK
_TRAILING = tuple(ord(c) for c in ".,;:!?*'()[]{}")
_DOMAINS = tuple(int.from_bytes(name.encode(), "big") for name in DOMAINS)


@small
def _is_letter(byte: int) -> bool:
    return 97 <= byte | 32 <= 122


@small
def _in_host(byte: int) -> bool:
    return _is_letter(byte) or 48 <= byte <= 57


@small
def _letter_at(t: Any, data: Any, at: int, end: int) -> bool:
    """Does a letter or a digit stand there, of whatever script?"""
    point, _ = decode(data, at, end)
    return point >= 0 and (1 << (about(t, INFO, point) & KIND)) & _LETTERS != 0


@numba.njit
def link_start(t: Any, data: Any, p: int, q: int, end: int) -> int:
    """Where in the word p to q, which a full stop or a colon follows, a link begins; -1 if none does."""
    if q + 1 >= end:
        return -1
    s, letters = q, True
    while s > p and _in_host(data[s - 1]):
        s -= 1
        letters &= _is_letter(data[s])
    if s == q or (s > p and not _after_mark(t, data, p, s)):
        return -1
    if data[q] == _COLON:
        slashes = q + 2 < end and data[q + 1] == _SLASH and data[q + 2] == _SLASH
        return s if slashes and letters else -1
    if not _letter_at(t, data, q + 1, end):
        return -1
    www = q - s >= 3
    for i in range(s, q):
        www &= data[i] | 32 == _W
    return s if www or _host(t, data, q, end) else -1


@numba.njit
def _after_mark(t: Any, data: Any, p: int, s: int) -> bool:
    """Is what stands before s a punctuation mark beyond ASCII?"""
    at = s - 1
    while at > p and data[at] & 0xC0 == 0x80:
        at -= 1
    point, _ = decode(data, at, s)
    return point >= 0x80 and about(t, INFO, point) & KIND == OTHER


@numba.njit
def _host(t: Any, data: Any, q: int, end: int) -> bool:
    """Does a domain that we know and a slash follow the full stop at q?"""
    label = 0
    for i in range(q + 1, min(end - 1, q + _LONGEST_HOST)):
        byte = data[i]
        if byte == _SLASH:
            for domain in _DOMAINS:
                if label == domain:
                    return _letter_at(t, data, i + 1, end)
            return False
        if byte == _DOT and label:
            label = 0
        elif _in_host(byte) or byte == 45:
            label = (label << 8 | (byte | 32)) & 0xFFFFFFFFFF
        else:
            return False
    return False


@numba.njit
def link_end(t: Any, data: Any, q: int, end: int) -> int:
    """Where the link ends that runs over the full stop or colon at q."""
    e = q
    while e < end:
        point, after = decode(data, e, end)
        if point < 0x80:
            if not 32 < point < 127 or point in _STOPS:
                break
        elif not _letter_at(t, data, e, end):
            break
        e = after
    while e > q + 1 and data[e - 1] in _TRAILING:
        e -= 1
    return e
