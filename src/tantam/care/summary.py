"""The figures a round's report shows: counts and sums only, no subscriber in them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tantam import law, money, places
from tantam.base.columns import BASES
from tantam.care import decide, limits, words
from tantam.care.counts import Counts, figures
from tantam.care.offers import Offer
from tantam.care.reasons import BY_NUMBER, number, say
from tantam.clock import to_date

FEWEST = 5
"""Groups of fewer people show no median: it would be somebody's own figure."""


def of(decided: decide.Decided, counts: Counts, certificate: dict[str, Any]) -> dict[str, Any]:
    """The whole summary.json of a round; money whole đồng, shares 0 to 1."""
    allocation = decided.allocation
    greedy = allocation.greedy_objective
    return {
        "operator": decided.base.operator,
        "made_up": decided.base.made_up,
        "on": to_date(decided.terms.on).isoformat(),
        "name_vi": decided.terms.offers.name_vi,
        "name_en": decided.terms.offers.name_en,
        "most": decided.terms.most,
        "subscribers": int(counts.subscribers.sum()),
        "reached": int(counts.reached.sum()),
        "decisions": int(counts.seats.sum()),
        "budget_dong": decided.terms.budget,
        "spend_dong": certificate["spend_dong"],
        "value": allocation.objective,
        "greedy_value": greedy,
        "greedy_loss": 1 - greedy / allocation.objective if allocation.objective else 0.0,
        "purses": _purses(decided, certificate),
        "offers": [_offer(counts, j, o) for j, o in enumerate(decided.terms.offers.commercial)],
        "provinces": _provinces(decided, counts),
        "groups": [
            {"name": s.name, "vi": s.vi, "en": s.en, **_figures(counts, i)}
            for i, s in enumerate(decided.segments)
        ],
        "low_income": _low_income(decided, counts),
        "nothing": _nothing(counts),
        "relief": _needs(decided, "relief", int(counts.needs[0])),
        "notices": _needs(decided, "notice", int(counts.needs[1])),
        "holdout": {
            "round_share": decided.terms.offers.holdout_ppm / 1_000_000,
            "round_persons": int(counts.held_out[0]),
            "control": int(counts.control.sum()),
        },
        "limits": words.limits(decided, certificate),
        "law": _law(decided, counts),
        "certificate": certificate,
    }


def _figures(counts: Counts, group: int) -> dict[str, Any]:
    """The figures of one group, without a median of too few."""
    of = figures(counts, group)
    return {
        "subscribers": of.subscribers,
        "reached": of.reached,
        "spend_dong": of.spend_dong,
        "median_dong": of.median_dong if of.reached >= FEWEST else None,
    }


def _purses(decided: decide.Decided, certificate: dict[str, Any]) -> list[dict[str, Any]]:
    made = []
    for purse in decided.terms.offers.purses:
        row = certificate["constraints"][f"purse:{purse.name}"]
        made.append(
            {
                "name": purse.name,
                "vi": purse.vi,
                "en": purse.en,
                "budget_dong": row["bound"],
                "spend_dong": row["use"],
            }
        )
    return made


def _offer(counts: Counts, j: int, offer: Offer) -> dict[str, Any]:
    persons = int(counts.seats[:, j].sum())
    return {
        "name": offer.name,
        "vi": offer.vi,
        "en": offer.en,
        "class": offer.kind,
        "purse": offer.purse,
        "cost_dong": offer.cost,
        "persons": persons,
        "spend_dong": persons * offer.cost,
        "eligible": int(counts.why[j, 0]),
        "control": int(counts.control[j]),
        "seats": offer.seats.of(int(counts.subscribers.sum())) if offer.seats else None,
        "holdout_share": offer.holdout_ppm / 1_000_000,
        "why_not": _reasons(counts.why[j, 1:]),
    }


def _reasons(persons: NDArray[np.int64]) -> list[dict[str, Any]]:
    """Reasons and how many persons each has, from their numbers −1, −2, …, the last checked first."""
    found = [(int(i), int(persons[i])) for i in np.flatnonzero(persons)[::-1]]
    return [_reason(BY_NUMBER[-1 - i].code, n) for i, n in found if -1 - i in BY_NUMBER]


def _reason(code: str, persons: int) -> dict[str, Any]:
    return {"code": code, "vi": say(code, "vi"), "en": say(code, "en"), "persons": persons}


