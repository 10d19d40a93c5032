"""Whoever says something without an account: the form they were shown, how often they may send, the trap for robots.

Nothing here keeps who somebody is. A form carries an id that we signed; an address on the network is counted for an
hour, under a digest that only the office's own key can make.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from math import ceil
from typing import Any
from uuid import UUID, uuid4

from allauth.core.internal.httpkit import get_client_ip
from allauth.core.internal.ratelimit import consume, get_cache_key, parse_rate
from django.conf import settings
from django.core.cache import cache
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from tantam.errors import Refused
from tantam.office.door import enter
from tantam.office.journal.actions import write

LEAST = timedelta(seconds=2)
"""Nobody reads a form, writes and sends it sooner."""
FORM_HOLDS = timedelta(days=1)
CROWD = 40
"""In a hall so many people share one network."""
DONE_HOLDS = timedelta(hours=1)
"""For so long the page of thanks shows what was said; later it only thanks."""
_FORM, _DONE, _COUNT = "tantam.say.form", "tantam.say.done", "tantam.say.visitor"


def new_form(at: datetime, *, again: bool = False) -> str:
    """What a form shown at a moment carries: an id of its own, signed. ``again``: for words that were given back."""
    return _sign(_FORM, uuid4(), at - LEAST if again else at)


def read_form(carried: str, *, at: datetime) -> UUID:
    """The id of a form that came back. Refuses ``form_expired`` (too old, or none of ours) and ``sent_at_once``."""
    number, shown_at = _read(_FORM, carried)
    if number is None or at - shown_at > FORM_HOLDS:
        raise Refused(
            "form_expired",
            "This page had been open for too long. Your words are still below.",
            "Press send once more.",
            vi="Trang này mở đã lâu. Lời bạn viết còn nguyên ở dưới, bấm gửi lần nữa là xong.",
        )
    if at - shown_at < LEAST:
        raise Refused(
            "sent_at_once",
            "It came faster than anybody writes, as robots send. Your words are still below.",
            "Press send once more.",
            vi="Lời gửi lên nhanh hơn người viết, giống máy gửi. Lời còn nguyên ở dưới, bấm gửi lần nữa là xong.",
        )
    return number


def done(opinion: UUID, at: datetime) -> str:
    """The end of the address of the page of thanks: an opinion's id, signed."""
    return _sign(_DONE, opinion, at)


def read_done(carried: str, *, at: datetime) -> tuple[bool, UUID | None]:
    """Whether we made this address, and the opinion it shows: None once its time is over."""
    number, made_at = _read(_DONE, carried)
    return number is not None, number if at - made_at <= DONE_HOLDS else None


def wait_s(request: HttpRequest, *, at: datetime, crowd: bool = False) -> int:
    """How many seconds this visitor must wait; 0 lets one more through and counts it. ``crowd``: from a hall, where one
    network is many people."""
    people = CROWD if crowd else 1
    visitor = visitor_of(request)
    limits = (
        (settings.SAY_PER_MINUTE * people, 60, visitor),
        (settings.SAY_PER_HOUR * people, 3600, visitor),
        (settings.SAY_PER_HOUR_TOTAL, 3600, "everybody"),
    )
    return wait_for(request, "say", limits, at=at)


def visitor_of(request: HttpRequest) -> str:
    """A digest in place of an address on the network, which only the office's own key can make."""
    return salted_hmac(_COUNT, _network(request)).hexdigest()


def wait_for(
    request: HttpRequest, action: str, limits: Iterable[tuple[int, int, str]], *, at: datetime
) -> int:
    """How many seconds to wait before one more of an action, by limits (how many, in how many seconds, of whom); 0
    lets it through and counts it."""
    for amount, seconds, key in limits:
        rate = f"{amount}/{seconds}s/key"
        counted: dict[str, Any] = {"app": "tantam", "action": action, "key": key}
        if not consume(request, config={action: rate}, limit_get=True, **counted):
            past = cache.get(get_cache_key(request, rate=parse_rate(rate), **counted)) or [0.0]
            return max(1, ceil(past[-1] + seconds - at.timestamp()))
    return 0


def turn_away(*, at: datetime) -> None:
    """Count what a robot sent: it is answered like anything else, and its words are not kept."""
    enter(None, "opinion.register")
    with transaction.atomic():
        write(actor=None, act="opinion.turned_away", at=at, on=("opinion", "none"), because="trap")


def _network(request: HttpRequest) -> str:
    """What counts as one visitor: an IPv4 address, the /64 of an IPv6 one, or nobody in particular."""
    text = get_client_ip(request)
    if not text:
        return ""
    address: IPv4Address | IPv6Address = ip_address(text)
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or IPv6Network((address, 64), strict=False))
    return str(address)


def _sign(salt: str, number: UUID, at: datetime) -> str:
    return Signer(salt=salt).sign_object([number.hex, int(at.timestamp())])


def _read(salt: str, carried: str) -> tuple[UUID | None, datetime]:
    try:
        number, at = Signer(salt=salt).unsign_object(carried)
    except BadSignature:
        return None, datetime.fromtimestamp(0, UTC)
    return UUID(number), datetime.fromtimestamp(at, UTC)
