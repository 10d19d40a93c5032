"""Why one subscriber got this and not that: recomputed from the round's stored prices, for anybody in the base."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tantam.base import finding
from tantam.base.home import Home
from tantam.base.store import read_one
from tantam.care import allocate, holdout, limits, worth
from tantam.care.learned import Scores
from tantam.care.offers import Offer
from tantam.care.reasons import BY_NUMBER, say
from tantam.care.round import Round
from tantam.errors import BadInput
from tantam.segments import plain


@dataclass(frozen=True)
class Line:
    """One offer as it stood for one subscriber; money in đồng, None where it does not apply."""

    offer: str
    vi: str
    en: str
    kind: str
    given: bool
    code: str
    worth_dong: int | None = None
    price_dong: int | None = None

    @property
    def left_dong(self) -> int | None:
        """What is left of the worth once the limits have been paid."""
        return (
            None if self.worth_dong is None or self.price_dong is None else self.worth_dong - self.price_dong
        )

    def said(self, lang: str) -> str:
        """The reason as one plain clause."""
        return say(self.code, "vi" if lang == "vi" else "en")


def explain(home: Home, round_: Round, key: int) -> list[Line]:
    """Every offer of a round for one subscriber, those he got first.

    Refuses ``unknown_key`` for a key that the base does not hold (it may have asked to be forgotten).
    """
    row = read_one(home, key, worth.reads(round_.offers, round_.asked.on))
    if row is None:
        what = "No subscriber of this base has that key."
        raise BadInput("unknown_key", what, "It may have asked to be forgotten.")
    kept, scores = _kept(round_, row), _scores(home, round_, row)
    lines = [_commercial(round_, row, kept, scores, j, o) for j, o in enumerate(round_.offers.commercial)]
    lines += [_need(round_, o, row, kept) for o in round_.offers.offers if o.kind != "commercial"]
    return sorted(lines, key=lambda line: (not line.given, -(line.left_dong or -(10**18))))


def _scores(home: Home, round_: Round, row: dict[str, Any]) -> dict[str, int]:
    """The subscriber's learned worth of each offer that has one."""
    names = worth.learned(round_.offers)
    if not names:
        return {}
    found = Scores.open(home).of(names, np.array([row["key"]], np.int64), row["province"])
    return {name: int(score) for name, score in zip(names, found[:, 0], strict=True)}


def _kept(round_: Round, row: dict[str, Any]) -> dict[str, str]:
    """What the round's files hold of the subscriber: offer → reason."""
    kept: dict[str, str] = {}
    for name in ("decisions", "relief"):
        file = round_.directory / f"{name}.parquet"
        found = finding.with_key(file, row["key"], ("offer", "reason"), province=row["province"])
        kept |= {each["offer"]: each["reason"] for each in found}
    return kept


def _commercial(
    round_: Round, row: dict[str, Any], kept: dict[str, str], scores: dict[str, int], j: int, offer: Offer
) -> Line:
    value = worth.read(offer, round_.offers, round_.asked, row, scores)
    shown: dict[str, Any] = {"offer": offer.name, "vi": offer.vi, "en": offer.en, "kind": offer.kind}
    if value <= 0:
        return Line(**shown, given=False, code=BY_NUMBER[value].code)
    cell = 2 * limits.CODES.index(row["province"]) + int(row["low_income"])
    price = allocate.dong(int(round_.prices[cell, j]))
    reason = kept.get(offer.name)
    given = reason in ("price", "floor", "fill")
    return Line(
        **shown,
        given=given,
        code=reason or _lost(round_, int(row["key"]), offer, value, price, bool(kept)),
        worth_dong=value,
        price_dong=price,
    )


def _lost(round_: Round, key: int, offer: Offer, value: int, price: int, got_something: bool) -> str:
    """Why an offer that could be had was not: the lot, the price, or a better one."""
    keys, salt = np.array([key], np.int64), str(round_.facts["salt"])
    if holdout.round_layer(keys, round_.offers, salt)[0]:
        return "held_out_round"
    j = [o.name for o in round_.offers.commercial].index(offer.name)
    if holdout.offer_layer(keys, round_.offers, salt)[j, 0]:
        return "held_out_offer"
    if value <= price:
        return "below_price"
    return "better_chosen" if got_something else "repaired"


def _need(round_: Round, offer: Offer, row: dict[str, Any], kept: dict[str, str]) -> Line:
    member = plain.holds(offer.node, row, round_.asked.on, round_.asked.thresholds)
    code = kept.get(offer.name, "budget_ended" if member else "not_in_group")
    return Line(offer.name, offer.vi, offer.en, offer.kind, offer.name in kept, code)
