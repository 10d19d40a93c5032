"""Sentences a manager would say, and that every rule has one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from tantam.segments import rule, shipped, words
from tantam.segments.tree import Node
from tests.segments.a_rule import rules, values

SAID = [
    (
        'tenure_years > 3 and province = "Khánh Hòa" and not low_income',
        "dùng trên 3 năm, ở Khánh Hòa, không thuộc nhóm thu nhập thấp",
        "over 3 years of use, in Khánh Hòa, not low-income",
    ),
    (
        "top_percent(spend_6m, 2, by=province)",
        "thuộc 2 % có chi tiêu sáu tháng cao nhất trong từng tỉnh (ai bằng đúng ngưỡng đều được tính)",
        "in the top 2% by spend in six months within each province (ties at the threshold are in)",
    ),
    (
        "birthday_within(7)",
        "có sinh nhật hôm nay hoặc trong 7 ngày tới",
        "birthday today or in the next 7 days",
    ),
    ("promotion_ended_within(30)", "vừa hết ưu đãi trong 30 ngày qua", "promotion ended in the last 30 days"),
    (
        "falling(20)",
        "chi tiêu ba tháng gần đây giảm từ 20 % trở lên so với ba tháng trước đó",
        "spend of the latest three months down 20% or more on the three before",
    ),
    (
        "spend_6m >= 1.2e6",
        "chi từ 1.200.000 đồng trở lên trong sáu tháng",
        "spent VND 1,200,000 or more in six months",
    ),
    ("tenure_years < 0.5", "dùng dưới 6 tháng", "under 6 months of use"),
    (
        "not days_since_contact <= 14",
        "không được liên lạc trong 14 ngày qua",
        "not contacted in the last 14 days",
    ),
    ("complaints_180d = 0", "không khiếu nại trong 180 ngày", "no complaint in 180 days"),
    ("consent_care_on is not null", "đã đồng ý nhận chăm sóc", "consent to care given"),
    ("not not low_income", "thuộc nhóm thu nhập thấp", "low-income"),
    ("province in ('Huế', '48', '01')", "ở Huế, Đà Nẵng hoặc Hà Nội", "in Huế, Đà Nẵng or Hà Nội"),
    (
        "plan_kind = 'postpaid' and (age_years >= 60 or low_income and sex = 'female')",
        "trả sau, từ 60 tuổi trở lên hoặc (thuộc nhóm thu nhập thấp và nữ)",
        "postpaid, aged 60 or more or (low-income and female)",
    ),
]


@pytest.mark.parametrize(("text", "vi", "en"), SAID)
def test_a_rule_is_one_sentence(text: str, vi: str, en: str) -> None:
    node = rule.parse(text)
    assert words.sentence(node, "vi") == vi
    assert words.sentence(node, "en") == en


@given(rules | values)
@settings(max_examples=200, deadline=None)
def test_every_rule_has_a_sentence(node: Node) -> None:
    for lang in ("vi", "en"):
        said = words.sentence(node, lang)
        assert said.strip()
        assert "{" not in said
        assert "None" not in said
        assert said.count("(") == said.count(")")


def test_rules_that_differ_are_said_differently() -> None:
    texts = [text for text, _, _ in SAID] + [segment.rule for segment in shipped.shipped()]
    nodes = {rule.parse(text) for text in texts}
    assert len({words.sentence(node, "vi") for node in nodes}) >= len(nodes) - 1
