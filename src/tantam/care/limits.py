"""Every limit of a round as one linear row over the count table [cell, offer].

A cell is a province and whether its people are low-income, so budgets, purses, seats, floors and shares are all
rows of numbers: what one decision of an offer in a cell adds to the limit's left side. Anything that cannot be said
over cells is refused with a message, never approximated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tantam import money, places
from tantam.care.allocate import Limit
from tantam.care.offers import PPM, Amount, Offer, Offers
from tantam.errors import BadInput, TantamError

CODES = tuple(p.code for p in places.PROVINCES)
CELLS = 2 * len(CODES)
"""Cell = 2 × the province's place in :data:`CODES` + (1 if low-income)."""

_FLOOR = re.compile(
    r"(?P<low>low_income\s+)?(?:province\s+(?P<quote>[\"'“])(?P<where>[^\"'”]+)[\"'”]\s+)?(?:offer\s+(?P<offer>\w+)\s+)?"
    r"(?P<what>spend|seats)(?:\s+(?P<of>(?!per\b)\w+))?(?:\s+(?P<per>per\s+province))?\s*"
    r"(?P<sense>>=|<=)\s*(?P<number>[\d_.e+]+)\s*(?P<share>%)?",
    re.IGNORECASE,
)
_TAUGHT = "Write low_income spend >= 30%, seats cafe_meeting per province >= 6, or offer X spend <= 2e8."


@dataclass(frozen=True)
class Floor:
    """One floor or cap in the words of ``--floor``. ``amount`` is đồng, persons, or a share."""

    text: str
    sense: Literal[">=", "<="]
    what: Literal["spend", "seats"]
    amount: Amount
    offer: str | None = None
    province: str | None = None
    low_income: bool = False
    per_province: bool = False


def parse_floor(text: str, offers: Offers) -> Floor:
    """Read a floor; refuses ``bad_floor`` with the three ways to write one, and unknown offers or provinces."""
    found = _FLOOR.fullmatch(" ".join(text.split()))
    if found is None:
        raise BadInput("bad_floor", f"“{text}” is not a floor.", _TAUGHT)
    offer = found["offer"] or found["of"]
    names = {o.name for o in offers.commercial}
    if offer is not None and offer not in names:
        raise BadInput(
            "bad_floor", f"“{text}” names {offer}, which is no commercial offer.", f"There is {_some(names)}."
        )
    province = places.find(found["where"]) if found["where"] else None
    if found["where"] and province is None:
        raise BadInput(
            "bad_floor", f"“{text}” names an unknown province.", f"Nearest: {places.nearest(found['where'])}."
        )
    what: Literal["spend", "seats"] = "spend" if found["what"].lower() == "spend" else "seats"
    if what == "seats" and found["share"] and not found["per"] and province is None:
        raise BadInput(
            "bad_floor",
            f"“{text}” asks a share of seats without a province.",
            "Write seats X per province >= 1%.",
        )
    return Floor(
        text=" ".join(text.split()),
        sense=">=" if found["sense"] == ">=" else "<=",
        what=what,
        amount=_amount(text, found["number"], share=bool(found["share"])),
        offer=offer,
        province=places.today(province.code).code if province else None,
        low_income=bool(found["low"]),
        per_province=bool(found["per"]),
    )


def build(
    offers: Offers, budget: int, floors: tuple[Floor, ...], subscribers: NDArray[np.int64]
) -> tuple[Limit, ...]:
    """All limits of a round.

    ``subscribers``: int64 [CELLS], how many people each cell has (shares of the base or of a province count
    everybody, eligible or not). ``budget``: whole đồng.
    """
    rows = _Rows(offers.commercial, subscribers)
    made = [rows.spend("budget", "<=", budget)]
    for purse in offers.purses:
        chosen = [o.purse == purse.name for o in offers.commercial]
        made.append(rows.spend(f"purse:{purse.name}", "<=", purse.sum.of(budget), offers=np.array(chosen)))
    for j, offer in enumerate(offers.commercial):
        if offer.seats:
            made.append(rows.seats(f"seats:{offer.name}", "<=", offer.seats.of(rows.people()), j))
        if offer.seats_per_province:
            made += rows.per_province(f"seats:{offer.name}", "<=", offer.seats_per_province, j)
    for floor in floors:
        made += rows.floor(floor)
    return tuple(made)


