"""What people see of the machine's work: whether any machine works, each chore in plain words, what waits for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from tantam import clock
from tantam.office import paging
from tantam.office.channels.models import TAKEN, UNKNOWN, Incoming, Message
from tantam.office.door import may, page
from tantam.office.people.models import Request
from tantam.office.words import number, say, span
from tantam.office.worker.chores import CHORES
from tantam.office.worker.link import NAME as LINK
from tantam.office.worker.models import Chore
from tantam.office.worker.told import told

QUIET = timedelta(minutes=2)
"""A chore that is overdue for so long was forgotten; when nobody is busy with another, no machine works."""


@page("work.see")
@require_GET
def index(request: Request) -> HttpResponse:
    """Each chore, how it stands, what waits, and the link to the SMS centre."""
    at = clock.now()
    kept = {row.name: row for row in Chore.objects.all()}
    chores = {name: kept.get(name) for name in CHORES}
    context = {
        "at_seconds": _seconds(at),
        "rows": [_row(name, chore, at) for name, chore in chores.items()],
        "failing": sum(chore is not None and chore.failures > 0 for chore in chores.values()),
        "asleep": asleep(chores, at),
        "last": max((c.last_ok_at for c in chores.values() if c and c.last_ok_at), default=None),
        "waits": _waits(at),
        "may_open": may(request.user, "message.see"),
        "link": _link(kept.get(LINK), at),
    }
    return render(request, "worker/index.html", context)


def asleep(chores: Mapping[str, Chore | None], at: datetime) -> bool:
    """Whether no machine works: something is long overdue and nobody is busy. A chore that fails is put off, so that
    failing alone is no sleep."""
    rows = [row for row in chores.values() if row is not None]
    if any(row.lease_until is not None and row.lease_until > at for row in rows):
        return False
    return not rows or any(row.due_at < at - QUIET for row in rows)


def _row(name: str, chore: Chore | None, at: datetime) -> dict[str, Any]:
    words = told(name)
    tone, state, detail = _standing(chore, at)
    return {
        "name": say(words.vi, words.en),
        "does": say(words.does_vi, words.does_en),
        "every": span(CHORES[name].every),
        "tone": tone,
        "state": state,
        "detail": detail,
        "done": _ago(chore.last_ok_at, at) if chore is not None else "",
        "done_at": chore.last_ok_at if chore is not None else None,
        "next": _ahead(chore, at),
        "progress": _progress(chore),
    }


def _standing(chore: Chore | None, at: datetime) -> tuple[str, str, str]:
    """The colour, the word and the sentence of how a chore stands."""
    if chore is not None and chore.lease_until is not None:
        holder = chore.holder
        if chore.lease_until > at:
            held = say("Máy {holder} giữ, tới {until}", "{holder} has it, until {until}", holder=holder,
                       until=_seconds(chore.lease_until))  # fmt: skip
            return "cham", say("đang làm", "at it"), held
        left = say("Máy {holder} tắt giữa chừng; máy nào rảnh sẽ làm tiếp",
                   "{holder} stopped halfway; whoever is free goes on", holder=holder)  # fmt: skip
        return "nghe", say("bỏ dở", "left halfway"), left
    if chore is not None and chore.failures:
        times = say("hỏng {n} lần liền", "failed {n time|times} in a row", n=number(chore.failures))
        return (
            "son",
            times,
            say("Nhật ký của máy nói vì sao: “chore_failed”", "The machine's log says why: “chore_failed”"),
        )
    if chore is None or chore.last_ok_at is None:
        return "line", say("chưa làm lần nào", "never done yet"), ""
    if chore.due_at < at - QUIET:
        return "nghe", say("quá hẹn {span}", "{span} overdue", span=span(at - chore.due_at)), ""
    return "la", say("đúng hẹn", "on time"), ""


def _progress(chore: Chore | None) -> dict[str, Any]:
    """How far it came, where its checkpoint says so: ``done`` of ``total``; else only that it is halfway."""
    if chore is None or not chore.checkpoint:
        return {}
    done, total = chore.checkpoint.get("done"), chore.checkpoint.get("total")
    if isinstance(done, int) and isinstance(total, int) and 0 <= done <= total and total:
        return {"done": done, "total": total, "rest": total - done}
    return {"halfway": True}


def _waits(at: datetime) -> list[dict[str, Any]]:
    """What waits for a machine, each with its count so far and the age of the oldest; a query each. Calls wait for
    people."""
    messages = Message.objects.exclude(channel="call")
    due = _some(messages.filter(due_at__lte=at), "due_at")
    taken = _some(messages.filter(state=TAKEN), "taken_at")
    incoming = _some(Incoming.objects.filter(handled_at__isnull=True), "received_at")
    later = paging.some(messages.filter(due_at__gt=at))
    lost = paging.some(messages.filter(state=UNKNOWN))
    return [
        _wait(say("Tin đã tới lúc gửi", "Messages whose moment has come"), "?state=waiting", *due, at=at),
        _wait(say("Tin đang giao", "Messages being handed over"), "?state=taken", *taken, at=at),
        _wait(
            say("Tin khách gửi đến, chưa mở", "Messages from people, not opened yet"), "", *incoming, at=at
        ),
        _wait(say("Tin hẹn gửi sau", "Messages for later"), "?state=waiting", later),
        _wait(say("Tin không rõ đã đi chưa", "Messages of which nobody knows"), "?state=unknown", lost),
    ]


def _wait(
    word: str, href: str, count: int, oldest: datetime | None = None, *, at: datetime | None = None
) -> dict[str, Any]:
    shown = number(min(count, paging.COUNTED))
    return {
        "word": word,
        "href": href,
        "count": count,
        "shown": say("hơn {n}", "over {n}", n=shown) if count > paging.COUNTED else shown,
        "age": span(at - oldest) if oldest is not None and at is not None else "",
    }


def _some(rows: QuerySet[Any], by: str) -> tuple[int, datetime | None]:
    """How many there are, as far as :func:`tantam.office.paging.some` counts, and the oldest."""
    found = list(rows.order_by(by).values_list(by, flat=True)[: paging.COUNTED + 1])
    return len(found), found[0] if found else None


def _link(chore: Chore | None, at: datetime) -> dict[str, Any]:
    """How the link to the SMS centre stands, by its own note."""
    if chore is None and not settings.SMS.startswith("smpp"):
        return {"kind": settings.SMS}
    note = chore.checkpoint if chore is not None else {}
    held = chore is not None and chore.lease_until is not None and chore.lease_until > at
    bound = _moment(note.get("bound"))
    return {
        "kind": "centre",
        "up": held and bound is not None,
        "binding": held and bound is None,
        "holder": chore.holder if chore is not None else "",
        "since": bound,
        "for": span(at - bound) if bound is not None else "",
        "counts": [
            (say("đã giao", "handed over"), note.get("sent", 0)),
            (say("đã nhận", "taken in"), note.get("received", 0)),
            (say("giấy báo", "receipts"), note.get("receipts", 0)),
        ],
    }


def _moment(written: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(written))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _ago(moment: datetime | None, at: datetime) -> str:
    if moment is None:
        return say("chưa lần nào", "never")
    return say("{span} trước", "{span} ago", span=span(at - moment))


def _ahead(chore: Chore | None, at: datetime) -> str:
    if chore is not None and chore.lease_until is not None and chore.lease_until > at:
        return ""
    if chore is None or chore.due_at <= at:
        return say("khi máy rảnh", "when a machine is free")
    return say("sau {span}", "in {span}", span=span(chore.due_at - at))


def _seconds(moment: datetime) -> str:
    return f"{moment.astimezone(clock.HANOI):%H:%M:%S}"


urlpatterns: list[Any] = [path("", index, name="work")]
