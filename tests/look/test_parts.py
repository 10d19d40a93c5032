"""Pictures stay in their frame, and the end that asks for something is red."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.look.country import Place, country
from tantam.look.figures import stack, trend
from tantam.look.table import two
from tantam.look.words import Words
from tantam.places import PROVINCES

VI = Words("vi")


@given(st.lists(st.floats(0, 1e9), max_size=60))
def test_a_line_stays_in_its_frame_and_ends_in_a_dot(values: list[float]) -> None:
    drawn = trend(values, "x")
    points = re.findall(r"[ML]([\d.]+) ([\d.]+)", "".join(re.findall(r'class="line" d="([^"]*)"', drawn)))
    assert len(points) == (len(values) if len(values) > 1 else 0)
    assert all(0 <= float(x) <= 240 and 0 <= float(y) <= 56 for x, y in points)
    assert drawn.count("<circle") == bool(values) and 'aria-label="x"' in drawn


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=6).filter(any))
def test_shares_side_by_side_never_leave_the_bar(counts: list[int]) -> None:
    drawn = stack((f"k{i}", n / sum(counts)) for i, n in enumerate(counts))
    ends = [float(x) + float(w) for x, w in re.findall(r' x="([\d.]+)%" width="([\d.]+)%"', drawn)]
    assert (
        len(ends) == len(counts)
        and max(ends) == pytest.approx(100, abs=0.1)
        and 'aria-hidden="true"' in drawn
    )
    assert 'role="img" aria-label="1 &lt; 2"' in stack([("a", 1.0)], label="1 < 2")


def test_red_is_the_end_that_asks_for_something() -> None:
    rows = [Place(p.code, p.name, 10 + 2 * i, 100) for i, p in enumerate(PROVINCES)]
    few = [Place(PROVINCES[0].code, PROVINCES[0].name, 29, 29), *rows[1:]]
    low, high = (country(rows, 0.43, VI, finding="Hết.", end=end) for end in ("low", "high"))
    assert low.named.startswith(rows[0].name) and high.named.startswith(rows[-1].name)
    assert (
        low.legend[0] == ("m1", "dưới\u00a034\u00a0%".replace("dưới\u00a0", "dưới "))
        and high.legend[0][0] == "m4"
    )
    assert "Thấp nhất:" in low.map and "Cao nhất:" in high.map
    drawn = country(few, 0.43, VI, finding="Hết.", end="high")
    assert drawn.legend[-1] == ("none", "chưa đủ dữ liệu") and "29 trong 29" not in drawn.map


def test_a_cell_of_two_lines_is_escaped() -> None:
    assert two("<a>", "<b>") == "&lt;a&gt;<small>&lt;b&gt;</small>"
    assert two("<a>", "") == "&lt;a&gt;"
