"""What headquarters said of a made-up camp before its day: place, permit, team, medicines, devices, people expected."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache

from tantam.office.camps import findings, formulary, kinds, locks, pins
from tantam.office.camps import made_up_words as words

PLACE = "Xã Lũng Sương"
PIN = "1234"
MERGED_ON = date(2025, 7, 1)  # the day on which Hà Giang became part of the new Tuyên Quang
DESKS: dict[kinds.Station, int] = {"registrar": 2, "triage": 2, "doctor": 4, "pharmacist": 2, "exit": 1}
"""Desks of a station on a kit; with the lead's, twelve devices."""
DESK_NAMES: dict[kinds.Station, str] = {
    "registrar": "Bàn đón",
    "triage": "Đo huyết áp, cân",
    "doctor": "Bác sĩ bàn",
    "pharmacist": "Phát thuốc",
    "exit": "Ra về",
}


def signed_formulary(on: date) -> kinds.Formulary:
    """The formulary for practice, signed by the made-up camp's own chief pharmacist."""
    return formulary.signed(formulary.demo(), "Đinh Thị Lụa", on - timedelta(days=9))


def place_of(on: date) -> tuple[str, str]:
    """The province's code and name on a day."""
    return ("02", "Hà Giang") if on < MERGED_ON else ("08", "Tuyên Quang")


def beginnings(on: date, weighed: list[kinds.Place]) -> Iterator[kinds.Body]:
    """From the first thought to the signed formulary, but for the permit, which :func:`opened` must name."""
    province, name = place_of(on)
    yield kinds.Planned(
        name=f"Khám bệnh, phát thuốc miễn phí {PLACE}",
        theme="Khám tổng quát cho bà con vùng cao",
        general=True,
        place_code="00000",
        place=f"{PLACE}, {name}",
        province=province,
        on=on,
        aim="600 người được khám trong một ngày, ai đến cũng được khám",
        made_up=True,
    )
    yield kinds.Weighed(places=weighed)
    yield kinds.Partner(
        id="bv", name="Bệnh viện Trung ương Sao Mai", role="hospital", gives="bác sĩ, máy siêu âm"
    )
    yield kinds.Partner(id="xa", name=f"Uỷ ban nhân dân {PLACE}", role="commune", gives="nhà văn hoá, loa xã")
    yield kinds.Partner(id="quy", name="Quỹ Tận Tâm (mẫu)", role="donor", gives="thuốc mẫu")
    yield signed_formulary(on)
    yield from findings.plain_list()
    yield kinds.Budget(dong=185_000_000, source="Chương trình vì cộng đồng")
    yield kinds.Spent(what="Xe và ăn ở của đoàn", dong=42_500_000)
    yield kinds.Spent(what="Thuốc và vật tư", dong=96_000_000)
    channels: tuple[tuple[kinds.Channel, str], ...] = (("loudspeaker", "loa xã"), ("poster", "nhà văn hoá"))
    for channel, said in channels:
        yield kinds.Noticed(
            channel=channel,
            words=f"Thứ bảy {on:%d/%m}, từ 7 giờ, khám bệnh phát thuốc miễn phí tại nhà văn hoá xã ({said}). "
            "Ai đến cũng được khám.",
        )


def permit(on: date) -> kinds.Permit:
    """A rehearsal's: it allows no real camp."""
    return kinds.Permit(
        authority=f"Sở Y tế {place_of(on)[1]} (mẫu)",
        number="000/GP-MAU",
        issued_on=on - timedelta(days=12),
        valid_to=on + timedelta(days=1),
        dossier="Hồ sơ mẫu để tập dượt",
        real=False,
    )


def places(on: date) -> list[kinds.Place]:
    """Six communes that were weighed; the chosen one is far, poor, and was never visited."""
    rows = (
        (PLACE, 62, 710, 9, None, True, "Xa bệnh viện nhất, nghèo nhất, chưa có trại nào."),
        ("Xã Phìn Khâu", 55, 640, 12, 2024, False, "Mới khám năm 2024, năm sau quay lại."),
        ("Xã Tả Chải", 48, 660, 11, None, False, "Đường sạt lở, xe thuốc chưa vào được; xếp đầu kỳ sau."),
        ("Xã Nậm Khoà", 31, 520, 21, 2022, False, "Gần bệnh viện hơn."),
        ("Xã Bản Rịa", 27, 480, 25, None, False, "Đã có đoàn của tỉnh trong quý này."),
        ("Xã Quang Lâm", 12, 300, 44, 2019, False, "Gần bệnh viện, đủ bác sĩ."),
    )
    return [
        kinds.Place(
            code=f"{number:05d}",
            name=name,
            province=place_of(on)[0],
            distance_km=km,
            poor_per_1000=poor,
            doctors_per_100k=doctors,
            last_camp_on=date(year, 10, 20) if year else None,
            chosen=chosen,
            reason=reason,
        )
        for number, (name, km, poor, doctors, year, chosen, reason) in enumerate(rows)
    ]


def team(kits: int, key: bytes) -> Iterator[kinds.Body]:
    """Kits, desks, devices and members: a desk, a device and a member go together (``k1-doctor-2``)."""
    yield kinds.Member(
        id="lead",
        name="Lương Thế Vinh Sơn",
        title="BS",
        roles=["lead", "doctor"],
        licence="MAU-0001",
        pin=_pin(),
    )
    yield kinds.Member(
        id="chief", name="Đinh Thị Lụa", title="DS", roles=["pharmacist", "chief_pharmacist"], licence="MAU-0002",
        pin=_pin(),
    )  # fmt: skip
    for kit in range(1, kits + 1):
        yield kinds.Kit(
            number=kit, name=f"Máy {kit}", address=f"10.77.{kit - 1}.1", first_ticket=1 + (kit - 1) * 1000
        )
        yield kinds.Device(
            id=f"k{kit}-lead",
            name=f"Máy {kit}: trưởng đoàn",
            letter=_letter(kit, 0),
            entry=_entry(key, f"k{kit}-lead"),
        )
        number = 0
        for role, title, names in words.TEAM:
            for desk in range(1, DESKS[role] + 1):
                number += 1
                id_ = f"k{kit}-{role}-{desk}"
                name = names[((kit - 1) * DESKS[role] + desk - 1) % len(names)]
                shown = f"{DESK_NAMES[role]} {desk}" if DESKS[role] > 1 else DESK_NAMES[role]
                yield kinds.Desk(id=id_, station=role, name=shown if kits == 1 else f"{shown} · máy {kit}")
                yield kinds.Device(
                    id=id_, name=f"{shown}, máy {kit}", letter=_letter(kit, number), entry=_entry(key, id_)
                )
                licence = f"MAU-{kit}{number:03d}" if title else ""
                yield kinds.Member(id=id_, name=name, title=title, roles=[role], licence=licence, pin=_pin())


def expected(people: Iterable[kinds.Person]) -> Iterator[kinds.Expected]:
    """The commune's list, in parts."""
    listed = list(people)
    for start in range(0, len(listed), 1000):
        yield kinds.Expected(people=listed[start : start + 1000])


def entry_secret(key: bytes, device: str) -> str:
    """The secret in a made-up device's link, so that a demo can print it again."""
    return locks.derived(key, f"made-up-entry:{device}").hex()


def _entry(key: bytes, device: str) -> str:
    return hashlib.sha256(entry_secret(key, device).encode()).hexdigest()


@cache
def _pin() -> str:
    return pins.hashed(PIN, b"made-up camp sal")


def _letter(kit: int, number: int) -> str:
    return chr(65 + kit - 1) + chr(65 + number) if kit > 1 else chr(65 + number)
