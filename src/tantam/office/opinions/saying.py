"""Where anybody says something: one form without an account, and the page of thanks that shows how it was read.

Whatever is wrong with what was sent, the words come back in the form: nobody writes them twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID, uuid5

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from django.views.i18n import set_language

from tantam import clock
from tantam.errors import BadInput, Fault, Refused, TantamError
from tantam.letters import sort_key
from tantam.office.opinions import actions, rules, visitors
from tantam.office.opinions.models import Opinion
from tantam.office.opinions.shown import heard
from tantam.office.people.models import Office
from tantam.office.watch import status
from tantam.office.words import day, english, hour, say
from tantam.places import PROVINCES

log = structlog.get_logger("tantam")
TRAP = "website"
"""A field that people do not see and robots fill."""
_STATUS = {"no_token": 403, "sent_too_often": 429, "not_written_down": 503, "nobody_to_hear": 503}


@dataclass(frozen=True)
class Place:
    """Where somebody stands who says something: what its address carries, its name, who hears it, and the source that
    ties the opinion to it."""

    code: str
    name: str
    office: Office
    source: tuple[str, Any]


@csrf_exempt  # asked in _number, where a refusal gives the words back
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, place: Place | None = None) -> HttpResponse:
    """A form in which anybody tells us something, without an account or a number; ``place`` where it was opened at
    one."""
    if request.method != "POST":
        blank = {"text": "", "province": "", "form": visitors.new_form(clock.now())}
        answer = _form(request, blank, None, place)
        # Not no-store: a browser that may keep nothing forgets the words when somebody goes back to them.
        answer.headers["Cache-Control"] = "private, max-age=0"
        return answer
    typed = {name: request.POST.get(name, "").replace("\0", "") for name in ("text", "province", "form")}
    typed["text"] = typed["text"].replace("\r\n", "\n")
    if request.POST.get("language") in dict(settings.LANGUAGES):
        return _in_another_language(request, typed, place)
    seconds = 0
    try:
        number = _number(request, typed)
        seconds = visitors.wait_s(request, at=clock.now(), crowd=place is not None)
        if not seconds:
            _keep(request, number, typed, place)
            return HttpResponseRedirect(
                reverse("said", args=[visitors.done(number, clock.now())]), status=303
            )
        error: TantamError = _too_often(seconds)
    except DatabaseError as broken:
        log.error("not_written_down", kind=type(broken).__name__)
        error = _not_written_down()
    except TantamError as refused:
        error = refused
    if error.code == "form_expired":
        typed["form"] = visitors.new_form(clock.now(), again=True)
    answer = _form(request, typed, error, place)
    if seconds:
        answer.headers["Retry-After"] = str(seconds)
    return answer


@require_safe
def said(request: HttpRequest, token: str) -> HttpResponse:
    """Thanks for what was said: how it was kept and read, and what comes next."""
    ours, number = visitors.read_done(token, at=clock.now())
    if not ours:
        raise Http404
    rows = Opinion.objects.filter(channel="web", current=True).exclude(text=rules.GONE)
    opinion = rows.select_related("office").filter(pk=number).first() if number else None
    context = {"opinion": opinion, "read": heard(opinion) if opinion else [], "steps": _steps(opinion)}
    answer = render(request, "opinions/said.html", context)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _form(
    request: HttpRequest, typed: dict[str, str], error: TantamError | None, place: Place | None
) -> HttpResponse:
    names = [(p.code, p.name_en if english() else p.name) for p in PROVINCES]
    context = {
        "typed": typed,
        "place": place,
        "error": error,
        "wrong_text": error is not None and error.code in ("empty_opinion", "opinion_too_long"),
        "provinces": [
            ("", say("Tôi không chọn", "I would rather not say")),
            *sorted(names, key=lambda pair: sort_key(pair[1].removeprefix("TP. "))),
        ],
        "most": rules.MOST_TEXT,
        "trap": TRAP,
    }
    code = 200 if error is None else _STATUS.get(error.code) or status(error)
    answer = render(request, "opinions/say.html", context, status=code)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _in_another_language(request: HttpRequest, typed: dict[str, str], place: Place | None) -> HttpResponse:
    """The switch on this page sends the form, so that what is typed already stays."""
    language = request.POST["language"]
    with translation.override(language):
        answer = _form(request, typed, None, place)
    answer.headers["Content-Language"] = language
    answer.cookies.update(set_language(request).cookies)
    return answer


def _number(request: HttpRequest, typed: dict[str, str]) -> UUID:
    """Which opinion this is: from the form and the words, so that the same sent twice is one, and what somebody writes
    after going back is another."""
    # The middleware itself, asked here: on its own it would answer with a page without the words.
    if CsrfViewMiddleware(form).process_view(request, cast(Any, None), (), {}) is not None:
        raise Refused(
            "no_token",
            "Your browser did not keep this page's cookie, so we cannot tell that it was you who sent this.",
            "Press send once more; if this comes again, let the browser keep cookies, or call us.",
            vi="Trình duyệt không giữ cookie của trang, nên chưa chắc chính bạn gửi lời này. Bấm gửi lần nữa; "
            "nếu vẫn hiện câu này thì cho phép cookie, hoặc gọi tổng đài.",
        )
    words = typed["text"].strip()
    if not words:
        raise BadInput(
            "empty_opinion",
            "Nothing is written yet.",
            "Write something, then send.",
            vi="Chưa có chữ nào. Bạn viết rồi bấm gửi.",
        )
    if len(words) > rules.MOST_TEXT:
        raise BadInput(
            "opinion_too_long",
            f"One message holds {rules.MOST_TEXT:,} letters; this has {len(words):,}.",
            "Send it in two.",
            vi=f"Một lần gửi được {rules.MOST_TEXT} chữ, lời này có {len(words)}. Bạn gửi làm hai lần.",
        )
    return uuid5(visitors.read_form(typed["form"], at=clock.now()), words)


def _keep(request: HttpRequest, number: UUID, typed: dict[str, str], place: Place | None) -> None:
    """Write it down at its place, at the office of its province, or at headquarters; what fell into the trap is only
    counted."""
    now = clock.now()
    if request.POST.get(TRAP):
        return visitors.turn_away(at=now)
    office = place.office if place else _office_of(typed["province"])
    if office is None:
        raise Refused(
            "nobody_to_hear",
            "No office is open yet to hear this. Your words are still below.",
            "Keep them and come back later.",
            vi="Chưa có văn phòng nào mở để nghe. Lời bạn viết còn nguyên ở dưới, giữ lại và quay lại sau.",
        )
    actions.register(
        actor=None,
        at=now,
        id=number,
        text=typed["text"],
        tone=None,
        channel="web",
        said_at=now,
        office=office,
        source=place.source if place else ("web", number),
    )


def _office_of(province: str) -> Office | None:
    open_ = Office.objects.filter(closed_on__isnull=True).order_by("path")
    there = open_.filter(level="province", province=province or None).first()
    return there or open_.filter(level="headquarters").first()


def _too_often(seconds: int) -> Refused:
    minutes = -(-seconds // 60)
    return Refused(
        "sent_too_often",
        "Many messages came from your network just now. Your words are still below.",
        f"Press send again in {minutes} minute{'' if minutes == 1 else 's'}.",
        vi=f"Vừa có nhiều lời gửi từ mạng của bạn. Lời bạn viết còn nguyên ở dưới, {minutes} phút nữa bấm gửi lại.",
    )


def _not_written_down() -> Fault:
    return Fault(
        "not_written_down",
        "Our own fault: it could not be written down. Your words are still below.",
        "Press send once more in a minute.",
        vi="Lỗi của chúng tôi: chưa ghi được. Lời bạn viết còn nguyên ở dưới, một phút nữa bấm gửi lại.",
    )


def _steps(opinion: Opinion | None) -> list[dict[str, Any]]:
    """What has happened to it, and what is still owed."""
    if opinion is None:
        return []
    at = opinion.said_at
    return [
        {
            "state": "done",
            "title": say("Ghi lại nguyên lời, đã che điều riêng", "Written down word for word, masked"),
            "facts": f"{opinion.office.name} · {day(at)}, {hour(at)}",
        },
        {
            "state": "next",
            "title": say(
                "Có người đọc, chuyển tới nơi trả lời được", "Read by people, handed to who can answer"
            ),
        },
        {
            "state": "next",
            "title": say(
                "Nhận lời, hẹn, hoặc nói vì sao không", "Accepted, put off, or refused with a reason"
            ),
        },
    ]


urlpatterns = [
    path("xong/<str:token>/", said, name="said"),
]
