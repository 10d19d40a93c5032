"""The figures a round's report shows: counts and sums only, no subscriber in them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tantam import law, money, places
from tantam.base.columns import BASES
from tantam.care import decide, limits, words
from tantam.care.offers import Offer
from tantam.care.reasons import BY_NUMBER, number, say
from tantam.clock import to_date

FEWEST = 5
"""Groups of fewer people show no median: it would be somebody's own figure."""


def of(decided: decide.Decided, certificate: dict[str, Any]) -> dict[str, Any]:
    """The whole summary.json of a round; money whole đồng, shares 0 to 1."""
    got = _Got(decided)
    allocation = decided.allocation
    greedy = allocation.greedy_objective
    return {
        "operator": decided.base.operator,
        "made_up": decided.base.made_up,
        "on": to_date(decided.terms.on).isoformat(),
        "name_vi": decided.terms.offers.name_vi,
        "name_en": decided.terms.offers.name_en,
        "most": decided.terms.most,
        "subscribers": decided.who.n,
        "reached": int(got.persons.sum()),
        "decisions": int(got.given.sum()),
        "budget_dong": decided.terms.budget,
        "spend_dong": int(got.money.sum()),
        "value": allocation.objective,
        "greedy_value": greedy,
        "greedy_loss": 1 - greedy / allocation.objective if allocation.objective else 0.0,
        "purses": _purses(decided, certificate),
        "offers": [_offer(decided, got, j, o) for j, o in enumerate(decided.terms.offers.commercial)],
        "provinces": _provinces(decided, got),
        "groups": _groups(decided, got),
        "low_income": _low_income(decided, got),
        "nothing": _nothing(decided, got),
        "relief": _needs(decided, "relief"),
        "notices": _needs(decided, "notice"),
        "holdout": {
            "round_share": decided.terms.offers.holdout_ppm / 1_000_000,
            "round_persons": int(decided.table.whole.sum()),
            "control": int((~decided.chosen.given).sum()),
        },
        "limits": words.limits(decided, certificate),
        "law": _law(decided),
        "certificate": certificate,
    }


