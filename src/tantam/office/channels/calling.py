"""Calls: messages that people carry. The gate judges each when somebody takes it; what is taken counts as a contact,
and nobody else calls that person meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid5

from django.db import transaction
from django.db.models import QuerySet

from tantam.errors import BadInput, Refused
from tantam.office.channels import asking, consents, phonebook, sending
from tantam.office.channels.ahead import Ahead
from tantam.office.channels.models import (
    ARRIVED,
    FAILED,
    REFUSED,
    TAKEN,
    UNKNOWN,
    WAITING,
    Judgement,
    Message,
)
from tantam.office.channels.rules import EVERYTHING, Ask, Verdict, decide
from tantam.office.door import enter, offices
from tantam.office.journal.actions import write
from tantam.office.journal.models import Entry
from tantam.office.people.models import Office, Staff

ACT = "message.call"
PEOPLE = "people"
"""What stands in the place of a gateway's name."""

OUTCOMES = ("answered", "missed", "stop")
MOST_TRIES = 3
PAUSE = timedelta(hours=2)
"""Whoever did not answer is called again after this at the earliest."""

MOST_LISTED = 30


@dataclass(frozen=True)
class Call:
    """A call that is due, and what the gate says of it now."""

    message: Message
    verdict: Verdict


def calls(actor: Staff, *, at: datetime) -> list[Call]:
    """The calls of somebody's offices whose moment has come (:data:`MOST_LISTED` at most), those that may be made
    first; each judged by the gate as of now, which is not written down. Those of no office are headquarters'."""
    enter(actor, ACT)
    rows = list(_due(actor, at).select_related("office").order_by("due_at", "id")[:MOST_LISTED])
    known = asking.known([row.key for row in rows if row.key is not None], at=at)
    listed = [Call(row, sending.verdict_on(row, known[row.key], at)) for row in rows if row.key is not None]
    return sorted(listed, key=lambda call: call.verdict.outcome != "send")


def open_call(actor: Staff) -> Message | None:
    """The call that somebody has taken and not told the end of."""
    last = Entry.objects.filter(actor=actor.pk, act="call.taken").order_by("-id").first()
    if last is None:
        return None
    open_ = Message.objects.filter(pk=last.on_id, gateway=PEOPLE, state__in=(TAKEN, UNKNOWN))
    return open_.filter(taken_at=last.at).select_related("office").first()


def take_call(message: Message, *, actor: Staff, at: datetime) -> str:
    """Take a call and get its number, ``0912 345 678``, if the gate lets it go at this moment; the verdict and the look
    at the number are written down. A verdict against it puts it off or ends it, and is kept.

    Refuses ``call_unfinished`` (one at a time), ``call_taken`` (by somebody else, or the person is being called for
    something else, or it is no longer due), ``gate_says_no``.
    """
    _enter(actor, message)
    ahead = Ahead()
    if message.key is not None:
        ahead.said([message.key])  # the files are read before anything is locked
    number = ""
    with transaction.atomic():
        _check_idle(actor)
        row = _free(message, at)
        assert row.key is not None
        verdict = sending.verdict_on(row, asking.known([row.key], at=at, ahead=ahead)[row.key], at)
        if verdict.outcome == "send":
            found = phonebook.numbers([row.key], actor=actor, at=at, purpose="call", office=row.office)
            number = found.get(row.key, "")
            verdict = verdict if number else sending.NOWHERE
        if verdict.outcome == "send":
            _judged(row, verdict, at, state=TAKEN, taken_at=at, gateway=PEOPLE)
            _tell(row, "call.taken", actor, at)
        else:
            _turn_down(row, verdict, at)
    if verdict.outcome != "send":
        raise Refused("gate_says_no", verdict.en, "Call somebody else.", vi=verdict.vi)
    return number


def called(message: Message, *, outcome: str, actor: Staff, at: datetime, note: str = "") -> Message:
    """Tell how a call that was taken ended: ``answered``; ``missed`` (it waits again, :data:`MOST_TRIES` times in all);
    ``stop``: the person refuses every contact from now on, with ``note`` as the proof. Also long after it was taken.

    Refuses ``bad_call_outcome``, ``call_not_taken``.
    """
    _enter(actor, message)
    if outcome not in OUTCOMES:
        raise BadInput(
            "bad_call_outcome",
            f"“{outcome}” is no way for a call to end.",
            f"One of: {', '.join(OUTCOMES)}.",
            vi="Chưa chọn cuộc gọi kết thúc thế nào. Chọn một trong các cách.",
        )
    with transaction.atomic():
        taken = Message.objects.select_for_update(of=("self",)).filter(gateway=PEOPLE)
        row = taken.filter(pk=message.pk, state__in=(TAKEN, UNKNOWN)).first()
        if row is None:
            raise Refused(
                "call_not_taken",
                "Nobody is making this call.",
                "Take it first.",
                vi="Chưa ai nhận cuộc gọi này, hoặc đã ghi kết quả rồi. Nhận cuộc gọi trước.",
            )
        if outcome == "missed":
            _missed(row, at)
        else:
            row.state = ARRIVED
        if outcome == "stop" and row.key is not None:
            _stop(row, row.key, note, actor, at)
        row.save()
        _tell(row, "call.ended", actor, at, outcome=outcome)
    return row


