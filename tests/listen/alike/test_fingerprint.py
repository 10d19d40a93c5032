"""What a text is known by: the same everywhere and for ever, blind to accents, not to order."""

from __future__ import annotations

import hashlib

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.listen import alike
from tantam.listen.alike import kernels
from tantam.listen.alike.signature import FEWEST_WORDS, VALUES
from tantam.listen.clean import Tokens, tokenize


def _tokens(texts: list[list[int]]) -> Tokens:
    offsets = np.cumsum([0, *map(len, texts)], dtype=np.int64)
    words = np.array([word for text in texts for word in text], np.uint64)
    return Tokens(offsets, words, words)


def _of(*texts: str) -> tuple[np.ndarray, np.ndarray]:
    return alike.fingerprint(tokenize(pa.array(texts)))


WORDS = st.lists(st.integers(0, 2**64 - 1), max_size=30)


def test_golden() -> None:
    words = [(i * 0x9E3779B97F4A7C15) % 2**64 for i in range(1, 13)]
    hashes, signatures = alike.fingerprint(_tokens([words, words[::-1], words[:3], [], [0]]))
    assert signatures.shape == (5, alike.SIGNATURE_BYTES)
    assert hashes.tolist() == [
        -5143402989001872933,
        -5754799108473042903,
        7080836495182727178,
        0,
        2002880769306110869,
    ]
    assert [hashlib.sha256(row).hexdigest()[:16] for row in signatures] == [
        "0d7862b9fdbf47a5",
        "8fae269e689e7d1c",
        "7a6c580074a6d5b7",
        "f5a5fd42d16a2030",
        "8dce4d2f0e048cf2",
    ]


def test_accents_case_and_punctuation_are_not_seen() -> None:
    hashes, signatures = _of("Mạng Viettel chậm quá, gọi không được!", "mang viettel cham qua goi khong duoc")
    assert hashes[0] == hashes[1] != 0
    assert (signatures[0] == signatures[1]).all()


def test_order_is_seen_by_the_hash() -> None:
    hashes, _ = _of("gói này đắt", "đắt này gói")
    assert hashes[0] != hashes[1]


def test_numbers_are_one_number() -> None:
    hashes, _ = _of("mã xác nhận 1234", "mã xác nhận 98", "mã xác nhận abc")
    assert hashes[0] == hashes[1] != hashes[2]


def test_texts_without_words_have_no_fingerprint() -> None:
    hashes, signatures = alike.fingerprint(tokenize(pa.array(["", None, "…!?", "  "])))
    assert not hashes.any()
    assert not signatures.any()
    empty = alike.fingerprint(_tokens([]))
    assert [len(part) for part in empty] == [0, 0]


def test_slices_of_tokens_are_taken() -> None:
    tokens = _tokens([[1, 2, 3, 4, 5, 6], [7], [8, 9]])
    tail = Tokens(tokens.offsets[1:], tokens.exact, tokens.plain)
    for whole, part in zip(alike.fingerprint(tokens), alike.fingerprint(tail), strict=True):
        assert (whole[1:] == part).all()


@given(st.lists(WORDS, max_size=8))
def test_a_text_has_the_same_fingerprint_in_any_company(texts: list[list[int]]) -> None:
    hashes, signatures = alike.fingerprint(_tokens(texts))
    for i, text in enumerate(texts):
        alone = alike.fingerprint(_tokens([text]))
        assert alone[0][0] == hashes[i]
        assert (alone[1][0] == signatures[i]).all()
        assert (hashes[i] == 0) == (not text)


@given(WORDS.filter(lambda text: len(text) >= FEWEST_WORDS), st.integers(1, 5))
def test_said_twice_is_the_same_set_but_not_the_same_text(text: list[int], times: int) -> None:
    """Words and pairs of words are a set: only the seam between two copies adds a pair."""
    hashes, signatures = alike.fingerprint(_tokens([text * 2, text * (2 + times)]))
    assert hashes[0] != hashes[1]
    assert (signatures[0] == signatures[1]).all()


@pytest.mark.parametrize("shared", [0, 5, 10, 15, 20])
def test_signatures_estimate_resemblance(shared: int) -> None:
    """Over many pairs the share of equal values is that of shared words and pairs, and the chance of four bits."""
    r = np.random.default_rng(shared)
    pairs = [r.integers(0, 2**63, 40 - shared) for _ in range(300)]
    texts = [half.tolist() for p in pairs for half in (p[:20], p[20 - shared :])]
    signatures = alike.fingerprint(_tokens(texts))[1].view(np.uint64)
    agreeing = [kernels._agreeing(signatures, i, signatures, i + 1) for i in range(0, 600, 2)]
    both, alone = shared + max(shared - 1, 0), 20 + 19
    resemblance = both / (2 * alone - both)
    expected = resemblance + (1 - resemblance) / 16
    assert np.mean(agreeing) / VALUES == pytest.approx(expected, abs=0.02)
