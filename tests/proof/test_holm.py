"""Holm's correction, by hand and against its own promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.proof.holm import figures, holm
from tantam.proof.uplift import difference


def test_by_hand() -> None:
    """0.01 × 4, then 0.02 × 3, then 0.03 × 2 (not less than the one before), then 0.5."""
    steps = holm([0.02, 0.5, 0.01, 0.03])
    assert [s.p for s in steps] == pytest.approx([0.06, 0.5, 0.04, 0.06])
    assert [s.alpha for s in steps] == pytest.approx([0.05 / 3, 0.05 / 3, 0.05 / 4, 0.05 / 3])


def test_all_pass_each_at_its_own_step() -> None:
    steps = holm([0.001, 0.002, 0.003])
    assert [s.p for s in steps] == pytest.approx([0.003, 0.004, 0.004])
    assert [s.alpha for s in steps] == pytest.approx([0.05 / 3, 0.05 / 2, 0.05])


def test_nothing_asked_and_one_asked() -> None:
    assert holm([]) == []
    (one,) = holm([0.04])
    assert (one.p, one.alpha) == (0.04, 0.05)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=25), st.randoms())
def test_intervals_agree_with_verdicts_in_any_order(p: list[float], random: object) -> None:
    steps = holm(p)
    for value, step in zip(p, steps, strict=True):
        assert (step.p <= 0.05) == (value <= step.alpha) or value * len(p) == pytest.approx(0.05)
        assert value <= step.p <= 1
        assert 0.05 / len(p) <= step.alpha <= 0.05 + 1e-12
    order = sorted(range(len(p)), key=lambda i: p[i])
    again = holm([p[i] for i in order])
    assert [steps[i] for i in order] == again
    assert [s.p for s in again] == sorted(s.p for s in again)


def test_figures_hold_the_plain_and_the_wider_interval() -> None:
    rng = np.random.default_rng(1)
    y, t = rng.normal(size=600), np.arange(600) < 300
    found = difference(y + 0.3 * t, t)
    assert found is not None
    (step, *_) = holm([found.p, 0.2, 0.9])
    row = figures(found, step)
    assert row["adjusted_low"] < row["low"] < row["effect"] < row["high"] < row["adjusted_high"]
    assert row["p_adjusted"] == pytest.approx(3 * found.p)
    assert (row["adjusted_low"] > 0) == (row["p_adjusted"] <= 0.05)
