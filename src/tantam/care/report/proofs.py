"""The proof's part: three marks, offers as whiskers on one scale, verdicts, after-life; or what is not known yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from markupsafe import Markup

from tantam.care.report import figures
from tantam.care.report.figures import State
from tantam.care.report.tables import Table, two
from tantam.care.report.words import ESTIMANDS, OUTCOMES, Words, said

Row = Mapping[str, Any]
MARKS = (30, 60, 90)
"""Days after which a round is looked at."""


@dataclass(frozen=True)
class Cell:
    """One effect: its whisker, the value and interval in words; without a picture it is not known yet."""

    value: str = ""
    interval: str = ""
    picture: Markup = Markup()
    n: str = ""
    state: State = "wait"


@dataclass(frozen=True)
class Line:
    """One offer against one estimand over the three marks, with its verdict and what follows from it."""

    offer: str
    n: str
    cells: tuple[Cell, ...]
    state: State
    verdict: str
    follows: str


@dataclass(frozen=True)
class Mark:
    """One of the three days: a pooled effect, or how many offers help; ``on`` is the day it can be read."""

    days: int
    on: str
    known: bool = False
    pooled: Cell | None = None
    tally: tuple[tuple[State, str], ...] = ()
    helped: str = ""
    of: str = ""


@dataclass(frozen=True)
class Proof:
    """All of the part. ``known`` is false until one effect has enough people in both arms."""

    known: bool
    sentence: str
    marks: tuple[Mark, ...]
    blocks: tuple[tuple[str, tuple[Line, ...]], ...] = ()
    scale: str = ""
    details: tuple[tuple[str, Table], ...] = ()
    states: Mapping[str, int] = field(default_factory=dict)


VERDICTS = {
    "active": (("Có ích", "Helped"), ("Làm khách rời đi", "Made customers leave")),
    "spend": (("Có ích", "Helped"), ("Khách chi ít đi", "Made customers spend less")),
    "became_postpaid": (("Có ích", "Helped"), ("Ít người chuyển hơn", "Fewer moved")),
}


def state_of(row: Row) -> State:
    """Gain or loss only where the adjusted interval leaves zero on one side; touching zero is no difference."""
    if not row["enough"] or row.get("effect") is None:
        return "wait"
    low, high = bounds(row)
    return "gain" if low > 0 else "loss" if high < 0 else "none"


def bounds(row: Row) -> tuple[float, float]:
    """The interval after multiplicity, or as measured where nothing was compared with anything else."""
    low, high = row.get("adjusted_low"), row.get("adjusted_high")
    return (row["low"], row["high"]) if low is None or high is None else (low, high)


def verdict(state: State, outcome: str, w: Words) -> str:
    """The chip's word."""
    gain, loss = VERDICTS.get(outcome, VERDICTS["active"])
    none, wait = ("Chưa thấy khác biệt", "No difference seen"), ("Chưa đủ dữ liệu", "Not enough data")
    return w.t(*{"gain": gain, "loss": loss, "none": none, "wait": wait}[state])


def proof(rows: Sequence[Row] | None, power: Sequence[Row] | None, s: Row, w: Words) -> Proof:
    """What is known of a round's effect; ``rows`` is proof.json, or None before the first outcomes came."""
    kept = [r for r in rows or () if r["outcome"] == "active"]
    names = {o["name"]: w.name(o) for o in s["offers"]}
    own = [r for r in kept if r["offer"] in names]
    main = _main_estimand(own)
    marks = tuple(_mark(d, [r for r in kept if r["horizon_days"] == d and r["estimand"] == main], names, s, w) for d in MARKS)
    if not any(r["enough"] for r in rows or ()):
        return Proof(False, _not_yet(s, w), marks)
    scale = figures.scale_of([b for r in own if r["enough"] for b in bounds(r)])
    lines = {e: _lines([r for r in own if r["estimand"] == e], names, power or (), scale, w) for e in ESTIMANDS}
    last = lines.get(main, ())
    return Proof(
        known=True,
        sentence=_sentence(last, main, w),
        marks=marks,
        blocks=tuple((said(ESTIMANDS, e, w), block) for e, block in lines.items() if block),
        scale=figures.scale_text(scale, "active", w),
        details=tuple(
            (_capital(said(OUTCOMES, o, w)), _details([r for r in rows or () if r["outcome"] == o], names, w))
            for o in dict.fromkeys(r["outcome"] for r in rows or ())
        ),
        states=Counter(line.state for line in last),
    )


