"""The dated rule table: what it says, when, and what it refuses to be."""

from __future__ import annotations

import json
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tantam import law
from tantam.cli.law import law as command
from tantam.clock import parse_day
from tantam.errors import BadInput, TantamError

ON = parse_day("2026-11-21")
ROW = """
[[rule]]
code = "a_rule"
value = 3
unit = "messages"
from = 2020-01-01
source = "Nghị định"
article = "Điều 1"
verify = false
vi = "Ba tin."
en = "Three messages."
"""


@pytest.mark.parametrize(
    ("code", "value", "unit", "verify"),
    [
        ("ads_sms_from", "07:00", "time", False),
        ("ads_sms_until", "22:00", "time", False),
        ("ads_call_from", "08:00", "time", False),
        ("ads_call_until", "17:00", "time", False),
        ("ads_sms_per_24h", 3, "messages", False),
        ("ads_mail_per_24h", 3, "mails", False),
        ("ads_call_per_24h", 1, "calls", False),
        ("ads_evidence_kept", 1, "years", False),
        ("ads_registration_sms", 1, "messages", False),
        ("promotion_gift_share", 50, "percent", False),
        ("promotion_total_share", 50, "percent", False),
        ("promotion_discount_share", 50, "percent", False),
        ("promotion_concentrated_share", 100, "percent", False),
        ("promotion_discount_days", 120, "days_a_year", False),
        ("promotion_notice", 3, "working_days", False),
        ("promotion_notice_threshold", 100_000_000, "dong", False),
        ("promotion_prepaid_share", 20, "percent", True),
        ("promotion_postpaid_share", 50, "percent", True),
        ("prize_tax_share", 10, "percent", False),
        ("prize_tax_above", 20_000_000, "dong", False),
        ("request_first_answer", 2, "working_days", True),
        ("data_access", 10, "days", True),
        ("consent_withdrawal", 15, "days", True),
        ("data_deletion", 20, "days", True),
        ("breach_notice", 72, "hours", True),
        ("consent_no_default_tick", True, "yes_no", True),
    ],
)
def test_figures_in_november_2026(code: str, value: law.Row, unit: str, verify: bool) -> None:
    row = law.ask(code, ON)
    assert (row.value, row.unit, row.verify) == (value, unit, verify)


def test_a_rule_follows_its_dates() -> None:
    last_old, first_new = parse_day("2025-12-31"), parse_day("2026-01-01")
    assert law.ask("request_first_answer", last_old).written() == "72 giờ"
    assert law.ask("request_first_answer", first_new).written("en") == "2 working days"
    with pytest.raises(BadInput) as refused:
        law.ask("prize_tax_share", parse_day("2026-06-30"))
    assert refused.value.code == "no_rule_then"
    assert "01/07/2026" in refused.value.do


def test_an_unknown_rule_names_the_nearest() -> None:
    with pytest.raises(BadInput) as refused:
        law.ask("promotion_gift_shar", ON)
    assert (refused.value.code, refused.value.do) == ("no_rule", "Did you mean promotion_gift_share?")
    with pytest.raises(BadInput) as refused:
        law.ask("zzz", ON)
    assert refused.value.code == "no_rule"


def test_every_row_is_sourced_and_said_in_two_languages() -> None:
    for row in law.rows():
        assert row.source, row.code
        assert row.article, row.code
        assert row.vi.endswith("."), row.code
        assert row.en.endswith("."), row.code
        assert row.since > parse_day("2005-01-01"), row.code
        if row.verify:
            assert "luật cho" not in row.vi.lower(), "an unverified rule is never called the law"
        if "theo " in f"{row.source} {row.article}" or row.article == "chưa ghi điều":
            assert row.verify, f"{row.code} rests on a secondary page or on no article"


def test_values_are_written_for_people() -> None:
    assert law.ask("promotion_notice_threshold", ON).written() == "100.000.000 đồng"
    assert law.ask("promotion_notice_threshold", ON).written("en") == "100,000,000 đồng"
    assert law.ask("promotion_gift_share", ON).written() == "50 %"
    assert law.ask("ads_sms_from", ON).written() == "07:00"
    assert (law.ask("ads_full_price", ON).written(), law.ask("ads_full_price", ON).written("en")) == (
        "có",
        "yes",
    )


