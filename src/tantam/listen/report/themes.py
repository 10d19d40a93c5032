"""The themes as the page shows them: in full the heaviest and those that rise, the others in a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from tantam import clock, money
from tantam.listen.report.counts import Counts
from tantam.listen.report.words import capital, channel, people, said, share_of
from tantam.listen.themes.counting import WEEK
from tantam.look.figures import trend
from tantam.look.table import Table, two
from tantam.look.words import ALONE, Words

SHOWN = 10
"""Themes in full, the heaviest first; one that rises or was pinned is shown in full wherever it stands."""
MOST_QUOTES = 3
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Quote:
    """A text that speaks for others; ``people`` says for how many, where they are five or more."""

    text: str
    people: str


@dataclass(frozen=True)
class Theme:
    """One theme in full. ``state`` is ``up``, ``flat``, ``few`` or empty (no days); ``verdict`` says it."""

    id: str
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


def themes(rows: Sequence[Row], c: Counts, w: Words) -> Themes:
    """The rows of ``themes.json``, by people; hidden ones are only counted, merged ones stand in another's numbers."""
    own = [r for r in rows if not r["merged_into"] and r["people"]]
    seen = sorted((r for r in own if not r["hidden"]), key=lambda r: (-r["people"], -r["count"], r["id"]))
    large = [r for r in seen if r["people"] >= ALONE]
    named = [r for r in large if not r["proposed"]]
    full = [r for i, r in enumerate(named) if i < SHOWN or r["rising"] or r["pinned"]]
    ranks = {r["id"]: w.n(i + 1) for i, r in enumerate(named)}
    others = [r for r in named if r not in full]
    return Themes(
        shown=tuple(_theme(r, ranks[r["id"]], c, w) for r in full),
        others=_table(others, ranks, c, w) if others else None,
        proposed=tuple(_theme(r, "", c, w) for r in large if r["proposed"]),
        hidden=len(own) - len(seen),
        small=len(seen) - len(large),
        heaviest=name(named[0]) if named else "",
        names=tuple(name(r) for r in large if r["rising"]),
        judged=any(r["rising"] is not None for r in large),
    )


def name(row: Row) -> str:
    """What people call it, else the phrase that was found."""
    return capital(said(row["label"], 90))


def _theme(row: Row, rank: str, c: Counts, w: Words) -> Theme:
    state, verdict = _verdict(row, c, w)
    weeks = _weeks(row, c)
    share = _complaints(row, w)
    facts = [] if row["count"] == row["people"] else [f"{w.n(row['count'])} {w.t('ý kiến', 'opinions')}"]
    facts += [f"{share} {w.t('phàn nàn', 'complaints')}"] if share != "–" else []
    facts.append(str(row["id"]))
    return Theme(
        id=str(row["id"]),
        rank=rank,
        name=name(row),
        people=people(row["people"], w),
        facts=" · ".join(facts),
        pinned=bool(row["pinned"]),
        state=state,
        verdict=verdict,
        line=_line(row, weeks, c, state, verdict, w),
        weeks=_ends(weeks, w),
        quotes=tuple(_quote(q, w) for q in row["quotes"][:MOST_QUOTES]),
        where=_most(row["by_province"], w.t("nơi khác", "more"), w),
        channels=_most(row["by_channel"], w.t("kênh khác", "more"), w),
    )


def _complaints(row: Row, w: Words) -> str:
    return share_of(round(row["share_complaint"] * row["count"]), row["count"], w)


def _quote(quote: Row, w: Words) -> Quote:
    n = quote["people"]
    told = w.t(f"{w.n(n)} người nói vậy", f"{w.n(n)} people said so") if n >= ALONE else ""
    return Quote(said(quote["text"]), told)


def _weeks(row: Row, c: Counts) -> tuple[int, ...]:
    """People by week; nothing where a line would be two points, or where no week has five people."""
    weeks = c.weeks.get(row["id"], ())
    return weeks if len(weeks) > 2 and max(weeks) >= ALONE else ()


def _verdict(row: Row, c: Counts, w: Words) -> tuple[str, str]:
    """The state of a theme and the sentence that says it, with the test's numbers where it rises."""
    if not c.dated:
        return "", ""
    test = row["rising_test"]
    if row["rising"] is None:
        return "few", w.t(
            "Chưa đủ dữ liệu để nói tăng hay không.", "Not enough data to say whether it rises."
        )
    if not row["rising"]:
        return "flat", w.t("Chưa thấy tăng rõ.", "No clear rise.")
    now, weeks = people(test["last"], w), w.n(test["weeks"])
    if test["ratio"] is None:
        return "up", w.t(
            f"Đang tăng: {now} trong bảy ngày qua, {weeks} tuần trước đó chưa ai nói.",
            f"Rising: {now} in the last seven days, nobody in the {weeks} weeks before.",
        )
    ratio, low, high = (money.decimal(test[key], 1, w.lang) for key in ("ratio", "low", "high"))
    between = f"{low} – {high}".replace(" ", "\u00a0")
    return "up", w.t(
        f"Đang tăng: {now} trong bảy ngày qua; phần của chủ đề gấp {ratio} lần {weeks} tuần trước ({between}).",
        f"Rising: {now} in the last seven days; {ratio} times its share of the {weeks} weeks before ({between}).",
    )


def _line(row: Row, weeks: Sequence[int], c: Counts, state: str, verdict: str, w: Words) -> Markup:
    if not weeks or c.last is None:
        return Markup("")
    most = max(weeks)
    back = len(weeks) - weeks.index(most)
    since = w.day(clock.to_date(c.last - WEEK * back + 1))
    finding = w.t(
        f"{name(row)}, {len(weeks)} tuần: nhiều nhất {people(most, w)}, tuần từ {since}; "
        f"tuần này {people(weeks[-1], w)}. {verdict}",
        f"{name(row)}, {len(weeks)} weeks: at most {people(most, w)}, in the week from {since}; "
        f"this week {people(weeks[-1], w)}. {verdict}",
    )
    return trend(weeks, finding, kind=state)


def _ends(weeks: Sequence[int], w: Words) -> str:
    if not weeks:
        return ""
    last, most = w.people(weeks[-1]), w.people(max(weeks))
    return w.t(f"tuần này {last} người, cao nhất {most}", f"this week {last} people, at most {most}")


def _most(counts: Sequence[Sequence[Any]], others: str, w: Words, most: int = 4) -> str:
    """The places or channels with the most opinions; those with fewer than five are not told apart."""
    told = [(channel(key, w), n) for key, n in counts if key is not None]
    large = [f"{key} {w.n(n)}" for key, n in told if n >= ALONE][:most]
    rest = len(told) - len(large)
    more = f" {w.t('và', 'and')} {rest} {others}" if rest else ""
    return ", ".join(large) + more if large else ""


def _table(rows: Sequence[Row], ranks: Mapping[str, str], c: Counts, w: Words) -> Table:
    """The themes that are not shown in full."""
    heads = (
        w.t("Chủ đề", "Theme"), w.t("Người", "People"), w.t("Ý kiến", "Opinions"), w.t("Phàn nàn", "Complaints"),
        w.t("Tuần này", "This week"),
    )  # fmt: skip
    return Table(heads, tuple(_cells(r, ranks[r["id"]], c, w) for r in rows))


def _cells(row: Row, rank: str, c: Counts, w: Words) -> tuple[str, ...]:
    weeks = c.weeks.get(row["id"])
    return (
        two(f"{rank}. {name(row)}", row["id"]),
        w.people(row["people"]),
        w.people(row["count"]),
        _complaints(row, w),
        w.people(weeks[-1]) if weeks else "–",
    )
