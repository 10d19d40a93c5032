"""Who is asked what they think of us: everybody who may be asked, and nobody else, has the same chance."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tantam.base.home import Home
from tantam.care import asked
from tantam.errors import BadInput
from tantam.segments.dates import latest_start
from tests.a_base import ON, home_with, stored


@pytest.fixture(scope="module")
def table() -> pa.Table:
    return stored(6_000, 7)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, table: pa.Table) -> Home:
    return home_with(tmp_path_factory.mktemp("asked") / "home", table)


def _may(table: pa.Table) -> set[int]:
    adult = latest_start(ON, 12 * 18)
    return {
        row["key"]
        for row in table.select(["key", "consent_care_on", "refuses_ads", "born_on"]).to_pylist()
        if row["consent_care_on"] is not None
        and row["consent_care_on"] <= ON
        and not row["refuses_ads"]
        and (row["born_on"] is None or row["born_on"] <= adult)
    }


def test_all_who_may_be_asked_are_the_pool(home: Home, table: pa.Table) -> None:
    drawn = asked.draw(home, on=ON, seed="a", count=10_000)
    assert set(drawn.key.tolist()) == _may(table)
    assert drawn.pool == len(drawn.key) == len(drawn.province) > 1_000
    where = dict(zip(table["key"].to_pylist(), table["province"].to_pylist(), strict=True))
    assert [where[key] for key in drawn.key.tolist()] == list(drawn.province)


def test_the_same_seed_draws_the_same_and_fewer_are_the_first_of_them(home: Home) -> None:
    many = asked.draw(home, on=ON, seed="a", count=500)
    again = asked.draw(home, on=ON, seed="a", count=500)
    few = asked.draw(home, on=ON, seed="a", count=50)
    other = asked.draw(home, on=ON, seed="b", count=500)
    assert many.key.tolist() == again.key.tolist()
    assert many.key.tolist()[:50] == few.key.tolist()
    assert set(many.key.tolist()) != set(other.key.tolist())


def test_in_many_batches_it_draws_the_same(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = asked.draw(home, on=ON, seed="a", count=300)
    monkeypatch.setattr(asked, "_AT_ONCE", 64)
    assert asked.draw(home, on=ON, seed="a", count=300).key.tolist() == whole.key.tolist()


def test_everybody_has_the_same_chance(home: Home) -> None:
    """Over many lots each is drawn about as often: the spread is that of chance."""
    pool = asked.draw(home, on=ON, seed="", count=10_000).key
    at = {key: n for n, key in enumerate(sorted(pool.tolist()))}
    times = np.zeros(len(pool))
    for seed in range(60):
        for key in asked.draw(home, on=ON, seed=str(seed), count=len(pool) // 4).key.tolist():
            times[at[key]] += 1
    assert abs(times.mean() - 15) < 0.1
    assert 0.9 < times.var() / (60 * 0.25 * 0.75) < 1.1


def test_one_province(home: Home, table: pa.Table) -> None:
    drawn = asked.draw(home, on=ON, seed="a", count=10_000, province="56")
    assert set(drawn.province) == {"56"}
    here = set(table.filter(pc.equal(table["province"], "56"))["key"].to_pylist())
    assert set(drawn.key.tolist()) == _may(table) & here


def test_what_cannot_be_drawn(home: Home, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as no:
        asked.draw(home, on=ON, seed="a", count=5, province="Xứ Sở Xa")
    assert no.value.code == "no_province"
    with pytest.raises(BadInput) as none:
        asked.draw(Home(tmp_path), on=ON, seed="a", count=5)
    assert none.value.code == "no_base"
