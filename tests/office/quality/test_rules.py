"""Intervals, how a pledge stands, and how often that is wrong."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tantam.office.quality import rules
from tantam.office.quality.indicators import INDICATORS
from tantam.office.quality.rules import Figure, Sums

DROP, SETUP, MOS, COMPLAINTS, ANSWERED = (
    INDICATORS[code] for code in ("call_drop", "call_setup", "voice_mos", "complaints", "complaints_answered")
)


def of_samples(values):
    """The sums of samples that one row tells of."""
    n, mean = len(values), float(np.mean(values))
    within = (n - 1) * float(np.var(values, ddof=1)) if n > 1 else 0.0
    return Sums(1, 1, n, 0, n * mean, n * mean * mean, within, 1)


@given(st.integers(1, 10**9), st.data())
def test_a_share_lies_in_its_interval_and_that_in_the_scale(n, data):
    counted = data.draw(st.integers(0, n))
    low, high = rules.wilson(counted, n)
    assert 0 <= low <= counted / n <= high <= 1 and low < high
    assert (low == 0) == (counted == 0) and (high == 1) == (counted == n)


@pytest.mark.parametrize(("counted", "n"), [(0, 10), (3, 10), (10, 10), (82, 4000), (7, 100_000)])
def test_wilson_is_that_of_scipy(counted, n):
    theirs = stats.binomtest(counted, n).proportion_ci(method="wilson")
    assert rules.wilson(counted, n) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


@pytest.mark.parametrize("events", [0, 1, 7, 1000])
def test_the_poisson_interval_holds_its_promise_at_its_ends(events):
    low, high = rules.poisson(events, 1)
    assert stats.poisson.cdf(events, high) == pytest.approx(0.025)
    assert low == 0 if events == 0 else stats.poisson.sf(events - 1, low) == pytest.approx(0.025)


@given(st.lists(st.lists(st.floats(1, 5), min_size=2, max_size=20), min_size=1, max_size=6))
def test_a_mean_of_rows_is_the_mean_of_their_samples(rows):
    every = [value for row in rows for value in row]
    found = rules.figure(MOS, sum((of_samples(row) for row in rows), Sums()))
    assert found.n == len(every) and found.value == pytest.approx(np.mean(every))
    if np.ptp(every) > 1e-3:
        low, high = stats.t.interval(0.95, len(every) - 1, np.mean(every), stats.sem(every))
        assert (found.low, found.high) == pytest.approx((max(0, low), min(5, high)), abs=1e-6)


def test_sums_of_two_months_are_the_sums_of_their_rows():
    a, b = Sums(1, 1, 100, 3.0, 1.0, 2.0, 3.0, 1, 0.0), Sums(2, 1, 50, 4.0, 1.0, 1.0, 1.0, 0, 9.0)
    assert a + b == Sums(3, 2, 150, 7.0, 2.0, 3.0, 4.0, 1, 9.0)


def test_rows_without_n_count_only_where_there_are_no_others():
    alone = rules.figure(DROP, Sums(rows=2, plain=1.0))
    assert alone == Figure(0.5)
    assert rules.figure(DROP, Sums(3, 1, 1000, 10.0, plain=90.0)).value == 1.0
    assert rules.figure(DROP, Sums()) is None
    assert rules.together(DROP, [Sums(rows=2, plain=1.0)]) is None


def test_a_mean_whose_spread_is_not_known_has_no_interval():
    found = rules.figure(MOS, Sums(2, 2, 200, 0, 700, 2450, 3, 1))
    assert (found.value, found.n, found.low) == (3.5, 200, None)


@pytest.mark.parametrize(
    ("of", "level", "figure", "state"),
    [
        (DROP, 2, Figure(1.0, 5000, 0.8, 1.3), "kept"),
        (DROP, 2, Figure(2.1, 5000, 1.7, 2.5), "at_risk"),
        (DROP, 2, Figure(1.9, 5000, 1.6, 2.3), "at_risk"),
        (DROP, 2, Figure(3.0, 5000, 2.6, 3.5), "broken"),
        (DROP, 2, Figure(1.8, 5000, 1.7, 2.0), "kept"),
        (SETUP, 98, Figure(99.0, 5000, 98.6, 99.3), "kept"),
        (SETUP, 98, Figure(97.0, 5000, 96.5, 97.9), "broken"),
        (SETUP, 98, Figure(97.9, 5000, 97.4, 98.3), "at_risk"),
        (SETUP, 98, Figure(50.0, 299, 44.0, 56.0), "too_few"),
        (MOS, 3.3, Figure(3.4, 100), "kept"),
        (MOS, 3.3, Figure(3.2), "broken"),
        (MOS, 3.3, None, "missing"),
        (ANSWERED, 100, Figure(100, 400, 99.0, 100), "kept"),
        (ANSWERED, 100, Figure(99.75, 400, 98.6, 99.96), "broken"),
        (DROP, 0, Figure(0, 400, 0, 0.9), "kept"),
    ],
)
def test_how_a_pledge_stands(of, level, figure, state):
    assert rules.stands(of, level, figure) == state


@given(st.sampled_from([DROP, SETUP]), st.integers(300, 10**6), st.data())
def test_a_stricter_level_never_stands_better(of, n, data):
    counted = data.draw(st.integers(0, n))
    found = rules.figure(of, Sums(1, 1, n, counted))
    a, b = sorted(data.draw(st.lists(st.floats(0.1, 99.9), min_size=2, max_size=2)))
    loose, strict = (a, b) if of.direction == "higher" else (b, a)
    rank = ["kept", "at_risk", "broken"]
    assert rank.index(rules.stands(of, strict, found)) >= rank.index(rules.stands(of, loose, found))


@given(st.integers(300, 10**6), st.data())
def test_the_two_directions_mirror_each_other(n, data):
    counted, level = data.draw(st.integers(0, n)), data.draw(st.floats(0.1, 99.9))
    mirror = replace(DROP, direction="higher")
    down = rules.stands(DROP, level, rules.figure(DROP, Sums(1, 1, n, counted)))
    up = rules.stands(mirror, 100 - level, rules.figure(mirror, Sums(1, 1, n, n - counted)))
    assert down == up or abs(100 * counted / n - level) < 1e-6


@pytest.mark.parametrize(
    ("of", "n", "level"),
    [(DROP, 1500, 2.0), (DROP, 50_000, 0.5), (SETUP, 2000, 98.0), (COMPLAINTS, 200_000, 0.02)],
)
def test_how_often_a_month_is_wrongly_called_broken(of, n, level):
    """Where quality is exactly at its level: about once in forty. A tenth better than its level: far more rarely."""
    chance, runs = np.random.default_rng(36), 20_000

    def wrong(true):
        draws = (
            chance.poisson(n * true / 100, runs)
            if of.kind == "rate"
            else chance.binomial(n, true / 100, runs)
        )
        counts, times = np.unique(draws, return_counts=True)
        states = [rules.stands(of, level, rules.figure(of, Sums(1, 1, n, int(k)))) for k in counts]
        return sum(t for t, state in zip(times, states, strict=True) if state == "broken") / runs

    assert 0.005 < wrong(level) < 0.035
    better = level * 0.7 if of.direction == "lower" else 100 - (100 - level) * 0.7
    assert wrong(better) < 0.005


def test_the_ministry_counts_first_unless_its_sample_is_too_small():
    good, bad, small = Figure(1, 5000, 0.8, 1.3), Figure(3, 5000, 2.6, 3.5), Figure(9, 20, 1, 20)

    def judged(**figures):
        return rules.judged(DROP, 2, figures)

    assert judged() == ("missing", None)
    assert judged(self=good, ministry=bad, third=good) == ("broken", "ministry")
    assert judged(self=good, ministry=small) == ("kept", "self")
    assert judged(self=small, ministry=small) == ("too_few", "ministry")
