"""A formulary: what its lines say of a person, and nothing else; what was not filled in stays missing."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from tantam.errors import Refused
from tantam.office.camps import formulary, kinds

VISIT = UUID("01900000-0000-7000-8000-000000000001")
ON = date(2026, 11, 7)


def person(**said: Any) -> kinds.Registered:
    return kinds.Registered(visit=VISIT, ticket="1", name="Giàng Thị Mẫu", consent="heard", **said)


def measured(**said: Any) -> kinds.Measured:
    return kinds.Measured(visit=VISIT, **said)


def medicine(*bounds: kinds.Bound, **said: Any) -> kinds.Medicine:
    return kinds.Medicine(
        code="x",
        name="X",
        ingredient="x",
        unit="viên",
        source="dược thư, trang 1",
        bounds=list(bounds),
        **said,
    )


def codes(limit: formulary.Limit) -> list[str]:
    return [one.code for one in limit.warnings]


def prescribed(units: int, a_day: int | None = None, *overruled: str) -> kinds.Prescribed:
    reasons = [kinds.Overruled(warning=code, reason="đã cân nhắc") for code in overruled]
    return kinds.Prescribed(medicine="x", units=units, a_day=a_day, how="uống", overruled=reasons)


GROWN = kinds.Bound(from_months=144, most_a_day=6, most_in_all=30)
CHILD = kinds.Bound(from_months=72, to_months=144, most_a_day=3, most_in_all=15)


def test_a_missing_bound_stays_missing() -> None:
    limit = formulary.limits(medicine(), person(), measured(), ON)
    assert limit == formulary.Limit(None, None, False, ())
    assert formulary.check(prescribed(1_000), limit) == []


@pytest.mark.parametrize(
    ("born", "most"),
    [(date(2014, 11, 7), 6), (date(2014, 11, 8), 3), (date(2020, 11, 7), 3), (date(2020, 11, 8), None)],
)
def test_an_age_is_counted_to_the_day(born: date, most: int | None) -> None:
    limit = formulary.limits(medicine(GROWN, CHILD), person(born_on=born), measured(), ON)
    assert limit.most_a_day == most
    assert limit.bound_given == (most is not None)
    assert codes(limit) == []


def test_an_age_not_known_well_takes_the_strictest_line_and_says_so() -> None:
    limit = formulary.limits(medicine(GROWN, CHILD), person(born_year=2014), measured(), ON)
    assert (limit.most_a_day, limit.most_in_all, limit.bound_given) == (3, 15, True)
    assert codes(limit) == ["age_unclear"]
    assert codes(formulary.limits(medicine(GROWN, CHILD), person(born_year=2000), measured(), ON)) == []
    about = formulary.limits(medicine(GROWN, CHILD), person(born_year=2013, born_about=True), measured(), ON)
    assert codes(about) == ["age_unclear"]
    nobody_knows = formulary.limits(medicine(GROWN, CHILD), person(), measured(), ON)
    assert (nobody_knows.most_a_day, nobody_knows.bound_given) == (3, False)


LIGHT = kinds.Bound(to_months=144, from_kg=8, most_a_day=3)
HEAVY = kinds.Bound(to_months=144, from_kg=15, most_a_day=4)


@pytest.mark.parametrize(
    ("tenths", "most", "given", "said"),
    [(79, None, False, []), (80, 3, True, []), (149, 3, True, []), (150, 4, True, []),
     (None, 3, True, ["weight_unknown"])],
)  # fmt: skip
def test_a_weight_counts_in_tenths(
    tenths: int | None, most: int | None, given: bool, said: list[str]
) -> None:
    child = person(born_on=date(2022, 1, 1))
    limit = formulary.limits(medicine(LIGHT, HEAVY), child, measured(weight_tenths=tenths), ON)
    assert (limit.most_a_day, limit.bound_given, codes(limit)) == (most, given, said)


def test_an_allergy_is_matched_by_the_files_own_groups() -> None:
    drug = medicine(groups=["penicillin"])
    allergic = measured(allergy_groups=["penicillin", "sulfa"], allergy_told="tiêm xong nổi mẩn")
    assert codes(formulary.limits(drug, person(), allergic, ON)) == ["allergy"]
    assert codes(formulary.limits(drug, person(), measured(allergy_groups=["sulfa"]), ON)) == []
    assert codes(formulary.limits(medicine(), person(), allergic, ON)) == []
    assert codes(formulary.limits(drug, person(), None, ON)) == ["not_asked"]


def test_pregnancy_says_the_files_sentence_only() -> None:
    drug = medicine(not_in_pregnancy="Câu của dược sĩ")
    told = formulary.limits(drug, person(), measured(pregnant=True), ON).warnings[0]
    assert (told.code, "Câu của dược sĩ" in told.vi) == ("pregnancy", True)
    assert codes(formulary.limits(drug, person(priority=["pregnant"]), measured(), ON)) == ["pregnancy"]
    assert codes(formulary.limits(drug, person(), measured(), ON)) == []
    assert codes(formulary.limits(medicine(), person(), measured(pregnant=True), ON)) == []


def test_a_refusal_for_an_age_is_the_files() -> None:
    drug = medicine(GROWN, kinds.Bound(to_months=72, refused="Không dùng dưới 6 tuổi"))
    limit = formulary.limits(drug, person(born_on=date(2023, 1, 1)), measured(), ON)
    assert (codes(limit), limit.bound_given) == (["refused"], True)


def test_every_bound_can_be_gone_past_with_a_reason_and_only_so() -> None:
    limit = formulary.limits(medicine(GROWN), person(born_year=1980), measured(), ON)
    assert formulary.check(prescribed(30, 6), limit) == []
    assert [one.code for one in formulary.check(prescribed(31, 7), limit)] == [
        "too_many_in_all",
        "too_many_a_day",
    ]
    assert formulary.check(prescribed(31, 7, "too_many_in_all", "too_many_a_day"), limit) == []
    assert [one.code for one in formulary.check(prescribed(30), limit)] == ["a_day_missing"]


def test_what_was_prescribed_before_counts_too() -> None:
    limit = formulary.limits(medicine(GROWN), person(born_year=1980), measured(), ON)
    again = formulary.check(prescribed(16, 3), limit, before=[prescribed(15, 4)])
    assert [one.code for one in again] == ["too_many_in_all", "too_many_a_day"]


def test_the_demo_is_obviously_made_up_and_refused_for_a_real_permit() -> None:
    demo = formulary.demo()
    assert demo.demo and demo.signed_by == "Dược sĩ Mẫu"
    assert all("Mẫu" in one.name and one.source.startswith("Bịa") for one in demo.medicines)
    permit = kinds.Permit(
        authority="Sở Y tế", number="1", issued_on=ON, valid_to=ON, dossier="mẫu 03", real=True
    )
    with pytest.raises(Refused) as refused:
        formulary.check_for(demo, permit)
    assert refused.value.code == "demo_formulary"
    formulary.check_for(demo, permit.model_copy(update={"real": False}))


def test_nothing_unsigned_opens_a_camp() -> None:
    draft = formulary.demo().model_copy(update={"demo": False, "signed_by": formulary.UNSIGNED})
    permit = kinds.Permit(
        authority="Sở Y tế", number="1", issued_on=ON, valid_to=ON, dossier="mẫu 03", real=True
    )
    with pytest.raises(Refused) as refused:
        formulary.check_for(draft, permit)
    assert refused.value.code == "formulary_unsigned"
    formulary.check_for(formulary.signed(draft, "DS. Thật", ON), permit)
