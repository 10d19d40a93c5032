"""Where a camp is needed most: communes out of a file the operator fills in, in an order whose arithmetic is written
out. Pure. Nothing here knows of customers or of what anybody spends.

Four parts of at most 25 points each, in whole numbers: kilometres to the nearest hospital (50 or more: 25), poor
households in 1,000 (500 or more: 25), doctors for 100,000 people (none: 25, 100 or more: 0), months since the last
camp (36 or more, or never: 25). More points come first; of equal ones the larger commune, then the lower code.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tantam import places
from tantam.base.headings import listed, placed, shown
from tantam.base.tables import cell_text, day, table
from tantam.errors import BadInput
from tantam.letters import fold
from tantam.office.camps.kinds import Place

COLUMNS = {
    "code": ("mã", "mã xã"),
    "name": ("xã", "tên xã", "tên", "commune"),
    "province": ("tỉnh", "tỉnh thành"),
    "distance_km": ("cách bệnh viện (km)", "cách bệnh viện", "khoảng cách (km)", "distance"),
    "poor_per_1000": (
        "hộ nghèo trên 1000 hộ",
        "hộ nghèo trên 1.000 hộ",
        "hộ nghèo",
        "poor households per 1000",
    ),
    "doctors_per_100k": ("bác sĩ trên 100000 dân", "bác sĩ trên 100.000 dân", "bác sĩ", "doctors per 100000"),
    "last_camp_on": ("lần khám trước", "trại trước", "last camp"),
    "people": ("số dân", "dân số", "population"),
}
"""Our column → other headings that mean it; ``code``, ``last_camp_on`` and ``people`` may be left out."""
OPTIONAL = {"code", "last_camp_on", "people"}
REJECTS = {
    "no_name": ("thiếu tên xã", "no name of a commune"),
    "unknown_province": ("không có tỉnh này", "there is no such province"),
    "bad_distance": (
        "khoảng cách phải là số km từ 0 đến 1.000",
        "the distance is no number of km up to 1,000",
    ),
    "bad_poor": ("hộ nghèo phải là số từ 0 đến 1.000 trên 1.000 hộ", "no number of households in 1,000"),
    "bad_doctors": ("số bác sĩ trên 100.000 dân phải là số từ 0", "no number of doctors for 100,000 people"),
    "bad_day": ("ngày khám trước viết sai", "the day of the last camp cannot be read"),
    "bad_people": ("số dân phải là số nguyên từ 0", "the people are no whole number"),
    "twice": ("trùng xã với một dòng trước", "the commune stands in an earlier row"),
}
"""Why a row was not taken: code → in Vietnamese, in English."""
MOST = 500
PART = 25


class Reject(NamedTuple):
    """A row that was not taken: its line, a code of :data:`REJECTS`, and what stands there."""

    line: int
    code: str
    value: str


@dataclass(frozen=True)
class Candidate:
    """One commune and the figures it is weighed by."""

    code: str
    name: str
    province: str
    distance_km: int
    poor_per_1000: int
    doctors_per_100k: int
    last_camp_on: date | None = None
    people: int = 0


class Points(NamedTuple):
    """The parts of a commune's need, at most :data:`PART` each."""

    distance: int
    poor: int
    doctors: int
    since: int

    @property
    def all(self) -> int:
        """The sum, at most 100."""
        return sum(self)


def points(one: Candidate, on: date) -> Points:
    """How much a commune needs a camp on a day."""
    months = 36
    if one.last_camp_on is not None:
        months = max(0, (on.year - one.last_camp_on.year) * 12 + on.month - one.last_camp_on.month)
    return Points(
        PART * min(one.distance_km, 50) // 50,
        PART * min(one.poor_per_1000, 500) // 500,
        PART * (100 - min(one.doctors_per_100k, 100)) // 100,
        PART * min(months, 36) // 36,
    )


def ordered(candidates: Iterable[Candidate], on: date) -> list[tuple[Candidate, Points]]:
    """The communes with their points, the one in greatest need first."""
    weighed = [(one, points(one, on)) for one in candidates]
    return sorted(weighed, key=lambda pair: (-pair[1].all, -pair[0].people, pair[0].code))


def why(one: Candidate, got: Points) -> str:
    """The arithmetic of one commune in words."""
    last = f"lần khám trước {one.last_camp_on:%m/%Y}" if one.last_camp_on else "chưa có trại nào"
    return (
        f"{got.all} điểm: cách bệnh viện {one.distance_km} km ({got.distance}), "
        f"{one.poor_per_1000} hộ nghèo trên 1.000 ({got.poor}), "
        f"{one.doctors_per_100k} bác sĩ trên 100.000 dân ({got.doctors}), {last} ({got.since})"
    )


