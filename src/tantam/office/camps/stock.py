"""Medicine, lot by lot, in whole units: what came in = what was given + what was written off + what lies there.

What should lie there is reckoned from the facts and never written down; what was counted by hand is compared with it.
Pure.
"""

from __future__ import annotations

from datetime import date

from tantam.office.camps import kinds
from tantam.office.camps.day import Day, Lot


def usable(day: Day, medicine: str, on: date, *, kit: int = 0) -> list[Lot]:
    """Lots of a medicine that may be given on a day, the first to expire first. A lot may be given through the day of
    its expiry. ``kit``: only what lies in that kit's box (0: in any)."""
    fit = [
        lot
        for lot in day.lots.values()
        if lot.medicine == medicine
        and lot.held > 0
        and lot.expires_on >= on
        and (not kit or lot.kit in (0, kit))
    ]
    return sorted(fit, key=lambda lot: (lot.expires_on, lot.id))


def offer(day: Day, medicine: str, units: int, on: date, *, kit: int = 0) -> list[kinds.Given]:
    """Out of which lots to take ``units``: first expired first out, never an expired lot; may come to less."""
    offered = []
    for lot in usable(day, medicine, on, kit=kit):
        some = min(units, lot.held)
        if some <= 0:
            break
        offered.append(kinds.Given(lot=lot.id, units=some))
        units -= some
    return offered


def left(day: Day, medicine: str, *, kit: int = 0) -> int:
    """Units that may still be given on the camp's day."""
    on = day.plan.planned.on if day.plan.planned else date.min
    return sum(lot.held for lot in usable(day, medicine, on, kit=kit))


def people_left(day: Day, medicine: str, *, kit: int = 0) -> int | None:
    """For how many more people that is enough, as it was prescribed until now; None before anybody needed it."""
    times, units = day.prescribed.get(medicine, (0, 0))
    return left(day, medicine, kit=kit) * times // units if units else None


def differences(day: Day) -> dict[str, int]:
    """Lots whose count differs from what should have lain there then: lot → counted less reckoned."""
    return {lot.id: lot.difference for lot in day.lots.values() if lot.difference}


def identity_holds(lot: Lot) -> bool:
    """Whether in = given + written off + held, and nothing went out that never came."""
    return lot.came == lot.given + lot.lost + lot.held and lot.held >= 0
