"""One pledge as a story: what it rests on, how its months went, and for each breach the promise to make it right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tantam.clock import day_of
from tantam.listen.mask import mask
from tantam.office.promises.models import KEPT as PROMISE_KEPT
from tantam.office.promises.models import OPEN, Promise
from tantam.office.quality import boards, charts, felt, rules, shown
from tantam.office.quality.charts import Point
from tantam.office.quality.felt import Felt
from tantam.office.quality.indicators import INDICATORS, Indicator
from tantam.office.quality.models import BROKEN, Cell, Declared, Pledge, Standing
from tantam.office.words import day, say

MOST_MONTHS = 24
WIDE, NARROW = (1080, 300), (328, 260)
"""Sizes of the chart in px: on a desktop and paper, and on a telephone."""


@dataclass(frozen=True)
class Story:
    """A pledge in one place: ``months`` are rows of the table under the chart, the newest first."""

    pledge: Pledge
    indicator: Indicator
    place: str
    chart: dict[str, Any]
    months: list[dict[str, Any]]
    breaches: list[dict[str, Any]]
    chain: list[dict[str, Any]]


def tell(pledge: Pledge, place: str | None, today: date) -> Story:
    """Its last :data:`MOST_MONTHS` months in a place; None chooses where it was broken last, else the country."""
    indicator = INDICATORS[pledge.indicator]
    broken = list(
        pledge.standings.exclude(promise=None, state__in=[s for s in shown.STATES if s != BROKEN])
        .select_related("promise", "cell")
        .order_by("-month", "place")[:MOST_MONTHS]
    )  # fmt: skip
    if place is None:
        place = broken[0].place if broken else ""
    last = boards.last_month() or today.replace(day=1)
    months = [on for on in shown.months_to(last, MOST_MONTHS) if rules.next_month(on) > pledge.from_on]
    cells = _cells(indicator, place, months)
    stood = _standings(pledge, place, months)
    said = felt.by_month(indicator.topics, months)
    points = []
    for on in months:
        here = stood.get(on, {}).get(place)
        points.append(
            boards.point(on, cells.get(on, {}), here.state if here else "", here.cell_id if here else None)
        )
    return Story(
        pledge=pledge,
        indicator=indicator,
        place=place,
        chart=chart(pledge, indicator, place, points),
        months=_months(indicator, months, cells, stood, {on: by.get(place, Felt()) for on, by in said.items()}),
        breaches=[_breach(pledge, indicator, one, today) for one in broken],
        chain=chain(pledge, indicator),
    )  # fmt: skip


def chart(pledge: Pledge, indicator: Indicator, place: str, points: Sequence[Point]) -> dict[str, Any]:
    """The months as a picture, wide and narrow, and what it says."""
    counts = {code: sum(p.state == code for p in points) for code in shown.STATES}
    said = ", ".join(f"{shown.state(code)['word']} {n}" for code, n in counts.items() if n)
    finding = say(
        "{name}, {place}, {n} tháng: {said}. Đã hứa {level}.", "{name}, {place}, {n} months: {said}. Pledged {level}.",
        name=shown.name(indicator), place=shown.place(place), n=len(points), said=said,
        level=shown.level(indicator, pledge.level),
    )  # fmt: skip
    word = say("đã hứa {level}", "pledged {level}", level=shown.level(indicator, pledge.level))
    drawn: dict[str, Any] = {"level": float(pledge.level), "level_word": word, "finding": finding}
    used = [code for code in shown.STATES if counts[code]]
    return {
        "wide": charts.year(points, **drawn, size=WIDE),
        "narrow": charts.year(points[-12:], **drawn, size=NARROW),
        "finding": finding,
        "legend": [shown.state(code) for code in used],
    }


def chain(pledge: Pledge, indicator: Indicator) -> list[dict[str, Any]]:
    """What the pledge rests on, the loosest first: regulation, declared, pledged, each with its source and day."""
    month = pledge.from_on.replace(day=1)
    rule = boards.rule(indicator, month)
    declared = (
        boards.in_force(Declared.objects.filter(indicator=indicator.code), month).order_by("from_on").last()
    )
    found = []
    if rule is not None:
        until = f" {say('đến', 'until')} {day(rule['past'])}" if rule["past"] else ""
        found.append({
            "word": say(*(("Quy chuẩn từng đòi", "Regulation, once") if until else ("Quy chuẩn đòi", "Regulation"))),
            "level": rule["level"],
            "facts": f"{rule['source']} · {say('từ', 'from')} {day(rule['since'])}{until}",
            "verify": rule["verify"],
        })  # fmt: skip
    if declared is not None:
        found.append({
            "word": say("Đã công bố", "Declared"),
            "level": shown.level(indicator, declared.level),
            "facts": f"{declared.document} · {say('từ', 'from')} {day(declared.from_on)}",
        })  # fmt: skip
    until = f" {say('đến', 'until')} {day(pledge.to_on)}" if pledge.to_on else ""
    found.append({
        "word": say("Đã hứa với khách", "Pledged to customers"),
        "level": shown.level(indicator, pledge.level),
        "facts": f"{say('từ', 'from')} {day(pledge.from_on)}{until}",
    })  # fmt: skip
    return found


def _cells(indicator: Indicator, place: str, months: Sequence[date]) -> dict[date, dict[str, Cell]]:
    found: dict[date, dict[str, Cell]] = {}
    for one in Cell.objects.filter(indicator=indicator.code, place=place, month__in=months):
        found.setdefault(one.month, {})[one.measured_by] = one
    return found


def _months(
    indicator: Indicator,
    months: Sequence[date],
    cells: Mapping[date, Mapping[str, Cell]],
    stood: Mapping[date, Mapping[str, Standing]],
    people: Mapping[date, Felt],
) -> list[dict[str, Any]]:
    """The table under the chart, the newest month first."""
    found = []
    for on in reversed(months):
        states = {place: one.state for place, one in stood.get(on, {}).items()}
        found.append({
            "on": on,
            "word": shown.month(on),
            **{by: shown.cell(indicator, cells.get(on, {}).get(by)) for by in shown.MEASURERS},
            "state": shown.state(shown.overall(list(states.values()))) if states else None,
            "where": boards.where(states) if len(states) > 1 else "",
            "promise": any(one.promise_id for one in stood.get(on, {}).values()),
            "felt": boards.share(people.get(on, Felt())),
        })  # fmt: skip
    return found


def _standings(pledge: Pledge, place: str, months: Sequence[date]) -> dict[date, dict[str, Standing]]:
    """Month → place → how it stood: in one place, or in all provinces where the country is looked at."""
    rows = pledge.standings.filter(month__in=months)
    found: dict[date, dict[str, Standing]] = {}
    for one in rows if not place and pledge.each_province else rows.filter(place=place):
        found.setdefault(one.month, {})[one.place] = one
    return found


def _breach(pledge: Pledge, indicator: Indicator, one: Standing, today: date) -> dict[str, Any]:
    """A month in which it was broken, as a thread from the figure to the promise and how that ended."""
    measured = shown.cell(indicator, one.cell)
    figures = f"{measured['value']} {shown.unit(indicator)}" if measured else ""
    interval = f" ({measured['interval']})" if measured and measured["interval"] else ""
    pledged = say("đã hứa {level}", "pledged {level}", level=shown.level(indicator, pledge.level))
    steps = [{
        "state": "done",
        "title": say("Đo tháng {on}", "Measured in {on}", on=shown.month(one.month)),
        "facts": "; ".join(filter(None, (f"{figures}{interval}", pledged))),
    }]  # fmt: skip
    if one.promise is not None:
        steps += _steps(one.promise, today)
    return {
        "on": one.month,
        "month": shown.month(one.month),
        "place": shown.place(one.place),
        "code": one.place,
        "still": one.state == BROKEN,
        "promise": one.promise,
        "steps": steps,
    }


def _steps(promise: Promise, today: date) -> list[dict[str, str]]:
    """From the promise to how it stands, in words that anybody may read."""
    made = {
        "state": "done",
        "title": say("Hứa làm lại cho đúng", "Promised to make it right"),
        "facts": f"{day(day_of(promise.made_at))} · {mask(promise.what)} · "
        + say("hẹn {on}", "due {on}", on=day(promise.first_due)),
    }
    if promise.state == PROMISE_KEPT and promise.settled_on:
        late = promise.settled_on > promise.first_due
        title = say("Đã giữ, muộn", "Kept, late") if late else say("Đã giữ", "Kept")
        end = {"state": "kept", "title": title, "facts": f"{day(promise.settled_on)} · {mask(promise.proof)}"}
    elif promise.state == OPEN:
        due = say("hẹn {on}", "due {on}", on=day(promise.due))
        behind = promise.due < today
        end = {"state": "late" if behind else "due", "title": say("Làm xong", "Made right"), "facts": due}
    else:
        title = say("Không giữ được", "Not kept") if promise.state == BROKEN else say("Được miễn", "Released")
        end = {
            "state": "late" if promise.state == BROKEN else "done",
            "title": title,
            "facts": mask(promise.reason),
        }
    return [made, end]
