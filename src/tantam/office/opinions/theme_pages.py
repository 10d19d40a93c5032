"""One theme: its whole line from words to effect, and everything that may be done with it now."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from tantam import clock
from tantam.clock import day_of, to_days
from tantam.errors import TantamError
from tantam.office.channels import lists_pages
from tantam.office.channels.models import Message
from tantam.office.channels.sms.labels import label
from tantam.office.channels.sms.parts import accentless, offer
from tantam.office.door import may, page
from tantam.office.opinions import answering, themes
from tantam.office.opinions import theme_line as lines
from tantam.office.opinions.docket_pages import STATES, TONES, state_of, weighed
from tantam.office.opinions.models import Answer, Change, Deed, Heap, Moved, Theme
from tantam.office.opinions.shown import seen, shown
from tantam.office.people.models import Request, Staff
from tantam.office.watch import status
from tantam.office.words import number, say

SHOWN = 20
"""Opinions on the page, the latest; a phrase finds older ones."""
CHOSEN = 50
DEEDS = 20
QUOTES = 3
OWNERS = 500
DEED_WORDS = {
    "join": ("gộp vào “{other}”", "put into “{other}”"),
    "split": ("tách {n} lời thành chủ đề này", "{n opinion|opinions} taken out into this theme"),
    "move": ("chuyển {n} lời sang đây", "{n opinion|opinions} moved here"),
    "rename": ("đổi tên, trước là “{before}”", "renamed, it was “{before}”"),
    "pin": ("ghim lên đầu", "pinned"),
    "unpin": ("bỏ ghim", "unpinned"),
    "hide": ("ẩn khỏi danh sách", "hidden"),
    "unhide": ("đưa lại vào danh sách", "shown again"),
}
WAS = {"pin": "pinned", "hide": "hidden"}
"""What such a deed changed: it was the contrary before."""


@page("theme.see")
@require_GET
def theme(request: Request, number: int) -> HttpResponse:
    """The line of a theme; ``find`` looks for a phrase in its opinions, ``other`` for other themes by name."""
    return show(request, of_number(number))


def of_number(number: int) -> Theme:
    """The theme, or 404."""
    return get_object_or_404(Theme.objects.select_related("into"), pk=number)


def show(
    request: Request, one: Theme, error: TantamError | None = None, failed: str = "", **more: Any
) -> HttpResponse:
    """The page; after a form that was refused (``failed`` is its name) with what was typed and why."""
    today = clock.to_date(clock.today())
    group = themes.group_of(one)
    line = lines.Line(one)
    effect: dict[str, Any] = {}
    if line.change is not None:
        effect = lines.told(lines.changed(group, line.change, today), line.change, today)
    better = effect.get("sentence", "") if effect.get("verdict") == "less" else ""
    find = request.GET.get("find", "").replace("\0", "").strip()[:100]
    other = request.GET.get("other", "").replace("\0", "").strip()[:100]
    mine = seen(request.user)
    heaps = list(Heap.objects.filter(theme__in=group).order_by("-people_count", "pk"))
    found = lines.found(mine, group, find, CHOSEN if find else SHOWN)
    changes = may(request.user, "theme.change")
    context = {
        "theme": one,
        "answer": _answer(one, line, today),
        **weighed(one),
        "people_by": lines.said_by(group),
        "tone": TONES[state_of(one)],
        "word": say(*STATES[state_of(one)]).lower(),
        "steps": line.steps(today, better),
        "line": line,
        "effect": effect,
        "weeks": lines.weeks(group, today),
        "places": lines.places(group, heaps),
        "heaps": heaps,
        "quotes": _quotes(heaps),
        "opinions": [shown(row) for row in found],
        "full": len(found) == (CHOSEN if find else SHOWN),
        "joined": lines.joined(one),
        "tellings": _tellings(line) if may(request.user, "message.see") else [],
        "may_change": changes,
        "find": find,
        "looked": lines.LOOKED,
        "other": other,
        "others": lines.named(other, but=one.pk) if changes and other else [],
        "deeds": _deeds(one),
        "error": error,
        "failed": failed,
        "typed": request.POST if failed else {},
        "chosen": request.POST.getlist("opinion"),
        "today": today,
        **_forms(request, one, line, today),
        **more,
    }
    return render(request, "opinions/theme.html", context, status=status(error) if error else 200)


def _answer(one: Theme, line: lines.Line, today: date) -> str:
    """How far it came, in a sentence."""
    people = number(one.people_count)
    if one.into is not None:
        return say("Đã gộp vào một chủ đề khác.", "Put into another theme.")
    if one.state == "waiting":
        if one.since is None:
            return say("Chưa có câu trả lời.", "Not answered yet.")
        days = max((today - day_of(one.since)).days, 0)
        return say(
            "{people} người chờ trả lời, {n} ngày rồi.",
            "{people person waits|people wait} for an answer, {n} days now.",
            people=people, n=number(days),
        )  # fmt: skip
    promise = line.answer.promise if line.answer is not None else None
    if promise is not None and promise.state == "open" and promise.due < today:
        return say(
            "Đã hẹn với {people} người, trễ {n} ngày.", "Promised to {people person|people}, {n day|days} late.",
            people=people, n=number((today - promise.due).days),
        )  # fmt: skip
    return {
        "promised": say("Đã hẹn với {n} người.", "Promised to {n person|people}.", n=people),
        "later": say("Để sau, có ngày nói lại.", "Put off, with a day to say more."),
        "done": say("Đã làm điều {n} người nói.", "Done, as {n person|people} said.", n=people),
        "declined": say("Đã nói không, và vì sao.", "Said no, and why."),
    }[one.state]


def _forms(request: Request, one: Theme, line: lines.Line, today: date) -> dict[str, Any]:
    """Which forms this reader has, and what stands in them."""
    if one.into is not None:
        return {}
    user, current = request.user, line.answer
    promise = current.promise if current is not None else None
    owed = (
        current is not None and current.kind == "accept" and promise is not None and promise.state == "open"
    )
    answers = may(user, "theme.answer")
    untold = line.untold() if may(user, "theme.tell") else None
    unpublished = line.change if line.change is not None and line.change.published_at is None else None
    people = Staff.objects.filter(is_active=True).order_by("name").values_list("pk", "name")
    return {
        "may_answer": answers and not owed,
        "again": one.state != "waiting",
        "kinds": [(code, say(*words)) for code, words in answering.KINDS.items()],
        "owners": list(people[:OWNERS]) if answers and not owed else [],
        "may_done": owed and promise is not None and may(user, "theme.change_done"),
        "unpublished": unpublished if may(user, "theme.publish") else None,
        "untold": untold,
        "telling": _telling(request, untold) if untold is not None else {},
        "longest": answering.LONGEST,
        "tomorrow": clock.to_date(clock.today() + 1),
    }


def _telling(request: Request, untold: Answer | Change) -> dict[str, Any]:
    """The text that people get, as it would go out, and what it costs; ``wrong`` where it cannot go."""
    typed = request.POST.get("text", "").replace("\r\n", "\n").strip()[:600]
    text = typed or answering.text_of(untold)
    if request.POST.get("act") == "plain":
        text = accentless(text)
    made = {"of": _of(untold), "text": text, "counted": text}
    try:
        both = offer(label(text, "reply", "", on=to_days(clock.to_date(clock.today()))))
    except TantamError as no:
        return {**made, "wrong": no}
    return {**made, "whole": both.text, "parts": len(both.plan.parts), "plain": len(both.plain.parts)}


def _of(told: Answer | Change) -> str:
    return f"{'change' if isinstance(told, Change) else 'answer'}:{told.pk}"


def _quotes(heaps: list[Heap]) -> list[dict[str, Any]]:
    """What the files have to quote, masked there; the first of each run first."""
    some = [(quote, heap.run) for heap in heaps for quote in heap.quotes if quote.get("text")]
    return [{"text": quote["text"], "run": run} for quote, run in some[:QUOTES]]


def _tellings(line: lines.Line) -> list[dict[str, Any]]:
    """How the messages of each telling stand, with what was told."""
    about = [("telling", str(one.pk)) for one in line.tellings]
    rows = Message.objects.filter(about_kind="telling")
    stand = {one["href"]: one for one in lists_pages.standing(about, rows, at=clock.now())}
    return [
        {"telling": one, "list": stand.get(lists_pages.address(kind)), "number": n}
        for n, (one, kind) in enumerate(zip(line.tellings, about, strict=True), 1)
    ]


def _deeds(one: Theme) -> list[dict[str, Any]]:
    rows = Deed.objects.filter(Q(theme=one) | Q(other=one)).select_related("by", "theme", "other")
    deeds = list(rows.order_by("-pk")[:DEEDS])
    moved = Moved.objects.filter(deed__in=deeds).order_by().values("deed").annotate(n=Count("pk"))
    counts = dict(moved.values_list("deed", "n"))
    return [
        {
            "deed": deed,
            "words": say(
                *DEED_WORDS[("un" if deed.before.get(WAS.get(deed.kind)) else "") + deed.kind],
                other=deed.other.name if deed.other else "",
                before=deed.before.get("name", ""),
                n=number(counts.get(deed.pk, 0)),
            ),
            "elsewhere": deed.theme if deed.theme_id != one.pk else None,
        }
        for deed in deeds
    ]
