"""Copies over all parts: what linking in memory finds, for any ranges, partitions, order of rows, and stops."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tantam.base.home import Home
from tantam.listen import alike
from tantam.listen.alike import disk, stored
from tantam.listen.clean import tokenize
from tantam.listen.run import marks
from tantam.listen.run.listening import listen
from tantam.listen.run.sources import Asked
from tests.listen.run.a_file import opinions


def _said(folder: Path) -> pa.Table:
    return pa.concat_tables(pq.read_table(f) for f in sorted((folder / "readings").glob("*.parquet")))


def _expected(rows: pa.Table) -> dict[str, str]:
    """The head of each id, by linking the cleaned texts in memory in the order of ids."""
    rows = rows.sort_by("id")
    ids = rows.column("id").to_pylist()
    heads = alike.link(*alike.fingerprint(tokenize(rows.column("text").combine_chunks())))
    return {one: ids[head] for one, head in zip(ids, heads.tolist(), strict=True)}


@pytest.mark.parametrize(
    ("ranges", "partition", "held", "workers"),
    [(10**6, 10**6, 1 << 26, 1), (100, 37, 0, 1), (333, 50, 99, 2)],
)
@pytest.mark.parametrize("mixed", [False, True])
def test_ranges_and_partitions_change_no_group(
    ranges: int,
    partition: int,
    held: int,
    workers: int,
    mixed: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(marks, "RANGE", ranges)
    monkeypatch.setattr(disk, "ROWS", partition)
    monkeypatch.setattr(stored, "HELD", held)
    rows = opinions(900, seed=5)
    if mixed:
        rows = rows.take(pa.array(np.random.default_rng(2).permutation(900)))
    for at in range(0, 900, 190):
        pq.write_table(rows.slice(at, 190), tmp_path / f"in-{at:03}.parquet")
    files = sorted(tmp_path.glob("in-*.parquet"))
    done = listen(Home(tmp_path / "home"), files, Asked("text", id="id"), tmp_path / "out", workers=workers)
    said = _said(done.folder)
    held_ids = dict(zip(said.column("id").to_pylist(), said.column("copy_of").to_pylist(), strict=True))
    assert said.column("id").to_pylist() == rows.column("id").to_pylist()
    assert held_ids == _expected(said)
    assert done.copies == sum(a != b for a, b in held_ids.items()) > 100


def test_ids_that_come_twice_in_other_parts_are_found(tmp_path: Path) -> None:
    """Numbers out of order, some twice, over several parts; the forgotten among them."""
    home = Home(tmp_path / "home")
    home.root.mkdir()
    home.forgotten.write_text('[{"key": 1000000000000007, "on": 20000, "held": 1}]')
    r = np.random.default_rng(4)
    ids = r.integers(0, 400, 600)
    keys = 10**15 + r.integers(0, 20, 600)
    table = pa.table(
        {"id": ids.astype(str), "key": keys, "text": [f"mất sóng ở thôn {i % 7} từ hôm qua" for i in ids]}
    )
    for at in range(0, 600, 150):
        pq.write_table(table.slice(at, 150), tmp_path / f"in-{at:03}.parquet")
    done = listen(
        home, sorted(tmp_path.glob("in-*.parquet")), Asked("text", id="id", key="key"), tmp_path / "out"
    )
    first = np.zeros(600, bool)
    first[np.unique(ids, return_index=True)[1]] = True
    gone = first & (keys == 10**15 + 7)
    assert done.told == {"forgotten": gone.sum(), "same_id": (~first).sum()}
    said = _said(done.folder)
    kept = ids[first & ~gone]
    assert said.column("id").to_pylist() == [str(i) for i in kept]
    assert set(said.column("copy_of").to_pylist()) == {str(kept.min())}, "a digit is some number"
