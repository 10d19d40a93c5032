"""What a camp's formulary says of a medicine for one person: its bounds and its warnings, and nothing of our own.

Every figure and every sentence of a warning stands in a line that the chief pharmacist filled in and signed. What the
file does not say is "no bound given". Where the file's lines depend on an age or a weight that nobody knows for sure,
the strictest of the lines that may apply holds, and that is said. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from tantam.errors import Refused
from tantam.office.camps import kinds
from tantam.office.camps.formulary_file import UNSIGNED, read

__all__ = [
    "UNSIGNED",
    "Limit",
    "Warning",
    "check",
    "check_for",
    "demo",
    "limits",
    "read",
    "signed",
    "template",
]

ABOUT_YEARS = 2
"""How far a year of birth may be off that was written down as a guess; wide, so that the stricter line holds."""
OLDEST_MONTHS = 130 * 12


@dataclass(frozen=True)
class Warning:
    """What the doctor has to answer with a reason before going past it; ``code`` is stable."""

    code: str
    vi: str
    en: str


@dataclass(frozen=True)
class Limit:
    """Of one medicine for one person: the most whole units a day and in all (None: the file gives none);
    ``bound_given``: whether the file has a figure or a refusal for everybody this person may be."""

    most_a_day: int | None
    most_in_all: int | None
    bound_given: bool
    warnings: tuple[Warning, ...]


def limits(
    medicine: kinds.Medicine, person: kinds.Registered, vitals: kinds.Measured | None, on: date
) -> Limit:
    """What the file's lines come to for a person on a day. ``vitals``: None where triage did not measure."""
    ages = _ages(person, on)
    tenths = vitals.weight_tenths if vitals else None
    weighed = tenths is not None or not any(bound.from_kg for bound in medicine.bounds)
    lines = [_lines(medicine, months, tenths) for months in _corners(medicine, ages)]
    every = {bound for found in lines for bound in found}
    warnings = list(_of_the_person(medicine, person, vitals))
    if any(one.refused for one in every):
        words = "; ".join(sorted({one.refused for one in every if one.refused}))
        warnings.append(_says("refused", words))
    if len({frozenset(found) for found in lines}) > 1:
        warnings.append(
            Warning(
                "age_unclear",
                "Chưa rõ tuổi, mà danh mục ghi mức khác nhau theo tuổi: đang lấy mức chặt nhất.",
                "The age is not known well enough for the formulary's lines: the strictest one is used.",
            )
        )
    if not weighed and every:
        warnings.append(
            Warning(
                "weight_unknown",
                "Chưa cân, mà danh mục ghi mức theo cân nặng: đang lấy mức chặt nhất.",
                "Not weighed, and the formulary's lines depend on weight: the strictest one is used.",
            )
        )
    return Limit(
        _least(one.most_a_day for one in every),
        _least(one.most_in_all for one in every),
        bool(lines) and all(any(_speaks(one) for one in found) for found in lines),
        tuple(warnings),
    )


def check(
    prescribed: kinds.Prescribed, limit: Limit, before: Iterable[kinds.Prescribed] = ()
) -> list[Warning]:
    """The warnings that a prescription goes past without a reason; empty means that it may be stored.

    ``before``: what this visit was prescribed already; units of the same medicine count together.
    """
    same = [one for one in before if one.medicine == prescribed.medicine]
    in_all = prescribed.units + sum(one.units for one in same)
    a_day = None
    if prescribed.a_day is not None and all(one.a_day is not None for one in same):
        a_day = prescribed.a_day + sum(one.a_day or 0 for one in same)
    found = list(limit.warnings)
    if limit.most_in_all is not None and in_all > limit.most_in_all:
        found.append(_too_many("too_many_in_all", in_all, limit.most_in_all, "cả đợt", "in all"))
    if limit.most_a_day is not None and a_day is not None and a_day > limit.most_a_day:
        found.append(_too_many("too_many_a_day", a_day, limit.most_a_day, "một ngày", "a day"))
    if limit.most_a_day is not None and a_day is None:
        found.append(
            Warning(
                "a_day_missing",
                f"Danh mục ghi nhiều nhất {limit.most_a_day} một ngày: cần ghi mỗi ngày dùng mấy.",
                f"The formulary gives at most {limit.most_a_day} a day: say how many a day.",
            )
        )
    reasons = {one.warning for one in prescribed.overruled}
    return [one for one in found if one.code not in reasons]


