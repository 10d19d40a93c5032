"""How the same words come in: without accents, as Telex keystrokes, decomposed, in the speech of a region …

A piece of text is respelled once, in every way, before any opinion is made; a deterministic choice among several
spellings of a word hangs on the piece alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from zlib import crc32

from tantam import letters

SPELLINGS = (
    "plain",
    "bare",
    "telex",
    "nfd",
    "joined",
    "capitals",
    "teencode",
    "teencode_bare",
    "north",
    "central",
    "south",
    "typo",
)
"""The order in which :func:`respell` gives them."""

_MARKS = {"ă": "aw", "â": "aa", "đ": "dd", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw"}
_TONES = dict(zip(letters.TONES, "frxsj", strict=True))
_WORD = re.compile(r"[^\W\d_]+")
_LEAST_TYPO = 10
"""Shorter pieces are left without a slip of the finger."""

Words = Mapping[str, Sequence[str]]


def respell(pieces: Sequence[str], words: Mapping[str, Words], compounds: Sequence[str]) -> list[list[str]]:
    """Every piece in every one of :data:`SPELLINGS`: a list a spelling. ``words`` hold the words that teencode, north,
    central and south write otherwise; ``compounds`` are joined by ``_``."""
    joined = {c: [c.replace(" ", "_")] for c in compounds}
    ways: dict[str, Callable[[str], str]] = {
        "plain": lambda text: text,
        "bare": without_accents,
        "telex": keystrokes,
        "nfd": lambda text: unicodedata.normalize("NFD", text),
        "joined": _writer(joined),
        "capitals": str.upper,
        "north": _writer(words["north"]),
        "central": _writer(words["central"]),
        "south": _writer(words["south"]),
        "typo": _slip,
    }
    young = _writer(words["teencode"])
    ways["teencode"] = lambda text: young(text.lower())
    ways["teencode_bare"] = lambda text: without_accents(ways["teencode"](text))
    return [[ways[name](piece) for piece in pieces] for name in SPELLINGS]


def without_accents(text: str) -> str:
    """The same letters without any accent, case and punctuation kept."""
    marks = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in marks if not unicodedata.combining(letter))


def keystrokes(text: str) -> str:
    """What a keyboard without Vietnamese typing leaves of Telex: ``được`` → ``dduowcj``."""
    return _WORD.sub(lambda word: _keys(word[0]), text)


def _keys(word: str) -> str:
    keys, tone = [], ""
    for letter in unicodedata.normalize("NFC", word):
        marks = unicodedata.normalize("NFD", letter)
        tone = next((_TONES[m] for m in marks if m in _TONES), tone)
        base = unicodedata.normalize("NFC", "".join(m for m in marks if m not in _TONES))
        small = _MARKS.get(base.lower(), base)
        keys.append(small.capitalize() if base.isupper() else small)
    return "".join(keys).replace("uwow", "uow") + tone


def _writer(words: Words) -> Callable[[str], str]:
    longest = sorted(words, key=len, reverse=True)
    sought = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)")

    def write(text: str) -> str:
        lot = crc32(text.encode())
        return sought.sub(lambda word: words[word[0]][lot % len(words[word[0]])], text)

    return write


def _slip(text: str) -> str:
    """Two neighbouring letters swapped, or one lost, in about one long piece of two."""
    lot = crc32(text.encode())
    places = [i for i in range(len(text) - 1) if text[i : i + 2].isalpha()]
    if len(text) < _LEAST_TYPO or not places or lot % 2:
        return text
    at = places[lot // 4 % len(places)]
    swapped = text[at + 1] + text[at] if lot // 2 % 2 else text[at]
    return text[:at] + swapped + text[at + 2 :]