def test_a_good_table_is_read() -> None:
    later = ROW.replace("value = 3", "value = 4").replace("2020-01-01", "2024-01-01")
    rows = law.read(ROW.replace("from = 2020-01-01", "from = 2020-01-01\nto = 2024-01-01") + later)
    assert [(row.value, row.until) for row in rows] == [(3, parse_day("2024-01-01")), (4, None)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[[rule]]", "[[rule"),
        ("[[rule]]", "[rule]"),
        ("[[rule]]", "[[rules]]"),
        ("value = 3", ""),
        ("value = 3", "value = 3\nodd = 1"),
        ("value = 3", "value = 3.5"),
        ("value = 3", "value = true"),
        ("value = 3", 'value = "3"'),
        ("value = 3", "value = -1"),
        ('unit = "messages"', 'unit = "letters"'),
        ('unit = "messages"', 'unit = "yes_no"'),
        ('unit = "messages"', 'unit = "time"'),
        ("2020-01-01", '"2020-01-01"'),
        ("2020-01-01", "2020-01-01T00:00:00Z"),
        ("2020-01-01", "2020-13-01"),
        ("from = 2020-01-01", "from = 2020-01-01\nto = 2020-01-01"),
        ("from = 2020-01-01", "from = 2020-01-01\nto = 2019-01-01"),
        ("verify = false", 'verify = "no"'),
        ("verify = false", "verify = 0"),
        ('code = "a_rule"', 'code = "A rule"'),
        ('code = "a_rule"', "code = 7"),
        ('vi = "Ba tin."', 'vi = " "'),
        ('source = "Nghị định"', 'source = ""'),
    ],
)
def test_a_bad_table_is_refused(old: str, new: str) -> None:
    assert old in ROW
    with pytest.raises(BadInput) as refused:
        law.read(ROW.replace(old, new, 1))
    assert refused.value.code == "bad_law_table"


def test_values_fit_their_units() -> None:
    percent = ROW.replace('"messages"', '"percent"')
    assert law.read(percent.replace("value = 3", "value = 100"))
    time = ROW.replace('"messages"', '"time"')
    assert law.read(time.replace("value = 3", 'value = "23:59"'))
    for bad in (percent.replace("value = 3", "value = 101"), time.replace("value = 3", 'value = "24:00"')):
        with pytest.raises(BadInput):
            law.read(bad)


def test_two_rows_of_one_rule_never_hold_on_one_day() -> None:
    bounded = ROW.replace("from = 2020-01-01", "from = 2021-01-01\nto = 2022-01-01")
    for table in (ROW + ROW, ROW + bounded, bounded + ROW):
        with pytest.raises(BadInput) as refused:
            law.read(table)
        assert "two rows" in refused.value.what


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    for table in (text, ROW.replace("Ba tin.", text)):
        try:
            law.read(table)
        except TantamError as error:
            assert error.code == "bad_law_table"


def test_the_file_keeps_every_row() -> None:
    written = tomllib.loads((files("tantam.law") / "rules.toml").read_text(encoding="utf-8"))
    assert len(law.rows()) == len(written["rule"])


def test_the_page_is_the_table() -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "law.md"
    assert page.read_text(encoding="utf-8") == law.page(), "python -m tantam.cli.reference"
    assert all(f"`{row.code}`" in law.page() for row in law.rows())
    assert law.page().index("Unverified rules") < law.page().index("Rules read in the text")


def _show(*args: str) -> str:
    result = CliRunner().invoke(command, ["show", *args], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_show_prints_unverified_rules_first() -> None:
    listed = json.loads(_show("--json"))
    assert len(listed) == len(law.rows())
    flags = [row["verify"] for row in listed]
    assert flags == sorted(flags, reverse=True)
    assert set(listed[0]) == {
        "code",
        "value",
        "unit",
        "from",
        "to",
        "source",
        "article",
        "verify",
        "vi",
        "en",
    }
    text = _show()
    assert text.index("chưa kiểm chứng") < text.index("đã đọc trong văn bản")
    assert all(row.code in text for row in law.rows())


def test_show_one_rule_and_one_day() -> None:
    both = json.loads(_show("request_first_answer", "--json"))
    assert [(row["from"], row["to"]) for row in both] == [("2023-07-01", "2026-01-01"), ("2026-01-01", None)]
    (one,) = json.loads(_show("request_first_answer", "--on", "21/11/2026", "--json"))
    assert one["value"] == 2
    then = json.loads(_show("--on", "2019-01-01", "--json"))
    assert {row["code"] for row in then} < {row.code for row in law.rows()}
    assert all(row["from"] <= "2019-01-01" for row in then)
    assert json.loads(_show("--on", "1990-01-01", "--json")) == []
    assert "50 %" in _show("promotion_gift_share")
    assert _show("--on", "1990-01-01").strip()


@pytest.mark.parametrize(
    ("args", "code"), [(["nothing"], "no_rule"), (["prize_tax_share", "--on", "2020-01-01"], "no_rule_then")]
)
def test_show_refuses(args: list[str], code: str) -> None:
    with pytest.raises(BadInput) as refused:
        CliRunner().invoke(command, ["show", *args], catch_exceptions=False)
    assert refused.value.code == code
