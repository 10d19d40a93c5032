"""Survival after a promotion's end: by hand, against a known hazard, and with both curves over the same days."""

from __future__ import annotations

import numpy as np
import pytest

from tantam.proof import afterlife
from tantam.proof.afterlife import at_risk, compare, curve
from tantam.proof.history import NEVER, History
from tantam.proof.outcomes import Outcomes
from tests.a_base import ON


def test_kaplan_meier_by_hand() -> None:
    """Six people from day 0: leaving on days 1, 3, 3; last seen on 2 and 4; one who leaves on 4."""
    last = np.array([1, 2, 3, 3, 4, 4])
    left = np.array([True, False, True, True, False, True])
    risk, leaves = at_risk(np.zeros(6, int), last, left, 5)
    assert risk[1:].tolist() == [6, 5, 4, 2, 0] and leaves[1:].tolist() == [1, 0, 2, 1, 0]
    made = curve(risk, leaves, 1, 4)
    assert made.hazard == pytest.approx([1 / 6, 0, 1 / 2, 1 / 2])
    assert made.survival == pytest.approx([5 / 6, 5 / 6, 5 / 12, 5 / 24])
    assert made.variance == pytest.approx([1 / 30, 1 / 30, 1 / 30 + 1 / 4, 1 / 30 + 1 / 4 + 1 / 2])


def test_limits_are_on_the_log_minus_log_scale() -> None:
    risk, leaves = at_risk(
        np.zeros(100, int), np.repeat([5, 9], [20, 80]), np.repeat([True, False], [20, 80]), 9
    )
    made = curve(risk, leaves, 1, 9)
    low, high = made.limits()
    assert (low[:4] == 1).all() and (high[:4] == 1).all(), "nobody has left yet"
    error = 1.959964 * np.sqrt(20 / (100 * 80)) / np.log(0.8)
    assert (low[4], high[4]) == pytest.approx((0.8 ** np.exp(-error), 0.8 ** np.exp(error)), rel=1e-6)
    assert 0 < low[4] < 0.8 < high[4] < 1


def test_late_entry_counts_only_days_under_watch() -> None:
    """Two enter at the end of day 3, one of them leaves on day 4: nobody is at risk before."""
    risk, leaves = at_risk(np.array([0, 3, 3]), np.array([2, 4, 6]), np.array([False, True, False]), 7)
    assert risk[1:].tolist() == [1, 1, 0, 2, 1, 1, 0] and leaves[1:].tolist() == [0, 0, 0, 1, 0, 0, 0]


def test_everybody_leaving_is_a_survival_of_zero() -> None:
    made = curve(*at_risk(np.zeros(50, int), np.full(50, 2), np.ones(50, bool), 3), 1, 2)
    low, high = made.limits()
    assert made.survival.tolist() == [1, 0] and low[1] == high[1] == 0


def played(n: int, hazard: np.ndarray, seed: int) -> tuple[Outcomes, History]:
    """People whose promotion ended 0 to 60 days ago; each leaves with his own daily hazard within 90 days."""
    rng = np.random.default_rng(seed)
    key = np.arange(n)
    since = rng.integers(0, 61, n)
    leaves = rng.geometric(hazard)
    day = np.minimum(leaves, 90)
    active = leaves > 90
    order = np.zeros(n, np.int64)
    seen = Outcomes(key, key, day, active, order, np.zeros(n, np.int8), 90, 0, 0)
    end = np.where(np.arange(n) % 10 == 0, NEVER, ON - since)
    return seen, History(key, np.zeros(n, np.int8), end, {}, {})


def test_a_known_hazard_is_found() -> None:
    n = 40_000
    treated = np.arange(n) < 30_000
    seen, past = played(n, np.where(treated, 0.002, 0.006), 1)
    data = compare(np.flatnonzero(treated), np.flatnonzero(~treated), seen, past, ON)
    for arm, hazard in (("treated", 0.002), ("control", 0.006)):
        days = data["arms"][arm]
        assert [d["day"] for d in days] == list(range(1, 151))
        survival = np.array([d["survival"] for d in days])
        inside = [d["low"] <= (1 - hazard) ** d["day"] <= d["high"] for d in days]
        assert np.mean(inside) > 0.8 and (np.diff(survival) <= 0).all()
        assert all(d["at_risk"] >= afterlife.LEAST_AT_RISK for d in days)
        assert all(d["hazard"] == d["left"] / d["at_risk"] for d in days)
    assert "chưa thấy khác biệt" not in data["sentence_vi"]
    assert "khi hết ưu đãi, đến ngày 150" in data["sentence_vi"]


def test_equal_hazards_are_said_to_be_equal() -> None:
    n = 4_000
    seen, past = played(n, np.full(n, 0.004), 2)
    data = compare(np.arange(3_000), np.arange(3_000, n), seen, past, ON)
    assert "chưa thấy khác biệt" in data["sentence_vi"] and "no difference seen" in data["sentence_en"]


def test_both_arms_begin_and_end_on_the_same_days() -> None:
    """Few in the control came under watch early: neither curve begins before both have people enough."""
    n = 3_000
    seen, past = played(n, np.full(n, 0.004), 3)
    data = compare(np.arange(100, n), np.arange(100), seen, past, ON)
    days = [[d["day"] for d in data["arms"][arm]] for arm in ("treated", "control")]
    assert days[0] == days[1] and days[0][0] > 1
    assert f"ngày thứ {days[0][0] - 1} sau khi hết ưu đãi" in data["sentence_vi"]


def test_too_few_is_said() -> None:
    seen, past = played(60, np.full(60, 0.004), 4)
    data = compare(np.arange(40), np.arange(40, 60), seen, past, ON)
    assert data["arms"] == {"treated": [], "control": []}
    assert "Chưa đủ dữ liệu" in data["sentence_vi"] and "Not enough data" in data["sentence_en"]
