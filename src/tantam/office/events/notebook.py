"""The café notebook: a station on a phone, written after the guests have gone, also where there is no network.

The page posts a line as a plain form; with its script it keeps lines on the device and posts them here in batches,
each with an id of its own, so that a line that arrives twice is stored once.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from tantam import clock
from tantam.errors import BadInput, TantamError
from tantam.office import words
from tantam.office.door import enter, page
from tantam.office.events import actions, rules
from tantam.office.events.models import Event, Guest, Line
from tantam.office.people.models import Request
from tantam.office.typed import whole
from tantam.office.watch import status

MOST_LINES = 100
COLOURS = {"praise": "la", "idea": "cham", "grievance": "nghe"}
NETWORKS = ("viettel", "vinaphone", "mobifone", "vietnamobile", "wintel", "itel")
_ANOTHER = re.compile(r"\b(?:mạng|bên|hãng) (?:khác|kia)\b")


@page("event.write")
def notebook(request: Request, number: int) -> HttpResponse:
    """The lines so far and the form under the thumb."""
    event = _event(request, number)
    error = None
    if request.method == "POST":
        try:
            line = {name: request.POST.get(name, "") for name in ("guest", "text", "tone")}
            _write(event, request, {**line, "id": str(uuid4()), "said_at": clock.now().isoformat()}, "")
            return redirect("notebook", number)
        except TantamError as no:
            error = no
    guests = _guests(event)
    shown = {guest.pk: guest for guest in guests}
    rows = Line.objects.filter(event=event).order_by("said_at", "id")
    replaced = {line.replaces_id for line in rows if line.replaces_id}
    lines = [_dressed(line, shown) for line in rows if line.pk not in replaced]
    view = {
        "event": event,
        "guests": guests,
        "lines": lines,
        "error": error,
        "closed": event.state
        in ("sealed", "cancelled"),  # lines may still wait on this device, so the page stays
        "typed": request.POST.get("text", ""),
        "tones": [(code, _tone(code).capitalize(), COLOURS[code]) for code in rules.TONES],
        "chosen_tone": request.POST.get("tone", "idea"),
        "chosen_guest": whole(request.POST.get("guest", "")),
    }
    return render(request, "events/notebook.html", view, status=status(error) if error else 200)


@require_POST
@page("event.write")
def lines(request: Request, number: int) -> HttpResponse:
    """Store lines that waited on a device: ``{"device", "lines": [{id, guest, text, tone, said_at}]}``, at most 100.

    Gives ``{"stored": [ids], "refused": [{id, code, sentence}]}``; a line refused by a rule stays on the device with
    the reason. A fault of ours stores nothing of that line and answers 500, so the device tries again.
    """
    event = _event(request, number)
    body = _body(request)
    stored, refused = [], []
    for row in body["lines"]:
        try:
            _write(event, request, row, str(body.get("device", ""))[:64])
            stored.append(row["id"])
        except TantamError as no:
            refused.append({"id": row["id"], "code": no.code, "sentence": words.of(no)})
    return JsonResponse({"stored": stored, "refused": refused})


@require_GET
def worker(request: Request) -> HttpResponse:
    """The service worker; it must come from the root to serve the notebook's address."""
    script = settings.OWN_STATIC / "sw.js"
    return HttpResponse(
        script.read_bytes(), content_type="text/javascript", headers={"Cache-Control": "no-cache"}
    )


def _event(request: Request, number: int) -> Event:
    event = get_object_or_404(Event.objects.select_related("office"), pk=number, kind="cafe")
    enter(request.user, "event.write", event.office)
    return event


def _guests(event: Event) -> list[Guest]:
    """Those who came, or until that is written down those who accepted; each with the name a form shows."""
    rows = Guest.objects.filter(event=event, answer="accepted").exclude(came=False).select_related("party")
    guests = list(rows.order_by("order"))
    for guest in guests:
        guest.shown = _short_name(guest)  # type: ignore[attr-defined]  # for the template alone
    return guests


def _short_name(guest: Guest) -> str:
    """``Thu Cúc``, ``Bình``, ``Ông Tạo``: what people are called at a table."""
    party = guest.party
    if party is None or not party.name:
        return words.say("Khách {n}", "Guest {n}", n=guest.order)
    parts = party.name.split()
    if party.title in ("ông", "bà"):
        return f"{party.title.capitalize()} {parts[-1]}"
    # “Văn” and “Thị” tell nobody apart.
    return " ".join(parts[-2:]) if len(parts) > 2 and parts[-2] not in ("Văn", "Thị") else parts[-1]


def _dressed(line: Line, guests: dict[int, Guest]) -> dict[str, Any]:
    return {
        "pk": line.pk,
        "guest": guests.get(line.guest_id or 0),
        "text": line.text,
        "tone_word": _tone(line.tone),
        "colour": COLOURS[line.tone],
        "competitor": line.competitor,
    }


def _tone(code: str) -> str:
    return words.say(*rules.TONES[code])


def _write(event: Event, request: Request, row: dict[str, Any], device: str) -> Line:
    guest = Guest.objects.filter(event=event, pk=whole(row.get("guest", ""))).first()
    if guest is None:
        raise BadInput(
            "no_guest",
            "It is not said whose words these are.",
            "Choose a guest.",
            vi="Chưa chọn ai nói. Chọn một khách.",
        )
    text = str(row.get("text", ""))
    return actions.write_line(
        event,
        actor=request.user,
        at=clock.now(),
        line_id=_uuid(row.get("id")),
        guest=guest,
        text=text,
        tone=str(row.get("tone", "")),
        competitor=_names_another(text),
        said_at=_moment(row.get("said_at")),
        device=device,
    )


def _names_another(text: str) -> bool:
    """Whether another operator is spoken of, by name or as “mạng khác”; our own name does not count."""
    said, ours = text.lower(), settings.OPERATOR.lower()
    return bool(_ANOTHER.search(said)) or any(name in said for name in NETWORKS if name not in ours)


def _body(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(request.body)
        rows = body["lines"]
        good = (
            isinstance(rows, list) and len(rows) <= MOST_LINES and all(isinstance(r["id"], str) for r in rows)
        )
    except (ValueError, KeyError, TypeError):
        good = False
    if not good:
        raise BadInput(
            "bad_lines",
            "This is no list of lines.",
            f"Send at most {MOST_LINES} lines, each with its id.",
            vi=f"Không đọc được danh sách dòng. Mỗi lần gửi tối đa {MOST_LINES} dòng, mỗi dòng có mã riêng.",
        )
    return body


def _uuid(text: Any) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        raise BadInput(
            "bad_line_id", "A line's id is no UUID.", "Write it again.", vi="Mã dòng hỏng. Ghi lại dòng này."
        ) from None


def _moment(text: Any) -> datetime:
    """The device's clock; one that is broken or runs ahead gives the moment of arrival instead."""
    now = clock.now()
    try:
        said = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        return now
    return min(said if said.tzinfo else said.replace(tzinfo=UTC), now)


urlpatterns = [
    path("<int:number>/notebook/", notebook, name="notebook"),
    path("<int:number>/lines/", lines, name="notebook-lines"),
]
