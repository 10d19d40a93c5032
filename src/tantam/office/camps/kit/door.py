"""Who gets in on a kit: a device of the camp, then a member of the team with his PIN, then only his own stations.

Every view says who it is for (:func:`anybody`, :func:`device`, :func:`member`); one that says nothing is shut. Over a
line without TLS only what holds no health data is shown, but for the laptop itself.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from tantam.errors import Refused, TantamError
from tantam.office.camps import kinds, ledger, pins
from tantam.office.camps.day import Day
from tantam.office.camps.kit.holding import held
from tantam.office.camps.models import Camp
from tantam.office.watch import OF_CODE, status

DEVICE_COOKIE, MEMBER_COOKIE = "device", "member"
DEVICE_FOR, MEMBER_FOR = timedelta(days=7), timedelta(hours=14)
TRIES, TRIES_OF_DEVICE, WAIT = 5, 20, timedelta(minutes=5)
LOOPBACK = ("127.0.0.1", "::1")
LEAD = "lead"
OF_CODE |= {
    "no_tls": 403,
    "not_of_the_camp": 403,
    "not_your_station": 403,
    "sign_in_first": 403,
    "pin_wrong": 403,
    "pin_too_often": 429,
}

_tries: dict[tuple[str, str], list[datetime]] = {}
_ended: set[str] = set()
View = Callable[..., HttpResponseBase]


def camp() -> Camp:
    """The kit's camp."""
    return Camp.objects.get(pk=held().camp)


def day() -> Day:
    """The camp's day as it stands; not to be changed."""
    return ledger.day_of(camp())


def stations_of(who: kinds.Member) -> list[str]:
    """The stations that somebody works at, in the order of a visit; a lead at each, and at his own."""
    if LEAD in who.roles:
        return [*kinds.STATIONS, LEAD]
    held_roles = {"pharmacist" if role == "chief_pharmacist" else role for role in who.roles}
    return [station for station in kinds.STATIONS if station in held_roles]


def entry_of(device: str) -> str:
    """The secret in the link that lets a device in: 26 letters and digits out of the camp's key, the same each time."""
    return base64.b32encode(held().derived(f"entry:{device}")[:16]).decode().rstrip("=").lower()


def entered_by(secret: str, among: Day) -> kinds.Device | None:
    """The device that this secret belongs to."""
    mark = hashlib.sha256(secret.encode()).hexdigest()
    for one in among.plan.devices.values():
        known = one.entry or hashlib.sha256(entry_of(one.id).encode()).hexdigest()
        if hmac.compare_digest(mark, known):
            return one
    return None


class Door:
    """The wall against lines without TLS, who asks, and that every view said whom it lets in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.device = request.member = None
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Refuses before the view runs; None lets it run."""
        wall: _Wall | None = getattr(view, "kit_wall", None)
        try:
            if wall is None:
                raise _not_of_the_camp()
            if not wall.without_tls and not _safe_line(request):
                raise _no_tls()
            if not wall.without_tls:
                _recognise(request)
            if wall.device and request.device is None:
                raise _not_of_the_camp()
            if wall.member and request.member is None:
                if not wall.json and request.method == "GET":
                    return redirect(f"/?next={request.path}")
                raise _sign_in()
            if wall.stations and not set(wall.stations) & set(stations_of(request.member)):
                raise not_your_station()
        except TantamError as no:
            return said(request, no, json=wall is not None and wall.json)
        return None


class _Wall:
    def __init__(
        self, *, device: bool, member: bool, stations: tuple[str, ...], json: bool, without_tls: bool
    ):
        self.device, self.member, self.stations = device, member, stations
        self.json, self.without_tls = json, without_tls


def anybody(view: View, *, json: bool = False) -> View:
    """For whoever stands near, also without TLS: nothing of anybody's health, no names."""
    return _walled(view, _Wall(device=False, member=False, stations=(), json=json, without_tls=True))


def visitor(view: View) -> View:
    """For a device that may not be known yet, over TLS."""
    return _walled(view, _Wall(device=False, member=False, stations=(), json=False, without_tls=False))


def device(view: View) -> View:
    """For a device of the camp, whoever holds it; answers in JSON."""
    return _walled(view, _Wall(device=True, member=False, stations=(), json=True, without_tls=False))


def member(*stations: str, json: bool = False) -> Callable[[View], View]:
    """For a member of the team who signed in; with ``stations``, one who works at any of them."""

    def wrap(view: View) -> View:
        return _walled(view, _Wall(device=True, member=True, stations=stations, json=json, without_tls=False))

    return wrap


