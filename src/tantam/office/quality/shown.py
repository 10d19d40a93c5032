"""How figures, levels and standings are said, and what the boards for staff and for everybody have in common."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from tantam.letters import sort_key
from tantam.office.quality.indicators import Indicator
from tantam.office.quality.models import (
    AT_RISK,
    BROKEN,
    KEPT,
    MINISTRY,
    MISSING,
    SELF,
    THIRD,
    TOO_FEW,
    Cell,
)
from tantam.office.words import english, number, say
from tantam.places import PROVINCES

STATES: dict[str, tuple[str, str, str, str]] = {
    BROKEN: ("không đạt", "not met", "son", "x"),
    AT_RISK: ("sát ngưỡng", "at risk", "nghe", "alert-triangle"),
    MISSING: ("chưa đo", "not measured", "sunk", "minus"),
    TOO_FEW: ("quá ít mẫu", "too few", "sunk", "hourglass"),
    KEPT: ("đạt", "met", "la", "check"),
}
"""Standing → its word in Vietnamese and English, tone, sign; the worst first: in this order pages list them."""
MEASURERS = {
    SELF: ("tự đo", "our own"),
    MINISTRY: ("Bộ đo", "the Ministry's"),
    THIRD: ("bên thứ ba đo", "a third party's"),
}
UNITS = {
    "percent": ("%", "%"),
    "mos": ("điểm MOS", "MOS"),
    "mbit_s": ("Mbit/s", "Mbit/s"),
    "second": ("giây", "s"),
    "per_100": ("trên 100 khách", "per 100 customers"),
}
NETWORKS = {
    "voice": ("thoại", "voice"),
    "data": ("dữ liệu", "data"),
    "charging": ("tính cước", "charging"),
    "service": ("phục vụ", "service"),
}
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_ORDER = list(STATES)


def name(indicator: Indicator) -> str:
    """What an indicator is called, in the reader's language."""
    return say(indicator.vi, indicator.en)


def unit(indicator: Indicator) -> str:
    """The unit of its figures."""
    return say(*UNITS[indicator.unit])


def figure(indicator: Indicator, value: float | None) -> str:
    """``98,97`` of a measured value, without its unit; two decimals at least three digits that mean something."""
    if value is None:
        return ""
    return number(value, 2 if abs(value) < 10 or indicator.unit == "percent" else 1)


def between(indicator: Indicator, low: float | None, high: float | None) -> str:
    """``98,90 – 99,03``, or nothing where there is no interval."""
    if low is None or high is None:
        return ""
    return f"{figure(indicator, low)} – {figure(indicator, high)}".replace(" ", "\u00a0")


def level(indicator: Indicator, value: Any) -> str:
    """``từ 98 %`` or ``tối đa 2 %``: a level and which side of it is good."""
    if value is None:
        return ""
    places = max(0, -int(value.normalize().as_tuple().exponent)) if hasattr(value, "normalize") else 2
    figures = number(value, places)
    gap = "" if english() and indicator.unit == "percent" else "\u00a0"
    word = say("từ", "at least") if indicator.direction == "higher" else say("tối đa", "at most")
    return f"{word} {figures}{gap}{unit(indicator)}".replace(" ", "\u00a0", 1)


def state(code: str) -> dict[str, str]:
    """A standing as a chip: ``word``, ``tone``, ``sign``."""
    vi, en, tone, sign = STATES[code]
    return {"code": code, "word": say(vi, en), "tone": tone, "sign": sign}


def overall(states: list[str]) -> str:
    """How a pledge stands over its places: broken or at risk where it is so in any; else met, unless most are unknown;
    "" of no places."""
    for code in (BROKEN, AT_RISK):
        if code in states:
            return code
    unknown = [code for code in states if code in (MISSING, TOO_FEW)]
    if 2 * len(unknown) > len(states):
        return MISSING if unknown.count(MISSING) >= unknown.count(TOO_FEW) else TOO_FEW
    return KEPT if states else ""


def rank(code: str) -> int:
    """The place of a standing in that order, and after all of them of "" (nothing was pledged)."""
    return _ORDER.index(code) if code else len(_ORDER)


def cell(indicator: Indicator, one: Cell | None) -> dict[str, Any] | None:
    """A measured month as pages show it: value, interval, sample, rows behind it; None where nothing was measured."""
    if one is None:
        return None
    return {
        "value": figure(indicator, one.value),
        "interval": between(indicator, one.low, one.high),
        "n": one.n,
        "rows": one.rows_count,
        "provinces": one.provinces_count,
        "by": say(*MEASURERS[one.measured_by]),
    }


def place(code: str) -> str:
    """A province by its code, in the reader's language; the whole country of ""."""
    if not code:
        return say("cả nước", "the whole country")
    return next((p.name_en if english() else p.name for p in PROVINCES if p.code == code), code)


def provinces() -> list[tuple[str, str]]:
    """The 34 as (code, name), sorted the Vietnamese way."""
    named = [(p.code, p.name_en if english() else p.name) for p in PROVINCES]
    return sorted(named, key=lambda pair: sort_key(pair[1].removeprefix("TP. ")))


def read_month(text: str) -> date | None:
    """``2026-10`` of an address as the first day of a month; None of anything else."""
    found = _MONTH.fullmatch(text)
    return date(int(found[1]), int(found[2]), 1) if found and int(found[1]) > 1900 else None


def month(on: date) -> str:
    """``10/2026``."""
    return f"{on:%m/%Y}"


def months_to(last: date, count: int) -> list[date]:
    """So many months in a row up to one, by their first days, the oldest first."""
    nth = last.year * 12 + last.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(nth - count + 1, nth + 1)]
