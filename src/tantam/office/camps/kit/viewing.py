"""What each station sees of the day, as JSON: only what its work needs. A page asks again with the ``rev`` it has."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tantam.clock import day_of
from tantam.office.camps import formulary, kinds, ledger, queue, stock
from tantam.office.camps.day import Day, Lot, Visit
from tantam.office.camps.facts import Fact
from tantam.office.camps.kit import backup, tickets
from tantam.office.camps.kit.door import stations_of
from tantam.office.camps.kit.holding import held
from tantam.office.camps.kit.posting import stored_last
from tantam.office.camps.models import Camp

SKEW_LIMIT_S = 120
MOST_RECENT = 30
WITH_VITALS = ("doctor", "pharmacist", "exit", "lead")
WITH_EXAMINATIONS = ("doctor", "pharmacist", "exit", "lead")
WITH_UNEXPLAINED = ("doctor", "pharmacist", "lead")
WITH_STOCK = ("doctor", "pharmacist", "exit", "lead")
LATE = "late"
SEEN_LATE = ("lead", "doctor", "pharmacist", "exit", "triage", "registrar")
"""Where paper forms are copied in, one sees what the first of one's own stations here sees, of everybody who came."""
MOST_LIMITED = 40  # of the queue, from its head: nobody is examined before them

_limits: dict[tuple[str, str, str, date], dict[str, Any]] = {}


def view(camp: Camp, station: str, request: Any, at: datetime, rev: str) -> dict[str, Any]:
    """The view of a station; ``{"rev", "same": true, "now", "kit"}`` where nothing was stored since ``rev``."""
    last = stored_last(camp)
    day = ledger.day_of(camp)
    head = {"rev": last, "now": moment(at), "kit": kit(day)}
    if rev == str(last):
        return {**head, "same": True}
    me, device = request.member, request.device
    seen = station if station != LATE else next(one for one in SEEN_LATE if one in stations_of(me))
    shown: dict[str, Any] = {
        **head,
        "skew_limit_s": SKEW_LIMIT_S,
        "camp": about(camp, day),
        "me": {"id": me.id, "name": me.name, "title": me.title, "roles": list(me.roles)},
        "device": {"id": device.id, "name": device.name, "letter": device.letter},
        "counts": counts(day, me.id),
        "desks": [
            {"id": desk.id, "station": desk.station, "name": desk.name} for desk in day.plan.desks.values()
        ],
        "queue": [_waiting(day, visit, seen, at) for visit in _queue(day, station, at)],
        "recent": recent(camp, day, device.id, me.id),
    }
    if station == "registrar":
        shown["tickets"] = tickets.reserved(held().folder, day, device.id, first_ticket(day))
    if seen in ("triage", "lead"):
        shown["groups"] = sorted({group for one in day.plan.medicines.values() for group in one.groups})
    if seen in ("doctor", "lead") and station in ("doctor", LATE):
        _add_limits(day, shown["queue"], at)
    if seen in WITH_STOCK:
        shown |= {"medicines": medicines(day), "lots": lots(day, day_of(at))}
    return shown


def kit(day: Day) -> dict[str, Any]:
    """The kit in the bar: number and name, when a copy on the stick was last verified, whether its day is signed."""
    number = held().number
    own = day.plan.kits.get(number)
    copied = backup.state()
    return {
        "number": number,
        "name": own.name if own else str(number),
        "backup_at": moment(copied.verified_at) if copied.verified_at else None,
        "backup_ok": copied.well,
        "backup_wanted": copied.wanted,
        "closed": any(isinstance(one.body, kinds.Closed) and one.body.kit == number for one in day.closed),
    }


def about(camp: Camp, day: Day) -> dict[str, Any]:
    """The camp's name, place and day."""
    return {
        "id": str(camp.id),
        "name": camp.name,
        "place": camp.place,
        "on": camp.on.isoformat(),
        "theme": day.plan.planned.theme if day.plan.planned else "",
        "general": camp.general,
        "made_up": camp.made_up,
    }


