"""What may happen to a promise: made, kept, re-dated, broken, released. The only writer of promises and their tally.

``followed``: what the promise came from (:data:`tantam.office.promises.rules.FOLLOWED`) is changed by the caller in the
same transaction; without it such a promise is not settled (``settled_alone``)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from tantam.clock import day_of
from tantam.errors import Refused
from tantam.letters import fold
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.parties.models import Party
from tantam.office.people.models import Office, Staff
from tantam.office.promises import rules
from tantam.office.promises.models import BROKEN, DAY, KEPT, MONTH, RELEASED, Move, Promise, Tally


def make(
    *,
    actor: Staff | None,
    at: datetime,
    kind: str,
    what: str,
    owner: Staff,
    office: Office,
    first_due: date,
    to: tuple[str, Any],
    people: int = 1,
    about: tuple[str, Any] = ("", ""),
    legal: str = "",
    once: UUID | None = None,
) -> Promise:
    """Owe somebody something. ``to``: kind and id of the creditor; ``about``: what it came from; ``once``: the same
    again gives the promise already made. Refuses ``bad_promise_kind``, ``empty_promise``, ``too_long``,
    ``due_in_the_past``, ``owner_left``."""
    enter(actor, "promise.make", office)
    rules.check_new(kind, what, first_due, day_of(at), people)
    rules.check_owner(owner.is_active)
    with transaction.atomic():
        made = Promise.objects.filter(once=once).first() if once else None
        if made is not None:
            return made
        promise = Promise.objects.create(
            once=once,
            kind=kind,
            what=what.strip(),
            plain=fold(what),
            to_kind=to[0],
            to_id=str(to[1]),
            people=people,
            about_kind=about[0],
            about_id=str(about[1]),
            owner=owner,
            office=office,
            made_at=at,
            first_due=first_due,
            due=first_due,
            legal=legal,
        )
        _count(promise, open=+1)
        _tell(promise, "promise.made", actor, at, kind=kind, first_due=first_due, people=people)
    return promise


def keep(
    promise: Promise,
    *,
    actor: Staff | None,
    at: datetime,
    proof_kind: str,
    proof: str,
    followed: bool = False,
) -> Promise:
    """Keep a promise, with its proof (a reference, a receipt, who confirmed). Kept twice, it was kept the first time.

    Refuses ``promise_settled`` (broken or released), ``no_proof``, ``settled_alone``.
    """
    enter(actor, "promise.keep", promise.office)
    rules.check_followed(promise.about_kind, followed)
    proof = rules.check_text(
        proof, "no_proof", "A promise is kept with a proof.", "Giữ lời cần có bằng chứng."
    )
    with transaction.atomic():
        fresh = _lock(promise)
        if fresh.state == KEPT:
            return fresh
        rules.check_open(fresh.state)
        fresh.proof_kind, fresh.proof = proof_kind, proof
        _settle(fresh, KEPT, day_of(at), "proof_kind", "proof")
        _tell(fresh, "promise.kept", actor, at, late=rules.days_late(fresh.first_due, day_of(at)))
    return fresh


def redate(promise: Promise, *, actor: Staff | None, at: datetime, due: date, reason: str) -> Promise:
    """Move the due date later and say why; the first due date stays, and the rate goes by that one.

    Refuses ``promise_settled``, ``no_reason``, ``not_later``.
    """
    enter(actor, "promise.redate", promise.office)
    reason = rules.check_text(
        reason, "no_reason", "A moved date needs a reason.", "Dời ngày thì phải nói vì sao."
    )
    with transaction.atomic():
        fresh = _lock(promise)
        rules.check_open(fresh.state)
        if fresh.due == due and fresh.reason == reason:
            return fresh
        if due <= fresh.due or due < day_of(at):
            raise Refused(
                "not_later",
                "The new date must lie after the old one, and not in the past.",
                "Give a later day.",
                vi="Ngày mới phải sau ngày cũ và không ở quá khứ. Chọn ngày sau.",
            )
        before, fresh.due, fresh.reason = fresh.due, due, reason
        fresh.save(update_fields=["due", "reason"])
        Move.objects.create(promise=fresh, at=at, before=before, due=due, reason=reason)
        _tell(fresh, "promise.redated", actor, at, before=before, due=due)
    return fresh


def hand_on(promise: Promise, *, actor: Staff | None, at: datetime, owner: Staff) -> Promise:
    """Give what is owed to somebody else to keep, at the same office. The second time changes nothing.

    Refuses ``promise_settled``, ``owner_left``.
    """
    enter(actor, "promise.hand_on", promise.office)
    rules.check_owner(owner.is_active)
    with transaction.atomic():
        fresh = _lock(promise)
        if fresh.owner_id == owner.pk:
            return fresh
        rules.check_open(fresh.state)
        before, fresh.owner = fresh.owner_id, owner
        fresh.save(update_fields=["owner"])
        _tell(fresh, "promise.handed_on", actor, at, before=before, to=owner.pk)
    return fresh


def break_(
    promise: Promise, *, actor: Staff | None, at: datetime, reason: str, followed: bool = False
) -> Promise:
    """Own up: it will not be kept. It stays in the rate for ever. Refuses ``promise_settled``, ``no_reason``,
    ``settled_alone``."""
    enter(actor, "promise.break", promise.office)
    rules.check_followed(promise.about_kind, followed)
    reason = rules.check_text(
        reason, "no_reason", "Say why it was not kept.", "Phải nói vì sao không giữ được."
    )
    with transaction.atomic():
        fresh = _lock(promise)
        if fresh.state == BROKEN:
            return fresh
        rules.check_open(fresh.state)
        fresh.reason = reason
        _settle(fresh, BROKEN, day_of(at), "reason")
        _tell(fresh, "promise.broken", actor, at)
    return fresh


def ask_release(promise: Promise, *, actor: Staff, at: datetime, creditor_yes: str) -> Promise:
    """Say that the creditor lets us off (who said yes, when, how); a second person must confirm.

    Refuses ``promise_settled``, ``no_yes``.
    """
    enter(actor, "promise.release", promise.office)
    yes = rules.check_text(
        creditor_yes, "no_yes", "Only the one we owe can let us off.", "Chỉ người được hứa mới miễn được."
    )
    with transaction.atomic():
        fresh = _lock(promise)
        rules.check_open(fresh.state)
        if fresh.release_asked_by_id is not None and fresh.creditor_yes == yes:
            return fresh
        fresh.release_asked_by, fresh.creditor_yes = actor, yes
        fresh.save(update_fields=["release_asked_by", "creditor_yes"])
        _tell(fresh, "promise.release_asked", actor, at)
    return fresh


def release(promise: Promise, *, actor: Staff, at: datetime, followed: bool = False) -> Promise:
    """Confirm a release as the second person. Refuses ``no_yes``, ``same_person``, ``promise_settled``,
    ``settled_alone``."""
    enter(actor, "promise.release", promise.office)
    rules.check_followed(promise.about_kind, followed)
    with transaction.atomic():
        fresh = _lock(promise)
        if fresh.state == RELEASED:
            return fresh
        rules.check_open(fresh.state)
        if fresh.release_asked_by_id is None:
            raise Refused(
                "no_yes",
                "Nobody has recorded the creditor's yes.",
                "Ask for the release first.",
                vi="Chưa ai ghi lời đồng ý của người được hứa. Ghi trước đã.",
            )
        if actor is None or fresh.release_asked_by_id == actor.pk:
            raise Refused(
                "same_person",
                "Whoever asked for a release cannot confirm it.",
                "Another person with the duty can.",
                vi="Người xin miễn không tự xác nhận được. Cần một người thứ hai.",
            )
        fresh.released_by = actor
        _settle(fresh, RELEASED, day_of(at), "released_by")
        _tell(fresh, "promise.released", actor, at)
    return fresh


def held_on(key: int) -> list[dict[str, Any]]:
    """What we owe or owed one subscriber, as himself or as a party we met."""
    return [
        {"what": "promise", "promised": p.what, "due": p.due, "state": p.state, "proof": p.proof}
        for p in _to(key).order_by("id")
    ]


def forget(key: int, *, actor: Staff | None, at: datetime) -> int:
    """The words and the creditor of his promises go; that something was owed, and kept or not, stays counted.

    Before the parties are forgotten: they say which promises were his.
    """
    with transaction.atomic():
        mine = list(_to(key).values_list("pk", flat=True))
        Move.objects.filter(promise__in=mine).update(reason="")
        blank = {"to_id": "", "what": "—", "plain": "", "proof": "", "reason": "", "creditor_yes": ""}
        changed = Promise.objects.filter(pk__in=mine).update(**blank)
        if changed:
            write(actor=actor, act="promise.forgotten", at=at, on=("promise", "many"), count=changed)
    return changed


def _to(key: int) -> QuerySet[Promise]:
    parties = [str(pk) for pk in Party.objects.filter(key=key).values_list("pk", flat=True)]
    mine = Q(to_kind="subscriber", to_id=str(key)) | Q(to_kind="party", to_id__in=parties)
    return Promise.objects.filter(mine)


def _lock(promise: Promise) -> Promise:
    """The promise as it stands now, held until the act ends (on SQLite the transaction itself holds everything)."""
    return Promise.objects.select_for_update().get(pk=promise.pk)


def _settle(promise: Promise, state: str, on: date, *changed: str) -> None:
    promise.state, promise.settled_on = state, on
    promise.save(update_fields=["state", "settled_on", *changed])
    _count(promise, open=-1, **{rules.outcome(state, promise.first_due, on): +1})


def _count(promise: Promise, **steps: int) -> None:
    """Move the tally's day and month, of the promise's office and of the whole company, by one promise."""
    move: dict[str, int] = {}
    for column, step in steps.items():
        move |= {f"{column}_count": step, f"{column}_people": step * promise.people}
    days = ((DAY, promise.first_due), (MONTH, rules.month_of(promise.first_due)))
    with connection.cursor() as cursor:
        # The company's cells last: they are the ones that others wait for.
        for office, once in ((promise.office_id, _OFFICE_ONCE), (None, _COMPANY_ONCE)):
            rows = [
                (office, promise.kind, span, connection.ops.adapt_datefield_value(on)) for span, on in days
            ]
            moved = tuple(move.get(column, 0) for column in _COLUMNS)
            cursor.execute(
                _UPSERT.format(once=once, sets=_sets(move)), [part for row in rows for part in row + moved]
            )


_COLUMNS = [f.name for f in Tally._meta.get_fields() if f.name.endswith(("_count", "_people"))]
_ROW = f"({', '.join(['%s'] * (4 + len(_COLUMNS)))})"
_UPSERT = (
    f'INSERT INTO promises_tally (office_id, kind, span, "on", {", ".join(_COLUMNS)}) '  # noqa: S608  # names of our own
    f"VALUES {_ROW}, {_ROW} "
    "ON CONFLICT {once} DO UPDATE SET {sets}"
)
"""One statement makes a cell or moves it, whoever comes first; Django's own upsert only overwrites."""
_OFFICE_ONCE = '(office_id, span, "on", kind)'
_COMPANY_ONCE = '(span, "on", kind) WHERE office_id IS NULL'


def _sets(columns: Iterable[str]) -> str:
    return ", ".join(f"{c} = promises_tally.{c} + excluded.{c}" for c in columns)


def _tell(promise: Promise, act: str, actor: Staff | None, at: datetime, **facts: Any) -> None:
    write(actor=actor, act=act, at=at, on=("promise", promise.pk), office=promise.office_id, **facts)
