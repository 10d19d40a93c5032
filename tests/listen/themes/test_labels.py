"""Labels: phrases with their accents, whole words, no word at an end that says nothing."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.listen.themes.labels import BETWEEN, label
from tantam.listen.themes.wordlist import COARSE, FUNCTION, NEGATION
from tests.listen.themes.a_sample import complaints, learnt, words_of


def bare(text: str) -> str:
    marks = unicodedata.normalize("NFD", text.replace("đ", "d"))
    return "".join(a for a in marks if not unicodedata.combining(a))


def labelled(texts: list[str], theme: list[int], people: list[float] | None = None) -> dict[int, str]:
    weights = np.array(people or [1.0] * len(texts))
    wanted = sorted({k for k in theme if k >= 0})
    return label(texts, words_of(texts), np.array(theme, np.int32), weights, wanted, frozenset())


def test_a_phrase_takes_its_accents_from_those_who_write_them() -> None:
    said = ["mạng yếu lắm", "ở đây mạng yếu quá"] + ["mang yeu lam", "mang yeu qua troi"] * 20
    assert labelled(said + ["trừ tiền oan"] * 40, [0] * 42 + [1] * 40)[0] == "mạng yếu"


def test_what_nobody_writes_with_accents_stays_as_it_is() -> None:
    said = ["app lag lắm", "app lag suốt", "app lag qua", "app lag thật sự"]
    assert labelled(said * 5 + ["trừ tiền oan"] * 20, [0] * 20 + [1] * 20)[0] == "app lag"
    assert labelled(["mang yeu lam", "mang yeu qua"] * 10, [0] * 20)[0] == "mang yeu"


def test_no_piece_of_a_longer_word_and_nothing_over_the_end_of_a_sentence() -> None:
    said = [
        "nâng cao chất lượng phòng máy",
        "chất lượng kém",
        "chất lượng giảm. phòng máy hư",
        "chất lượng. phòng",
    ]
    found = labelled(said * 6 + ["trừ tiền oan"] * 20, [0] * 24 + [1] * 20)[0]
    assert "chất lượng" in found
    assert "lượng phòng" not in found


def test_hidden_numbers_are_no_label() -> None:
    said = [f"{word} [số điện thoại] chưa trả lời {word}" for word in ("gọi", "nhắn", "hỏi", "đợi")]
    found = labelled(said * 5 + ["trừ tiền oan"] * 20, [0] * 20 + [1] * 20)[0]
    assert not {"số", "điện", "thoại"} & set(found.split())


def test_coarse_words_are_no_label() -> None:
    found = labelled(
        ["app như cc", "app như cc vl", "mạng như cc"] * 5 + ["trừ tiền oan"] * 15, [0] * 15 + [1] * 15
    )
    assert COARSE.isdisjoint(found.get(0, "").split())


def test_no_two_themes_have_one_label_and_a_label_no_word_twice() -> None:
    texts, subjects = complaints()
    names = sorted(set(subjects))
    found = labelled(texts, [names.index(s) for s in subjects])
    assert len(set(found.values())) == len(found) == 4
    for one in found.values():
        phrases = one.split(BETWEEN)
        assert 1 <= len(phrases) <= 2
        words = [bare(word) for phrase in phrases for word in phrase.split()]
        assert all(1 <= len(phrase.split()) <= 4 for phrase in phrases)
        assert len(phrases) == 1 or not set(bare(phrases[0]).split()) & set(bare(phrases[1]).split())
        assert words


def test_a_taken_label_is_not_given_again() -> None:
    said = ["mạng yếu lắm", "ở đây mạng yếu quá", "mạng yếu tín hiệu kém"] * 10
    rest = ["trừ tiền oan"] * 30
    theme = np.array([0] * 30 + [1] * 30, np.int32)
    first = label(said + rest, words_of(said + rest), theme, np.ones(60), [0], frozenset())[0]
    second = label(said + rest, words_of(said + rest), theme, np.ones(60), [0], {first}).get(0)
    assert second != first


@given(
    st.lists(
        st.lists(st.sampled_from([*sorted(FUNCTION)[:40], "mạng", "yếu", "sóng", "cước"]), max_size=8),
        max_size=30,
    )
)
def test_no_label_begins_or_ends_with_a_word_that_says_nothing(said: list[list[str]]) -> None:
    texts = [" ".join(words) for words in said]
    for found in labelled(texts, [i % 2 for i in range(len(texts))]).values() if texts else []:
        for phrase in found.split(BETWEEN):
            first, last = phrase.split()[0], phrase.split()[-1]
            assert first not in FUNCTION
            assert last not in FUNCTION | NEGATION


@pytest.mark.parametrize("text", ["", "\x00", "[", "[" * 50, "a" * 5_000, "] [ ]", "😡", "1 2 3"])
def test_strange_texts_are_no_error(text: str) -> None:
    labelled([text] * 10 + ["mạng yếu quá"] * 10, [0] * 10 + [1] * 10)


def test_without_accents_the_themes_are_the_same_ones() -> None:
    texts, _ = complaints()
    half = [bare(text) if i % 2 else text for i, text in enumerate(texts)]
    assert not any(found.isascii() for found in learnt(half, parts=4).labels)
