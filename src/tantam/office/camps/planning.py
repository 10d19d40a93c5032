"""What may be said of a camp before its day: where and why there, permit, team, medicines, people expected, money. Each
is a fact; the same said again is the fact already there.
"""

from __future__ import annotations

import os
from datetime import date, datetime

from django.conf import settings

from tantam.clock import day_of
from tantam.errors import BadInput, Refused
from tantam.office.camps import (
    actions,
    expecting,
    findings,
    formulary,
    keys,
    kinds,
    ledger,
    locks,
    need,
    pins,
    rules,
)
from tantam.office.camps.day import Plan
from tantam.office.camps.facts import Fact, current, ordered
from tantam.office.camps.formulary_file import UNSIGNED
from tantam.office.camps.models import Camp
from tantam.office.door import enter
from tantam.office.people.models import Office, Staff

KEYS = {"partner": "id", "member": "id", "desk": "id", "device": "id", "kit": "number"}
"""Kinds of which there are many, each by its own code: the last of a code holds."""
MANY = {"budget", "spent", "stocked", "lesson", "noticed", "codes", "expected"}
"""Kinds of which every one counts. Of all others the last one holds."""


def put(
    camp: Camp,
    body: kinds.Body,
    *,
    actor: Staff | None,
    at: datetime,
    act: str = "camp.plan",
    over: bool = False,
) -> Fact:
    """Say one thing of a camp's plan, unless that is what holds already. ``over``: also once the camp is closed, as
    lessons and bills are. Refuses ``camp_deleted``, ``camp_over``."""
    enter(actor, act, Office.objects.filter(pk=camp.office).first())
    actions.check_there(camp) if over else actions.check_going(camp)
    known = _holding(camp, body)
    if known is not None:
        actions.tell(camp, actor=actor, at=at)
        return known
    return actions.say(camp, body, act=act, actor=actor, at=at)


def weigh(
    camp: Camp, content: bytes, *, actor: Staff | None, at: datetime, because: str = ""
) -> tuple[list[kinds.Place], list[need.Reject]]:
    """Weigh the communes of a file; the camp's own commune is chosen if it is among them, else the one in greatest
    need. Gives them in their order, and the rows that were not taken.

    Refuses ``no_rows``, ``no_reason``, and what :func:`tantam.office.camps.need.read` refuses.
    """
    enter(actor, "camp.plan", Office.objects.filter(pk=camp.office).first())
    fresh = actions.check_going(camp)
    found, rejects = need.read(content)
    if not found:
        raise BadInput(
            "no_rows", "No row of the file could be taken.", "Look at its columns and figures.",
            vi="Không nhận được dòng nào của tệp. Xem lại tên cột và các con số.",
        )  # fmt: skip
    own = next(
        (one.code for one in found if need.is_of(one, fresh.place_code, fresh.place, fresh.province)), ""
    )
    chosen = own or need.ordered(found, fresh.on)[0][0].code
    return _settle(fresh, need.weighed(found, fresh.on, chosen, because), actor, at), rejects


def choose(
    camp: Camp, code: str, *, actor: Staff | None, at: datetime, because: str = ""
) -> list[kinds.Place]:
    """Choose another of the communes that were weighed; whom that passes over is told why. Refuses ``no_such_place``,
    ``no_reason``, ``camp_opened`` (people were told where)."""
    enter(actor, "camp.plan", Office.objects.filter(pk=camp.office).first())
    fresh = actions.check_going(camp)
    candidates = [need.candidate_of(one) for one in ledger.day_of(fresh).plan.weighed]
    return _settle(fresh, need.weighed(candidates, fresh.on, code, because), actor, at)


def member(
    camp: Camp, *, actor: Staff | None, at: datetime, id: str, name: str, title: str, roles: list[str],
    licence: str, pin: str,
) -> Fact:  # fmt: skip
    """Write down somebody of the team; an empty ``pin`` keeps the one that was set, an empty ``id`` is a new member.
    Refuses ``bad_pin``, ``bad_camp_entry``."""
    known = ledger.day_of(camp).plan.members
    before = known.get(id)
    if before and (not pin or pins.fits(pin, before.pin)):
        kept = before.pin
    else:
        kept = pins.hashed(rules.check_pin(pin), os.urandom(16)) if pin else ""
    body = rules.made(
        kinds.Member, id=id or rules.next_code("m", known), name=name, title=title, roles=roles, licence=licence,
        pin=kept,
    )  # fmt: skip
    return put(camp, body, actor=actor, at=at)


def bring_formulary(camp: Camp, content: bytes, *, actor: Staff | None, at: datetime) -> kinds.Formulary:
    """Bring the formulary's file, unsigned: whatever was signed before no longer holds. The file that is signed already
    changes nothing. Refuses what reading it refuses."""
    enter(actor, "camp.plan", Office.objects.filter(pk=camp.office).first())
    draft = formulary.read(content)
    held = ledger.day_of(camp).plan.formulary
    if held is not None and held.digest == draft.digest:
        return held
    put(camp, draft, actor=actor, at=at)
    return draft


