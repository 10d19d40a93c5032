"""The pages and answers of a kit. Templates stand in ``camps/html/kit``; what a page may say, it gets from here."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import select_template
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tantam import clock
from tantam.errors import BadInput, TantamError
from tantam.office.camps import ledger, queue
from tantam.office.camps.kit import backup, cards, checking, door, late, people, posting, viewing
from tantam.office.camps.kit.holding import held
from tantam.office.watch import status

Request = Any
MOST_FORMS = 200
WORDS = {
    "registrar": ("Đón người", "Registration"),
    "triage": ("Đo, cân", "Triage"),
    "doctor": ("Khám", "Doctor"),
    "pharmacist": ("Phát thuốc", "Pharmacy"),
    "exit": ("Ra về", "Exit"),
    "lead": ("Trưởng đoàn", "Lead"),
}


def read_json(request: Request) -> Any:
    """The body of a request as JSON; BadInput ``bad_rows``. Only a page of ours can send this type."""
    try:
        if request.content_type != "application/json":
            raise ValueError
        return json.loads(request.body)
    except (ValueError, RecursionError):
        raise BadInput(
            "bad_rows",
            "This cannot be read.",
            "Send JSON.",
            vi="Không đọc được điều vừa gửi. Tải lại trang rồi gửi lại.",
        ) from None


@require_GET
@door.visitor
def front(request: Request) -> HttpResponse:
    """Who are you? Members to choose from, on a device of the camp; else that it is none."""
    if request.device is None:
        return render(request, "kit/refused.html", {"unknown_device": True}, status=403)
    return render(request, "kit/signin.html", _signing(request, next=_next(request)))


@require_POST
@door.visitor
def sign_in(request: Request) -> HttpResponse:
    """Member and PIN; then to the stations."""
    if request.device is None:
        return render(request, "kit/refused.html", {"unknown_device": True}, status=403)
    chosen = request.POST.get("member", "")[:64]
    try:
        who = door.sign_in(request, chosen, request.POST.get("pin", ""), clock.now())
    except TantamError as no:
        wrong = _signing(request, next=_next(request), error=no, chosen=chosen)
        return render(request, "kit/signin.html", wrong, status=status(no))
    answer = redirect(_next(request) or "/stations/")
    door.let_member_in(request, answer, who)
    return answer


@require_POST
@door.visitor
def sign_out(request: Request) -> HttpResponse:
    """End the session; the page has wiped its key before, and the browser drops what it kept to read."""
    answer = redirect("/")
    door.let_out(request, answer)
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@require_GET
@door.visitor
def enter(request: Request, secret: str) -> HttpResponse:
    """The link of one device: from here on it is known."""
    found = door.entered_by(secret, door.day())
    if found is None:
        return render(request, "kit/refused.html", {"unknown_device": True}, status=403)
    answer = redirect("/")
    door.let_device_in(request, answer, found)
    return answer


@require_GET
@door.member()
def stations(request: Request) -> HttpResponse:
    """The stations that one may choose; the only one is gone to at once."""
    backup.soon()
    held_here = [
        {"code": code, "vi": WORDS[code][0], "en": WORDS[code][1], "href": f"/station/{code}/"}
        for code in door.stations_of(request.member)
    ]
    return render(request, "kit/stations.html", {"stations": held_here})


@require_GET
@door.member()
def station(request: Request, station: str) -> HttpResponse:
    """The shell of a station; a template of its own where there is one."""
    if station not in door.stations_of(request.member):
        raise door.not_your_station()
    template = select_template([f"kit/{station}.html", "kit/station.html"])
    child, elder = queue.ages(door.camp().on)
    said = {"station": station, "child_under": child, "elder_from": elder, **own(request)}
    return HttpResponse(template.render(said, request))


@require_GET
@door.anybody
def board(request: Request) -> HttpResponse:
    """Numbers and desks, for a projector: no names, no sign-in."""
    day = door.day()
    shown = {"rows": queue.board(day, clock.now()), "now": clock.now(), "camp": door.camp()}
    waiting = sum(bool(visit.waits_for) for visit in day.came)
    return render(request, "kit/board.html", {**shown, "waiting": waiting, "left": len(day.came) - waiting})


@require_GET
@door.member()
def late_page(request: Request) -> HttpResponse:
    """Where paper forms are copied in."""
    kinds = sorted(posting.may_write(request.member))
    return render(request, "kit/late.html", {"kinds": kinds, "station": "late", **own(request)})


@require_GET
@door.member()
def paper_forms(request: Request) -> HttpResponse:
    """Blank numbered forms to print, ``?from=1&to=30``: one sheet a person. The kit's number stands in each, so that
    two kits print no number twice."""
    given = [request.GET.get(name, "") for name in ("from", "to")]
    first, last = (int(text) if text.isdecimal() and len(text) < 5 else 1 for text in given)
    count = min(max(last - first + 1, 1), MOST_FORMS)
    numbers = [f"P{held().number}-{number:04}" for number in range(first, first + count)]
    return render(request, "kit/paper.html", {"numbers": numbers})


@require_GET
@door.member(json=True)
def form(request: Request, paper: str) -> HttpResponse:
    """What was copied from a form already: kinds and moments of what one may write oneself."""
    allowed = posting.may_write(request.member)
    rows = [
        {"fact": str(fact.id), "kind": fact.kind, "at": viewing.moment(fact.kit_at)}
        for fact in late.of_form(ledger.facts_of(door.camp()), paper)
        if fact.kind in allowed
    ]
    return JsonResponse({"rows": rows})


@require_GET
@door.member(json=True)
def outbox_key(request: Request) -> HttpResponse:
    """The key with which this member closes his rows on this device."""
    key = posting.key_of(request.device.id, request.member.id)
    return JsonResponse({"key": base64.b64encode(key).decode()})


@csrf_exempt
@require_POST
@door.device
def facts(request: Request) -> HttpResponse:
    """Take rows; ``stored`` only once they lie on the disk."""
    answer = posting.take(door.camp(), read_json(request), device=request.device.id, at=clock.now())
    return JsonResponse({"stored": answer.stored, "refused": answer.refused})


@require_GET
@door.member(json=True)
def view(request: Request, station: str) -> HttpResponse:
    """What a station sees; ``late``: what one sees where paper forms are copied in."""
    if station not in (*door.stations_of(request.member), viewing.LATE):
        raise door.not_your_station()
    shown = viewing.view(door.camp(), station, request, clock.now(), request.GET.get("rev", ""))
    return JsonResponse(shown, json_dumps_params={"ensure_ascii": False})


@require_GET
@door.member("doctor", json=True)
def limits(request: Request, visit: UUID) -> HttpResponse:
    """What the formulary's file says of its medicines for one person, wherever he stands in the queue."""
    shown = viewing.limits(door.day(), visit, clock.now())
    return JsonResponse({"limits": shown}, json_dumps_params={"ensure_ascii": False})


