"""How a message goes out: judged by the gate when its moment comes, handed over at most once, settled.

The order is what keeps it once: a message is marked as taken, that is committed, and only then handed to the gateway.
Whoever dies in between leaves messages that nobody knows of, no more than the gateway has on their way at once; they
are shown as unknown, and never sent again.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
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
"""Messages that are judged in one transaction, so that no writer waits long."""

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
        batch = _judge(list(due.order_by("due_at", "id")[:BATCH]), gateway, at, ahead or Ahead())
        flight = _take(batch, gateway, at)
    while flight.out:
        answers = list(gateway.submit(flight.out))
        with transaction.atomic():
            _settle(answers, flight, gateway.name, at)
            copies = len(flight.copied)
            write(
                actor=None, act="message.sent", at=at, on=("message", "many"), count=len(flight.out) - copies,
                copies=copies,
            )  # fmt: skip
            flight = _take(batch, gateway, at)
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


@dataclass(frozen=True)
class _One:
    """What goes out as one message: the rows it is of, the first of which is paid for it."""

    rows: list[Message]
    verdict: rules.Verdict
    to: str
    text: str
    parts: int


@dataclass
class _Batch:
    """What was judged: what may go and is not taken yet, the advertisements that were copied, and how many messages had
    which outcome."""

    going: deque[_One] = field(default_factory=deque)
    copied: set[str] = field(default_factory=set)
    counted: Counter[str] = field(default_factory=Counter)


@dataclass
class _Flight:
    """What was taken: what goes out, the rows of each that does, and the row that each copy is of."""

    out: list[Out] = field(default_factory=list)
    carried: dict[UUID, list[Message]] = field(default_factory=dict)
    copied: dict[UUID, Message] = field(default_factory=dict)


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
        if verdict.outcome != "send":
            found[verdict.outcome, verdict.code, verdict.until].append(row.pk)
        judged.append(judgement(row, verdict, at))
        if verdict.outcome == "refuse":
            blot([row])
        if verdict.outcome == "send":
            # the next one to the same person in this batch must know of it
            contact = rules.Contact(at, row.purpose, row.channel, row.advertiser)
            people[row.key] = asking.reached_again(people[row.key], contact)
            going.append((row, verdict))
    batch = _Batch(deque(_together(going, to)))
    for (outcome, code, until), ids in found.items():
        state = REFUSED if outcome == "refuse" else WAITING
        Message.objects.filter(pk__in=ids).update(code=code, due_at=until, state=state)
        batch.counted[outcome] += len(ids)
    Judgement.objects.bulk_create(judged)
    return batch


def _take(batch: _Batch, gateway: Gateway, at: datetime) -> _Flight:
    """Mark the next ones as taken, as many as the gateway has on their way at once: a kill leaves no more than these
    unknown. What was taken back or forgotten since it was judged is left out."""
    picked, room, flight = list[_One](), gateway.window, _Flight()
    while batch.going and (not picked or _room(batch.going[0], batch) <= room):
        room -= _room(batch.going[0], batch)
        one = batch.going.popleft()
        picked.append(one)
        if _to_copy(one, batch):
            batch.copied.add(one.text)
            flight.copied[uuid5(one.rows[0].pk, "copy")] = one.rows[0]
    waiting = Message.objects.select_for_update().filter(state=WAITING, due_at__lte=at)
    ids = set(
        waiting.filter(pk__in=[row.pk for one in picked for row in one.rows]).values_list("pk", flat=True)
    )
    taken: dict[str, list[UUID]] = defaultdict(list)
    for one in picked:
        if not ids.issuperset(row.pk for row in one.rows):
            batch.copied.discard(one.text)
            continue
        first, *others = one.rows
        taken[one.verdict.code] += [row.pk for row in one.rows]
        flight.carried[first.pk] = one.rows
        flight.out.append(Out(first.pk, first.key, first.channel, one.text, one.verdict.vi, one.to))
        if others:
            Message.objects.filter(pk=first.pk).update(parts=one.parts)
            Message.objects.filter(pk__in=[row.pk for row in others]).update(parts=0, carrier=first)
    for code, some in taken.items():
        mark = {"state": TAKEN, "taken_at": at, "gateway": gateway.name, "due_at": None, "code": code}
        batch.counted["send"] += Message.objects.filter(pk__in=some).update(**mark)
    flight.copied = {id: row for id, row in flight.copied.items() if row.pk in flight.carried}
    flight.out += [
        Out(id, None, "sms", row.text, "Bản sao cho hệ thống 5656, theo luật.", settings.SMS_COPY_TO)
        for id, row in flight.copied.items()
    ]
    return flight


def _to_copy(one: _One, batch: _Batch) -> bool:
    """Whether it goes once more, at the same time, to the system of the ministry: each advertisement does (Decree
    91/2020, article 5.2), one a text and batch."""
    first = one.rows[0]
    ad = first.purpose == "advertising" and first.channel == "sms"
    return ad and bool(settings.SMS_COPY_TO) and one.text not in batch.copied


def _room(one: _One, batch: _Batch) -> int:
    return one.parts * (2 if _to_copy(one, batch) else 1)


def _addresses(rows: Iterable[Message], ahead: Ahead) -> dict[UUID, str]:
    known = [(row.pk, row.channel, row.key) for row in rows if row.key is not None]
    numbers = ahead.numbers(key for _, channel, key in known if channel != "mail")
    mails = addresses.of(key for _, channel, key in known if channel == "mail")
    return {id: mails.get(key, "") if channel == "mail" else numbers[key] for id, channel, key in known}


def _together(going: Iterable[tuple[Message, rules.Verdict]], to: Mapping[UUID, str]) -> Iterator[_One]:
    """One digest a person, not five messages: answers to the same person go out as one."""
    found: dict[object, list[tuple[Message, rules.Verdict]]] = defaultdict(list)
    for row, verdict in going:
        many = row.purpose == "reply"
        found[(row.key, row.channel) if many else row.pk].append((row, verdict))
    for some in found.values():
        for start in range(0, len(some), MOST_TOGETHER):
            (first, verdict), *others = some[start : start + MOST_TOGETHER]
            rows = [first, *(row for row, _ in others)]
            text, parts = _as_one(rows) if others else (first.text, first.parts)
            yield _One(rows, verdict, to.get(first.pk, ""), text, parts)


def _as_one(rows: Sequence[Message]) -> tuple[str, int]:
    """The text that goes out for all of them, and its parts."""
    text = "\n".join(f"{number}) {row.text}" for number, row in enumerate(rows, 1))
    return text, len(plan(text).parts) if rows[0].channel == "sms" else 1


def _settle(answers: Iterable[Answer], flight: _Flight, gateway: str, at: datetime) -> None:
    """Note what the other side said of each; of what it did not speak nobody knows yet."""
    handed: list[Handed] = []
    ends: dict[tuple[str, str], list[UUID]] = defaultdict(list)
    paid: list[Message] = []  # of which a copy went too
    for answer in answers:
        if answer.refs and answer.id in flight.copied:
            paid.append(flight.copied[answer.id])
        rows = flight.carried.get(answer.id, [])  # none for a copy
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
