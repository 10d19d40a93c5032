"""A case as the pages show it: a row, its story, and its clocks drawn to scale with the rule behind each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tantam.clock import day_of
from tantam.law import Row
from tantam.office.cases import clocks, rules
from tantam.office.cases.models import Case, Pause, Term
from tantam.office.cases.terms import rule_of
from tantam.office.words import day, dong, english, moment, number, say

WIDTH = 1000
"""Of a drawn clock."""

LEFT = {
    "hours": (("còn {n} giờ", "{n hour|hours} left"), ("trễ {n} giờ", "{n hour|hours} late"),
              ("hết trong giờ này", "within the hour")),
    "days": (("còn {n} ngày", "{n day|days} left"), ("trễ {n} ngày", "{n day|days} late"), ("hết hôm nay", "today")),
    "working_days": (("còn {n} ngày làm việc", "{n working day|working days} left"),
                     ("trễ {n} ngày làm việc", "{n working day|working days} late"), ("hết hôm nay", "today")),
}  # fmt: skip
"""Unit → what is left, how late, and the last hour or day, in both languages."""


UNDONE = ("running", "late", "paused")


def row_of(case: Case, now: datetime) -> dict[str, Any]:
    """What the list says of a case: its number, what about, what is owed next, and what it costs if that is lost."""
    term = next(
        (t for t in _terms(case) if _state(t, now) in ("running", "late") and t.due_at == case.next_due), None
    )
    return {
        "case": case,
        "number": rules.number(case.kind, case.pk),
        "kind": say(*rules.KINDS[case.kind][:2]),
        "about": say(*rules.ABOUT[case.about]),
        "owed": say(*clocks.TERMS[term.rule]) if term else "",
        "left": left(rule_of(term), term.due_at, now) if term else "",
        "late": term is not None and now > term.due_at,
        "due": moment(term.due_at)
        if term and rule_of(term).unit == "hours"
        else day(term.due_at)
        if term
        else "",
        "fine": dong(case.next_cost_dong),
        "waits": next((p.reason for t in _terms(case) for p in t.pauses.all() if p.to_at is None), ""),
        "outcome": say(*rules.OUTCOMES[case.outcome]) if case.outcome else "",
    }


def left(rule: Row, due: datetime, now: datetime) -> str:
    """How much of a term is left, in the law's own unit: “còn 4 ngày làm việc”, “trễ 2 giờ”."""
    rest = clocks.left(rule, due, now)
    ahead, late, last = LEFT[rule.unit]
    if now > due:
        return say(*late, n=number(max(-rest, 1)))
    return say(*ahead, n=number(rest)) if rest else say(*last)


def drawn(case: Case, now: datetime) -> list[dict[str, Any]]:
    """Each clock of a case: what it asks for, how it stands in words, its bar, and the rule with its source."""
    return [_clock(term, now) for term in _terms(case)]


def _clock(term: Term, now: datetime) -> dict[str, Any]:
    rule, state = rule_of(term), _state(term, now)
    fine = clocks.cost(term.rule, day_of(term.due_at))
    pauses = list(term.pauses.all())
    return {
        "title": say(*clocks.TERMS[term.rule]),
        "state": state,
        "said": _said(term, rule, state, now),
        "first": day(term.first_due_at) if term.due_at != term.first_due_at else "",
        "bar": _bar(term, pauses, state, now),
        "pauses": [{"from": p.from_at, "to": p.to_at, "reason": p.reason} for p in pauses],
        "proof": term.proof,
        "rule": rule.en if english() else rule.vi,
        "where": rule.source,
        "verify": rule.verify,
        "fine": dong(fine) if fine and state in UNDONE else "",
    }


def _said(term: Term, rule: Row, state: str, now: datetime) -> str:
    due = moment(term.due_at) if rule.unit == "hours" else day(term.due_at)
    if state == "paused":
        return say("đang dừng", "standing still")
    if term.stopped_at is None:
        return say("hạn {due} · {left}", "due {due} · {left}", due=due, left=left(rule, term.due_at, now))
    done = moment(term.stopped_at)
    if state == "done_late":
        much = left(rule, term.due_at, term.stopped_at)
        return say("xong {done} · {late}", "done {done} · {late}", done=done, late=much)
    return say("xong {done}, trong hạn", "done {done}, in time", done=done)


