"""How a camp's plan is said: its thread, how far it is in a sentence, what stands in each part. Reads nothing by itself
and writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from tantam import places
from tantam.errors import Refused, TantamError
from tantam.office import words
from tantam.office.camps import kinds, rules
from tantam.office.camps.day import Day
from tantam.office.camps.formulary_file import UNSIGNED
from tantam.office.camps.models import Camp
from tantam.office.words import number, say

STATES = {
    "planned": ("đang lập", "being planned", "nghe"),
    "open": ("đã mở", "open", "cham"),
    "closed": ("đã khép", "closed", "la"),
    "deleted": ("đã xoá dữ liệu", "data deleted", "line"),
}


OFF = ("không mở", "called off", "son")


class Row(NamedTuple):
    """A line of a part: its title, what stands under it, a chip (tone and words)."""

    title: str
    small: str = ""
    tone: str = ""
    chip: str = ""


def province(code: str) -> str:
    """A province's name; its code where nobody knows it."""
    try:
        return places.today(code).name
    except TantamError:
        return code


def where(camp: Camp) -> str:
    """``Lũng Phìn, Tuyên Quang``."""
    name = province(camp.province)
    return camp.place if name in camp.place else f"{camp.place}, {name}"


def steps(camp: Camp, day: Day, lacking: Sequence[Refused], off: str) -> list[dict[str, Any]]:
    """The thread of a camp, from the plan to the closing."""
    plan, codes = day.plan, {no.code for no in lacking}
    permit, signed = plan.permit, plan.formulary and plan.formulary.signed_by != UNSIGNED
    team, told = len(plan.members), plan.notices
    lots = sum(lot.came > 0 for lot in day.lots.values())
    held = camp.state in ("open", "closed") and plan.opened is not None
    made = [
        _step(True, say("Lập", "Planned"), where(camp)),
        _step(
            not codes & {"no_permit", "permit_expired"},
            say("Giấy phép", "Permit"),
            permit[1].number if permit else "",
        ),
        _step(
            not codes & {"no_team", "no_licence"},
            say("Đoàn", "Team"),
            say("{n} người", "{n person|people}", n=team) if team else "",
        ),
        _step(
            bool(signed) and "demo_formulary" not in codes,
            say("Ký danh mục", "Formulary signed"),
            plan.formulary.signed_by if plan.formulary and signed else "",
        ),
        _step(
            "no_stock" not in codes and bool(lots),
            say("Thuốc", "Stock"),
            say("{n} lô", "{n lot|lots}", n=lots) if lots else "",
        ),
        _step(
            bool(told),
            say("Báo bà con", "Told"),
            say("{n} lời báo", "{n notice|notices}", n=len(told)) if told else "",
        ),
    ]
    if off:
        reached = [step for step in made if step["state"] == "done"]
        return [*reached, {"state": "late", "title": say("Không mở", "Called off"), "facts": off}]
    opened = _step(held, say("Mở", "Open"), words.day(camp.on))
    closed = _step(camp.state == "closed", say("Khép", "Closed"), "")
    return [*made, {**opened, "state": "done" if held else "due"}, closed]


def _step(done: bool, title: str, facts: str) -> dict[str, Any]:
    return {"state": "done" if done else "next", "title": title, "facts": facts}


def answer(camp: Camp, lacking: Sequence[Refused], off: str, today: date) -> str:
    """How far a camp is, in a sentence."""
    on = words.day(camp.on)
    if off:
        return say("Trại này không mở.", "This camp does not take place.")
    if camp.state == "closed":
        return say("Đã khám xong ngày {on}.", "Held on {on}.", on=on)
    if camp.state == "open":
        return say("Đã mở, khám ngày {on}.", "Open, on {on}.", on=on)
    if camp.on < today:
        return say("Ngày {on} đã qua mà chưa mở.", "{on} is over, and it was not opened.", on=on)
    if not lacking:
        return say("Đủ cả, mở được: khám ngày {on}.", "All is there; it can be opened for {on}.", on=on)
    return say(
        "Còn thiếu {n} điều để mở ngày {on}.",
        "{n thing is|things are} missing before it opens on {on}.",
        n=len(lacking),
        on=on,
    )


def rows(code: str, camp: Camp, day: Day) -> list[Row]:
    """What stands in a part."""
    return _ROWS[code](camp, day)


def _places(_: Camp, day: Day) -> list[Row]:
    return [
        Row(
            f"{n}. {one.name}, {province(one.province)}",
            one.reason,
            "la" if one.chosen else "line",
            say("được chọn", "chosen") if one.chosen else say("bỏ qua", "passed over"),
        )
        for n, one in enumerate(day.plan.weighed, 1)
    ]


