"""What people see of camps to come: the list, a new one, one camp's plan on a sheet."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from tantam import clock, places
from tantam.errors import BadInput, Refused, TantamError
from tantam.letters import name_key
from tantam.office import door
from tantam.office.camps import actions, kinds, ledger, need, plan_shown, planning, promised, rules
from tantam.office.camps.after_pages import around, one, shown
from tantam.office.camps.models import Camp
from tantam.office.camps.part_forms import PARTS
from tantam.office.people.models import Office, Request, Staff
from tantam.office.programmes.models import Lesson, Programme
from tantam.office.typed import whole
from tantam.office.words import day as day_words
from tantam.office.words import say

LAST = 3
"""Camps whose lessons are shown to whoever plans the next one."""


@door.page("camp.see")
@require_GET
def index(request: Request) -> HttpResponse:
    """The camps of a year, the next one first, each with its thread."""
    today = clock.to_date(clock.today())
    mine = _seen(request)
    years = sorted({on.year for on in mine.values_list("on", flat=True)} | {today.year}, reverse=True)
    year = whole(request.GET.get("year", ""), digits=4) or today.year
    coming = [_row(camp, today) for camp in mine.filter(on__year=year, on__gte=today).order_by("on", "pk")]
    over = [_row(camp, today) for camp in mine.filter(on__year=year, on__lt=today).order_by("-on", "pk")]
    context = {
        "groups": [(say("Sắp tới", "To come"), coming), (say("Đã qua", "Past"), over)],
        "next": next((row for row in coming if row["camp"].state != "closed"), None),
        "filters": [{"href": f"?year={y}", "word": f"{y}", "on": y == year} for y in years],
        "may_plan": door.may(request.user, "camp.plan"),
        "some": bool(coming or over),
    }
    return render(request, "camps/list.html", context)


@door.page("camp.plan")
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """A camp begins: where, when, for what, with the lessons of the last ones before one's eyes."""
    error = None
    if request.method == "POST":
        try:
            made = _plan(request)
            messages.success(request, say("Đã lập {name}.", "{name} is planned.", name=made.name))
            return HttpResponseRedirect(reverse("camp", args=[made.pk]), status=303)
        except TantamError as no:
            error = no
    today = clock.to_date(clock.today())
    programmes = list(
        Programme.objects.filter(event_kind="camp", closed_on__isnull=True).order_by("-year", "name")
    )
    typed = request.POST or {"general": "yes", "office": request.user.office_id, **_usual(programmes)}
    own = door.offices(request.user, "camp.plan")
    offices = Office.objects.filter(closed_on__isnull=True).order_by("level", "name")
    context = {
        "typed": typed,
        "offices": [(o.pk, o.name) for o in (offices if own is None else offices.filter(pk__in=own))],
        "provinces": [(p.code, p.name) for p in sorted(places.PROVINCES, key=lambda p: name_key(p.name))],
        "programmes": [
            ("", say("không thuộc chương trình nào", "no programme")),
            *((p.pk, str(p)) for p in programmes),
        ],
        "generals": [
            ("yes", say("Khám tổng quát", "A general examination")),
            ("no", say("Khám theo chủ đề (tim, mắt, sản …)", "By a theme (heart, eyes, women …)")),
        ],
        "lessons": _lessons(request, today),
    }  # fmt: skip
    return shown(request, "camps/new.html", context, error)


@door.page("camp.see")
@require_http_methods(["GET", "POST"])
def detail(request: Request, number: UUID) -> HttpResponse:
    """One camp on a sheet: its thread, what is missing to open it, every part of the plan, and another day or none."""
    camp = one(request, number, "camp.see")
    if camp.state == "deleted":
        return render(request, "camps/gone.html", {"camp": camp, "where": plan_shown.where(camp)})
    error = None
    if request.method == "POST":
        try:
            _do(request, camp)
            return HttpResponseRedirect(reverse("camp", args=[camp.pk]), status=303)
        except TantamError as no:
            error = no
        camp.refresh_from_db()
    day, today = ledger.day_of(camp), clock.to_date(clock.today())
    lacking, off = rules.missing(day), _off(camp)
    state = plan_shown.OFF if off else plan_shown.STATES[camp.state]
    office = Office.objects.filter(pk=camp.office).first()
    owner = Staff.objects.filter(pk=camp.owner).first()
    may = {
        name: door.may(request.user, f"camp.{name}", office) for name in ("plan", "open", "notice", "close")
    }
    context = {
        **around(request, camp, "camp"),
        "where": plan_shown.where(camp),
        "answer": plan_shown.answer(camp, lacking, off, today),
        "state": state,
        "said": say(*state[:2]),
        "thread": plan_shown.steps(camp, day, lacking, off),
        "missing": [] if camp.state != "planned" else lacking,
        "parts": [
            {"part": part, "word": say(part.vi, part.en), "rows": (rows := plan_shown.rows(code, camp, day)),
             "more": len(rows) - 4}
            for code, part in PARTS.items()
        ],
        "plan": day.plan,
        "told": day.plan.notices,
        "office": office, "owner": owner, "off": off, "may": may, "today": today,
        "promise": promised.of(camp),
        "programme": Programme.objects.filter(pk=day.plan.planned.programme).first() if day.plan.planned else None,
        "typed": request.POST if error else {"on": camp.on.isoformat()},
        "failed": request.POST.get("act", "") if error else "",
    }  # fmt: skip
    return shown(request, "camps/camp.html", context, error)


