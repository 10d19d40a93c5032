"""How the guests of an event are drawn from the base, and why somebody is or is not among them.

The draw itself is :mod:`tantam.care.guests`; here is what the office adds: who was invited lately, and who works here.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.conf import settings
from django.db.models import Q

from tantam import clock
from tantam.base.home import Home
from tantam.care import guests
from tantam.errors import Refused
from tantam.office.events import rules
from tantam.office.events.models import Event, Guest
from tantam.office.people.models import Staff


def draw(event: Event, seats: int) -> guests.Guests:
    """So many guests of an event by its own seed, with its reserves; the same over the same base."""
    if not event.office.province:
        raise Refused(
            "no_province",
            "This office has no province, so nobody is near it.",
            "Plan the gathering at a branch.",
            vi="Văn phòng này không thuộc tỉnh nào nên không có khách ở gần. Lập buổi gặp ở chi nhánh.",
        )
    return guests.choose(
        Home(settings.HOME),
        province=event.office.province,
        on=clock.to_days(event.on),
        seed=event.seed,
        seats=seats,
        reserves=event.reserves,
        years=event.years,
        not_keys=invited_lately(event),
        staff=our_own(),
    )


def invited_lately(event: Event) -> frozenset[int]:
    """Keys with a seat, or called, at another gathering of this kind within a year before or after this one: whoever
    was asked to a hall of a thousand may still be asked to a table of six.

    A gathering that was called off counts only for those who had been called already.
    """
    near = (event.on - rules.AGAIN_AFTER, event.on + rules.AGAIN_AFTER)
    seated = Q(reserve=False) | Q(called_in=True)
    asked = Q(called_at__isnull=False) | (seated & ~Q(event__state="cancelled"))
    rows = Guest.objects.filter(asked, key__isnull=False, event__on__gt=near[0], event__on__lt=near[1])
    rows = rows.filter(event__kind=event.kind).exclude(event=event)
    if event.chosen_at:  # asked again later: only what was known when the guests were drawn
        rows = rows.filter(event__chosen_at__lte=event.chosen_at)
    return frozenset(key for key in rows.values_list("key", flat=True) if key is not None)


def our_own() -> frozenset[int]:
    """Keys of our staff's own subscriptions."""
    rows = Staff.objects.filter(subscriber__isnull=False, is_active=True)
    return frozenset(key for key in rows.values_list("subscriber", flat=True) if key is not None)


def summary(drawn: guests.Guests) -> dict[str, Any]:
    """What is kept of a choice: the question and the counts. No keys but those in the guests' own rows."""
    return {
        "base": drawn.base_digest,
        "province": drawn.ask.province,
        "on": drawn.ask.on,
        "years": drawn.ask.years,
        "seats": drawn.ask.seats,
        "reserves": drawn.ask.reserves,
        "pool": drawn.pool,
        "passed_over": drawn.passed_over,
        "missing": drawn.missing,
        "funnel": [{"code": s.code, "out": s.out, "left": s.left} for s in drawn.funnel],
        "quotas": drawn.quotas,
    }


def digest(drawn: guests.Guests) -> str:
    """SHA-256 over the seed, the base and everybody drawn in order: a choice cannot be put right afterwards."""
    keys = [guest.key for guest in (*drawn.seats, *drawn.reserves)]
    row = [drawn.ask.seed, drawn.base_digest, keys]
    return hashlib.sha256(json.dumps(row).encode()).hexdigest()


def why(event: Event, key: int) -> guests.Reason:
    """Why a subscriber is or is not a guest of an event; of one who was drawn, the reason kept with the choice.

    Asked over the base as it is today; :func:`moved` says whether that is still the base of the draw.
    """
    rows = list(Guest.objects.filter(event=event).order_by("order"))
    made = event.choice
    ask = guests.Ask(
        province=made["province"],
        place=None,
        on=made["on"],
        years=made["years"],
        seats=made["seats"],
        reserves=made["reserves"],
        seed=event.seed,
        not_keys=invited_lately(event),
        staff=our_own(),
    )
    known = [
        guests.Guest(g.key, g.order, g.reserve, guests.Reason(g.reason["code"], g.reason["facts"]))
        for g in rows
        if g.key is not None
    ]
    return guests.why(
        Home(settings.HOME),
        key,
        guests.Guests(
            ask,
            tuple(g for g in known if not g.reserve),
            tuple(g for g in known if g.reserve),
            tuple(guests.Step(s["code"], s["out"], s["left"]) for s in made["funnel"]),
            made["quotas"],
            made["base"],
        ),
    )


def moved(event: Event) -> bool:
    """Whether the base is no longer the one the guests were drawn from."""
    facts = Home(settings.HOME).facts
    return not facts.exists() or json.loads(facts.read_text()).get("digest") != event.choice.get("base")