class _Rows:
    """Coefficient tables over [CELLS, offers] for one offers file."""

    def __init__(self, offers: tuple[Offer, ...], subscribers: NDArray[np.int64]) -> None:
        self.offers = offers
        self.subscribers = subscribers
        self.cost = np.array([o.cost for o in offers], np.int64)
        self.low = np.arange(CELLS) % 2 == 1

    def people(self, cells: NDArray[np.bool_] | None = None) -> int:
        return int(self.subscribers.sum() if cells is None else self.subscribers[cells].sum())

    def spend(
        self,
        name: str,
        sense: Literal[">=", "<="],
        bound: int,
        *,
        cells: NDArray[np.bool_] | None = None,
        offers: NDArray[np.bool_] | None = None,
    ) -> Limit:
        return Limit(name, sense, bound, self._where(cells, offers) * self.cost)

    def seats(
        self,
        name: str,
        sense: Literal[">=", "<="],
        bound: int,
        j: int | None,
        cells: NDArray[np.bool_] | None = None,
    ) -> Limit:
        chosen = None if j is None else np.arange(len(self.offers)) == j
        return Limit(name, sense, bound, self._where(cells, chosen))

    def per_province(
        self, name: str, sense: Literal[">=", "<="], amount: Amount, j: int | None, low: bool = False
    ) -> list[Limit]:
        """One row for each province that has subscribers."""
        made = []
        for p, code in enumerate(CODES):
            cells = np.arange(CELLS) // 2 == p
            people = self.people(cells)
            if people:
                bound = _bound(sense, amount, people)
                made.append(self.seats(f"{name}@{code}", sense, bound, j, cells & (self.low | (not low))))
        return made

    def floor(self, floor: Floor) -> list[Limit]:
        j = next((i for i, o in enumerate(self.offers) if o.name == floor.offer), None)
        cells = np.ones(CELLS, bool) if not floor.low_income else self.low
        if floor.province:
            cells = cells & (np.arange(CELLS) // 2 == CODES.index(floor.province))
        name = f"floor:{floor.text}" if floor.sense == ">=" else f"cap:{floor.text}"
        if floor.what == "seats":
            if floor.per_province:
                return self.per_province(name, floor.sense, floor.amount, j, floor.low_income)
            whole = self.people(np.arange(CELLS) // 2 == CODES.index(floor.province)) if floor.province else 0
            return [self.seats(name, floor.sense, _bound(floor.sense, floor.amount, whole), j, cells)]
        chosen = np.ones(len(self.offers), bool) if j is None else np.arange(len(self.offers)) == j
        provinces = range(len(CODES)) if floor.per_province else [None]
        made = []
        for p in provinces:
            within = cells if p is None else cells & (np.arange(CELLS) // 2 == p)
            if p is None or self.people(within):
                made.append(
                    self._spend_floor(name if p is None else f"{name}@{CODES[p]}", floor, within, chosen)
                )
        return made

    def _spend_floor(
        self, name: str, floor: Floor, cells: NDArray[np.bool_], offers: NDArray[np.bool_]
    ) -> Limit:
        """A sum of money, or a share of all money given: share · total − part ≤ 0, in whole ppm."""
        if floor.amount.share_ppm is None:
            return self.spend(name, floor.sense, floor.amount.number, cells=cells, offers=offers)
        inside = self._where(cells, offers) * PPM
        table = (inside - floor.amount.share_ppm) * self.cost
        divisor = int(np.gcd.reduce(np.abs(table), axis=None)) or 1
        return Limit(name, floor.sense, 0, table // divisor)

    def _where(self, cells: NDArray[np.bool_] | None, offers: NDArray[np.bool_] | None) -> NDArray[np.int64]:
        table = np.ones((CELLS, len(self.offers)), np.int64)
        if cells is not None:
            table[~cells] = 0
        if offers is not None:
            table[:, ~offers] = 0
        return table


def _bound(sense: Literal[">=", "<="], amount: Amount, whole: int) -> int:
    """What an amount of a whole means as a bound: a floor is rounded up, a cap down."""
    return amount.at_least(whole) if sense == ">=" else amount.of(whole)


def _amount(text: str, number: str, *, share: bool) -> Amount:
    try:
        if not share:
            return Amount(money.parse(number))
        whole, _, part = number.partition(".")
        ppm = int(whole) * 10_000 + int(part[:4].ljust(4, "0"))
    except (TantamError, ValueError):
        raise BadInput("bad_floor", f"“{text}” has no readable number.", _TAUGHT) from None
    if ppm > PPM:
        raise BadInput("bad_floor", f"“{text}” asks for more than all.", "A share is at most 100%.")
    return Amount(share_ppm=ppm)


def _some(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "none"