def weighed(candidates: Sequence[Candidate], on: date, chosen: str, because: str = "") -> list[Place]:
    """The places of a plan in the order of their need, each with its reason, the chosen one marked.

    Refuses ``no_such_place``, and ``no_reason`` where places in greater need are passed over in silence.
    """
    order = ordered(candidates, on)
    at = next((n for n, (one, _) in enumerate(order) if one.code == chosen), None)
    if at is None:
        raise BadInput(
            "no_such_place",
            "The chosen commune is not among those that were weighed.",
            "Choose one of the list.",
            vi="Xã được chọn không có trong danh sách. Chọn một xã trong danh sách.",
        )
    said = " ".join(because.split())[:110]
    if at and len(said) < 3:
        raise BadInput(
            "no_reason",
            f"{at} communes in greater need are passed over, and it is not said why.",
            "Write why, in words that their people could read.",
            vi=f"Có {at} xã cần hơn bị bỏ qua mà chưa nói vì sao. Viết lý do mà bà con xã ấy đọc được.",
        )
    rows = []
    for n, (one, got) in enumerate(order):
        fate = (
            "chọn" if n == at else f"bỏ qua lần này: {said}" if n < at else "để lần sau: xã được chọn cần hơn"
        )
        if n == at and at:
            fate = f"chọn: {said}"
        rows.append(
            Place(
                code=one.code,
                name=one.name,
                province=one.province,
                distance_km=one.distance_km,
                poor_per_1000=one.poor_per_1000,
                doctors_per_100k=one.doctors_per_100k,
                last_camp_on=one.last_camp_on,
                people=one.people,
                chosen=n == at,
                reason=f"{why(one, got)} · {fate}"[:300],
            )
        )
    return rows


def candidate_of(place: Place) -> Candidate:
    """A commune as it was weighed before."""
    return Candidate(**place.model_dump(exclude={"chosen", "reason"}))


def code_of(name: str, province: str) -> str:
    """The code of a commune that nobody gave one: its province and its name without accents."""
    return re.sub(r"[^A-Za-z0-9._:-]", "", f"{province}-{fold(name).replace(' ', '-')}")[:40]


def is_of(one: Candidate, code: str, name: str, province: str) -> bool:
    """Whether a commune is the one that a camp is planned in, by code, or by province and name."""
    bare = fold(name).removeprefix("xa ")
    return one.code == code or (one.province == province and fold(one.name).removeprefix("xa ") == bare)


def read(content: bytes) -> tuple[list[Candidate], list[Reject]]:
    """The communes of a file (CSV or a spreadsheet), and the rows that were not taken.

    Refuses ``no_rows``, ``missing_column``, ``too_many_rows``, and what :func:`tantam.base.tables.table` refuses.
    """
    lines = table(content)
    head = next(lines, None)
    if head is None:
        raise BadInput(
            "no_rows", "The file has no rows.", "Choose another one.", vi="Tệp trống. Chọn tệp khác."
        )
    at = found_columns(head[1], COLUMNS, OPTIONAL)
    kept: dict[str, Candidate] = {}
    rejects: list[Reject] = []
    for line, cells in lines:
        row = {name: cells[n] if n < len(cells) else "" for name, n in at.items()}
        found = _candidate(line, row)
        if isinstance(found, Candidate) and found.code in kept:
            found = Reject(line, "twice", found.name)
        if isinstance(found, Reject):
            rejects.append(found)
        else:
            kept[found.code] = found
        if len(kept) > MOST:
            raise BadInput(
                "too_many_rows",
                f"More than {MOST} communes.",
                "Weigh those of one province at a time.",
                vi=f"Quá {MOST} xã. Xét từng tỉnh một.",
            )
    return list(kept.values()), rejects


def found_columns(
    header: Sequence[object], columns: Mapping[str, tuple[str, ...]], optional: Collection[str]
) -> dict[str, int]:
    """Our column → its place in a file's header. Refuses ``missing_column`` (what is there is said),
    ``column_twice``."""
    at = placed(header, columns, {})
    lacking = [name for name in columns if name not in at and name not in optional]
    if lacking:
        there = listed(shown(cell_text(cell)) for cell in header)
        vi = ", ".join(f"{columns[name][0]} ({name})" for name in lacking)
        raise BadInput(
            "missing_column",
            f"The file has no column {', '.join(lacking)}; its columns are {there}.",
            "Name the columns as the page says.",
            vi=f"Tệp thiếu cột: {vi}. Tệp có: {there}. Đặt tên cột như trang này ghi.",
        )
    return at


def _candidate(line: int, row: Mapping[str, object]) -> Candidate | Reject:
    name = " ".join(cell_text(row["name"]).split())
    if not name or len(name) > 120:
        return Reject(line, "no_name", shown(name))
    province = places.find(cell_text(row["province"]))
    if province is None:
        return Reject(line, "unknown_province", shown(cell_text(row["province"])))
    numbers = {}
    for column, (wrong, most) in _FIGURES.items():
        text = cell_text(row.get(column, ""))
        found = _whole(text) if text or column not in OPTIONAL else 0
        if found is None or found > most:
            return Reject(line, wrong, shown(text))
        numbers[column] = found
    last = None
    if cell_text(row.get("last_camp_on", "")):
        last = day(row["last_camp_on"])
        if last is None:
            return Reject(line, "bad_day", shown(cell_text(row["last_camp_on"])))
    inside = province.into or province.code
    own = re.sub(r"[^A-Za-z0-9._:-]", "", cell_text(row.get("code", "")))[:40]
    return Candidate(own or code_of(name, inside), name, inside, last_camp_on=last, **numbers)


_FIGURES = {
    "distance_km": ("bad_distance", 1000),
    "poor_per_1000": ("bad_poor", 1000),
    "doctors_per_100k": ("bad_doctors", 1_000_000),
    "people": ("bad_people", 1_000_000),
}
"""Column → the code of a wrong figure, and the most it can be."""


def _whole(text: str) -> int | None:
    """A figure as a whole number: ``42``, ``42,5`` and ``42.5`` (rounded down), ``1.200`` (thousands)."""
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", text):
        return int(re.sub(r"[.,]", "", text))
    return int(float(text.replace(",", "."))) if re.fullmatch(r"\d{1,9}(?:[.,]\d+)?", text) else None
