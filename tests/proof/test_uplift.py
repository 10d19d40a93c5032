"""A difference with its interval: against known formulas, against simulation, and against hostile arms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tantam.proof.uplift import ALPHA, LEAST, Arms, Difference, difference, enough


def told(outcome: np.ndarray, treated: np.ndarray, before: np.ndarray | None = None) -> Difference:
    """With covariates [n, columns]."""
    found = difference(outcome, treated, None if before is None else before.T)
    assert found is not None
    return found


def arms(n1: int, n0: int) -> np.ndarray:
    return np.arange(n1 + n0) < n1


def test_without_history_an_amount_gets_welch() -> None:
    rng = np.random.default_rng(1)
    y, t = np.concatenate([rng.gamma(2, 3, 150), rng.gamma(2, 4, 400)]), arms(150, 400)
    found = told(y, t)
    welch = stats.ttest_ind(y[t], y[~t], equal_var=False)
    interval = welch.confidence_interval(0.95)
    assert found.effect == pytest.approx(y[t].mean() - y[~t].mean())
    assert found.interval() == pytest.approx((interval.low, interval.high))
    assert found.interval(0.01) == pytest.approx(tuple(welch.confidence_interval(0.99)))
    assert found.p == pytest.approx(welch.pvalue, rel=1e-6)


def test_two_values_get_newcombes_interval() -> None:
    """56 of 170 against 48 of 280, from each arm's Wilson limits."""
    y = np.concatenate([np.repeat([1.0, 0.0], [56, 114]), np.repeat([1.0, 0.0], [48, 232])])
    found = told(y, arms(170, 280))
    limits = []
    for events, n in ((56, 170), (48, 280)):
        exact = stats.binomtest(events, n).proportion_ci(method="wilson")
        limits.append((events / n, exact.low, exact.high))
    (p1, l1, u1), (p0, l0, u0) = limits
    by_hand = (p1 - p0 - np.hypot(p1 - l1, u0 - p0), p1 - p0 + np.hypot(u1 - p1, p0 - l0))
    assert found.interval() == pytest.approx(by_hand)
    assert found.two and found.effect == pytest.approx(56 / 170 - 48 / 280)


def test_newcombes_published_example() -> None:
    """Newcombe (1998), table II, case (a): 56/70 − 48/80 = 0.20, method 10 gives 0.0524 to 0.3339."""
    from tantam.proof.uplift import Mean

    def arm(events: int, n: int) -> Mean:
        return Mean(n, events / n, 0.0, n - 1.0)  # no variance of its own: Wilson's at n

    found = Difference(arm(56, 70), arm(48, 80), True, 1.0, 0)
    assert found.interval() == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_history_gives_lins_estimate() -> None:
    """Equal to one regression in which treatment meets every centred covariate, with HC3, the long way."""
    rng = np.random.default_rng(2)
    n1, n0 = 300, 160
    t, x = arms(n1, n0), rng.normal(size=(n1 + n0, 2))
    y = 3 + x @ [2.0, -1.0] + t * (0.5 + x[:, 0]) + rng.normal(size=t.size) * (1 + t)
    centred = x - x.mean(axis=0)
    design = np.column_stack([np.ones(t.size), t, centred, t[:, None] * centred])
    bread = np.linalg.inv(design.T @ design)
    beta = bread @ design.T @ y
    leverage = np.einsum("ij,jk,ik->i", design, bread, design)
    scores = design * ((y - design @ beta) / (1 - leverage))[:, None]
    variance = (bread @ scores.T @ scores @ bread)[1, 1]
    found = told(y, t, x)
    assert found.covariates == 2
    assert found.effect == pytest.approx(beta[1])
    assert found.treated.variance + found.control.variance == pytest.approx(variance)


def test_history_sharpens_and_never_moves_what_it_cannot_explain() -> None:
    rng = np.random.default_rng(3)
    t, x = arms(800, 400), rng.normal(size=1200)
    y = 5 * x + rng.normal(size=1200)
    plain, sharp = told(y, t), told(y, t, x[:, None])
    width = [found.interval()[1] - found.interval()[0] for found in (plain, sharp)]
    assert width[1] < 0.3 * width[0]
    noise = told(y, t, rng.normal(size=(1200, 3)))
    assert noise.effect == pytest.approx(plain.effect, abs=0.2 * width[0])


@pytest.mark.parametrize(
    "column",
    [
        np.full(400, 7.0),
        np.where(np.arange(400) == 3, 1.0, 0.0),
        np.where(np.arange(400) == 350, 1e9, 1.0),
        np.where(np.arange(400) < 250, 1.0, 0.0),
        np.full(400, 1e15),
    ],
    ids=["constant", "one treated", "one control", "the arm itself", "large constant"],
)
def test_covariates_that_an_arm_cannot_carry_are_left_out(column: np.ndarray) -> None:
    rng = np.random.default_rng(4)
    t, x = arms(250, 150), rng.normal(size=400)
    y = x + rng.normal(size=400)
    alone = told(y, t, x[:, None])
    beside = told(y, t, np.stack([column, x, 2 * x - 1, x], axis=1))
    assert beside.covariates == 1
    assert beside.interval() == pytest.approx(alone.interval())