@require_GET
@door.member("registrar", json=True)
def found_people(request: Request) -> HttpResponse:
    """Expected and registered people by name, year, village; with ``all``, everybody."""
    day = door.day()
    rows = (
        people.everybody(day) if request.GET.get("all") else people.found(day, request.GET.get("q", "")[:200])
    )
    return JsonResponse(rows, safe=False, json_dumps_params={"ensure_ascii": False})


@csrf_exempt
@require_POST
@door.member("registrar", json=True)
def card(request: Request) -> HttpResponse:
    """A scanned card, read."""
    body = read_json(request)
    text = body.get("text", "") if isinstance(body, dict) else ""
    read = people.of_card(door.day(), cards.read(str(text), held().key, on=door.camp().on))
    return JsonResponse(read, json_dumps_params={"ensure_ascii": False})


@require_GET
@door.member("doctor", "exit", json=True)
def codes(request: Request) -> HttpResponse:
    """The list of findings, with an ETag: it does not change in a day."""
    listed = door.day().plan.codes
    tag = '"' + hashlib.sha256("|".join(listed).encode()).hexdigest()[:20] + '"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    body = {"system": _system(), "rows": list(listed.items())}
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    return JsonResponse(body, headers=headers, json_dumps_params={"ensure_ascii": False})


@csrf_exempt
@require_http_methods(["GET", "POST"])
@door.anybody
def check(request: Request) -> HttpResponse:
    """A device looks at itself: clock, camera, closed line, storage; what it finds goes to `tantam camp device`."""
    if request.method == "POST":
        checking.note(request, read_json(request), clock.now())
        return JsonResponse({"ok": True})
    return render(request, "kit/check.html", {"now": viewing.moment(clock.now()), "tls": request.is_secure()})


@require_GET
@door.anybody
def authority(request: Request) -> HttpResponse:
    """The camp's authority, for devices to install."""
    if not held().authority:
        raise Http404
    kept = {"Content-Disposition": 'attachment; filename="tantam-camp.crt"'}
    return HttpResponse(held().authority, content_type="application/x-x509-ca-cert", headers=kept)


@require_GET
@door.anybody
def service_worker(request: Request) -> HttpResponse:
    """The kit's service worker; it must come from the root."""
    script = settings.OWN_STATIC / "camp-sw.js"
    if not script.exists():
        raise Http404
    return HttpResponse(
        script.read_bytes(), content_type="text/javascript", headers={"Cache-Control": "no-cache"}
    )


@require_GET
@door.anybody
def manifest(request: Request) -> HttpResponse:
    """So that a station can stand on a phone's first screen."""
    body = {
        "name": "Tận Tâm · Trại khám",
        "short_name": "Trại khám",
        "start_url": "/",
        "display": "standalone",
        "icons": [{"src": "/static/favicon.svg", "sizes": "any", "type": "image/svg+xml"}],
    }
    return JsonResponse(body, content_type="application/manifest+json")


def own(request: Request) -> dict[str, Any]:
    """What every page behind the sign-in says of itself."""
    day = door.day()
    return {"about": viewing.about(door.camp(), day), "kit_state": viewing.kit(day)}


def _signing(request: Request, **more: Any) -> dict[str, Any]:
    members = sorted(door.day().plan.members.values(), key=lambda one: one.name)
    return {"members": members, **more}


def _next(request: Request) -> str:
    """Where to go after signing in: an address of this kit, or nowhere."""
    wanted: str = request.POST.get("next", "") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, None)
    return wanted if safe and wanted.startswith("/") else ""


def _system() -> str:
    for fact in ledger.facts_of(door.camp()):
        if fact.kind == "codes":
            return str(getattr(fact.body, "system", ""))
    return ""
