"""The life of one promise as a thread, from the journal's entries; and which acts are open to a reader now."""

from __future__ import annotations

from datetime import date
from typing import Any

from tantam.errors import TantamError
from tantam.office import words
from tantam.office.door import enter
from tantam.office.journal.models import Entry
from tantam.office.people.models import Staff
from tantam.office.promises import rules
from tantam.office.promises.models import OPEN, Move, Promise
from tantam.office.words import say

MOST_STEPS = 60


def life(promise: Promise, today: date) -> list[dict[str, Any]]:
    """Its steps, oldest first: who, when, and the words that stand on the promise; last what is still to come."""
    told = Entry.objects.filter(on_kind="promise", on_id=str(promise.pk)).order_by("id")[:MOST_STEPS]
    entries = list(told)
    names = dict(
        Staff.everybody.filter(pk__in={e.actor for e in entries if e.actor}).values_list("pk", "name")
    )
    moves = iter(Move.objects.filter(promise=promise).order_by("id")[:MOST_STEPS])
    steps = [_step(promise, entry, names, moves) for entry in entries]
    return [*steps, _ahead(promise, today)] if promise.state == OPEN else steps


def _step(promise: Promise, entry: Entry, names: dict[int, str], moves: Any) -> dict[str, Any]:
    who = names.get(entry.actor, "") if entry.actor else say("máy", "the machine")
    title, state, said = _told(promise, entry, moves)
    facts = " · ".join(part for part in (words.moment(entry.at), who, f"“{said}”" if said else "") if part)
    return {"state": state, "title": title, "facts": facts}


def _told(promise: Promise, entry: Entry, moves: Any) -> tuple[str, str, str]:
    if entry.act == "promise.made":
        due = words.day(promise.first_due)
        return say("Hứa, hẹn {due}", "Promised for {due}", due=due), "done", ""
    if entry.act == "promise.redated":
        move = next(moves, None)
        due = words.day(date.fromisoformat(str(entry.facts.get("due"))))
        return say("Dời sang {due}", "Moved to {due}", due=due), "done", move.reason if move else ""
    if entry.act == "promise.kept":
        late = int(entry.facts.get("late") or 0)
        title = (
            say("Giữ muộn {n} ngày", "Kept {n day|days} late", n=late)
            if late
            else say("Giữ đúng hạn", "Kept in time")
        )
        return title, "kept", promise.proof
    if entry.act == "promise.broken":
        return say("Không giữ được", "Broken"), "late", promise.reason
    if entry.act == "promise.release_asked":
        return say("Xin miễn", "Release asked for"), "done", promise.creditor_yes
    if entry.act == "promise.handed_on":
        return say("Giao người khác giữ", "Given to somebody else to keep"), "done", ""
    if entry.act == "promise.released":
        return say("Người thứ hai xác nhận miễn", "Released by a second person"), "done", ""
    return entry.act, "done", ""


def _ahead(promise: Promise, today: date) -> dict[str, Any]:
    due = words.day(promise.due)
    late = rules.days_late(promise.due, today)
    if late:
        return {"state": "late", "title": words.late(late), "facts": say("hạn {due}", "due {due}", due=due)}
    return {
        "state": "due",
        "title": say("Hạn {due}", "Due {due}", due=due),
        "facts": words.days_ago(promise.due, today),
    }


def locks(promise: Promise, reader: Staff) -> dict[str, Any]:
    """For each act: nothing when it is open to this reader, else the sentence that stands under its locked button."""
    found = {name: _no(promise, reader, f"promise.{name}") for name in ("keep", "redate", "break", "release")}
    if rules.by_deed(promise.kind, promise.about_kind) and not found["keep"]:
        found["keep"] = _said(rules.check_by_hand, promise.kind, promise.about_kind)
    if promise.release_asked_by_id == reader.pk and not found["release"]:
        found["confirm"] = say(
            "Bạn đã xin miễn lời này; một người khác có nhiệm vụ mới xác nhận được.",
            "You asked for this release; another person with the duty can confirm it.",
        )
    else:
        found["confirm"] = found["release"]
    return found


def _no(promise: Promise, reader: Staff, act: str) -> str:
    return _said(enter, reader, act, promise.office)


def _said(check: Any, *told: Any) -> str:
    try:
        check(*told)
    except TantamError as no:
        return words.of(no)
    return ""
