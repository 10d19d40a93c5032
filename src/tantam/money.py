"""Whole đồng: reading amounts people type, writing amounts people read. No floats hold money."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Literal

from tantam.errors import BadInput

Language = Literal["vi", "en"]

MOST_DONG = 2**62
"""Larger sums are refused: they would not fit int64 once added up."""

_STEPS = (
    (10**12, "nghìn tỷ đồng", "VND {} tn"),
    (10**9, "tỷ đồng", "VND {} bn"),
    (10**6, "triệu đồng", "VND {} m"),
    (10**3, "nghìn đồng", "VND {} k"),
)


def parse(text: str | int) -> int:
    """Read an amount or a count written ``2000000000``, ``2e9`` or ``2_000_000_000``.

    Refuses (``bad_number``) anything that is not a whole number between 0 and 2**62.
    """
    try:
        number = Decimal(str(text).strip().replace("_", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number != number.to_integral_value() or not 0 <= number <= MOST_DONG:
        raise BadInput(
            "bad_number", f"“{text}” is not a whole amount.", "Write 2000000000, 2e9 or 2_000_000_000."
        )
    return int(number)


def digits(number: int, lang: Language = "vi") -> str:
    """All digits, grouped: 2.000.000.000 (vi) or 2,000,000,000 (en); the minus is U+2212."""
    text = f"{abs(number):,}"
    return ("−" if number < 0 else "") + (text.replace(",", ".") if lang == "vi" else text)


def decimal(number: float, places: int, lang: Language = "vi", *, plus: bool = False) -> str:
    """A number with ``places`` decimals in the language's own marks: −0,7 (vi), −0.7 (en)."""
    text = f"{abs(number):,.{places}f}"
    if lang == "vi":
        text = text.translate(str.maketrans(",.", ".,"))
    sign = "" if re.fullmatch(r"[0.,]+", text) else "−" if number < 0 else "+" if plus else ""
    return sign + text


def words(dong: int, lang: Language = "vi") -> str:
    """Three significant digits with the unit, as in a sentence: 20,0 tỷ đồng, VND 1.40 m."""
    rounded = int(Decimal(f"{dong:.2e}"))
    for step, vi, en in _STEPS:
        if abs(rounded) >= step:
            share = rounded / step
            text = decimal(share, max(0, 3 - len(str(int(abs(share))))), lang)
            return f"{text} {vi}" if lang == "vi" else en.format(text)
    return f"{digits(dong)} đồng" if lang == "vi" else f"VND {digits(dong, lang)}"
