"""What comes in is what is kept, exactly, and the same whatever way it comes in."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tantam import keys
from tantam.base.columns import SPEND, STORED
from tantam.base.home import Home
from tantam.base.store import open_base, read_one
from tantam.clock import EPOCH, to_days
from tantam.engines import collect, start
from tantam.errors import BadInput
from tantam.places import today as province_today
from tests.base.a_file import ON, TODAY, as_csv, delimited, load, one, plain, rows, snapshot, stored, written


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def key_of(home: Home, phone: str) -> int:
    return keys.of_phone(home.key_secret.read_bytes(), phone)


def test_every_value_of_every_row_arrives(home: Home, tmp_path: Path) -> None:
    table = rows(3000)
    done = load(home, as_csv(table, tmp_path / "a.csv"))
    assert (done.rows_in, done.kept, done.rejected) == (3000, 3000, 0)
    kept = {row["key"]: row for row in stored(home).to_pylist()}
    secret = home.key_secret.read_bytes()
    usage = {c.name for c in STORED if c.usage}
    for given in table.to_pylist():
        row = kept[keys.of_phone(secret, "+84" + given["phone"][1:])]
        refuses = given["refuses_profiling"]
        for name, value in given.items():
            if name in ("phone", "province"):
                continue
            wanted = to_days(value) if name.endswith("_on") and value is not None else value
            assert row[name] == (None if refuses and name in usage else wanted), name
        assert row["province"] == province_today(given["province"]).code
        assert row["low_income"] == (given["hardship"] in ("poor", "near_poor"))
        born = given["born_on"]
        assert row["birth_mmdd"] == (None if born is None else born.month * 100 + born.day)
        months = [given[name] for name in SPEND if given[name] is not None]
        assert row["spend_6m"] == (None if refuses or not months else sum(months))


def test_sorted_by_province_and_key_with_facts(home: Home, tmp_path: Path) -> None:
    done = load(home, as_csv(rows(2000), tmp_path / "a.csv"), operator="Sao Mai")
    table = stored(home)
    order = list(zip(table["province"].to_pylist(), table["key"].to_pylist(), strict=True))
    assert order == sorted(order) and len(set(order)) == 2000
    facts = json.loads(home.facts.read_text())
    starts = facts.pop("starts")
    assert [code for (code, _), at in zip(order, range(2000), strict=True) if at in starts] == sorted(
        set(table["province"].to_pylist())
    )
    assert facts == {"on": ON, "rows": 2000, "digest": done.digest, "operator": "Sao Mai", "made_up": False}


def test_same_content_same_bytes_whatever_way_it_comes(tmp_path: Path) -> None:
    table = rows(4000)
    secret = tmp_path / "key"
    secret.write_bytes(bytes(range(32)))
    shuffled = table.take(pa.array(np.random.default_rng(5).permutation(4000)))
    pq.write_table(table.slice(0, 1500), tmp_path / "p0.parquet", row_group_size=400)
    pq.write_table(table.slice(1500), tmp_path / "p1.parquet")
    folder = tmp_path / "parts"
    folder.mkdir()
    pq.write_table(table.slice(2000), folder / "b.parquet")
    pq.write_table(table.slice(0, 2000), folder / "a.parquet")
    text = tmp_path / "semicolon.csv"
    text.write_text("\ufeff" + delimited(plain(table), ";"))
    ways = {
        "csv": [[as_csv(table, tmp_path / "a.csv")]],
        "shuffled": [[as_csv(shuffled, tmp_path / "s.csv")]],
        "parquet": [[tmp_path / "p0.parquet", tmp_path / "p1.parquet"]],
        "pattern": [[tmp_path / "p?.parquet"]],
        "folder": [[folder]],
        "semicolon": [[text]],
        "two loads": [
            [as_csv(table.slice(3000), tmp_path / "x.csv")],
            [tmp_path / "p0.parquet", tmp_path / "a.csv"],
        ],
    }
    found = set()
    for name, loads in ways.items():
        home = Home(tmp_path / f"home {name}")
        home.secret.mkdir(parents=True)
        home.key_secret.write_bytes(secret.read_bytes())
        for files in loads:
            done = load(home, *files)
        found.add((done.digest, (home.base / "part-0.parquet").read_bytes(), home.phones.read_bytes()))
    assert len(found) == 1


def test_loading_twice_changes_nothing(home: Home, tmp_path: Path) -> None:
    lines = plain(rows(500))
    lines[7][0], lines[9][0], lines[12][3] = "12", lines[8][0], "Atlantis"
    lines[20] = lines[20][:-1]
    lines[30][lines[0].index("spend_1")] = "12,5"
    file = tmp_path / "dirty.csv"
    file.write_text(delimited(lines))
    first = load(home, file)
    before = snapshot(home.root)
    second = load(home, file)
    assert snapshot(home.root) == before
    assert (
        (first.rows_in, first.kept, first.rejected)
        == (500, 496, 4)
        == (second.rows_in, second.kept, second.rejected)
    )
    assert first.unreadable == {"spend_1": 1} and second.codes == first.codes


def test_a_newer_load_replaces_its_keys_and_leaves_the_others(home: Home, tmp_path: Path) -> None:
    load(home, written(tmp_path / "a.csv", one(), one(phone="0987654321")))
    load(home, written(tmp_path / "b.csv", one(province="Huế", plan_kind="postpaid")))
    table = {row["key"]: row for row in stored(home).to_pylist()}
    assert len(table) == 2 == pq.read_table(home.phones).num_rows
    assert table[key_of(home, "+84912345678")]["province"] == province_today("Huế").code
    assert table[key_of(home, "+84987654321")]["plan_kind"] == "prepaid"


def test_headings_in_vietnamese_and_by_map(home: Home, tmp_path: Path) -> None:
    header = "Số Điện Thoại,NGÀY HÒA MẠNG,Loại thuê bao,Tinh/Thanh,Gói cước,Ghi chú"
    file = written(tmp_path / "a.csv", "0912345678,31/01/2020,Trả trước,khanh hoa,MASS,x", header=header)
    assert load(home, file).unused == ("Ghi chú",)
    other = written(
        tmp_path / "b.csv", "0912345678,31/01/2020,Trả sau,56,V120", header="so,ngay,loai,noi,goi_cuoc_2"
    )
    named = {"SO": "phone", "Ngày": "joined_on", "loai": "plan_kind", "noi": "province", "goi_cuoc_2": "plan"}
    load(home, other, renames=named)
    (row,) = stored(home).to_pylist()
    assert (row["plan_kind"], row["plan"], row["province"]) == ("postpaid", "V120", "56")


def test_map_wins_over_the_heading(home: Home, tmp_path: Path) -> None:
    header = "phone,contact,joined_on,plan_kind,province"
    file = written(tmp_path / "a.csv", "x,0912345678,2020-01-31,prepaid,01", header=header)
    assert load(home, file, renames={"contact": "phone"}).kept == 1


@pytest.mark.parametrize(
    ("name", "code", "old"),
    [("Ninh Thuận", "56", "58"), ("bac giang", "24", "24"), ("1", "01", None), ("Huế", "46", None)],
)
def test_old_provinces_keep_their_code(
    home: Home, tmp_path: Path, name: str, code: str, old: str | None
) -> None:
    load(home, written(tmp_path / "a.csv", one(province=name)))
    (row,) = stored(home).to_pylist()
    assert row["province"] == code and row["province_old"] == old


def test_a_refusal_that_cannot_be_read_is_a_refusal(home: Home, tmp_path: Path) -> None:
    header = "phone,joined_on,plan_kind,province,refuses_profiling,spend_1"
    lines = [
        one() + ",hình như,5000",
        one(phone="0912345679") + ",không,5000",
        one(phone="0912345670") + ",,5000",
    ]
    done = load(home, written(tmp_path / "a.csv", *lines, header=header))
    found = {row["key"]: (row["refuses_profiling"], row["spend_1"]) for row in stored(home).to_pylist()}
    assert found[key_of(home, "+84912345678")] == (True, None)
    assert found[key_of(home, "+84912345679")] == (False, 5000)
    assert found[key_of(home, "+84912345670")] == (None, 5000)
    assert done.unreadable == {"refuses_profiling": 1}


def test_types_of_parquet(home: Home, tmp_path: Path) -> None:
    import datetime as dt

    table = pa.table(
        {
            "phone": pa.array([912345678, 84912345679]),
            "joined_on": pa.array(
                [dt.datetime(2020, 1, 31, 20, tzinfo=dt.UTC)] * 2, pa.timestamp("us", "UTC")
            ),
            "plan_kind": pa.array(["prepaid", "postpaid"]).dictionary_encode(),
            "province": pa.array([1, 56]),
            "born_on": pa.array([dt.datetime(1990, 2, 28), None], pa.timestamp("ns")),
            "last_active_on": pa.array([20_778, 20_261_120]),
            "spend_1": pa.array([1_200_000.0, 12.5]),
            "data_mb_30d": pa.array([None, 7], pa.decimal128(12, 2)),
            "refuses_ads": pa.array([1, 0]),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    done = load(home, tmp_path / "a.parquet")
    assert done.kept == 2 and done.unreadable == {"spend_1": 1}
    one_, two = (read_one(home, key_of(home, phone)) for phone in ("+84912345678", "+84912345679"))
    assert one_ and two
    assert one_["joined_on"] == to_days(dt.date(2020, 2, 1)), "a moment in UTC is a day in Vietnam"
    assert one_["born_on"] == to_days(dt.date(1990, 2, 28)) and two["last_active_on"] == to_days(
        dt.date(2026, 11, 20)
    )
    assert (one_["spend_1"], two["spend_1"], two["data_mb_30d"]) == (1_200_000, None, 7)
    assert (one_["province"], two["province"], one_["refuses_ads"]) == ("01", "56", True)


def test_day_and_operator_from_the_files_own_notes(home: Home, tmp_path: Path) -> None:
    table = rows(50).replace_schema_metadata({"tantam.on": "2026-10-01", "tantam.operator": "Sao Mai"})
    pq.write_table(table, tmp_path / "a.parquet")
    done = load(home, tmp_path / "a.parquet")
    assert (str(EPOCH.fromordinal(EPOCH.toordinal() + done.on)), done.operator) == ("2026-10-01", "Sao Mai")
    assert load(home, tmp_path / "a.parquet", on=TODAY).on == TODAY


def test_the_secret_is_private_and_stays(home: Home, tmp_path: Path) -> None:
    assert load(home, written(tmp_path / "a.csv", one())).new_secret
    secret = home.key_secret.read_bytes()
    assert len(secret) == 32 and stat.S_IMODE(home.secret.stat().st_mode) == 0o700
    assert stat.S_IMODE(home.key_secret.stat().st_mode) == 0o600 == stat.S_IMODE(home.phones.stat().st_mode)
    assert not load(home, tmp_path / "a.csv").new_secret
    assert home.key_secret.read_bytes() == secret


def test_no_number_anywhere_outside_the_secret(home: Home, tmp_path: Path) -> None:
    numbers = [f"09{n}" for n in (12345678, 87654321, 11223344, 55667788, 99887766)]
    lines = [
        one(phone=numbers[0]),
        one(phone=numbers[0]),
        one(phone=numbers[1], joined_on="?"),
        one(phone=numbers[2], province=numbers[2]),
        one(phone=numbers[3], plan_kind=f"+84 {numbers[3][1:]}"),
        numbers[4],
        one(phone=f"{numbers[4]}9"),
        f'{numbers[1]},2020-01-01,"pre"paid,01',
    ]
    file = written(tmp_path / f"{numbers[0]}.csv", *lines)
    assert load(home, file).rejected == 7
    for phone in numbers:
        tail = phone[1:]
        for form in (tail.encode(), int(tail).to_bytes(8, "little"), int("84" + tail).to_bytes(8, "little")):
            for path in home.root.rglob("*"):
                if path.is_file() and home.secret not in path.parents:
                    assert form not in path.read_bytes() and tail not in path.name, path
    told = pq.read_table(home.rejects)
    for column in told.columns:
        for value in column.to_pylist():
            assert not re.search(r"\d{6}", str(value)) or re.fullmatch(r"[0-9a-f]{16}", str(value))


def test_rejects_say_where_and_why(home: Home, tmp_path: Path) -> None:
    lines = [
        one(phone=""),
        one(phone="0123456789012"),
        one(phone="01234567890"),
        one(phone="0243 825 5555"),
        one(joined_on=""),
        one(joined_on="31/02/2020"),
        one(joined_on="2030-01-01"),
        one(plan_kind=""),
        one(plan_kind="both"),
        one(province=""),
        one(province="Hà Nộ1"),
        "1,2",
        "",
        one() + ",9,9",
        one(),
        one(province="Huế"),
        '"0987654321",2020-01-31,"prepaid"x,01',
    ]
    done = load(home, written(tmp_path / "a.csv", *lines))
    table = pq.read_table(home.rejects)
    assert table.column_names == ["row_hash", "file", "line", "column", "code", "value"]
    found = {row["line"]: (row["code"], row["column"], row["value"]) for row in table.to_pylist()}
    assert found == {
        2: ("phone_missing", "phone", None),
        3: ("phone_invalid", "phone", "#############"),
        4: ("phone_old_11_digits", "phone", "###########"),
        5: ("phone_landline", "phone", "#### ### ####"),
        6: ("joined_on_missing", "joined_on", None),
        7: ("joined_on_invalid", "joined_on", "##/##/####"),
        8: ("joined_on_future", "joined_on", "####-##-##"),
        9: ("plan_kind_missing", "plan_kind", None),
        10: ("plan_kind_unknown", "plan_kind", "both"),
        11: ("province_missing", "province", None),
        12: ("province_unknown", "province", "Hà Nộ#"),
        13: ("wrong_field_count", None, None),
        15: ("wrong_field_count", None, None),
        17: ("duplicate_phone", "phone", None),
        18: ("broken_quotes", None, None),
    }
    assert (done.rows_in, done.kept, done.rejected) == (16, 1, 15)
    assert sum(done.codes.values()) == 15


def test_lines_are_right_where_values_hold_line_ends(home: Home, tmp_path: Path) -> None:
    header = "phone,joined_on,plan_kind,province,plan"
    lines = [
        one() + ',"hai\ndòng"',
        one(phone="12") + ",x",
        "",
        one(phone="0912345670") + ',"a\nb\nc"',
        one(phone="13") + ",x",
    ]
    load(home, written(tmp_path / "a.csv", *lines, header=header))
    assert pq.read_table(home.rejects)["line"].to_pylist() == [4, 9]
    assert set(stored(home)["plan"].to_pylist()) == {"hai\ndòng", "a\nb\nc"}


def test_parquet_rows_are_told_by_file_and_row(home: Home, tmp_path: Path) -> None:
    table = pa.table(
        {
            "phone": ["0912345678", "x"],
            "joined_on": ["2020-01-01"] * 2,
            "plan_kind": ["prepaid"] * 2,
            "province": ["01"] * 2,
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    pq.write_table(table.slice(1), tmp_path / "b.parquet")
    load(home, tmp_path / "a.parquet", tmp_path / "b.parquet")
    told = pq.read_table(home.rejects).to_pylist()
    assert [(row["file"], row["line"]) for row in told] == [("a.parquet", 2), ("b.parquet", 1)]


def test_raw_rejects_stay_thirty_days(home: Home, tmp_path: Path) -> None:
    from tantam.base import intake

    bad, good = written(tmp_path / "bad.csv", one(phone="12"), one()), written(tmp_path / "good.csv", one())
    load(home, bad)
    assert pq.read_table(home.raw_rejects)["raw"].to_pylist()[0].startswith('{"phone":"12"')
    intake.load(home, [good], today=TODAY + 30)
    assert pq.read_table(home.raw_rejects).num_rows == 1
    intake.load(home, [good], today=TODAY + 31)
    assert pq.read_table(home.raw_rejects).num_rows == 0
    assert pq.read_table(home.rejects).num_rows == 1, "what was told stays told"


def test_a_mended_file_of_the_same_name_clears_its_rejects(home: Home, tmp_path: Path) -> None:
    load(home, written(tmp_path / "a.csv", one(phone="12"), one()))
    load(home, written(tmp_path / "b.csv", one(phone="34")))
    load(home, written(tmp_path / "a.csv", one(phone="0912345670"), one()))
    assert pq.read_table(home.rejects)["file"].to_pylist() == ["b.csv"]


def test_open_base_and_read_one(home: Home, tmp_path: Path) -> None:
    load(home, as_csv(rows(300), tmp_path / "a.csv"))
    base = open_base(home, start())
    assert collect(base.frame).equals(stored(home)) and base.rows == 300
    key = stored(home)["key"][7].as_py()
    assert read_one(home, key) == stored(home).filter(pc.equal(stored(home)["key"], key)).to_pylist()[0]
    assert read_one(home, 5) is None


def test_a_home_without_a_base_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no_base"):
        open_base(Home(tmp_path), start())


def test_all_rejected_is_still_a_load(home: Home, tmp_path: Path) -> None:
    done = load(home, written(tmp_path / "a.csv", one(phone="12")))
    assert (done.rows_in, done.kept, done.rejected) == (1, 0, 1)
    assert stored(home).num_rows == 0 and open_base(home, start()).on == TODAY
