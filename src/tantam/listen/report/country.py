"""Complaints by province: the map beside the whole country's share, the table of the provinces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tantam.listen.report.counts import Counts, Tally
from tantam.listen.report.topics import Line
from tantam.listen.report.words import share_of
from tantam.look import country as drawing
from tantam.look.country import Place
from tantam.look.table import Table
from tantam.look.words import FEW, Words
from tantam.places import PROVINCES, Province

SHOWN = 5
"""Provinces with a bar of their own beside the map."""


@dataclass(frozen=True)
class Country:
    """What the page shows; ``highest`` are the provinces where complaints weigh most, with ``overall`` as their tick;
    ``missing`` says how many readings are on no map."""

    drawn: drawing.Country
    share: str
    overall: float
    highest: tuple[Line, ...]
    missing: str
    table: Table


def country(c: Counts, w: Words) -> Country | None:
    """None where no reading names a province. The share is that of all readings with a province."""
    rows = [(p, c.places[p.name]) for p in PROVINCES if p.name in c.places]
    total = sum(tally.count for _, tally in rows)
    complaints = sum(tally.complaints for _, tally in rows)
    if not total:
        return None
    share = share_of(complaints, total, w)
    finding = w.t(
        f"Bản đồ 34 tỉnh, thành: cả nước {share} ý kiến là phàn nàn.",
        f"Map of the 34 provinces: {share} of all opinions are complaints.",
    )
    held = dict.fromkeys(PROVINCES, (0, 0)) | {p: (t.complaints, t.count) for p, t in rows}
    drawn = drawing.country(
        [Place(p.code, p.name, *held[p]) for p in PROVINCES],
        complaints / total,
        w,
        finding=finding,
        end="high",
    )
    return Country(drawn, share, complaints / total, _highest(rows, w), _missing(c, w), _table(c, w))


def _highest(rows: Sequence[tuple[Province, Tally]], w: Words) -> tuple[Line, ...]:
    large = sorted(
        ((p, t) for p, t in rows if t.count >= FEW),
        key=lambda row: (-row[1].complaints / row[1].count, row[0].code),
    )
    return tuple(
        Line(
            p.name,
            w.of(t.complaints, t.count),
            t.complaints / t.count,
            w.t(
                f"{w.people(t.complaints)} trong {w.n(t.count)} ý kiến",
                f"{w.people(t.complaints)} of {w.n(t.count)} opinions",
            ),
        )
        for p, t in large[:SHOWN]
    )


def _missing(c: Counts, w: Words) -> str:
    told = []
    if None in c.places:
        n = w.people(c.places[None].count)
        told.append(w.t(f"{n} ý kiến không ghi nơi", f"{n} name no place"))
    if "" in c.places:
        n = w.people(c.places[""].count)
        told.append(
            w.t(f"{n} ghi nơi không nhận ra là tỉnh nào", f"{n} name a place that is no province of ours")
        )
    return f"{w.listed(told)}." if told else ""


def _table(c: Counts, w: Words) -> Table:
    rows = [(p, c.places[p.name]) for p in PROVINCES if p.name in c.places]
    rows.sort(key=lambda row: (-row[1].complaints / row[1].count, row[0].code))
    return Table(
        (
            w.t("Tỉnh, thành", "Province"), w.t("Ý kiến", "Opinions"), w.t("Phàn nàn", "Complaints"),
            w.t("Tỷ lệ", "Share"), w.t("Không vui", "Negative"),
        ),
        tuple(
            (
                p.name,
                w.people(t.count),
                w.people(t.complaints),
                share_of(t.complaints, t.count, w),
                share_of(t.negative, t.count, w),
            )
            for p, t in rows
        ),
        w.t("Xếp từ nơi phàn nàn nhiều nhất.", "From where complaints weigh most."),
    )  # fmt: skip
