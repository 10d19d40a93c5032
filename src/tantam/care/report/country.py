"""Who got what by province: four classes beside the country's own share, the map, the table of 34 rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from tantam import places
from tantam.care.report.tables import Table
from tantam.look.words import ALONE, FEW, Words

CLASSES = ("m1", "m2", "m3", "m4")
_STEPS = (0.8, 0.95, 1.1)
"""Class borders as parts of the country's share: red is a province that got a fifth less than the country."""
_XMLNS = ' xmlns="http://www.w3.org/2000/svg"'


@dataclass(frozen=True)
class Country:
    """What the page draws; ``legend`` pairs a class with its words, ``lowest`` names the three lowest."""

    map: Markup
    tiles: Markup
    legend: tuple[tuple[str, str], ...]
    lowest: str
    share: str
    table: Table


def country(s: Mapping[str, Any], w: Words) -> Country:
    """The provinces of a round. A province of fewer than 30 subscribers has no colour and no percentage."""
    rows = [p for p in s["provinces"] if p["subscribers"]]
    share = w.of(s["reached"], s["subscribers"])
    borders = _borders(s["reached"] / max(1, s["subscribers"]))
    fill = {p["code"]: _class(p, borders) for p in s["provinces"]}
    title = {p["code"]: f"{p['name']}: {_said(p, w)}" for p in s["provinces"]}
    large = sorted(
        (p for p in rows if p["subscribers"] >= FEW),
        key=lambda p: (p["reached"] / p["subscribers"], p["code"]),
    )
    low = large[:3]
    lowest = w.listed([f"{p['name']} {w.of(p['reached'], p['subscribers'])}" for p in low])
    finding = w.t(
        f"Bản đồ 34 tỉnh, thành: cả nước {share} thuê bao nhận được món.",
        f"Map of the 34 provinces: {share} of all subscribers got something.",
    ) + (w.t(f" Thấp nhất: {lowest}.", f" Lowest: {lowest}.") if low else "")
    labels = {p["code"]: f"{p['name']}\n{w.of(p['reached'], p['subscribers'])}" for p in low}
    return Country(
        map=_inline(places.map_svg(fill, title, label=finding, width=472, labels=labels)),
        tiles=_inline(places.tile_svg(fill, title, label=finding, width=326)),
        legend=_legend(borders, set(fill.values()), w),
        lowest=lowest,
        share=share,
        table=_table(rows, w),
    )


def _inline(svg: str) -> Markup:
    """An SVG inside HTML needs no namespace, and the page then holds no address at all."""
    return Markup(svg.replace(_XMLNS, "", 1))  # noqa: S704 (places escapes every word it draws)


def _borders(share: float) -> tuple[float, ...]:
    """Whole percentages where they part the classes, else tenths."""
    whole = tuple(round(step * share, 2) for step in _STEPS)
    return (
        whole
        if len(set(whole)) == len(whole) and whole[0] > 0
        else tuple(round(step * share, 3) for step in _STEPS)
    )


def _class(p: Mapping[str, Any], borders: tuple[float, ...]) -> str:
    if p["subscribers"] < FEW:
        return "none"
    return CLASSES[sum(p["reached"] / p["subscribers"] >= b for b in borders)]


def _said(p: Mapping[str, Any], w: Words) -> str:
    if p["subscribers"] < FEW:
        return w.t("chưa đủ dữ liệu", "not enough data")
    return f"{w.of(p['reached'], p['subscribers'])} ({w.people(p['reached'])} / {w.n(p['subscribers'])})"


def _legend(borders: tuple[float, ...], used: set[str], w: Words) -> tuple[tuple[str, str], ...]:
    a, b, c = (w.limit_pct(round(x, 3)) for x in borders)
    words = (w.t(f"dưới {a}", f"under {a}"), f"{a} – {b}", f"{b} – {c}", w.t(f"từ {c}", f"{c} and over"))
    legend = tuple(zip(CLASSES, words, strict=True))
    return (*legend, ("none", w.t("chưa đủ dữ liệu", "not enough data"))) if "none" in used else legend


def _table(rows: list[Mapping[str, Any]], w: Words) -> Table:
    ordered = sorted(rows, key=lambda p: (p["reached"] / p["subscribers"], p["code"]))
    return Table(
        (
            w.t("Tỉnh, thành", "Province"), w.t("Thuê bao", "Subscribers"), w.t("Đã nhận", "Reached"),
            w.t("Tỷ lệ", "Share"),
            w.t("Thu nhập thấp", "Low income"), w.t("Trong đó đã nhận", "Of whom reached"),
            w.t("Tiền, đồng", "Money, đồng"),
        ),
        tuple(
            (
                p["name"],
                w.people(p["subscribers"]),
                w.people(p["reached"]),
                "–" if 0 < p["reached"] < ALONE else w.of(p["reached"], p["subscribers"]),
                w.people(p["low_income"]),
                w.people(p["low_income_reached"]),
                w.n(p["spend_dong"]),
            )
            for p in ordered
        ),
        w.t("Xếp từ nơi ít người nhận nhất.", "From where fewest were reached."),
    )  # fmt: skip
