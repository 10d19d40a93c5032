"""A whole column: every Arrow type of text, slices, chunks, nulls, bytes that are no text, and long texts."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.errors import BadInput
from tantam.listen.mask import mask, mask_batch
from tests.listen.mask.texts import TEXTS

TYPES = [pa.string(), pa.large_string(), pa.binary(), pa.large_binary()]
SAID = [
    "mạng chậm",
    None,
    "gọi 0912345678",
    "",
    "anh Hùng, stk 12345678",
    "20.000đ",
    None,
    "chị lan nói",
    "fb: lan.anh92",
]


def in_type(said: list[str | None], kind: Any) -> Any:
    if kind in (pa.binary(), pa.large_binary()):
        return pa.array([None if t is None else t.encode() for t in said], kind)
    return pa.array(said, kind)


@pytest.mark.parametrize("kind", TYPES)
def test_each_type_comes_back_as_it_came(kind: Any) -> None:
    column = in_type(SAID, kind)
    expected = in_type([None if t is None else mask(t) for t in SAID], kind)
    assert mask_batch(column).equals(expected)
    assert mask_batch(column.slice(2, 5)).equals(expected.slice(2, 5))
    assert mask_batch(column.slice(9)).equals(expected.slice(9))
    assert mask_batch(column[:0]).equals(expected[:0])
    chunked = pa.chunked_array([column.slice(1, 3), column.slice(4)], kind)
    assert mask_batch(chunked).equals(pa.chunked_array([expected.slice(1, 3), expected.slice(4)], kind))
    assert mask_batch(pa.chunked_array([], kind)).equals(pa.chunked_array([], kind))


def test_nothing_found_gives_the_same_array() -> None:
    column = pa.array(["mạng chậm", None, "20k"])
    assert mask_batch(column) is column
    assert mask_batch(pa.nulls(3, pa.string())).null_count == 3


def test_bytes_that_are_no_text_stay() -> None:
    column = pa.array([b"\xff0912345678\xfe", b"anh H\xc3\xb9ng\xe1\xbb", b"\xed\xa0\x80 09\xc0\xb912345678"])
    assert mask_batch(column).to_pylist() == [
        b"\xff" + "[số điện thoại]".encode() + b"\xfe",
        "anh [tên]".encode() + b"\xe1\xbb",
        b"\xed\xa0\x80 09\xc0\xb912345678",
    ]


def test_a_null_s_own_bytes_are_not_read() -> None:
    whole = pa.array(["0912345678", "anh Hùng"])
    valid = pa.array([False, True])
    column = pa.StringArray.from_buffers(2, whole.buffers()[1], whole.buffers()[2], _bits(valid), 1)
    assert mask_batch(column).to_pylist() == [None, "anh [tên]"]


def _bits(valid: Any) -> Any:
    return valid.buffers()[1]


@pytest.mark.parametrize("column", [pa.array([1]), pa.array(["a"]).dictionary_encode(), pa.array([["a"]])])
def test_what_is_no_text_is_refused(column: Any) -> None:
    with pytest.raises(BadInput) as refused:
        mask_batch(column)
    assert refused.value.code == "not_text"


@given(st.lists(st.one_of(st.none(), TEXTS.filter(lambda t: "\ud800" not in t)), max_size=6))
def test_a_column_is_masked_as_its_texts_are(said: list[str | None]) -> None:
    masked = mask_batch(pa.array(said, pa.string()))
    assert masked.to_pylist() == [None if t is None else mask(t) for t in said]


@pytest.mark.parametrize(
    "filler", ["mạng chậm quá ", "em ", "anh Hùng ", "Nguyễn ", "không ", "7 ", "a", "😀", "\u0301", "0.5 "]
)
def test_a_long_text_is_masked_to_its_end(filler: str) -> None:
    """Longer than the room of words, with a name and a number at every place of its edge."""
    for size in (508, 511, 512, 513, 1030):
        said = filler * size + ". gặp chị Nguyễn Thị Bông nhé, số 0912345678"
        masked = mask_batch(pa.array([said]))[0].as_py()
        assert masked.endswith(". gặp chị [tên] nhé, số [số điện thoại]")
        assert mask(masked) == masked
