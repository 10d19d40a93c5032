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
from tantam.office.quality import boards, charts, felt, rules, shown, warning
from tantam.office.quality.charts import Point
from tantam.office.quality.felt import Felt
from tantam.office.quality.indicators import INDICATORS, Indicator
from tantam.office.quality.models import BROKEN, Cell, Declared, Pledge, Standing
from tantam.office.quality.warning import Band, Month
from tantam.office.words import day, say

MOST_MONTHS = 24
WIDE, NARROW = (1080, 300), (294, 250)
"""Sizes of the chart in px: on a desktop and paper, and on a telephone."""


@dataclass(frozen=True)
class Story:
    """A pledge in one place: ``months`` are rows of the table under the chart, the newest first."""

    pledge: Pledge
    indicator: Indicator
    place: str
    chart: dict[str, Any]
    warning: str
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
    cells = _cells(indicator, place, shown.months_to(last, 2 * MOST_MONTHS))
    stood = _standings(pledge, place, months)
    said = felt.by_month(indicator.topics, months)
    picked = {}
    for on, by in sorted(cells.items()):
        here = stood.get(on, {}).get(place)
        picked[on] = boards.point(on, by, here.state if here else "", here.cell_id if here else None)
    before = [Month(on, p.value, p.n) for on, p in picked.items() if p.value is not None]
    bands = {band.on: band for band in warning.bands(indicator, before) if band is not None}
    points = [picked.get(on, Point(on)) for on in months]
    return Story(
        pledge=pledge,
        indicator=indicator,
        place=place,
        chart=chart(pledge, indicator, place, points, bands),
        warning=early(pledge, indicator, before, bands),
        months=_months(indicator, months, cells, stood, {on: by.get(place, Felt()) for on, by in said.items()}),
        breaches=[_breach(pledge, indicator, one, today) for one in broken],
        chain=chain(pledge, indicator),
    )  # fmt: skip


def chart(
    pledge: Pledge, indicator: Indicator, place: str, points: Sequence[Point], bands: Mapping[date, Band]
) -> dict[str, Any]:
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
    limits = [(bands[p.month].low, bands[p.month].high) if p.month in bands else None for p in points]
    return {
        "wide": charts.year(points, **drawn, limits=limits, size=WIDE),
        "narrow": charts.year(points[-12:], **drawn, limits=limits[-12:], size=NARROW),
        "limits": any(limits),
        "finding": finding,
        "legend": [shown.state(code) for code in used],
    }


def early(pledge: Pledge, indicator: Indicator, months: Sequence[Month], bands: Mapping[date, Band]) -> str:
    """Whether the months so far warn that it will be broken, with how often such a warning is wrong: one sentence."""
    trend = warning.trend(indicator, float(pledge.level), months)
    if trend is not None:
        return say(
            "Nếu cứ đà {n} tháng qua thì khoảng tháng {on} sẽ không còn đạt, sớm nhất là tháng {early}. Khi không có "
            "gì đổi, đà dốc như vậy tình cờ gặp chừng một lần trong 100.",
            "If the last {n} months go on, it will no longer be met in about {on}, at the earliest in {early}. Where "
            "nothing changes, so steep a slope comes by chance about once in 100.",
            n=trend.months, on=shown.month(trend.crosses), early=shown.month(trend.earliest),
        )  # fmt: skip
    if not months or months[-1].on not in bands:
        return say(
            "Cần {n} tháng đã đo mới báo sớm được.",
            "An early warning needs {n} measured months.",
            n=warning.FEWEST,
        )
    band = bands[months[-1].on]
    if band.worse:
        return say(
            "Tháng {on} xấu hơn hẳn các tháng trước (lẽ ra từ {a} đến {b}). Khi không có gì đổi, chừng 200 tháng mới "
            "có một tháng bị báo oan.",
            "{on} is clearly worse than the months before it led to expect ({a} to {b}). Where nothing changes, about "
            "one month in 200 is called so wrongly.",
            on=shown.month(band.on), a=shown.figure(indicator, band.low), b=shown.figure(indicator, band.high),
        )  # fmt: skip
    return say(
        "Chưa có dấu hiệu sắp không đạt: tháng mới nhất giống các tháng trước, và không có đà đi về phía mức đã hứa. "
        "Một lần tụt đột ngột thì không cách nào báo trước được.",
        "No sign that it will be missed: the newest month is like those before it, and no trend leads to the level. A "
        "sudden fall cannot be foreseen.",
    )


def chain(pledge: Pledge, indicator: Indicator) -> list[dict[str, Any]]:
    """What the pledge rests on, the loosest first: regulation, declared, pledged, each with its source and day."""
    month = pledge.from_on.replace(day=1)
    rule = boards.rule(indicator, month)
    declared = (
        boards.in_force(Declared.objects.filter(indicator=indicator.code), month).order_by("from_on").last()
    )
    once = rule is not None and rule["past"] is not None
    asks = ("Quy chuẩn từng đòi", "Regulation, once") if once else ("Quy chuẩn đòi", "Regulation")
    return [
        {
            "word": say(*asks),
            "level": rule["level"] if rule else say("chưa tìm được mức", "no level found"),
            "source": rule["source"] if rule else "",
            "facts": _days(rule["since"], rule["past"]) if rule else "",
            "verify": bool(rule and rule["verify"]),
        },
        {
            "word": say("Đã công bố", "Declared"),
            "level": shown.level(indicator, declared.level)
            if declared
            else say("chưa công bố mức nào", "nothing"),
            "facts": f"{declared.document} · {_days(declared.from_on, declared.to_on)}" if declared else "",
        },
        {
            "word": say("Đã hứa với khách", "Pledged to customers"),
            "level": shown.level(indicator, pledge.level),
            "facts": _days(pledge.from_on, pledge.to_on),
        },
    ]


def _days(first: date, until: date | None) -> str:
    since = say("từ {on}", "from {on}", on=day(first))
    return since if until is None else since + say(" đến trước {on}", " until {on}", on=day(until))


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
