"""What staff see of votes: the polls, how to open one, and what people answered by month and place."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tantam import clock
from tantam.base.home import Home
from tantam.errors import TantamError
from tantam.office import paging
from tantam.office.channels.models import Message
from tantam.office.channels.sms.parts import accentless, plan
from tantam.office.door import may, offices, page
from tantam.office.people.models import Office, Request
from tantam.office.quality import charts, shown, votes, voting
from tantam.office.quality.models import KEPT, MISSING, TOO_FEW, Ballot, Poll, Vote
from tantam.office.quality.voting import Score
from tantam.office.typed import whole
from tantam.office.watch import status
from tantam.office.words import day, number, say

USUAL_COUNT, USUAL_DAYS = 1_000, 14


@page("poll.see")
@require_GET
def index(request: Request) -> HttpResponse:
    """All polls, the newest first."""
    today = clock.day_of(clock.now())
    listed = paging.page(Poll.objects.all(), request.GET.get("after", ""), "-from_on", "-id", size=20)
    counted = _counted(listed.rows)
    rows = [_row(poll, *counted[poll.pk], today) for poll in listed.rows]
    context = {"page": listed, "rows": rows, "may_open": may(request.user, "poll.open")}
    return render(request, "quality/polls.html", context)


@page("poll.see")
@require_GET
def detail(request: Request, number: int) -> HttpResponse:
    """One poll: the score, its months, its places."""
    return _detail(request, _found(number))


@page("poll.open")
@require_POST
def ask(request: Request, number: int) -> HttpResponse:
    """Draw the people and ask them."""
    poll, now = _found(number), clock.now()
    try:
        drawn = votes.draw(poll, Home(settings.HOME), actor=request.user, at=now)
        asked = votes.ask(poll, actor=request.user, at=now)
    except TantamError as no:
        return _detail(request, poll, no)
    messages.success(
        request,
        say("Đã rút thăm {n} người, {asked} tin đang chờ gửi.", "{n} people drawn, {asked} messages wait to go out.",
            n=drawn, asked=asked),
    )  # fmt: skip
    return _see(poll)


@page("poll.open")
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """The form of a new poll; it begins today."""
    error, now = None, clock.now()
    today = clock.day_of(now)
    if request.method == "POST":
        try:
            return _see(_open(request, now))
        except TantamError as no:
            error = no
    allowed = offices(request.user, "poll.open")
    here = Office.objects.exclude(level="branch").order_by("path")
    return render(
        request,
        "quality/poll_new.html",
        {
            "error": error,
            "typed": request.POST,
            "kinds": [(code, say(*words)) for code, words in voting.KINDS.items()],
            "places": [(one.pk, one.name) for one in here if allowed is None or one.pk in allowed],
            "count": USUAL_COUNT,
            "most": votes.MOST_ASKED,
            "today": today,
            "until": today + timedelta(days=USUAL_DAYS),
        },
        status=status(error) if error else 200,
    )


def _open(request: Request, now: Any) -> Poll:
    typed = request.POST
    office = Office.objects.filter(pk=whole(typed.get("office", ""))).first()
    if office is None:
        raise Http404
    try:
        to_on = date.fromisoformat(typed.get("to_on", ""))
    except ValueError:
        to_on = date.min
    return votes.open_poll(
        actor=request.user, at=now, kind=typed.get("kind", ""), question=typed.get("question", ""), office=office,
        from_on=clock.day_of(now), to_on=to_on, count=whole(typed.get("count", "")),
        names=typed.get("names", "").splitlines(),
    )  # fmt: skip


def _detail(request: Request, poll: Poll, error: TantamError | None = None) -> HttpResponse:
    today = clock.day_of(clock.now())
    counts = votes.counted(poll)
    voted, drawn = votes.turnout(poll)
    all_of_them = sum((some for some in counts.values()), Counter[int]())
    months = voting.by_month(poll.kind, counts)
    whole_score = voting.score(poll.kind, all_of_them)
    text = accentless(votes.text_of(poll))
    context = {
        "poll": poll,
        "error": error,
        "answer": _answer(poll, whole_score),
        "turnout": _turnout(voted, drawn),
        "state": _state(poll, drawn, today),
        "choices": _choices(poll, all_of_them),
        "charts": _charts(months) if len(months) > 1 else [],
        "moves": [_move(one) for one in voting.moves(months)],
        "young": 0 < len(months) <= voting.BEFORE,
        "before": voting.BEFORE,
        "places": _places(poll, counts),
        "text": text,
        "parts": len(plan(text).parts),
        "drawn": drawn,
        "may_ask": may(request.user, "poll.open", poll.office) and _to_ask(poll, today),
        "messages_of": f"{reverse('messages')}?about=poll:{poll.pk}",
    }
    return render(request, "quality/poll.html", context, status=status(error) if error else 200)


def _to_ask(poll: Poll, today: date) -> bool:
    """Whether anybody is still to be drawn or asked."""
    asked = Message.objects.filter(about_kind="poll", about_id=str(poll.pk))
    return poll.from_on <= today <= poll.to_on and (not poll.base_digest or not asked.exists())


def _answer(poll: Poll, one: Score) -> str:
    if one.value is None:
        return say("Chưa ai trả lời.", "Nobody has answered yet.")
    if poll.kind == "choice":
        return say("{n} người đã chọn.", "{n person has|people have} chosen.", n=one.n)
    if one.few:
        return say(
            "Mới {n} người trả lời, chưa đủ để nói một con số: có thể từ {low} đến {high}.",
            "Only {n} answered, too few for one figure: it may be {low} to {high}.",
            n=one.n, low=_figure(poll.kind, one.low), high=_figure(poll.kind, one.high),
        )  # fmt: skip
    value = _figure(poll.kind, one.value)
    return say(
        "{value}, có thể từ {low} đến {high}, theo {n} người trả lời.",
        "{value}, and may be {low} to {high}, by {n} people who answered.",
        value=say("{n} điểm", "{n} points", n=value) if poll.kind == "nps" else value,
        low=_figure(poll.kind, one.low), high=_figure(poll.kind, one.high),
        n=number(one.n),
    )  # fmt: skip


def _turnout(voted: int, drawn: int) -> str:
    if not drawn:
        return ""
    return say(
        "{n} trong {all} người được rút thăm đã trả lời. Ai không trả lời thì không biết họ nghĩ gì.",
        "{n} of {all} people who were drawn answered. What the others think nobody knows.",
        n=number(voted), all=number(drawn),
    )  # fmt: skip


def _figure(kind: str, value: float | None) -> str:
    if value is None:
        return ""
    return number(value) if kind == "nps" else f"{number(value)}\u00a0%"


def _state(poll: Poll, drawn: int, today: date) -> tuple[str, str]:
    """Tone and word of where a poll stands."""
    if today > poll.to_on:
        return "line", say("đã hết hạn", "over")
    if not drawn:
        return "nghe", say("chưa rút thăm", "nobody drawn yet")
    return "cham", say("đang hỏi, tới {on}", "running, until {on}", on=day(poll.to_on))


def _choices(poll: Poll, counts: Counter[int]) -> list[dict[str, Any]]:
    """What there was to choose, the most chosen first."""
    found = [
        {"name": name, "score": voting.score("choice", counts, n), "n": counts[n]}
        for n, name in enumerate(poll.names, 1)
    ]
    for one in found:
        one["said"] = _said("choice", one["score"])
    return sorted(found, key=lambda one: -one["n"])


def _said(kind: str, one: Score) -> str:
    """A score with its interval, or the interval alone where few answered."""
    if one.value is None:
        return ""
    low, high = _figure(kind, one.low), _figure(kind, one.high)
    span = say("{low} đến {high}", "{low} to {high}", low=low, high=high).replace(" ", "\u00a0")
    return span if one.few else f"{_figure(kind, one.value)} ({span})"


def _charts(months: list[tuple[date, Score]]) -> list[Any]:
    """The months for a wide page and for a telephone."""
    points = [
        charts.Point(
            month,
            one.value,
            one.low,
            one.high,
            MISSING if one.value is None else TOO_FEW if one.few else KEPT,
        )
        for month, one in months
    ]
    finding = say("Điểm theo tháng, với khoảng tin cậy", "The score by month, with its interval")
    return [charts.year(points, level=None, finding=finding, size=size) for size in ((960, 260), (300, 220))]


def _move(one: voting.Move) -> str:
    word = (say("xuống", "fell"), say("lên", "rose"))[one.value > one.before]
    return say(
        "Tháng {on}: {word} {value}, trong khi các tháng trước cho thấy từ {low} đến {high}. Không phải dao động "
        "thường: cứ 100 tháng bình thường mới có 1 tháng bị báo nhầm.",
        "{on}: {word} to {value}, where the months before led to expect {low} to {high}. This is no usual swing: of "
        "100 usual months about 1 is called so by mistake.",
        on=shown.month(one.month), word=word, value=number(one.value), low=number(one.low),
        high=number(one.high),
    )  # fmt: skip


def _places(poll: Poll, counts: voting.Votes) -> list[dict[str, Any]]:
    """Each place, those that stand apart first, then by how many answered."""
    if poll.kind == "choice":
        return []
    places = voting.by_place(counts)
    apart = voting.apart(poll.kind, places)
    rows = [
        {"name": shown.place(code), "score": one, "said": _said(poll.kind, one), "apart": code in apart}
        for code, one in ((code, voting.score(poll.kind, some)) for code, some in places.items())
    ]
    return sorted(rows, key=lambda row: (not row["apart"], -row["score"].n))


def _row(poll: Poll, voted: int, drawn: int, counts: Counter[int], today: date) -> dict[str, Any]:
    kind = say(*voting.KINDS[poll.kind])
    return {
        "poll": poll,
        "kind": kind,
        "state": _state(poll, drawn, today),
        "said": _said(poll.kind, voting.score(poll.kind, counts)) if poll.kind != "choice" else "",
        "voted": voted,
        "drawn": drawn,
    }


def _counted(polls: Any) -> dict[int, tuple[int, int, Counter[int]]]:
    """Of each poll how many voted, of how many, and the votes by answer: two queries."""
    drawn = {
        row["poll"]: (row["voted"], row["drawn"])
        for row in Ballot.objects.filter(poll__in=polls)
        .values("poll")
        .annotate(drawn=Count("pk"), voted=Count("pk", filter=Q(used=True)))
    }
    answers: dict[int, Counter[int]] = {}
    rows = Vote.objects.filter(poll__in=polls).values_list("poll", "answer").annotate(n=Count("pk"))
    for poll, answer, n in rows:
        answers.setdefault(poll, Counter())[answer] += n
    return {poll.pk: (*drawn.get(poll.pk, (0, 0)), answers.get(poll.pk, Counter())) for poll in polls}


def _found(number: int) -> Poll:
    poll = Poll.objects.select_related("office", "by").filter(pk=number).first()
    if poll is None:
        raise Http404
    return poll


def _see(poll: Poll) -> HttpResponse:
    response = HttpResponseRedirect(reverse("poll", args=[poll.pk]))
    response.status_code = 303
    return response


urlpatterns: list[Any] = [
    path("", index, name="polls"),
    path("new/", new, name="poll-new"),
    path("<int:number>/", detail, name="poll"),
    path("<int:number>/ask/", ask, name="poll-ask"),
]
