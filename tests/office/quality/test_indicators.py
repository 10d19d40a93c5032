"""Indicators are data, and a wrong file is a clear fault."""

from importlib.resources import files

import pytest

from tantam import law
from tantam.errors import Fault
from tantam.office.quality import indicators, numbers
from tantam.office.quality.indicators import INDICATORS

TEXT = (files("tantam.office.quality") / "indicators.toml").read_text(encoding="utf-8")


def test_fifteen_or_more_of_every_network():
    assert len(INDICATORS) >= 15 and {one.network for one in INDICATORS.values()} == set(indicators.NETWORKS)
    assert indicators.read(TEXT) == INDICATORS


@pytest.mark.parametrize(
    ("name", "code"),
    [("call_drop", "call_drop"), ("CALL DROP RATE", "call_drop"), ("cuoc goi bi roi", "call_drop"),
     ("calls_answered_within_60s", "calls_answered"), ("Điểm chất lượng thoại", "voice_mos"), ("", None), ("x", None)],
)  # fmt: skip
def test_found_by_any_of_its_names(name, code):
    found = indicators.find(name)
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('unit = "mos"', 'unit = "percent"', "unit"),
        ('direction = "lower"', 'direction = "down"', "direction"),
        ('topics = ["network"]', 'topics = ["weather"]', "topics"),
        ('rule = "quality_call_setup"', 'rule = "quality_luck"', "rule"),
        ("least = 300", "least = 0", "least"),
        ("months = 3", "months = 5", "months"),
        ('code = "call_drop"', 'code = "call_setup"', "twice"),
        ('also = ["calls_wrongly_charged"', 'also = ["call_drop_rate"', "shares the name"),
        ('network = "voice"\n', "", "network"),
        ("[[indicator]]", "[[indicator", "cannot be read"),
    ],
)
def test_a_file_that_is_wrong_says_where(before, after, said):
    assert before in TEXT
    with pytest.raises(Fault) as wrong:
        indicators.read(TEXT.replace(before, after, 1))
    assert wrong.value.code == "bad_indicators" and said in str(wrong.value)


def test_a_regulation_has_the_unit_of_its_indicator():
    units = {"percent": "exact_percent", "mos": "mos", "second": "seconds", "per_100": "per_100"}
    for one in INDICATORS.values():
        for row in law.of(one.rule) if one.rule else ():
            assert row.unit == units[one.unit] and row.verify


@pytest.mark.parametrize(
    ("text", "number", "whole"),
    [
        ("98,5", 98.5, None), ("98.5 %", 98.5, None), ("1.234,5", 1234.5, None), ("1,234.5", 1234.5, None),
        ("1.234", 1.234, 1234), ("1,234,567", 1234567.0, 1234567), ("1 234,5", 1234.5, None), ("-3", -3.0, None),
        ("", None, None), ("1.2.3", None, None), ("1e5", None, None), ("nan", None, None), ("١٢", None, None),
        (98.5, 98.5, None), (5.0, 5.0, 5), (float("nan"), None, None), (float("inf"), None, None), (True, None, None),
        ("100\u00a0000", 100000.0, 100000), ("12 34", None, None),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(text, number, whole):
    assert (numbers.number(text), numbers.whole(text)) == (number, whole)
