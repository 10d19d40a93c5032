"""What it is about: feelings by topic, what cannot wait, what the model was unsure of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from tantam import clock
from tantam.listen.columns import FEELINGS
from tantam.listen.report.counts import Cell, Counts, several
from tantam.listen.report.words import HEADS, capital, said, share_of, word
from tantam.look.figures import stack
from tantam.look.table import Table
from tantam.look.words import ALONE, FEW, Words

MOST_LINES = 8
"""Topics with a line of their own among what cannot wait."""


@dataclass(frozen=True)
class Line:
    """A bar with its label, the number said beside it, and its share of the longest."""

    label: str
    value: str
    share: float


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
    by_topic = several(c.cells)
    rows = sorted(by_topic.items(), key=lambda pair: (-sum(pair[1].values()), pair[0]))
    lines = [_row(capital(word(t, w)), f, w) for t, f in rows if sum(f.values()) >= ALONE]
    few = _added(f for _, f in rows if sum(f.values()) < ALONE)
    if few:
        lines.append(_row(w.t("Việc khác, mỗi việc dưới 5 ý kiến", "Others, under 5 opinions each"), few, w))
    heads = (
        w.t("Việc", "Topic"), w.t("Ý kiến", "Opinions"), w.t("Vui hay không vui", "How it feels"),
        *(capital(word(f, w)) for f in FEELINGS),
    )  # fmt: skip
    everything = _added([{cell.feeling: cell.count} for cell in c.cells])
    total = _row(w.t("Tất cả, mỗi ý kiến một lần", "All, each opinion once"), everything, w)
    caption = w.t(
        "Ý kiến nói hai việc thì đứng ở cả hai dòng. Dưới 30 ý kiến thì ghi số, không ghi phần trăm. "
        "Đây là mọi ý kiến đã nhận, không phải mẫu, nên không có khoảng tin cậy.",
        "An opinion on two topics stands in both rows. Below 30 opinions numbers are given, no percentages. "
        "These are all opinions received, not a sample, so there is no interval.",
    )
    return Table(heads, tuple(lines), caption, total, frozenset({2}))


def _added(rows: Iterable[Mapping[str, int]]) -> dict[str, int]:
    made: dict[str, int] = {}
    for row in rows:
        for feeling, n in row.items():
            made[feeling] = made.get(feeling, 0) + n
    return made


def _row(label: str, feeling: Mapping[str, int], w: Words) -> tuple[str, ...]:
    n = sum(feeling.values())
    counts = [feeling.get(f, 0) for f in FEELINGS]
    drawn = stack((f, x / n) for f, x in zip(FEELINGS, counts, strict=True)) if n >= FEW else Markup("")
    return (label, w.people(n), drawn, *(share_of(x, n, w) for x in counts))


def urgent(c: Counts, w: Words) -> Urgent:
    """High-urgency complaints of the last seven days (of all readings where none has a day)."""
    pressing = [cell for cell in c.cells if cell.complaint and cell.urgency == "high"]
    recent = [cell for cell in pressing if cell.recent]
    by_topic = _topics(recent)
    most = max(by_topic.values(), default=1)
    lines = [
        Line(capital(word(t, w)), w.people(n), n / most if n >= ALONE else 0)
        for t, n in sorted(by_topic.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_LINES]
    ]
    texts = tuple(Text(said(u.text), _under(u.topics, u.day, w)) for u in c.urgent)
    return Urgent(_sum(recent), _sum(pressing), tuple(lines), texts)


def _topics(cells: Iterable[Cell]) -> dict[str, int]:
    return {topic: sum(feelings.values()) for topic, feelings in several(cells).items()}


def _sum(cells: Iterable[Cell]) -> int:
    return sum(cell.count for cell in cells)


def _under(topics: tuple[str, ...], day: int | None, w: Words) -> str:
    about = w.listed([word(t, w) for t in topics])
    return about if day is None else f"{about} · {w.day(clock.to_date(day))}"


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
