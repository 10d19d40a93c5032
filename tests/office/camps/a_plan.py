"""A camp to come, planned bit by bit, each bit left out when a test asks for that."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tantam.office.camps import actions, formulary, kinds, planning
from tantam.office.camps.models import Camp
from tests.office.world import AT

ON = date(2026, 12, 5)
NUMBER = "038177004242"


def planned(**other: Any) -> kinds.Planned:
    """A general camp in a highland commune of Tuyên Quang."""
    said = {
        "name": "Khám ở Lũng Phìn", "theme": "Khám tổng quát", "general": True, "place_code": "LP",
        "place": "Lũng Phìn", "province": "08", "on": ON,
    }  # fmt: skip
    return kinds.Planned(**{**said, **other})


def permit(**other: Any) -> kinds.Permit:
    """A permit of a rehearsal that holds on the day."""
    said = {
        "authority": "Sở Y tế Tuyên Quang", "number": "12/GP-SYT", "issued_on": date(2026, 11, 1),
        "valid_to": date(2026, 12, 31), "dossier": "Mẫu 03", "real": False,
    }  # fmt: skip
    return kinds.Permit(**{**said, **other})


def a_camp(world: Any, *without: str, **other: Any) -> Camp:
    """A camp that may open but for what is left out: permit, team, licence, formulary, signature, stock."""
    by: dict[str, Any] = {"actor": world.head, "at": AT}
    camp = actions.plan(planned(**other), office=world.hq, owner=world.head, **by)
    if "permit" not in without:
        planning.put(camp, permit(), **by)
    if "team" not in without:
        team(camp, world, licence="" if "licence" in without else "0042/HG")
    if "formulary" not in without:
        draft = formulary.demo().model_copy(update={"signed_by": planning.UNSIGNED})
        planning.put(camp, draft, **by)
        if "signature" not in without:
            planning.sign_formulary(camp, draft.digest, actor=world.pharmacist, at=AT)
    if "stock" not in without:
        medicine = formulary.demo().medicines[0].code
        lot = kinds.Stocked(
            lot="L1", medicine=medicine, number="A17", expires_on=ON + timedelta(days=300), units=500
        )
        planning.put(camp, lot, **by)
    return Camp.objects.get(pk=camp.pk)


def team(camp: Camp, world: Any, *, licence: str = "0042/HG") -> None:
    """One for every role, some for two."""
    rows = (
        ("m1", "Vàng Thị Mỷ", ["registrar", "exit"], ""),
        ("m2", "Lò Văn Pá", ["triage"], ""),
        ("m3", "Trần Hữu Ân", ["doctor", "lead"], licence),
        ("m4", "Hà Thị Dược", ["pharmacist", "chief_pharmacist"], "0043/HG"),
    )
    for id, name, roles, number in rows:
        planning.member(
            camp,
            actor=world.head,
            at=AT,
            id=id,
            name=name,
            title="",
            roles=list(roles),
            licence=number,
            pin="1234",
        )