def clear(*, actor: Staff, at: datetime) -> int:
    """Put off or end the calls on somebody's list that may not be made now, each with its verdict; gives how many."""
    against = [call for call in calls(actor, at=at) if call.verdict.outcome != "send"]
    with transaction.atomic():
        locked = Message.objects.select_for_update(of=("self",)).filter(state=WAITING)
        rows = {row.pk: row for row in locked.filter(pk__in=[call.message.pk for call in against])}
        for call in against:
            if call.message.pk in rows:
                _turn_down(rows[call.message.pk], call.verdict, at)
        if rows:
            write(actor=actor, act="call.cleared", at=at, on=("message", "many"), count=len(rows))
    return len(rows)


def _enter(actor: Staff, message: Message) -> None:
    enter(actor, ACT, message.office or Office.objects.get(level="headquarters"))


def _check_idle(actor: Staff) -> None:
    Staff.everybody.select_for_update(of=("self",)).get(
        pk=actor.pk
    )  # two clicks at once come one after the other
    if open_call(actor) is not None:
        raise Refused(
            "call_unfinished",
            "You have not told how your last call ended.",
            "Tell that first.",
            vi="Cuộc gọi trước chưa ghi kết quả. Ghi xong rồi nhận cuộc mới.",
        )


def _due(actor: Staff, at: datetime) -> QuerySet[Message]:
    due = Message.objects.filter(due_at__lte=at, key__isnull=False, channel="call")
    seen = offices(actor, ACT)
    return due if seen is None else due.filter(office__in=seen)


def _free(message: Message, at: datetime) -> Message:
    """The message, held until the act ends, where nobody is calling that person."""
    same = Message.objects.select_for_update(of=("self",)).filter(key=message.key, channel="call")
    rows = {row.pk: row for row in same.filter(state__in=(WAITING, TAKEN)).order_by("id")}
    row = rows.get(message.pk)
    taken = any(one.state == TAKEN for one in rows.values())
    if row is None or row.key is None or row.due_at is None or row.due_at > at or taken:
        raise Refused(
            "call_taken",
            "Somebody else is calling this person, or the call is no longer due.",
            "Take another one.",
            vi="Có người khác đang gọi người này, hoặc cuộc gọi không còn đến lượt. Nhận cuộc khác.",
        )
    return row


def _judged(row: Message, verdict: Verdict, at: datetime, **change: Any) -> None:
    change |= {"code": verdict.code, "due_at": verdict.until}
    Message.objects.filter(pk=row.pk).update(**change)
    sending.judgement(row, verdict, at).save()


def _turn_down(row: Message, verdict: Verdict, at: datetime) -> None:
    _judged(row, verdict, at, **({"state": REFUSED} if verdict.outcome == "refuse" else {}))


def _missed(row: Message, at: datetime) -> None:
    """It rings again when the gate would let it, the ring that nobody answered counted as a contact."""
    tries = Judgement.objects.filter(message=row, outcome="send").count()
    row.code = "missed"
    if tries >= MOST_TRIES or row.key is None:
        row.state = FAILED
        return
    known = asking.known([row.key], at=at)[row.key]
    then = at + PAUSE
    ask = Ask(row.purpose, row.channel, then, row.advertiser, row.product)
    row.state, row.tried_at, row.taken_at, row.gateway = WAITING, row.taken_at, None, ""
    row.due_at = decide(ask, known).until or then


def _stop(row: Message, key: int, note: str, actor: Staff, at: datetime) -> None:
    consents.record(
        actor=actor,
        at=at,
        id=uuid5(row.pk, "stop"),
        key=key,
        purpose=EVERYTHING,
        granted=False,
        how="call",
        said_at=at,
        proof=note.strip() or f"message {row.pk}",
    )


def _tell(row: Message, act: str, actor: Staff, at: datetime, **facts: Any) -> None:
    write(actor=actor, act=act, at=at, on=("message", row.pk), office=row.office_id, **facts)
