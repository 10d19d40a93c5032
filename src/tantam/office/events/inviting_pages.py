"""What people see of a gathering's messages: the text and its cost before it is asked for, and how they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path

from tantam import clock
from tantam.errors import TantamError
from tantam.office.channels import reasons
from tantam.office.channels.models import (
    ARRIVED,
    FAILED,
    REFUSED,
    SENT,
    TAKEN,
    UNKNOWN,
    WAITING,
    Judgement,
    Message,
)
from tantam.office.channels.shown import STATES
from tantam.office.channels.sms.parts import Offer, offer
from tantam.office.door import enter, may, page
from tantam.office.events import actions, inviting, large, notices, rules, shown
from tantam.office.events.models import Event, Guest, Notice
from tantam.office.people.models import Request
from tantam.office.watch import status
from tantam.office.words import say

ORDER = (ARRIVED, SENT, TAKEN, WAITING, FAILED, UNKNOWN, REFUSED)
"""In which states of messages stand in a bar and under it."""

SAMPLE_CODE = "7Q4K2M"
"""What stands in the text for the code of each when its parts are counted."""

KINDS = {"invite": ("Lời mời bằng tin nhắn", "Invitations by text"), "remind": ("Lời nhắc", "Reminders")}
NOTICES = {
    "off": ("Báo khách là đã hủy", "Telling guests that it is off"),
    "moved": ("Báo khách là đã dời", "Telling guests that it moved"),
}
BEFORE = {
    "invite": (
        "Chưa nhắn mời ai. Khách trả lời CO hoặc KHONG thì máy ghi giúp; ai chưa trả lời thì ta gọi.",
        "Nobody was invited by text yet. CO or KHONG is written down by itself; whoever does not answer is called.",
    ),
    "remind": (
        "Chưa hẹn nhắc ai. Ai bận mà nhắn KHONG thì ghế trống lại.",
        "No reminder is set yet. KHONG frees the seat.",
    ),
}
LEFT = {
    "invite": ("Nhắn mời {n} khách", "Invite {n guest|guests} by text"),
    "remind": ("Nhắc {n} khách đã nhận lời", "Remind {n guest|guests} who accepted"),
}


@page("event.invite")
def compose(request: Request, number: int, kind: str) -> HttpResponse:
    """The text to everybody who may still get one, both ways to send it with what each costs, and what the gate would
    say; then it is asked for."""
    event = get_object_or_404(Event.objects.select_related("office", "host"), pk=number)
    enter(request.user, "event.invite", event.office)
    now, error = clock.now(), None
    text, counted = (request.POST.get(name, "").replace("\r\n", "\n").strip() for name in ("text", "counted"))
    text = text or inviting.words_of(event, kind)
    plain = request.POST.get("letters", "plain") == "plain"
    if request.POST.get("act") == "send" and text == counted:  # else its cost was not seen yet
        act = actions.invite if kind == "invite" else actions.remind
        try:
            made = act(event, actor=request.user, at=now, text=text, plain=plain)
        except TantamError as no:
            error = no
        else:
            messages.success(request, _asked(len(made), kind))
            return redirect("event", number)
    guests = inviting.to_ask(event, kind)
    at = now if kind == "invite" else max(now, rules.remind_at(event.on, event.starts_at))
    try:
        choices = _choices(offer(inviting.with_code(text, SAMPLE_CODE)), len(guests), plain)
    except TantamError as no:
        error, choices = no, []
    start = rules.start_of(event.on, event.starts_at)
    view = {
        "event": event,
        "title": shown.title(event),
        "code": inviting.CODE if large.is_large(event.kind) else "",
        "kind": kind,
        "guests": guests,
        "text": text,
        "recount": bool(counted) and text != counted,
        "choices": choices,
        "due": at if at > now else None,
        "gate": _gate(guests, at),
        "error": error,
        "open": event.state == "invited" and now < start,
    }
    return render(request, "events/compose.html", view, status=status(error) if error else 200)


def standing(event: Event, guests: Sequence[Any], request: Request) -> dict[str, Any]:
    """How the invitations, reminders and notices of a gathering stand, and how many can still be asked for; notes of
    each guest when he was first written to."""
    rows = {row.pk: row for row in Message.objects.filter(about_kind="event", about_id=str(event.pk))}
    last = (
        {j.message_id: j for j in Judgement.objects.filter(message__in=rows).order_by("at", "id")}
        if rows
        else {}
    )
    went = sorted((row.taken_at, row.key) for row in rows.values() if row.taken_at and row.state != FAILED)
    first = {key: at for at, key in reversed(went)}
    for guest in guests:
        guest.texted_at = first.get(guest.key)
    to_come = event.state == "invited" and clock.now() < rules.start_of(event.on, event.starts_at)
    allowed = to_come and may(request.user, "event.invite", event.office)
    kinds = []
    for kind, said in KINDS.items():
        ids = [inviting.asked_id(guest, kind, event.moves) for guest in guests]
        mine = [rows[id] for id in ids if id in rows]
        left = len(inviting.still(event, kind, guests, rows, first)) if allowed else 0
        if mine or left:
            kinds.append({
                "title": say(*said), "before": say(*BEFORE[kind]), "left": left, "word": say(*LEFT[kind], n=left),
                "page": f"event-{kind}", **_counts(mine, last),
            })  # fmt: skip
    changed = event.moves or event.state == "cancelled"
    for notice in Notice.objects.filter(event=event).order_by("pk") if changed else ():
        ids = [notices.told_id(notice, guest) for guest in guests]
        kinds.append({
            "title": say(*NOTICES[notice.kind]), "before": _telling(notice), "note": _unreached(notice), "left": 0,
            **_counts([rows[id] for id in ids if id in rows], last),
        })  # fmt: skip
    seen = may(request.user, "message.see", event.office)
    return {"kinds": kinds, "href": f"/messages/?about=event:{event.pk}" if seen else ""}


def _telling(notice: Notice) -> str:
    """What stands where no message was asked for, or not yet."""
    if notice.unreached_count:
        return ""
    if notice.done_at is None:
        return say("Máy đang soạn tin cho từng người.", "A message to each is being prepared.")
    return say(
        "Chưa ai được mời bằng tin nhắn hay nhận lời, nên không phải báo ai.",
        "Nobody had been invited by text or said yes, so nobody had to be told.",
    )


def _unreached(notice: Notice) -> str:
    if not notice.unreached_count:
        return ""
    return say(
        "{n} người đã hẹn đến mà ta không có số: báo họ cách khác.",
        "{n} who will come left us no number: tell them another way.",
        n=notice.unreached_count,
    )


def _counts(rows: Sequence[Message], last: dict[Any, Judgement]) -> dict[str, Any]:
    counted = Counter(row.state for row in rows)
    why: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        if row.state not in (WAITING, REFUSED):
            continue
        tone = "soon" if row.state == WAITING else "no"
        if row.code in ("taken_back", "forgotten"):  # no verdict of the gate
            words = reasons.why(row.code)
            why["soon", f"{words[0].upper()}{words[1:]}.", ""] += 1
        elif row.pk in last:
            why[tone, say(last[row.pk].vi, last[row.pk].en), last[row.pk].rule] += 1
    return {
        "states": [
            {
                "state": state,
                "n": counted[state],
                "word": say(*STATES[state][:2]).lower(),
                "tone": STATES[state][2],
            }
            for state in ORDER
            if counted[state]
        ],
        "bar": {tone: sum(counted[s] for s in ORDER if STATES[s][2] == tone) for *_, tone in STATES.values()},
        "due": min((row.due_at for row in rows if row.due_at and not row.code), default=None),
        "why": [
            {"tone": tone, "words": words, "rule": rule, "n": n} for (tone, words, rule), n in why.items()
        ],
    }


def _choices(both: Offer, people: int, plain: bool) -> list[dict[str, Any]]:
    made = []
    for code, text, plan in (("plain", both.plain_text, both.plain), ("accents", both.text, both.plan)):
        parts = len(plan.parts)
        made.append({
            "code": code, "text": text, "parts": parts, "all": parts * people,
            "on": (code == "plain") == plain,
            "title": say("Không dấu", "Without accents") if code == "plain" else say("Có dấu", "With accents"),
        })  # fmt: skip
    return made


def _gate(guests: Sequence[Guest], at: datetime) -> list[dict[str, Any]]:
    """What the gate would say of these messages at that moment, alike ones together."""
    verdicts = inviting.judged([guest.key for guest in guests if guest.key is not None], at, "sms")
    found = Counter((v.outcome, say(v.vi, v.en), v.rule) for v in verdicts.values())
    tones = {"send": "ok", "hold": "soon", "refuse": "no"}
    order = ("refuse", "hold", "send")
    return [
        {"tone": tones[outcome], "words": words, "rule": rule, "n": n}
        for (outcome, words, rule), n in sorted(found.items(), key=lambda row: order.index(row[0][0]))
    ]


def _asked(count: int, kind: str) -> str:
    if not count:
        return say(
            "Không còn ai để gửi: ai cần gửi đã có tin rồi.",
            "Nobody is left: everybody has a message already.",
        )
    if kind == "invite":
        return say(
            "Đã giao {n} lời mời cho cổng liên lạc xét.",
            "{n invitation goes|invitations go} to the gate now.",
            n=count,
        )
    return say("Đã hẹn gửi {n} lời nhắc.", "{n reminder is|reminders are} set.", n=count)


urlpatterns = [
    path("<int:number>/invite/", compose, {"kind": "invite"}, name="event-invite"),
    path("<int:number>/remind/", compose, {"kind": "remind"}, name="event-remind"),
]
