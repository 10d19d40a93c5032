"""What people see: who does what where; and for administrators, the forms that change it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tantam import clock
from tantam.errors import TantamError
from tantam.letters import find, name_key
from tantam.office import door, words
from tantam.office.people import actions, rules
from tantam.office.people.models import Duty, Machine, Office, Request, Staff
from tantam.office.typed import whole
from tantam.office.watch import status

SEE, CHANGE = "people.see", "people.change"


@door.page(SEE)
@require_GET
def index(request: Request) -> HttpResponse:
    """The offices as a tree, and the staff of one of them, or whoever a search finds."""
    offices = list(Office.objects.order_by("path"))
    at = _office_of(request, offices)
    asked = request.GET.get("q", "").strip()
    staff = list(Staff.objects.select_related("office").filter(is_active=True))
    staff.sort(key=lambda one: name_key(one.name))
    counts: dict[int, int] = {}
    for one in staff:
        counts[one.office_id] = counts.get(one.office_id, 0) + 1
    if asked:
        shown = [staff[n] for n in find(asked, [one.name for one in staff])]
    else:
        shown = [one for one in staff if at and one.office.path.startswith(at.path)]
    held = _duties(shown)
    context = {
        "tree": [
            {
                "office": o,
                "indent": "\u2003" * (o.path.count("/") - 1),
                "count": counts.get(o.pk, 0),
                "on": o == at,
            }
            for o in offices
        ],
        "rows": [{"staff": one, "duties": held.get(one.pk, [])} for one in shown],
        "at": at,
        "asked": asked,
        "everybody": len(staff),
        "may_change": door.may(request.user, CHANGE),
        "may_see_machines": door.may(request.user, "machine.see"),
    }
    return render(request, "people/list.html", context)


@door.page(SEE)
@require_GET
def person(request: Request, number: int) -> HttpResponse:
    """One member of staff and the duties held; the forms for those who may change them. Machines have a list."""
    if Machine.objects.filter(pk=number).exists():
        return redirect("machines")
    return _person(request, get_object_or_404(Staff.objects.select_related("office"), pk=number))


@door.page(CHANGE)
@require_http_methods(["GET", "POST"])
def hire(request: Request) -> HttpResponse:
    """Somebody new."""
    typed = {
        name: request.POST.get(name, "").strip() for name in ("username", "name", "title", "email", "office")
    }
    typed["office"] = typed["office"] or request.GET.get("office", "")
    error = None
    if request.method == "POST":
        try:
            office = get_object_or_404(Office, pk=whole(typed["office"]))
            told = {name: typed[name] for name in ("title", "email")}
            staff = actions.hire(
                typed["username"], typed["name"], office, actor=request.user, at=clock.now(), **told
            )
            messages.success(request, words.say("Đã nhận {who}.", "{who} is on the staff.", who=staff.name))
            return see(reverse("person", args=[staff.pk]))
        except TantamError as no:
            error = no
    context = {"typed": typed, "error": error, "offices": places(request), "titles": _titles()}
    return render(request, "people/hire.html", context, status=status(error) if error else 200)


@door.page(CHANGE)
@require_http_methods(["GET", "POST"])
def open_office(request: Request) -> HttpResponse:
    """A new province or branch."""
    typed = {
        name: request.POST.get(name, "").strip() for name in ("code", "name", "level", "parent", "province")
    }
    error = None
    if request.method == "POST":
        try:
            above = get_object_or_404(Office, pk=whole(typed.pop("parent")))
            office = actions.open_office(**typed, parent=above, actor=request.user, at=clock.now())
            messages.success(request, words.say("Đã mở {name}.", "{name} is open.", name=office.name))
            return see(f"{reverse('people')}?office={office.pk}")
        except TantamError as no:
            error = no
            typed["parent"] = request.POST.get("parent", "")
    names = sorted(rules.PROVINCE_NAMES.items(), key=lambda pair: name_key(pair[1]))
    context = {
        "typed": typed,
        "error": error,
        "offices": places(request),
        "levels": [(code, words.say(*rules.LEVELS[code])) for code in ("branch", "province")],
        "provinces": [("", "—"), *names],
    }
    return render(request, "people/open_office.html", context, status=status(error) if error else 200)


@door.page(CHANGE)
@require_POST
def give_duty(request: Request, number: int) -> HttpResponse:
    """A duty more."""
    office = get_object_or_404(Office, pk=whole(request.POST.get("office", "")))
    code = request.POST.get("duty", "")
    said = words.say("Đã giao việc.", "The duty is given.")
    return _done(request, number, said, lambda s, **by: actions.give_duty(s, code, office, **by))


@door.page(CHANGE)
@require_POST
def end_duty(request: Request, number: int, duty: int) -> HttpResponse:
    """A duty less."""
    held = get_object_or_404(Duty.objects.select_related("office"), pk=duty, staff=number)
    said = words.say("Đã thôi việc ấy từ hôm nay.", "The duty ended today.")
    return _done(request, number, said, lambda _, **by: actions.end_duty(held, **by))


@door.page(CHANGE)
@require_POST
def leave(request: Request, number: int) -> HttpResponse:
    """An account closed."""
    said = words.say(
        "Đã đóng tài khoản. Việc đã làm vẫn còn tên.", "The account is closed. What was done keeps its name."
    )
    return _done(request, number, said, actions.leave)


@door.page(CHANGE)
@require_POST
def drop_factor(request: Request, number: int) -> HttpResponse:
    """A telephone lost."""
    said = words.say(
        "Lần đăng nhập tới sẽ đặt lại bước hai.", "The second step is set up anew at the next sign-in."
    )
    return _done(request, number, said, actions.drop_second_factor)


@door.page(CHANGE)
@require_POST
def invite(request: Request, number: int) -> HttpResponse:
    """A link that works once, shown once: it is kept nowhere, so this answer is the only place to read it."""
    staff = get_object_or_404(Staff.objects.select_related("office"), pk=number)
    try:
        secret = actions.invite(staff, "invite", actor=request.user, at=clock.now())
    except TantamError as no:
        return _person(request, staff, no)
    link = request.build_absolute_uri(reverse("pass", args=[secret]))
    return _person(request, staff, link=link)


def _done(request: Request, number: int, said: str, act: Callable[..., Any]) -> HttpResponse:
    staff = get_object_or_404(Staff.objects.select_related("office"), pk=number)
    try:
        act(staff, actor=request.user, at=clock.now())
    except TantamError as no:
        return _person(request, staff, no)
    messages.success(request, said)
    return see(reverse("person", args=[number]))


def see(address: str) -> HttpResponse:
    """On to what was changed, so that reloading the page sends nothing again."""
    return HttpResponse(status=303, headers={"Location": address})


def _person(request: Request, staff: Staff, error: TantamError | None = None, link: str = "") -> HttpResponse:
    today = clock.to_date(clock.today())
    duties = Duty.objects.filter(staff=staff).select_related("office").order_by("to_on", "-from_on")
    lines = [
        {"duty": d, "word": words.say(*rules.DUTIES[d.code]), "over": d.to_on and d.to_on <= today}
        for d in duties
    ]
    context = {
        "staff": staff,
        "now": [line for line in lines if not line["over"]],
        "before": [line for line in lines if line["over"]],
        "may_change": staff.is_active and _may_change(request, staff),
        "codes": [(code, words.say(*names)) for code, names in rules.DUTIES.items()],
        "offices": places(request),
        "error": error,
        "link": link,
    }
    return render(request, "people/person.html", context, status=status(error) if error else 200)


def _may_change(request: Request, staff: Staff) -> bool:
    return door.may(request.user, CHANGE, staff.office)


def places(request: Request, act: str = CHANGE) -> list[tuple[str, str]]:
    """Where this administrator may do something, as the tree has it: (id, name set in by its depth)."""
    ids = door.offices(request.user, act) if door.may(request.user, act) else []
    rows = (
        Office.objects.order_by("path") if ids is None else Office.objects.filter(pk__in=ids).order_by("path")
    )
    return [(str(o.pk), "\u2003" * (o.path.count("/") - 1) + o.name) for o in rows]


def _office_of(request: Request, offices: list[Office]) -> Office | None:
    asked = whole(request.GET.get("office", "")) or request.user.office_id
    return next((office for office in offices if office.pk == asked), None)


def _duties(staff: list[Staff]) -> dict[int, list[str]]:
    today = clock.to_date(clock.today())
    held: dict[int, list[str]] = {}
    names = {one.pk: one.office_id for one in staff}
    for duty in Duty.objects.select_related("office").filter(from_on__lte=today).order_by("from_on", "id"):
        if duty.staff_id in names and (duty.to_on is None or duty.to_on > today):
            word = words.say(*rules.DUTIES[duty.code])
            away = names[duty.staff_id] != duty.office_id
            held.setdefault(duty.staff_id, []).append(f"{word} · {duty.office.name}" if away else word)
    return held


def _titles() -> list[tuple[str, str]]:
    return [(title, title or "—") for title in rules.TITLES]


urlpatterns: list[Any] = [
    path("", index, name="people"),
    path("new/", hire, name="person-new"),
    path("offices/new/", open_office, name="office-new"),
    path("<int:number>/", person, name="person"),
    path("<int:number>/duties/", give_duty, name="duty-give"),
    path("<int:number>/duties/<int:duty>/end/", end_duty, name="duty-end"),
    path("<int:number>/leave/", leave, name="person-leave"),
    path("<int:number>/factor/", drop_factor, name="factor-drop"),
    path("<int:number>/invite/", invite, name="person-invite"),
]
