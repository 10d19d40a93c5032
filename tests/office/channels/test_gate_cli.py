"""``tantam gate explain``: the contract's figures, sentences for people, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from click.testing import CliRunner, Result

from tantam import keys
from tantam.base.home import Home
from tantam.cli.gate import gate
from tantam.clock import parse_day
from tantam.errors import BadInput
from tests.a_base import home_with, stored

FACTS = {"outcome", "until", "code", "rule", "warn", "sentence_vi", "sentence_en"}
PEOPLE = {
    "agreed": (parse_day("2026-05-03"), None, None),
    "refused": (parse_day("2026-05-03"), True, None),
    "silent": (None, None, None),
    "cared": (None, False, parse_day("2025-05-03")),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A base of four subscribers, each with other consents."""
    table = stored(len(PEOPLE), seed=3)
    for column, values in zip(
        ("consent_ads_on", "refuses_ads", "consent_care_on"), zip(*PEOPLE.values(), strict=True), strict=True
    ):
        at = table.schema.get_field_index(column)
        table = table.set_column(at, column, pa.array(values, table.schema.field(column).type))
    return home_with(tmp_path_factory.mktemp("home"), table)


@pytest.fixture(autouse=True)
def no_office(monkeypatch: pytest.MonkeyPatch) -> None:
    """The base alone is asked, also where these tests run on a database server."""
    monkeypatch.delenv("TANTAM_DATABASE_URL", raising=False)


def _key(name: str) -> int:
    return int(stored(len(PEOPLE), seed=3)["key"][list(PEOPLE).index(name)].as_py())


def run(home: Home, *words: str) -> Result:
    return CliRunner().invoke(gate, ["explain", *words, "--home", str(home.root)], catch_exceptions=False)


def facts(home: Home, name: str, purpose: str, when: str, *words: str) -> Any:
    return json.loads(run(home, keys.show(_key(name)), purpose, "--at", when, "--json", *words).output)


def test_the_contract_s_figures(home: Home) -> None:
    found = facts(home, "agreed", "advertising", "2026-11-22 21:30")
    assert set(found) == FACTS
    assert (found["outcome"], found["until"], found["rule"]) == ("send", None, "ads_consent_first")
    assert "03/05/2026" in found["sentence_vi"]
    late = facts(home, "agreed", "advertising", "2026-11-22 22:00")
    assert (late["outcome"], late["until"]) == ("hold", "2026-11-23T07:00:00+07:00")
    assert (late["code"], late["rule"], late["warn"]) == ("hours", "ads_sms_until", ["ads_consent_informed"])
    assert (
        facts(home, "agreed", "advertising", "2026-11-22 18:00", "--channel", "call")["rule"]
        == "ads_call_until"
    )


def test_what_the_base_says_is_known(home: Home) -> None:
    when = "2026-11-22 10:00"
    assert facts(home, "refused", "advertising", when)["rule"] == "ads_stop_after_refusal"
    assert facts(home, "refused", "registration", when)["code"] == "refused"
    assert facts(home, "refused", "care", when)["outcome"] == "send"
    assert facts(home, "silent", "advertising", when)["code"] == "no_consent"
    assert facts(home, "silent", "care", when)["warn"] == ["consent_per_purpose"]
    assert facts(home, "cared", "care", when)["warn"] == ["old_consents_valid"]
    assert facts(home, "cared", "health", when)["code"] == "not_asked"
    assert facts(home, "agreed", "advertising", "2026-05-02 10:00")["code"] == "no_consent"
    assert facts(home, "agreed", "advertising", "2026-05-03 10:00")["code"] == "consented"


@pytest.mark.parametrize(
    "when", ["2026-11-22T22:30+07:00", "2026-11-22T15:30Z", "2026-11-22 22:30:00", " 2026-11-22T22:30 "]
)
def test_a_time_is_in_vietnam_unless_it_has_a_zone(home: Home, when: str) -> None:
    assert facts(home, "agreed", "advertising", when)["until"] == "2026-11-23T07:00:00+07:00"


def test_people_read_the_sentence_and_the_rule(home: Home) -> None:
    shown = run(home, str(_key("agreed")), "advertising", "--at", "2026-11-22 22:30").output
    assert shown.startswith(
        "CHỜ · hold\nTin nhắn chỉ đi từ 07:00 đến trước 22:00; sớm nhất là 07:00 ngày 23/11/2026."
    )
    assert "ads_sms_until: Nghị định 91/2020/NĐ-CP, Điều 13.6" in shown
    assert "unverified" in shown
    ours = run(home, str(_key("agreed")), "survey", "--at", "2026-11-22 22:30").output
    assert "house_hours: lệ của ta, không phải luật" in ours


@pytest.mark.parametrize(
    ("key", "when", "code"),
    [
        ("77", "2026-11-22 10:00", "unknown_key"),
        ("TB-1", "2026-11-22 10:00", "bad_key"),
        ("77", "10:00", "bad_time"),
        ("77", "2026-11-22", "bad_time"),
        ("77", "0001-01-01T00:00+14:00", "bad_time"),
        ("77", "9999-12-31 23:00", "bad_time"),
    ],
)
def test_what_cannot_be_read_is_refused(home: Home, key: str, when: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        run(home, key, "advertising", "--at", when)
    assert refused.value.code == code


def test_a_time_before_the_law_and_a_home_without_a_base_are_refused(home: Home, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no_rule_then"):
        run(home, str(_key("agreed")), "advertising", "--at", "2019-01-01 10:00")
    with pytest.raises(Exception, match="no_base"):
        run(Home(tmp_path / "none"), "77", "care", "--at", "2026-11-22 10:00")
    assert run(home, "77", "adverts", "--at", "2026-11-22 10:00").exit_code == 2
