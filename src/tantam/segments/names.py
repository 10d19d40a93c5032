"""What a rule may name: the columns of the base, and ages and spans reckoned from them on the day it is
asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Literal

import pyarrow as pa

from tantam.base.columns import INPUT, STORED

Kind = Literal["whole", "real", "day", "text", "yes"]
"""Whole and real are numbers; a day is days since 1970."""

_KINDS: dict[pa.DataType, Kind] = {
    pa.int64(): "whole",
    pa.int32(): "day",
    pa.string(): "text",
    pa.bool_(): "yes",
}
_UNNAMED = ("key", "birth_mmdd")

YEARS = ("tenure_years", "age_years")
"""Compared with a number, day-exact; in arithmetic, whole completed years."""

_DERIVED: tuple[tuple[str, str, str, str], ...] = (
    ("tenure_years", "joined_on", "số năm dùng mạng", "years of use"),
    ("tenure_days", "joined_on", "số ngày dùng mạng", "days of use"),
    ("age_years", "born_on", "tuổi", "age"),
    ("days_since_active", "last_active_on", "số ngày từ lần dùng gần nhất", "days since last active"),
    (
        "days_since_contact",
        "last_contact_on",
        "số ngày từ lần liên lạc gần nhất",
        "days since last contacted",
    ),
    (
        "days_since_promotion",
        "promotion_ended_on",
        "số ngày từ khi hết ưu đãi",
        "days since the promotion ended",
    ),
)


@dataclass(frozen=True, slots=True)
class Name:
    """One thing a rule can name. ``source`` is the base column it reads; ``values`` are all it may hold, if
    fixed.
    """

    name: str
    kind: Kind
    source: str
    usage: bool
    vi: str
    en: str
    values: tuple[str, ...] = ()
    money: bool = False

    @property
    def derived(self) -> bool:
        """Whether it is reckoned from its source and the day."""
        return self.name != self.source


def _catalogue() -> dict[str, Name]:
    fixed = {c.name: c.values for c in INPUT}
    money = {c.name for c in INPUT if c.kind == "money"} | {"spend_6m"}
    found = {
        c.name: Name(
            c.name, _KINDS[c.type], c.name, c.usage, c.vi, c.en, fixed.get(c.name, ()), money=c.name in money
        )
        for c in STORED
        if c.name not in _UNNAMED
    }
    for name, source, vi, en in _DERIVED:
        found[name] = Name(name, "whole", source, found[source].usage, vi, en)
    return found


NAMES: Mapping[str, Name] = MappingProxyType(_catalogue())
"""Every name a rule may use, by name."""

USAGE = frozenset(c.name for c in STORED if c.usage)
"""Base columns that tell how a service is used: a rule that reads one leaves out whoever refuses
profiling.
"""


def nearest(text: str, among: tuple[str, ...] | None = None) -> str | None:
    """The nearest name to a misspelt one, as a hint; None when nothing is near."""
    close = get_close_matches(text.lower(), among or tuple(NAMES), n=1, cutoff=0.6)
    return close[0] if close else None
