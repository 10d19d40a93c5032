"""The proof's part: three marks, offers as whiskers on one scale, verdicts; or what is not known yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tantam.care.report import figures
from tantam.care.report.figures import State
from tantam.care.report.words import ESTIMANDS, OUTCOMES, said
from tantam.look.table import Table, two
from tantam.look.words import Words

Row = Mapping[str, Any]
MARKS = (30, 60, 90)
"""Days after which a round is looked at."""


@dataclass(frozen=True)
class Cell:
    """One effect: its whisker, the value and interval in words; without a picture it is not known yet."""

    value: str = ""
    interval: str = ""
    picture: str = ""
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
class Block:
    """The offers against one estimand; ``waiting`` names those whose arms are too small to tell anything."""

    against: str
    lines: tuple[Line, ...]
    waiting: str = ""


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
    blocks: tuple[Block, ...] = ()
    scale: str = ""
    details: tuple[tuple[str, Table], ...] = ()
    states: Mapping[str, int] = field(default_factory=dict)


VERDICTS = {
    "active": (("Có ích", "Helped"), ("Làm khách rời đi", "Made customers leave")),
    "spend": (("Có ích", "Helped"), ("Khách chi ít đi", "Made customers spend less")),
    "became_postpaid": (("Có ích", "Helped"), ("Ít người chuyển hơn", "Fewer moved")),
}


def state_of(row: Row) -> State:
    """Gain or loss only where the adjusted interval leaves zero on one side; touching it is no difference."""
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
    marks = tuple(
        _mark(d, [r for r in kept if r["horizon_days"] == d and r["estimand"] == main], names, s, w)
        for d in MARKS
    )
    if not any(r["enough"] for r in rows or ()):
        return Proof(False, _not_yet(s, w), marks)
    scale = figures.scale_of([b for r in own if r["enough"] for b in bounds(r)])
    order = sorted(ESTIMANDS, key=lambda e: e != main)
    blocks = [_block(e, [r for r in own if r["estimand"] == e], names, power or (), scale, w) for e in order]
    return Proof(
        known=True,
        sentence=_sentence(blocks[0], w),
        marks=marks,
        blocks=tuple(b for b in blocks if b.lines or b.waiting),
        scale=figures.scale_text(scale, "active", w),
        details=tuple(
            (_capital(said(OUTCOMES, o, w)), _details([r for r in rows or () if r["outcome"] == o], names, w))
            for o in dict.fromkeys(r["outcome"] for r in rows or () if r["outcome"] != "active")
        ),
        states=Counter(line.state for line in blocks[0].lines),
    )


def _main_estimand(rows: Sequence[Row]) -> str:
    """The question that can be answered for most offers; against nothing where both can for as many."""
    told = Counter(r["estimand"] for r in rows if r["enough"])
    return max(ESTIMANDS, key=lambda e: told[e])


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
    unit, word = w.unit(row["outcome"]), verdict(state, row["outcome"], w)
    finding = f"{name}: {value} {unit}, {w.t('khoảng', 'interval')} {interval}. {word}."
    picture = figures.whisker(float(row["effect"]), low, high, scale, state, finding)
    return Cell(value, interval, picture, _sample(row, w), state)


def _sample(row: Row, w: Words) -> str:
    return w.t(
        f"{w.n(row['treated_n'])} chăm sóc / {w.n(row['control_n'])} đối chứng",
        f"{w.n(row['treated_n'])} cared for / {w.n(row['control_n'])} held out",
    )


def _block(
    estimand: str, rows: Sequence[Row], names: Mapping[str, str], power: Sequence[Row], scale: float, w: Words
) -> Block:
    """One line an offer, helpful ones first; an offer with nothing to show yet is only named."""
    lines, waiting = [], []
    for offer in dict.fromkeys(r["offer"] for r in rows):
        by_day = {r["horizon_days"]: r for r in rows if r["offer"] == offer}
        told = [r for _, r in sorted(by_day.items()) if state_of(r) != "wait"]
        if not told:
            waiting.append(names[offer])
            continue
        cells = tuple(_cell(by_day[d], names[offer], scale, w) if d in by_day else Cell() for d in MARKS)
        state, sample = state_of(told[-1]), _sample(told[-1], w)
        follows = _follows(told[-1], state, power, w)
        lines.append(Line(names[offer], sample, cells, state, verdict(state, "active", w), follows))
    order = {"gain": 0, "none": 1, "loss": 2}
    lines.sort(key=lambda line: order[line.state])
    return Block(said(ESTIMANDS, estimand, w), tuple(lines), w.listed(waiting))


def _follows(row: Row, state: State, power: Sequence[Row], w: Words) -> str:
    """What a verdict asks for; without a difference, how small a one these people could have shown."""
    if state in ("gain", "loss"):
        return (
            w.t("Nên cho tiếp", "Worth giving again")
            if state == "gain"
            else w.t("Nên dừng", "Worth stopping")
        )
    seen = next((p["detectable"] for p in power if all(p[k] == row[k] for k in _SAME)), None)
    if seen is None:
        return ""
    number = w.change(seen, row["outcome"], plus=False)
    return w.t(
        f"Chừng này người chỉ thấy được từ {number}\u00a0điểm\u00a0% trở lên",
        f"So many people can only show {number}\u00a0pp or more",
    )


_SAME = ("offer", "estimand", "outcome", "horizon_days")


def _sentence(block: Block, w: Words) -> str:
    """The honest answer: yes for some, not seen, or it made customers leave."""
    count = Counter(line.state for line in block.lines)
    total, gain, loss = len(block.lines), count["gain"], count["loss"]
    against = block.against
    if gain:
        head = w.t(
            f"Có, ở {gain} trong {total} món đủ dữ liệu, {against}.",
            f"Yes, for {gain} of the {total} offers with enough data, {against}.",
        )
    elif count["none"] or loss:
        head = w.t(
            f"Chưa thấy món nào giữ được khách, {against}.",
            f"No offer was seen to keep customers, {against}.",
        )
    else:
        head = w.t(
            "Chưa biết khách có ở lại nhờ đợt này không.",
            "Nobody can tell yet whether customers stayed for it.",
        )
    leave = w.t(f" {loss} món làm khách rời đi.", f" {loss} made customers leave.") if loss else ""
    return head + leave


def _not_yet(s: Row, w: Words) -> str:
    if not s["holdout"]["control"]:
        return w.t("Sẽ không biết: đợt này không để ai đối chứng.", "Nobody will know: no one was held out.")
    first = w.day(date.fromisoformat(s["on"]) + timedelta(days=MARKS[0]))
    return w.t(f"Chưa biết. Đọc được từ {first}.", f"Not known yet. Readable from {first}.")


def _details(rows: Sequence[Row], names: Mapping[str, str], w: Words) -> Table:
    """Every effect of one outcome over the marks, whatever its verdict."""
    outcome = rows[0]["outcome"]
    lines = []
    for offer, estimand in dict.fromkeys((r["offer"], r["estimand"]) for r in rows):
        by_day = {r["horizon_days"]: r for r in rows if r["offer"] == offer and r["estimand"] == estimand}
        last = next((r for _, r in sorted(by_day.items(), reverse=True) if r["enough"]), by_day[max(by_day)])
        name = names.get(offer, w.t("Cả đợt", "The whole round"))
        cells = (_told(by_day.get(d), w) for d in MARKS)
        lines.append((two(name, said(ESTIMANDS, estimand, w)), *cells, verdict(state_of(last), outcome, w)))
    heads = (
        w.t("Món", "Offer"),
        *(w.t(f"Sau {d} ngày", f"After {d} days") for d in MARKS),
        w.t("Kết luận", "Verdict"),
    )
    caption = w.t(
        f"Đơn vị: {w.unit(outcome)}. Khoảng đã nới (Holm).",
        f"Unit: {w.unit(outcome)}. Adjusted intervals (Holm).",
    )
    return Table(heads, tuple(lines), caption, words=frozenset({4}))


def _told(row: Row | None, w: Words) -> str:
    if row is None or state_of(row) == "wait":
        return "–"
    return two(w.change(row["effect"], row["outcome"]), w.between(*bounds(row), row["outcome"]))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
