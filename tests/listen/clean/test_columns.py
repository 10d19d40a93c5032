"""Columns of every kind and size: types, slices, chunks, nulls, giants, threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.errors import BadInput
from tantam.listen.clean import Cleaned, Tokens, batch, clean, clean_text, tokenize, words

from . import a_text

KINDS = (pa.string(), pa.large_string(), pa.binary(), pa.large_binary())
TEXTS = ["Hoà ko", None, "", "  ", "khoong dduwowcj", "a_b\0", "👍", "x" * 200, "http://a.vn/B", "mn mn mn"]


def same(one: Tokens, other: Tokens) -> bool:
    return all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in ("offsets", "exact", "plain")
    )


def column(texts: list[str | None], kind: pa.DataType) -> pa.Array:
    return pa.array([None if t is None else t.encode() for t in texts], pa.large_binary()).cast(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_column(kind: pa.DataType) -> None:
    got = clean(column(TEXTS, kind))
    assert got.text.type == pa.large_string()
    assert got.text.to_pylist() == [None if t is None else clean_text(t) for t in TEXTS]
    assert np.diff(got.tokens.offsets).tolist() == [0 if t is None else len(words(t)) for t in TEXTS]
    assert same(tokenize(column(TEXTS, kind)), got.tokens)
    got.text.validate(full=True)


def test_a_null_is_null_and_empty_is_empty() -> None:
    assert clean(pa.array([None, ""], pa.string())).text.to_pylist() == [None, ""]
    assert clean(pa.nulls(3)).text.to_pylist() == [None] * 3
    assert tokenize(pa.nulls(3)).offsets.tolist() == [0, 0, 0, 0]
    for nothing in (pa.array([], pa.string()), pa.chunked_array([], pa.string())):
        got = clean(nothing)
        assert (len(got.text), got.tokens.offsets.tolist(), len(got.tokens.exact)) == (0, [0], 0)


def test_a_null_that_hides_bytes_has_no_words() -> None:
    bits = pa.py_buffer(bytes([0b101]))
    hidden = pa.Array.from_buffers(
        pa.string(), 3, [bits, pa.py_buffer(np.array([0, 2, 9, 11], np.int32)), pa.py_buffer(b"ko secret ko")]
    )
    assert tokenize(hidden).offsets.tolist() == [0, 1, 1, 2]


@pytest.mark.parametrize("kind", [pa.int64(), pa.list_(pa.string()), pa.dictionary(pa.int8(), pa.int64())])
def test_what_holds_no_text_is_refused(kind: pa.DataType) -> None:
    with pytest.raises(BadInput) as refused:
        clean(pa.array([], kind) if not pa.types.is_dictionary(kind) else pa.array([1]).dictionary_encode())
    assert refused.value.code == "not_text"


@given(st.lists(st.none() | a_text.hostile.filter(lambda t: t.isprintable()), max_size=12), st.data())
def test_slices_and_chunks_are_the_whole_in_any_order(texts: list[str | None], data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(KINDS))
    texts = [None if t is None else t.encode("utf-8", "replace").decode() for t in texts]
    whole = column(texts, kind)
    start = data.draw(st.integers(0, len(texts)))
    end = data.draw(st.integers(start, len(texts)))
    alone = clean(column(texts[start:end], kind))
    sliced = clean(whole[start:end])
    assert sliced.text.equals(alone.text)
    assert same(sliced.tokens, alone.tokens)
    chunks = clean(pa.chunked_array([whole[:start], whole[start:end], whole[end:]], kind))
    assert chunks.text.equals(clean(whole).text)
    assert same(chunks.tokens, clean(whole).tokens)
    turned = clean(column(texts[::-1], kind))
    assert turned.text.to_pylist() == clean(whole).text.to_pylist()[::-1]


def test_dictionaries_are_read() -> None:
    assert clean(pa.array(["ko", "đc", "ko"]).dictionary_encode()).text.to_pylist() == [
        "không",
        "được",
        "không",
    ]


def test_a_column_is_cut_by_its_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = pa.array([t and t * 3 for t in TEXTS] * 20)
    whole = clean(texts)
    monkeypatch.setattr(batch, "_SLICE_BYTES", 100)
    cut = clean(texts)
    assert cut.text.equals(whole.text)
    assert same(cut.tokens, whole.tokens)


def test_room_is_made_for_texts_that_grow() -> None:
    for text in ("mn", "k,", "ntn ", "ko\n", "你", "a1b"):
        texts = pa.array([text * n for n in (1, 50_000, 3, 0, 70_000)])
        got = clean(texts)
        assert got.text.to_pylist()[2] == clean_text(text * 3)
        assert np.diff(got.tokens.offsets).tolist() == [
            len(words(text * n)) for n in (1, 50_000, 3, 0, 70_000)
        ]


GIANTS = {
    "one letter": "a" * 10_000_000,
    "accents apart": "a\u0301" * 2_000_000,
    "marks on one letter": "a" + "\u0301\u0323" * 2_000_000,
    "unseen": "a\u200b" * 2_000_000,
    "zeros": "\0" * 5_000_000,
    "spaces": "_" * 10_000_000,
    "hosts": "a." * 2_000_000,
    "links": "a://" * 1_000_000,
    "thousands": ("9" + " " * 1000 + "k") * 3_000,
    "keystrokes": "khoong " * 500_000,
    "weak keystrokes": "cos baif " * 300_000,
    "Han": "你" * 1_000_000,
    "emoji": "👍🏻" * 700_000,
    "growing": "mn," * 500_000,
}


@pytest.mark.parametrize("name", GIANTS)
def test_giants_come_back(name: str) -> None:
    """Quadratic time would not."""
    got = clean(pa.array([GIANTS[name], "ko"]))
    assert got.text[1].as_py() == "không"
    assert got.tokens.exact.tolist() == tokenize(pa.array([GIANTS[name], "ko"])).exact.tolist()
    assert clean(got.text).text.equals(got.text)


def test_offsets_beyond_two_gigabytes() -> None:
    far = 2**31 + 5
    data = np.zeros(far + 10, np.uint8)  # a page that nobody touches takes no memory
    data[far:] = list(b"ko gi ntn ")
    held = pa.Array.from_buffers(
        pa.large_string(), 2, [None, pa.py_buffer(np.array([far, far + 3, far + 10])), pa.py_buffer(data)]
    )
    assert clean(held).text.to_pylist() == ["không", "gi như thế nào"]


def test_threads_and_what_was_cleaned_before_change_nothing() -> None:
    texts = pa.array(
        [f"{word} {i} ko 👍🏻 nhaan cos" for i in range(2_000) for word in ("hoà", "THUỶ", "đc", "a_b")]
    )
    alone = clean(texts)
    with ThreadPoolExecutor(4) as pool:
        results: list[Cleaned] = list(pool.map(clean, [texts] * 8))
    for got in results:
        assert got.text.equals(alone.text)
        assert same(got.tokens, alone.tokens)


def test_what_is_given_is_not_written_to() -> None:
    held = ["HOÀ ko\u200b", "Khoong Cos Gif"]
    texts = pa.array(held)
    clean(texts)
    assert texts.to_pylist() == held
