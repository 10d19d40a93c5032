"""How a message goes out: judged by the gate when its moment comes, handed over at most once, settled.

The order is what keeps it once: a message is marked as taken, that is committed, and only then handed to the gateway.
Whoever dies in between leaves messages that nobody knows of; they are shown as unknown, and never sent again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from tantam.office.channels import addresses, asking, rules
from tantam.office.channels.ahead import LIST, Ahead
from tantam.office.channels.gateways import Answer, Gateway, Out
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
from tantam.office.channels.receipts import adopt, catch_up
from tantam.office.channels.secrets import LINK, blot
from tantam.office.channels.sms.parts import plan
from tantam.office.channels.sms.receipts import candidates
from tantam.office.journal.actions import write

BATCH = 200
"""Messages in one transaction, so that no writer waits long."""

SILENT = timedelta(minutes=10)
"""What was taken so long ago and never heard of again is unknown."""

LONG_CALL = timedelta(hours=1)
"""The same of a call, which somebody makes."""

AGAIN = timedelta(minutes=1)
"""What a gateway could not take just now is due again after this."""

MOST_TOGETHER = 5
"""Answers to one person that go out as one message."""

LATE = rules.Verdict("refuse", None, "too_late", "house_in_time", (), *rules.HOUSE["house_in_time"])
"""What is said of a message that waited for longer than it holds."""

NOWHERE = rules.Verdict("refuse", None, "no_number", "house_number", (), *rules.HOUSE["house_number"])
"""What is said of a message to somebody of whom we have no number or address."""


def send_due(gateway: Gateway, *, at: datetime, ahead: Ahead | None = None) -> Counter[str]:
    """Judge the messages whose moment has come, a batch, and hand over those that may go; gives how many had which
    outcome, nothing when none is due. Two workers at once never hand one over twice.

    ``ahead`` holds what files say of the people on the list, from one batch to the next (:func:`look_ahead`).
    """
    with transaction.atomic():
        due = _due(gateway, at).select_for_update(of=("self",))
        rows = list(due.order_by("due_at", "id")[:BATCH])
        batch = _judge(rows, gateway, at, ahead or Ahead())
    if batch.out:
        answers = list(gateway.submit(batch.out))
        with transaction.atomic():
            _settle(answers, batch, gateway.name, at)
            copies = sum(one.key is None for one in batch.out)
            write(
                actor=None, act="message.sent", at=at, on=("message", "many"), count=len(batch.out) - copies,
                copies=copies,
            )  # fmt: skip
    return batch.counted


def look_ahead(gateway: Gateway, *, at: datetime) -> Ahead:
    """What files say of the people whose messages are due, read as the list is gone through."""
    coming = _due(gateway, at).order_by("due_at", "id").values_list("key", flat=True)
    return Ahead(lambda: [key for key in coming[:LIST] if key is not None])


def give_up(*, at: datetime) -> int:
    """Say of messages that were taken long ago, by a worker that died, that nobody knows: they are not sent again. A
    receipt that came meanwhile tells after all."""
    with transaction.atomic():
        silent = Q(taken_at__lte=at - SILENT) & ~Q(channel="call") | Q(taken_at__lte=at - LONG_CALL)
        lost = Message.objects.filter(silent, state=TAKEN)
        keys = set(lost.values_list("key", flat=True))
        blot(lost.filter(text__contains=LINK))
        count = lost.update(state=UNKNOWN)
        if count:
            write(actor=None, act="message.lost", at=at, on=("message", "many"), count=count)
            adopt(keys, at=at)
    return count


def verdict_on(row: Message, known: rules.Known, at: datetime) -> rules.Verdict:
    """What the gate says of a message at a moment."""
    if row.expires_at is not None and row.expires_at <= at:
        return LATE
    return rules.decide(rules.Ask(row.purpose, row.channel, at, row.advertiser, row.product), known)


def judgement(row: Message, verdict: rules.Verdict, at: datetime) -> Judgement:
    """A verdict as it is kept; not saved yet."""
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


@dataclass
class _Batch:
    """What was judged: what goes out, the rows of each that does, the row that each copy is of, and how many had which
    outcome."""

    out: list[Out] = field(default_factory=list)
    carried: dict[UUID, list[Message]] = field(default_factory=dict)
    copied: dict[UUID, Message] = field(default_factory=dict)
    counted: Counter[str] = field(default_factory=Counter)


def _due(gateway: Gateway, at: datetime) -> QuerySet[Message]:
    return Message.objects.filter(due_at__lte=at, key__isnull=False, channel__in=gateway.channels)


def _judge(rows: Sequence[Message], gateway: Gateway, at: datetime, ahead: Ahead) -> _Batch:
    people = asking.known((row.key for row in rows if row.key is not None), at=at, ahead=ahead)
    to = _addresses(rows, ahead) if gateway.dials else {}
    found: dict[tuple[str, str, datetime | None], list[UUID]] = defaultdict(list)
    judged: list[Judgement] = []
    going: list[tuple[Message, rules.Verdict]] = []
    for row in rows:
        assert row.key is not None
        verdict = verdict_on(row, people[row.key], at)
        if verdict.outcome == "send" and gateway.dials and not to[row.pk]:
            verdict = NOWHERE
        found[verdict.outcome, verdict.code, verdict.until].append(row.pk)
        judged.append(judgement(row, verdict, at))
        if verdict.outcome == "refuse":
            blot([row])
        if verdict.outcome == "send":
            # the next one to the same person in this batch must know of it
            contact = rules.Contact(at, row.purpose, row.channel, row.advertiser)
            people[row.key] = asking.reached_again(people[row.key], contact)
            going.append((row, verdict))
    batch = _Batch(counted=Counter())
    for (outcome, code, until), ids in found.items():
        change: dict[str, Any] = {"code": code, "due_at": until}
        if outcome == "send":
            change |= {"state": TAKEN, "taken_at": at, "gateway": gateway.name}
        elif outcome == "refuse":
            change["state"] = REFUSED
        Message.objects.filter(pk__in=ids).update(**change)
        batch.counted[outcome] += len(ids)
    Judgement.objects.bulk_create(judged)
    for together in _together(going):
        first, verdict = together[0]
        batch.carried[first.pk] = [row for row, _ in together]
        text = _as_one([row for row, _ in together])
        batch.out.append(Out(first.pk, first.key, first.channel, text, verdict.vi, to.get(first.pk, "")))
    batch.copied = _copied(row for row, _ in going)
    batch.out += [
        Out(id, None, "sms", row.text, "Bản sao cho hệ thống 5656, theo luật.", settings.SMS_COPY_TO)
        for id, row in batch.copied.items()
    ]
    return batch


def _addresses(rows: Iterable[Message], ahead: Ahead) -> dict[UUID, str]:
    known = [(row.pk, row.channel, row.key) for row in rows if row.key is not None]
    numbers = ahead.numbers(key for _, channel, key in known if channel != "mail")
    mails = addresses.of(key for _, channel, key in known if channel == "mail")
    return {id: mails.get(key, "") if channel == "mail" else numbers[key] for id, channel, key in known}


def _together(
    going: Iterable[tuple[Message, rules.Verdict]],
) -> list[list[tuple[Message, rules.Verdict]]]:
    """One digest a person, not five messages: answers to the same person go out as one."""
    found: dict[object, list[tuple[Message, rules.Verdict]]] = defaultdict(list)
    for row, verdict in going:
        many = row.purpose == "reply"
        found[(row.key, row.channel) if many else row.pk].append((row, verdict))
    return [
        rows[start : start + MOST_TOGETHER]
        for rows in found.values()
        for start in range(0, len(rows), MOST_TOGETHER)
    ]


def _as_one(rows: Sequence[Message]) -> str:
    """The text that goes out for all of them; the first is paid for it, the others hang on it."""
    first, *others = rows
    if not others:
        return first.text
    text = "\n".join(f"{number}) {row.text}" for number, row in enumerate(rows, 1))
    parts = len(plan(text).parts) if first.channel == "sms" else 1
    Message.objects.filter(pk=first.pk).update(parts=parts)
    Message.objects.filter(pk__in=[row.pk for row in others]).update(parts=0, carrier=first)
    return text


def _copied(rows: Iterable[Message]) -> dict[UUID, Message]:
    """Each advertisement goes once more, at the same time, to the system of the ministry (Decree 91/2020, article 5.2):
    the id of the copy → the first that it is of."""
    if not settings.SMS_COPY_TO:
        return {}
    ads: dict[str, Message] = {}
    for row in rows:
        if row.purpose == "advertising" and row.channel == "sms":
            ads.setdefault(row.text, row)
    return {uuid5(row.pk, "copy"): row for row in ads.values()}


def _settle(answers: Iterable[Answer], batch: _Batch, gateway: str, at: datetime) -> None:
    """Note what the other side said of each; of what it did not speak nobody knows yet."""
    handed: list[Handed] = []
    ends: dict[tuple[str, str], list[UUID]] = defaultdict(list)
    paid: list[Message] = []  # of which a copy went too
    for answer in answers:
        if answer.refs and answer.id in batch.copied:
            paid.append(batch.copied[answer.id])
        rows = batch.carried.get(answer.id, [])  # none for a copy
        if answer.again and not answer.refs:
            _put_back(rows, at)
            continue
        blot(rows)
        state = FAILED if answer.error or not answer.refs else SENT
        ends[state, answer.error[:24]] += [row.pk for row in rows]
        handed += [
            Handed(message=row, gateway=gateway, ref=ref[:80])
            for row in rows
            for said in answer.refs
            for ref in candidates(said)[:1]
        ]
    for (state, error), ids in ends.items():
        change = {"state": state, "code": error} if error else {"state": state}
        Message.objects.filter(pk__in=ids, state=TAKEN).update(**change)
    for row in paid:
        copy = len(plan(row.text).parts)
        Message.objects.filter(pk=row.pk).update(parts=F("parts") + copy)
    Handed.objects.bulk_create(handed)
    catch_up(gateway, [one.ref for one in handed], at=at)


def _put_back(rows: Sequence[Message], at: datetime) -> None:
    """Nothing of it left: it waits again, and the gate is asked again."""
    mine = Q(pk__in=[row.pk for row in rows], state=TAKEN)
    for row in rows:
        parts = len(plan(row.text).parts) if row.channel == "sms" else 1
        Message.objects.filter(mine, pk=row.pk).update(
            state=WAITING, due_at=at + AGAIN, taken_at=None, gateway="", carrier=None, parts=parts
        )
