"""The figures of the front page, from as few questions as there are things to say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Sum

from tantam.office.front.rules import Quarter, quarter_of
from tantam.office.people.models import Office
from tantam.office.promises import models, sentences
from tantam.office.promises.models import OPEN, Promise
from tantam.office.promises.rules import Rate, days_late
from tantam.office.words import day, say

QUARTERS = 4
ROWS = 5


@dataclass(frozen=True)
class Scope:
    """Whose promises a page speaks of: these offices (None: all), under this name; ``office`` when one was chosen."""

    offices: list[int] | None
    name: str
    office: Office | None = None


def kept(scope: Scope, today: date, asked: Quarter | None) -> dict[str, Any]:
    """The one number, its parts, the four quarters and the kinds: one query."""
    running = quarter_of(today)
    end = asked or running
    cells = models.rate_by_month_and_kind(
        today=today, offices=scope.offices, first=end.before(QUARTERS - 1).first, last=end.last
    )
    quarters = {end.before(n): Rate() for n in range(QUARTERS - 1, -1, -1)}
    for (month, _), part in cells.items():
        quarters[quarter_of(month)] += part
    # At the start of a quarter nothing has come due yet: then the last one speaks.
    shown = asked or max((q for q, part in quarters.items() if part.due), default=running)
    kinds: dict[str, Rate] = {}
    for (month, kind), part in cells.items():
        if quarter_of(month) == shown and part.due:
            kinds[kind] = kinds.get(kind, Rate()) + part
    rate, period = quarters[shown], _period(shown, today)
    return {
        "rate": rate,
        "quarter": shown,
        "headline": sentences.headline(rate),
        "sentence": sentences.sentence(rate, _when(shown, running)),
        "period": period,
        "parts": [_part(scope, shown, today, *part) for part in _parts(rate) if part[3]],
        "counted": _list(scope, shown, today, "counted"),
        "quarters": [
            _figure(_named(q), quarters[q], f"/?{_query(scope, quarter=q.code)}", q == shown)
            for q in quarters
        ],
        "kinds": [
            _figure(sentences.kind(code), part, _list(scope, shown, today, "counted", kind=code))
            for code, part in sorted(kinds.items(), key=lambda row: -row[1].due)[:ROWS]
        ],
        "earlier": shown.before().code,
    }


def waiting(scope: Scope, today: date) -> dict[str, Any]:
    """What is late and whose: how many, of how many people, and the five that weigh most."""
    late = models.late_first(today, scope.offices)
    whole = late.order_by().aggregate(n=Count("id"), people=Sum("people"))
    # The five are found by the index alone; only they are read.
    found = {pk: nth for nth, pk in enumerate(late.values_list("pk", flat=True)[:ROWS])} if whole["n"] else {}
    some = Promise.objects.filter(pk__in=found).select_related("owner", "office") if found else ()
    rows = sorted(some, key=lambda one: found[one.pk])
    return {
        "late_count": whole["n"],
        "late_people": whole["people"] or 0,
        "late": [{"promise": one, "days": days_late(one.first_due, today)} for one in rows],
        "late_href": _address(scope, state="late"),
    }


def coming(scope: Scope, today: date) -> list[Promise]:
    """The next five that come due."""
    owed = models.within(Promise.objects.filter(state=OPEN, first_due__gte=today), scope.offices)
    return list(owed.select_related("owner", "office").order_by("first_due", "id")[:ROWS])


def offices(scope: Scope, today: date, quarter: Quarter) -> list[dict[str, Any]]:
    """Where the word is kept least: the branches of this page, the lowest rates first; nothing for a single office. An
    office with others below it opens to all of theirs, which is another figure."""
    if scope.offices is not None and len(scope.offices) < 2:
        return []
    parts = models.rate_by(
        "office", today=today, offices=scope.offices, first=quarter.first, last=quarter.last
    )
    branches = Office.objects.filter(level="branch")
    names = dict(branches.filter(pk__in=list(parts)).values_list("pk", "name"))
    due = sorted(
        (part.rate, -part.due, pk)
        for pk, part in parts.items()
        if pk in names and part.rate is not None and part.rate < 1
    )
    return [
        _figure(names[pk], parts[pk], f"/?{urlencode({'office': pk, 'quarter': quarter.code})}")
        for *_, pk in due[:ROWS]
    ]


def _parts(rate: Rate) -> list[tuple[str, str, str, int]]:
    return [
        ("kept_on_time", "la", say("giữ đúng ngày", "kept on time"), rate.kept_on_time),
        ("kept_late", "nghe", say("giữ muộn", "kept late"), rate.kept_late),
        ("late", "son", say("đang trễ", "late"), rate.open_late),
        ("broken", "son", say("không giữ được", "broken"), rate.broken),
    ]


def _part(
    scope: Scope, quarter: Quarter, today: date, state: str, tone: str, word: str, n: int
) -> dict[str, Any]:
    return {"n": n, "tone": tone, "word": word, "href": _list(scope, quarter, today, state)}


def _figure(name: str, part: Rate, href: str, on: bool = False) -> dict[str, Any]:
    """A share where there are thirty or more, else “7 trong 11”; a dash where nothing came due."""
    return {"name": name, "value": sentences.headline(part) or "–", "due": part.due, "href": href, "on": on}


def _list(scope: Scope, quarter: Quarter, today: date, state: str, **more: str) -> str:
    last = min(quarter.last, today)
    return _address(scope, state=state, **{"from": quarter.first.isoformat(), "to": last.isoformat()}, **more)


def _address(scope: Scope, **parts: str) -> str:
    return f"/promises/?{_query(scope, **parts)}"


def _query(scope: Scope, **parts: str) -> str:
    return urlencode({**({"office": scope.office.pk} if scope.office else {}), **parts})


def _named(quarter: Quarter) -> str:
    year = f"{quarter.year % 100:02}"
    return say("Quý {n}/{y}", "Q{q}/{y}", n=quarter.roman, q=quarter.n, y=year)


def _when(quarter: Quarter, running: Quarter) -> str:
    if quarter == running:
        return say("quý này", "this quarter")
    return say("quý {n}", "in Q{q} {y}", n=quarter.roman, q=quarter.n, y=quarter.year)


def _period(quarter: Quarter, today: date) -> str:
    last = min(quarter.last, today)
    return say(
        "Quý {n}/{y}, {first} – {last}",
        "Q{q} {y}, {first} – {last}",
        n=quarter.roman,
        q=quarter.n,
        y=quarter.year,
        first=day(quarter.first, year=False),
        last=day(last, year=False),
    )


MONTHS_BACK = 5


def rhythm(scope: Scope, today: date) -> list[dict[str, Any]]:
    """The gatherings that one branch owed in the last five months and the next: the thread of its café rhythm."""
    if scope.offices is None or len(scope.offices) != 1:
        return []
    since = (today.replace(day=1) - timedelta(days=28 * MONTHS_BACK)).replace(day=1)
    owed = Promise.objects.filter(office=scope.offices[0], kind="gathering", first_due__gte=since)
    rows = list(owed.exclude(state="released").order_by("first_due", "id")[:12])
    past = [one for one in rows if one.first_due < today][-MONTHS_BACK:]
    return [_beat(one, today) for one in past + [one for one in rows if one.first_due >= today][:1]]


def _beat(one: Promise, today: date) -> dict[str, Any]:
    late = days_late(one.first_due, one.settled_on or today)
    month = say("Tháng {m}", "{on}", m=one.first_due.month, on=f"{one.first_due:%m/%Y}")
    if one.state == "kept":
        facts = say("gặp ngày {on}", "met on {on}", on=day(one.settled_on or today, year=False))
        state = "kept"
    elif one.state == "broken":
        facts, state = say("không gặp", "not held"), "late"
    elif late:
        facts, state = say("trễ {n} ngày", "{n day|days} late", n=late), "late"
    else:
        facts, state = say("hẹn trước {on}", "due by {on}", on=day(one.first_due, year=False)), "due"
    return {
        "state": state,
        "title": month,
        "facts": facts,
        "href": f"/promises/{one.pk}/",
        "link": say("xem", "see"),
    }
