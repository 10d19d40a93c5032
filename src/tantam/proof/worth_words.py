"""What a check of learned worth found: a sentence an offer, Vietnamese and English, and its tenths as bars."""

from __future__ import annotations

from typing import Any

from tantam import money
from tantam.money import Language
from tantam.proof.words import Pair, both
from tantam.proof.worth_learn import LEAST

Row = dict[str, Any]

_WIDTH = 24
"""Letters of the longest bar."""


def sentences(row: Row, *, dong: bool = True) -> Pair:
    """One row of a check in words; ``dong`` says that its unit is đồng."""

    def say(lang: Language) -> str:
        vi = lang == "vi"
        name = f"“{row[lang]}”"
        arms = f"{money.digits(row['given_n'], lang)} / {money.digits(row['control_n'], lang)}"
        if not row["enough"]:
            if vi:
                return f"{name}: chưa đủ dữ liệu để học, mỗi bên cần {LEAST} người ({arms})."
            return f"{name}: not enough data to learn from, each side needs {LEAST} people ({arms})."
        unit = " đồng" if dong else ""
        figure = _figure(row, "qini", lang, unit)
        low, all_ = (_number(v, row, lang) for v in (row["top"][0]["effect"], row["effect"]))
        tells = row["qini_low"] > 0
        if vi:
            verdict = "phân biệt được ai hợp món này" if tells else "chưa thấy hơn bốc thăm"
            return (
                f"{name}: {verdict}; hệ số Qini {figure} một người ({arms} người). "
                f"Phần mười đứng đầu: {low}{unit}, mọi người: {all_}{unit}."
            )
        verdict = "it tells who is helped more" if tells else "no better than a random order is seen"
        return (
            f"{name}: {verdict}; Qini coefficient {figure} a head ({arms} people). "
            f"The first tenth: {low}{unit}, everybody: {all_}{unit}."
        )

    return both(say)


def bars(row: Row) -> list[str]:
    """The tenths, best first: a bar of what each showed (█ to the right, ░ where it is below nothing), what was said of
    it, and the interval.
    """
    if not row["enough"]:
        return []
    most = max(abs(t["effect"] or 0.0) for t in row["tenths"]) or 1.0
    lines = []
    for number, tenth in enumerate(row["tenths"], 1):
        if tenth["effect"] is None:
            continue
        letters = round(abs(tenth["effect"]) / most * _WIDTH)
        bar = ("█" if tenth["effect"] >= 0 else "░") * letters
        said = _number(tenth["said"], row, "vi")
        lines.append(f"    {number:>2} {bar:<{_WIDTH}} {_figure(tenth, 'effect', 'vi', '', row)} · {said}")
    return lines


def _figure(row: Row, name: str, lang: Language, unit: str, scale: Row | None = None) -> str:
    value, low, high = (_number(row[k], scale or row, lang) for k in (name, f"{name}_low", f"{name}_high"))
    interval = "khoảng tin cậy 95 %" if lang == "vi" else "95% interval"
    return f"{value}{unit} ({interval}: {low} – {high})" if scale is None else f"{value} ({low} – {high})"


def _number(value: float | None, row: Row, lang: Language) -> str:
    """Whole numbers where the effects are large, else as many decimals as tell them apart."""
    if value is None:
        return "–"
    width = row["effect_high"] - row["effect_low"]
    places = 0 if width >= 20 else 1 if width >= 1 else 2 if width >= 0.1 else 4
    return money.decimal(value, places, lang, plus=True)