def test_small_arms_carry_fewer_covariates() -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(size=(2000, 30))
    y = x.sum(axis=1) + rng.normal(size=2000)
    assert told(y[:1100], arms(1000, 100), x[:1100]).covariates == 5
    assert told(y, arms(1000, 1000), x).covariates == 30
    rare = (np.arange(2000) % 100 == 0).astype(float)
    assert told(rare, arms(1000, 1000), x).covariates == 1
    assert told((np.arange(2000) % 500 == 0).astype(float), arms(1000, 1000), x).covariates == 0


@pytest.mark.parametrize(
    ("n1", "n0", "constant"),
    [(LEAST - 1, 500, False), (500, LEAST - 1, False), (200, 200, True), (0, 0, False)],
)
def test_too_few_or_all_alike_is_no_answer(n1: int, n0: int, constant: bool) -> None:
    y = np.ones(n1 + n0) if constant else np.arange(n1 + n0, dtype=float)
    assert difference(y, arms(n1, n0)) is None
    assert not enough(y, arms(n1, n0))


def test_exactly_a_hundred_is_enough() -> None:
    y = np.zeros(2 * LEAST)
    y[0] = 1.0
    found = told(y, arms(LEAST, LEAST))
    low, high = found.interval()
    assert low < 0 < found.effect < high, "one event among 100, none among 100: an interval that holds zero"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["amount", "share", "rare", "two"]), st.floats(-1e6, 1e6))
def test_order_and_origin_of_the_outcome_change_nothing(seed: int, kind: str, shift: float) -> None:
    rng = np.random.default_rng(seed)
    n1, n0 = int(rng.integers(100, 300)), int(rng.integers(100, 300))
    t, x = arms(n1, n0), rng.normal(size=(n1 + n0, 3))
    chance = {"share": 0.3, "rare": 0.01, "two": 0.5}.get(kind, 0)
    y = rng.gamma(1, 5, t.size) + x[:, 0] if kind == "amount" else (rng.random(t.size) < chance).astype(float)
    y = 7 * y if kind == "two" else y
    before = difference(y, t, x.T)
    mixed = rng.permutation(t.size)
    for after in (difference(y[mixed], t[mixed], x[mixed].T), difference(np.round(y + shift, 9), t, x.T)):
        if before is None:
            assert after is None
            continue
        assert after is not None and after.covariates == before.covariates
        scale = max(1.0, abs(before.effect))
        assert after.effect == pytest.approx(before.effect, abs=1e-6 * scale)
        assert after.interval() == pytest.approx(before.interval(), abs=1e-5 * scale)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_the_p_value_agrees_with_the_interval(seed: int, share: bool) -> None:
    rng = np.random.default_rng(seed)
    t = arms(200, 150)
    y = (rng.random(350) < 0.05 + 0.08 * t).astype(float) if share else rng.gamma(1, 5, 350) + t
    found = told(y, t)
    for alpha in (0.3, ALPHA, 0.001):
        low, high = found.interval(alpha)
        assert (low > 0 or high < 0) == (found.p < alpha) or found.p == pytest.approx(alpha, rel=1e-6)
    low, high = found.interval(found.p)
    assert min(abs(low), abs(high)) == pytest.approx(0, abs=1e-6)


def test_swapping_the_arms_turns_the_sign() -> None:
    rng = np.random.default_rng(8)
    y, t = (rng.random(700) < 0.04).astype(float), arms(500, 200)
    one, other = told(y, t), told(y, ~t)
    assert other.effect == pytest.approx(-one.effect)
    assert other.interval() == pytest.approx(tuple(-b for b in reversed(one.interval())))


@pytest.mark.parametrize(
    ("n1", "n0", "kind"),
    [(100, 100, "spend"), (1000, 100, "spend"), (1000, 100, 0.05), (1000, 100, 0.02), (1000, 100, 0.005)],
)
def test_intervals_cover_in_small_and_uneven_arms(n1: int, n0: int, kind: str | float) -> None:
    """Over 600 made-up experiments at least 92.5 % hold; Welch's alone fall to 70 % on the rare events."""
    rng = np.random.default_rng(9)
    covered, trials = 0, 600
    for _ in range(trials):
        level = np.exp(rng.normal(0, 0.8, n1 + n0))
        before = np.stack([level * np.exp(rng.normal(0, 0.2, n1 + n0)), np.log(level)], axis=1)
        if isinstance(kind, str):
            y = 3 * level * np.exp(0.3 * rng.normal(size=n1 + n0)) * (rng.random(n1 + n0) < 0.95)
        else:
            y = (rng.random(n1 + n0) < kind).astype(float)
        found = difference(y, arms(n1, n0), before.T)
        if found is None:
            covered += 1
            continue
        low, high = found.interval()
        covered += low <= 0 <= high
    assert covered / trials >= 0.925


def test_arms_asked_again_say_the_same() -> None:
    """What was made ready for one outcome changes no other: fewer covariates are the first of them."""
    rng = np.random.default_rng(11)
    t, x = arms(1500, 900), rng.normal(size=(2400, 8))
    amount = x @ rng.normal(size=8) + t + rng.normal(size=2400)
    rare, common = (rng.random(2400) < 0.02).astype(float), (x[:, 0] > 0).astype(float)
    made = Arms(t, x.T)
    for y in (rare, amount, rare, common, amount, np.ones(2400)):
        assert made.difference(y) == difference(y, t, x.T)
    assert told(rare, t, x).covariates < told(amount, t, x).covariates == 8
