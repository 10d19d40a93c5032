"""What people see: the programmes of a year, one programme with how it keeps its rhythm, and what it taught."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tantam import clock
from tantam.errors import TantamError
from tantam.letters import fold, name_key
from tantam.office import door, words
from tantam.office.paging import page
from tantam.office.people.models import Office, Request, Staff
from tantam.office.programmes import actions, meter, rules
from tantam.office.programmes.models import Lesson, Programme
from tantam.office.promises.models import Promise
from tantam.office.typed import whole
from tantam.office.watch import status

SEE, START = "programme.see", "programme.start"
FIELDS = (
    "name",
    "purpose",
    "theme",
    "year",
    "event_kind",
    "rhythm",
    "rhythm_day",
    "people",
    "owner",
    "office",
)


@door.page(SEE)
@require_GET
def index(request: Request) -> HttpResponse:
    """The programmes of one year, and how far each keeps its rhythm."""
    today = _today()
    mine = _seen(request)
    years = sorted(set(mine.values_list("year", flat=True)) | {today.year}, reverse=True)
    year = whole(request.GET.get("year", ""), digits=9) or today.year
    rows = list(mine.filter(year=year).select_related("owner", "office").order_by("closed_on", "name", "id"))
    counts = meter.counts([row.pk for row in rows], today)
    context = {
        "rows": [{"programme": row, "rhythm": rhythm(row), "meter": counts[row.pk]} for row in rows],
        "year": f"{year}",
        "going": sum(row.closed_on is None for row in rows),
        "late": sum(counts[row.pk].late for row in rows),
        "filters": [{"href": f"?year={y}", "word": f"{y}", "on": y == year} for y in years],
        "may_start": door.may(request.user, START),
    }
    return render(request, "programmes/list.html", context)


@door.page(SEE)
@require_GET
def detail(request: Request, number: int) -> HttpResponse:
    """One programme."""
    return _detail(request, _one(request, number))


@door.page(SEE)
@require_GET
def gatherings(request: Request, number: int) -> HttpResponse:
    """The promises behind its figures: of one place or of all, of one figure (``?part=``) or of all."""
    programme = _one(request, number)
    rows = Promise.objects.filter(about_kind="programme", about_id=str(programme.pk))
    place = Office.objects.filter(pk=whole(request.GET.get("office", ""), digits=9)).first()
    rows = rows.filter(office=place) if place else rows
    part = meter.parts(_today()).get(request.GET.get("part", ""))
    rows = rows.filter(part) if part is not None else rows
    context = {
        "programme": programme,
        "year": f"{programme.year}",
        "place": place,
        "part": part is not None,
        "count": rows.count(),
        "page": page(rows.select_related("office", "owner"), request.GET.get("after", ""), "first_due", "id"),
        "today": _today(),
        "open_to": door.offices(request.user, "promise.see"),
    }
    return render(request, "programmes/gatherings.html", context)


@door.page(START)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """A programme begins."""
    today = _today()
    typed = {name: request.POST.get(name, "").strip() for name in FIELDS}
    if request.method == "GET":
        first = {"year": f"{today.year}", "people": "6", "event_kind": "cafe", "rhythm": "monthly_per_branch"}
        typed |= first | {"owner": f"{request.user.pk}", "office": f"{request.user.office_id}"}
    error = None
    if request.method == "POST":
        try:
            made = actions.start(**_typed(typed), actor=request.user, at=clock.now())
            messages.success(request, words.say("Đã mở {name}.", "{name} has begun.", name=made.name))
            return _see(made)
        except TantamError as no:
            error = no
    return _form(request, "programmes/new.html", {"typed": typed}, error)


@door.page(START)
@require_http_methods(["GET", "POST"])
def copy(request: Request, number: int) -> HttpResponse:
    """Next year's, written with this year's lessons before one's eyes."""
    programme = _one(request, number)
    typed = {name: request.POST.get(name, getattr(programme, name)) for name in ("purpose", "theme")}
    error = None
    if request.method == "POST":
        try:
            heir = actions.copy_to_next_year(programme, actor=request.user, at=clock.now(), **typed)
            return _see(heir)
        except TantamError as no:
            error = no
    got, not_yet = _lessons(programme)
    context = {"programme": programme, "typed": typed, "got": got, "not_yet": not_yet}
    context |= {"this": f"{programme.year}", "next": f"{programme.year + 1}", "rhythm": rhythm(programme)}
    return _form(request, "programmes/copy.html", context, error)


@door.page("programme.promise")
@require_POST
def promise(request: Request, number: int) -> HttpResponse:
    """Its rhythm becomes promises, to the end of its year."""
    programme = _one(request, number)
    until = date(programme.year, 12, 31)

    def act(**by: Any) -> str:
        made = actions.promise_rhythm(programme, until=until, **by)
        return words.say("Đã hứa {n} buổi.", "{n gathering|gatherings} promised.", n=words.number(len(made)))

    return _done(request, programme, act)


@door.page("programme.learn")
@require_POST
def lesson(request: Request, number: int) -> HttpResponse:
    """Something learned."""
    programme = _one(request, number)
    kind, text = (request.POST.get(name, "") for name in ("kind", "text"))

    def act(**by: Any) -> str:
        actions.add_lesson(programme, kind=kind, text=text, **by)
        return words.say("Đã ghi.", "Kept.")

    return _done(request, programme, act)


