"""What the boards of quality show, for staff and for everybody: rows of indicators and pledges, and one of them by
province. Read by a fixed number of queries, however many years there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Max, Model, Q, QuerySet
from django.utils.safestring import SafeString, mark_safe

from tantam import law, places
from tantam.clock import to_date, to_days
from tantam.office.quality import actions, charts, felt, rules, shown
from tantam.office.quality.charts import Point
from tantam.office.quality.felt import Clash, Felt
from tantam.office.quality.indicators import INDICATORS, Indicator
from tantam.office.quality.models import BROKEN, MISSING, TOO_FEW, Cell, Declared, Pledge, Standing
from tantam.office.words import number, percent, say

M = TypeVar("M", bound=Model)
MONTHS = 12
"""Months of a small chart, and of a package for inspectors unless others are asked for."""
_XMLNS = ' xmlns="http://www.w3.org/2000/svg"'


@dataclass
class Line:
    """One indicator in one month, with the pledge that speaks of it, if any."""

    indicator: Indicator
    pledge: Pledge | None = None
    declared: Declared | None = None
    rule: dict[str, Any] | None = None
    cells: dict[str, Cell] = field(default_factory=dict)  # measurer → the whole country's
    points: list[Point] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)  # place → standing, in this month
    judged: dict[str, int | None] = field(default_factory=dict)  # place → the cell that it was judged by
    felt: Felt = field(default_factory=Felt)

    @property
    def worst(self) -> str:
        """How it stands over its places; missing where a pledge was not judged, "" without one."""
        return shown.overall(list(self.states.values())) or (MISSING if self.pledge else "")

    @property
    def level(self) -> float | None:
        """What it is drawn against: pledged, else declared."""
        of = self.pledge or self.declared
        return float(of.level) if of else None


def last_month() -> date | None:
    """The newest month of which anything was measured."""
    return Cell.objects.aggregate(last=Max("month"))["last"]


def lines(month: date) -> tuple[list[Line], dict[str, dict[str, Felt]]]:
    """Every indicator in one month and the eleven before it, what is broken or at risk first; and what was felt that
    month, by topic and place."""
    said = felt.by_topic(month)
    declared = {one.indicator: one for one in in_force(Declared.objects.all(), month).order_by("from_on")}
    pledges: dict[str, list[Pledge]] = {}
    for one in in_force(Pledge.objects.all(), month).order_by("code", "pk"):
        pledges.setdefault(one.indicator, []).append(one)
    months = shown.months_to(month, MONTHS)
    cells = Cell.objects.filter(place="", month__gte=months[0], month__lte=month)
    measured: dict[tuple[str, date], dict[str, Cell]] = {}
    for cell in cells:
        measured.setdefault((cell.indicator, cell.month), {})[cell.measured_by] = cell
    states = _states([one.pk for some in pledges.values() for one in some], months)
    found = []
    for code, indicator in INDICATORS.items():
        for pledge in pledges.get(code) or [None]:  # type: ignore[list-item]  # one line also without any
            line = Line(indicator, pledge, declared.get(code), rule(indicator, month))
            line.cells = measured.get((code, month), {})
            stood = states.get(pledge.pk, {}) if pledge else {}
            line.states = {place: state for (on, place), (state, _) in stood.items() if on == month}
            line.judged = {place: cell for (on, place), (_, cell) in stood.items() if on == month}
            line.points = [
                point(on, measured.get((code, on), {}), *stood.get((on, ""), ("", None))) for on in months
            ]
            line.felt = felt.of_topics(said, indicator.topics).get("", Felt())
            found.append(line)
    return sorted(found, key=_first), said


def in_force(rows: QuerySet[M], month: date) -> QuerySet[M]:
    """The declared levels, or pledges, that hold on any day of a month."""
    return actions.in_force(rows, month, rules.next_month(month) - timedelta(days=1))


def rule(indicator: Indicator, month: date) -> dict[str, Any] | None:
    """What the regulation asks at a month's end; where it no longer does and nothing newer is known, what it asked last
    (``past``: until when)."""
    if not indicator.rule:
        return None
    last = to_days(rules.next_month(month)) - 1
    begun = [one for one in law.of(indicator.rule) if one.since <= last]
    if not begun:
        return None
    one = begun[-1]
    return {
        "level": shown.level(indicator, Decimal(str(one.value))),
        "source": f"{one.source}, {one.article}",
        "since": to_date(one.since),
        "past": to_date(one.until) if one.until is not None and one.until <= last else None,
        "verify": one.verify,
    }


def row(line: Line) -> dict[str, Any]:
    """A line of the table as a page shows it."""
    indicator, pledge = line.indicator, line.pledge
    return {
        "code": indicator.code,
        "name": shown.name(indicator),
        "network": say(*shown.NETWORKS[indicator.network]),
        "unit": shown.unit(indicator),
        "pledge": pledge,
        "rule": line.rule,
        "declared": shown.level(indicator, line.declared.level) if line.declared else "",
        "pledged": shown.level(indicator, pledge.level) if pledge else "",
        "self": shown.cell(indicator, line.cells.get("self")),
        "ministry": shown.cell(indicator, line.cells.get("ministry")),
        "felt": share(line.felt),
        "state": shown.state(line.worst) if line.worst else None,
        "where": where(line.states),
        "chart": charts.small(line.points, level=line.level, finding=_said(line)),
    }


def where(states: Mapping[str, str]) -> str:
    """In which provinces, or how many, it stands as the whole does (place → standing), and where nobody knows."""
    state = shown.overall(list(states.values()))
    if not any(states):
        return say("tính cả nước", "as a whole country") if state else ""
    unknown = [place for place, one in states.items() if one in (MISSING, TOO_FEW)]
    said = say(
        "ở {names}", "in {names}", names=_named([place for place, one in states.items() if one == state])
    )
    if not unknown or state in (MISSING, TOO_FEW):
        return said
    return said + say("; chưa rõ {names}", "; unknown in {names}", names=_named(unknown))


def _named(codes: list[str]) -> str:
    """Two places by name, more by their number."""
    if len(codes) <= 2:
        return say(" và ", " and ").join(sorted(shown.place(code) for code in codes))
    return say("{n} tỉnh", "{n} provinces", n=len(codes))


def share(one: Felt) -> dict[str, Any] | None:
    """How many complain, as pages show it: a percentage with its interval, or a count where they are few."""
    if not one.n:
        return None
    if not one.enough:
        few = say("{a} trong {n}", "{a} in {n}", a=one.complaints, n=one.n) if one.n >= 5 else ""
        return {
            "value": few or say("dưới 5 ý kiến", "under 5 opinions"),
            "interval": "",
            "n": one.n,
            "few": True,
        }
    low, high = one.interval
    ends = f"{number(100 * low, 1)} – {number(100 * high, 1)}".replace(" ", "\u00a0")
    return {"value": percent(one.share), "interval": ends, "n": one.n, "few": False}


@dataclass(frozen=True)
class Country:
    """One line by province: the tile map, the legend, rows of the table, where measured and felt disagree."""

    tiles: SafeString  # the place names on it are Vietnamese in every language
    finding: str
    plain: bool  # nothing is pledged: the map shows where it was measured
    whole: bool  # pledged for the country alone, and no province was measured
    legend: list[dict[str, str]]
    rows: list[dict[str, Any]]
    clashes: list[dict[str, str]]


def country(line: Line, month: date, said: Mapping[str, Mapping[str, Felt]]) -> Country:
    """The provinces of one line, what is broken first."""
    indicator = line.indicator
    at: dict[str, dict[str, Cell]] = {}
    for cell in Cell.objects.filter(indicator=indicator.code, month=month).exclude(place=""):
        at.setdefault(cell.place, {})[cell.measured_by] = cell
    measured = {place: pick(cells, line.judged.get(place)) for place, cells in at.items()}
    people = felt.of_topics(said, indicator.topics)
    states = {code: _state(line, code, measured) for code, _ in shown.provinces()}
    rows = [
        {
            "place": code,
            "name": name,
            "state": shown.state(states[code]) if states[code] else None,
            "cell": shown.cell(indicator, measured.get(code)),
            "felt": share(people.get(code, Felt())),
        }
        for code, name in shown.provinces()
    ]
    titles = {str(row["place"]): _title(row, shown.unit(indicator)) for row in rows}
    finding = _finding(line, states)
    drawn = places.tile_svg(states, titles, label=finding, width=328)
    used = [code for code in shown.STATES if code in states.values()]
    return Country(
        tiles=_inline(drawn),
        finding=finding,
        plain=line.pledge is None,
        whole=line.pledge is not None and not line.pledge.each_province and not measured,
        legend=[shown.state(code) for code in used],
        rows=sorted(rows, key=lambda one: shown.rank(one["state"]["code"] if one["state"] else "")),
        clashes=[clash(one, indicator) for one in felt.clashes(states, people)] if line.pledge else [],
    )


def clash(one: Clash, indicator: Indicator) -> dict[str, str]:
    """A province where measured and felt disagree, in plain words."""
    holes = {
        "place": shown.place(one.place),
        "a": percent(one.felt.share),
        "n": number(one.felt.n),
        "b": percent(one.elsewhere.share),
    }
    if one.worse:
        said = say(
            "{place}: số đo đạt, nhưng {a} trong {n} ý kiến là phàn nàn; nơi khác {b}.",
            "{place}: the figure is met, yet {a} of {n} opinions complain; elsewhere {b}.", **holes,
        )  # fmt: skip
    else:
        said = say(
            "{place}: số đo không đạt, mà chỉ {a} trong {n} ý kiến là phàn nàn; nơi khác {b}.",
            "{place}: the figure is not met, yet only {a} of {n} opinions complain; elsewhere {b}.", **holes,
        )  # fmt: skip
    return {"place": one.place, "said": said, "tone": "nghe" if one.worse else "cham"}


def point(month: date, cells: Mapping[str, Cell], state: str, judged: int | None) -> Point:
    """A month for a chart, by the figure that :func:`pick` takes."""
    one = pick(cells, judged)
    return Point(month, one.value, one.low, one.high, state, one.n) if one else Point(month)


def pick(cells: Mapping[str, Cell], judged: int | None) -> Cell | None:
    """Of one month's figures by measurer the one that the pledge was judged by, else the first in their order."""
    ranked = [cells[by] for by in rules.MEASURERS if by in cells]
    return next((one for one in ranked if one.pk == judged), ranked[0] if ranked else None)