def _walled(view: View, wall: _Wall) -> View:
    @wraps(view)
    def walled(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except TantamError as no:
            return said(request, no, json=wall.json)

    walled.kit_wall = wall  # type: ignore[attr-defined]
    return walled


def said(request: HttpRequest, no: TantamError, *, json: bool) -> HttpResponse:
    """An error as its page, or as ``{code, vi, en}``."""
    if json:
        return JsonResponse(
            {"code": no.code, "vi": no.vi or no.what, "en": f"{no.what} {no.do}".strip()}, status=status(no)
        )
    return render(request, "kit/refused.html", {"error": no}, status=status(no))


def shown(request: HttpRequest) -> dict[str, Any]:
    """What every page of a kit may say of whoever is there."""
    plan = day().plan
    return {
        "camp": camp(),
        "kit": plan.kits.get(held().number),
        "device": getattr(request, "device", None),
        "me": getattr(request, "member", None),
    }


def sign_in(request: Any, who: str, pin: str, at: datetime) -> kinds.Member:
    """The member with this PIN; refuses ``pin_wrong``, ``pin_too_often`` (five tries a member on a device, twenty a
    device, within five minutes)."""
    found = check_pin(request.device.id, who, pin, at)
    request.member = found
    return found


def check_pin(device_id: str, who: str, pin: str, at: datetime) -> kinds.Member:
    """The same for a signature, where the member is not who signed in."""
    of_member = _recent((device_id, who), at)
    of_device = _recent((device_id, ""), at)
    if len(of_member) >= TRIES or len(of_device) >= TRIES_OF_DEVICE:
        raise Refused(
            "pin_too_often",
            "The PIN was wrong too many times.",
            "Wait five minutes, or ask the lead.",
            vi="Nhập sai mã PIN quá nhiều lần. Chờ năm phút, hoặc hỏi trưởng đoàn.",
        )
    found = day().plan.members.get(who)
    if found is None or not pins.fits(pin, found.pin):
        of_member.append(at)
        of_device.append(at)
        raise Refused("pin_wrong", "That PIN does not fit.", "Try again.", vi="Mã PIN chưa đúng. Thử lại.")
    of_member.clear()
    return found


def _recent(whose: tuple[str, str], at: datetime) -> list[datetime]:
    tries = _tries.setdefault(whose, [])
    tries[:] = [one for one in tries if at - one < WAIT]
    return tries


def let_device_in(request: HttpRequest, answer: HttpResponse, one: kinds.Device) -> None:
    """Set the cookie by which this device is known."""
    _set(request, answer, DEVICE_COOKIE, {"device": one.id}, DEVICE_FOR)


def let_member_in(request: Any, answer: HttpResponse, who: kinds.Member) -> None:
    """Set the cookie of a session, good on this device alone."""
    session = {"member": who.id, "device": request.device.id, "once": secrets.token_hex(8)}
    _set(request, answer, MEMBER_COOKIE, session, MEMBER_FOR)


def let_out(request: HttpRequest, answer: HttpResponse) -> None:
    """End the session, also for whoever copied its cookie."""
    session = _cookie(request, MEMBER_COOKIE, MEMBER_FOR)
    _ended.add(str(session.get("once", "")))
    answer.delete_cookie(MEMBER_COOKIE, samesite="Strict")


def _set(
    request: HttpRequest, answer: HttpResponse, name: str, value: dict[str, str], lasts: timedelta
) -> None:
    sealed = signing.dumps(value, salt=name, compress=False)
    answer.set_cookie(
        name, sealed, max_age=lasts, httponly=True, samesite="Strict", secure=request.is_secure()
    )


def _cookie(request: HttpRequest, name: str, lasts: timedelta) -> dict[str, Any]:
    try:
        found = signing.loads(request.COOKIES.get(name, ""), salt=name, max_age=lasts)
    except signing.BadSignature:
        return {}
    return found if isinstance(found, dict) else {}


def device_of(request: HttpRequest) -> kinds.Device | None:
    """The device that asks, by its cookie."""
    return day().plan.devices.get(_cookie(request, DEVICE_COOKIE, DEVICE_FOR).get("device", ""))


def _recognise(request: Any) -> None:
    request.device = device_of(request)
    if request.device is None:
        return
    session = _cookie(request, MEMBER_COOKIE, MEMBER_FOR)
    if session.get("device") == request.device.id and session.get("once") not in _ended:
        request.member = day().plan.members.get(session.get("member", ""))


def _safe_line(request: HttpRequest) -> bool:
    return request.is_secure() or request.META.get("REMOTE_ADDR", "") in LOOPBACK


def _no_tls() -> Refused:
    return Refused(
        "no_tls",
        "This line is not closed, so that nothing of anybody's health goes over it.",
        "Install the camp's authority from /ca.crt, then open the address that begins with https. The queue board "
        "works here.",
        vi="Đường truyền này chưa khoá, nên không mở được trang sức khoẻ. "
        "Cài chứng chỉ của trại từ /ca.crt, rồi mở địa chỉ bắt đầu bằng https. Bảng gọi số vẫn xem được ở đây.",
    )


def _not_of_the_camp() -> Refused:
    return Refused(
        "not_of_the_camp",
        "This device is not of the camp.",
        "Ask the lead to let it in with `tantam camp device`.",
        vi="Máy này chưa thuộc trại. Nhờ trưởng đoàn cho máy vào trại.",
    )


def _sign_in() -> Refused:
    return Refused(
        "sign_in_first",
        "Nobody is signed in here.",
        "Choose your name and give your PIN.",
        vi="Chưa ai vào việc trên máy này. Chọn tên và nhập mã PIN.",
    )


def not_your_station() -> Refused:
    """Refuse ``not_your_station``."""
    return Refused(
        "not_your_station",
        "This station is not yours today.",
        "Choose one of your own, or ask the lead.",
        vi="Hôm nay bạn không làm ở bàn này. Chọn bàn của mình, hoặc hỏi trưởng đoàn.",
    )
