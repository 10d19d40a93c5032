"""The sample operator's file: the same bytes for a seed, shares near those stated, dirt counted."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import numpy as np
import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tantam import clock, places
from tantam.base.columns import BASES, HARDSHIPS, INPUT, LOW_INCOME
from tantam.errors import BadInput
from tantam.sample import base, dirt, people, phones


def digest(folder: Path) -> str:
    return hashlib.sha256(b"".join(f.read_bytes() for f in sorted(folder.iterdir()))).hexdigest()


@pytest.fixture(scope="module")
def made() -> tuple[pa.Table, dict[str, np.ndarray]]:
    return base.chunk(seed=7, number=0, first=0, n=40_000, total=40_000)


@pytest.fixture(scope="module")
def clean(made: tuple[pa.Table, dict[str, np.ndarray]]) -> pa.Table:
    table, spoiled = made
    keep = np.ones(table.num_rows, bool)
    keep[np.concatenate(list(spoiled.values()))] = False
    return table.filter(pa.array(keep))


def share(table: pa.Table, name: str, *values: object) -> float:
    return float(pc.mean(pc.is_in(table.column(name), pa.array(values)).cast(pa.float64())).as_py())


def test_same_seed_same_bytes_and_another_differs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "CHUNK_ROWS", 1_000)
    seen = []
    for folder, seed in (("a", 3), ("b", 3), ("c", 4)):
        made = base.write(tmp_path / folder, 2_500, seed)
        assert [f.name for f in made.files] == [f"subscribers-{i:04}.parquet" for i in range(3)]
        seen.append(digest(tmp_path / folder))
    assert seen[0] == seen[1] != seen[2]


def test_many_processes_make_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "CHUNK_ROWS", 1_000)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    base.write(tmp_path / "one", 2_500, 3)
    monkeypatch.setattr(base, "_FEW", 1)
    base.write(tmp_path / "many", 2_500, 3)
    assert digest(tmp_path / "one") == digest(tmp_path / "many")


def test_a_smaller_sample_replaces_a_larger_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "CHUNK_ROWS", 500)
    base.write(tmp_path, 1_400, 1)
    (tmp_path / "mine.parquet").write_bytes(b"not ours")
    base.write(tmp_path, 600, 1, csv=True)
    names = sorted(f.name for f in tmp_path.iterdir())
    assert names == ["mine.parquet", "subscribers-0000.csv", "subscribers-0001.csv", "truth.json"]


def test_columns_are_the_contract_and_the_file_says_what_it_is(tmp_path: Path) -> None:
    made = base.write(tmp_path, 1_000, 1)
    schema = pq.read_schema(made.files[0])
    assert schema.names == [c.name for c in INPUT]
    assert {k.decode(): v.decode() for k, v in schema.metadata.items()} == {
        "tantam.on": "2026-11-21",
        "tantam.operator": "Sao Mai",
        "tantam.made_up": "true",
    }


def test_truth_shows_effects_and_counts_the_dirt(tmp_path: Path) -> None:
    made = base.write(tmp_path, 12_000, 5)
    truth = json.loads((tmp_path / "truth.json").read_text())
    assert truth["dirty"] == made.dirty and sum(made.dirty.values()) == 60
    assert set(made.dirty) == set(dirt.KINDS) and min(made.dirty.values()) == 10
    assert truth["effects"]["expiry_reminder"]["leave"] > 0 > truth["effects"]["retention_bonus"]["leave"]
    assert truth["effects"]["birthday_choice"]["leave"] == truth["effects"]["birthday_choice"]["spend"] == 0


def test_each_spoiled_row_is_spoiled_in_one_way_and_no_other_row_is(
    made: tuple[pa.Table, dict[str, np.ndarray]],
) -> None:
    table, spoiled = made
    phone = table.column("phone").to_pylist()
    wrong = {
        "phone_missing": {i for i, p in enumerate(phone) if p is None},
        "phone_of_11_digits": {i for i, p in enumerate(phone) if p and p.startswith("01") and len(p) == 11},
        "province_unknown": {
            i for i, p in enumerate(table.column("province").to_pylist()) if not places.find(p)
        },
        "plan_kind_unknown": {
            i for i, k in enumerate(table.column("plan_kind").to_pylist()) if k == "hybrid"
        },
        "joined_in_future": set(
            np.flatnonzero(table.column("joined_on").cast(pa.int32()).to_numpy() > people.ON).tolist()
        ),
    }
    for kind, rows in wrong.items():
        assert rows == set(spoiled[kind].tolist()), kind
    assert sum(rows.size for rows in spoiled.values()) == round(dirt.SHARE * table.num_rows)


def national(phone: str) -> str:
    return phone.removeprefix("+").removeprefix("84").removeprefix("0")


def test_only_the_twins_share_a_number(made: tuple[pa.Table, dict[str, np.ndarray]], clean: pa.Table) -> None:
    table, spoiled = made
    numbers = {national(p) for p in clean.column("phone").to_pylist()}
    assert len(numbers) == clean.num_rows
    for row in spoiled["phone_twice"]:
        assert national(table.column("phone")[int(row)].as_py()) in numbers


def test_numbers_are_valid_vietnamese_mobile_numbers(clean: pa.Table) -> None:
    for text in clean.column("phone").to_pylist()[:300]:
        number = phonenumbers.parse(text if text.startswith("+") else "+84" + national(text))
        assert phonenumbers.is_valid_number(number)
        assert phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE


@pytest.mark.parametrize("total", [1, 19_999_999, 20_000_001, 50_000_000, phones.MOST])
def test_numbers_never_repeat_at_any_size(total: int) -> None:
    first = max(0, total - 300_000)
    head = phones.numbers(0, min(total, 300_000), total, seed=total)
    tail = phones.numbers(first, total - first, total, seed=total)
    both = np.concatenate([head, tail]) if first >= 300_000 else tail
    assert np.unique(both).size == both.size
    assert ((both >= 300_000_000) & (both <= 999_999_999)).all()


def test_shares_are_near_those_stated(clean: pa.Table) -> None:
    low = clean.filter(pc.is_in(clean.column("hardship"), pa.array(LOW_INCOME)))
    assert low.num_rows / clean.num_rows == pytest.approx(0.30, abs=0.01)
    assert share(low, "hardship_basis", "estimate") == pytest.approx(people.ESTIMATE_SHARE, abs=0.015)
    assert low.column("hardship_basis").null_count == 0
    assert share(clean, "plan_kind", "postpaid") == pytest.approx(0.08, abs=0.01)
    assert share(clean, "refuses_profiling", True) == pytest.approx(0.03, abs=0.005)
    assert 1 - clean.column("consent_care_on").null_count / clean.num_rows == pytest.approx(0.72, abs=0.01)
    assert 0.05 < share(clean, "refuses_ads", True) < 0.15


def test_it_looks_like_the_operators_of_the_articles(clean: pa.Table) -> None:
    tenure = (people.ON - clean.column("joined_on").cast(pa.int32()).to_numpy()) / 365.25
    assert (tenure > 3).mean() == pytest.approx(0.6, abs=0.03) and tenure.max() < 22.2 and tenure.min() >= 0
    six = np.nansum([clean.column(f"spend_{i}").cast(pa.float64()).to_numpy() for i in range(1, 7)], axis=0)
    top = np.sort(six)[-len(six) // 50 :]
    assert 0.08 < top.sum() / six.sum() < 0.25, "the two percent who spend most have a heavy share"
    assert (
        0.001
        < share(clean, "tier", "diamond")
        < share(clean, "tier", "gold")
        < share(clean, "tier", "silver")
    )
    assert set(pc.unique(clean.column("hardship")).to_pylist()) <= {*HARDSHIPS, None}
    assert set(pc.unique(clean.column("hardship_basis")).to_pylist()) <= {*BASES, None}
    assert {places.today(p).code for p in pc.unique(clean.column("province")).to_pylist()} == {
        p.code for p in places.PROVINCES
    }
    written = set(pc.unique(clean.column("province")).to_pylist())
    assert {"Khánh Hòa", "Bình Dương", "BAC NINH", "Ca Mau", "04"} <= written, (
        "old, new, without accents, codes"
    )


def test_part_of_each_ended_promotion_is_already_gone(clean: pa.Table) -> None:
    day = {
        name: clean.column(name).cast(pa.int32()).cast(pa.float64()).to_numpy()
        for name in ("promotion_ended_on", "last_active_on")
    }
    idle = people.ON - day["last_active_on"] > 30
    ended = people.ON - day["promotion_ended_on"]
    assert idle[ended > 60].mean() > 2 * idle[np.isnan(ended)].mean()
    assert (ended < 0).mean() > 0.02, "some promotions still run"


def test_nobody_joined_before_he_was_fourteen_nor_before_the_operator(clean: pa.Table) -> None:
    joined = clean.column("joined_on").cast(pa.int32()).to_numpy()
    born = clean.column("born_on").cast(pa.int32()).cast(pa.float64()).to_numpy()
    assert joined.min() >= clock.parse_day("2004-10-15")
    assert np.nanmin(joined - born) >= 14 * 365


def test_a_csv_looks_like_a_real_export(tmp_path: Path) -> None:
    made = base.write(tmp_path, 2_000, 2, csv=True)
    with made.files[0].open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 2_000 and list(rows[0]) == [c.name for c in INPUT]
    impossible = [r for r in rows if r["joined_on"] == "31/02/2025"]
    assert len(impossible) == made.dirty["joined_in_future"]
    assert all(clock.parse_day(r["joined_on"]) <= people.ON for r in rows if r not in impossible)
    assert {r["refuses_profiling"] for r in rows} == {"true", "false"}


@pytest.mark.parametrize("subscribers", [0, phones.MOST + 1])
def test_refuses_what_it_cannot_make_and_keeps_what_is_there(tmp_path: Path, subscribers: int) -> None:
    (file,) = base.write(tmp_path, 10, 1).files
    with pytest.raises(BadInput) as caught:
        base.write(tmp_path, subscribers, 1)
    assert caught.value.code == "bad_count" and file.exists()


def test_a_handful_is_enough(tmp_path: Path) -> None:
    assert pq.read_table(base.write(tmp_path, 3, 1).files[0]).num_rows == 3
