"""The clocks of a case as they are kept: started, moved, stopped, and which of them ends first. Each is a promise of
its own, which keeps itself when its deed is done; the law makes it, so nobody's name stands under it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from tantam.clock import day_of, to_days
from tantam.law import Row, ask
from tantam.office.cases import clocks
from tantam.office.cases.models import Case, Pause, Term
from tantam.office.cases.rules import number
from tantam.office.promises import actions as promises
from tantam.office.promises.models import OPEN


def start(case: Case, rule: Row, at: datetime) -> Term:
    """A clock begins to run at a moment, and what it asks for is owed from then on."""
    due = clocks.ends(rule, at)
    promise = promises.make(
        actor=None,
        at=at,
        kind="complaint",
        what=f"{clocks.TERMS[rule.code][0]} · {number(case.kind, case.pk)}",
        owner=case.owner,
        office=case.office,
        first_due=day_of(due),
        to=_creditor(case),
        about=("case", case.pk),
        legal=rule.code,
    )
    return Term.objects.create(
        case=case, rule=rule.code, promise=promise, started_at=at, first_due_at=due, due_at=due
    )


def stop(held: Iterable[Term], codes: Iterable[str], at: datetime, proof: str) -> None:
    """Stop those of these clocks that run or stand still: what they asked for is done, and this is the proof."""
    for term in held:
        if term.rule in codes and term.stopped_at is None:
            go_on(term, at)
            term.stopped_at, term.proof = at, proof
            term.save(update_fields=["stopped_at", "proof"])
            if term.promise.state == OPEN:  # one that somebody broke or was let off stays as it is
                promises.keep(term.promise, actor=None, at=at, proof_kind="told", proof=proof)


def go_on(term: Term, at: datetime) -> None:
    """End the pause of a clock, if it stands still: it and its promise move by what it stood."""
    if not term.stands:
        return
    pause = term.pauses.get(to_at__isnull=True)
    pause.to_at, term.stands = at, False
    pause.save(update_fields=["to_at"])
    term.due_at = clocks.moved(rule_of(term), term.due_at, pause.from_at, at)
    term.save(update_fields=["due_at"])
    promise, due = term.promise, day_of(term.due_at)
    if promise.state == OPEN and due > promise.due and due >= day_of(at):
        term.promise = promises.redate(promise, actor=None, at=at, due=due, reason=pause.reason)


def running(held: Iterable[Term], *codes: str) -> Term | None:
    """The first of these clocks that has not stopped; one that stands still counts."""
    return next((t for t in held if t.rule in codes and t.stopped_at is None), None)


def of(case: Case) -> list[Term]:
    """The clocks of a case in the order they began, with their promises and whether they stand still."""
    still = Exists(Pause.objects.filter(term=OuterRef("pk"), to_at__isnull=True))
    rows = case.terms.select_related("promise__office").annotate(still=still)
    held: list[Term] = []
    for term in rows.order_by("started_at", "id"):
        term.stands = term.still
        held.append(term)
    return held


def rule_of(term: Term) -> Row:
    """The row of the law that set a clock: the one in force when it began."""
    return ask(term.rule, to_days(day_of(term.started_at)))


def first_to_end(held: Iterable[Term]) -> dict[str, Any]:
    """``next_due`` and ``next_cost_dong`` as the clocks of a case stand: the first that ends, and at the same moment
    the one with the higher fine; nothing where none runs."""
    run = [t for t in held if t.stopped_at is None and not t.stands]
    ends = [(t.due_at, -clocks.cost(t.rule, day_of(t.due_at))) for t in run]
    due, fine = min(ends, default=(None, 0))
    return {"next_due": due, "next_cost_dong": -fine}


def _creditor(case: Case) -> tuple[str, Any]:
    if case.key is not None:
        return "subscriber", case.key
    return ("party", case.party_id) if case.party_id else ("person", "")
