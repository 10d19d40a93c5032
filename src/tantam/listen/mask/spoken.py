"""Numbers spelled in words: không chín một hai ba bốn năm sáu bảy tám."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tantam.listen.mask import alphabet
from tantam.listen.mask.view import Span, View

DIGITS = {
    "0": "không khong ko kô hông zero",
    "1": "một mốt mot",
    "2": "hai",
    "3": "ba",
    "4": "bốn tư bon tu",
    "5": "năm lăm nhăm nam lam",
    "6": "sáu sau",
    "7": "bảy bẩy bay",
    "8": "tám tam",
    "9": "chín chin",
}
FILLERS = "mười mươi muoi linh lẻ le"
"""Said between digits, and none themselves."""

_LEAST_DIGITS, _LEAST_WORDS = 8, 4
_VALUE = {alphabet.word(w): digit for digit, said in DIGITS.items() for w in said.split()}
_FILLER = frozenset(alphabet.word(w) for w in FILLERS.split())
_BARE = frozenset(alphabet.shadow(f"{' '.join(DIGITS.values())} {FILLERS}")[0].split())
_PIECE = re.compile(r"[a-zđ]++|[0-9]++|[^\Wa-zđ0-9_]++")
_WORD = f"(?:{'|'.join(sorted(_BARE))})"
_IN_A_ROW = re.compile(rf"(?<![a-zđ]){_WORD}(?:[^a-zđ]+{_WORD}){{{_LEAST_WORDS - 1}}}(?![a-zđ])")
_JOINT = re.compile(rf"[ .,_{alphabet.EMOJI}-]{{1,3}}")


def spans(view: View) -> Iterator[Span]:
    """Runs of eight digits or more, four of them in words, with spaces, commas, dots, hyphens or emoji between alone;
    not those that count up from one, and not one digit said again and again ("không không không…")."""
    seen = view.seen
    if not _IN_A_ROW.search(seen):
        return
    start, end, digits, words = 0, 0, "", 0
    for piece in _PIECE.finditer(seen):
        said = _said(view, piece)
        if digits and not (said is not None and _JOINT.fullmatch(seen, end, piece.start())):
            if _is_number(digits, words):
                yield start, end, "phone"
            digits, words = "", 0
        if said is None or (not digits and not said):
            continue
        if not digits:
            start = piece.start()
        digits, words, end = digits + said, words + (said != "" and piece[0].isalpha()), piece.end()
    if _is_number(digits, words):
        yield start, end, "phone"


def _said(view: View, piece: re.Match[str]) -> str | None:
    """The digits of one piece: "" for a filler, None for any other word."""
    seen = piece[0]
    if seen.isdigit():
        return seen
    if seen not in _BARE:
        return None
    known = alphabet.word(view.spelt(*piece.span()))
    return _VALUE.get(known, "" if known in _FILLER else None)


def _is_number(digits: str, words: int) -> bool:
    if len(digits) < _LEAST_DIGITS or words < _LEAST_WORDS or len(set(digits)) == 1:
        return False
    return not "123456789".startswith(digits[:9])
