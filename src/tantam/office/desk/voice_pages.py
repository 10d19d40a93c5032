"""“My voice”, by a secret link and without an account; and where staff give such a link to whoever they spoke to.

The page sends no address on to anybody (``no-referrer``), so that browsers send its forms without saying where from.
Its forms therefore carry what we signed for this link alone, instead of a cookie: it works without any.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django.views.i18n import set_language

from tantam import clock
from tantam.errors import BadInput, Refused, TantamError
from tantam.office.channels import phonebook
from tantam.office.channels.rules import EVERYTHING
from tantam.office.desk import voice, voice_shown
from tantam.office.desk.exporting import export
from tantam.office.desk.forgetting import held_on
from tantam.office.desk.models import VoicePass
from tantam.office.desk.rules import KINDS, terms
from tantam.office.door import page
from tantam.office.opinions import visitors
from tantam.office.people.models import Request
from tantam.office.watch import status
from tantam.office.words import say

FORM_HOLDS = timedelta(days=1)
MOST_ACTS = 60
"""What one link may do in ten minutes: more than anybody's finger, less than a script."""
CLOSED = 404
_FORM = "tantam.voice.form"
_HEADERS = {
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
}


def _secretly(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Nobody keeps the page, finds it, or is told its address."""

    @wraps(view)
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        for name, value in _HEADERS.items():
            answer.headers[name] = value
        return answer

    return inside


@csrf_exempt  # a signed form of this very link takes its place: see above
@_secretly
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest, secret: str) -> HttpResponse:
    """What somebody said, what we did and sent, and what he lets us do: for whoever holds the secret link."""
    if request.POST.get("language") in dict(settings.LANGUAGES):
        return set_language(request)
    now = clock.now()
    try:
        held = voice.whose(secret, at=now)
    except Refused as no:
        return _closed(request, no, now)
    error: TantamError | None = None
    if request.method == "POST":
        try:
            return _act(request, held, secret, now)
        except TantamError as refused:
            error = refused
    if error is not None and error.code == "voice_closed":
        return _closed(request, error, now)
    answer = render(
        request, "desk/voice.html", _mine(held, now, error), status=status(error) if error else 200
    )
    if error is not None and error.code == "too_often":
        answer.status_code = 429
    return answer


def _closed(request: HttpRequest, no: TantamError, now: datetime) -> HttpResponse:
    """The same for every link that opens nothing; and whoever tries many of them waits."""
    visitor = visitors.visitor_of(request)
    limits = ((settings.SAY_PER_MINUTE, 60, visitor), (settings.SAY_PER_HOUR, 3600, visitor))
    seconds = visitors.wait_for(request, "voice", limits, at=now)
    answer = render(request, "desk/voice_closed.html", {"error": no}, status=429 if seconds else CLOSED)
    if seconds:
        answer.headers["Retry-After"] = str(seconds)
    return answer


def _act(request: HttpRequest, held: VoicePass, secret: str, now: datetime) -> HttpResponse:
    form, typed = _form(held, request.POST.get("form", ""), now), request.POST
    if visitors.wait_for(request, "voice_act", ((MOST_ACTS, 600, str(held.pk)),), at=now):
        raise Refused(
            "too_often", "That was a great deal at once.", "Go on in ten minutes.",
            vi="Bấm nhiều quá một lúc. Mười phút nữa làm tiếp.",
        )  # fmt: skip
    act, purpose = typed.get("act", ""), typed.get("purpose", "")
    if purpose and purpose not in (*voice_shown.MAY, EVERYTHING):
        purpose = "?"  # no purpose of this page, and so of none
    if act == "take" and held.key is not None:
        voice.take_away(held, at=now)
        return export(held.key, held_on(held.key), at=now)
    if act == "stop":
        voice.say_no(held, purpose, at=now, form=form)
        done = say(
            "Đã dừng: {what}. Có hiệu lực ngay.", "Stopped: {what}, from this moment.", what=_word(purpose)
        )
    elif act == "allow":
        voice.say_yes(held, purpose, at=now, form=form)
        done = say(
            "Đã cho phép: {what}. Dừng lúc nào cũng được.",
            "Allowed: {what}. Stop it any time.",
            what=_word(purpose),
        )
    elif act == "ask":
        voice.ask_for(held, typed.get("kind", ""), sure=bool(typed.get("sure")), at=now)
        done = say(
            "Đã ghi yêu cầu. Hạn trả lời ở dưới.", "Written down. The days by which you hear are below."
        )
    elif act == "close" and held.key is not None:
        voice.revoke(held.key, actor=None, at=now)
        return HttpResponseRedirect(reverse("voice", args=[secret]), status=303)
    else:
        raise BadInput(
            "bad_act", "There is no such button here.", "Open the page again.",
            vi="Trang này không có nút ấy. Mở lại trang.",
        )  # fmt: skip
    messages.success(request, done)
    return HttpResponseRedirect(reverse("voice", args=[secret]), status=303)


def _word(purpose: str) -> str:
    word = voice_shown.word_of(purpose)
    return word[:1].lower() + word[1:]


def _form(held: VoicePass, carried: str, now: datetime) -> UUID:
    """The id of a form that came back. Refuses ``form_expired``: too old, of another link, or none of ours."""
    try:
        number, passed, at = Signer(salt=_FORM).unsign_object(carried)
        if passed == held.pk and now - datetime.fromtimestamp(at, now.tzinfo) <= FORM_HOLDS:
            return UUID(number)
    except (BadSignature, ValueError, TypeError):
        pass
    raise Refused(
        "form_expired", "This page had been open for too long.", "Press once more.",
        vi="Trang này mở đã lâu. Bấm lần nữa là được.",
    )  # fmt: skip


def _mine(held: VoicePass, now: datetime, error: TantamError | None) -> dict[str, Any]:
    if held.key is None:
        raise AssertionError("a pass without a key is never opened")
    today = clock.day_of(now)
    asked = voice_shown.requests(held.key, today)
    going = {one["code"] for one in asked if one["open"]}
    days = terms(today)
    may, said = voice_shown.consents(held.key, at=now), voice_shown.fates(held.key, today)
    return {
        "error": error,
        "form": Signer(salt=_FORM).sign_object([uuid4().hex, held.pk, int(now.timestamp())]),
        "said": said,
        "sentence": voice_shown.sentence(said),
        "received": voice_shown.received(held.key),
        "may": may,
        "most": any(one["may"] for one in may[1:]),  # but notices about the service, which stand first
        "asked": asked,
        "kinds": [
            {"code": kind, "word": say(*KINDS[kind][:2]), "days": days[kind]}
            for kind in voice.ASKED
            if kind not in going
        ],
        "latest": voice_shown.LATEST,
        "expires": held.expires_at,
        "everything": EVERYTHING,
        "operator": settings.OPERATOR,
        "demo": settings.DEMO,
    }


@page("voice.give")
@sensitive_post_parameters("who")
@require_http_methods(["GET", "POST"])
def give(request: Request) -> HttpResponse:
    """Give somebody whom one spoke to a link to his own, or end it. The number travels in the body, and the link shows
    once."""
    now, typed, view = clock.now(), request.POST, {}
    error: TantamError | None = None
    if request.method == "POST":
        try:
            view = _give(request, now)
        except TantamError as no:
            error = no
    context = {
        "error": error,
        "reasons": [(code, say(*word)) for code, word in voice.REASONS.items()],
        "because": typed.get("because", ""),
        "how": typed.get("how", "read"),
        "lasts": voice.LASTS.days,
        "sent_lasts": voice.SENT_LASTS.days,
        **view,
    }
    answer = render(request, "desk/voice_give.html", context, status=status(error) if error else 200)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _give(request: Request, now: datetime) -> dict[str, Any]:
    key, because = phonebook.meant(request.POST.get("who", "")), request.POST.get("because", "")
    by: dict[str, Any] = {"actor": request.user, "at": now}
    if request.POST.get("act") == "end":
        return {"key": key, "ended": voice.revoke(key, **by), "act": "end"}
    if request.POST.get("how") == "send":
        address = request.build_absolute_uri(reverse("voice", args=["SECRET"])).replace("SECRET", "{secret}")
        voice.send(key, address, because=because, **by)
        return {"key": key, "act": "send"}
    secret = voice.give(key, because=because, **by)
    return {"key": key, "act": "read", "link": request.build_absolute_uri(reverse("voice", args=[secret]))}


urlpatterns = [path("<str:secret>/", mine, name="voice")]
"""Below /toi/, for anybody with a link."""
