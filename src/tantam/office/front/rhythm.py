"""The rhythm of listening: for every branch or province, what was promised against what was held, month by month; when
it last listened, how many opinions came of it, and how many of those were answered. Nothing is written here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_GET

from tantam import clock
from tantam.letters import name_key
from tantam.office import door
from tantam.office.events.models import Event
from tantam.office.opinions.models import WAITING, Opinion, Theme
from tantam.office.paging import Page
from tantam.office.people.models import Office, Request
from tantam.office.programmes.models import Lesson, Programme
from tantam.office.programmes.pages import rhythm
from tantam.office.promises.models import BROKEN, KEPT, RELEASED, Promise
from tantam.office.promises.rules import FEW
from tantam.office.typed import whole
from tantam.office.words import say

LONG = 31
"""Days without meeting customers after which a place is said to have waited long: the longest month."""

LEVELS = {"branch": ("Từng chi nhánh", "Branches"), "province": ("Từng tỉnh", "Provinces")}
STATES = {
    "held": ("giữ đúng hạn", "held in time"),
    "late": ("giữ muộn", "held late"),
    "missed": ("đã quá hạn, chưa gặp", "past its day and not held"),
    "due": ("chưa tới hạn", "to come"),
}
_WORST = ("missed", "due", "late", "held")

SIZE = 12
"""Places on one page: those who listened longest ago are on the first."""


@dataclass
class Place:
    """One office and what lies below it, over one year; ``owed``: programme → month → the states of its gatherings."""

    office: Office
    owed: dict[int, dict[int, list[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    last: date | None = None
    opinions: int = 0
    answered: int = 0


@door.page("front.see")
@require_GET
def page(request: Request) -> HttpResponse:
    """The places of this reader, who listened longest ago first, a page of them with their year."""
    today = clock.to_date(clock.today())
    years = [today.year, today.year - 1]
    asked = whole(request.GET.get("year", ""), digits=4)
    year = asked if asked in years else today.year
    programmes = list(Programme.objects.filter(year=year).exclude(rhythm="none").order_by("name", "id"))
    offices = _offices(request)
    levels = [code for code in LEVELS if any(office.level == code for office in offices.values())] or [
        "branch"
    ]
    level = request.GET.get("level", "")
    level = level if level in levels else levels[0]
    places = [Place(office) for office in offices.values() if office.level == level]
    company = [Place(office) for office in offices.values() if office.level == "headquarters"]
    _listened(_over(places, offices), today)
    places.sort(key=lambda one: (one.last or date.min, name_key(one.office.name), one.office.pk))
    listed, start = _page(places, request.GET.get("after", ""))
    _fill(_over([*listed.rows, *company], offices), programmes, year, today)
    context = {
        "rows": [_row(one, programmes, today, year) for one in listed.rows],
        "page": listed,
        "start": start + 1,
        "end": start + len(listed.rows),
        "every": len(places),
        "company": []
        if start
        else [row for one in company if (row := _row(one, programmes, today, year))["strips"]],
        "waited": sum(one.last is None or (today - one.last).days > LONG for one in places),
        "long": LONG,
        "level": level,
        "levels": [_link(level == code, say(*LEVELS[code]), year, code) for code in levels]
        if levels[1:]
        else [],
        "years": [_link(each == year, f"{each}", each, level) for each in years],
        "year": f"{year}",
        "states": [(state, say(*words)) for state, words in STATES.items()],
        "rules": _rules(programmes),
        "today": today,
    }
    return render(request, "front/rhythm.html", context)


def _page(places: list[Place], after: str) -> tuple[Page, int]:
    """The places after the one whose id is given, and how many stand before them; a broken id starts anew."""
    ids = [str(one.office.pk) for one in places]
    start = ids.index(after) + 1 if after in ids else 0
    rows = places[start : start + SIZE]
    following = str(rows[-1].office.pk) if start + SIZE < len(places) else ""
    return Page(rows, following, not start), start


def _offices(request: Request) -> dict[int, Office]:
    """The open offices of this reader, and headquarters, whose listening day is everybody's."""
    seen = door.offices(request.user, "promise.see")
    rows = Office.objects.filter(closed_on__isnull=True).order_by("path")
    return {one.pk: one for one in rows if seen is None or one.pk in seen or one.level == "headquarters"}


def _over(places: list[Place], offices: dict[int, Office]) -> dict[int, list[Place]]:
    """Office → the places that it counts in: those above it and itself; headquarters are themselves alone."""
    over = {
        pk: [
            one for one in places
            if one.office.pk == pk or (one.office.level != "headquarters" and office.path.startswith(one.office.path))
        ]
        for pk, office in offices.items()
    }  # fmt: skip
    return {pk: above for pk, above in over.items() if above}


