"""What people see of opinions: the list, one with its thread, and the form for what somebody said."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import include, path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from uuid_utils.compat import uuid7

from tantam import clock, keys
from tantam.errors import BadInput, TantamError
from tantam.listen.columns import TOPICS, URGENCIES, WORDS
from tantam.office import paging
from tantam.office.channels import phonebook
from tantam.office.door import may, offices, page
from tantam.office.opinions import actions, docket_pages, intake_pages, promise_pages, rules, theme_acts
from tantam.office.opinions.models import SAID, Opinion
from tantam.office.opinions.shown import earlier, seen, shown, thread
from tantam.office.people.models import Office, Request
from tantam.office.watch import status
from tantam.office.words import say

FILTERS = ("state", "channel", "office", "topic", "complaint", "urgency")
STATES = {"said": ("Chưa chuyển", "Not forwarded"), "forwarded": ("Đã chuyển", "Forwarded")}
COMPLAINTS = {"yes": ("có điều cần sửa", "something to mend"), "no": ("không", "nothing to mend")}


@page("opinion.see")
@require_GET
def index(request: Request) -> HttpResponse:
    """What was said, newest first; by state, channel and office, and by what the machine read in it. Those that wait
    can be handed on together."""
    return _index(request, None)


@page("opinion.forward")
@require_POST
def forward(request: Request) -> HttpResponse:
    """Hand the chosen opinions on."""
    try:
        ids = [UUID(text) for text in request.POST.getlist("opinion")]
        to = _to(request)
        if not ids:
            raise BadInput(
                "none_chosen",
                "No opinion was chosen.",
                "Tick those to forward.",
                vi="Chưa chọn ý kiến nào. Đánh dấu những ý kiến cần chuyển.",
            )
        done = actions.forward(ids, actor=request.user, at=clock.now(), to=to)
    except (TantamError, ValueError) as error:
        no = error if isinstance(error, TantamError) else rules.incomplete()
        return _index(request, no)
    said = say(
        "Đã chuyển {n} ý kiến tới {to}.", "{n opinion|opinions} forwarded to {to}.", n=done, to=to.name
    )
    messages.success(request, said)
    return _go(reverse("opinion", args=[ids[0]]) if len(ids) == 1 else reverse("opinions"))


@page("opinion.register")
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Write down what somebody said at a counter, on the phone or in a letter."""
    fields = ("id", "text", "tone", "channel", "on", "office", "who", "competitor")
    typed = {name: request.POST.get(name, "").strip() for name in fields}
    places = _places(request, "opinion.register")
    error = None
    if request.method == "POST":
        try:
            opinion = _register(request, typed, places)
        except TantamError as refused:
            error = refused
        else:
            messages.success(
                request, say("Đã ghi nguyên lời, số riêng đã che.", "Written down, private numbers masked.")
            )
            return _go(reverse("opinion", args=[opinion.pk]))
    else:
        today = clock.to_date(clock.today())
        typed |= {"id": str(uuid7()), "tone": "idea", "channel": "counter", "on": f"{today:%d/%m/%Y}"}
    context = {
        "typed": typed,
        "error": error,
        "tones": [(code, say(vi, en)) for code, (vi, en, _) in rules.TONES.items()],
        "channels": [(code, say(*rules.CHANNELS[code])) for code in rules.TYPED],
        "places": [(o.pk, o.name) for o in places],
        "most": rules.MOST_TEXT,
    }
    return render(request, "opinions/new.html", context, status=status(error) if error else 200)


@page("opinion.see")
@require_GET
def one(request: Request, number: UUID) -> HttpResponse:
    """One opinion: its words, how far it has come, who spoke, and the words before a correction."""
    return _one(request, number, None, {})


@page("opinion.correct")
@require_POST
def correct(request: Request, number: UUID) -> HttpResponse:
    """Put the words right."""
    opinion = get_object_or_404(seen(request.user).select_related("office"), pk=number)
    typed = {"text": request.POST.get("text", ""), "reason": request.POST.get("reason", "")}
    try:
        fresh = actions.correct(opinion, actor=request.user, at=clock.now(), **typed)
    except TantamError as error:
        return _one(request, number, error, typed)
    messages.success(request, say("Đã sửa lời; lời cũ còn ở dưới.", "Corrected; the old words stay below."))
    return _go(reverse("opinion", args=[fresh.pk]))


