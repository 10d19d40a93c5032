"""Camps to look at: one that lacks most, one that lacks a signature, one that is open, one that was called off, and one
of which people came home from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from tantam.clock import day_of

PLACES = (
    "mã,xã,tỉnh,cách bệnh viện (km),hộ nghèo,bác sĩ,lần khám trước,số dân\n"
    "LP,Xã Lũng Phìn,Tuyên Quang,62,710,9,,4100\nTC,Xã Tả Chải,Tuyên Quang,48,660,11,20/10/2024,3600\n"
    "NK,Xã Nậm Khoà,Tuyên Quang,31,520,21,15/03/2022,5200\nQL,Xã Quang Lâm,Tuyên Quang,12,300,44,02/11/2019,7800\n"
)
PEOPLE = (
    "họ tên,năm sinh,giới tính,thôn\nVàng Thị Mỷ,1948,nữ,Sủng Trái\n"
    "Lò Văn Pá,1990,nam,Ma Lé\nGiàng Mí Sính,2021,nam,Ma Lé\n"
)


def tell(story: Any) -> None:
    """Put them into an office; ``camp``, ``camp_ready``, ``camp_open`` and ``camp_off`` are their ids."""
    from tantam.office.camps import actions, formulary, kinds, notices, planning
    from tantam.office.camps.formulary_file import UNSIGNED

    w, now = story.world, story.now
    w.head = w._hire("thao", "Sùng Thị Thảo", w.hq, "camp", "chị")
    w.pharmacist = w._hire("duoc", "Hà Thị Dược", w.hq, "pharmacist", "chị")
    by: dict[str, Any] = {"actor": w.head, "at": now}
    today = day_of(now)

    def planned(name: str, place: str, code: str, days: int) -> Any:
        body = kinds.Planned(
            name=name, theme="Người già và trẻ nhỏ vùng cao", general=True, place_code=code, place=place,
            province="08", on=today + timedelta(days=days), aim="Ai đến cũng được khám",
        )  # fmt: skip
        return actions.plan(body, office=w.hq, owner=w.head, **by)

    def permitted(camp: Any) -> None:
        permit = kinds.Permit(
            authority="Sở Y tế Tuyên Quang (mẫu)", number="000/GP-MAU", issued_on=today - timedelta(days=9),
            valid_to=camp.on + timedelta(days=2), dossier="Kế hoạch khám nhân đạo, mẫu 03", real=False,
        )  # fmt: skip
        planning.put(camp, permit, **by)

    def supplied(camp: Any) -> None:
        draft = formulary.demo().model_copy(update={"signed_by": UNSIGNED})
        planning.put(camp, draft, **by)
        for n, medicine in enumerate(draft.medicines[:5], 1):
            lot = kinds.Stocked(
                lot=f"L{n}", medicine=medicine.code, number=f"A{n}7", expires_on=camp.on + timedelta(days=90 * n),
                units=200 * n, giver="Nhà thuốc mẫu",
            )  # fmt: skip
            planning.put(camp, lot, **by)

    def staffed(camp: Any) -> None:
        for id, title, name, roles, licence in (
            ("m1", "chị", "Vàng Thị Mai", ["registrar", "exit"], ""),
            ("m2", "ĐD", "Lò Văn Páo", ["triage"], ""),
            ("m3", "BS", "Trần Hữu Ân", ["doctor", "lead"], "MAU-0001"),
            ("m4", "DS", "Đinh Thị Lụa", ["pharmacist", "chief_pharmacist"], "MAU-0002"),
        ):
            planning.member(
                camp, id=id, name=name, title=title, roles=list(roles), licence=licence, pin="1234", **by
            )
        planning.put(camp, kinds.Kit(number=1, name="Máy 1", address="10.77.0.1", first_ticket=1), **by)
        for n, (station, name) in enumerate((("registrar", "Bàn đón"), ("doctor", "Bác sĩ bàn 1")), 1):
            planning.put(camp, kinds.Desk(id=f"B{n}", station=station, name=name), **by)

    poor = planned("Khám ở Lũng Phìn", "Xã Lũng Phìn", "LP", 40)
    planning.weigh(poor, PLACES.encode(), **by)
    half = planned("Khám ở Tả Chải", "Xã Tả Chải", "TC", 26)
    planning.weigh(half, PLACES.encode(), because="đường vào Lũng Phìn sạt lở, xe thuốc chưa lên được", **by)
    ready, opened = (
        planned("Khám ở Nậm Khoà", "Xã Nậm Khoà", "NK", 12),
        planned("Khám ở Bản Rịa", "Xã Bản Rịa", "BR", 5),
    )
    for camp in (half, ready, opened):
        permitted(camp)
        staffed(camp)
        supplied(camp)
        planning.put(
            camp,
            kinds.Partner(id="P1", name="Bệnh viện Trung ương Sao Mai", role="hospital", gives="bác sĩ"),
            **by,
        )
        planning.put(camp, kinds.Budget(dong=120_000_000, source="Chương trình vì cộng đồng"), **by)
        planning.put(camp, kinds.Spent(what="Xe và ăn ở của đoàn", dong=18_500_000), **by)
        planning.bring_expected(camp, PEOPLE.encode(), **by)
        planning.bring_findings(camp, b"", "", **by)
    for camp in (ready, opened):
        planning.sign_formulary(camp, formulary.demo().digest, actor=w.pharmacist, at=now)
        notices.post(
            camp, where="Nhà văn hóa xã, cạnh chợ", bring="",
            times="Thôn Sủng Trái: 7 giờ\nThôn Ma Lé: 8 giờ\nThôn Khau Vai: 9 giờ\nCác thôn khác: 10 giờ", **by,
        )  # fmt: skip
    notices.text_all(opened, notices.sms_words(opened.on, "nhà văn hóa xã Bản Rịa"), plain=True, **by)
    actions.open_camp(opened, **by)
    off = planned("Khám ở Quang Lâm", "Xã Quang Lâm", "QL", 3)
    permitted(off)
    planning.put(off, kinds.Lesson(came_off=False, words="Xem dự báo mưa trước khi hẹn ngày với xã"), **by)
    planning.call_off(off, "Mưa lũ cuốn cầu vào xã", **by)
    story.ids |= {"camp": f"{poor.pk}", "camp_half": f"{half.pk}", "camp_ready": f"{ready.pk}"}
    story.ids |= {"camp_open": f"{opened.pk}", "camp_off": f"{off.pk}"}


def texts() -> Iterator[str]:
    """Every text in the facts of every camp, which lie sealed; and what notices add in Vietnamese for villagers."""
    from tantam.office.camps import ledger, need, notices
    from tantam.office.camps.models import Camp

    def walk(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield from value.splitlines()
        elif isinstance(value, dict | list):
            for one in value.values() if isinstance(value, dict) else value:
                yield from walk(one)

    yield from (notices.EVERYONE, notices.BRING)
    for camp in Camp.objects.exclude(state="deleted"):
        yield notices.day_words(camp.on)
        for place in ledger.day_of(camp).plan.weighed:
            one = need.candidate_of(place)
            yield need.why(one, need.points(one, camp.on))
        for fact in ledger.facts_of(camp):
            yield from walk(fact.body.model_dump(mode="json"))
