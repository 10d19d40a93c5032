"""Reading rules: what is understood, what is refused and how, and that nothing makes it stumble."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tantam.errors import BadInput
from tantam.segments import rule
from tantam.segments.names import NAMES
from tantam.segments.tree import (
    All,
    Compare,
    Field,
    Not,
    Number,
    Some,
    Text,
    TopPercent,
    columns,
    reads_usage,
)

WORDS = [
    *NAMES,
    *(
        "and",
        "or",
        "not",
        "in",
        "between",
        "is",
        "null",
        "true",
        "false",
        "by",
        "min",
        "max",
        "if",
        "top_percent",
    ),
    *(
        "falling",
        "birthday_within",
        "promotion_ended_within",
        "(",
        ")",
        ",",
        "=",
        "!=",
        "<>",
        "<",
        "<=",
        ">",
        ">=",
    ),
    *("+", "-", "*", "/", "'2026-01-01'", '"Huế"', "3", "2e6", "0.5", "gold"),
]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('tenure_years > 3 and province = "Khánh Hòa" and not low_income', None),
        ("3 < TENURE_YEARS", "tenure_years > 3"),
        ("spend_6m > 2_000_000", "spend_6m > 2000000"),
        ("spend_6m >= 2e6", "spend_6m >= 2000000"),
        ("spend_6m <> 1.50", "spend_6m != 1.5"),
        ("province = 'khanh hoa'", 'province = "56"'),
        ("province in ('HUE', 'Thừa Thiên Huế', '46')", 'province in ("46")'),
        ("province_old = 'Bình Dương'", 'province_old = "74"'),
        ("born_on < '21/11/1966'", 'born_on < "1966-11-21"'),
        ("tier = “vàng”", 'tier = "vàng"'),
        ("tier = 'it''s'", 'tier = "it\'s"'),
        ("low_income or refuses_ads and sex = 'male'", 'low_income or (refuses_ads and sex = "male")'),
        ("not low_income and refuses_ads", "not low_income and refuses_ads"),
        ("spend_1 - spend_2 - spend_3 > 2 + 3 * 4", "((spend_1 - spend_2) - spend_3) > 14"),
        ("-spend_1 < -5", "(0 - spend_1) < (0 - 5)"),
        (
            "complaints_180d between 1 and 3 and low_income",
            "(complaints_180d between 1 and 3) and low_income",
        ),
        ("top_percent(spend_6m, 0.05, by=province)", "top_percent(spend_6m, 0.05, by=province)"),
        ("true", "true"),
        ("min(spend_1, 5) >= max(1, 2)", "min(spend_1, 5) >= 2"),
    ],
)
def test_what_is_understood(text: str, written: str | None) -> None:
    node = rule.parse(text)
    assert rule.parse(rule.text(node)) == node
    if written and "(0 - 5)" not in written:
        assert rule.text(node) == written


def test_a_rule_is_a_tree() -> None:
    node = rule.parse('tenure_years > 3 and (province = "56" or not low_income)')
    three = Compare(">", Field("tenure_years"), Number(3))
    place = Compare("=", Field("province"), Text("56"))
    assert node == All((three, Some((place, Not(Field("low_income"))))))
    assert rule.parse("top_percent(spend_6m, 2.5)") == TopPercent(Field("spend_6m"), 25_000)


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("", "bad_rule", "empty"),
        ("tenure_year > 3", "unknown_name", "tenure_years"),
        ("salary > 3", "unknown_name", "There are"),
        ("topp_percent(spend_6m, 2)", "unknown_name", "top_percent"),
        ("key = 5", "unknown_name", "character 1"),
        ("plan_kind = 'pospaid'", "unknown_value", "postpaid"),
        ("province = 'Bình Dương'", "province_merged", "TP. Hồ Chí Minh"),
        ("province in ('01', 'Bắc Kạn')", "province_merged", "Thái Nguyên"),
        ("province = 'Khánh Hoaf'", "unknown_province", "Khánh Hòa"),
        ("tier > 'gold'", "bad_type", "no order"),
        ("tier = 3", "bad_type", "tier is a text"),
        ("spend_6m = 'many'", "bad_type", "number"),
        ("joined_on > 5", "bad_type", "day"),
        ("joined_on > 'yesterday'", "bad_type", "2026-11-21"),
        ("low_income > true", "bad_type", "order"),
        ("spend_6m", "bad_type", "number"),
        ("low_income + 1 > 2", "bad_type", "number"),
        ("spend_6m and low_income", "bad_type", "condition"),
        ("tenure_years = 3", "no_exact_years", ">= 3"),
        ("tenure_years in (3)", "no_exact_years", ">= 3"),
        ("tenure_years > 2.3", "bad_type", "whole months"),
        ("tenure_years > complaints_180d", "bad_type", "plain number"),
        ("1 = 1", "bad_rule", "constants"),
        ("spend_6m > 5 5", "bad_rule", "character 14"),
        ("spend_6m > (5", "bad_rule", "“)”"),
        ("(spend_6m > 5", "bad_rule", "the end"),
        ("spend_6m not > 5", "bad_rule", "in"),
        ("tier = 'gold", "bad_rule", "never closed"),
        ("spend_6m > 5x", "bad_rule", "number"),
        ("spend_6m > 1e99", "bad_rule", "large"),
        ("spend_6m > 1 / 0", "bad_rule", "no result"),
        ("spend_6m; drop", "bad_rule", "means nothing"),
        ("top_percent(tier, 2)", "bad_type", "not a number"),
        ("top_percent(spend_6m, 0)", "bad_type", "percentage"),
        ("top_percent(spend_6m, 2, by=spend_1)", "bad_type", "by=province"),
        ("if(top_percent(spend_6m, 2), 1, 2) > 1", "bad_rule", "within if"),
        ("falling(0)", "bad_type", "1 to 100"),
        ("birthday_within(400)", "bad_type", "366"),
        ("(" * 500 + "true" + ")" * 500, "rule_too_deep", "deep"),
        ("not " * 900 + "true", "rule_too_deep", "deep"),
        ("-" * 3000 + "spend_1 > 0", "rule_too_deep", "deep"),
        ("+".join(["spend_1"] * 400) + "> 1", "rule_too_deep", "deep"),
        ("1/(" * 20 + "spend_1" + ")" * 20 + "> 1", "rule_too_deep", "deep"),
        ("true and " * 5000 + "true", "rule_too_long", "4,000"),
        ("plan in (" + "1," * 300 + "1)", "bad_type", "text"),
        ("complaints_180d in (" + ",".join(map(str, range(300))) + ")", "rule_too_long", "200"),
    ],
)
def test_what_is_refused_says_why_and_what_to_do(text: str, code: str, hint: str) -> None:
    with pytest.raises(BadInput) as refused:
        rule.parse(text)
    assert refused.value.code == code
    assert hint in str(refused.value)


@pytest.mark.parametrize("text", ["low_income", "'text'", "spend_6m > 3", "born_on", ""])
def test_a_value_is_a_number(text: str) -> None:
    with pytest.raises(BadInput):
        rule.parse_value(text)


def test_columns_are_those_of_the_base() -> None:
    node = rule.parse("tenure_years > 3 and birthday_within(7) and top_percent(data_mb_30d, 2, by=tier)")
    assert columns(node) == {"joined_on", "birth_mmdd", "data_mb_30d", "tier", "refuses_profiling"}
    assert reads_usage(node)
    assert columns(rule.parse("age_years > 3")) == {"born_on"}


@given(st.text(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    _read(text)


@given(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join))
@settings(max_examples=500, deadline=None)
def test_any_row_of_words_is_read_or_refused(text: str) -> None:
    _read(text)


def _read(text: str) -> None:
    for read in (rule.parse, rule.parse_value):
        try:
            node = read(text)
        except BadInput as refused:
            assert refused.code
            assert refused.what
        else:
            assert read(rule.text(node)) == node