@door.page(START)
@require_POST
def close(request: Request, number: int) -> HttpResponse:
    """Its end."""
    programme = _one(request, number)

    def act(**by: Any) -> str:
        actions.close(programme, **by)
        return words.say("Đã khép. Lời đã hứa vẫn còn đó.", "Closed. What was promised stays promised.")

    return _done(request, programme, act)


def rhythm(programme: Programme) -> str:
    """“mỗi chi nhánh mỗi tháng một buổi”, “15/10 mỗi năm”."""
    if programme.rhythm != "yearly_on":
        return words.say(*rules.RHYTHMS[programme.rhythm])
    month, day = rules.parse_day(programme.rhythm_day)
    on = words.day(date(2024, month, day), year=False)  # a leap year has every day
    return words.say("{on} mỗi năm", "{on} every year", on=on)


def _detail(request: Request, programme: Programme, error: TantamError | None = None) -> HttpResponse:
    today = _today()
    got, not_yet = _lessons(programme)
    heir = Programme.objects.filter(code=programme.code, year=programme.year + 1).first()
    before = Programme.objects.filter(code=programme.code, year=programme.year - 1).first()
    here = programme.office
    context = {
        "programme": programme,
        "year": f"{programme.year}",
        "next": f"{programme.year + 1}",
        "rhythm": rhythm(programme),
        "kind": words.say(*rules.EVENT_KINDS[programme.event_kind]),
        "meter": meter.counts([programme.pk], today)[programme.pk],
        "branches": meter.by_office(programme, today),
        "today": today,
        "got": got,
        "not_yet": not_yet,
        "heir": heir,
        "before": before,
        "may_start": door.may(request.user, START, here),
        "may_learn": door.may(request.user, "programme.learn", here),
        "may_promise": programme.rhythm != "none" and door.may(request.user, "programme.promise", here),
        "error": error,
        "text": request.POST.get("text", "") if error else "",
        "chosen": request.POST.get("kind", "") if error else "",
    }
    return render(request, "programmes/detail.html", context, status=status(error) if error else 200)


def _form(
    request: Request, template: str, context: dict[str, Any], error: TantamError | None
) -> HttpResponse:
    ids = door.offices(request.user, START)
    offices = Office.objects.all() if ids is None else Office.objects.filter(pk__in=ids)
    rows = list(offices.order_by("path"))
    staff = Staff.objects.filter(is_active=True, office__in=rows)
    context |= {
        "error": error,
        "rhythms": [(code, words.say(*names)) for code, names in rules.RHYTHMS.items()],
        "kinds": [(code, words.say(*names)) for code, names in rules.EVENT_KINDS.items()],
        "offices": [(f"{o.pk}", "\u2003" * (o.path.count("/") - 1) + o.name) for o in rows],
        "staff": [(f"{s.pk}", s.name) for s in sorted(staff, key=lambda s: name_key(s.name))],
    }
    return render(request, template, context, status=status(error) if error else 200)


def _done(request: Request, programme: Programme, act: Callable[..., str]) -> HttpResponse:
    try:
        said = act(actor=request.user, at=clock.now())
    except TantamError as no:
        return _detail(request, programme, no)
    messages.success(request, said)
    return _see(programme)


def _see(programme: Programme) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": reverse("programme", args=[programme.pk])})


def _seen(request: Request) -> Any:
    """The programmes that hold where this person has a duty: those of his offices, and of any office above them."""
    ids = door.offices(request.user, SEE)
    if ids is None:
        return Programme.objects.all()
    paths = Office.objects.filter(pk__in=ids).values_list("path", flat=True)
    above = {path[: at + 1] for path in paths for at, letter in enumerate(path) if letter == "/"}
    return Programme.objects.filter(office__path__in=above)


def _one(request: Request, number: int) -> Programme:
    found = _seen(request).select_related("owner", "office").filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _lessons(programme: Programme) -> tuple[list[Lesson], list[Lesson]]:
    rows = list(Lesson.objects.filter(programme=programme).select_related("by").order_by("at", "id"))
    return [row for row in rows if row.kind == "got"], [row for row in rows if row.kind == "not_yet"]


def _typed(typed: dict[str, str]) -> dict[str, Any]:
    """The form as the act takes it; a number that is none becomes 0, which the rules refuse in words."""
    office = Office.objects.filter(pk=whole(typed["office"], digits=9)).first()
    owner = Staff.objects.filter(pk=whole(typed["owner"], digits=9)).first()
    if office is None or owner is None:
        raise Http404
    code = fold(typed["name"]).replace(" ", "-")[:40].strip("-")
    plain = {name: typed[name] for name in ("name", "purpose", "theme", "event_kind", "rhythm")}
    day = _month_day(typed["rhythm_day"])
    numbers = {name: whole(typed[name], digits=9) for name in ("year", "people")}
    return {**plain, **numbers, "code": code, "rhythm_day": day, "owner": owner, "office": office}


def _month_day(text: str) -> str:
    """``15/10`` as ``10-15``."""
    day, _, month = text.strip().partition("/")
    return f"{month}-{day}" if month else text.strip()


def _today() -> date:
    return clock.to_date(clock.today())


urlpatterns: list[Any] = [
    path("", index, name="programmes"),
    path("new/", new, name="programme-new"),
    path("<int:number>/", detail, name="programme"),
    path("<int:number>/promises/", gatherings, name="programme-gatherings"),
    path("<int:number>/copy/", copy, name="programme-copy"),
    path("<int:number>/promise/", promise, name="programme-promise"),
    path("<int:number>/lessons/", lesson, name="programme-lesson"),
    path("<int:number>/close/", close, name="programme-close"),
]