def counts(day: Day, member: str) -> dict[str, Any]:
    """How many came, wait and left; ``mine``: visits that this member wrote something of."""
    came = day.came
    waiting = dict.fromkeys(("triage", "doctor", "pharmacist", "exit"), 0)
    for visit in came:
        if visit.waits_for:
            waiting[visit.waits_for] += 1
    mine = sum(any(fact.author == member for fact in _steps(visit)) for visit in came)
    left = sum(visit.left is not None for visit in came)
    return {"registered": len(came), "mine": mine, "waiting": waiting, "left": left}


def recent(camp: Camp, day: Day, device: str, member: str) -> list[dict[str, Any]]:
    """What this member wrote last on this device, newest first; ``state``: stored or corrected."""
    facts = ledger.facts_of(camp)
    corrected = {fact.corrects for fact in facts if fact.corrects}
    own = [fact for fact in facts if fact.device == device and fact.author == member][-MOST_RECENT:]
    return [_shown_fact(day, fact, "corrected" if fact.id in corrected else "stored") for fact in own[::-1]]


def medicines(day: Day) -> list[dict[str, Any]]:
    """The formulary with what is left of each, and for about how many people."""
    return [
        {
            "code": one.code,
            "name": one.name,
            "strength": one.strength,
            "form": one.form,
            "unit": one.unit,
            "how": one.how,
            "left": stock.left(day, one.code, kit=held().number),
            "people_left": stock.people_left(day, one.code, kit=held().number),
            "groups": list(one.groups),
        }
        for one in day.plan.medicines.values()
    ]


def lots(day: Day, on: date) -> list[dict[str, Any]]:
    """The lots in this kit's box as they should lie there; ``offer_first``: the one of its medicine to give next."""
    usable = (stock.usable(day, medicine, on, kit=held().number) for medicine in day.plan.medicines)
    first = {found[0].id for found in usable if found}
    return [
        {
            "id": lot.id,
            "medicine": lot.medicine,
            "number": lot.number,
            "expires_on": lot.expires_on.isoformat(),
            "held": lot.held,
            "counted": lot.counted,
            "offer_first": lot.id in first,
        }
        for lot in own_lots(day)
    ]


def own_lots(day: Day) -> list[Lot]:
    """The lots that lie in this kit's box, by medicine and expiry."""
    mine = (lot for lot in day.lots.values() if lot.kit in (0, held().number))
    return sorted(mine, key=lambda lot: (lot.medicine, lot.expires_on, lot.id))


def first_ticket(day: Day) -> int:
    """The first ticket that this kit gives."""
    own = day.plan.kits.get(held().number)
    return own.first_ticket if own else 1