def _states(
    pledges: list[int], months: list[date]
) -> dict[int, dict[tuple[date, str], tuple[str, int | None]]]:
    """Standings and the cells behind them: everywhere in the last month, in the country as a whole in all of them."""
    found: dict[int, dict[tuple[date, str], tuple[str, int | None]]] = {}
    these = Q(month=months[-1]) | Q(place="", month__gte=months[0], month__lt=months[-1])
    rows = Standing.objects.filter(these, pledge__in=pledges)
    for pledge, on, place, state, cell in rows.values_list("pledge", "month", "place", "state", "cell"):
        found.setdefault(pledge, {})[on, place] = (state, cell)
    return found


def _first(line: Line) -> tuple[int, int]:
    return shown.rank(line.worst), -sum(state == BROKEN for state in line.states.values())


def _state(line: Line, code: str, measured: Mapping[str, Cell | None]) -> str:
    """How a province stands: as judged where something was pledged, else only whether it was measured."""
    if line.pledge:
        return line.states.get(code, MISSING)
    return "" if code in measured else MISSING


def _title(row: Mapping[str, Any], unit: str) -> str:
    value = f"{row['cell']['value']} {unit}" if row["cell"] else shown.state(MISSING)["word"]
    return f"{row['name']}: {value}" + (f", {row['state']['word']}" if row["state"] and row["cell"] else "")