def check_for(formulary: kinds.Formulary, permit: kinds.Permit) -> None:
    """Refuse ``demo_formulary`` where the permit is real, and ``formulary_unsigned``."""
    if formulary.demo and permit.real:
        raise Refused(
            "demo_formulary",
            "This formulary is made up, for practice, and the camp's permit is real.",
            "Load the file that the camp's chief pharmacist filled in, and let him sign it.",
            vi="Danh mục thuốc này là đồ mẫu để tập, mà giấy phép của trại là thật. "
            "Nạp tệp do dược sĩ phụ trách điền, rồi ký.",
        )
    if formulary.signed_by == UNSIGNED:
        raise Refused(
            "formulary_unsigned",
            "Nobody has signed this formulary.",
            "The camp's chief pharmacist reads each line and signs.",
            vi="Danh mục thuốc chưa có ai ký. Dược sĩ phụ trách đọc từng dòng rồi ký.",
        )


def signed(draft: kinds.Formulary, by: str, on: date) -> kinds.Formulary:
    """The same formulary, signed: ``by`` is the chief pharmacist's name."""
    return draft.model_copy(update={"signed_by": by, "signed_on": on})


@cache
def demo() -> kinds.Formulary:
    """The made-up formulary for practice, signed by a made-up pharmacist."""
    content = (files("tantam.office.camps") / "data" / "demo-formulary.csv").read_bytes()
    return signed(read(content), "Dược sĩ Mẫu", date(2026, 1, 5))


def template() -> bytes:
    """An empty formulary to fill in: UTF-8 CSV that opens in a spreadsheet, headings in both languages."""
    return (files("tantam.office.camps") / "data" / "formulary-template.csv").read_bytes()


def _of_the_person(
    medicine: kinds.Medicine, person: kinds.Registered, vitals: kinds.Measured | None
) -> Iterable[Warning]:
    if medicine.warning:
        yield _says("of_the_file", medicine.warning)
    if vitals is None and (medicine.groups or medicine.not_in_pregnancy):
        yield Warning(
            "not_asked",
            "Chưa ai hỏi về dị ứng và thai nghén ở bàn đo.",
            "Nobody at triage asked about allergies and pregnancy.",
        )
    shared = sorted(set(medicine.groups) & set(vitals.allergy_groups if vitals else ()))
    if shared:
        named = ", ".join(shared)
        yield Warning(
            "allergy",
            f"Người bệnh dị ứng nhóm {named}; danh mục xếp thuốc này vào nhóm ấy.",
            f"Allergic to {named}; the formulary puts this medicine in that group.",
        )
    pregnant = "pregnant" in person.priority or (vitals is not None and vitals.pregnant)
    if pregnant and medicine.not_in_pregnancy:
        yield _says("pregnancy", medicine.not_in_pregnancy)


def _says(code: str, words: str) -> Warning:
    return Warning(code, f"Danh mục ghi: {words}", f"The formulary says: {words}")


def _too_many(code: str, units: int, most: int, vi: str, en: str) -> Warning:
    return Warning(
        code,
        f"{units} đơn vị {vi}; danh mục ghi nhiều nhất {most}.",
        f"{units} units {en}; the formulary gives at most {most}.",
    )


def _ages(person: kinds.Registered, on: date) -> tuple[int, int]:
    """The youngest and the oldest this person may be on a day, in whole months."""
    if person.born_on:
        exact = _months(person.born_on, on)
        return exact, exact
    if person.born_year is None:
        return 0, OLDEST_MONTHS
    off = ABOUT_YEARS if person.born_about else 0
    youngest = _months(date(person.born_year + off, 12, 31), on)
    return youngest, _months(date(person.born_year - off, 1, 1), on)


def _months(born: date, on: date) -> int:
    return max(0, (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day))


def _corners(medicine: kinds.Medicine, ages: tuple[int, int]) -> list[int]:
    """The ages between two at which the file's lines may change."""
    first, last = ages
    turns = {turn for one in medicine.bounds for turn in (one.from_months, one.to_months) if turn is not None}
    return sorted({first, *(turn for turn in turns if first < turn <= last)})


def _lines(medicine: kinds.Medicine, months: int, tenths: int | None) -> list[kinds.Bound]:
    """The lines that hold at an age: of those by weight the heaviest reached, or all where nobody weighed."""
    of_age = [
        one
        for one in medicine.bounds
        if one.from_months <= months and (one.to_months is None or months < one.to_months)
    ]
    if tenths is None:
        return of_age
    reached = [one for one in of_age if one.from_kg * 10 <= tenths]
    heaviest = max((one.from_kg for one in reached), default=0)
    return [one for one in reached if one.from_kg == heaviest]


def _speaks(bound: kinds.Bound) -> bool:
    return bool(bound.refused) or bound.most_a_day is not None or bound.most_in_all is not None


def _least(figures: Iterable[int | None]) -> int | None:
    return min((one for one in figures if one is not None), default=None)