class _Got:
    """What each subscriber got of commercial offers: money int64 [n], persons bool [n], given bool [decisions]."""

    def __init__(self, decided: decide.Decided) -> None:
        chosen = decided.chosen
        self.given = chosen.given
        self.row = chosen.row[chosen.given]
        self.offer = chosen.offer[chosen.given].astype(np.int64)
        cost = decided.instance.cost[self.offer]
        self.money = np.bincount(self.row, weights=cost, minlength=decided.who.n).astype(np.int64)
        self.persons = np.bincount(self.row, minlength=decided.who.n) > 0

    def figures(self, members: NDArray[np.bool_]) -> dict[str, Any]:
        """Persons, reached, money, and the median money among the reached, of one group."""
        inside = members & self.persons
        reached = int(inside.sum())
        return {
            "subscribers": int(members.sum()),
            "reached": reached,
            "spend_dong": int(self.money[members].sum()),
            "median_dong": int(np.median(self.money[inside])) if reached >= FEWEST else None,
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


def _offer(decided: decide.Decided, got: _Got, j: int, offer: Offer) -> dict[str, Any]:
    persons = int((got.offer == j).sum())
    worth = decided.table.worth[j]
    seats = offer.seats.of(decided.who.n) if offer.seats else None
    codes, counts = np.unique(worth[worth <= 0], return_counts=True)
    return {
        "name": offer.name,
        "vi": offer.vi,
        "en": offer.en,
        "class": offer.kind,
        "purse": offer.purse,
        "cost_dong": offer.cost,
        "persons": persons,
        "spend_dong": persons * offer.cost,
        "eligible": int((worth > 0).sum()),
        "control": int(((decided.chosen.offer == j) & ~decided.chosen.given).sum()),
        "seats": seats,
        "holdout_share": offer.holdout_ppm / 1_000_000,
        "why_not": [_reason(BY_NUMBER[int(c)].code, int(n)) for c, n in zip(codes, counts, strict=True)],
    }


def _reason(code: str, persons: int) -> dict[str, Any]:
    return {"code": code, "vi": say(code, "vi"), "en": say(code, "en"), "persons": persons}


def _provinces(decided: decide.Decided, got: _Got) -> list[dict[str, Any]]:
    province, low = decided.who.province, decided.who.low_income
    size = len(limits.CODES)

    def count(members: NDArray[Any]) -> list[int]:
        return [int(x) for x in np.bincount(province[members], minlength=size)]

    everyone, reached = count(np.ones(decided.who.n, bool)), count(got.persons)
    poor, poor_reached = count(low), count(low & got.persons)
    spent = np.bincount(province, weights=got.money, minlength=size)
    seats = {
        o.name: np.bincount(province[got.row[got.offer == j]], minlength=size)
        for j, o in enumerate(decided.terms.offers.commercial)
    }
    return [
        {
            "code": code,
            "name": places.today(code).name,
            "subscribers": everyone[p],
            "reached": reached[p],
            "spend_dong": int(spent[p]),
            "low_income": poor[p],
            "low_income_reached": poor_reached[p],
            "seats": {name: int(by[p]) for name, by in seats.items() if by[p]},
        }
        for p, code in enumerate(limits.CODES)
    ]


def _groups(decided: decide.Decided, got: _Got) -> list[dict[str, Any]]:
    made = []
    for i, segment in enumerate(decided.segments):
        members = (decided.who.groups >> i & 1).astype(bool)
        made.append({"name": segment.name, "vi": segment.vi, "en": segment.en, **got.figures(members)})
    return made


_BASIS_WORDS = {
    "document": ("có giấy tờ", "by document"),
    "authority_list": ("theo danh sách của chính quyền", "on an authority's list"),
    "declared": ("tự khai", "declared"),
    "estimate": ("ước tính", "estimated"),
    "": ("không rõ căn cứ", "basis unknown"),
}


def _low_income(decided: decide.Decided, got: _Got) -> dict[str, Any]:
    low, basis = decided.who.low_income, decided.who.basis
    spent = int(got.money.sum())
    figures = got.figures(low)
    floors = [
        f.amount.share_ppm / 1_000_000
        for f in decided.terms.floors
        if f.low_income and f.what == "spend" and f.sense == ">=" and f.amount.share_ppm and not f.offer
    ]
    return {
        **figures,
        "share_of_spend": figures["spend_dong"] / spent if spent else 0.0,
        "share_of_subscribers": figures["subscribers"] / decided.who.n if decided.who.n else 0.0,
        "others_median_dong": got.figures(~low)["median_dong"],
        "floor_share": max(floors, default=None),
        "by_basis": [
            {
                "basis": word,
                "vi": vi,
                "en": en,
                **got.figures(low & (basis == (BASES.index(word) if word else -1))),
            }
            for word, (vi, en) in _BASIS_WORDS.items()
        ],
    }


def _nothing(decided: decide.Decided, got: _Got) -> dict[str, Any]:
    """Who got nothing commercial, by the reason that was nearest to letting an offer through."""
    out = ~got.persons
    worth = decided.table.worth[:, out]
    nearest = worth.min(axis=0, initial=0) if not worth.size else np.where(worth > 0, 0, worth).min(axis=0)
    could = (worth > 0).any(axis=0)
    code = np.where(could, number("below_price"), nearest)
    code = np.where(could & decided.table.whole[out], number("held_out_round"), code)
    codes, counts = np.unique(code, return_counts=True)
    reasons = [
        _reason(BY_NUMBER[int(c)].code, int(n))
        for c, n in zip(codes, counts, strict=True)
        if int(c) in BY_NUMBER
    ]
    return {
        "persons": int(out.sum()),
        "low_income_persons": int((out & decided.who.low_income).sum()),
        "reasons": sorted(reasons, key=lambda r: -r["persons"]),
    }


def _needs(decided: decide.Decided, kind: str) -> dict[str, Any]:
    rows = [s for s in decided.table.settled if s.offer.kind == kind]
    everyone = np.unique(np.concatenate([s.rows for s in rows])) if rows else np.empty(0)
    return {
        "persons": int(everyone.size),
        "spend_dong": sum(s.spend_dong for s in rows),
        "by_offer": [
            {
                "name": s.offer.name,
                "vi": s.offer.vi,
                "en": s.offer.en,
                "persons": int(s.rows.size),
                "spend_dong": s.spend_dong,
                "budget_dong": s.budget_dong,
                "waiting": s.waiting,
            }
            for s in rows
        ],
    }


def _law(decided: decide.Decided) -> list[dict[str, Any]]:
    """The dated rules this round was checked against, in the order: what waits for a named person's yes first."""
    on, offers = decided.terms.on, decided.terms.offers
    capped = [o for o in offers.commercial if o.promotion_unit_price is not None]
    refused = number("over_promotion_cap")
    over = sum(
        int((decided.who.worth[j] == refused).sum()) for j, o in enumerate(offers.commercial) if o in capped
    )
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
