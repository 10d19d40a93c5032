"""Vietnamese letters: folding, the dictionary's order, the order of people, finding with exact accents first."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.letters import ALPHABET, find, fold, match, name_key, sort_key

VIETNAMESE = st.text(
    alphabet="aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ AĐỜ19-",
    max_size=20,
)


def _rises(words: list[str], key: Callable[[str], bytes]) -> bool:
    return all(a < b for a, b in pairwise(map(key, words)))


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Lê Thị Bốn", "le thi bon"),
        ("ĐỒNG NAI", "dong nai"),
        ("Ðắk Lắk", "dak lak"),
        ("Thừa Thiên-Huế", "thua thien hue"),
        (unicodedata.normalize("NFD", "Nguyễn Ưởng"), "nguyen uong"),
        ("  T.P.  Hồ Chí Minh ", "t p ho chi minh"),
        ("", ""),
    ],
)
def test_fold(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize(
    "in_order",
    [
        list(ALPHABET),
        ["a", "à", "ả", "ã", "á", "ạ", "ă", "ằ", "ẳ", "ẵ", "ắ", "ặ", "â", "ầ", "ẩ", "ẫ", "ấ", "ậ", "b"],
        ["ma", "mà", "mả", "mã", "má", "mạ"],
        ["da", "đa", "đà", "e"],
        ["an", "An", "án", "ăn", "ân", "ấn", "ba"],
        ["hoa", "hoà", "hoả", "hóa", "hoạ", "hoan"],
        ["Hà Nội", "Hà Tĩnh", "Hải Phòng"],
        ["Đà Nẵng", "Đắk Lắk", "Đồng Nai", "Đồng Tháp"],
        ["le", "le hai", "lê", "lễ", "lê an"],
        ["2", "9", "a1", "a2", "ab"],
        [" x", "-x", "1x", "x"],
        ["o", "ö", "ô", "ơ", "z", "ж", "李"],
    ],
)
def test_the_dictionary_s_order(in_order: list[str]) -> None:
    assert _rises(in_order, sort_key)
    decomposed = [unicodedata.normalize("NFD", word) for word in in_order]
    assert _rises(decomposed, sort_key)


def test_a_tone_is_the_word_s_wherever_it_is_written() -> None:
    names = ["Hoà An", "Hóa An", "Hòa Bình", "Hoà Cường"]
    assert _rises(names, sort_key)


def test_people_by_given_name() -> None:
    people = [
        "An",
        "Lê An",
        "Nguyễn Thị An",
        "Nguyễn Văn An",
        "Trần An",
        "Trần Ân",
        "Lê Thị Bốn",
        "Đỗ Dung",
        "Bùi Đức",
        "Lê Hòa",
        "Mai Hoà",
        "Đỗ Hải Yến",
    ]
    assert _rises(people, name_key)
    assert name_key("  Lê   An ")[:8] == name_key("Lê An")[:8]


@given(VIETNAMESE, VIETNAMESE)
def test_one_key_one_text(a: str, b: str) -> None:
    assert sort_key(unicodedata.normalize("NFD", a)) == sort_key(a)
    assert (sort_key(a) == sort_key(b)) == (a == b)
    assert name_key(unicodedata.normalize("NFD", a)) == name_key(a)


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_has_a_key_and_a_rank(a: str, b: str) -> None:
    assert isinstance(sort_key(a) + name_key(a), bytes)
    assert match(a, b) in (0, 1, 2)
    assert match(a, a) in (1, 2)
    assert b"\0" not in sort_key(a).split(b"\0")[0]


@given(VIETNAMESE)
def test_folding_is_final_and_finds_its_text(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert match(text, text) == 2
    assert match(fold(text), text) >= 1


@pytest.mark.parametrize(
    ("query", "text", "rank"),
    [
        ("bốn", "Lê Thị Bốn", 2),
        ("Bốn Lê", "Lê Thị Bốn", 2),
        ("bon", "Lê Thị Bốn", 1),
        ("bón", "Lê Thị Bốn", 1),
        ("thi b", "Lê Thị Bốn", 1),
        ("an", "Lan", 0),
        ("an", "An Giang", 2),
        ("hoà", "Trần Hòa", 2),
        ("đà", "Đà Nẵng", 2),
        ("da nang", "Đà Nẵng", 1),
        ("xyz", "Đà Nẵng", 0),
        ("", "Đà Nẵng", 2),
        ("?", "Đà Nẵng", 2),
        ("李", "Đà Nẵng", 0),
    ],
)
def test_match(query: str, text: str, rank: int) -> None:
    assert match(query, text) == rank
    assert match(unicodedata.normalize("NFD", query), unicodedata.normalize("NFD", text)) == rank


def test_exact_accents_come_first() -> None:
    names = ["Lê Bón", "Trần Bổn", "Lê Thị Bốn", "Đỗ Dung", "Bốn"]
    assert [names[at] for at in find("bốn", names)] == ["Lê Thị Bốn", "Bốn", "Lê Bón", "Trần Bổn"]
    assert find("", names) == [0, 1, 2, 3, 4]
