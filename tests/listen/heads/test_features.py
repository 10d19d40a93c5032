from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tantam.listen.clean import Tokens, hash_word
from tantam.listen.heads.features import rows_of
from tests.listen.heads.a_head import picked, random_tokens


def tokens_of(*texts: str) -> Tokens:
    words = [text.split() for text in texts]
    offsets = np.concatenate([[0], np.cumsum([len(w) for w in words])]).astype(np.int64)
    hashes = np.array([hash_word(w) for text in words for w in text], np.uint64).reshape(-1, 2)
    return Tokens(offsets, hashes[:, 0].copy(), hashes[:, 1].copy())


def rows(text: str, bits: int = 18) -> list[int]:
    return list(rows_of(tokens_of(text), bits)[1].tolist())


def test_golden_rows() -> None:
    """Models hang on these: whoever changes them changes HASH_VERSION."""
    assert rows("mất sóng") == [121992, 138993, 170552, 203173, 159659, 246523]


def test_a_word_and_a_pair_give_two_rows_each() -> None:
    assert [len(rows(" ".join(["a"] * n))) if n else 0 for n in range(4)] == [0, 2, 6, 10]


def test_accents_change_the_exact_rows_alone() -> None:
    with_, without = rows("mạng yếu"), rows("mang yeu")
    # word, pair, word: exact and plain in turn.
    assert with_[1::2] == without[1::2]
    assert not set(with_[0::2]) & set(without[0::2])
    assert not set(without[0::2]) & set(without[1::2])


def test_the_order_of_two_words_matters_to_their_pair_alone() -> None:
    one, other = rows("không tốt"), rows("tốt không")
    assert sorted(one[:2] + one[4:]) == sorted(other[:2] + other[4:])
    assert one[2:4] != other[2:4]


@given(st.integers(0, 100), st.lists(st.integers(0, 20), max_size=8), st.integers(10, 20))
def test_texts_do_not_touch(seed: int, lengths: list[int], bits: int) -> None:
    tokens = random_tokens(seed, lengths)
    starts, found = rows_of(tokens, bits)
    assert starts[-1] == found.size == sum(max(4 * n - 2, 0) for n in lengths)
    assert not found.size or (found.min() >= 0 and found.max() < 1 << bits)
    for text in range(len(lengths)):
        alone = rows_of(picked(tokens, [text]), bits)[1]
        assert np.array_equal(found[starts[text] : starts[text + 1]], alone)


def test_pairs_are_spread_evenly() -> None:
    words = np.random.default_rng(0).integers(0, 2**64, 100, dtype=np.uint64)
    pairs = np.stack(np.meshgrid(words, words), axis=-1).reshape(-1)
    tokens = Tokens(np.arange(0, pairs.size + 1, 2), pairs, pairs)
    for kind in (2, 3):  # exact and plain: each text has the rows word, word, pair, pair, word, word
        counts = np.bincount(rows_of(tokens, 10)[1][kind::6], minlength=1024)
        assert (counts - counts.mean()).std() < 1.2 * counts.mean() ** 0.5
