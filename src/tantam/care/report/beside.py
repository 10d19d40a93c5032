"""What stands beside the proof: how small a difference can be seen, and the after-life of promotions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from tantam.care.report import figures
from tantam.care.report.words import ESTIMANDS, said
from tantam.look.table import Table, two
from tantam.look.words import Words

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Power:
    """The table asked beforehand, what it means in plain words, and the offers that can never tell."""

    table: Table
    sentence: str
    silent: str


def power(rows: Sequence[Row] | None, s: Row, w: Words) -> Power | None:
    """Asked before any result: the smallest difference in staying that each offer's people can show."""
    asked = [p for p in rows or () if p["outcome"] == "active" and p["detectable"] is not None]
    if not asked:
        return None
    last = max(p["horizon_days"] for p in asked)
    kept = sorted((p for p in asked if p["horizon_days"] == last), key=lambda p: p["detectable"])
    names = {o["name"]: w.name(o) for o in s["offers"]}
    several = len({p["estimand"] for p in kept}) > 1

    def name(p: Row) -> str:
        return names.get(p["offer"], w.t("Cả đợt", "The whole round"))

    def seen(p: Row) -> str:
        return w.change(p["detectable"], "active", plus=False)

    def line(p: Row) -> tuple[str, ...]:
        return (
            two(name(p), said(ESTIMANDS, p["estimand"], w) if several else ""),
            w.n(p["treated_n"]),
            w.n(p["control_n"]),
            seen(p),
        )

    heads = (
        w.t("Món", "Offer"), w.t("Chăm sóc", "Cared for"), w.t("Đối chứng", "Held out"),
        w.t("Thấy được từ, điểm %", "Can show from, pp"),
    )  # fmt: skip
    against = "" if several else ", " + said(ESTIMANDS, kept[0]["estimand"], w)
    caption = w.t(
        f"Khác biệt nhỏ nhất về số người còn ở lại sau {last} ngày{against}, mà đợt này đủ người để thấy.",
        f"The smallest difference in people still with us after {last} days{against}, that can be seen.",
    )
    best, worst = kept[0], kept[-1]
    sentence = w.t(
        f"Đợt này nhìn rõ nhất ở “{name(best)}”: hơn kém {seen(best)} điểm % là thấy. Mờ nhất là "
        f"“{name(worst)}”: dưới {seen(worst)} điểm % thì dù có ích thật cũng chưa thấy được. Chưa thấy khác "
        "biệt không có nghĩa là vô ích.",
        f"The round sees best at “{name(best)}”: {seen(best)} pp will show. It sees worst at "
        f"“{name(worst)}”: under {seen(worst)} pp even a real gain stays unseen. No difference seen does not "
        "mean no use.",
    )
    told = {p["offer"] for p in asked}
    silent = w.listed([names[o] for o in names if o not in told and any(p["offer"] == o for p in rows or ())])
    return Power(Table(heads, tuple(line(p) for p in kept), caption), sentence, silent)


@dataclass(frozen=True)
class AfterLife:
    """The survival chart in both widths, its sentence, where its axis begins, and its figures as a table."""

    desk: Markup
    phone: Markup
    sentence: str
    floor: str
    table: Table


def after_life(data: Row | None, w: Words) -> AfterLife | None:
    """The chart of afterlife.json; None where there is none or an arm has no days."""
    arms = {name: arm for name, arm in (data or {}).get("arms", {}).items() if arm}
    if data is None or not arms:
        return None
    sentence = str(data["sentence_vi" if w.lang == "vi" else "sentence_en"])
    by_day = {name: {p["day"]: p for p in arm} for name, arm in arms.items()}
    days = sorted({d for arm in by_day.values() for d in arm})
    heads = {"treated": w.t("Được chăm sóc", "Cared for"), "control": w.t("Để đối chứng", "Held out")}
    names = [name for name in heads if name in arms]

    def cell(name: str, day: int) -> str:
        p = by_day[name].get(day)
        return "–" if p is None else two(w.pct(p["survival"]), f"{w.pct(p['low'])} – {w.pct(p['high'])}")

    return AfterLife(
        desk=figures.survival(arms, w, 1262, sentence),
        phone=figures.survival(arms, w, 294, sentence),
        sentence=sentence,
        floor=w.pct(figures.floor_percent(arms) / 100, 0),
        table=Table(
            (w.t("Ngày", "Day"), *(heads[n] for n in names)),
            tuple((w.n(d), *(cell(n, d) for n in names)) for d in days),
        ),
    )