def _main_estimand(rows: Sequence[Row]) -> str:
    """Against nothing where anybody can tell, else against the next best offer."""
    told = {r["estimand"] for r in rows if r["enough"]}
    return next((e for e in ESTIMANDS if e in told), next(iter(ESTIMANDS)))


def _mark(days: int, rows: Sequence[Row], names: Mapping[str, str], s: Row, w: Words) -> Mark:
    on = w.day(date.fromisoformat(s["on"]) + timedelta(days=days))
    own = [r for r in rows if r["offer"] in names]
    pooled = next((r for r in rows if r["offer"] not in names and r["enough"]), None)
    states = Counter(state_of(r) for r in own)
    if pooled is None and not any(states[x] for x in ("gain", "none", "loss")):
        return Mark(days, on)
    order: tuple[State, ...] = ("none", "loss", "wait")
    tally = tuple((x, f"{w.n(states[x])} {verdict(x, 'active', w).lower()}") for x in order if states[x])
    scale = figures.scale_of(bounds(pooled)) if pooled else 1.0
    cell = _cell(pooled, w.t("Cả đợt", "The whole round"), scale, w) if pooled else None
    return Mark(days, on, True, cell, tally, w.n(states["gain"]), w.n(len(own)))


def _cell(row: Row, name: str, scale: float, w: Words) -> Cell:
    state = state_of(row)
    if state == "wait":
        return Cell()
    low, high = bounds(row)
    value, interval = w.change(row["effect"], row["outcome"]), w.between(low, high, row["outcome"])
    finding = f"{name}: {value} {w.unit(row['outcome'])}, {w.t('khoảng', 'interval')} {interval}. {verdict(state, row['outcome'], w)}."
    picture = figures.whisker(float(row["effect"]), low, high, scale, state, finding)
    return Cell(value, interval, picture, _sample(row, w), state)


def _sample(row: Row, w: Words) -> str:
    return w.t(
        f"{w.n(row['treated_n'])} chăm sóc / {w.n(row['control_n'])} đối chứng",
        f"{w.n(row['treated_n'])} cared for / {w.n(row['control_n'])} held out",
    )


def _lines(rows: Sequence[Row], names: Mapping[str, str], power: Sequence[Row], scale: float, w: Words) -> tuple[Line, ...]:
    """One line an offer, helpful ones first."""
    lines = []
    for offer in dict.fromkeys(r["offer"] for r in rows):
        by_day = {r["horizon_days"]: r for r in rows if r["offer"] == offer}
        told = [r for d, r in sorted(by_day.items()) if state_of(r) != "wait"]
        last = told[-1] if told else by_day[max(by_day)]
        cells = tuple(_cell(by_day[d], names[offer], scale, w) if d in by_day else Cell() for d in MARKS)
        state = state_of(last)
        lines.append(
            Line(names[offer], _sample(last, w), cells, state, verdict(state, "active", w), _follows(last, state, power, w))
        )
    order = {"gain": 0, "none": 1, "loss": 2, "wait": 3}
    return tuple(sorted(lines, key=lambda line: order[line.state]))


def _follows(row: Row, state: State, power: Sequence[Row], w: Words) -> str:
    """What a verdict asks for; without a difference, how small a one these people could have shown."""
    if state in ("gain", "loss"):
        return w.t("Nên cho tiếp", "Worth giving again") if state == "gain" else w.t("Nên dừng", "Worth stopping")
    seen = next((p["detectable"] for p in power if all(p[k] == row[k] for k in _SAME)), None)
    if state == "wait":
        return w.t("Mỗi nhóm cần ít nhất 100 người", "Each arm needs 100 people")
    if seen is None:
        return ""
    number = w.change(seen, row["outcome"], plus=False)
    return w.t(f"Chừng này người chỉ thấy được từ {number}\u00a0điểm\u00a0% trở lên", f"So many people show {number}\u00a0pp or more only")


_SAME = ("offer", "estimand", "outcome", "horizon_days")


