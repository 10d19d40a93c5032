"""What may happen to a request about a person's data: started, answered, extended; and a look at what we hold."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from tantam.clock import HANOI, day_of
from tantam.listen.mask import mask
from tantam.office.desk import rules
from tantam.office.desk.models import DataRequest
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.journal.models import Entry
from tantam.office.people.models import Duty, Office, Staff
from tantam.office.promises import actions as promises
from tantam.office.promises.models import OPEN, Promise

FIRST = "Trả lời lần đầu yêu cầu về dữ liệu"


def start_request(
    *,
    actor: Staff | None,
    at: datetime,
    kind: str,
    key: int,
    said_by: str,
    office: Office,
    received_on: date | None = None,
) -> DataRequest:
    """Write down that somebody asked; the law makes two promises of it: a first answer, and the thing itself.

    They are made by nobody and at the moment the request arrived: the clock does not wait for a clerk. The
    data-protection officer owes them, else whoever took the request (``actor`` None: the person's own page took it).
    While one is open, the same person asking for the same again is the same request. Refuses ``bad_request_kind``,
    ``bad_said_by``, ``received_in_the_future``, ``nobody_owes``.
    """
    enter(actor, "request.start", office)
    today = day_of(at)
    received = received_on or today
    rules.check_said_by(said_by)
    rules.check_received(received, today)
    clock = rules.clock_of(kind, received)
    arrived = at if received == today else datetime(received.year, received.month, received.day, tzinfo=HANOI)
    try:
        with transaction.atomic():
            asked = list(DataRequest.objects.filter(key=key, kind=kind))
            if (before := next((r for r in asked if r.answered_at is None), None)) is not None:
                return before
            owner, number = (
                rules.owner(_officer(office, today) or actor),
                rules.number_of(key, kind, len(asked)),
            )
            first, whole = _owe(number, clock, kind, owner=owner, office=office, key=key, at=arrived)
            request = DataRequest.objects.create(
                id=number,
                kind=kind,
                key=key,
                said_by=said_by,
                received_on=received,
                received_at=arrived,
                taken_by=actor,
                owner=owner,
                office=office,
                first_promise=first,
                promise=whole,
                next_due=min(clock.first_due, clock.due),
            )
            facts = {"kind": kind, "said_by": said_by, "received": received, "due": clock.due}
            tell(request, "request.started", actor, at, promise=whole.pk, **facts)
    except IntegrityError:  # two clerks at the same moment: the one who came first has made it
        return DataRequest.objects.get(key=key, kind=kind, answered_at__isnull=True)
    return request


def _owe(
    number: UUID, clock: rules.Clock, kind: str, *, owner: Staff, office: Office, key: int, at: datetime
) -> tuple[Promise, Promise]:
    owed: dict[str, Any] = {
        "actor": None,
        "at": at,
        "kind": "data_right",
        "owner": owner,
        "office": office,
        "to": ("subscriber", key),
        "about": ("request", number),
    }
    first: dict[str, Any] = {"what": FIRST, "first_due": clock.first_due, "legal": clock.first_rule.code}
    whole: dict[str, Any] = {"what": rules.KINDS[kind][0], "first_due": clock.due, "legal": clock.rule.code}
    return promises.make(**owed, **first), promises.make(**owed, **whole)


def first_answer(request: DataRequest, *, actor: Staff | None, at: datetime, proof: str) -> DataRequest:
    """Say that the person has had the first answer: we have it, and when we will be done. The second time changes
    nothing. Refuses ``no_proof``, ``text_too_long``, ``request_closed``."""
    enter(actor, "request.answer", request.office)
    words = _proof(proof)
    with transaction.atomic():
        fresh = lock(request)
        if fresh.first_answered_at is not None:
            return fresh
        rules.check_open(fresh.answered_at is not None)
        fresh.first_promise = _kept(fresh.first_promise, words, actor, at)
        fresh.first_answered_at, fresh.next_due = at, fresh.promise.due
        fresh.save(update_fields=["first_answered_at", "next_due"])
        tell(fresh, "request.first_answered", actor, at)
    return fresh


def answer_request(
    request: DataRequest, *, actor: Staff | None, at: datetime, outcome: str, proof: str
) -> DataRequest:
    """Close a request: it was done, or could not be and the person was told why. Keeps what is still owed of both
    promises. Answered twice, it was answered the first time.

    Refuses ``bad_outcome``, ``no_proof``, ``text_too_long``, ``not_forgotten_yet`` (a deletion not done).
    """
    enter(actor, "request.answer", request.office)
    words = _proof(proof)
    rules.check_outcome(outcome)
    with transaction.atomic():
        fresh = lock(request)
        if fresh.answered_at is not None:
            return fresh
        rules.check_forgotten(fresh.kind, outcome, fresh.forgotten_at is not None)
        fresh.first_promise = _kept(fresh.first_promise, words, actor, at)
        fresh.promise = _kept(fresh.promise, words, actor, at)
        fresh.first_answered_at = fresh.first_answered_at or at
        fresh.answered_at, fresh.outcome, fresh.next_due = at, outcome, None
        fresh.save(update_fields=["first_answered_at", "answered_at", "outcome", "next_due"])
        tell(fresh, "request.answered", actor, at, outcome=outcome)
    return fresh


def extend(request: DataRequest, *, actor: Staff | None, at: datetime, days: int, reason: str) -> DataRequest:
    """Take more days for a deletion, once, and say why. The first due date stays, and the rate goes by that one.

    Refuses ``no_reason``, ``text_too_long``, ``request_closed``, ``no_extension``, ``extended_already``,
    ``extension_too_long``; the same days and reason a second time change nothing.
    """
    enter(actor, "request.extend", request.office)
    why = rules.check_text(
        mask(reason), "no_reason", "Say why more time is needed.", "Phải nói vì sao cần thêm ngày."
    )
    with transaction.atomic():
        fresh = lock(request)
        if (fresh.extended_days, fresh.extended_why) == (days, why):
            return fresh
        rules.check_open(fresh.answered_at is not None)
        rules.check_extension(fresh.kind, fresh.extended_days > 0, days, fresh.received_on)
        due = fresh.promise.first_due + timedelta(days=days)
        fresh.promise = promises.redate(fresh.promise, actor=actor, at=at, due=due, reason=why)
        fresh.extended_days, fresh.extended_why = days, why
        fresh.next_due = due if fresh.first_answered_at else fresh.next_due
        fresh.save(update_fields=["extended_days", "extended_why", "next_due"])
        tell(fresh, "request.extended", actor, at, days=days, due=due)
    return fresh


def look(key: int, because: str, *, actor: Staff, at: datetime) -> Entry:
    """Write down who is about to look at everything we hold on a person, and why. Each look is an entry of its own.

    Refuses ``no_reason_code``.
    """
    enter(actor, "person.look")
    rules.check_reason(because)
    with transaction.atomic():
        return write(actor=actor, act="person.looked_at", at=at, on=("subscriber", key), because=because)


def lock(request: DataRequest) -> DataRequest:
    """The request as it stands now, held until the act ends."""
    rows = DataRequest.objects.select_for_update(of=("self",))
    return rows.select_related("office", "first_promise__office", "promise__office").get(pk=request.pk)


def tell(request: DataRequest, act: str, actor: Staff | None, at: datetime, **facts: Any) -> None:
    """One entry about a request."""
    write(actor=actor, act=act, at=at, on=("request", request.pk), office=request.office_id, **facts)


def _kept(promise: Promise, proof: str, actor: Staff | None, at: datetime) -> Promise:
    if promise.state != OPEN:  # one that was kept before, or broken, stays as it is
        return promise
    return promises.keep(promise, actor=actor, at=at, proof_kind="told", proof=proof)


def _proof(text: str) -> str:
    return rules.check_text(
        mask(text), "no_proof", "Say how the person was told.", "Phải ghi đã báo người ấy thế nào."
    )


def _officer(office: Office, on: date) -> Staff | None:
    """Whoever protects data nearest to an office: at it, or above it."""
    held = Duty.objects.filter(code="privacy", from_on__lte=on, staff__is_active=True).select_related(
        "office", "staff"
    )
    near = [d for d in held if (d.to_on is None or d.to_on > on) and office.path.startswith(d.office.path)]
    near.sort(key=lambda d: (-len(d.office.path), d.pk))
    return near[0].staff if near else None