@page("opinion.sort")
@require_POST
def topic(request: Request, number: UUID) -> HttpResponse:
    """Say what an opinion is about."""
    opinion = get_object_or_404(seen(request.user).select_related("office"), pk=number)
    try:
        actions.sort(opinion, actor=request.user, at=clock.now(), topic=request.POST.get("topic", ""))
    except TantamError as error:
        return _one(request, number, error, {})
    messages.success(request, say("Đã xếp theo chủ đề bạn chọn.", "Put under the topic you chose."))
    return _go(reverse("opinion", args=[opinion.pk]))


def _index(request: Request, error: TantamError | None) -> HttpResponse:
    asked = {name: request.GET.get(name, "") for name in FILTERS}
    mine = seen(request.user).filter(current=True)
    places = _places(request, "opinion.see")
    chosen = next((o for o in places if str(o.pk) == asked["office"]), None)
    if chosen is not None:
        mine = mine.filter(office__in=[o.pk for o in places if o.path.startswith(chosen.path)])
    waiting = paging.some(mine.filter(state=SAID).exclude(text=rules.GONE))
    rows = mine
    if asked["channel"] in rules.CHANNELS:
        rows = rows.filter(channel=asked["channel"])
    if asked["state"] in STATES:
        rows = rows.filter(state=asked["state"])
    rows = _as_read(rows, asked)
    rows = rows.select_related("office", "forwarded_to")
    listed = paging.page(rows, request.GET.get("after", ""), "-said_at", "-id")
    context = {
        "page": listed,
        "opinions": [shown(o) for o in listed.rows],
        "waiting": waiting,
        "many": waiting > paging.COUNTED,
        "most": paging.COUNTED,
        "states": _links(asked, "state", STATES, {"said": waiting if waiting <= paging.COUNTED else None}),
        "channels": _links(asked, "channel", rules.CHANNELS, {}),
        "topics": _links(asked, "topic", {t: WORDS[t] for t in TOPICS}, {}),
        "complaints": _links(asked, "complaint", COMPLAINTS, {}),
        "urgencies": _links(asked, "urgency", {u: WORDS[u] for u in reversed(URGENCIES)}, {}),
        "places": _links(asked, "office", {str(o.pk): (o.name, o.name) for o in places}, {})
        if places[1:]
        else [],
        "place": chosen,
        "clear": reverse("opinions") if any(asked.values()) else "",
        "by_place": asked["channel"] or asked["office"],
        "by_reading": asked["topic"] or asked["complaint"] or asked["urgency"],
        "may_register": may(request.user, "opinion.register"),
        "towards": _towards(request) if asked["state"] == SAID or error else [],
        "error": error,
    }
    return render(request, "opinions/index.html", context, status=status(error) if error else 200)


def _as_read(rows: QuerySet[Opinion], asked: dict[str, str]) -> QuerySet[Opinion]:
    """Those in which the machine read what is asked for."""
    if asked["topic"] in TOPICS:
        rows = rows.filter(topic=asked["topic"])
    if asked["complaint"] in COMPLAINTS:
        rows = rows.filter(complaint=asked["complaint"] == "yes")
    if asked["urgency"] in URGENCIES:
        rows = rows.filter(urgency=asked["urgency"])
    return rows


