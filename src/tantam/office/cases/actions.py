"""What may happen to a question or a complaint, from its receipt to its written result. The only writer of cases.

Every clock is a promise that the law makes: it is kept, moved and counted by the machine, and who did the deed stands
in the case's own entry of the journal.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from tantam.clock import day_of
from tantam.listen.mask import mask
from tantam.office.cases import clocks, rules, terms
from tantam.office.cases.models import CLOSED, Case, Pause, Term
from tantam.office.door import enter, may
from tantam.office.journal.actions import write
from tantam.office.parties.models import Party
from tantam.office.people.models import Duty, Office, Staff
from tantam.office.promises import actions as promises


def receive(
    *,
    actor: Staff | None,
    at: datetime,
    kind: str,
    about: str,
    said_by: str,
    text: str,
    office: Office,
    key: int | None = None,
    party: Party | None = None,
    received_at: datetime | None = None,
    bill_on: date | None = None,
    owner: Staff | None = None,
    once: UUID | None = None,
    **kept: Any,
) -> Case:
    """Write down a question or a complaint, masked; the law's clocks begin at the moment it arrived, not when a clerk
    comes to it. ``once``: the same again gives the case already made.

    ``owner``: who answers; by default ``actor``, else whoever has that duty nearest to the office. ``kept``: further
    columns of one that is taken in from a file. Refuses ``bad_case_kind``, ``bad_about``, ``bad_said_by``,
    ``empty_case``, ``case_too_long``, ``received_in_the_future``, ``nobody_owes``, ``cannot_answer_here``,
    ``calendar_unknown``.
    """
    enter(actor, "case.receive", office)
    words = rules.check(kind, about, said_by, text)
    received = received_at or at
    rules.check_received(received, at)
    if owner is None and actor is not None and may(actor, "case.answer", office):
        owner = actor
    owes = rules.owner(owner or next(iter(who_answers(office, day_of(at))), None))
    rules.check_owner(may(owes, "case.answer", office))
    row = {
        "kind": kind,
        "about": about,
        "said_by": said_by,
        "text": mask(words)[: rules.MOST_TEXT],
        "office": office,
        "owner": owes,
        "province": office.province,
        "key": key if key is not None else getattr(party, "key", None),
        "party": party,
        "received_at": received,
        "bill_on": bill_on,
        **kept,
    }
    with transaction.atomic():
        if once is None:
            case, new = Case.objects.create(**row), True
        else:
            case, new = Case.objects.get_or_create(once=once, defaults=row)
        if new:
            started = [
                terms.start(case, rule, received) for rule in clocks.starting(kind, about, day_of(received))
            ]
            _settle(case, started)
            _tell(
                case, "case.received", actor, at, kind=kind, about=about, said_by=said_by, due=case.next_due
            )
    return case


def give_receipt(case: Case, *, actor: Staff | None, at: datetime, proof: str) -> Case:
    """The person has the receipt with its number. The second time changes nothing. Refuses ``no_proof``,
    ``text_too_long``, ``case_answered``."""
    words = _proof(case, "case.take", actor, proof)
    with transaction.atomic():
        fresh = lock(case)
        if fresh.receipt_at is not None:
            return fresh
        rules.check_open(bool(fresh.outcome))
        fresh.receipt_at, held = at, terms.of(fresh)
        terms.stop(held, [clocks.RECEIPT], at, words)
        _settle(fresh, held, "receipt_at")
        _tell(fresh, "case.receipt_given", actor, at)
    return fresh


def acknowledge(case: Case, *, actor: Staff | None, at: datetime, proof: str) -> Case:
    """The person knows that we have it and go on with it. The second time changes nothing. Refuses ``no_proof``,
    ``text_too_long``, ``case_answered``, ``no_such_clock`` (received before there was that rule)."""
    words = _proof(case, "case.take", actor, proof)
    with transaction.atomic():
        fresh = lock(case)
        held = terms.of(fresh)
        if any(term.rule == clocks.ACKNOWLEDGE and term.stopped_at for term in held):
            return fresh
        rules.check_open(bool(fresh.outcome))
        rules.running(terms.running(held, clocks.ACKNOWLEDGE))
        terms.stop(held, [clocks.ACKNOWLEDGE], at, words)
        _settle(fresh, held)
        _tell(fresh, "case.acknowledged", actor, at)
    return fresh


def hand_over(case: Case, *, actor: Staff | None, at: datetime, to: str, proof: str) -> Case:
    """The provider of a content service has the complaint; we go on owing its result. The second time changes nothing.
    Refuses ``no_provider``, ``no_proof``, ``text_too_long``, ``case_answered``, ``no_such_clock``."""
    words = _proof(case, "case.take", actor, proof)
    provider = rules.check_text(
        mask(to), "no_provider", "Say which provider has it.", "Chưa ghi bên nào nhận.", 80
    )
    with transaction.atomic():
        fresh = lock(case)
        if fresh.handed_to:
            return fresh
        rules.check_open(bool(fresh.outcome))
        fresh.handed_to, held = provider, terms.of(fresh)
        rules.running(terms.running(held, clocks.HAND_OVER))
        terms.stop(held, [clocks.HAND_OVER], at, words)
        _settle(fresh, held, "handed_to")
        _tell(fresh, "case.handed_over", actor, at)
    return fresh


def turn_down(case: Case, *, actor: Staff | None, at: datetime) -> Case:
    """A complaint will not be accepted: from now on the reason is owed in writing, by a clock of its own. The second
    time changes nothing. Refuses ``case_answered``, ``no_such_clock`` (a question, or a day before that rule)."""
    enter(actor, "case.answer", case.office)
    with transaction.atomic():
        fresh = lock(case)
        held = terms.of(fresh)
        if any(term.rule == clocks.REASON for term in held):
            return fresh
        rules.check_open(bool(fresh.outcome))
        rule = clocks.in_force(clocks.REASON, day_of(at)) if fresh.kind == "complaint" else None
        _settle(fresh, [*held, terms.start(fresh, rules.running(rule), at)])
        _tell(fresh, "case.turned_down", actor, at)
    return fresh


def answer(
    case: Case,
    *,
    actor: Staff | None,
    at: datetime,
    outcome: str,
    answer: str,
    proof: str,
    refund_dong: int | None = None,
) -> Case:
    """The written result, in words the person can read, and how they were told. It keeps whatever was still owed; with
    a refund (whole đồng) the clock of paying back begins, and the case closes when it is paid. Answered twice, it was
    answered the first time.

    Refuses ``bad_outcome``, ``no_answer``, ``reason_too_short``, ``no_proof``, ``text_too_long``, ``bad_refund``,
    ``refund_without_yes``, ``no_such_clock`` (a refund on a day before there was that rule).
    """
    proved = _proof(case, "case.answer", actor, proof)
    words = mask(rules.check_answer(case.kind, outcome, answer))[: rules.MOST_TEXT]
    rules.check_refund(outcome, refund_dong)
    with transaction.atomic():
        fresh = lock(case)
        if fresh.outcome or fresh.state == CLOSED:
            return fresh
        fresh.outcome, fresh.answer, fresh.refund_dong = outcome, words, refund_dong
        held = terms.of(fresh)
        terms.stop(held, set(clocks.TERMS) - {clocks.REFUND}, at, proved)
        if refund_dong:
            held.append(terms.start(fresh, rules.running(clocks.in_force(clocks.REFUND, day_of(at))), at))
        else:
            fresh.state, fresh.closed_at = CLOSED, at
        _settle(fresh, held, "outcome", "answer", "refund_dong", "state", "closed_at")
        _tell(fresh, "case.answered", actor, at, outcome=outcome, refund_dong=refund_dong)
    return fresh


def refunded(case: Case, *, actor: Staff | None, at: datetime, dong: int, proof: str) -> Case:
    """The whole sum is paid back, with the number of its paper as proof; the case closes. The second time changes
    nothing. Refuses ``no_proof``, ``text_too_long``, ``no_refund_owed``, ``refund_differs``."""
    enter(actor, "case.answer", case.office)
    words = rules.check_text(
        mask(proof), "no_proof", "Give the number of the payment.", "Ghi số chứng từ đã hoàn."
    )
    with transaction.atomic():
        fresh = lock(case)
        rules.check_paid(fresh.refund_dong, dong)
        if fresh.state == CLOSED:
            return fresh
        held = terms.of(fresh)
        terms.stop(held, [clocks.REFUND], at, words)
        fresh.state, fresh.closed_at = CLOSED, at
        _settle(fresh, held, "state", "closed_at")
        _tell(fresh, "case.refunded", actor, at, refund_dong=dong)
    return fresh


def pause(case: Case, *, actor: Staff, at: datetime, reason: str) -> Case:
    """Stop the clock of settling, or of paying back, while we wait for the person; the reason is one that they may
    read. The second time changes nothing. Refuses ``no_reason``, ``text_too_long``, ``no_such_clock``,
    ``clock_ran_out``."""
    enter(actor, "case.answer", case.office)
    why = rules.check_text(
        mask(reason), "no_reason", "Say what we wait for.", "Phải nói đang chờ người ấy điều gì."
    )
    with transaction.atomic():
        fresh = lock(case)
        held = terms.of(fresh)
        term: Term = rules.running(terms.running(held, *clocks.PAUSABLE))
        if term.stands:
            return fresh
        rules.check_in_time(term.due_at, at)
        Pause.objects.create(term=term, from_at=at, reason=why, by=actor)
        term.stands = True
        _settle(fresh, held)
        _tell(fresh, "case.paused", actor, at, rule=term.rule)
    return fresh


def resume(case: Case, *, actor: Staff | None, at: datetime) -> Case:
    """Let the clock that stood still run again, from where it was; its promise is dated anew, and the first due date
    stays. The second time changes nothing. Refuses ``no_such_clock``."""
    enter(actor, "case.answer", case.office)
    with transaction.atomic():
        fresh = lock(case)
        held = terms.of(fresh)
        term: Term = rules.running(terms.running(held, *clocks.PAUSABLE))
        if not term.stands:
            return fresh
        terms.go_on(term, at)
        _settle(fresh, held)
        _tell(fresh, "case.resumed", actor, at, rule=term.rule, due=term.due_at)
    return fresh


def assign(case: Case, *, actor: Staff | None, at: datetime, owner: Staff) -> Case:
    """Give a case, and what is still owed of it, to somebody else who may answer it. The second time changes nothing.
    Refuses ``cannot_answer_here``, ``case_answered``."""
    enter(actor, "case.assign", case.office)
    rules.check_owner(may(owner, "case.answer", case.office))
    with transaction.atomic():
        fresh = lock(case)
        if fresh.owner_id == owner.pk:
            return fresh
        rules.check_open(fresh.state == CLOSED)
        fresh.owner = owner
        for term in terms.of(fresh):
            if term.stopped_at is None:
                promises.hand_on(term.promise, actor=None, at=at, owner=owner)
        fresh.save(update_fields=["owner"])
        _tell(fresh, "case.assigned", actor, at, to=owner.pk)
    return fresh


def held_on(key: int) -> list[dict[str, Any]]:
    """What one subscriber asked or complained about, and what came of it."""
    return [
        {
            "what": "case",
            "kind": case.kind,
            "number": rules.number(case.kind, case.pk),
            "received": case.received_at,
            "text": case.text,
            "outcome": case.outcome,
            "reply": case.answer,
        }
        for case in _of(key).order_by("id")
    ]


def forget(key: int, *, actor: Staff | None, at: datetime) -> int:
    """The words of a person's cases go, ours to them too, and whose they were; that there was a case, what it was about
    and whether its clocks were kept stays counted. Before the parties are forgotten: they say which cases were his."""
    with transaction.atomic():
        mine = list(_of(key).values_list("pk", flat=True))
        Pause.objects.filter(term__case__in=mine).update(reason=rules.GONE)
        Term.objects.filter(case__in=mine).update(proof="")
        blank = {"text": rules.GONE, "answer": "", "handed_to": "", "ref": "", "key": None, "party": None}
        changed = Case.objects.filter(pk__in=mine).update(**blank)
        if changed:
            write(actor=actor, act="case.forgotten", at=at, on=("case", "many"), count=changed)
    return changed


def who_answers(office: Office, on: date) -> list[Staff]:
    """Who may answer the cases of an office on a day: at it before above it, officers before directors."""
    held = Duty.objects.filter(code__in=["officer", "director"], from_on__lte=on, staff__is_active=True)
    held = held.filter(Q(to_on__isnull=True) | Q(to_on__gt=on)).select_related("office", "staff")
    near = [duty for duty in held if office.path.startswith(duty.office.path)]
    near.sort(key=lambda d: (-len(d.office.path), d.code != "officer", d.pk))
    return list({duty.staff_id: duty.staff for duty in near}.values())


def lock(case: Case) -> Case:
    """The case as it stands now, held until the act ends."""
    return Case.objects.select_for_update(of=("self",)).select_related("office", "owner").get(pk=case.pk)


def _of(key: int) -> QuerySet[Case]:
    return Case.objects.filter(Q(key=key) | Q(party__in=Party.objects.filter(key=key)))


def _proof(case: Case, act: str, actor: Staff | None, proof: str) -> str:
    enter(actor, act, case.office)
    return rules.check_proof(mask(proof))


def _settle(case: Case, held: Iterable[Term], *changed: str) -> None:
    """Save what an act changed, and which of its clocks ends first now."""
    for name, value in terms.first_to_end(held).items():
        setattr(case, name, value)
    case.save(update_fields=[*changed, "next_due", "next_cost_dong"])


def _tell(case: Case, act: str, actor: Staff | None, at: datetime, **facts: Any) -> None:
    write(actor=actor, act=act, at=at, on=("case", case.pk), office=case.office_id, **facts)
