"""The test of rising: how often it cries without cause, and how often it sees a real rise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from tantam.listen.themes.rising import LEAST_LAST, LEAST_PEOPLE, LEAST_WEEKS, LEVEL, rises
from tests.listen.themes.some_weeks import KINDS, week_by_week

Ints = NDArray[np.int64]
RUNS = 400


@pytest.mark.parametrize("weeks", [4, 8])
@pytest.mark.parametrize("kind", KINDS)
def test_where_nothing_changed_few_runs_tell_of_any_rise(kind: str, weeks: int) -> None:
    lot = np.random.default_rng([weeks, len(kind)])
    false = sum(
        any(r is not None and r.rising for r in rises(*week_by_week(lot, kind, weeks))) for _ in range(RUNS)
    )
    # 5 % is the level; 400 runs at 5 % give more than 30 once in a thousand.
    assert false <= 30
    if kind == "chance":
        assert false <= LEVEL * RUNS


@pytest.mark.parametrize(
    ("mean", "times", "weeks", "least"), [(60, 2, 8, 0.85), (60, 3, 4, 0.85), (200, 1.5, 8, 0.8)]
)
def test_a_real_rise_is_seen(mean: float, times: float, weeks: int, least: float) -> None:
    lot = np.random.default_rng(7)
    seen = 0
    for _ in range(200):
        people, spoke = week_by_week(lot, "chance", weeks)
        rate = mean * spoke / spoke.mean()
        rate[0] *= times
        people[0] = lot.poisson(rate)
        found = rises(people, spoke)[0]
        assert found is not None
        seen += found.rising
    assert seen >= least * 200


def test_the_interval_holds_the_true_ratio() -> None:
    lot = np.random.default_rng(3)
    held = 0
    for _ in range(300):
        people, spoke = week_by_week(lot, "bursts", 8, themes=10)
        rate = 80 * spoke / spoke.mean()
        rate[0] *= 1.5
        people[0] = lot.negative_binomial(rate / 2, 1 / 3)
        found = rises(people, spoke)[0]
        assert (
            found is not None and found.low is not None and found.high is not None and found.ratio is not None
        )
        assert found.low < found.ratio < found.high
        held += found.low <= 1.5 <= found.high
    assert held >= 0.93 * 300


def test_listening_to_more_is_no_rise() -> None:
    people = np.array([[200, *[20] * 8], [50, *[50] * 8]])
    spoke = np.array([10_000, *[1_000] * 8])
    same, fallen = rises(people, spoke)
    assert same is not None and not same.rising and same.ratio == pytest.approx(1)
    assert fallen is not None and not fallen.rising and fallen.ratio == pytest.approx(0.1)
    more = rises(np.array([[200, *[20] * 8]]), np.array([1_000] * 9))[0]
    assert more is not None and more.rising and more.ratio == pytest.approx(10)


def test_what_nobody_said_before_rises_without_a_ratio() -> None:
    found = rises(np.array([[40, *[0] * 8], [50, *[50] * 8]]), np.array([1_000] * 9))[0]
    assert found is not None and found.rising
    assert found.ratio is None and found.high is None and found.low is not None and found.low > 1


@pytest.mark.parametrize(
    ("people", "spoke"),
    [
        ([[50, 10, 10, 10]], [100] * 4),  # three weeks before
        ([[LEAST_LAST - 1, *[10] * 8]], [100] * 9),
        ([[LEAST_PEOPLE - 9, 1, 1, 1, 1, 1, 1, 1, 1]], [100] * 9),
        ([[50, *[10] * 8]], [0, *[100] * 8]),  # nobody spoke
        ([[50, 10, 10, 10, 0, 0]], [100, 100, 100, 100, 0, 0]),  # weeks that nobody listened to do not count
        ([[0] * 9], [0] * 9),
        ([[50]], [100]),
    ],
)
def test_too_little_is_not_enough(people: list[list[int]], spoke: list[int]) -> None:
    assert rises(np.array(people), np.array(spoke)) == [None]


def test_no_themes_give_no_answers() -> None:
    assert rises(np.zeros((0, 9), np.int64), np.full(9, 100)) == []
    assert LEAST_WEEKS == 4


@given(
    arrays(np.int64, (5, 7), elements=st.integers(0, 3_000)),
    arrays(np.int64, 7, elements=st.integers(0, 100_000)),
)
def test_any_counts_are_answered_and_the_order_of_themes_does_not_tell(people: Ints, spoke: Ints) -> None:
    answers = rises(people, spoke)
    for one in answers:
        if one is not None:
            assert 0 <= one.p <= 1 and one.excess >= 1
            assert one.low is not None and one.low >= 0
            assert one.ratio is None or (one.high is not None and one.low <= one.ratio <= one.high)
    assert rises(people[::-1], spoke) == answers[::-1]