def _sentence(lines: Sequence[Line], estimand: str, w: Words) -> str:
    """The honest answer: yes for some, not seen, or it made customers leave."""
    count = Counter(line.state for line in lines)
    total, gain, loss = len(lines), count["gain"], count["loss"]
    against = said(ESTIMANDS, estimand, w)
    if gain:
        head = w.t(f"Có, ở {gain} trong {total} món, {against}.", f"Yes, for {gain} of {total} offers, {against}.")
    elif count["none"] or loss:
        head = w.t(f"Chưa thấy món nào giữ được khách, {against}.", f"No offer was seen to keep customers, {against}.")
    else:
        head = w.t("Chưa biết khách có ở lại nhờ đợt này không.", "Nobody can tell yet whether customers stayed for it.")
    leave = w.t(f" {loss} món làm khách rời đi.", f" {loss} made customers leave.") if loss else ""
    return head + leave


def _not_yet(s: Row, w: Words) -> str:
    if not s["holdout"]["control"]:
        return w.t("Sẽ không biết: đợt này không để ai đối chứng.", "Nobody will know: no one was held out.")
    first = w.day(date.fromisoformat(s["on"]) + timedelta(days=MARKS[0]))
    return w.t(f"Chưa biết. Đọc được từ {first}.", f"Not known yet. Readable from {first}.")


def _details(rows: Sequence[Row], names: Mapping[str, str], w: Words) -> Table:
    """Every effect of one outcome, whatever its verdict."""
    outcome = rows[0]["outcome"]
    return Table(
        (
            w.t("Món", "Offer"), w.t("Sau, ngày", "After, days"), w.t("Chăm sóc", "Cared for"), w.t("Đối chứng", "Held out"),
            w.t("Khác biệt", "Difference"), w.t("Khoảng đã nới", "Adjusted interval"), w.t("Kết luận", "Verdict"),
        ),
        tuple(
            (
                two(names.get(r["offer"], w.t("Cả đợt", "The whole round")), said(ESTIMANDS, r["estimand"], w)),
                w.n(r["horizon_days"]),
                w.n(r["treated_n"]),
                w.n(r["control_n"]),
                w.change(r["effect"], outcome) if r["enough"] else "–",
                w.between(*bounds(r), outcome) if r["enough"] else "–",
                verdict(state_of(r), outcome, w),
            )
            for r in rows
        ),
        w.t(f"Đơn vị: {w.unit(outcome)}.", f"Unit: {w.unit(outcome)}."),
        words=frozenset({6}),
    )  # fmt: skip


def power_table(power: Sequence[Row], s: Row, w: Words) -> Table:
    """Asked beforehand: the smallest difference each offer's people can show, for staying."""
    names = {o["name"]: w.name(o) for o in s["offers"]}
    kept = [p for p in power if p["outcome"] == "active"] or list(power)
    last = max(p["horizon_days"] for p in kept)
    return Table(
        (
            w.t("Món", "Offer"), w.t("Chăm sóc", "Cared for"), w.t("Đối chứng", "Held out"),
            w.t("Thấy được từ, điểm %", "Can show from, pp"),
        ),
        tuple(
            (
                two(names.get(p["offer"], w.t("Cả đợt", "The whole round")), said(ESTIMANDS, p["estimand"], w)),
                w.n(p["treated_n"]),
                w.n(p["control_n"]),
                w.change(p["detectable"], p["outcome"], plus=False) if p["detectable"] is not None else "–",
            )
            for p in kept
            if p["horizon_days"] == last
        ),
        w.t(f"Khác biệt nhỏ nhất về số người ở lại sau {last} ngày mà đợt này đủ người để thấy.",
            f"The smallest difference in people staying after {last} days that this round has the people to show."),
    )  # fmt: skip


@dataclass(frozen=True)
class AfterLife:
    """The survival chart in both widths, its sentence, where its axis begins, and the same figures as a table."""

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
        desk=figures.survival(arms, w, 1120, sentence),
        phone=figures.survival(arms, w, 294, sentence),
        sentence=sentence,
        floor=w.pct(figures.floor_percent(arms) / 100, 0),
        table=Table(
            (w.t("Ngày", "Day"), *(heads[n] for n in names)),
            tuple((w.n(d), *(cell(n, d) for n in names)) for d in days),
        ),
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
