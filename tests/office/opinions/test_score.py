"""The points of a person are sums that anyone can check, the same for everybody."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tantam.office.opinions import score
from tantam.office.opinions.score import Led

NAMES = st.sampled_from(["mất sóng ở bản", "trừ tiền lạ", "quầy đông", ""])
LED = st.builds(
    Led, st.integers(1, 6), NAMES, st.booleans(), st.booleans(), st.booleans(), st.integers(0, 30_000)
)
MANY = st.lists(LED, max_size=8)


def points(*led: Led) -> int:
    return score.total(score.lines(led))


def test_the_points_of_each_reason() -> None:
    quiet = Led(1, "mất sóng", people=50_000)
    assert points(quiet) == 0
    assert points(replace(quiet, answered=True)) == 1
    assert points(replace(quiet, answered=True, committed=True)) == 4
    assert points(replace(quiet, answered=True, committed=True, changed=True)) == 19
    assert [points(Led(1, "x", changed=True, people=n)) for n in (999, 1_000, 9_999, 10_000, 10**7)] == [
        5, 6, 14, 15, 15,
    ]  # fmt: skip


def test_the_reasons_are_said_and_add_up() -> None:
    (line,) = score.lines([Led(1, "mất sóng", True, True, True, 2_340)])
    assert score.reasons(line) == [
        "1 vì được trả lời",
        "3 vì thành lời hứa có ngày",
        "5 vì đã làm xong và công bố",
        "2 vì giúp được 2.340 người cùng nói điều ấy",
    ]
    (most,) = score.lines([Led(1, "mất sóng", changed=True, people=20_000)])
    assert score.reasons(most)[-1].endswith("(cao nhất)")


@given(MANY, st.randoms())
def test_neither_order_nor_copies_change_anything(led: list[Led], chance: object) -> None:
    shuffled = [*led, *led]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert score.lines(shuffled) == score.lines(led)


@given(MANY)
def test_a_line_a_theme_and_the_sum_is_the_sum_of_its_reasons(led: list[Led]) -> None:
    found = score.lines(led)
    assert len({line.theme for line in found}) == len(found)
    assert all(line.points and len(score.reasons(line)) for line in found)
    for line in found:
        said = sum(int(reason.split()[0]) for reason in score.reasons(line))
        assert said == line.points == line.answered + line.committed + line.changed + line.helped <= 19
    assert score.total(found) == sum(line.points for line in found)
    assert score.of_kept(score.as_kept(found)) == found


@given(MANY, LED)
def test_one_more_thing_said_never_lowers(led: list[Led], more: Led) -> None:
    assert points(*led, more) >= points(*led)


@given(LED, LED)
def test_themes_put_together_count_once_and_no_less_than_the_better(one: Led, other: Led) -> None:
    """Who spoke on both loses at most what was counted twice for what turned out to be one matter; who spoke on one
    of them loses nothing, since the joined theme has the deeds and the people of both."""
    one, other = replace(one, theme=1), replace(other, theme=2)
    both = Led(
        2, other.name, one.answered or other.answered, one.committed or other.committed,
        one.changed or other.changed, one.people + other.people,
    )  # fmt: skip
    assert points(both) >= max(points(one), points(other))
    assert points(both) == points(one, both) - points(one)