def _finding(line: Line, states: Mapping[str, str]) -> str:
    """What the map says, for whoever hears it: how many provinces stand how, and which are broken."""
    counts = Counter(states.values())
    parts = [f"{shown.state(code)['word']} {counts[code]}" for code in shown.STATES if counts[code]]
    broken = [shown.place(code) for code, state in states.items() if state == BROKEN]
    names = f" ({', '.join(broken)})" if broken else ""
    return f"{shown.name(line.indicator)}: {'; '.join(parts)}{names}."


def _said(line: Line) -> str:
    """What a small chart says: first and last figure of the year."""
    values = [(p.month, p.value) for p in line.points if p.value is not None]
    if not values:
        return say("{name}: chưa đo", "{name}: not measured", name=shown.name(line.indicator))
    (first, a), (last, b) = values[0], values[-1]
    return say(
        "{name}: {a} tháng {first}, {b} tháng {last}", "{name}: {a} in {first}, {b} in {last}",
        name=shown.name(line.indicator), a=shown.figure(line.indicator, a), b=shown.figure(line.indicator, b),
        first=shown.month(first), last=shown.month(last),
    )  # fmt: skip


def _inline(svg: str) -> SafeString:
    return mark_safe(svg.replace(_XMLNS, "", 1))  # noqa: S308 (places escapes every word it draws)
