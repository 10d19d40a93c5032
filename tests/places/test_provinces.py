"""The provinces by date, and from what people write to a province."""

from __future__ import annotations

import csv
import os
import unicodedata
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam import engines, places
from tantam.clock import parse_day
from tantam.errors import BadInput
from tantam.letters import FOLD_SQL, fold
from tantam.places import PROVINCES, find, nearest, provinces, spellings, today
from tantam.places.lookup import _written
from tantam.places.provinces import EVERY

IN_2013, LAST_OLD, FIRST_NEW = (parse_day(d) for d in ("2013-11-21", "2025-06-30", "2025-07-01"))
SPELT = [
    *(p.name for p in EVERY),
    *(p.full_name for p in EVERY),
    *(p.name_en for p in EVERY),
    *(alias for p in EVERY for alias in p.aliases),
    "Thanh Hoá",
    "Khánh-Hoà",
    "ĐẮK LẮK",
    "Ðà Nẵng",
    "T.P. Hồ  Chí Minh",
    "  bà rịa – vũng tàu ",
    "BR-VT",
]


def test_34_of_today_and_63_before() -> None:
    assert len(PROVINCES) == len({p.code for p in PROVINCES}) == len({p.name for p in PROVINCES}) == 34
    assert provinces(FIRST_NEW + 400) == PROVINCES
    for day, units in (
        (places.FIRST_DAY, 63),
        (IN_2013, 63),
        (LAST_OLD, 63),
        (FIRST_NEW, 34),
        (FIRST_NEW + 9999, 34),
    ):
        listed = provinces(day)
        assert len(listed) == units == len({p.code for p in listed}) == len({p.name for p in listed})
        assert [p.code for p in listed] == sorted(p.code for p in listed)
    assert all(len(p.code) == 2 and p.code.isdigit() for p in EVERY)


def test_every_old_unit_leads_to_one_of_today() -> None:
    codes = {p.code for p in PROVINCES}
    assert all(p.into is None for p in PROVINCES)
    old = provinces(LAST_OLD)
    assert {p.into for p in old} == codes, "each of the 34 has at least one ancestor"
    merged = {code: sum(p.into == code for p in old) for code in codes}
    assert sorted(merged.values()) == [1] * 11 + [2] * 17 + [3] * 6


def test_before_2008_is_refused() -> None:
    with pytest.raises(BadInput) as refused:
        provinces(places.FIRST_DAY - 1)
    assert refused.value.code == "no_provinces_then"


def test_cities_by_date() -> None:
    dong_nai = {day: find("Đồng Nai", parse_day(day)) for day in ("2026-04-29", "2026-04-30")}
    assert [p and p.kind for p in dong_nai.values()] == ["province", "city"]
    assert sum(p.kind == "city" for p in provinces(FIRST_NEW)) == 6
    assert sum(p.kind == "city" for p in PROVINCES) == 7
    hue = find("Huế", LAST_OLD), find("Huế", IN_2013)
    assert [p and p.name for p in hue] == ["Huế", "Thừa Thiên Huế"]
    assert [p and p.full_name for p in hue] == ["Thành phố Huế", "Tỉnh Thừa Thiên Huế"]
    assert today("79").full_name == "Thành phố Hồ Chí Minh"


@pytest.mark.parametrize(
    ("code", "then", "now"),
    [
        ("24", "Bắc Giang", "Bắc Ninh"),
        ("44", "Quảng Bình", "Quảng Trị"),
        ("52", "Bình Định", "Gia Lai"),
        ("80", "Long An", "Tây Ninh"),
        ("82", "Tiền Giang", "Đồng Tháp"),
        ("91", "Kiên Giang", "An Giang"),
    ],
)
def test_one_code_two_units(code: str, then: str, now: str) -> None:
    before, after = find(code, IN_2013), find(code)
    assert before is not None
    assert after is not None
    assert (before.name, after.name) == (then, now)
    assert today(code).name == now


def test_codes_that_are_no_more_lead_to_their_successor() -> None:
    seeds = {
        "Hà Giang": "08",
        "Bắc Cạn": "19",
        "Bạc Liêu": "96",
        "Bình Dương": "79",
        "02": "08",
        "27": "24",
        "64": "52",
    }
    assert {text: today(text).code for text in seeds} == seeds
    assert find("Hà Giang", FIRST_NEW) is None, "with a day only the units of that day are known"
    old = find("02")
    assert old is not None
    assert (old.name, old.until) == ("Hà Giang", FIRST_NEW)


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ("56", ["khanh hoa", "KHÁNH-HOÀ", "KhanhHoa", "tỉnh Khánh Hoà", "Ninh Thuận"]),
        ("79", ["TPHCM", "TP.HCM", "tp. hồ chí minh", "Sài Gòn", "HCMC", "Ho Chi Minh City"]),
        ("79", ["Thành phố Hồ Chí Minh", "BR-VT", "Vũng Tàu", "Bà Rịa Vũng Tàu"]),
        ("01", ["Hanoi", "Ha Noi", "TP Hà Nội", "HN"]),
        ("66", ["Đăk Lăk", "Đắc Lắc", "daklak", "Phú Yên"]),
        ("68", ["Ðắk Nông", "Đắc Nông", "Lâm Đồng"]),
        ("46", ["Thừa Thiên - Huế", "TT Huế", "TP.Huế"]),
        ("19", ["Bắc Kạn", "Bắc Cạn"]),
        ("25", ["Hoà Bình", "Hòa Bình"]),
        ("31", ["Haiphong"]),
        ("51", ["Kontum", "Kon Tum"]),
        ("04", ["Cao Bang Province"]),
    ],
)
def test_spellings_people_use(code: str, texts: list[str]) -> None:
    for text, form in product(texts, ("NFC", "NFD")):
        assert today(unicodedata.normalize(form, text)).code == code
        assert today(f"  {unicodedata.normalize(form, text).upper()} ").code == code


