"""Phone numbers however they are written, and numbers of papers, cards and accounts.

Left alone: amounts of money, dates, packages (D10, V120), speeds, hotlines (1800…, 1900…) and short codes of up to
eight digits, which are nobody's own. Any other run of nine digits or more is taken out whatever it is.

One pass over the groups of digits; each looks at most at :data:`_MOST_DIGITS` digits ahead, so the time is linear in
the text whatever is written in it. Whether a group is masked never hangs on a group behind it that is masked too, so
masking twice changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from tantam.listen.mask import alphabet
from tantam.listen.mask.view import Span, View
from tantam.listen.mask.vocabulary import listed

_MOST_DIGITS = 19
_LONG = 9
_LEAST_ACCOUNT, _MOST_PAPER = 6, 16

# The letter o stands for 0 between digits, and at an end that no other letter touches: "o912". (Written so that it
# begins with a set of characters: those the engine skips to.)
_GROUP = re.compile(r"[o0-9](?:(?<=[0-9])|o*+[0-9])[o0-9]*+")
_INNER = re.compile(r"[0-9](?:[o0-9]*[0-9])?")
_GAP = re.compile(rf"[ .()_/{alphabet.EMOJI}-]{{1,4}}|,")
_PHONE = re.compile("(?:00)?840?(?:[35789][0-9]{8}|2[0-9]{9})|0[2-9][0-9]{8}|02[0-9]{9}|01[0-9]{9}")
_MOBILE = re.compile("0[35789][0-9]{8}")
_BARE_MOBILE = re.compile("[35789][0-9]{8}")
_HOTLINE = re.compile("1[89]00[0-9]{4}(?:[0-9]{2})?")
_CURRENCY = re.compile(r" {0,2}(?:đ|₫|vn[dđ]\b|d\b|k\b|tr\b|trieu|ty\b|nghin|ngan|usd|\$)")
_PAPER = re.compile(
    r"(?<![a-zđ])(?:cmnd|cmt|cccd|stk|tk|can cuoc|chung minh|ho chieu|tai khoan|so the|bhyt|bhxh|bao hiem)(?![a-zđ])"
)
_ACCOUNT = re.compile(
    r"(?<![a-zđ])(?P<sure>so )?(?:(?P<stk>stk)|tk|acc|account|tai khoan)(?![a-zđ])(?P<between>[^0-9\]\n]{0,20})$"
)
_BALANCE = re.compile(
    r"\b(?:con|du|tru|chinh|nap|phu|goc|hoan|tang|het|duoc|mat|bi|goi|tieu|khoang|hon|toi|den|ve)\b"
)
_PAPER_REACH = 24


class _Group(NamedTuple):
    """One unbroken run of digits: its place, its digits, and what joins it to the one before (None where too much lies
    between)."""

    start: int
    end: int
    digits: str
    gap: str | None


def spans(view: View) -> Iterator[Span]:
    """Phones and private numbers, with their plus and their opening bracket."""
    text = view.seen
    groups = _groups(text)
    i = 0
    while i < len(groups):
        if _is_date(groups[i : i + 4]):
            i += 3
            continue
        length, kind = _read(text, groups, i)
        if not kind and _is_account(view, groups[i]):
            kind = "private"
        if kind:
            yield *_edges(text, groups[i].start, groups[i + length - 1].end), kind
        i += length


def _groups(text: str) -> list[_Group]:
    made: list[_Group] = []
    for run in _GROUP.finditer(text):
        start, end = run.span()
        if "o" in run[0]:
            inner = _INNER.search(text, start, end) or run
            start = inner.start() if text[start - 1 : start].isalpha() else start
            end = inner.end() if text[end : end + 1].isalpha() else end
        digits = text[start:end].replace("o", "0")
        between = text[made[-1].end : start] if made and start - made[-1].end <= 4 else ""
        made.append(_Group(start, end, digits, between if _GAP.fullmatch(between) else None))
    return made


def _read(text: str, groups: Sequence[_Group], i: int) -> tuple[int, str]:
    """How many groups from ``i`` on are one number, and its kind; (1, "") where the group is nobody's.

    The longest phone, else the longest private number, else a long run alone.
    """
    first = groups[i].digits
    paper = _names_paper(text, groups, i) if _HOTLINE.fullmatch(first) else None
    digits, best, kind = "", 1, "private" if len(first) >= _LONG and paper is not False else ""
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
        elif n > 1 and kind != "phone" and len(first) < _LONG:
            paper = _names_paper(text, groups, i) if paper is None else paper
            if _is_private(text, run, digits, paper):
                best, kind = n, "private"
    return best, kind


def _names_paper(text: str, groups: Sequence[_Group], i: int) -> bool:
    """Whether the words just before a group speak of a paper, a card or an account."""
    start = max(groups[i - 1].end if i else 0, groups[i].start - _PAPER_REACH)
    return _PAPER.search(text[start : groups[i].start].rpartition("]")[2]) is not None


def _is_account(view: View, group: _Group) -> bool:
    """A short number after a word for an account: six digits after STK, eight after "tài khoản", which is also said of
    a balance."""
    digits, text = group.digits, view.seen
    if len(digits) < _LEAST_ACCOUNT or _HOTLINE.fullmatch(digits) or _CURRENCY.match(text, group.end):
        return False
    named = _ACCOUNT.search(text, max(0, group.start - 2 * _PAPER_REACH), group.start)
    if named is None:
        return False
    word = view.spelt(named.start(), named.start("between")).split()[-1]
    if alphabet.word(word) not in listed("account"):
        return False
    if named["sure"] or named["stk"]:
        return True
    return len(digits) >= 8 and not digits.endswith("000") and not _BALANCE.search(named["between"])


def _is_phone(text: str, run: Sequence[_Group], digits: str) -> bool:
    phone, bare = _PHONE.fullmatch(digits), _BARE_MOBILE.fullmatch(digits)
    if not (phone or bare or _plus(text, run[0].start)):
        return False
    gaps = {g.gap for g in run[1:]}
    if any("/" in (gap or "") for gap in gaps):  # 0912/345/678, but not 05/06/07/08/09
        return (
            gaps == {"/"}
            and _MOBILE.fullmatch(digits) is not None
            and len(run) < 5
            and max(len(g.digits) for g in run) > 2
        )
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
    if len({g.gap for g in run[1:]}) > 1 or run[1].gap == "/" or _is_amount(text, run):
        return False
    if len(run) > 3 and {len(g.digits) for g in run[:-1]} == {4}:  # a card of a bank, or one to scratch
        return not all(g.digits[:2] in ("19", "20") for g in run)
    if len(digits) == 12 and digits[0] == "0" and {len(g.digits) for g in run} <= {3, 4}:
        return not all(g.digits[0] == "0" for g in run)
    return paper and len(digits) <= _MOST_PAPER


def _is_amount(text: str, run: Sequence[_Group]) -> bool:
    """Groups of three that end in thousands or in a currency: 300.000.000, 912.345.678 đồng."""
    thirds = len(run[0].digits) <= 3 and all(len(g.digits) == 3 for g in run[1:]) and run[0].digits[0] != "0"
    return thirds and (run[-1].digits == "000" or _CURRENCY.match(text, run[-1].end) is not None)


def _is_count(run: Sequence[_Group]) -> bool:
    """Numbers that count up one by one: 08 09 10 11 12 are months, not a phone."""
    numbers = [int(g.digits) for g in run]
    return len(run) > 3 and all(b - a == 1 for a, b in pairwise(numbers))


def _is_date(run: Sequence[_Group]) -> bool:
    """Day, month and year in one kind of separator: 08-11-2026, 8.11.2026; but not where the same separator goes on to
    a whole phone number, 09-12-2024-56."""
    if len(run) < 3 or run[1].gap is None or run[1].gap != run[2].gap:
        return False
    day, month, year = (g.digits for g in run[:3])
    short = len(day) <= 2 and len(month) <= 2 and len(year) == 4
    if not short or not (1 <= int(day) <= 31 and 1 <= int(month) <= 12 and year[:2] in ("19", "20")):
        return False
    longer = len(run) == 4 and run[3].gap == run[1].gap and run[1].gap.strip() != ""
    return not (longer and _MOBILE.fullmatch(day + month + year + run[3].digits))


def _plus(text: str, start: int) -> bool:
    return start > 0 and text[start - 1] == "+"


def _edges(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with its plus and its opening bracket."""
    if _plus(text, start):
        start -= 1
    if start and text[start - 1] == "(" and ")" in text[start:end]:
        start -= 1
    return start, end
