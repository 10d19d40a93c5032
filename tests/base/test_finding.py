"""One row is found wherever it lies, by the index, and by the row groups of a base that has none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tantam.base import finding, index, merging
from tantam.base.home import Home
from tantam.base.store import read_one
from tests.base.a_file import as_csv, load, rows, stored


@pytest.mark.parametrize("indexed", [True, False])
def test_everybody_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, indexed: bool) -> None:
    monkeypatch.setattr(merging, "ROW_GROUP", 70)
    home = Home(tmp_path / "home")
    load(home, as_csv(rows(400), tmp_path / "a.csv"))
    assert pq.read_metadata(home.base / "part-0.parquet").num_row_groups == 6
    if not indexed:
        home.keys.unlink()
    for row in stored(home).to_pylist():
        assert read_one(home, row["key"]) == row
        assert read_one(home, row["key"] ^ 1) is None, "an index holds half of a key, the row all of it"


def test_an_index_tells_every_row_with_the_upper_half(tmp_path: Path) -> None:
    key = np.array([5, 2**40, 2**40 + 1, 7, 2**40 + 2], np.int64)
    with index.Writer(tmp_path / "keys") as out:
        out.write(key[:3])
        out.write(key[3:])
    assert index.rows(tmp_path / "keys", [0, 3], 2**40) == [1, 2, 4]
    assert index.rows(tmp_path / "keys", [0, 3], 2**50) == []


def test_rows_are_found_by_what_is_known_of_them(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    table = pa.table(
        {"key": [1, 5, 9, 2, 5, 8], "province": ["01"] * 3 + ["04"] * 3, "offer": list("abcdef")}
    )
    pq.write_table(table, file, row_group_size=3)
    assert finding.with_key(file, 5, ["offer"], province="04") == [{"offer": "e"}]
    assert finding.with_key(file, 5, ["offer"]) == [{"offer": "b"}, {"offer": "e"}]


def test_a_file_that_has_changed_is_looked_at_anew(tmp_path: Path) -> None:
    """Within a second too, and where it is as long as it was."""
    file, sizes = tmp_path / "a.parquet", set[int]()
    for rows_ in (1, 2, 3, 2):
        pq.write_table(pa.table({"key": [5] * rows_}), file)
        sizes.add(file.stat().st_size)
        assert len(finding.with_key(file, 5, ["key"])) == rows_
    assert len(sizes) == 1


def test_a_row_has_the_columns_that_are_asked_for(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    load(home, as_csv(rows(40), tmp_path / "a.csv"))
    row = stored(home).to_pylist()[7]
    asked = ["province", "low_income"]
    assert read_one(home, row["key"], asked) == {name: row[name] for name in asked}
