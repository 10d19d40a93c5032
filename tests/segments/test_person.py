"""One subscriber explained, condition by condition, without telling what was only estimated of her."""

from __future__ import annotations

from typing import Any

import pytest

from tantam.clock import parse_day
from tantam.segments import plain, rule
from tantam.segments.compile import Thresholds
from tests.a_base import ON, stored

NONE = Thresholds({})


def row(**changes: Any) -> dict[str, Any]:
    empty = dict.fromkeys(stored(1).column_names)
    known = {
        "key": 5,
        "joined_on": parse_day("2022-09-03"),
        "plan_kind": "prepaid",
        "province": "56",
        "low_income": False,
        "refuses_profiling": False,
    }
    return empty | known | changes


def test_each_condition_with_her_value() -> None:
    node = rule.parse('tenure_years > 3 and province = "Huế" and spend_6m >= 5e5 and not low_income')
    lines = plain.conditions(node, row(spend_6m=1_200_000), ON, NONE, "vi")
    assert lines == [
        ("dùng trên 3 năm", "ngày hòa mạng: 03/09/2022 (4 năm)", True),
        ("ở Huế", "tỉnh: Khánh Hòa", False),
        ("chi từ 500.000 đồng trở lên trong sáu tháng", "chi tiêu sáu tháng: 1.200.000 đồng", True),
        ("không thuộc nhóm thu nhập thấp", "thu nhập thấp: không", True),
    ]
    assert plain.conditions(node, row(), ON, NONE, "en")[2] == (
        "spent VND 500,000 or more in six months",
        "spend in six months: not known",
        False,
    )


def test_a_percentile_shows_the_threshold() -> None:
    node = rule.parse("top_percent(spend_6m, 2, by=province)")
    found = Thresholds({rule.text(node): {"56": 900_000, "01": 2_000_000}})
    ((_, value, holds),) = plain.conditions(node, row(spend_6m=900_000), ON, found, "vi")
    assert value == "chi tiêu sáu tháng: 900.000 đồng; tỉnh: Khánh Hòa; ngưỡng: 900.000 đồng"
    assert holds is True


HIDDEN = [
    "low_income",
    "not low_income",
    "hardship = 'poor'",
    "hardship_basis = 'estimate'",
    "hardship_basis is null",
    "hardship_on < '2026-01-01'",
    "tenure_years > 90 or low_income",
    "if(low_income, 1, 2) > 1",
]


@pytest.mark.parametrize("text", HIDDEN)
@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("low", [True, False])
def test_an_estimate_is_never_shown_beside_a_person(text: str, lang: Any, low: bool) -> None:
    guessed = row(
        low_income=low, hardship="poor" if low else "none", hardship_basis="estimate", hardship_on=ON
    )
    ((_, value, holds),) = plain.conditions(rule.parse(text), guessed, ON, NONE, lang)
    assert value == {"vi": "không nêu", "en": "not shown"}[lang]
    assert holds is None
    assert plain.shown(rule.parse(text), guessed, ON, NONE) is None


def test_an_estimate_that_does_not_decide_hides_nothing_else() -> None:
    guessed = row(low_income=True, hardship="poor", hardship_basis="estimate")
    assert plain.shown(rule.parse("low_income and tenure_years > 90"), guessed, ON, NONE) is False
    assert plain.shown(rule.parse("low_income or tenure_years > 3"), guessed, ON, NONE) is True
    assert plain.shown(rule.parse("low_income"), guessed | {"hardship_basis": "document"}, ON, NONE) is True


def test_whoever_refuses_profiling_is_told_so_first() -> None:
    refuser = row(refuses_profiling=True)
    node = rule.parse("tenure_years > 3 and not spend_6m > 5")
    assert not plain.holds(node, refuser, ON, NONE)
    assert plain.conditions(node, refuser, ON, NONE, "vi")[0] == (
        "không từ chối chấm điểm tự động",
        "đã từ chối, nên không xét theo cách dùng",
        False,
    )
    assert plain.holds(rule.parse("tenure_years > 3"), refuser, ON, NONE)


@pytest.mark.parametrize(
    ("text", "day", "holds"),
    [
        ("tenure_years > 3", "2025-09-03", False),
        ("tenure_years > 3", "2025-09-04", True),
        ("tenure_years >= 3", "2025-09-03", True),
        ("tenure_years >= 3", "2025-09-02", False),
        ("tenure_years <= 3", "2025-09-03", True),
        ("tenure_years < 3", "2025-09-03", False),
        ("tenure_years > 2.5", "2025-03-04", True),
        ("tenure_years + 0 > 2", "2025-09-02", False),
        ("tenure_years + 0 > 2", "2025-09-03", True),
    ],
)
def test_years_are_reckoned_to_the_day(text: str, day: str, holds: bool) -> None:
    assert plain.holds(rule.parse(text), row(), parse_day(day), NONE) is holds


@pytest.mark.parametrize(
    ("spend", "percent", "holds"),
    [
        ((80, 80, 80, 100, 100, 100), 20, True),
        ((80, 80, 81, 100, 100, 100), 20, False),
        ((0, 0, 0, 0, 0, 0), 1, False),
        ((0, 0, 0, 1, 0, 0), 100, True),
        ((None, 0, 0, 1, 0, 0), 1, False),
    ],
)
def test_falling_is_exact_at_the_edge(spend: tuple[int | None, ...], percent: int, holds: bool) -> None:
    mine = row(**{f"spend_{i}": value for i, value in enumerate(spend, 1)})
    assert plain.holds(rule.parse(f"falling({percent})"), mine, ON, NONE) is holds