def moment(at: datetime) -> str:
    """A moment as pages read it: UTC with milliseconds."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _queue(day: Day, station: str, at: datetime) -> list[Visit]:
    """Who waits there; whom a doctor may still correct; at the exit all who are here, since some go home early."""
    if station == LATE:
        return day.came
    also = {"lead": kinds.STATIONS, "doctor": ("doctor", "pharmacist"), "exit": kinds.STATIONS[::-1]}
    return [visit for one in also.get(station, (station,)) for visit in queue.ordered_for(day, one, at)]


def _waiting(day: Day, visit: Visit, station: str, at: datetime) -> dict[str, Any]:
    person = visit.person
    age_vi, age_en = age(person, day_of(at))
    shown: dict[str, Any] = {
        "visit": str(visit.id),
        "ticket": person.ticket,
        "cls": queue.ticket_class(list(person.priority)),
        "name": person.name,
        "age_vi": age_vi,
        "age_en": age_en,
        "sex": person.sex,
        "village": person.village,
        "priority": list(person.priority),
        "helper": person.helper,
        "guardian": person.guardian,
        "waits_for": visit.waits_for,
        "since": moment(visit.since),
        "called": {"desk": desk} if (desk := queue.called_by(day, visit, at)) else None,
    }
    if station in WITH_VITALS:
        vitals = visit.vitals
        shown["vitals"] = vitals.model_dump(mode="json", exclude={"visit"}) if vitals else None
    if station in WITH_EXAMINATIONS:
        shown["examined"] = [
            {"fact": str(fact.id), **body.model_dump(mode="json", exclude={"visit"})}
            for fact, body in visit.examinations
        ]
        shown["to_dispense"] = [str(fact.id) for fact, _ in visit.to_dispense]
        shown["dispensed"] = [_dispensed(day, fact.body) for fact in visit.dispensed]
    if station in WITH_UNEXPLAINED:
        shown["unexplained"] = [
            {"examined": str(fact.id), "medicine": medicine, "vi": warning.vi, "en": warning.en}
            for fact, medicine, warning in day.unexplained(visit, day_of(at))
        ]
    return shown


def _dispensed(day: Day, body: Any) -> dict[str, Any]:
    """What was handed out for one examination, by medicine, and what was not."""
    return {
        "examined": str(body.examined),
        "given": [{"medicine": day.lots[one.lot].medicine, "units": one.units} for one in body.given],
        "not_given": [{"medicine": one.medicine, "reason": one.reason} for one in body.not_given],
    }


def _steps(visit: Visit) -> Iterable[Fact]:
    one_each = (visit.registered, visit.measured, visit.left)
    return (fact for fact in (*one_each, *visit.examined, *visit.dispensed) if fact)


def _shown_fact(day: Day, fact: Fact, state: str) -> dict[str, Any]:
    number: UUID | None = getattr(fact.body, "visit", None)
    visit = day.visits.get(number) if number else None
    who = visit.person if visit and visit.registered else None
    return {
        "fact": str(fact.id),
        "kind": fact.kind,
        "at": moment(fact.kit_at),
        "state": state,
        "entered_late": fact.entered_late,
        "paper": fact.paper,
        "ticket": who.ticket if who else "",
        "name": who.name if who else "",
        "body": fact.body.model_dump(mode="json"),
    }


def _add_limits(day: Day, waiting: list[dict[str, Any]], at: datetime) -> None:
    """Beside each of the first in the queue, what the formulary's file says of a medicine for them, if anything."""
    on = day_of(at)
    for shown in waiting[:MOST_LIMITED]:
        shown["limits"] = _limits_of(day, day.visits[UUID(shown["visit"])], on)


def limits(day: Day, visit: UUID, at: datetime) -> dict[str, Any]:
    """The same for one visit further back; empty where nobody of that number came."""
    found = day.visits.get(visit)
    return _limits_of(day, found, day_of(at)) if found and found.registered else {}


def _limits_of(day: Day, visit: Visit, on: date) -> dict[str, Any]:
    signed = day.plan.formulary.digest if day.plan.formulary else ""
    told = visit.registered.mark if visit.registered else ""
    key = (signed, told, visit.measured.mark if visit.measured else "", on)
    if key not in _limits:
        if len(_limits) > 2_000:
            _limits.clear()
        _limits[key] = {
            code: _shown_limit(limit)
            for code, one in day.plan.medicines.items()
            if _says(limit := formulary.limits(one, visit.person, visit.vitals, on))
        }
    return _limits[key]


def _says(limit: formulary.Limit) -> bool:
    return bool(limit.warnings or limit.most_a_day or limit.most_in_all)


def _shown_limit(limit: formulary.Limit) -> dict[str, Any]:
    return {
        "most_a_day": limit.most_a_day,
        "most_in_all": limit.most_in_all,
        "bound_given": limit.bound_given,
        "warnings": [{"code": one.code, "vi": one.vi, "en": one.en} for one in limit.warnings],
    }


def age(person: kinds.Registered, on: date) -> tuple[str, str]:
    """How old somebody is, in both languages: in months under three years, “about” where the year is a guess."""
    born = person.born_on
    if born:
        months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
        if 0 <= months < 36:
            return f"{months} tháng", f"{months} months"
        years = months // 12
    elif person.born_year:
        years = on.year - person.born_year
    else:
        return "", ""
    return (f"khoảng {years} tuổi", f"about {years}") if person.born_about else (f"{years} tuổi", str(years))
