"""Relief and notices: settled first, from budgets of their own, by need and for everyone.

Relief goes to people whose hardship stands on a document or an authority's list, in order of the day they asked,
until its own budget ends. A notice goes to everyone in its place. Neither knows what anybody is worth, and neither
is ever held out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tantam import money
from tantam.care.offers import Offer, Offers
from tantam.errors import Refused

_LATEST = np.int64(2**31)


@dataclass(frozen=True)
class Settled:
    """One offer of need: ``rows`` (int64 indices, in the order given), and who still waits for want of money."""

    offer: Offer
    rows: NDArray[np.int64]
    waiting: int
    budget_dong: int

    @property
    def spend_dong(self) -> int:
        return self.offer.cost * self.rows.size


def settle(
    offers: Offers,
    in_group: NDArray[np.bool_],
    key: NDArray[np.int64],
    documented: NDArray[np.bool_],
    asked_on: NDArray[np.int64],
) -> tuple[Settled, ...]:
    """Settle every relief and notice of a file.

    ``in_group``: bool [relief and notices in the file's order, n]; ``documented``: bool [n], a document or an
    authority's list stands behind the hardship; ``asked_on``: int64 [n] days, a missing day comes last.
    Refuses ``notice_budget_short`` when a notice's budget does not reach everyone in its place.
    """
    needs = [o for o in offers.offers if o.kind != "commercial"]
    made = []
    for offer, members in zip(needs, in_group, strict=True):
        budget = _budget(offer, key.size)
        if offer.kind == "notice":
            made.append(_notice(offer, np.flatnonzero(members), budget))
        else:
            made.append(_relief(offer, np.flatnonzero(members & documented), key, asked_on, budget))
    return tuple(made)


def contacts(settled: tuple[Settled, ...], n: int) -> NDArray[np.int64]:
    """How many times each subscriber is written to by relief and notices: int64 [n]."""
    used = np.zeros(n, np.int64)
    for one in settled:
        if one.offer.contact:
            used[one.rows] += 1
    return used


def _budget(offer: Offer, subscribers: int) -> int:
    return (
        offer.budget.number if offer.budget is not None else (offer.budget_per_subscriber or 0) * subscribers
    )


def _notice(offer: Offer, rows: NDArray[np.int64], budget: int) -> Settled:
    needed = offer.cost * rows.size
    if needed > budget:
        what = (
            f"Notice {offer.name} reaches {money.digits(rows.size, 'en')} people for "
            f"{money.digits(needed, 'en')} đồng, and its budget is {money.digits(budget, 'en')}."
        )
        raise Refused(
            "notice_budget_short", what, "A notice leaves nobody out: raise its budget or narrow its place."
        )
    return Settled(offer, rows, 0, budget)


def _relief(
    offer: Offer, rows: NDArray[np.int64], key: NDArray[np.int64], asked_on: NDArray[np.int64], budget: int
) -> Settled:
    """The earliest request first; the same day by key, so that no file order matters."""
    order = rows[np.lexsort((key[rows], asked_on[rows]))]
    affordable = budget // offer.cost if offer.cost else order.size
    return Settled(offer, order[:affordable], max(0, order.size - affordable), budget)


def asked_days(hardship_on: NDArray[np.float64]) -> NDArray[np.int64]:
    """Days of request as int64; NaN (no day on file) comes after every day."""
    return np.where(np.isnan(hardship_on), _LATEST, np.nan_to_num(hardship_on)).astype(np.int64)
