"""The themes as the page shows them: in full the heaviest and those that rise, the others in a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from tantam import money
from tantam.listen.report.words import capital, people, said, share_of
from tantam.look.figures import trend
from tantam.look.table import Table
from tantam.look.words import ALONE, Words

SHOWN = 10
"""Themes in full, the heaviest first; one that rises or was pinned is shown in full wherever it stands."""
MOST_QUOTES = 3
MOST_WEEKS = 52
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Quote:
    """A text that speaks for others; ``people`` says for how many, where they are five or more."""

    text: str
    people: str


@dataclass(frozen=True)
class Theme:
    """One theme in full. ``state`` is ``up``, ``flat``, ``few`` or empty (no days); ``verdict`` says it."""

    rank: str
    name: str
    people: str
    facts: str
    pinned: bool
    state: str
    verdict: str
    line: Markup
    weeks: str
    quotes: tuple[Quote, ...]
    where: str
    channels: str


@dataclass(frozen=True)
class Themes:
    """All themes of a run. ``names`` are those that rise; ``judged``: for at least one there was enough to tell;
    ``hidden`` and ``small`` (fewer than five people) are only counted."""

    shown: tuple[Theme, ...]
    others: Table | None
    proposed: tuple[Theme, ...]
    hidden: int
    small: int
    heaviest: str
    names: tuple[str, ...]
    judged: bool


def themes(rows: Sequence[Row], w: Words) -> Themes:
    """The rows of ``themes.json``, by people; hidden ones are only counted, merged ones stand in another's numbers."""
    own = [r for r in rows if not r.get("merged_into")]
    seen = sorted(
        (r for r in own if not r.get("hidden")), key=lambda r: (-r["people"], -r["count"], str(r["id"]))
    )
    large = [r for r in seen if r["people"] >= ALONE]
    named = [r for r in large if not r.get("proposed")]
    full = [r for i, r in enumerate(named) if i < SHOWN or r.get("rising") or r.get("pinned")]
    ranks = {r["id"]: i + 1 for i, r in enumerate(named)}
    others = [r for r in named if r not in full]
    return Themes(
        shown=tuple(_theme(r, w.n(ranks[r["id"]]), w) for r in full),
        others=_table(others, ranks, w) if others else None,
        proposed=tuple(_theme(r, "", w) for r in large if r.get("proposed")),
        hidden=len(own) - len(seen),
        small=len(seen) - len(large),
        heaviest=name(named[0]) if named else "",
        names=tuple(name(r) for r in named if r.get("rising")),
        judged=any(r.get("rising") is not None for r in named),
    )


def name(row: Row) -> str:
    """What people call it, else the phrase that was found."""
    return capital(said(row.get("name") or row["label"], 90))


def _theme(row: Row, rank: str, w: Words) -> Theme:
    state, verdict = _verdict(row, w)
    weeks = _weeks(row)
    share = share_of(round(row["share_complaint"] * row["count"]), row["count"], w)
    facts = [] if row["count"] == row["people"] else [f"{w.n(row['count'])} {w.t('ý kiến', 'opinions')}"]
    facts += [f"{share} {w.t('phàn nàn', 'complaints')}"] if share != "–" else []
    return Theme(
        rank=rank,
        name=name(row),
        people=people(row["people"], w),
        facts=" · ".join(facts),
        pinned=bool(row.get("pinned")),
        state=state,
        verdict=verdict,
        line=_line(row, weeks, state, verdict, w),
        weeks=_ends(weeks, w),
        quotes=tuple(_quote(q, w) for q in (row.get("quotes") or ())[:MOST_QUOTES]),
        where=_most(row.get("by_province"), w),
        channels=_most(row.get("by_channel"), w),
    )


def _quote(quote: Row, w: Words) -> Quote:
    n = int(quote.get("people") or 1)
    told = w.t(f"{w.n(n)} người nói vậy", f"{w.n(n)} people said so") if n >= ALONE else ""
    return Quote(said(quote["text"]), told)