def _do(request: Request, camp: Camp) -> None:
    by: dict[str, Any] = {"actor": request.user, "at": clock.now()}
    typed, act = request.POST, request.POST.get("act", "")
    if act == "open":
        actions.open_camp(camp, **by)
        messages.success(
            request,
            say("Đã mở. Ngày khám thành lời hứa với mọi người.", "Open. Its day is a promise to everybody."),
        )
    elif act == "move":
        planning.move(camp, _day(typed.get("on", "")), typed.get("because", ""), **by)
        messages.success(
            request,
            say("Đã dời. Tin chưa đi được rút lại; hãy báo lại bà con.", "Moved. Texts that waited are taken back."),
        )  # fmt: skip
    elif act == "off":
        planning.call_off(camp, typed.get("because", ""), **by)
        messages.success(request, say("Đã nhận là không mở được.", "Called off."))


def _plan(request: Request) -> Camp:
    typed = request.POST
    office = Office.objects.filter(pk=whole(typed.get("office", ""), digits=9)).first()
    if office is None:
        raise BadInput(
            "no_office", "It is not said which office holds the camp.", "Choose one.",
            vi="Chưa chọn đơn vị nào mở trại. Chọn một đơn vị.",
        )  # fmt: skip
    on = _day(typed.get("on", ""))
    rules.check_day(on, clock.to_date(clock.today()))
    place, province = (" ".join(typed.get(name, "").split()) for name in ("place", "province"))
    body = rules.made(
        kinds.Planned, name=typed.get("name", "").strip() or say("Khám bệnh ở {p}", "Camp at {p}", p=place),
        theme=typed.get("theme", "").strip(), general=typed.get("general") != "no", place=place, province=province,
        place_code=need.code_of(place, province), on=on, aim=typed.get("aim", "").strip(),
        made_up=typed.get("made_up") == "yes", programme=whole(typed.get("programme", ""), digits=9),
    )  # fmt: skip
    return actions.plan(body, actor=request.user, at=clock.now(), office=office, owner=request.user)


def _usual(programmes: list[Programme]) -> dict[str, Any]:
    """What the form begins with: the programme of the year and its theme."""
    first = programmes[0] if programmes else None
    return {"programme": first.pk, "theme": first.theme, "aim": first.purpose[:300]} if first else {}


def _lessons(request: Request, today: date) -> list[dict[str, Any]]:
    """What the last camps and their programmes taught."""
    found = []
    for camp in _seen(request).filter(state="closed", on__lt=today).order_by("-on", "pk")[:LAST]:
        try:
            lessons = ledger.day_of(camp).plan.lessons
        except Refused:
            continue
        found += [
            {"from": f"{camp.name}, {day_words(camp.on)}", "good": x.came_off, "words": x.words}
            for x in lessons
        ]
    rows = Lesson.objects.filter(programme__event_kind="camp").select_related("programme").order_by("-at")[:6]
    return found + [{"from": str(x.programme), "good": x.kind == "got", "words": x.text} for x in rows]


def _row(camp: Camp, today: date) -> dict[str, Any]:
    state = plan_shown.STATES[camp.state]
    made: dict[str, Any] = {
        "camp": camp,
        "where": plan_shown.where(camp),
        "state": state,
        "said": say(*state[:2]),
    }
    if camp.state == "deleted":
        return made
    day, off = ledger.day_of(camp), _off(camp)
    lacking = rules.missing(day)
    made["answer"] = plan_shown.answer(camp, lacking, off, today)
    made["thread"] = plan_shown.steps(camp, day, lacking, off)
    made["missing"] = lacking if camp.state == "planned" else []
    return made


def _off(camp: Camp) -> str:
    found = planning.called_off(camp)
    return found.reason if found else ""


def _seen(request: Request) -> Any:
    mine = door.offices(request.user, "camp.see")
    return Camp.objects.all() if mine is None else Camp.objects.filter(office__in=mine)


def _day(text: str) -> date:
    try:
        return clock.to_date(clock.parse_day(text))
    except BadInput as no:
        vi = "Chưa chọn ngày, hoặc ngày viết sai. Viết như 21/11/2026."
        raise BadInput(no.code, no.what, no.do, vi=vi) from None


urlpatterns: list[Any] = [
    path("", index, name="camps"),
    path("new/", new, name="camp-new"),
    path("<uuid:number>/", detail, name="camp"),
]
