"""What the base says of whom we may contact: a yes to care or to advertising, a no to advertising."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

import narwhals as nw

from tantam import clock, engines
from tantam.base.home import Home
from tantam.base.store import Base, open_base
from tantam.office.channels.rules import Consented

_YES = (("care", "consent_care_on"), ("advertising", "consent_ads_on"))


def said(home: Home, keys: Iterable[int]) -> dict[int, tuple[Consented, ...]]:
    """Each subscriber of the base among ``keys`` → what he said yes and no to. Reads three columns of the base once,
    whatever the number of keys. Without a base nobody is known.

    A consent holds from the beginning of its day. A refusal has no day in the base: it counts from the day the base
    describes, and always after a consent there.
    """
    asked = sorted(set(keys))
    if not asked or not home.facts.exists():
        return {}
    base = open_base(home, engines.start(threads=1))
    wanted = base.frame.filter(nw.col("key").is_in(asked)).select(
        "key", *(name for _, name in _YES), "refuses_ads"
    )
    return {row["key"]: _said(row, base) for row in engines.collect(wanted).to_pylist()}


def _said(row: dict[str, Any], base: Base) -> tuple[Consented, ...]:
    found = [
        Consented(purpose, "", True, _day(row[column]), "base", column)
        for purpose, column in _YES
        if row[column] is not None
    ]
    if row["refuses_ads"]:
        refused = max(base.on, row["consent_ads_on"] or base.on)
        found.append(Consented("advertising", "", False, _day(refused), "base", "refuses_ads"))
    return tuple(found)


def _day(days: int) -> datetime:
    return datetime.combine(clock.to_date(days), time.min, clock.HANOI)
