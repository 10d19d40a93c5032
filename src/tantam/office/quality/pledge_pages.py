"""One pledge as a page, and the forms by which a level is declared, pledged and withdrawn."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tantam import clock
from tantam.errors import BadInput, TantamError
from tantam.office import door
from tantam.office.people.models import Office, Request, Staff
from tantam.office.quality import actions, boards, chain, shown, story
from tantam.office.quality.indicators import INDICATORS
from tantam.office.quality.models import Declared, Pledge
from tantam.office.typed import whole
from tantam.office.watch import status
from tantam.office.words import english, say

SEE, PLEDGE, DECLARE = "quality.see", "quality.pledge", "quality.declare"
_PLEDGE = ("code", "indicator", "level", "each_province", "text_vi", "text_en", "remedy_vi", "remedy_en")
_FIELDS = (*_PLEDGE, "remedy_days", "owner", "office", "from_on", "to_on")


@door.page(SEE)
@require_GET
def detail(request: Request, number: int) -> HttpResponse:
    """One pledge: what it says, what it rests on, its months, its breaches and what became of them."""
    return _detail(request, _one(number), None)


@door.page(PLEDGE)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """A level is pledged to customers."""
    typed = {name: request.POST.get(name, "").strip() for name in _FIELDS}
    if request.method == "GET":
        mine = {"owner": f"{request.user.pk}", "office": f"{request.user.office_id}", "each_province": "1"}
        typed |= mine | {"remedy_days": "10", "indicator": request.GET.get("indicator", "")}
    error = None
    if request.method == "POST":
        try:
            made = actions.pledge(**_pledged(typed), actor=request.user, at=clock.now())
            _say(request, say("Đã hứa.", "Pledged."), made.warnings)
            return HttpResponseRedirect(reverse("quality-pledge", args=[made.row.pk]), status=303)
        except TantamError as no:
            error = no
    return _form(request, "quality/new.html", PLEDGE, typed, error)


@door.page(DECLARE)
@require_http_methods(["GET", "POST"])
def declare(request: Request) -> HttpResponse:
    """A level that was declared to the authority is written down."""
    names = ("indicator", "level", "from_on", "document")
    typed = {name: request.POST.get(name, "").strip() for name in names}
    error = None
    if request.method == "POST":
        try:
            made = actions.declare(
                indicator=typed["indicator"], level=_level(typed["level"]), from_on=_day(typed["from_on"]),
                document=typed["document"], actor=request.user, at=clock.now(),
            )  # fmt: skip
            _say(request, say("Đã ghi mức công bố.", "The declared level is written down."), made.warnings)
            return HttpResponseRedirect(reverse("quality"), status=303)
        except TantamError as no:
            error = no
    return _form(request, "quality/declare.html", DECLARE, typed, error)


@door.page(PLEDGE)
@require_POST
def end(request: Request, number: int) -> HttpResponse:
    """A pledge is withdrawn from a day on."""
    pledge = _one(number)
    try:
        actions.end_pledge(
            pledge, on=_day(request.POST.get("to_on", "")), why=request.POST.get("why", ""),
            actor=request.user, at=clock.now(),
        )  # fmt: skip
    except TantamError as no:
        return _detail(request, pledge, no)
    messages.success(request, say("Đã thôi hứa.", "Withdrawn."))
    return HttpResponseRedirect(reverse("quality-pledge", args=[number]), status=303)


def about(pledge: Pledge, asked: str, today: date) -> dict[str, Any]:
    """What the page of staff and the public one both show; ``asked``: a province's code, "all", "" for the telling
    one."""
    codes = {code for code, _ in shown.provinces()}
    place = asked if asked in codes else "" if asked == "all" else None
    told = story.tell(pledge, place, today)
    whole_country = [("all", shown.place(""))]
    indicator = told.indicator
    in_english = english() and bool(pledge.text_en)
    return {
        "story": told,
        "name": shown.name(indicator),
        "unit": shown.unit(indicator),
        "place_name": shown.place(told.place),
        "picks": whole_country + (shown.provinces() if pledge.each_province else []),
        "answer": answer(told),
        "words": {
            "text": pledge.text_en if in_english else pledge.text_vi,
            "remedy": pledge.remedy_en if english() and pledge.remedy_en else pledge.remedy_vi,
            "lang": "en" if english() and pledge.remedy_en else "vi",
        },
        "today": today,
    }


def answer(told: story.Story) -> str:
    """How many of its months it was met, where."""
    judged = [row for row in told.months if row["state"]]
    if not judged:
        return say("Chưa tháng nào được xét.", "No month is judged yet.")
    met = sum(row["state"]["code"] == "kept" for row in judged)
    broken = sum(row["state"]["code"] == "broken" for row in judged)
    place = shown.place(told.place)
    first = say(
        "{place}: đạt {n} trong {all} tháng", "{place}: met in {n} of {all} months",
        place=place[:1].upper() + place[1:], n=met, all=len(judged),
    )  # fmt: skip
    return first + (say(", không đạt {n}.", ", not met in {n}.", n=broken) if broken else ".")


def _detail(request: Request, pledge: Pledge, error: TantamError | None) -> HttpResponse:
    asked = about(pledge, request.GET.get("place", ""), clock.day_of(clock.now()))
    context = asked | {
        "may_end": door.may(request.user, PLEDGE, pledge.office),
        "error": error,
        "typed": request.POST if error else {},
    }
    return render(request, "quality/pledge.html", context, status=status(error) if error else 200)


def _form(
    request: Request, template: str, act: str, typed: dict[str, str], error: TantamError | None
) -> HttpResponse:
    ids = door.offices(request.user, act)
    offices = Office.objects.filter(closed_on=None) if ids is None else Office.objects.filter(pk__in=ids)
    staff = Staff.objects.filter(is_active=True).order_by("name")
    month = clock.day_of(clock.now()).replace(day=1)
    context = {
        "typed": typed,
        "error": error,
        "indicators": [
            (one.code, f"{shown.name(one)}, {shown.unit(one)}") for one in INDICATORS.values()
        ],
        "offices": [(one.pk, one.name) for one in offices.order_by("path")],
        "staff": [(one.pk, one.name) for one in staff],
        "longest": chain.LONGEST,
        "most_days": chain.MOST_REMEDY_DAYS,
        "held": _held(month),
    }  # fmt: skip
    return render(request, template, context, status=status(error) if error else 200)


def _held(month: date) -> list[dict[str, Any]]:
    """Beside a form: what each indicator's regulation asks and what is declared and pledged of it now."""
    declared = {
        one.indicator: one for one in boards.in_force(Declared.objects.all(), month).order_by("from_on")
    }
    pledged = {one.indicator: one for one in boards.in_force(Pledge.objects.all(), month).order_by("from_on")}
    return [
        {
            "name": shown.name(one),
            "rule": boards.rule(one, month),
            "declared": shown.level(one, declared[code].level) if code in declared else "",
            "pledged": shown.level(one, pledged[code].level) if code in pledged else "",
        }
        for code, one in INDICATORS.items()
    ]


