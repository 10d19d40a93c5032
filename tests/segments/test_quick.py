"""A sample's answer: near the truth, within its interval as often as it says, and the same every time."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pyarrow as pa

from tantam import engines
from tantam.base.store import open_base
from tantam.segments import quick, rule
from tests.a_base import home_with, stored

ROWS = 30_000


def test_the_interval_covers_the_truth_as_often_as_it_says(tmp_path: Path) -> None:
    node = rule.parse("tenure_years > 8 or low_income")
    table = stored(ROWS, seed=4)
    rng = np.random.default_rng(6)
    covered = []
    base = open_base(home_with(tmp_path, table), engines.start(threads=1))
    truth = quick.exactly(base, node).count
    hits = np.zeros(ROWS, bool)
    hits[:truth] = True
    for _ in range(2_000):
        asked = 600
        low, high = quick.interval(int(rng.permutation(hits)[:asked].sum()), asked, ROWS)
        covered.append(low <= truth <= high)
    assert 0.935 <= np.mean(covered) <= 0.97
    found = quick.sampled(base, node, rows=6_000)
    assert not found.exact
    assert found == quick.sampled(base, node, rows=6_000)
    assert found.low <= found.count <= found.high
    assert abs(found.count - truth) < 0.05 * ROWS


def test_the_sample_is_small_and_spread_over_provinces(tmp_path: Path) -> None:
    table = stored(ROWS, seed=4)
    keys = table["key"].to_numpy() * 2  # the whole range, as hashed keys have
    table = table.set_column(0, "key", pa.array(keys)).sort_by(
        [("province", "ascending"), ("key", "ascending")]
    )
    base = open_base(home_with(tmp_path, table), engines.start(threads=1))
    found = quick.sampled(base, rule.parse("true"), rows=3_000)
    assert 2_700 < found.looked_at < 3_300
    assert found.count == found.high == ROWS
    assert 0.99 * ROWS < found.low < ROWS


def test_small_bases_are_counted_exactly(tmp_path: Path) -> None:
    base = open_base(home_with(tmp_path, stored(500, seed=4)), engines.start(threads=1))
    found = quick.sampled(base, rule.parse("low_income"))
    assert dataclasses.astuple(found)[3:] == (True, 500)
    assert found.low == found.count == found.high


def test_the_interval_knows_what_was_seen() -> None:
    assert quick.interval(0, 100, 1_000)[0] == 0
    assert quick.interval(100, 100, 1_000)[1] == 1_000
    assert quick.interval(40, 1_000, 1_000) == (40, 40)
    for hits in (0, 1, 50, 99, 100):
        low, high = quick.interval(hits, 100, 120)
        assert hits <= low <= high <= 120 - (100 - hits)
