"""What may happen to a message: asked for, judged by the gate when its moment comes, handed over at most once, settled.

The order is what keeps it once: a message is marked as taken, that is committed, and only then handed to the gateway.
Whoever dies in between leaves messages that nobody knows of; they are shown as unknown, and never sent again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from tantam.base.home import Home
from tantam.clock import day_of, to_days
from tantam.office.channels import consents, rules, subscribers
from tantam.office.channels.gateways import Gateway, Out
from tantam.office.channels.models import (
    FAILED,
    REFUSED,
    SENT,
    TAKEN,
    UNKNOWN,
    WAITING,
    Handed,
    Judgement,
    Message,
)
from tantam.office.channels.sms.labels import label
from tantam.office.channels.sms.parts import plan
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.paging import parts
from tantam.office.people.models import Staff
from tantam.office.promises.models import Promise

BATCH = 200
"""Messages in one transaction, so that no writer waits long."""

SILENT = timedelta(minutes=10)
"""What was taken so long ago and never heard of again is unknown."""

LATE = rules.Verdict("refuse", None, "too_late", "house_in_time", (), *rules.HOUSE["house_in_time"])
"""What is said of a message that waited for longer than it holds."""

_LOOKED_BACK = timedelta(days=2)
"""Contacts that can still count: the longest window is of 24 hours."""


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
    promise: Promise | None = None,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> Message:
    """Ask for a message to go out at ``due_at`` (now), if the gate lets it, and not from ``expires_at`` on. The same
    ``id`` twice is one message, and one promise sends one person one message.

    The label and the ``opt_out`` are put around the text here, not by its author. Refuses ``bad_ask``, what
    :func:`tantam.office.channels.sms.labels.label` refuses, and ``sms_too_long``.
    """
    enter(actor, "message.ask")
    rules.Ask(purpose, channel, at, advertiser, product)  # refuses what is none
    whole = label(text, purpose, opt_out, on=to_days(day_of(at)))
    row: dict[str, Any] = {
        "key": key,
        "purpose": purpose,
        "channel": channel,
        "advertiser": advertiser,
        "product": product,
        "promise": promise,
        "text": whole,
        "parts": len(plan(whole).parts) if channel == "sms" else 1,
        "asked_at": at,
        "due_at": due_at or at,
        "expires_at": expires_at,
    }
    try:
        with transaction.atomic():
            if promise is not None and (same := Message.objects.filter(promise=promise, key=key).first()):
                return same
            message, new = Message.objects.get_or_create(id=id, defaults=row)
            if new:
                facts: dict[str, Any] = {"purpose": purpose, "channel": channel, "parts": message.parts}
                write(actor=actor, act="message.asked", at=at, on=("message", id), **facts)
    except IntegrityError:  # two at the same moment: the one who came first has asked
        return Message.objects.get(promise=promise, key=key)
    return message


def send_due(gateway: Gateway, *, at: datetime) -> Counter[str]:
    """Judge the messages whose moment has come, a batch, and hand over those that may go; gives how many had which
    outcome, nothing when none is due. Two workers at once never hand one over twice."""
    with transaction.atomic():
        due = Message.objects.select_for_update(of=("self",)).filter(due_at__lte=at, key__isnull=False)
        rows = list(due.order_by("due_at", "id")[:BATCH])
        out, counted = _judge(rows, gateway.name, at)
    if out:
        answered = dict(gateway.submit(out))
        with transaction.atomic():
            _settle(answered, gateway.name)
            write(actor=None, act="message.sent", at=at, on=("message", "many"), count=len(answered))
    return counted


def give_up(*, at: datetime) -> int:
    """Say of messages that were taken long ago, by a worker that died, that nobody knows: they are not sent again."""
    with transaction.atomic():
        lost = Message.objects.filter(state=TAKEN, taken_at__lte=at - SILENT).update(state=UNKNOWN)
        if lost:
            write(actor=None, act="message.lost", at=at, on=("message", "many"), count=lost)
    return lost


def known(keys: Iterable[int], *, at: datetime) -> dict[int, rules.Known]:
    """All the gate is told of each of these people at a moment: their words, in the base and in the office, and how we
    reached them before."""
    found = consents.known(keys)
    for key, said in subscribers.said(Home(settings.HOME), found).items():
        found[key] = replace(found[key], consents=(*said, *found[key].consents))
    for part in parts(sorted(found)):
        reached = Message.objects.filter(key__in=part, taken_at__isnull=False)
        lately = reached.filter(taken_at__gt=at - _LOOKED_BACK) | reached.filter(purpose="registration")
        for row in lately.only("key", "taken_at", "purpose", "channel", "advertiser"):
            assert row.key is not None
            assert row.taken_at is not None
            contact = rules.Contact(row.taken_at, row.purpose, row.channel, row.advertiser)
            found[row.key] = _with(found[row.key], contact)
    return found


def products(key: int) -> set[str]:
    """What we have advertised to somebody."""
    return set(Message.objects.filter(key=key).exclude(product="").values_list("product", flat=True))


def held_on(key: int) -> list[dict[str, Any]]:
    """What we sent one subscriber, or wanted to, and what the gate said."""
    return [
        {
            "what": "message",
            "kind": row.purpose,
            "text": row.text,
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
        changed = mine.update(key=None, text="—")
        if changed:
            write(actor=actor, act="message.forgotten", at=at, on=("message", "many"), count=changed)
    return changed


def _settle(answered: dict[UUID, str | None], gateway: str) -> None:
    """Note what the other side said of each; of what it did not speak nobody knows yet."""
    for state, ids in (
        (SENT, [one for one, ref in answered.items() if ref is not None]),
        (FAILED, [one for one, ref in answered.items() if ref is None]),
    ):
        Message.objects.filter(pk__in=ids, state=TAKEN).update(state=state)
    Handed.objects.bulk_create(
        Handed(message_id=one, gateway=gateway, ref=ref[:80])
        for one, ref in answered.items()
        if ref is not None
    )


def _judge(rows: Sequence[Message], gateway: str, at: datetime) -> tuple[list[Out], Counter[str]]:
    people = known((row.key for row in rows if row.key is not None), at=at)
    out: list[Out] = []
    found: dict[tuple[str, str, datetime | None], list[UUID]] = {}
    judged: list[Judgement] = []
    for row in rows:
        assert row.key is not None
        asked = rules.Ask(row.purpose, row.channel, at, row.advertiser, row.product)
        is_late = row.expires_at is not None and row.expires_at <= at
        verdict = LATE if is_late else rules.decide(asked, people[row.key])
        found.setdefault((verdict.outcome, verdict.code, verdict.until), []).append(row.pk)
        judged.append(_judgement(row, verdict, at))
        if verdict.outcome == "send":
            # the next one to the same person in this batch must know of it
            people[row.key] = _with(
                people[row.key], rules.Contact(at, row.purpose, row.channel, row.advertiser)
            )
            out.append(Out(row.pk, row.key, row.channel, row.text, verdict.vi))
    counted: Counter[str] = Counter()
    for (outcome, code, until), ids in found.items():
        change: dict[str, Any] = {"code": code, "due_at": until}
        if outcome == "send":
            change |= {"state": TAKEN, "taken_at": at, "gateway": gateway}
        elif outcome == "refuse":
            change["state"] = REFUSED
        Message.objects.filter(pk__in=ids).update(**change)
        counted[outcome] += len(ids)
    Judgement.objects.bulk_create(judged)
    return out, counted


def _judgement(row: Message, verdict: rules.Verdict, at: datetime) -> Judgement:
    return Judgement(
        message=row,
        at=at,
        outcome=verdict.outcome,
        code=verdict.code,
        rule=verdict.rule,
        until=verdict.until,
        warn="|".join(verdict.warn)[:200],
        vi=verdict.vi[:400],
        en=verdict.en[:400],
    )


def _with(known: rules.Known, contact: rules.Contact) -> rules.Known:
    return replace(known, contacts=(*known.contacts, contact))
