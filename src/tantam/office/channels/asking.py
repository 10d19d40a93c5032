"""What may happen to a message before and after it goes out: it is asked for, looked up, forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from tantam.clock import day_of, to_days
from tantam.office.channels import consents, rules
from tantam.office.channels.ahead import Ahead
from tantam.office.channels.models import REFUSED, WAITING, Consent, Message, Stray
from tantam.office.channels.secrets import LINK, blot, without
from tantam.office.channels.sms.labels import label
from tantam.office.channels.sms.parts import accentless, plan
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.paging import parts
from tantam.office.people.models import Office, Staff
from tantam.office.promises.models import Promise

_LOOKED_BACK = timedelta(days=2)
"""Contacts that can still count: the longest window is of 24 hours."""
_NO_QUESTION = ("service", "reply")
"""Purposes of messages that ask for nothing, so that no answer is to them."""


def ask(
    *,
    actor: Staff | None,
    at: datetime,
    id: UUID,
    key: int,
    purpose: str,
    text: str,
    channel: str = "sms",
    opt_out: str = "",
    advertiser: str = "",
    product: str = "",
    plain: bool = False,
    office: Office | None = None,
    about: tuple[str, Any] = ("", ""),
    promise: Promise | None = None,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> Message:
    """Ask for a message to go out at ``due_at`` (now), if the gate lets it, and not from ``expires_at`` on. The same
    ``id`` twice is one message, and one promise sends one person one message.

    The label and the ``opt_out`` are put around the text here, not by its author; ``plain`` sends it without accents,
    which takes fewer parts. ``about``: kind and id of what it belongs to. Refuses ``bad_ask``, what
    :func:`tantam.office.channels.sms.labels.label` refuses, and ``sms_too_long``.
    """
    row = _row(
        actor=actor, at=at, purpose=purpose, text=text, channel=channel, opt_out=opt_out, advertiser=advertiser,
        product=product, plain=plain, office=office, about=about, promise=promise, due_at=due_at, expires_at=expires_at,
    )  # fmt: skip
    made, before = _write({id: key}, row, actor, on=("message", id))
    return (made or before)[0]


def ask_many(
    people: Mapping[UUID, int],
    *,
    actor: Staff | None,
    at: datetime,
    purpose: str,
    text: str,
    about: tuple[str, Any],
    office: Office | None = None,
    plain: bool = False,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> int:
    """Ask for the same text to many, as :func:`ask` does to one; gives how many had not been asked for before.

    ``people``: the id of each one's message → the key. One transaction and one entry of the journal, so hand in some
    hundreds at a time. Refuses what :func:`ask` refuses.
    """
    row = _row(
        actor=actor, at=at, purpose=purpose, text=text, about=about, office=office, plain=plain, due_at=due_at,
        expires_at=expires_at,
    )  # fmt: skip
    made, _ = _write(people, row, actor, on=about)
    return len(made)


def take_back(
    *,
    actor: Staff | None,
    at: datetime,
    about: tuple[str, Any],
    key: int | None = None,
    office: Office | None = None,
) -> int:
    """What belongs to something and still waits is not sent: to one person, or (None) to anybody; gives how many."""
    enter(actor, "message.ask", office)
    with transaction.atomic():
        waiting = Message.objects.filter(about_kind=about[0], about_id=str(about[1]), state=WAITING)
        if key is not None:
            waiting = waiting.filter(key=key)
        blot(waiting.filter(text__contains=LINK))
        count = waiting.update(state=REFUSED, code="taken_back", due_at=None)
        if count:
            write(actor=actor, act="message.taken_back", at=at, on=about, office=office, count=count)
    return count


def known(keys: Iterable[int], *, at: datetime, ahead: Ahead | None = None) -> dict[int, rules.Known]:
    """All the gate is told of each of these people at a moment: their words, in the base (``ahead`` where it was read
    for many at once) and in the office, and how we reached them before."""
    found = consents.known(keys)
    for key, said in (ahead or Ahead()).said(found).items():
        found[key] = replace(found[key], consents=(*said, *found[key].consents))
    for part in parts(sorted(found)):
        reached = Message.objects.filter(key__in=part)
        lately = reached.filter(taken_at__gt=at - _LOOKED_BACK) | reached.filter(
            tried_at__gt=at - _LOOKED_BACK
        )
        ever = reached.filter(purpose="registration", taken_at__isnull=False)
        for row in (lately | ever).only("key", "taken_at", "tried_at", "purpose", "channel", "advertiser"):
            assert row.key is not None
            for moment in filter(None, (row.taken_at, row.tried_at)):
                contact = rules.Contact(moment, row.purpose, row.channel, row.advertiser)
                found[row.key] = reached_again(found[row.key], contact)
    return found


def refusing(purpose: str, *, at: datetime) -> list[int]:
    """Who told the office that he wants nothing of a purpose, or nothing at all, and no longer thinks otherwise."""
    ask = rules.Ask(purpose, "sms", at)
    no = Consent.objects.filter(granted=False, purpose__in=[purpose, rules.EVERYTHING], key__isnull=False)
    found: list[int] = []
    said_no = {key for key in no.exclude(how=consents.LIST).values_list("key", flat=True) if key is not None}
    for part in parts(sorted(said_no)):
        said = consents.known(part)
        found += [key for key, words in said.items() if rules.decide(ask, words).outcome == "refuse"]
    return found


def products(key: int) -> set[str]:
    """What we have advertised to somebody."""
    return set(Message.objects.filter(key=key).exclude(product="").values_list("product", flat=True))


def asked_last(key: int, received_at: datetime) -> Message | None:
    """The last text that had gone out to somebody and asked for anything: people answer what they see last, and a yes
    to a survey is no yes to a coffee."""
    reached = Message.objects.filter(key=key, channel="sms", taken_at__lte=received_at)
    return reached.exclude(purpose__in=_NO_QUESTION).order_by("-taken_at", "-asked_at").first()


def held_on(key: int) -> list[dict[str, Any]]:
    """What we sent one subscriber, or wanted to, and what the gate said."""
    return [
        {
            "what": "message",
            "kind": row.purpose,
            "text": without(row.text),
            "channel": row.channel,
            "state": row.state,
            "reason": row.code,
            "said": row.asked_at,
        }
        for row in Message.objects.filter(key=key).order_by("asked_at", "id")
    ]


def forget(key: int, *, actor: Staff | None, at: datetime) -> int:
    """The words and the ties to him go, and what still waits is not sent; the verdicts stay, as the law asks."""
    with transaction.atomic():
        mine = Message.objects.filter(key=key)
        mine.filter(state=WAITING).update(state=REFUSED, code="forgotten", due_at=None)
        Stray.objects.filter(key=key).delete()
        changed = mine.update(key=None, text="—")
        if changed:
            write(actor=actor, act="message.forgotten", at=at, on=("message", "many"), count=changed)
    return changed


def reached_again(known: rules.Known, contact: rules.Contact) -> rules.Known:
    """What is known of somebody, with one more contact."""
    return replace(known, contacts=(*known.contacts, contact))


def _row(
    *,
    actor: Staff | None,
    at: datetime,
    purpose: str,
    text: str,
    about: tuple[str, Any],
    channel: str = "sms",
    opt_out: str = "",
    advertiser: str = "",
    product: str = "",
    plain: bool = False,
    office: Office | None = None,
    promise: Promise | None = None,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> dict[str, Any]:
    """The columns of a message, whoever it goes to, after everything that may refuse it."""
    enter(actor, "message.ask", office)
    rules.Ask(purpose, channel, at, advertiser, product)  # refuses what is none
    whole = label(text, purpose, opt_out, on=to_days(day_of(at)))
    if plain:
        whole = accentless(whole)
    return {
        "purpose": purpose,
        "channel": channel,
        "advertiser": advertiser,
        "product": product,
        "promise": promise,
        "office": office,
        "about_kind": about[0],
        "about_id": str(about[1]),
        "text": whole,
        "parts": len(plan(whole).parts) if channel == "sms" else 1,
        "asked_at": at,
        "due_at": due_at or at,
        "expires_at": expires_at,
    }


def _write(
    people: Mapping[UUID, int], row: dict[str, Any], actor: Staff | None, *, on: tuple[str, Any]
) -> tuple[list[Message], list[Message]]:
    """Write a message to each of some people who has none yet, and one entry of the journal; gives those that were
    made, and those that were there before."""
    try:
        with transaction.atomic():
            return _write_new(people, row, actor, on)
    except IntegrityError:  # two at the same moment: the one who came first has asked, and that is seen now
        with transaction.atomic():
            return _write_new(people, row, actor, on)


def _write_new(
    people: Mapping[UUID, int], row: dict[str, Any], actor: Staff | None, on: tuple[str, Any]
) -> tuple[list[Message], list[Message]]:
    promise, before = row["promise"], list[Message]()
    for part in parts(list(people)):
        if promise is not None:
            before += Message.objects.filter(promise=promise, key__in=[people[id] for id in part])
        before += Message.objects.filter(pk__in=part)
    ids = {message.pk for message in before}
    keys = {message.key for message in before if promise is not None and message.promise_id == promise.pk}
    new = [Message(id=id, key=key, **row) for id, key in people.items() if id not in ids and key not in keys]
    if new:
        Message.objects.bulk_create(new)
        facts = {name: row[name] for name in ("purpose", "channel", "parts")}
        write(
            actor=actor, act="message.asked", at=row["asked_at"], on=on, office=row["office"], count=len(new), **facts
        )  # fmt: skip
    return new, before