def _listened(over: dict[int, list[Place]], today: date) -> None:
    """When each place held its last gathering."""
    held = Event.objects.filter(held_at__isnull=False, on__lte=today, office__in=over).exclude(
        state="cancelled"
    )
    for office, on in held.values_list("office").annotate(Max("on")).order_by():
        for place in over[office]:
            place.last = max(place.last or on, on)


def _fill(over: dict[int, list[Place]], programmes: list[Programme], year: int, today: date) -> None:
    """Count into each place what it and all below it promised and heard."""
    ids = [str(one.pk) for one in programmes]
    owed = Promise.objects.filter(kind="gathering", about_kind="programme", about_id__in=ids, office__in=over)
    for promise in owed.exclude(state=RELEASED).only(
        "office", "about_id", "first_due", "state", "settled_on"
    ):
        for place in over[promise.office_id]:
            place.owed[int(promise.about_id)][promise.first_due.month].append(_state(promise, today))
    for office, (count, answered) in _heard(year, over).items():
        for place in over[office]:
            place.opinions += count
            place.answered += answered


def _heard(year: int, offices: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Office → opinions that gatherings brought in a year, and those of them whose theme was answered."""
    first, end = (datetime(at, 1, 1, tzinfo=clock.HANOI) for at in (year, year + 1))
    said = Opinion.objects.filter(
        source_kind="event", current=True, said_at__gte=first, said_at__lt=end, office__in=offices
    )
    themes = Theme.objects.exclude(state=WAITING, into__isnull=True).values_list("pk", "into", "state")
    states = {pk: (into, state) for pk, into, state in themes}
    count: Counter[int] = Counter()
    answered: Counter[int] = Counter()
    for office, theme, n in said.values_list("office", "theme").annotate(Count("pk")).order_by():
        count[office] += n
        answered[office] += n * (_root_state(theme, states) != WAITING)
    return {office: (n, answered[office]) for office, n in count.items()}


def _root_state(theme: int | None, themes: dict[int, tuple[int | None, str]]) -> str:
    """How the theme stands that a theme counts as; what is on no theme waits, and whatever is not among these."""
    state = WAITING
    while theme is not None:
        theme, state = themes.get(theme, (None, WAITING))
    return state


def _state(promise: Promise, today: date) -> str:
    if promise.state == KEPT:
        assert promise.settled_on is not None
        return "held" if promise.settled_on <= promise.first_due else "late"
    return "missed" if promise.state == BROKEN or promise.first_due < today else "due"


def _row(one: Place, programmes: list[Programme], today: date, year: int) -> dict[str, Any]:
    strips = [_strip(one, each, today, year) for each in programmes if each.pk in one.owed]
    return {
        "office": one.office,
        "strips": strips,
        "last": one.last,
        "days": (today - one.last).days if one.last else None,
        "opinions": one.opinions,
        "share": one.answered / one.opinions if one.opinions >= FEW else None,
        "answered": one.answered,
    }


def _strip(one: Place, programme: Programme, today: date, year: int) -> dict[str, Any]:
    months = one.owed[programme.pk]
    states = Counter(state for each in months.values() for state in each)
    return {
        "programme": programme,
        "href": _list(one.office, programme),
        "rhythm": rhythm(programme),
        "months": [
            _month(month, months.get(month, []), (year, month) == (today.year, today.month))
            for month in range(1, 13)
        ],
        "held": states["held"] + states["late"],
        "past": states.total() - states["due"],
        "missed": states["missed"],
    }


def _list(office: Office, programme: Programme) -> str:
    """The gatherings behind a strip; of a province, whose branches owe them, the programme place by place."""
    if office.level == "province":
        return reverse("programme", args=[programme.pk])
    return f"{reverse('programme-gatherings', args=[programme.pk])}?office={office.pk}"


def _month(month: int, states: list[str], now: bool) -> dict[str, Any]:
    """One knot of a strip: the worst of what was owed that month, and of how many it came off where they are more."""
    state = next((each for each in _WORST if each in states), "")
    done = sum(each in ("held", "late") for each in states)
    return {
        "month": month,
        "state": state,
        "word": say(*STATES[state]) if state else "",
        "share": f"{done}/{len(states)}" if states[1:] else "",
        "now": now,
    }


def _rules(programmes: list[Programme]) -> list[dict[str, Any]]:
    """The programmes whose rhythm this is, and how much each has taught."""
    taught = Lesson.objects.filter(programme__in=programmes).values_list("programme")
    lessons = dict(taught.annotate(Count("pk")).order_by())
    return [
        {"programme": one, "rhythm": rhythm(one), "lessons": lessons.get(one.pk, 0)} for one in programmes
    ]


def _link(on: bool, word: str, year: int, level: str) -> dict[str, Any]:
    return {"href": f"?year={year}&level={level}", "word": word, "on": on}


urlpatterns: list[Any] = [path("", page, name="rhythm")]
