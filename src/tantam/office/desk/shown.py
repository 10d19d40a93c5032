"""A request as the pages show it: a row, its thread, and the clocks with the rule behind each."""

from __future__ import annotations

from datetime import date
from typing import Any

from tantam.law import Row
from tantam.office.desk import rules
from tantam.office.desk.models import DataRequest
from tantam.office.promises.models import Promise
from tantam.office.promises.rules import days_late
from tantam.office.words import day, english, late, moment, say


def row_of(asked: DataRequest, today: date) -> dict[str, Any]:
    """What the list says of a request: what, whose, what is owed next and whether that is late."""
    vi, en, _ = rules.KINDS[asked.kind]
    waits = asked.first_answered_at is None
    return {
        "id": asked.pk,
        "kind": say(vi, en),
        "key": asked.key,
        "office": asked.office.name,
        "owner": asked.owner.name,
        "received": asked.received_on,
        "next": asked.next_due,
        "late": days_late(asked.next_due, today) if asked.next_due else 0,
        "owed": say("trả lời lần đầu", "the first answer") if waits else say("làm xong", "the thing itself"),
        "promise": asked.first_promise if waits else asked.promise,
        "outcome": say(*rules.OUTCOMES[asked.outcome]) if asked.outcome else "",
    }


def thread(asked: DataRequest, today: date) -> list[dict[str, Any]]:
    """The way of a request: received, first answered, extended, deleted, done."""
    steps = [
        {
            "state": "done",
            "title": say("Nhận yêu cầu", "Received"),
            "facts": f"{day(asked.received_on)} · {say(*rules.SAID_BY[asked.said_by])} · {asked.office.name}",
        },
        {"title": say("Trả lời lần đầu", "First answer"), **_owed(asked.first_promise, today)},
    ]
    if asked.extended_days:
        facts = say(
            "thêm {n} ngày: {why}", "{n} more days: {why}", n=asked.extended_days, why=asked.extended_why
        )
        steps.append({"state": "done", "title": say("Gia hạn một lần", "Extended once"), "facts": facts})
    if asked.kind == "delete" and asked.outcome != "declined":
        steps.append(
            {
                "state": "done" if asked.forgotten_at else "next",
                "title": say("Xóa ở mọi phòng", "Deleted in every room"),
                "facts": moment(asked.forgotten_at) if asked.forgotten_at else "",
            }
        )
    title = (
        say(*rules.OUTCOMES[asked.outcome]) if asked.outcome else say("Làm xong và báo lại", "Done and told")
    )
    steps.append({"title": title[:1].upper() + title[1:], **_owed(asked.promise, today)})
    return steps


def clocks(asked: DataRequest) -> list[dict[str, Any]]:
    """The two terms with the rule behind each: what it is, what the law allows, and whether that is certain."""
    clock = rules.clock_of(asked.kind, asked.received_on)
    return [_clock(clock.first_rule, asked.first_promise), _clock(clock.rule, asked.promise)]


def _clock(rule: Row, promise: Promise) -> dict[str, Any]:
    return {
        "sentence": rule.en if english() else rule.vi,
        "term": rule.written("en" if english() else "vi"),
        "due": promise.first_due,
        "moved": promise.due if promise.due != promise.first_due else None,
        "where": rule.source,
        "verify": rule.verify,
    }


def _owed(promise: Promise, today: date) -> dict[str, Any]:
    if promise.state == "open":
        days = days_late(promise.due, today)
        facts = say("hạn {on}", "due {on}", on=day(promise.due))
        return {"state": "late" if days else "due", "facts": f"{facts} · {late(days)}" if days else facts}
    if promise.state == "kept" and promise.settled_on:
        days = days_late(promise.first_due, promise.settled_on)
        facts = day(promise.settled_on) + (f" · {late(days)}" if days else "")
        return {
            "state": "done" if days else "kept",
            "facts": f"{facts} · {promise.proof}" if promise.proof else facts,
        }
    return {"state": "late", "facts": say("không giữ được", "not kept")}