def _permit(camp: Camp, day: Day) -> list[Row]:
    if day.plan.permit is None:
        return []
    one = day.plan.permit[1]
    holds = one.issued_on <= camp.on <= one.valid_to
    dates = say("{a} đến {b}", "{a} to {b}", a=words.day(one.issued_on), b=words.day(one.valid_to))
    kind = say("giấy thật", "real") if one.real else say("giấy tập dượt", "of a rehearsal")
    chip = say("có hiệu lực ngày khám", "holds on the day") if holds else say("hết hạn", "does not hold")
    return [
        Row(f"{one.number}, {one.authority}", " · ".join(filter(None, (dates, kind, one.dossier))),
            "la" if holds else "son", chip)
    ]  # fmt: skip


def _partners(_: Camp, day: Day) -> list[Row]:
    return [
        Row(one.name, " · ".join(filter(None, (say(*rules.PARTNERS[one.role]), one.gives))))
        for one in day.plan.partners.values()
    ]


def _team(_: Camp, day: Day) -> list[Row]:
    return [_member(one) for one in day.plan.members.values()]


def _member(one: kinds.Member) -> Row:
    bare = rules.LICENSED & set(one.roles) and not one.licence
    lacks = say("thiếu chứng chỉ", "no licence") if bare else "" if one.pin else say("chưa có PIN", "no PIN")
    licence = say("chứng chỉ {n}", "licence {n}", n=one.licence) if one.licence else ""
    does = ", ".join(say(*rules.ROLES[role]) for role in one.roles)
    return Row(f"{one.title} {one.name}".strip(), " · ".join(filter(None, (does, licence))), "nghe", lacks)


def _desks(_: Camp, day: Day) -> list[Row]:
    plan = day.plan
    kits = [
        Row(one.name, say("máy chủ {n} · {a} · số từ {t}", "laptop {n} · {a} · tickets from {t}", n=one.number,
                          a=one.address, t=one.first_ticket))
        for one in plan.kits.values()
    ]  # fmt: skip
    desks = [Row(one.name, say(*rules.ROLES[one.station])) for one in plan.desks.values()]
    devices = [
        Row(one.name, say("máy cầm tay · chữ {l}", "device · letter {l}", l=one.letter))
        for one in plan.devices.values()
    ]
    return [*kits, *desks, *devices]


def _medicines(camp: Camp, day: Day) -> list[Row]:
    found = []
    if held := day.plan.formulary:
        signed = held.signed_by != UNSIGNED
        who = say("{who} ký {on}", "signed by {who}, {on}", who=held.signed_by, on=words.day(held.signed_on))
        kind = say("bản làm thử", "a demo") if held.demo else ""
        found.append(
            Row(
                say("Danh mục {n} thuốc", "A formulary of {n medicine|medicines}", n=len(held.medicines)),
                " · ".join(filter(None, (kind, say("mã {d}", "digest {d}", d=held.digest[:16])))),
                "la" if signed else "nghe",
                who if signed else say("chờ ký", "not signed"),
            )
        )
    names = day.plan.medicines
    for lot in sorted(day.lots.values(), key=lambda one: (one.expires_on, one.number)):
        medicine = names.get(lot.medicine)
        unit = medicine.unit if medicine else ""
        about = say("lô {n} · hạn {on}", "lot {n} · expires {on}", n=lot.number, on=words.day(lot.expires_on))
        old = lot.expires_on <= camp.on
        title = f"{medicine.name if medicine else lot.medicine}: {number(lot.came)} {unit}".strip()
        found.append(Row(title, about, "son" if old else "", say("hết hạn", "expired") if old else ""))
    return found


def _people(_: Camp, day: Day) -> list[Row]:
    plan, found = day.plan, []
    if plan.expected:
        villages = {one.village for one in plan.expected.values() if one.village}
        small = say("{n} thôn", "{n village|villages}", n=len(villages)) if villages else ""
        found.append(Row(say("{n} người xã báo", "{n} people expected", n=number(len(plan.expected))), small))
    if plan.codes:
        found.append(
            Row(say("{n} điều có thể tìm thấy", "{n} findings to choose from", n=number(len(plan.codes))))
        )
    return found


def _money(_: Camp, day: Day) -> list[Row]:
    plan = day.plan
    if not plan.budget_dong and not plan.spent_dong:
        return []
    left = plan.budget_dong - plan.spent_dong
    over = say("vượt", "over") if left < 0 else ""
    said = say(
        "đã chi {s}, còn {l}", "spent {s}, left {l}", s=words.dong(plan.spent_dong), l=words.dong(left)
    )
    return [Row(words.dong(plan.budget_dong), said, "son", over)]


def _lessons(_: Camp, day: Day) -> list[Row]:
    return [
        Row(one.words, "", "la" if one.came_off else "nghe", say("được", "came off") if one.came_off
            else say("chưa được", "not yet"))
        for one in day.plan.lessons
    ]  # fmt: skip


_ROWS = {
    "places": _places, "permit": _permit, "partners": _partners, "team": _team, "desks": _desks,
    "medicines": _medicines, "people": _people, "money": _money, "lessons": _lessons,
}  # fmt: skip