def _weeks(row: Row) -> list[tuple[date, int]]:
    """People by week, every week of the stretch, the last :data:`MOST_WEEKS`; nothing where no week has five."""
    told = sorted((date.fromisoformat(day), int(n)) for day, n in (row.get("by_week") or {}).items())
    return told[-MOST_WEEKS:] if any(n >= ALONE for _, n in told[-MOST_WEEKS:]) else []


def _verdict(row: Row, w: Words) -> tuple[str, str]:
    """The state of a theme and the sentence that says it, with the test's numbers."""
    test = row.get("rising_test")
    if not row.get("by_week"):
        return "", ""
    if test is None or row.get("rising") is None:
        return "few", w.t(
            "Chưa đủ dữ liệu để nói tăng hay không.", "Not enough data to say whether it rises."
        )
    now, before = w.people(test["now"]), money.decimal(test["before"], 1, w.lang)
    times = " – ".join(money.decimal(test[k], 1, w.lang) for k in ("low", "high"))
    numbers = w.t(
        f"tuần này {now} người, trước đó {before} một tuần; gấp {times} lần",
        f"{now} people this week, {before} a week before; {times} times as many",
    ).replace(" – ", "\u00a0–\u00a0")
    if row["rising"]:
        return "up", w.t(f"Đang tăng: {numbers}.", f"Rising: {numbers}.")
    return "flat", w.t("Chưa thấy tăng rõ.", "No clear rise.")


def _line(row: Row, weeks: Sequence[tuple[date, int]], state: str, verdict: str, w: Words) -> Markup:
    if not weeks:
        return Markup("")
    most = max(weeks, key=lambda pair: pair[1])
    finding = w.t(
        f"{name(row)}, {len(weeks)} tuần: nhiều nhất {people(most[1], w)}, tuần từ {w.day(most[0])}; "
        f"tuần này {people(weeks[-1][1], w)}. {verdict}",
        f"{name(row)}, {len(weeks)} weeks: at most {people(most[1], w)}, in the week from {w.day(most[0])}; "
        f"this week {people(weeks[-1][1], w)}. {verdict}",
    )
    return trend([n for _, n in weeks], finding, kind=state)


def _ends(weeks: Sequence[tuple[date, int]], w: Words) -> str:
    if not weeks:
        return ""
    last, most = w.people(weeks[-1][1]), w.people(max(n for _, n in weeks))
    return w.t(f"tuần này {last}, cao nhất {most}", f"this week {last}, at most {most}")


def _most(counts: Mapping[str, int] | None, w: Words, most: int = 4) -> str:
    """The places or channels with the most people; those with fewer than five are not told apart."""
    told = sorted(
        ((n, key) for key, n in (counts or {}).items() if key), key=lambda pair: (-pair[0], pair[1])
    )
    large = [f"{said(key, 40)} {w.n(n)}" for n, key in told if n >= ALONE]
    rest = len(told) - min(len(large), most)
    shown = ", ".join(large[:most])
    if shown and rest:
        return shown + w.t(f" và {rest} nơi khác", f" and {rest} more")
    return shown


def _table(rows: Sequence[Row], ranks: Mapping[str, int], w: Words) -> Table:
    """The themes that are not shown in full."""
    heads = (
        w.t("Chủ đề", "Theme"), w.t("Người", "People"), w.t("Ý kiến", "Opinions"), w.t("Phàn nàn", "Complaints"),
        w.t("Tuần này", "This week"),
    )  # fmt: skip
    return Table(heads, tuple(_cells(r, ranks[r["id"]], w) for r in rows))


def _cells(row: Row, rank: int, w: Words) -> tuple[str, ...]:
    weeks = _weeks(row)
    return (
        f"{w.n(rank)}. {name(row)}",
        w.people(row["people"]),
        w.people(row["count"]),
        share_of(round(row["share_complaint"] * row["count"]), row["count"], w),
        w.people(weeks[-1][1]) if weeks else "–",
    )
