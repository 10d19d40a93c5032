"""Numbers and addresses of people taken out of what was said, before it is kept.

Masked: phone numbers however they are written, mail addresses, and numbers that look like an identity paper, a card
or an account. Left alone: amounts of money, dates, packages (D10, V120), speeds, and hotlines or short codes of up to
eight digits, which are nobody's own. Any run of nine digits or more is taken out whatever it is.

One pass over the groups of digits; each looks at most at :data:`_MOST_DIGITS` digits ahead, so the time is linear in
the text whatever is written in it. Whether a group is masked never hangs on a group behind it that is masked too, so
masking twice changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

KINDS = {"phone": "[số điện thoại]", "email": "[thư điện tử]", "private": "[số riêng]"}
"""Kind → what is written in its place."""

_MOST_DIGITS = 19
_LONG = 9
_PLAIN_LENGTHS = (12, 16, 19)
"""Lengths of identity papers and cards, known by their groups alone."""

# Digits of any script. The letter o stands for 0 between digits, and at an end that no other letter touches: "o912".
_GROUP = re.compile(r"[oO\d]++")
_INNER = re.compile(r"\d(?:[oO\d]*\d)?")
_GAP = re.compile("[ \t\u00a0\u2007\u202f.()_\u2010-\u2015\u200b-\u200d\u2060·-]{1,4}|,")
_PHONE = re.compile("(?:00)?840?(?:[35789][0-9]{8}|2[0-9]{9})|0[2-9][0-9]{8}|02[0-9]{9}|01[0-9]{9}")
_BARE_MOBILE = re.compile("[35789][0-9]{8}")
_CARD = re.compile("(?:[2-6][0-9]{3}|9704)(?:[0-9]{4}){3}(?:[0-9]{3})?")
_CURRENCY = re.compile(
    r"\s{0,2}(?:đ|₫|vn[dđ]\b|d\b|k\b|tr\b|triệu|trieu|tỷ|ty\b|nghìn|ngàn|usd|\$)", re.IGNORECASE
)
_PAPER = re.compile(
    r"\b(?:cmnd|cmt|cccd|stk|tk|căn cước|can cuoc|chứng minh|chung minh|hộ chiếu|ho chieu|tài khoản|tai khoan"
    r"|số thẻ|so the)\b",
    re.IGNORECASE,
)
_PAPER_REACH = 24

_LOCAL = re.compile(r"[\w.%+-]")
_DOMAIN = re.compile(
    r"[ ]{0,2}(?:[\w-]{1,63}\.){1,6}[^\W\d_]{2,24}[\w-]*+|[ ]{0,2}(?:gmail|yahoo|hotmail|outlook|icloud)\b",
    re.I,
)
_KNOWN_DOMAIN = re.compile(r"[ ]{1,2}(?:gmail|yahoo|hotmail|outlook|icloud)", re.I)


@dataclass(frozen=True)
class _Group:
    """One unbroken run of digits: its place in the text, its digits in ASCII, and what joins it to the one before
    (None where too much lies between)."""

    start: int
    end: int
    digits: str
    gap: str | None


_Span = tuple[int, int, str]


def mask(text: str) -> str:
    """The text with phone numbers, mail addresses and private numbers replaced by a word in brackets.

    Masking twice is masking once; a text with neither a digit nor an @ comes back as it was. Time is linear.
    """
    parts, at = [], 0
    for start, end, kind in _spans(text):
        parts += [text[at:start], KINDS[kind]]
        at = end
    return "".join([*parts, text[at:]])


def found(text: str) -> list[str]:
    """What :func:`mask` would take out, in the order of the text: kinds of :data:`KINDS`."""
    return [kind for _, _, kind in _spans(text)]


def _spans(text: str) -> list[_Span]:
    mails = _mails(text) if "@" in text else []
    return sorted([*mails, *_numbers(text, mails)])


def _mails(text: str) -> list[_Span]:
    """Around every @: the local part to the left, a domain (or a well-known one without its end) to the right."""
    spans: list[_Span] = []
    free = 0
    at = text.find("@")
    while at >= 0:
        domain = _DOMAIN.match(text, at + 1)
        if domain:
            start = _local_start(text, at, free)
            if start < at and _LOCAL.match(text, start):
                spans.append((start, domain.end(), "email"))
                free = domain.end()
        free = max(free, at + 1)
        at = text.find("@", free)
    return spans


def _local_start(text: str, at: int, free: int) -> int:
    """Where the local part of an address begins; up to two spaces may stand before the @ of a well-known domain."""
    start = at
    if _KNOWN_DOMAIN.match(text, at + 1):
        while start > max(free, at - 2) and text[start - 1] == " ":
            start -= 1
    while start > free and _LOCAL.match(text, start - 1):
        start -= 1
    return start


def _numbers(text: str, mails: Sequence[_Span]) -> list[_Span]:
    groups = _groups(text, mails)
    spans: list[_Span] = []
    i = 0
    while i < len(groups):
        if _is_date(groups[i : i + 3]):
            i += 3
            continue
        length, kind = _read(text, groups, i)
        if kind:
            spans.append((*_edges(text, groups[i].start, groups[i + length - 1].end), kind))
        i += length
    return spans


def _groups(text: str, mails: Sequence[_Span]) -> list[_Group]:
    made: list[_Group] = []
    mail = 0
    for run in _GROUP.finditer(text):
        while mail < len(mails) and mails[mail][1] <= run.start():
            mail += 1
        inner = _INNER.search(run[0])
        if inner is None or (mail < len(mails) and mails[mail][0] <= run.start()):
            continue
        start, end = run.span()
        if text[start - 1 : start].isalpha():
            start += inner.start()
        if text[end : end + 1].isalpha():
            end = run.start() + inner.end()
        digits = "".join("0" if c in "oO" else str(int(c)) for c in text[start:end])
        between = text[made[-1].end : start] if made and start - made[-1].end <= 4 else ""
        made.append(_Group(start, end, digits, between if _GAP.fullmatch(between) else None))
    return made


def _read(text: str, groups: Sequence[_Group], i: int) -> tuple[int, str]:
    """How many groups from ``i`` on are one number, and its kind; (1, "") where the group is nobody's.

    The longest phone, else the first private number, else a long run alone.
    """
    digits, best, kind = "", 1, "private" if len(groups[i].digits) >= _LONG else ""
    paper: bool | None = None
    for n in range(1, len(groups) - i + 1):
        if n > 1 and groups[i + n - 1].gap is None:
            break
        digits += groups[i + n - 1].digits
        if len(digits) < _LONG:
            continue
        if len(digits) > _MOST_DIGITS:
            break
        run = groups[i : i + n]
        if _is_phone(text, run, digits):
            best, kind = n, "phone"
        elif n > 2 and (not kind or _CARD.fullmatch(digits)):
            paper = _names_paper(text, groups, i) if paper is None else paper
            if (paper or len(digits) in _PLAIN_LENGTHS) and _is_private(text, run, digits, paper):
                best, kind = n, "private"
    return best, kind


def _names_paper(text: str, groups: Sequence[_Group], i: int) -> bool:
    """Whether the words just before a group speak of a paper, a card or an account."""
    start = max(groups[i - 1].end if i else 0, groups[i].start - _PAPER_REACH)
    return _PAPER.search(text[start : groups[i].start].rpartition("]")[2]) is not None


def _is_phone(text: str, run: Sequence[_Group], digits: str) -> bool:
    phone, bare = _PHONE.fullmatch(digits), _BARE_MOBILE.fullmatch(digits)
    if not (phone or bare or _plus(text, run[0].start)):
        return False
    gaps = {g.gap for g in run[1:]}
    if phone:
        decimal = run[0].digits == "0" and len(gaps) > 1 and run[1].gap in (".", ",")  # 0.5 10.000.000
        return not decimal and not _is_count(run)
    if _plus(text, run[0].start) and _LONG <= len(digits) <= 15 and not gaps & {".", ","}:
        return not digits.startswith("84")
    if not bare or min(len(g.digits) for g in run) < 3 or len(gaps) > 1:
        return False
    return len(run) == 1 or not (_is_amount(text, run) or all(g.digits[-1] in "09" for g in run))


def _is_private(text: str, run: Sequence[_Group], digits: str, paper: bool) -> bool:
    """A card, or a paper or account in groups: by its shape, or because the words before it say so."""
    if len({g.gap for g in run[1:]}) > 1 or _is_amount(text, run):
        return False
    if _CARD.fullmatch(digits) and {len(g.digits) for g in run[:4]} == {4}:
        return not all(g.digits[:2] in ("19", "20") for g in run)
    if len(digits) == 12 and digits[0] == "0" and {len(g.digits) for g in run} <= {3, 4}:
        return not all(g.digits[0] == "0" for g in run)
    return paper


def _is_amount(text: str, run: Sequence[_Group]) -> bool:
    """Groups of three that end in thousands or in a currency: 300.000.000, 912.345.678 đồng."""
    thirds = len(run[0].digits) <= 3 and all(len(g.digits) == 3 for g in run[1:]) and run[0].digits[0] != "0"
    return thirds and (run[-1].digits == "000" or _CURRENCY.match(text, run[-1].end) is not None)


def _is_count(run: Sequence[_Group]) -> bool:
    """Numbers that count up one by one: 08 09 10 11 12 are months, not a phone."""
    numbers = [int(g.digits) for g in run]
    return len(run) > 3 and all(b - a == 1 for a, b in pairwise(numbers))


def _is_date(run: Sequence[_Group]) -> bool:
    """Day, month and year in one kind of separator: 08-11-2026, 8.11.2026."""
    if len(run) < 3 or run[1].gap is None or run[1].gap != run[2].gap:
        return False
    day, month, year = (g.digits for g in run)
    short = len(day) <= 2 and len(month) <= 2 and len(year) == 4
    return short and 1 <= int(day) <= 31 and 1 <= int(month) <= 12 and year[:2] in ("19", "20")


def _plus(text: str, start: int) -> bool:
    return start > 0 and text[start - 1] == "+"


def _edges(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with its plus and its opening bracket."""
    if _plus(text, start):
        start -= 1
    if start and text[start - 1] == "(" and ")" in text[start:end]:
        start -= 1
    return start, end