def _pledged(typed: dict[str, str]) -> dict[str, Any]:
    return {
        **{name: typed[name] for name in ("code", "indicator", "text_vi", "text_en", "remedy_vi", "remedy_en")},
        "level": _level(typed["level"]),
        "each_province": bool(typed["each_province"]),
        "remedy_days": whole(typed["remedy_days"], wrong=-1, digits=4),
        "owner": _known(Staff, typed["owner"]),
        "office": _known(Office, typed["office"]),
        "from_on": _day(typed["from_on"]),
        "to_on": _day(typed["to_on"]) if typed["to_on"] else None,
    }  # fmt: skip


def _level(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", ".").removesuffix("%").strip())
    except InvalidOperation:
        raise BadInput(
            "bad_level", "The level is not a number.", "Write it as 98.5.",
            vi="Mức không phải là số. Viết như 98,5.",
        ) from None  # fmt: skip


def _day(text: str) -> date:
    try:
        return clock.to_date(clock.parse_day(text))
    except BadInput:
        raise BadInput(
            "bad_day", "That is not a day.", "Write it as 2026-11-21 or 21/11/2026.",
            vi="Ngày chưa đúng. Viết như 21/11/2026.",
        ) from None  # fmt: skip


def _known(kind: Any, number: str) -> Any:
    found = kind.objects.filter(pk=whole(number)).first()
    if found is None:
        raise BadInput(
            "bad_choice", "Somebody or somewhere was not chosen.", "Choose from the list.",
            vi="Chưa chọn người hay văn phòng. Chọn trong danh sách.",
        )  # fmt: skip
    return found


def _say(request: Request, done: str, warned: list[chain.Warned]) -> None:
    messages.success(request, done)
    for one in warned:
        messages.warning(request, say(one.vi, one.en))


def _one(number: int) -> Pledge:
    found = (
        Pledge.objects.select_related("owner", "office").filter(pk=number).first() if number < 2**63 else None
    )
    if found is None or found.indicator not in INDICATORS:
        raise Http404
    return found


urlpatterns: list[Any] = [
    path("pledges/new/", new, name="quality-pledge-new"),
    path("pledges/<int:number>/", detail, name="quality-pledge"),
    path("pledges/<int:number>/end/", end, name="quality-pledge-end"),
    path("declare/", declare, name="quality-declare"),
]