def sign_formulary(camp: Camp, digest: str, *, actor: Staff, at: datetime) -> Fact:
    """Sign the camp's formulary as its chief pharmacist, who read the file with this digest. Signed twice, it was
    signed the first time. Refuses ``no_formulary``, ``formulary_changed``, ``demo_formulary``."""
    enter(actor, "camp.sign", Office.objects.filter(pk=camp.office).first())
    plan = ledger.day_of(actions.check_going(camp)).plan
    draft = plan.formulary
    if draft is None:
        raise Refused(
            "no_formulary",
            "No formulary was brought yet.",
            "Bring its file first.",
            vi="Chưa nạp danh mục thuốc. Nạp tệp trước đã.",
        )
    if digest != draft.digest:
        raise Refused(
            "formulary_changed",
            "The formulary is another one than the one that was read.",
            "Read it again, then sign.",
            vi="Danh mục đã đổi so với bản vừa đọc. Đọc lại rồi hãy ký.",
        )
    if draft.signed_by != UNSIGNED:
        return put(camp, draft, actor=actor, at=at, act="camp.sign")
    signed = formulary.signed(draft, actor.name, day_of(at))
    if plan.permit is not None:
        formulary.check_for(signed, plan.permit[1])
    return put(camp, signed, actor=actor, at=at, act="camp.sign")


def bring_findings(camp: Camp, content: bytes, system: str, *, actor: Staff | None, at: datetime) -> int:
    """Bring the list of findings that doctors search, or (no content) our own short one; gives how many rows."""
    enter(actor, "camp.plan", Office.objects.filter(pk=camp.office).first())
    parts = findings.read_codes(content, system) if content else findings.plain_list()
    for part in parts:
        put(camp, part, actor=actor, at=at)
    return sum(len(part.rows) for part in parts)


def bring_expected(
    camp: Camp, content: bytes, *, actor: Staff | None, at: datetime
) -> tuple[int, list[expecting.Reject]]:
    """Bring the commune's list of people; card numbers are salted as they are read and kept nowhere. Gives how many
    people are new, and the rows that were not taken. Refuses what reading it refuses."""
    enter(actor, "camp.plan", Office.objects.filter(pk=camp.office).first())
    actions.check_going(camp)
    key = keys.of_camp(settings.HOME, camp.id)
    people, rejects = expecting.read(content, lambda text: locks.salted(key, text))
    known = ledger.day_of(camp).plan.expected
    new = [one for one in people if known.get(one.id) != one]
    for part in expecting.facts(new):
        put(camp, part, actor=actor, at=at)
    return len(new), rejects


def move(camp: Camp, on: date, because: str, *, actor: Staff | None, at: datetime) -> Camp:
    """Hold a camp on another day; its promise gets that day, with the reason, and notices of the former one that still
    wait are taken back. Moved twice, it was moved the first time. Refuses ``camp_day_past``, ``no_reason``,
    ``camp_over``."""
    enter(actor, "camp.plan", Office.objects.filter(pk=camp.office).first())
    fresh = actions.check_going(camp)
    if fresh.on == on:
        actions.tell(fresh, actor=actor, at=at)
        return fresh
    rules.check_day(on, day_of(at))
    planned = _planned(fresh).model_copy(update={"on": on, "moved_because": rules.reason(because)})
    actions.say(fresh, planned, act="camp.plan", actor=actor, at=at, row={"on": on})
    return Camp.objects.get(pk=camp.pk)


def call_off(camp: Camp, because: str, *, actor: Staff | None, at: datetime) -> Camp:
    """Own up that a camp does not take place: its promise is broken, with the reason. Called off twice, it was called
    off the first time. Refuses ``no_reason``, ``camp_over``."""
    enter(actor, "camp.close", Office.objects.filter(pk=camp.office).first())
    actions.check_there(camp)
    if called_off(camp) is None:
        fresh = actions.check_going(camp)
        said = kinds.CalledOff(reason=rules.reason(because))
        actions.say(fresh, said, act="camp.close", actor=actor, at=at, row={"state": "closed"})
    actions.tell(camp, actor=actor, at=at)
    return Camp.objects.get(pk=camp.pk)


def called_off(camp: Camp) -> kinds.CalledOff | None:
    """Why a camp does not take place, if it was called off."""
    return next((f.body for f in ledger.facts_of(camp) if isinstance(f.body, kinds.CalledOff)), None)


def _settle(camp: Camp, weighed: list[kinds.Place], actor: Staff | None, at: datetime) -> list[kinds.Place]:
    """Write down what was weighed, and where the camp is from now on."""
    chosen = next(one for one in weighed if one.chosen)
    where = {"place_code": chosen.code, "place": chosen.name, "province": chosen.province}
    before = _planned(camp)
    planned = before.model_copy(update=where)
    if planned != before and camp.state == "open":
        raise Refused(
            "camp_opened",
            "The camp is open: people were told where it is.",
            "Call it off and plan another one.",
            vi="Trại đã mở, bà con đã được báo nơi khám. Muốn đổi nơi thì hủy trại này và lập trại khác.",
        )
    put(camp, kinds.Weighed(places=weighed), actor=actor, at=at)
    if planned != before:
        actions.say(camp, planned, act="camp.plan", actor=actor, at=at, row=where)
    return weighed


def plan_of(camp: Camp) -> Plan:
    """What a camp's facts plan."""
    return ledger.day_of(camp).plan


def _planned(camp: Camp) -> kinds.Planned:
    planned = ledger.day_of(camp).plan.planned
    assert planned is not None
    return planned


def _holding(camp: Camp, body: kinds.Body) -> Fact | None:
    """The fact that says this already, and holds."""
    facts = [fact for fact in current(ordered(ledger.facts_of(camp))) if fact.kind == body.kind]
    if body.kind in KEYS:
        name = KEYS[body.kind]
        facts = [fact for fact in facts if getattr(fact.body, name) == getattr(body, name)]
    looked_at = facts if body.kind in MANY else facts[-1:]
    return next((fact for fact in looked_at if fact.body == body), None)
