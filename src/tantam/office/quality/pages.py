"""What staff see of quality: every indicator beside what was declared and pledged, and one of them by province."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import include, path, reverse
from django.views.decorators.http import require_GET

from tantam import clock
from tantam.office import door
from tantam.office.people.models import Request
from tantam.office.quality import (
    boards,
    call_pages,
    export,
    felt,
    load_pages,
    pledge_pages,
    rules,
    shown,
    vote_pages,
)
from tantam.office.quality import costs as price
from tantam.office.quality.boards import Line
from tantam.office.quality.indicators import INDICATORS
from tantam.office.quality.models import AT_RISK, BROKEN, KEPT
from tantam.office.words import say


@door.page("quality.see")
@require_GET
def board(request: Request) -> HttpResponse:
    """Every indicator in one month, what is broken first."""
    return render(request, "quality/board.html", context(request.GET, "quality-pledge") | {
        "may_pledge": door.may(request.user, "quality.pledge"),
        "may_declare": door.may(request.user, "quality.declare"),
        "may_load": door.may(request.user, "quality.load"),
        "may_export": door.may(request.user, "measurement.see"),
    })  # fmt: skip


@door.page("quality.see")
@require_GET
def costs(request: Request) -> HttpResponse:
    """What a month below the declared levels costs by the law table, the dearest first."""
    last = boards.last_month() or clock.day_of(clock.now()).replace(day=1)
    month = shown.read_month(request.GET.get("month", "")) or last
    context = {
        "rows": [_cost(one) for one in price.costs(month)],
        "month": shown.month(month),
        "months": _months(month, last, ""),
        "here": f"month={month:%Y-%m}",
    }
    return render(request, "quality/costs.html", context)


def _cost(one: price.Cost) -> dict[str, Any]:
    word = say(*price.WORDS[one.code])
    return {
        "word": word[:1].upper() + word[1:],
        "price": say(
            "{a} đến {b} triệu đồng", "VND {a} to {b} million", a=_millions(one.least), b=_millions(one.most)
        )
        if one.least is not None and one.most is not None
        else "",
        "which": "; ".join(
            shown.name(INDICATORS[code]) + (f" ({', '.join(map(shown.place, where))})" if where else "")
            for code, where in one.indicators.items()
        ),
        "source": one.source,
        "verify": one.verify,
    }


def _millions(amount_dong: int) -> str:
    return f"{amount_dong / 1_000_000:g}"


def context(asked: Any, route: str) -> dict[str, Any]:
    """What the board of staff and the public one both show, for the month and indicator that an address asks for; a
    pledge opens by ``route``."""
    today = clock.day_of(clock.now())
    last = boards.last_month()
    month = shown.read_month(asked.get("month", "")) or last or today.replace(day=1)
    lines, said = boards.lines(month)
    wanted = asked.get("indicator", "")
    mapped = [one for one in lines if one.pledge and one.pledge.each_province] or lines
    line = next((one for one in lines if one.indicator.code == wanted), mapped[0])
    country = boards.country(line, month, said)
    if line.pledge:
        for row in country.rows:
            row["href"] = f"{reverse(route, args=[line.pledge.pk])}?place={row['place']}"
    return {
        "rows": [_opened(boards.row(one), route) for one in lines if one.pledge or one.declared or one.cells],
        "nothing": last is None,
        "answer": answer(lines, month),
        "month": shown.month(month),
        "months": _months(month, last, wanted),
        "chosen": boards.row(line),
        "country": country,
        "themes": felt.themes(line.indicator.topics, [month]),
        "here": f"month={month:%Y-%m}",
        "invented": any(one.pledge and one.pledge.invented for one in lines),
        "today": today,
    }


def _opened(row: dict[str, Any], route: str) -> dict[str, Any]:
    return row | {"href": reverse(route, args=[row["pledge"].pk]) if row["pledge"] else ""}


def answer(lines: list[Line], month: date) -> str:
    """How many pledges are kept, at risk and broken, as one sentence."""
    pledged = [one for one in lines if one.pledge]
    if not pledged:
        return say("Chưa hứa mức chất lượng nào.", "No level of quality is pledged yet.")
    of = {state: sum(one.worst == state for one in pledged) for state in shown.STATES}
    parts = [
        say("{on}: đạt {n} trong {all} điều đã hứa", "{on}: {n} of {all} pledges met",
            on=shown.month(month), n=of[KEPT], all=len(pledged))
    ]  # fmt: skip
    if of[BROKEN]:
        parts.append(say("{n} không đạt", "{n} not met", n=of[BROKEN]))
    if of[AT_RISK]:
        parts.append(say("{n} sát ngưỡng", "{n} at risk", n=of[AT_RISK]))
    unknown = len(pledged) - of[KEPT] - of[BROKEN] - of[AT_RISK]
    if unknown:
        parts.append(say("{n} chưa đủ số đo", "{n} not measured enough", n=unknown))
    return ", ".join(parts) + "."


def _months(month: date, last: date | None, wanted: str) -> list[dict[str, Any]]:
    """The month before, this one, and the next up to the newest measured."""
    near = [*shown.months_to(month, 2), rules.next_month(month)]
    return [
        {"href": f"?month={on:%Y-%m}&indicator={wanted}", "word": shown.month(on), "on": on == month}
        for on in near
        if on <= max(last or month, month)
    ]


urlpatterns: list[Any] = [
    path("", board, name="quality"),
    path("costs/", costs, name="quality-costs"),
    path("export/", export.give, name="quality-export"),
    path("", include(pledge_pages.urlpatterns)),
    path("", include(load_pages.urlpatterns)),
    path("", include(call_pages.urlpatterns)),
    path("polls/", include(vote_pages.urlpatterns)),
]