def test_an_unknown_place_names_the_nearest() -> None:
    assert nearest("Khánh Hoaf") == "Khánh Hòa"
    assert nearest("1") == "01"
    assert nearest("Atlantis") is None
    for text in ("Khánh Hoaf", "Atlantis", "", "99", "''; drop table"):
        assert find(text) is None
        with pytest.raises(BadInput) as refused:
            today(text)
        assert refused.value.code == "no_province"


def test_no_spelling_means_two_units_of_one_day() -> None:
    for day in (IN_2013, LAST_OLD, FIRST_NEW, FIRST_NEW + 400):
        listed = provinces(day)
        owners = {(spelling, p.code) for p in listed for spelling in _written(p)}
        assert len({spelling for spelling, _ in owners}) == len(owners)


def test_spellings_are_folded_unique_and_agree_with_find() -> None:
    listed = spellings()
    assert len({s for s, _, _ in listed}) == len(listed)
    for spelling, code, old in listed:
        assert fold(spelling) == spelling
        assert today(spelling).code == code
        found = find(spelling)
        assert found is not None
        assert (old is None) == (found.until is None)
    said = {spelling: (code, old) for spelling, code, old in listed}
    assert said["khanh hoa"] == ("56", None), "a name in both lists is today's"
    assert said["ha giang"] == said["02"] == ("08", "02")
    assert said["24"] == ("24", None)
    assert said["thua thien hue"] == ("46", "46")


CON = engines.connect(threads=1)
FOLDED = f"SELECT t, {FOLD_SQL.format(x='t')} AS s FROM (SELECT unnest(?::VARCHAR[]) AS t)"


def _in_duckdb(texts: list[str]) -> list[str]:
    return [row[1] for row in CON.execute(FOLDED, [texts]).fetchall()]


def test_duckdb_folds_as_python_does() -> None:
    texts = [
        unicodedata.normalize(form, case) for s in SPELT for form in ("NFC", "NFD") for case in (s, s.upper())
    ]
    assert _in_duckdb(texts) == [fold(text) for text in texts]


@given(st.lists(st.text("aAàÀảãÃáạăẰặâẤđĐðÐêỆôơỜưỰýỹY0189 -–._,'’\ṭ̛̀̂̃̉", max_size=12), max_size=8))
def test_any_mix_of_vietnamese_letters_folds_alike(texts: list[str]) -> None:
    folded = [fold(text) for text in texts]
    assert _in_duckdb(texts) == folded
    assert [fold(text) for text in folded] == folded


def test_a_join_on_spellings_finds_every_name() -> None:
    columns = [list(column) for column in zip(*spellings(), strict=True)]
    CON.execute(
        "CREATE TEMP TABLE spelt AS SELECT unnest(?::VARCHAR[]) s, unnest(?::VARCHAR[]) code", columns[:2]
    )
    rows = CON.execute(f"SELECT t, code FROM ({FOLDED}) LEFT JOIN spelt USING (s)", [SPELT]).fetchall()
    assert dict(rows) == {text: today(text).code for text in SPELT}


def test_agrees_with_the_public_lists() -> None:
    root = os.environ.get("TANTAM_DATA")
    if not root:
        pytest.skip("TANTAM_DATA is not set: the official lists of 63 and 34 are not compared")
    data = Path(root)
    with (data / "vn-gso-provinces" / "age_structure_projection_63.csv").open(encoding="utf-8") as lines:
        listed = {r["gso_code"].zfill(2): (r["province"], r["province_34"]) for r in csv.DictReader(lines)}
    assert {code: find(name, IN_2013) for code, (name, _) in listed.items()} == {
        p.code: p for p in provinces(IN_2013)
    }
    assert all(today(then).code == today(now).code for then, now in listed.values())
    with (data / "vn-communes" / "provinces_34_population.csv").open(encoding="utf-8") as lines:
        now = {r["code"]: r["full_name"] for r in csv.DictReader(lines)}
    assert {code: fold(name) for code, name in now.items()} == {p.code: fold(p.full_name) for p in PROVINCES}
