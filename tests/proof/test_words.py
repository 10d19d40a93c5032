"""Sentences: what is found, in both languages, honest for gain, harm, nothing, and not sure."""

from __future__ import annotations

import pytest

from tantam.proof import words
from tantam.proof.words import Asked, Found, Size

BONUS = Asked("“Tặng 3 GB”", "“3 GB”", "active", 60, "against nothing", 178_560, 19_840)


def of(outcome: str) -> Asked:
    return Asked(BONUS.vi, BONUS.en, outcome, 60, "against the next best offer", 1_119, 133)


def test_more_people_stay() -> None:
    vi, en = words.answer(BONUS, Found(0.006, 0.003, 0.009, True))
    assert vi == (
        "“Tặng 3 GB”: sau 60 ngày, trong 100 người được tặng có thêm 0,6 người ở lại mạng, so với khi không "
        "nhận món nào (khoảng tin cậy 95 %: 0,3 – 0,9; 178.560 được chăm sóc, 19.840 để đối chứng)."
    )
    assert en == (
        "“3 GB”: after 60 days, of every 100 people given it 0.6 more are still with us, against getting "
        "nothing (95% interval: 0.3 – 0.9; 178,560 cared for, 19,840 held out)."
    )


def test_harm_is_said() -> None:
    vi, en = words.answer(BONUS, Found(-0.007, -0.013, -0.001, True))
    assert "trong 100 người được tặng bớt đi 0,7 người ở lại mạng" in vi and "−1,3 – −0,1" in vi
    assert "0.7 fewer are still with us" in en


def test_no_difference_is_said() -> None:
    vi, en = words.answer(BONUS, Found(0.002, -0.008, 0.012, False))
    assert "chưa thấy khác biệt về số người ở lại mạng" in vi
    assert "(+0,2 điểm %; khoảng tin cậy 95 %: −0,8 – 1,2" in vi
    assert "no difference seen in people staying" in en and "(+0.2 pp; 95% interval: −0.8 – 1.2" in en


def test_one_among_many_is_not_sure() -> None:
    vi, en = words.answer(BONUS, Found(0.006, 0.001, 0.011, False))
    assert "có vẻ khác" in vi and "chưa chắc" in vi and "not sure" in en


@pytest.mark.parametrize(
    ("effect", "vi_side", "en_side"), [(51_317.0, "chi thêm", "more"), (-51_317.0, "chi ít đi", "less")]
)
def test_spend_to_three_digits(effect: float, vi_side: str, en_side: str) -> None:
    low, high = sorted((effect / 3, effect * 1.7))
    vi, en = words.answer(of("spend"), Found(effect, low, high, True))
    assert f"mỗi người được tặng {vi_side} 51.300 đồng, so với món tốt kế tiếp" in vi
    assert f"each person given it spent VND 51,300 {en_side}" in en


def test_small_differences_keep_enough_digits() -> None:
    vi, _ = words.answer(of("became_postpaid"), Found(0.0012, 0.0003, 0.0021, True))
    assert "có thêm 0,12 người chuyển sang trả sau" in vi and "0,03 – 0,21" in vi
    assert Size("active", 0.0002, 0.02, "vi").between() == "0,02 – 2,00"


@pytest.mark.parametrize(
    ("value", "read"), [(0, 0), (999.4, 999), (1234.5, 1230), (-51_317, -51_300), (2e9 + 1, 2 * 10**9)]
)
def test_three(value: float, read: int) -> None:
    assert words.three(value) == read


def test_both_arms_short() -> None:
    short = Asked("“A”", "“A”", "spend", 30, "against nothing", 40, 7)
    vi, en = words.too_few(short, 100)
    assert vi == (
        "“A”: chưa đủ dữ liệu về chi tiêu. Mới có 40 người được chăm sóc, cần thêm 60 "
        "và 7 người đối chứng, cần thêm 93."
    )
    assert en == (
        "“A”: not enough data yet on spend. Only 40 cared for, 60 more needed and 7 held out, 93 more needed."
    )
