"""No figure that is shown lets anybody work out one of fewer than five people."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from tantam.office.camps.cells import SMALLEST, overlapping, parts, total

COUNTS = st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 14), max_size=6)


@given(COUNTS)
def test_hidden_rows_of_a_split_total_cannot_be_worked_out(counts: dict[str, int]) -> None:
    """Whoever knows the total, the shown rows, which rows are hidden and even which of them are small finds at least
    two values for each hidden row."""
    shown = parts(counts)
    names = dict(shown.rows)
    hidden = {name: n for name, n in counts.items() if n and name not in names}
    assert all(n >= SMALLEST for n in names.values())
    assert sum(names.values()) + (shown.pooled or 0) == sum(counts.values())
    if not hidden or not names:  # with no row shown there is no name to any row, and no table
        return
    ranges = [range(1, SMALLEST) if n < SMALLEST else range(SMALLEST, 40) for n in hidden.values()]
    pool = shown.pooled or 0
    fit: list[set[int]] = [set() for _ in hidden]
    for first in product(*ranges[:-1]):
        last = pool - sum(first)
        if last in ranges[-1]:
            for nth, value in enumerate((*first, last)):
                fit[nth].add(value)
    assert all(len(values) > 1 for values in fit)


@given(COUNTS, st.integers(0, 30))
def test_a_row_that_is_hidden_leaves_no_trace(counts: dict[str, int], people: int) -> None:
    """A finding of none, one or four people gives the same table."""
    people = max([people, *counts.values()])
    shown = overlapping(counts, people)
    names = dict(shown.rows)
    for name, n in counts.items():
        if name not in names:
            others = [*range(SMALLEST), *range(max(people - SMALLEST + 1, 0), people + 1)]
            assert n in others
            assert all(overlapping({**counts, name: other}, people) == shown for other in others)
    assert all(SMALLEST <= n <= people - SMALLEST for n in names.values())


@given(st.integers(0, 30))
def test_a_small_total_is_hidden(people: int) -> None:
    assert total(people) == (None if 0 < people < SMALLEST else people)
