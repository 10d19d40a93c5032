"""What each offer is worth to each subscriber, or why he cannot have it: one int32 an offer and a person.

A positive number is the expected worth in whole đồng; a negative one is a reason of :mod:`tantam.care.reasons`.
Consent, refusals, contact frequency and promotion caps are eligibility: decided here, before any price, so that no
price can ever buy them. The same expressions serve a million people and the explanation of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from tantam import law
from tantam.care.offers import Offer, Offers
from tantam.care.reasons import number
from tantam.segments import compile as compiled
from tantam.segments.shipped import Segment

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


def table(frame: nw.LazyFrame[Any], offers: Offers, asked: Asked, *beside: nw.Expr) -> nw.LazyFrame[Any]:
    """The columns ``beside`` and one int32 column a commercial offer, ``w0``, ``w1``, …: worth in đồng, or a reason
    below zero. In two steps, so that an engine reckons each expression once."""
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
    worth = nw.col(f"v{j}")
    answer = nw.when(worth > 0).then(worth).otherwise(nw.lit(number("no_value")).cast(nw.Int64))
    for code, barred in reversed(_bars(offer, terms, asked, j)):
        answer = nw.when(barred).then(nw.lit(number(code)).cast(nw.Int64)).otherwise(answer)
    return answer.cast(nw.Int32)


def _bars(offer: Offer, terms: Offers, asked: Asked, j: int) -> list[tuple[str, nw.Expr]]:
    """Each way to be barred from an offer, the first that holds is the one said."""
    bars = [
        ("not_in_group", ~who(offer, asked)),
        ("refuses_profiling", nw.col("refuses_profiling").fill_null(False)),
    ]
    if offer.contact:
        since = nw.col("last_contact_on").fill_null(-(2**30)).cast(nw.Int64)
        bars += [
            ("no_consent", nw.col(f"{offer.needs}_on").is_null() | (nw.col(f"{offer.needs}_on") > asked.on)),
            ("refuses_ads", nw.col("refuses_ads").fill_null(False)),
            ("contacted_recently", since > asked.on - terms.days_between_contacts),
        ]
    if offer.promotion_unit_price is not None:
        bars.append(("over_promotion_cap", nw.col(f"p{j}") * asked.cap_percent < offer.cost * 100))
    return bars


def _whole(value: nw.Expr) -> nw.Expr:
    """Whole đồng, halves up, null as nothing, cut to the grid; int64."""
    return (value.fill_null(0.0).clip(0.0, float(MOST_VALUE)) + 0.5).floor().cast(nw.Int64)