def _bar(term: Term, pauses: list[Pause], state: str, now: datetime) -> dict[str, Any]:
    """Pieces of a bar from the beginning to the due moment, or to where it stands if that is later."""
    start, end = term.started_at, term.stopped_at or now
    whole = max(term.due_at, end) - start

    def x(at: datetime) -> int:
        return max(0, min(WIDTH, round((at - start) / whole * WIDTH))) if whole else WIDTH

    colour = "la" if state in ("done", "done_late") else "nghe"
    pieces = [{"x": 0, "width": x(min(end, term.due_at)), "colour": colour}]
    if end > term.due_at:
        pieces.append({"x": x(term.due_at), "width": WIDTH - x(term.due_at), "colour": "son"})
    for pause in pauses:
        begins = x(pause.from_at)
        pieces.append({"x": begins, "width": max(x(pause.to_at or now) - begins, 3), "colour": "still"})
    return {"pieces": pieces, "due": min(x(term.due_at), WIDTH - 3)}


def _state(term: Term, now: datetime) -> str:
    if term.stopped_at is not None:
        return "done_late" if term.stopped_at > term.due_at else "done"
    if any(pause.to_at is None for pause in term.pauses.all()):
        return "paused"
    return "late" if now > term.due_at else "running"


def story(case: Case, now: datetime) -> list[dict[str, Any]]:
    """The way of a case in the order things happened, and what is still owed."""
    got = f"{moment(case.received_at)} · {say(*rules.SAID_BY[case.said_by])} · {case.office.name}"
    done: list[tuple[datetime, dict[str, Any]]] = []
    owed: list[tuple[datetime, dict[str, Any]]] = []
    for term in _terms(case):
        done += [(p.from_at, _stood(p)) for p in term.pauses.all()]
        if term.stopped_at is None:
            owed.append((term.due_at, _step(term, now)))
        elif term.rule != clocks.SOLVE:  # that one is the result
            done.append((term.stopped_at, _step(term, now)))
    if case.outcome:
        done.append((_result_at(case), _result(case)))
    steps = [step for part in (done, owed) for _, step in sorted(part, key=lambda pair: pair[0])]
    return [{"state": "done", "title": say("Nhận", "Received"), "facts": got}, *steps]


def _step(term: Term, now: datetime) -> dict[str, Any]:
    state = _state(term, now)
    if term.stopped_at is None:
        facts = _said(term, rule_of(term), state, now)
    else:
        facts = " · ".join(part for part in (moment(term.stopped_at), term.proof) if part)
    knot = {"late": "late", "done_late": "done", "done": "kept"}.get(state, "due")
    return {"state": knot, "title": say(*clocks.TERMS[term.rule]), "facts": facts}


def _stood(pause: Pause) -> dict[str, Any]:
    until = day(pause.to_at) if pause.to_at else say("nay", "now")
    facts = f"{day(pause.from_at)} – {until} · {pause.reason}"
    return {"state": "done", "title": say("Dừng đồng hồ", "The clock stood still"), "facts": facts}


def _result_at(case: Case) -> datetime:
    """When the result was given: with a refund the case closes later."""
    ends = [t.started_at for t in _terms(case) if t.rule == clocks.REFUND]
    return ends[0] if ends else case.closed_at or case.received_at


def _result(case: Case) -> dict[str, Any]:
    told = [t for t in _terms(case) if t.rule in (clocks.SOLVE, clocks.ACKNOWLEDGE) and t.stopped_at]
    last = max(told, key=lambda t: t.due_at, default=None)
    known = case.closed_at is not None or case.refund_dong is not None
    facts = (moment(_result_at(case)) if known else "", last.proof if last else "")
    late = last is not None and _state(last, last.due_at) == "done_late"
    word = say(*rules.OUTCOMES[case.outcome])
    title = word[:1].upper() + word[1:]
    return {"state": "done" if late else "kept", "title": title, "facts": " · ".join(filter(None, facts))}


def _terms(case: Case) -> list[Term]:
    """The clocks in the order they end; pages read them with their pauses in two queries for all their cases."""
    return sorted(case.terms.all(), key=lambda term: (term.due_at, term.pk))
