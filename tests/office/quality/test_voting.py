"""What votes say: texts that are votes, scores with honest intervals, one real fall found and nothing louder."""

from __future__ import annotations

import csv
import gzip
import os
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.office.quality import voting
from tantam.office.quality.voting import Score, heard

TEN = range(11)


@pytest.mark.parametrize(
    ("text", "answer", "more"),
    [
        ("9", 9, ""), ("9.", 9, ""), (" 10 ", 10, ""), ("0", 0, ""), ("9/10", 9, ""), ("10 điểm", 10, ""),
        ("điểm 8", 8, ""), ("Diem: 7", 7, ""), ("8đ", 8, ""), ("9 mạng tốt", 9, "mạng tốt"),
        ("7, vi mang hay rot", 7, "vi mang hay rot"), ("8 - ok", 8, "ok"), ("10!! cam on", 10, "cam on"),
        ("3\nnhân viên chậm", 3, "nhân viên chậm"),
    ],
)  # fmt: skip
def test_texts_that_are_votes(text: str, answer: int, more: str) -> None:
    assert heard(text, TEN) == voting.Heard(answer, more)


@pytest.mark.parametrize(
    "text",
    ["", "tốt", "11", "99", "1900", "10%", "4G yếu", "5 ngày nay mất sóng", "2 lan goi khong duoc", "3h chưa có mạng",
     "5gb hết nhanh quá", "9/5", "10/11", "9,5", "10:30 mất mạng", "0912345678", "-3", "mạng 9"],
)  # fmt: skip
def test_texts_that_are_not(text: str) -> None:
    assert heard(text, TEN) is None


def test_another_scale_has_other_answers() -> None:
    assert heard("4/5", range(1, 6)) == voting.Heard(4, "")
    assert heard("9", range(1, 6)) is None
    assert heard("0", range(1, 4)) is None


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    found = heard(text, TEN)
    assert found is None or found.answer in TEN


@given(st.dictionaries(st.integers(0, 10), st.integers(0, 400)))
def test_a_net_score_lies_in_its_interval(counts: dict[int, int]) -> None:
    one = voting.score("nps", counts)
    if sum(counts.values()) == 0:
        assert (one.value, one.low, one.high) == (None, None, None)
        return
    assert one.value is not None and one.low is not None and one.high is not None
    assert -100 <= one.low <= one.value <= one.high <= 100
    tenfold = voting.score("nps", {answer: 10 * n for answer, n in counts.items()})
    assert tenfold.value == pytest.approx(one.value)


def test_the_arithmetic_by_hand() -> None:
    assert voting.score("nps", {10: 50, 8: 20, 3: 30}).value == pytest.approx(20)
    assert voting.score("csat", {5: 30, 4: 30, 3: 20, 1: 20}).value == pytest.approx(60)
    assert voting.score("choice", {1: 10, 2: 30}, choice=2).value == pytest.approx(75)
    assert voting.score("nps", {9: 29}).few and not voting.score("nps", {9: 30}).few


@pytest.mark.parametrize("n", [10, 30, 100, 1_000])
def test_of_a_hundred_intervals_about_five_miss(n: int) -> None:
    rng = np.random.default_rng(n)
    hit = 0
    for up, middle, down in rng.multinomial(n, [0.5, 0.2, 0.3], 2_000):
        one = voting.score("nps", {10: int(up), 7: int(middle), 0: int(down)})
        assert one.low is not None and one.high is not None
        hit += one.low <= 20 <= one.high
    assert 0.93 <= hit / 2_000 <= 0.97


def _months(values: list[float]) -> list[tuple[date, Score]]:
    return [
        (date(2020 + n // 12, n % 12 + 1, 1), Score(5_000, value, value - 2.5, value + 2.5))
        for n, value in enumerate(values)
    ]


def test_months_that_are_alike_are_rarely_called_a_move() -> None:
    rng = np.random.default_rng(3)
    judged = called = 0
    for _ in range(1_500):
        called += len(voting.moves(_months(rng.normal(12, 5, 18).tolist())))
        judged += 18 - voting.BEFORE
    assert 0.004 < called / judged < 0.016


def test_a_fall_is_told_once_and_what_follows_begins_anew() -> None:
    (move,) = voting.moves(_months([20, 21, 19, 20, 22, 18, 20, 5, 6, 5, 4, 6, 5, 6]))
    assert (move.month, move.value) == (date(2020, 8, 1), 5)
    assert move.before == pytest.approx(20)
    assert not voting.moves(_months([20, 5, 20, 5, 20]))  # too young to say anything


def test_months_without_votes_are_no_zeros() -> None:
    months = _months([20, 21, 19, 20, 22, 18, 20])
    gap = [(date(2021, 1, 1), Score(0, None, None, None))]
    assert voting.moves(months + gap) == []


def test_places_that_stand_apart_and_chance_that_does_not() -> None:
    rng = np.random.default_rng(1)
    falsely = 0
    for _ in range(200):
        places = {
            str(place): Counter({10: int(up), 7: int(mid), 0: int(down)})
            for place, (up, mid, down) in enumerate(rng.multinomial(100, [0.5, 0.2, 0.3], 34))
        }
        falsely += bool(voting.apart("nps", places))
    assert falsely / 200 <= 0.1
    places["7"] = Counter({10: 20, 0: 80})
    assert "7" in voting.apart("nps", places)
    assert voting.apart("nps", {"1": Counter({9: 5})}) == {}


def test_a_real_operator_fell_once() -> None:
    """71,500 answers of 13 months: the fall of October 2024, and no other month."""
    root = os.environ.get("TANTAM_DATA")
    if not root:
        pytest.skip("TANTAM_DATA is not set: the votes of a real operator are not counted")
    counts: dict[date, Counter[int]] = {}
    with gzip.open(Path(root) / "megafon-nps" / "nps.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            counts.setdefault(date.fromisoformat(row["start_date"]), Counter())[int(row["nps"])] += 1
    months = [(month, voting.score("nps", counts[month])) for month in sorted(counts)]
    assert [round(one.value, 1) for _, one in months if one.value is not None] == [
        20.0, 7.3, 14.4, 16.7, 16.4, 13.1, 11.2, 10.9, 9.6, -3.3, 2.6, 7.6, 0.3
    ]  # fmt: skip
    (move,) = voting.moves(months)
    assert move.month == date(2024, 10, 1) and move.value < move.low
