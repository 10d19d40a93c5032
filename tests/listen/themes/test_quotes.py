"""Quotes: as they were said, covering, not alike, readable."""

from __future__ import annotations

from functools import cache

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tantam.listen.themes import Themes
from tantam.listen.themes.quotes import ALIKE, LONGEST, MOST, SHORTEST, Said, choose
from tests.listen.themes.a_sample import complaints, learnt, words_of


@cache
def themes() -> Themes:
    return learnt(complaints()[0], parts=4)


def chosen(said: list[Said], theme: int = 0) -> list[Said]:
    return choose(said, themes().vectors.keys, themes().vectors.unit[theme])


def words(text: str) -> set[int]:
    return set(words_of([text]).plain.tolist())


SAID = st.builds(Said, st.sampled_from(complaints()[0]) | st.text(max_size=80), st.integers(1, 10_000))


@given(st.lists(SAID, max_size=40), st.integers(0, 3))
def test_quotes_are_what_was_said_and_no_two_are_alike(said: list[Said], theme: int) -> None:
    found = chosen(said, theme)
    assert len(found) <= MOST
    assert all(one in said for one in found)
    for i, one in enumerate(found):
        for other in found[:i]:
            a, b = words(one.text), words(other.text)
            assert len(a & b) / len(a | b) < ALIKE


def test_a_quote_has_6_to_28_words_where_there_are_such() -> None:
    short, fitting = Said("mất sóng", 900), Said("vào nhà là mất sóng cả buổi, gọi không được", 1)
    long = Said(" ".join(f"mất sóng trong nhà {i} lần" for i in range(20)), 900)
    coverage = next(k for k, label in enumerate(themes().labels) if "sóng" in label)
    assert chosen([short, fitting, long], coverage) == [fitting]
    assert chosen([short], coverage) == [short]
    assert SHORTEST <= len(words(fitting.text)) <= LONGEST


def test_one_with_accents_goes_before_one_without_and_what_more_people_said_first() -> None:
    coverage = next(k for k, label in enumerate(themes().labels) if "sóng" in label)
    bare, accented = Said("mat song trong nha ca buoi sang", 1), Said("mất sóng trong nhà cả buổi sáng", 1)
    assert chosen([bare, accented], coverage) == [accented]
    many = Said("mất sóng trong nhà cả buổi chiều", 500)
    assert chosen([accented, many], coverage)[0] == many


def test_nothing_said_and_no_theme_give_no_quote() -> None:
    assert chosen([]) == []
    assert (
        choose([Said("mất sóng trong nhà cả buổi", 1)], np.empty(0, np.uint64), np.empty(0, np.float32)) == []
    )
