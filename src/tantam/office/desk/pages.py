"""What people see of requests about a person's data: those that wait, one with its clock, and the form to start one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tantam import clock, keys
from tantam.errors import BadInput, TantamError
from tantam.office import paging
from tantam.office.channels import phonebook
from tantam.office.desk import actions, forgetting, rules, voice_pages
from tantam.office.desk.models import DataRequest
from tantam.office.desk.shown import clocks, row_of, thread
from tantam.office.door import may, offices, page
from tantam.office.people.models import Office, Request
from tantam.office.watch import status
from tantam.office.words import say

ROOMS = {
    "events": ("buổi gặp", "gatherings"),
    "opinions": ("ý kiến", "opinions"),
    "cases": ("khiếu nại, câu hỏi", "complaints and questions"),
    "programmes": ("chương trình", "programmes"),
    "promises": ("lời hứa", "promises"),
    "parties": ("khách và đối tác", "parties"),
    "people": ("nhân viên", "staff"),
    "channels": ("liên lạc", "contacts"),
    "desk": ("đường dẫn Lời của tôi", "links to My voice"),
    "base": ("tệp thuê bao", "the base"),
}


@page("request.see")
@require_GET
def index(request: Request) -> HttpResponse:
    """Requests that wait, late ones first; or those that are done, the latest first."""
    done = request.GET.get("state") == "done"
    today = clock.to_date(clock.today())
    seen = _seen(request)
    waiting = seen.filter(next_due__isnull=False)
    if done:
        rows, order = seen.filter(answered_at__isnull=False), ("-answered_at", "-id")
    else:
        rows, order = waiting, ("next_due", "id")
    rows = rows.select_related("office", "owner", "first_promise", "promise")
    shown = paging.page(rows, request.GET.get("after", ""), *order)
    count, late = waiting.count(), waiting.filter(next_due__lt=today).count()
    context = {
        "page": shown,
        "requests": [row_of(r, today) for r in shown.rows],
        "waiting": count,
        "late": late,
        "done": done,
        "terms": rules.terms(today),
        "filters": [
            {"href": "?", "word": say("Đang chờ", "Waiting"), "on": not done, "count": count},
            {"href": "?state=done", "word": say("Đã xong", "Done"), "on": done},
        ],
        "may_start": may(request.user, "request.start"),
        "may_give": may(request.user, "voice.give"),
    }
    return render(request, "desk/index.html", context)


@page("request.start")
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Write down what a person asks; a number becomes a key at once and is kept nowhere."""
    typed = {name: request.POST.get(name, "").strip() for name in ("who", "kind", "said_by", "on", "office")}
    ids = offices(request.user, "request.start")
    rows = Office.objects.filter(closed_on__isnull=True)
    places = list((rows if ids is None else rows.filter(pk__in=ids)).order_by("path"))
    error = None
    if request.method == "POST":
        try:
            started = _start(request, typed, places)
        except TantamError as refused:
            error = refused
        else:
            messages.success(
                request, say("Đã ghi yêu cầu. Đồng hồ đang chạy.", "Written down. The clock is running.")
            )
            return _go(started)
    else:
        typed |= {"said_by": "phone", "on": f"{clock.to_date(clock.today()):%d/%m/%Y}"}
    context = {
        "typed": typed,
        "error": error,
        "kinds": [
            ("", say("Chọn…", "Choose…")),
            *((code, say(vi, en)) for code, (vi, en, _) in rules.KINDS.items()),
        ],
        "ways": [(code, say(*words)) for code, words in rules.SAID_BY.items() if code != "web"],
        "places": [(o.pk, o.name) for o in places],
    }
    return render(request, "desk/new.html", context, status=status(error) if error else 200)


@page("request.see")
@require_GET
def one(request: Request, number: UUID) -> HttpResponse:
    """One request: its thread, its clocks and what may be done."""
    return _one(request, _get(request, number))


@page("request.answer")
@require_POST
def first(request: Request, number: UUID) -> HttpResponse:
    """The person has had the first answer."""
    said = say("Đã ghi lần trả lời đầu.", "The first answer was written down.")
    return _act(
        request, number, said, lambda r, **by: actions.first_answer(r, proof=_text(request, "proof"), **by)
    )


@page("request.answer")
@require_POST
def answer(request: Request, number: UUID) -> HttpResponse:
    """The request is done, or could not be."""
    given: dict[str, Any] = {"outcome": _text(request, "outcome"), "proof": _text(request, "proof")}
    said = say("Yêu cầu đã khép lại.", "The request is closed.")
    return _act(request, number, said, lambda r, **by: actions.answer_request(r, **given, **by))


