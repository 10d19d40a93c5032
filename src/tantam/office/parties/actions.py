"""What may happen to parties: met, renamed, forgotten. The only writer of parties."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from tantam.clock import day_of
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.parties import rules
from tantam.office.parties.models import Party
from tantam.office.people.models import Office, Staff


def meet(
    *,
    actor: Staff | None,
    at: datetime,
    kind: str,
    office: Office,
    key: int | None = None,
    name: str = "",
    title: str = "",
    note: str = "",
) -> Party:
    """Know somebody from now on. The same subscription and kind is the same party, unchanged; without a subscription
    everybody is somebody new. Refuses ``bad_party_kind``, ``bad_title``, ``name_too_long``, ``nobody``."""
    enter(actor, "party.meet", office)
    name, note = rules.clean(name), rules.clean(note)
    rules.check(kind, name, title, note)
    rules.check_known(name, key)
    with transaction.atomic():
        row = {"office": office, "note": note, "met_on": day_of(at), **_named(name, title)}
        if key is None:
            party, new = Party.objects.create(kind=kind, **row), True
        else:
            party, new = Party.objects.get_or_create(kind=kind, key=key, defaults=row)
        if new:
            _tell(party, "party.met", actor, at, kind=kind, subscriber=key is not None)
    return party


def rename(party: Party, *, actor: Staff | None, at: datetime, name: str, title: str) -> Party:
    """Write down how somebody is called and wishes to be addressed. The same again changes nothing.

    Refuses ``bad_title``, ``name_too_long``, ``nobody``.
    """
    enter(actor, "party.rename", party.office)
    name = rules.clean(name)
    rules.check(party.kind, name, title)
    rules.check_known(name, party.key)
    with transaction.atomic():
        fresh = Party.objects.select_for_update(of=("self",)).select_related("office").get(pk=party.pk)
        if (fresh.name, fresh.title) == (name, title):
            return fresh
        for field, value in _named(name, title).items():
            setattr(fresh, field, value)
        fresh.save()
        _tell(fresh, "party.renamed", actor, at)
    return fresh


def held_on(key: int) -> list[dict[str, Any]]:
    """What we hold on one subscriber as a party: how he is called, as what we know him, where and since when."""
    rows = Party.objects.filter(key=key).select_related("office").order_by("id")
    return [
        {
            "what": "party",
            "kind": p.kind,
            "name": p.name,
            "title": p.title,
            "note": p.note,
            "office": p.office.name,
            "since": p.met_on,
        }
        for p in rows
    ]


def forget(key: int, *, actor: Staff | None, at: datetime) -> int:
    """His names, our notes and the tie to his subscription go; that somebody sat at our table stays counted."""
    with transaction.atomic():
        changed = Party.objects.filter(key=key).update(key=None, note="", **_named("", ""))
        if changed:
            write(actor=actor, act="party.forgotten", at=at, on=("party", "many"), count=changed)
    return changed


def _named(name: str, title: str) -> dict[str, str]:
    return {
        "name": name,
        "title": title,
        "lower": rules.lower(name),
        "plain": rules.plain(name),
        "sort": rules.sort_key(name),
    }


def _tell(party: Party, act: str, actor: Staff | None, at: datetime, **facts: Any) -> None:
    write(actor=actor, act=act, at=at, on=("party", party.pk), office=party.office_id, **facts)
