"""Health cards, vehicle plates, passports and accounts with letters: known by their shape."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tantam.listen.mask import alphabet
from tantam.listen.mask.view import Span, View
from tantam.listen.mask.vocabulary import listed

_CARD = r"[1-5](?:[ .-]{0,2}[0-9]){12}"
_CARD_NUMBER = re.compile(_CARD)
_HEALTH = re.compile(rf"[a-z]{{2}}(?<![^\W_]..)[ .-]{{0,2}}{_CARD}(?![0-9])")
_HOLDERS = frozenset(
    code
    for codes in (
        "dn hx ch nn hc xk ht tb no ct xb tn cs qn ca cy xn ms cc ck cb kc",
        "hd te bt hn dt dk xd ts tc tq ta ty hg ls pv hs sv gb gd td xv nd",
    )
    for code in codes.split()
)
"""Decision 1351/QĐ-BHXH (2015) and 1666/QĐ-BHXH (2020): two letters, the share paid (1–5), province, ten digits."""

_PLATE = re.compile(
    r"[1-9](?:(?<=1)[1245-9]|(?<=4)[013789]|(?<![14])[0-9])(?<![^\W_]..)(?<![0-9][.,/-]..)[ .-]?"
    r"(?P<series>[a-zđ][0-9](?=[ .-])|[a-z]{2}|[a-zđ](?=[ .-]|[0-9]{5}(?![0-9])|[0-9]{3}[.])|[a-zđ][0-9])"
    r"(?P<gap>[ .-]{0,3})(?P<tail>[0-9]{3}(?P<parted>[. ])[0-9]{2}|[0-9]{5}|[0-9]{4})"
    r"(?![0-9]|[.,][0-9\[\]]|[a-z])"
)
"""Circular 24/2023/TT-BCA: province, one or two letters or a letter and a digit, and four or five digits."""

_UNITS = frozenset(
    unit
    for units in ("k tr nd vn đ", "gb mb kb tb", "g h p d n t dt ph", "m mm cm km kg ml")
    for unit in units.split()
)
_VEHICLE = re.compile(r"(?<![a-zđ])(?:bien|bks|bsx|xe|oto|o to|tai|plate)(?![a-zđ])[^0-9\]\n]{0,24}$")

_NAMED = (
    (
        "passport",
        ("chieu", "passport", "hc"),
        re.compile(r"(?<![a-zđ])(?P<word>chieu|passport|hc)(?![a-zđ])[^0-9\]\n]{0,12}$"),
        re.compile(r"[a-z](?<![^\W_].) ?[0-9]{7,8}(?![0-9])"),
    ),
    (
        "account",
        ("tk", "khoan", "acc"),
        re.compile(r"(?<![a-zđ])(?P<word>stk|tk|khoan|account|acc)(?![a-zđ])[^0-9\]\n]{0,20}$"),
        re.compile(r"[0-9]{3}(?<![^\W_]...)[a-z][0-9]{8,9}(?!\w)"),
    ),
)
"""Heading of the words that name a paper, a part of each, those words before its number, and the number."""

_REACH = 32


def spans(view: View) -> Iterator[Span]:
    """Health cards, plates that are no price and no code, passports and lettered accounts named as such."""
    free = 0
    found = sorted([*_cards(view), *_plates(view), *_named(view)])
    for start, end, kind in found:
        if start >= free:
            yield start, end, kind
            free = end


def _cards(view: View) -> Iterator[Span]:
    if not _CARD_NUMBER.search(view.seen):  # which is found, or not, much faster
        return
    for card in _HEALTH.finditer(view.seen):
        if card[0][:2] in _HOLDERS:
            yield *card.span(), "health"


def _plates(view: View) -> Iterator[Span]:
    for plate in _PLATE.finditer(view.seen):
        if plate["series"].isalpha() and len(plate["series"]) == 2 and len(plate["tail"]) == 4:
            continue  # two letters have five digits
        if _is_plate(view, plate) or _VEHICLE.search(
            view.seen, max(0, plate.start() - _REACH), plate.start()
        ):
            yield *plate.span(), "plate"


def _is_plate(view: View, plate: re.Match[str]) -> bool:
    """Whether the shape alone is enough: 59-X1 123.45, 30A-123.45, 51F12345; but not 20k 10000 or 15h 2023."""
    series, gap, tail = plate["series"], plate["gap"].strip(), plate["tail"]
    capital = not view.spelt(*plate.span("series")).islower()
    if series in _UNITS:
        return capital and plate["parted"] == "."
    if len(series) == 2 and series[1].isdigit():
        return plate["parted"] == "." or (plate["gap"] != "" and (capital or gap == "-"))
    if len(tail) == 4:
        return capital and gap == "-"
    return capital or plate["parted"] == "."


def _named(view: View) -> Iterator[Span]:
    for heading, parts, before, shape in _NAMED:
        if not any(map(view.seen.__contains__, parts)):
            continue
        for number in shape.finditer(view.seen):
            paper = before.search(view.seen, max(0, number.start() - _REACH), number.start())
            if paper and alphabet.word(view.spelt(*paper.span("word"))) in listed(heading):
                yield *number.span(), "private"