def _provinces(decided: decide.Decided, counts: Counts) -> list[dict[str, Any]]:
    cost = np.array([o.cost for o in decided.terms.offers.commercial], np.int64)
    names = [o.name for o in decided.terms.offers.commercial]
    made = []
    for p, code in enumerate(limits.CODES):
        both, poor = slice(2 * p, 2 * p + 2), 2 * p + 1
        seats = counts.seats[both].sum(axis=0)
        made.append(
            {
                "code": code,
                "name": places.today(code).name,
                "subscribers": int(counts.subscribers[both].sum()),
                "reached": int(counts.reached[both].sum()),
                "spend_dong": int((seats * cost).sum()),
                "low_income": int(counts.subscribers[poor]),
                "low_income_reached": int(counts.reached[poor]),
                "seats": {name: int(n) for name, n in zip(names, seats, strict=True) if n},
            }
        )
    return made


_BASIS_WORDS = {
    "document": ("có giấy tờ", "by document"),
    "authority_list": ("theo danh sách của chính quyền", "on an authority's list"),
    "declared": ("tự khai", "declared"),
    "estimate": ("ước tính", "estimated"),
    "": ("không rõ căn cứ", "basis unknown"),
}


def _low_income(decided: decide.Decided, counts: Counts) -> dict[str, Any]:
    first = len(decided.segments)
    mine = _figures(counts, first)
    spent = mine["spend_dong"] + figures(counts, first + 1).spend_dong
    everybody = int(counts.subscribers.sum())
    floors = [
        f.amount.share_ppm / 1_000_000
        for f in decided.terms.floors
        if f.low_income and f.what == "spend" and f.sense == ">=" and f.amount.share_ppm and not f.offer
    ]
    return {
        **mine,
        "share_of_spend": mine["spend_dong"] / spent if spent else 0.0,
        "share_of_subscribers": mine["subscribers"] / everybody if everybody else 0.0,
        "others_median_dong": _figures(counts, first + 1)["median_dong"],
        "floor_share": max(floors, default=None),
        "by_basis": [
            {
                "basis": word,
                "vi": vi,
                "en": en,
                **_figures(counts, first + 2 + (BASES.index(word) if word else len(BASES))),
            }
            for word, (vi, en) in _BASIS_WORDS.items()
        ],
    }


def _nothing(counts: Counts) -> dict[str, Any]:
    """Who got nothing commercial, by the reason that was nearest to letting an offer through."""
    return {
        "persons": int(counts.nothing.sum()),
        "low_income_persons": int(counts.nothing[1::2].sum()),
        "reasons": sorted(_reasons(counts.nothing[:, 1:].sum(axis=0)), key=lambda r: -r["persons"]),
    }


def _needs(decided: decide.Decided, kind: str, persons: int) -> dict[str, Any]:
    rows = [s for s in decided.need.settled if s.offer.kind == kind]
    return {
        "persons": persons,
        "spend_dong": sum(s.spend_dong for s in rows),
        "by_offer": [
            {
                "name": s.offer.name,
                "vi": s.offer.vi,
                "en": s.offer.en,
                "persons": s.persons,
                "spend_dong": s.spend_dong,
                "budget_dong": s.budget_dong,
                "waiting": s.waiting,
            }
            for s in rows
        ],
    }


def _law(decided: decide.Decided, counts: Counts) -> list[dict[str, Any]]:
    """The dated rules this round was checked against, in the order: what waits for a named person's yes first."""
    on, offers = decided.terms.on, decided.terms.offers
    capped = [o for o in offers.commercial if o.promotion_unit_price is not None]
    refused = -number("over_promotion_cap")
    over = sum(int(counts.why[j, refused]) for j, o in enumerate(offers.commercial) if o in capped)
    row = law.ask("promotion_gift_share", on)
    made = [
        {
            "code": row.code,
            "status": "ok",
            "vi": f"Không suất nào vượt {row.value} % giá gói; {money.digits(over)} suất vượt trần đã bị loại.",
            "en": f"No gift is over {row.value}% of its price; {money.digits(over, 'en')} that would be were left out.",
            "article": f"{row.source}, {row.article}",
            "verify": row.verify,
        }
    ]
    if capped:
        prepaid = law.ask("promotion_prepaid_share", on)
        yes = offers.confirmed_by
        made.append(
            {
                "code": prepaid.code,
                "status": "ok" if yes else "verify",
                "vi": f"Trần {prepaid.value} % cho trả trước chưa kiểm chứng hiệu lực. "
                + (f"{yes} đã đồng ý." if yes else "Cần một người có tên đồng ý (confirmed_by)."),
                "en": f"The {prepaid.value}% cap for prepaid is an unverified rule. "
                + (f"{yes} said yes." if yes else "It needs a named person's yes (confirmed_by)."),
                "article": f"{prepaid.source}, {prepaid.article}",
                "verify": True,
            }
        )
    return sorted(made, key=lambda r: r["status"] != "verify")