def _one(request: Request, number: UUID, error: TantamError | None, typed: dict[str, str]) -> HttpResponse:
    rows = seen(request.user).select_related("office", "forwarded_to", "speaker_party", "theme__into")
    opinion = get_object_or_404(rows, pk=number)
    newer = Opinion.objects.filter(corrects=opinion).values_list("pk", flat=True).first()
    open_ = opinion.current and opinion.text != rules.GONE
    context = {
        "opinion": opinion,
        "shown": shown(opinion),
        "steps": thread(opinion),
        "earlier": earlier(opinion),
        "newer": newer,
        "sees_speaker": may(request.user, "party.see", opinion.office),
        "may_correct": open_ and may(request.user, "opinion.correct", opinion.office),
        "may_sort": open_ and may(request.user, "opinion.sort", opinion.office),
        "topics": [(code, say(*WORDS[code])) for code in TOPICS],
        "towards": _towards(request) if open_ and opinion.state == SAID else [],
        "typed": {"text": opinion.text, "reason": "", **typed},
        "error": error,
        "most": rules.MOST_TEXT,
    }
    return render(request, "opinions/one.html", context, status=status(error) if error else 200)


def _register(request: Request, typed: dict[str, str], places: list[Office]) -> Opinion:
    now = clock.now()
    key = phonebook.whose(typed["who"]) if typed["who"] else None
    if typed["who"] and key is None:
        raise BadInput(
            "nobody_known",
            "That is neither a subscriber's key nor a mobile number.",
            "Type the number again, or leave it empty.",
            vi="Không phải mã thuê bao, cũng không phải số di động. Gõ lại, hoặc để trống.",
        )
    typed["who"] = keys.show(key) if key is not None else ""  # a number is never shown again
    office = next((o for o in places if str(o.pk) == typed["office"]), places[0])
    try:
        number, on = UUID(typed["id"]), clock.to_date(clock.parse_day(typed["on"]))
    except ValueError:
        raise rules.incomplete() from None
    return actions.register(
        actor=request.user,
        at=now,
        id=number,
        text=typed["text"],
        tone=typed["tone"],
        channel=typed["channel"] if typed["channel"] in rules.TYPED else "",
        said_at=_moment(on, now),
        office=office,
        key=key,
        competitor=bool(typed["competitor"]),
    )


def _moment(on: date, now: datetime) -> datetime:
    """Noon of the day, or now if that is today: a letter knows its day only."""
    if on == now.astimezone(clock.HANOI).date():
        return now
    return datetime(on.year, on.month, on.day, 12, tzinfo=clock.HANOI)


def _places(request: Request, act: str) -> list[Office]:
    ids = offices(request.user, act)
    rows = Office.objects.filter(closed_on__isnull=True)
    return list((rows if ids is None else rows.filter(pk__in=ids)).order_by("path"))


def _towards(request: Request) -> list[tuple[int, str]]:
    """Where opinions can be handed on to: headquarters first, then the provinces."""
    if not may(request.user, "opinion.forward"):
        return []
    rows = Office.objects.filter(closed_on__isnull=True).exclude(level="branch").order_by("level", "name")
    return [(o.pk, o.name) for o in rows]


def _to(request: Request) -> Office:
    to = request.POST.get("to", "")
    office = Office.objects.filter(pk=int(to), closed_on__isnull=True).first() if to.isdecimal() else None
    if office is None:
        raise rules.incomplete()
    return office


def _links(
    asked: dict[str, str], name: str, choices: dict[str, tuple[str, str]], counts: dict[str, int | None]
) -> list[dict[str, Any]]:
    every = [("", ("Tất cả", "All")), *choices.items()]
    return [
        {
            "href": "?" + urlencode({k: v for k, v in {**asked, name: code}.items() if v}),
            "word": say(*words),
            "on": asked[name] == code,
            "count": counts.get(code),
        }
        for code, words in every
    ]


def _go(address: str) -> HttpResponse:
    return HttpResponseRedirect(address, status=303)


urlpatterns = [
    path("", index, name="opinions"),
    path("new/", new, name="opinion-new"),
    path("forward/", forward, name="opinion-forward"),
    path("themes/", include([*docket_pages.urlpatterns, *intake_pages.urlpatterns])),
    path("themes/", include([*theme_acts.urlpatterns, *promise_pages.urlpatterns])),
    path("<uuid:number>/", one, name="opinion"),
    path("<uuid:number>/correct/", correct, name="opinion-correct"),
    path("<uuid:number>/topic/", topic, name="opinion-topic"),
]
