"""What people see and write down of contacting one person. The number or key travels in the body, never in an
address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tantam import clock
from tantam.errors import BadInput, TantamError
from tantam.office import words
from tantam.office.channels import addresses, consents, person, phonebook
from tantam.office.channels.models import Incoming, Message
from tantam.office.channels.rules import CHANNELS, EVERYTHING, PURPOSES, Consented, Verdict
from tantam.office.channels.shown import shown
from tantam.office.door import may, offices, page
from tantam.office.people.models import Request, Staff
from tantam.office.watch import status
from tantam.office.words import say

PURPOSE_WORDS = {**PURPOSES, EVERYTHING: ("mọi liên lạc", "every contact")}
BASE = {"base": ("tập thuê bao", "the subscriber base")}
HOW = {code: words_ for code, words_ in consents.HOW.items() if code != consents.LIST}
"""How somebody says yes or no himself; the national list has a form of its own."""

OLDEST = 2000
"""Nobody told us anything about contacting him before that year."""

CELLS = {"send": ("được", "may", "la"), "hold": ("chờ", "waits", "nghe"), "refuse": ("không", "no", "son")}
BECAME = {
    "vote": ("lá phiếu bình chọn", "a vote"),
    "stop": ("đã ghi là từ chối", "written down as a refusal"),
    "opinion": ("đã thành một ý kiến", "became an opinion"),
    "answer": ("đã trả lời lời mời", "answered an invitation"),
    "nothing": ("tin trống", "an empty message"),
}


@page("contact.see")
@sensitive_post_parameters("who", "mail", "proof")
@require_http_methods(["GET", "POST"])
def contacting(request: Request) -> HttpResponse:
    """Ask who and why; then show how the person may be contacted, and take what is to be written down."""
    now, because = clock.now(), request.POST.get("because", "")
    view: dict[str, Any] = {
        "reasons": [(code, say(*word)) for code, word in phonebook.REASONS.items()],
        "because": because,
    }
    error: TantamError | None = None
    if request.method == "POST":
        act = request.POST.get("act", "")
        try:
            key = phonebook.meant(request.POST.get("who", ""))
            person.look(key, actor=request.user, at=now, because=because)
        except TantamError as no:
            error = no
        else:
            view["act"] = act
            try:
                if act in ACTS:
                    view |= ACTS[act](request, key, now)
            except TantamError as no:
                error = no
            view |= _person(request, key, clock.now())
    view |= {"error": error, "typed": request.POST if error else {}}
    response = render(request, "channels/person.html", view, status=status(error) if error else 200)
    response["Cache-Control"] = "no-store"
    return response


def _person(request: Request, key: int, now: datetime) -> dict[str, Any]:
    found = person.standing(key, at=now)
    rows = [_purpose(purpose, found.verdicts[purpose], now) for purpose in PURPOSES]
    return {
        "key": key,
        "channels": [say(*word) for word in CHANNELS.values()],
        "rows": rows,
        "open_now": sum(any(cell["tone"] == "la" for cell in row["cells"]) for row in rows),
        "said": [_said(one) for one in found.consents],
        "one_product": any(one.granted and one.product for one in found.consents),
        "listed": found.listed,
        "address": found.address,
        "history": _history(key),
        "looks": _looks(request.user, key),
        "purposes": [(code, say(*word)) for code, word in PURPOSE_WORDS.items()],
        "ways": [(code, say(*word)) for code, word in HOW.items()],
        "id": uuid4(),
        "today": _typed_day(now),
        "hour": words.hour(now),
        "now": now,
    }


def _purpose(purpose: str, verdicts: dict[str, Verdict], now: datetime) -> dict[str, Any]:
    """One row: a word for each channel, and each sentence once, with the channels it is said of."""
    cells: list[dict[str, Any]] = []
    whys: dict[tuple[str, str, str], list[str]] = {}
    for channel, verdict in verdicts.items():
        vi, en, tone = CELLS[verdict.outcome]
        if verdict.code == "no_number":
            vi, en, tone = "chưa có địa chỉ", "no address", "line"
        cells.append(
            {
                "channel": say(*CHANNELS[channel]),
                "tone": tone,
                "word": _from(verdict.until, now) if verdict.until else say(vi, en),
            }
        )
        if verdict.code != "no_number":
            why = whys.setdefault((verdict.vi, verdict.en, verdict.rule), [])
            why.append(say(*CHANNELS[channel]))
    return {
        "purpose": say(*PURPOSES[purpose]),
        "cells": cells,
        "whys": [
            {"text": say(vi, en), "rule": rule, "of": _of(of, say(vi, en)) if len(whys) > 1 else ""}
            for (vi, en, rule), of in whys.items()
        ],
    }


def _of(channels: list[str], text: str) -> str:
    """The channels that a sentence is said of, unless it begins with them."""
    of = ", ".join(channels)
    return "" if text.startswith(of) else of


def _from(until: datetime, now: datetime) -> str:
    if clock.day_of(until) == clock.day_of(now):
        return say("từ {hour}", "from {hour}", hour=words.hour(until))
    on = words.day(until, year=False)
    return say("từ {hour} {on}", "from {hour}, {on}", hour=words.hour(until), on=on)


def _said(one: Consented) -> dict[str, Any]:
    return {
        "purpose": say(*PURPOSE_WORDS[one.purpose]),
        "product": one.product,
        "granted": one.granted,
        "at": one.at,
        "how": say(*{**consents.HOW, **BASE}.get(one.how, (one.how, one.how))),
        "proof": one.proof,
    }


def _history(key: int) -> list[dict[str, Any]]:
    """What went to somebody and what came back, the latest first."""
    rows = person.latest(key)
    sent = [row for row in rows if isinstance(row, Message)]
    out = dict(zip([row.pk for row in sent], shown(sent), strict=True))
    return [{"message": out[row.pk]} if isinstance(row, Message) else _came(row) for row in rows]


def _came(one: Incoming) -> dict[str, Any]:
    became = say(*BECAME[one.became]) if one.became in BECAME else ""
    return {"text": one.text, "at": one.received_at, "became": became}


def _looks(user: Staff, key: int) -> list[dict[str, Any]]:
    """Who saw this person's number, for those who may read the journal there."""
    if not may(user, "journal.see"):
        return []
    seen = offices(user, "journal.see")
    entries = [one for one in phonebook.shown_to(key) if seen is None or one.office in seen]
    names = dict(Staff.everybody.filter(pk__in={one.actor for one in entries}).values_list("pk", "name"))
    return [
        {
            "name": names.get(one.actor or 0, ""),
            "at": one.at,
            "because": say(*phonebook.REASONS[one.because]),
            "id": one.pk,
        }
        for one in entries
    ]


