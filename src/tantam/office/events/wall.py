"""The address on the wall of a large gathering, as letters and as a QR code: the form of opinions, tied to it.

The code in it names the gathering and is signed with the office's key, so that nobody can make one for another; it
holds until the close.
"""

from __future__ import annotations

from allauth.mfa.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.csrf import csrf_exempt

from tantam.keys import ALPHABET
from tantam.office.events import large
from tantam.office.events.models import Event
from tantam.office.opinions import saying
from tantam.office.typed import whole
from tantam.office.words import day, say

ASKED = "buoi"
"""How the address names it: ``/gop-y/?buoi=12-7Q4K20M1``."""
_SIGN_LETTERS = 8


@csrf_exempt  # asked by the form itself, where a refusal gives the words back
def say_here(request: HttpRequest) -> HttpResponse:
    """The form of opinions; opened by the code on a wall, what is said belongs to that gathering."""
    place = place_of(request.POST.get(ASKED, "") or request.GET.get(ASKED, ""))
    return saying.form(request, place)


def place_of(code: str) -> saying.Place | None:
    """The gathering that a code names, as long as it is open; None for any other, and the form is as it always is."""
    number = whole(code.partition("-")[0])
    if not number or not constant_time_compare(code.upper(), code_of(number)):
        return None
    event = Event.objects.select_related("office").filter(pk=number).first()
    if event is None or event.state in ("sealed", "cancelled") or not large.is_large(event.kind):
        return None
    name = f"{say(*large.KINDS[event.kind])} {day(event.on)} · {event.place}"
    return saying.Place(code_of(number), name, event.office, ("event", number))


def code_of(number: int) -> str:
    """A gathering's number and eight letters (40 bits) that only the office's key can make."""
    bits = int.from_bytes(salted_hmac("tantam.events.wall", str(number)).digest()[:5], "big")
    return f"{number}-{''.join(ALPHABET[bits >> 5 * place & 31] for place in range(_SIGN_LETTERS))}"


def address(request: HttpRequest, event: Event) -> str:
    """The whole address for the wall, as this server is reached."""
    return request.build_absolute_uri(f"{reverse('say')}?{ASKED}={code_of(event.pk)}")


def qr(text: str) -> SafeString:
    """A QR code as SVG, drawn by what draws the second factor's."""
    drawn = get_adapter().build_totp_svg(text)
    return mark_safe(drawn[drawn.index("<svg") :])  # noqa: S308  made here, of digits and paths alone
