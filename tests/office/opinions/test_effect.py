"""Whether a change was followed by fewer opinions: never told from chance, never told from listening less."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.office.opinions.effect import effect

WEEKS = st.lists(st.integers(0, 400), min_size=4, max_size=8)
HEARD = st.tuples(st.integers(1, 10**6), st.integers(1, 10**6))


@given(WEEKS, WEEKS, HEARD)
def test_the_interval_holds_the_ratio(before: list[int], after: list[int], heard: tuple[int, int]) -> None:
    found = effect(before, after, heard)
    if sum(before) + sum(after) < 20:
        assert found is None
        return
    assert found is not None and found.low >= 0
    if sum(before) == 0:
        assert found.ratio is None and found.high is None
    else:
        assert found.ratio is not None and found.low <= found.ratio
        assert found.high is None or found.ratio <= found.high
    if sum(after) == 0:
        assert found.low == 0


@given(WEEKS, WEEKS, HEARD)
def test_turned_round_it_says_the_contrary(
    before: list[int], after: list[int], heard: tuple[int, int]
) -> None:
    there, back = effect(before, after, heard), effect(after, before, heard[::-1])
    if there is None or back is None:
        assert there is back is None
        return
    assert {"less": "more", "more": "less", "same": "same"}[there.verdict] == back.verdict
    if there.high is not None and there.high < 1e6 and back.low > 0:
        assert there.high == pytest.approx(1 / back.low, rel=1e-6)


@given(WEEKS, WEEKS, st.integers(1, 10**5), st.integers(2, 9))
def test_listening_more_is_no_effect(before: list[int], after: list[int], heard: int, times: int) -> None:
    once, more = effect(before, after, (heard, heard)), effect(before, after, (heard, heard * times))
    if once is not None and more is not None and once.ratio is not None and more.ratio is not None:
        assert more.ratio == pytest.approx(once.ratio / times)


@pytest.mark.parametrize(
    ("before", "after", "heard"),
    [
        ([9] * 3, [1] * 8, (100, 100)),
        ([9] * 8, [1] * 3, (100, 100)),
        ([2] * 4, [1] * 4, (100, 100)),
        ([9] * 8, [1] * 8, (100, 0)),
    ],
    ids=["few weeks before", "few weeks after", "few opinions", "nothing heard"],
)
def test_not_enough_is_said(before: list[int], after: list[int], heard: tuple[int, int]) -> None:
    assert effect(before, after, heard) is None


def test_a_plain_fall_is_seen_and_a_small_one_is_not() -> None:
    fall = effect([20, 25, 18, 22], [2, 1, 3, 0], (4000, 4000))
    assert fall is not None and fall.verdict == "less" and fall.high is not None and fall.high < 0.25
    same = effect([20, 25, 18, 22], [19, 17, 22, 20], (4000, 4000))
    assert same is not None and same.verdict == "same"


@pytest.mark.parametrize("burst", [0.0, 0.5], ids=["by chance", "in bursts"])
def test_where_nothing_changed_it_seldom_says_so(burst: float) -> None:
    draw = np.random.default_rng(7)
    wrong, rounds = 0, 1500
    for _ in range(rounds):
        mean = 20 * (draw.gamma(1 / burst, burst, 16) if burst else np.ones(16))
        weeks = draw.poisson(mean).tolist()
        found = effect(weeks[:8], weeks[8:], (1000, 1000))
        wrong += found is not None and found.verdict != "same"
    assert wrong / rounds < 0.065
