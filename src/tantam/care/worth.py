"""What each offer is worth to each subscriber, or why he cannot have it: one int32 an offer and a person.

A positive number is the expected worth in whole đồng; a negative one is a reason of :mod:`tantam.care.reasons`.
Consent, refusals, contact frequency and promotion caps are eligibility: decided here, before any price, so that no
price can ever buy them. The same rules are compiled for a million people and read plainly for one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import narwhals as nw

from tantam import clock, law
from tantam.care.offers import Offer, Offers
from tantam.care.reasons import number
from tantam.segments import compile as compiled
from tantam.segments import plain, rule
from tantam.segments.shipped import Segment
from tantam.segments.tree import columns

MOST_VALUE = 2_000_000_000
"""The integer grid of values is one đồng in int32; a larger worth is cut to this."""

WHO = ("key", "province", "low_income", "hardship_basis", "hardship_on")


@dataclass(frozen=True)
class Asked:
    """What decides eligibility beside the offers: the day, thresholds of percentiles, and the promotion cap."""

    on: int
    thresholds: compiled.Thresholds
    cap_percent: int


def ask(offers: Offers, frame: nw.LazyFrame[Any], on: int, segments: Sequence[Segment] = ()) -> Asked:
    """Look up the thresholds of every rule in the file and in ``segments``, and the promotion cap of the day."""
    nodes = [o.node for o in offers.offers] + [s.node for s in segments]
    return Asked(on, compiled.thresholds(frame, on, nodes), cap_percent(on))


def cap_percent(on: int) -> int:
    """The most a gift may be worth, in percent of the price it goes with (Decree 81/2018, article 6.1)."""
    return int(law.ask("promotion_gift_share", on).value)


def learned(offers: Offers) -> list[str]:
    """The names of the offers whose worth is learned from past rounds."""
    return [offer.name for offer in offers.commercial if offer.learned]


def table(frame: nw.LazyFrame[Any], offers: Offers, asked: Asked, *beside: nw.Expr) -> nw.LazyFrame[Any]:
    """The columns ``beside`` and one int32 column a commercial offer, ``w0``, ``w1``, …: worth in đồng, or a reason
    below zero. A learned worth stands as 1, to be put in from the scores. In two steps, so that an engine reckons each
    expression once."""
    commercial = offers.commercial
    nodes = {f"v{j}": o.value for j, o in enumerate(commercial)}
    nodes |= {f"p{j}": o.promotion_unit_price for j, o in enumerate(commercial)}
    reckoned = [
        _whole(compiled.value(node, asked.on)).alias(name) for name, node in nodes.items() if node is not None
    ]
    worths = [_worth(offer, offers, asked, j).alias(f"w{j}") for j, offer in enumerate(commercial)]
    return frame.with_columns(*reckoned).select(*beside, *worths)


def who(offer: Offer, asked: Asked) -> nw.Expr:
    """Whether a subscriber is in the offer's group; never null."""
    return compiled.predicate(offer.node, asked.on, asked.thresholds)


def _worth(offer: Offer, terms: Offers, asked: Asked, j: int) -> nw.Expr:
    if not offer.open_on(asked.on):
        return nw.lit(number("outside_window")).cast(nw.Int32)
    barred = [
        (code, compiled.predicate(bar, asked.on, asked.thresholds))
        for code, bar in _bars(offer, terms, asked.on)
    ]
    if offer.promotion_unit_price is not None:
        barred.append(("over_promotion_cap", nw.col(f"p{j}") * asked.cap_percent < offer.cost * 100))
    worth = nw.col(f"v{j}")
    answer = nw.when(worth > 0).then(worth).otherwise(nw.lit(number("no_value")).cast(nw.Int64))
    for code, holds in reversed([("not_in_group", ~who(offer, asked)), *barred]):
        answer = nw.when(holds).then(nw.lit(number(code)).cast(nw.Int64)).otherwise(answer)
    return answer.cast(nw.Int32)


def read(
    offer: Offer, terms: Offers, asked: Asked, row: Mapping[str, Any], scores: Mapping[str, int] | None = None
) -> int:
    """What :func:`table` holds for one offer and one row of the base, by the plain reading of the same rules; with
    the learned worth that ``scores`` holds by offer."""
    if not offer.open_on(asked.on):
        return number("outside_window")
    if not plain.holds(offer.node, row, asked.on, asked.thresholds):
        return number("not_in_group")
    for code, bar in _bars(offer, terms, asked.on):
        if plain.holds(bar, row, asked.on, asked.thresholds):
            return number(code)
    price = offer.promotion_unit_price
    if price is not None and _whole_of(price, row, asked.on) * asked.cap_percent < offer.cost * 100:
        return number("over_promotion_cap")
    if offer.learned:
        score = (scores or {}).get(offer.name, 0)
        return score if score > 0 else number("no_value")
    assert offer.value is not None, "a commercial offer has a value"
    return _whole_of(offer.value, row, asked.on) or number("no_value")


def reads(offers: Offers, on: int) -> list[str]:
    """The base's columns that :func:`read` looks at for any offer, and that say who somebody is."""
    nodes = [bar for offer in offers.commercial for _, bar in _bars(offer, offers, on)]
    for offer in offers.offers:
        nodes += [node for node in (offer.node, offer.value, offer.promotion_unit_price) if node is not None]
    return sorted({*WHO, *(name for node in nodes for name in columns(node))})


def _bars(offer: Offer, terms: Offers, on: int) -> list[tuple[str, rule.Node]]:
    """Each way to be barred from an offer beside its group, as a rule; the first that holds is the one said."""
    bars = [("refuses_profiling", "refuses_profiling")]
    if offer.contact:
        today, quiet = clock.to_date(on), clock.to_date(on - terms.days_between_contacts)
        bars += [
            ("no_consent", f"{offer.needs}_on is null or {offer.needs}_on > '{today}'"),
            ("refuses_ads", "refuses_ads"),
            ("contacted_recently", f"last_contact_on > '{quiet}'"),
        ]
    return [(code, _parsed(text)) for code, text in bars]


_parsed = cache(rule.parse)


def _whole(value: nw.Expr) -> nw.Expr:
    """Whole đồng, halves up, null as nothing, cut to the grid; int64."""
    return (value.fill_null(0.0).clip(0.0, float(MOST_VALUE)) + 0.5).floor().cast(nw.Int64)


def _whole_of(node: rule.Node, row: Mapping[str, Any], on: int) -> int:
    """:func:`_whole` of one number."""
    return math.floor(min(max(plain.number(node, row, on) or 0.0, 0.0), float(MOST_VALUE)) + 0.5)
