"""Power: textbook sizes, that what is promised is seen, and what a round is told beforehand."""

from __future__ import annotations

import json
from math import inf, sqrt
from pathlib import Path

import numpy as np
import pytest

from tantam.proof import history
from tantam.proof.power import ask_round, detectable, needed
from tantam.proof.uplift import difference
from tests.a_base import stored
from tests.proof.a_round import OFFERS, make


def test_textbook() -> None:
    """Two arms of 393 show 0.2 standard deviations (Cohen 1988, table 2.4.1)."""
    assert detectable(393, 393, 1.0) == pytest.approx(0.2, abs=2e-4)
    assert needed(0.2, 1.0, 0.5) == 785
    assert detectable(100, 0, 1.0) == inf


@pytest.mark.parametrize("held", [0.02, 0.1, 0.5])
def test_what_is_needed_is_what_detects(held: float) -> None:
    n = needed(0.01, 0.2, held)
    assert detectable(round(n * (1 - held)), round(n * held), 0.2) == pytest.approx(0.01, rel=5e-3)


def test_a_detectable_difference_is_seen_four_times_in_five() -> None:
    rng = np.random.default_rng(1)
    n1, n0, rate = 3_000, 400, 0.10
    apart = detectable(n1, n0, sqrt(rate * (1 - rate)))
    treated = np.arange(n1 + n0) < n1
    seen = 0
    for _ in range(400):
        y = (rng.random(n1 + n0) < np.where(treated, rate + apart / 2, rate - apart / 2)).astype(float)
        found = difference(y, treated)
        seen += found is not None and found.p < 0.05
    assert 0.72 < seen / 400 < 0.88


def test_a_round_is_told_what_it_can_show(tmp_path: Path) -> None:
    made = make(tmp_path / "h", stored(8_000, 5))
    rows = ask_round(made.directory, made.home)
    assert json.loads((made.directory / "power.json").read_text()) == rows
    assert (made.directory / history.FILE).exists(), "what is known today is kept with the round"
    assert len(rows) == len(OFFERS) * 2 * 2 and {r["outcome"] for r in rows} == {"active", "spend"}
    promised = {"offer", "estimand", "outcome", "horizon_days", "treated_n", "control_n", "detectable"}
    for r in rows:
        assert promised < set(r) and r["horizon_days"] == 90
        if r["detectable"] is not None and r["outcome"] == "active":
            spread = sqrt(1 / r["treated_n"] + 1 / r["control_n"])
            assert 0 < r["detectable"] <= 2.81 * 0.5 * spread
            assert "coi như" in r["sentence_vi"] and "taking it that" in r["sentence_en"]


def test_a_round_too_small_is_told_so(tmp_path: Path) -> None:
    made = make(tmp_path / "h", stored(600, 6))
    for r in ask_round(made.directory, made.home):
        assert r["detectable"] is None
        assert "sẽ không trả lời được" in r["sentence_vi"] and "will not tell" in r["sentence_en"]
