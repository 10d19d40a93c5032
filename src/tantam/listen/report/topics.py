"""What it is about: feelings by topic, what cannot wait, what the model was unsure of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tantam import clock
from tantam.listen.columns import FEELINGS
from tantam.listen.report.counts import Cell, Counts
from tantam.listen.report.words import HEADS, capital, said, share_of, word
from tantam.look.figures import stack
from tantam.look.table import Table
from tantam.look.words import ALONE, FEW, Words

MOST_LINES = 8
"""Topics with a line of their own among what cannot wait."""


@dataclass(frozen=True)
class Line:
    """A bar of a share, its label, the number said beside it and the words under it."""

    label: str
    value: str
    share: float
    under: str = ""


@dataclass(frozen=True)
class Text:
    """Somebody's words and what stands under them."""

    text: str
    under: str


@dataclass(frozen=True)
class Urgent:
    """Complaints that cannot wait: how many lately and in all, by topic, and the newest in their own words."""

    recent: int
    total: int
    lines: tuple[Line, ...]
    texts: tuple[Text, ...]


@dataclass(frozen=True)
class Unsure:
    """Readings with at least one answer that a person should check, and how many for each head."""

    share: str
    count: str
    lines: tuple[Line, ...]


def feelings(c: Counts, w: Words) -> Table:
    """A row a topic, the commonest first; topics of fewer than five readings are put together."""
    topics = sorted(_by_topic(c.cells).items(), key=lambda pair: (-_sum(pair[1]), pair[0]))
    large = [(t, cells) for t, cells in topics if _sum(cells) >= ALONE]
    few = [cell for _, cells in topics[len(large) :] for cell in cells]
    lines = [_row(capital(word(t, w)), cells, w) for t, cells in large]
    if few:
        lines.append(_row(w.t("Việc khác, mỗi việc dưới 5 ý kiến", "Others, under 5 opinions each"), few, w))
    heads = (
        w.t("Việc", "Topic"), w.t("Ý kiến", "Opinions"), w.t("Vui hay không vui", "How it feels"),
        *(capital(word(f, w)) for f in FEELINGS), w.t("Phàn nàn", "Complaints"),
    )  # fmt: skip
    total = _row(w.t("Tất cả, mỗi ý kiến một lần", "All, each opinion once"), c.cells, w)
    caption = w.t(
        "Ý kiến nói hai việc thì đứng ở cả hai dòng. Dưới 30 ý kiến thì ghi số, không ghi phần trăm. "
        "Đây là mọi ý kiến đã nhận, không phải mẫu, nên không có khoảng tin cậy.",
        "An opinion on two topics stands in both rows. Below 30 opinions numbers are given, no percentages. "
        "These are all opinions received, not a sample, so there is no interval.",
    )
    return Table(heads, tuple(lines), caption, total, frozenset({2}))


def _row(label: str, cells: Sequence[Cell], w: Words) -> tuple[str, ...]:
    n = _sum(cells)
    counts = [_sum(cell for cell in cells if cell.feeling == f) for f in FEELINGS]
    drawn = stack((f, x / n) for f, x in zip(FEELINGS, counts, strict=True)) if n >= FEW else ""
    complaints = _sum(cell for cell in cells if cell.complaint)
    return (label, w.people(n), drawn, *(share_of(x, n, w) for x in (*counts, complaints)))


def _by_topic(cells: Iterable[Cell]) -> dict[str, list[Cell]]:
    """A reading with two topics stands in both."""
    made: dict[str, list[Cell]] = {}
    for cell in cells:
        for topic in cell.topics:
            made.setdefault(topic, []).append(cell)
    return made


def _sum(cells: Iterable[Cell]) -> int:
    return sum(cell.count for cell in cells)


def urgent(c: Counts, w: Words) -> Urgent:
    """High-urgency complaints of the last seven days (of all readings where none has a day)."""
    pressing = [cell for cell in c.cells if cell.complaint and cell.urgency == "high"]
    recent = [cell for cell in pressing if cell.recent]
    topics = [
        (t, n if (n := _sum(cell for cell in cells if cell.recent)) >= ALONE else 0, _sum(cells))
        for t, cells in _by_topic(pressing).items()
    ]
    shown = sorted((row for row in topics if row[2] >= ALONE), key=lambda row: (-row[1], -row[2], row[0]))[
        :MOST_LINES
    ]
    most = max((n for _, n, _ in shown), default=0) or 1
    lines = tuple(
        Line(
            capital(word(t, w)),
            w.n(n) if n else w.t(f"dưới {ALONE}", f"under {ALONE}"),
            n / most,
            w.t(f"cả kỳ {w.n(total)}", f"{w.n(total)} in all") if c.dated else "",
        )
        for t, n, total in shown
    )
    texts = tuple(Text(said(u.text), _under(u.topics, u.day, w)) for u in c.urgent)
    return Urgent(_sum(recent), _sum(pressing), lines, texts)


def _under(topics: tuple[str, ...], day: int | None, w: Words) -> str:
    told = [word(t, w) for t in topics]
    return " · ".join(told if day is None else [*told, w.day(clock.to_date(day))])


def unsure(c: Counts, w: Words) -> Unsure:
    """How much of the reading a person should look at, by question."""
    count = _sum(cell for cell in c.cells if cell.unsure)
    heads = dict.fromkeys([*HEADS, *sorted({h for cell in c.cells for h in cell.unsure})])
    by_head = {head: _sum(cell for cell in c.cells if head in cell.unsure) for head in heads}
    lines = tuple(
        Line(w.t(*HEADS.get(head, (said(head, 60),) * 2)), share_of(n, c.rows, w), n / c.rows)
        for head, n in by_head.items()
        if c.rows
    )
    return Unsure(share_of(count, c.rows, w), w.people(count), lines)
