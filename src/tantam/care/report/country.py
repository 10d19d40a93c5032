"""Who got what by province: the map beside the country's own share, the table of 34 rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tantam.look import country as drawing
from tantam.look.country import Place
from tantam.look.table import Table
from tantam.look.words import ALONE, Words


@dataclass(frozen=True)
class Country:
    """What the page shows: the drawn country, its share in words, its table."""

    drawn: drawing.Country
    share: str
    table: Table


def country(s: Mapping[str, Any], w: Words) -> Country:
    """The provinces of a round: where the fewest were reached is red."""
    share = w.of(s["reached"], s["subscribers"])
    finding = w.t(
        f"Bản đồ 34 tỉnh, thành: cả nước {share} thuê bao nhận được món.",
        f"Map of the 34 provinces: {share} of all subscribers got something.",
    )
    rows = [Place(p["code"], p["name"], p["reached"], p["subscribers"]) for p in s["provinces"]]
    drawn = drawing.country(rows, s["reached"] / max(1, s["subscribers"]), w, finding=finding)
    return Country(drawn, share, _table([p for p in s["provinces"] if p["subscribers"]], w))


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
