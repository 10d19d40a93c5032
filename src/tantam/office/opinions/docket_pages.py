"""The docket: which themes wait for our answer, how many people spoke on each, and since when."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Min, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from tantam import clock
from tantam.clock import day_of
from tantam.office import paging
from tantam.office.door import may, offices, page
from tantam.office.opinions import rules
from tantam.office.opinions.many import first_of, under
from tantam.office.opinions.models import (
    DECLINED,
    DONE,
    LATER,
    PROMISED,
    WAITING,
    Answer,
    Heap,
    Opinion,
    Theme,
)
from tantam.office.people.models import Office, Request
from tantam.office.words import day, number, percent, say

HIDDEN = "hidden"
STATES = {
    WAITING: ("Chờ trả lời", "Waiting"),
    PROMISED: ("Đã hẹn", "Promised"),
    LATER: ("Để sau", "Put off"),
    DONE: ("Đã làm", "Done"),
    DECLINED: ("Đã nói không", "Said no"),
    HIDDEN: ("Đã ẩn", "Hidden"),
}
TONES = {WAITING: "nghe", PROMISED: "cham", LATER: "cham", DONE: "la", DECLINED: "line", HIDDEN: "sunk"}
ORDERS = {
    "weight": (("-pinned", "-weight", "id"), ("Nặng nhất trước", "The heaviest first")),
    "since": (("-pinned", "first", "id"), ("Chờ lâu nhất trước", "The longest waiting first")),
}

SIZE = 25
RECENT = 12
"""Opinions of each theme that its places and its quote are told from, the latest."""
NAMED = 2
MOST_READ = 200
"""Themes whose latest opinions are read at once: those of a page and what was put into them."""


@page("theme.see")
@require_GET
def docket(request: Request) -> HttpResponse:
    """The list of one state, in one order; whatever is pinned comes first."""
    asked = {"state": request.GET.get("state", ""), "sort": request.GET.get("sort", "")}
    state = asked["state"] if asked["state"] in STATES else WAITING
    sort = asked["sort"] if asked["sort"] in ORDERS else "weight"
    today = clock.to_date(clock.today())
    rows = _of(state).annotate(first=Coalesce("since", "made_at"))
    listed = paging.page(rows, request.GET.get("after", ""), *ORDERS[sort][0], size=SIZE)
    stands = _standing()
    context = {
        "page": listed,
        "rows": _rows(listed.rows, request, today),
        "state": state,
        "answer": _answer(state, stands, today),
        "note": _note(state, stands, today),
        "states": [
            {
                "href": _address(code, sort),
                "word": say(*words),
                "on": code == state,
                "count": stands[code]["n"] if code in stands else 0,
            }
            for code, words in STATES.items()
        ],
        "orders": [
            {"href": _address(state, code), "word": say(*words), "on": code == sort}
            for code, (_, words) in ORDERS.items()
        ],
        "any": bool(stands),
        "may_take_in": may(request.user, "theme.take_in"),
        "today": today,
    }
    return render(request, "opinions/docket.html", context)


def state_of(theme: Theme) -> str:
    """Its state, or that it is hidden."""
    return HIDDEN if theme.hidden else theme.state


def weighed(theme: Theme) -> dict[str, Any]:
    """People and, of them, those who complained; the sum is the weight that the docket goes by."""
    people, complained = theme.people_count, theme.complaints_count
    return {
        "people": people,
        "complained": complained,
        "others": max(people - complained, 0),
        "share": percent(complained / people, 0) if people >= 30 else "",
    }


def _address(state: str, sort: str) -> str:
    asked = {"state": state if state != WAITING else "", "sort": sort if sort != "weight" else ""}
    return "?" + urlencode({name: value for name, value in asked.items() if value})


def _of(state: str) -> QuerySet[Theme]:
    rows = Theme.objects.filter(into__isnull=True)
    return rows.filter(hidden=True) if state == HIDDEN else rows.filter(hidden=False, state=state)


def _standing() -> dict[str, dict[str, Any]]:
    """How many themes, people and the oldest wait of each state."""
    rows = Theme.objects.filter(into__isnull=True).order_by().values("hidden", "state")
    found: dict[str, dict[str, Any]] = {}
    for row in rows.annotate(n=Count("pk"), people=Sum("people_count"), since=Min("since")):
        into = found.setdefault(
            HIDDEN if row["hidden"] else row["state"], {"n": 0, "people": 0, "since": None}
        )
        into["n"] += row["n"]
        into["people"] += row["people"]
        into["since"] = min(filter(None, (into["since"], row["since"])), default=None)
    return found


def _answer(state: str, stands: dict[str, dict[str, Any]], today: date) -> str:
    mine = stands.get(state)
    if mine is None:
        return (
            say("Không còn chủ đề nào chờ trả lời.", "No theme waits for an answer.")
            if state == WAITING
            else ""
        )
    if state == WAITING:
        return say(
            "{n} chủ đề chờ trả lời, {people} lượt người.",
            "{n theme waits|themes wait} for an answer, said {people} times by people.",
            n=number(mine["n"]), people=number(mine["people"]),
        )  # fmt: skip
    return say(
        "{word}: {n} chủ đề.", "{word}: {n theme|themes}.", word=say(*STATES[state]), n=number(mine["n"])
    )


def _note(state: str, stands: dict[str, dict[str, Any]], today: date) -> str:
    """The one that is late, or how long the oldest has waited."""
    if state in (PROMISED, LATER) and state in stands:
        behind = Answer.objects.filter(
            current=True, theme__state=state, theme__hidden=False, promise__state="open", promise__due__lt=today
        ).count()  # fmt: skip
        if behind:
            return say("{n} lời hẹn đang trễ.", "{n} of them are late.", n=number(behind))
        return say("Không lời hẹn nào trễ.", "None of them is late.")
    since = stands.get(state, {}).get("since")
    if state == WAITING and since is not None:
        return say(
            "Lâu nhất đã chờ {n} ngày, từ {on}.", "The oldest has waited {n day|days}, since {on}.",
            n=number(max((today - day_of(since)).days, 0)), on=day(since),
        )  # fmt: skip
    return ""


def _rows(themes: list[Theme], request: Request, today: date) -> list[dict[str, Any]]:
    """What a page of the list needs, by as many queries however long it is."""
    roots = under([one.pk for one in themes])
    heaps: dict[int, list[Heap]] = {}
    for heap in Heap.objects.filter(theme__in=list(roots)).only("theme_id", "people_count", "quotes"):
        heaps.setdefault(roots[heap.theme_id], []).append(heap)
    answers = {
        one.theme_id: one
        for one in Answer.objects.filter(theme__in=[t.pk for t in themes], current=True).select_related(
            "promise"
        )
    }
    places, quotes = _recent(roots, request)
    return [
        {
            "theme": theme,
            **weighed(theme),
            "files": sum(heap.people_count for heap in heaps.get(theme.pk, [])),
            "places": places.get(theme.pk, ""),
            "quote": quotes.get(theme.pk) or _from_files(heaps.get(theme.pk, [])),
            "since": day_of(theme.since) if theme.since else None,
            "days": max((today - day_of(theme.since)).days, 0) if theme.since else None,
            "answer": answers.get(theme.pk),
            "tone": TONES[state_of(theme)],
            "word": say(*STATES[state_of(theme)]).lower(),
        }
        for theme in themes
    ]


def _recent(roots: dict[int, int], request: Request) -> tuple[dict[int, str], dict[int, str]]:
    """Where the latest opinions of each theme were said, and the latest of them that this reader may see."""
    members = list(roots)[:MOST_READ]
    if not members:
        return {}, {}
    latest = first_of(members, Opinion.objects.all(), RECENT, latest=True)
    said = latest.values_list("said_at", "pk", "theme", "office")
    rows = sorted(said, reverse=True)
    seen = offices(request.user, "opinion.see")
    at: dict[int, Counter[int]] = {}
    newest: dict[int, Any] = {}
    for _, pk, theme, office in rows:
        root = roots[theme or 0]
        at.setdefault(root, Counter())[office] += 1
        if seen is None or office in seen:
            newest.setdefault(root, pk)
    names = dict(
        Office.objects.filter(pk__in={pk for by in at.values() for pk in by}).values_list("pk", "name")
    )
    texts = dict(Opinion.objects.filter(pk__in=newest.values()).values_list("pk", "text"))
    quotes = {root: texts[pk] for root, pk in newest.items() if texts[pk] != rules.GONE}
    return {root: _where(by, names) for root, by in at.items()}, quotes


def _where(by: Counter[int], names: dict[int, str]) -> str:
    ranked = sorted(by, key=lambda pk: (-by[pk], names[pk]))
    more = len(ranked) - NAMED
    said = ", ".join(names[pk] for pk in ranked[:NAMED])
    return f"{said} {say('và {n} nơi nữa', 'and {n more place|more places}', n=more)}" if more > 0 else said


def _from_files(heaps: list[Heap]) -> str:
    return next((str(quote["text"]) for heap in heaps for quote in heap.quotes if quote.get("text")), "")


urlpatterns = [path("", docket, name="docket")]
