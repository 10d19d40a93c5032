"""Forgotten at once by every read, gone from the files at the next load, and never back."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tantam import keys
from tantam.base.describe import describe, held_on
from tantam.base.forget import forget
from tantam.base.home import Home
from tantam.base.store import forgotten, open_base, read_one
from tantam.engines import collect, start
from tantam.errors import BadInput
from tests.base.a_file import TODAY, as_csv, load, one, rows, snapshot, stored, written


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    load(home, as_csv(rows(400), tmp_path / "a.csv"))
    return home


def a_round(home: Home, name: str, of: list[int]) -> Path:
    folder = home.rounds / name
    folder.mkdir(parents=True)
    table = pa.table(
        {"key": pa.array(of, pa.int64()), "offer": ["x"] * len(of), "low_income": [True] * len(of)}
    )
    pq.write_table(
        table.replace_schema_metadata({"note": "kept"}), folder / "decisions.parquet", row_group_size=3
    )
    pq.write_table(pa.table({"offer": ["x"]}), folder / "prices.parquet")
    return folder / "decisions.parquet"


def test_at_once_by_every_read(home: Home) -> None:
    key = stored(home)["key"][11].as_py()
    before = open_base(home, start())
    traces = forget(home, [key], today=TODAY)
    base = open_base(home, start())
    assert base.rows == 399 == collect(base.frame).num_rows and base.digest != before.digest
    assert not pc.any(pc.equal(collect(base.frame)["key"], key)).as_py()
    assert read_one(home, key) is None
    with pytest.raises(BadInput, match="no_subscriber"):
        held_on(home, key)
    assert not pc.any(pc.equal(pq.read_table(home.phones)["key"], key)).as_py()
    found = {trace.file: (trace.before, trace.after, trace.hidden) for trace in traces}
    assert found["secret/phones.parquet"] == (1, 0, False)
    assert found["base/part-0.parquet"] == (1, 1, True)
    assert describe(home)["rows"] == 399 and describe(home)["forgotten"] == 1


def test_rewritten_at_the_next_load(home: Home, tmp_path: Path) -> None:
    table = stored(home)
    gone, stays = table["key"][3].as_py(), table["key"][4].as_py()
    decisions = a_round(home, "first", [gone, stays, 7, 8, gone])
    untouched = a_round(home, "second", [stays])
    listened = home.listened / "sms" / "readings"
    listened.mkdir(parents=True)
    pq.write_table(pa.table({"id": ["1", "2"], "key": [gone, stays]}), listened / "a.parquet")
    scores = home.root / "worth" / "scores"
    scores.mkdir(parents=True)
    pq.write_table(pa.table({"key": [gone, stays], "reminder": [5, 6]}), scores / "01.parquet")
    same = untouched.read_bytes()
    traces = {trace.file: trace.before for trace in forget(home, [gone], today=TODAY)}
    assert traces["rounds/first/decisions.parquet"] == 2 and traces["listened/sms/readings/a.parquet"] == 1
    assert traces["rounds/second/decisions.parquet"] == 0
    load(home, written(tmp_path / "b.csv", one()))
    assert pq.read_table(decisions)["key"].to_pylist() == [stays, 7, 8]
    assert pq.read_schema(decisions).metadata == {b"note": b"kept"}
    assert pq.read_table(listened / "a.parquet")["key"].to_pylist() == [stays]
    assert pq.read_table(scores / "01.parquet")["key"].to_pylist() == [stays]
    assert untouched.read_bytes() == same
    for file in home.root.rglob("*.parquet"):
        columns = pq.read_table(file)
        if "key" in columns.column_names:
            assert not pc.any(pc.equal(columns["key"], gone)).as_py(), file
    base = open_base(home, start())
    assert base.rows == 400 == collect(base.frame).num_rows
    assert base.digest == json.loads(home.facts.read_text())["digest"]


def test_never_back(home: Home, tmp_path: Path) -> None:
    load(home, written(tmp_path / "b.csv", one()))
    key = keys.of_phone(home.key_secret.read_bytes(), "+84912345678")
    forget(home, [key], today=TODAY)
    done = load(home, written(tmp_path / "c.csv", one(), one(phone="0912345679")))
    assert done.codes == {"forgotten": 1} and done.kept == 1 and read_one(home, key) is None
    for path in home.root.rglob("*"):
        if path.is_file():
            assert b"912345678" not in path.read_bytes(), path
    assert not any("912345678" in str(raw) for raw in pq.read_table(home.raw_rejects)["raw"].to_pylist())


def test_raw_rejects_too(home: Home, tmp_path: Path) -> None:
    lines = [one(), one(phone="0912 345 678"), one(phone="0987654321", province="?"), "0912345678"]
    load(home, written(tmp_path / "b.csv", *lines))
    assert pq.read_table(home.raw_rejects).num_rows == 3
    key = keys.of_phone(home.key_secret.read_bytes(), "+84912345678")
    traces = {trace.file: trace for trace in forget(home, [key], today=TODAY)}
    assert traces["secret/raw-rejects.parquet"].before == 2
    raw = pq.read_table(home.raw_rejects)["raw"].to_pylist()
    assert len(raw) == 1 and "0987654321" in raw[0]


def test_twice_and_unknown_change_nothing_more(home: Home) -> None:
    key = stored(home)["key"][0].as_py()
    forget(home, [key, 5], today=TODAY)
    before = snapshot(home.root)
    forget(home, [5, key, key], today=TODAY + 3)
    assert snapshot(home.root) == before
    assert forgotten(home) == sorted([key, 5])
    assert open_base(home, start()).rows == 399


def test_needs_a_base(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no_base"):
        forget(Home(tmp_path / "home"), [1], today=TODAY)
    assert not (tmp_path / "home").exists()