def _consent(request: Request, key: int, now: datetime) -> dict[str, Any]:
    typed = request.POST
    consents.record(
        actor=request.user,
        at=now,
        id=_id(typed.get("id", "")),
        key=key,
        purpose=typed.get("purpose", ""),
        product=typed.get("product", ""),
        granted=_granted(typed.get("granted", "")),
        how=typed.get("how", ""),
        said_at=_moment(typed, now),
        proof=typed.get("proof", ""),
    )
    return _done(request, say("Đã ghi.", "Written down."))


def _list(request: Request, key: int, now: datetime) -> dict[str, Any]:
    typed = request.POST
    consents.record(
        actor=request.user,
        at=now,
        id=_id(typed.get("id", "")),
        key=key,
        purpose="advertising",
        granted=typed.get("listed") != "yes",
        how=consents.LIST,
        said_at=now,
        proof=typed.get("proof", ""),
    )
    return _done(request, say("Đã ghi.", "Written down."))


def _mail(request: Request, key: int, now: datetime) -> dict[str, Any]:
    typed = request.POST
    addresses.record(
        actor=request.user, at=now, key=key, mail=typed.get("mail", ""), said_at=_moment(typed, now),
        proof=typed.get("proof", ""),
    )  # fmt: skip
    return _done(request, say("Đã ghi địa chỉ thư.", "The mail address is written down."))


def _unmail(request: Request, key: int, now: datetime) -> dict[str, Any]:
    addresses.remove(key, actor=request.user, at=now)
    return _done(request, say("Đã bỏ địa chỉ thư.", "The mail address is removed."))


def _number(request: Request, key: int, now: datetime) -> dict[str, Any]:
    number = phonebook.show_number(key, actor=request.user, at=now, because=request.POST.get("because", ""))
    return {"number": number, "dial": number.replace(" ", "")}


ACTS: dict[str, Callable[[Request, int, datetime], dict[str, Any]]] = {
    "consent": _consent,
    "list": _list,
    "mail": _mail,
    "unmail": _unmail,
    "number": _number,
}


def _done(request: Request, sentence: str) -> dict[str, Any]:
    messages.success(request, sentence)
    return {}


def _id(text: str) -> UUID:
    """The form's own id: sent twice, it is one word. One that was tampered with is a new word."""
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def _granted(text: str) -> bool:
    if text not in ("yes", "no"):
        raise BadInput(
            "no_answer",
            "It is not said whether the person agreed or refused.",
            "Choose one of the two.",
            vi="Chưa chọn khách đồng ý hay từ chối. Chọn một trong hai.",
        )
    return text == "yes"


def _typed_day(now: datetime) -> str:
    """A day as it is typed, in both languages."""
    return f"{now.astimezone(clock.HANOI):%d/%m/%Y}"


def _moment(typed: Any, now: datetime) -> datetime:
    """The day and the hour that were typed, in Vietnam; now where both were left as they were."""
    day, hour = typed.get("on", "").strip(), typed.get("hour", "").strip()
    if (day, hour) in (("", ""), (_typed_day(now), words.hour(now))):
        return now
    try:
        on = clock.to_date(clock.parse_day(day)) if day else clock.day_of(now)
        at = datetime.combine(on, time.fromisoformat(hour or "00:00"), clock.HANOI)
        if at.year < OLDEST:
            raise ValueError(at)
    except (BadInput, ValueError) as no:
        raise BadInput(
            "bad_moment",
            "This is no day and hour.",
            "Write the day as 22/11/2026 and the hour as 14:30.",
            vi="Ngày giờ chưa đúng. Ghi ngày như 22/11/2026 và giờ như 14:30.",
        ) from no
    return at