@page("request.extend")
@require_POST
def extend(request: Request, number: UUID) -> HttpResponse:
    """A deletion takes more days."""
    days = _text(request, "days")
    given: dict[str, Any] = {
        "days": int(days) if days.isdecimal() and len(days) < 4 else 0,
        "reason": _text(request, "reason"),
    }
    said = say("Đã gia hạn một lần; hạn đầu vẫn còn đó.", "Extended once; the first due date stays.")
    return _act(request, number, said, lambda r, **by: actions.extend(r, **given, **by))


@page("request.forget")
@require_POST
def forget(request: Request, number: UUID) -> HttpResponse:
    """Delete the person everywhere, after a tick that says so."""

    def sure(asked: DataRequest, **by: Any) -> None:
        if not request.POST.get("sure"):
            raise BadInput(
                "not_sure",
                "Deleting cannot be undone, and it was not confirmed.",
                "Tick the box first.",
                vi="Xóa rồi không lấy lại được. Đánh dấu ô xác nhận trước.",
            )
        forgetting.forget_everywhere(asked, **by)

    return _act(request, number, say("Đã xóa ở mọi phòng.", "Deleted in every room."), sure)


def _act(request: Request, number: UUID, said: str, act: Callable[..., Any]) -> HttpResponse:
    asked = _get(request, number)
    try:
        act(asked, actor=request.user, at=clock.now())
    except TantamError as error:
        return _one(request, asked, error)
    messages.success(request, said)
    return _go(asked)


def _one(request: Request, asked: DataRequest, error: TantamError | None = None) -> HttpResponse:
    today = clock.to_date(clock.today())
    open_ = asked.answered_at is None
    deletion = asked.kind == "delete"

    def can(act: str) -> bool:
        return open_ and may(request.user, act, asked.office)

    context = {
        "asked": asked,
        "row": row_of(asked, today),
        "steps": thread(asked, today),
        "clocks": clocks(asked),
        "cleaned": [
            (say(*ROOMS[room]), rows) for room, rows in asked.forgotten_rows.items() if room in ROOMS
        ],
        "can_first": can("request.answer") and asked.first_answered_at is None,
        "can_answer": can("request.answer"),
        "can_forget": can("request.forget") and deletion and asked.forgotten_at is None,
        "can_look": may(request.user, "person.look"),
        "can_extend": can("request.extend") and deletion and not asked.extended_days,
        "must_forget": deletion and asked.forgotten_at is None,
        "terms": rules.terms(asked.received_on),
        "outcomes": [(code, say(*words)) for code, words in rules.OUTCOMES.items()],
        "typed": {name: request.POST.get(name, "") for name in ("proof", "outcome", "days", "reason")},
        "done_by": request.resolver_match.url_name if request.resolver_match else "",
        "error": error,
    }
    return render(request, "desk/one.html", context, status=status(error) if error else 200)


def _start(request: Request, typed: dict[str, str], places: list[Office]) -> DataRequest:
    key = phonebook.whose(typed["who"])
    if key is None:
        raise BadInput(
            "nobody_known",
            "That is neither a subscriber's key nor a mobile number.",
            "Ask for the number again.",
            vi="Không phải mã thuê bao, cũng không phải số di động. Hỏi lại số rồi gõ lần nữa.",
        )
    typed["who"] = keys.show(key)  # a number is never shown again
    return actions.start_request(
        actor=request.user,
        at=clock.now(),
        kind=typed["kind"],
        key=key,
        said_by=typed["said_by"],
        office=next((o for o in places if str(o.pk) == typed["office"]), places[0]),
        received_on=clock.to_date(clock.parse_day(typed["on"])),
    )


def _seen(request: Request) -> QuerySet[DataRequest]:
    ids = offices(request.user, "request.see")
    return DataRequest.objects.all() if ids is None else DataRequest.objects.filter(office__in=ids)


def _get(request: Request, number: UUID) -> DataRequest:
    rows = _seen(request).select_related("office", "owner", "taken_by", "first_promise", "promise")
    return get_object_or_404(rows, pk=number)


def _text(request: Request, name: str) -> str:
    return request.POST.get(name, "").strip()


def _go(asked: DataRequest) -> HttpResponse:
    return HttpResponseRedirect(reverse("request", args=[asked.pk]), status=303)


urlpatterns = [
    path("", index, name="requests"),
    path("new/", new, name="request-new"),
    path("voice/", voice_pages.give, name="voice-give"),
    path("<uuid:number>/", one, name="request"),
    path("<uuid:number>/first/", first, name="request-first"),
    path("<uuid:number>/answer/", answer, name="request-answer"),
    path("<uuid:number>/extend/", extend, name="request-extend"),
    path("<uuid:number>/forget/", forget, name="request-forget"),
]
