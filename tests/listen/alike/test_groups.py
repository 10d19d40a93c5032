"""Groups: lowest head, nobody lost, no chain glued end to end, nothing slow for hostile input."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.errors import BadInput
from tantam.listen import alike
from tantam.listen.alike import groups, kernels
from tantam.listen.alike.signature import SIGNATURE_BYTES, VALUES
from tantam.listen.clean import Tokens, tokenize

SENTENCE = (
    "từ hôm qua tới nay máy tôi không vào được mạng dù đã khởi động lại nhiều lần mong bên kỹ thuật xem giúp"
)


def _link(*texts: str | None, at_least: float = groups.AT_LEAST) -> list[int]:
    return alike.link(*alike.fingerprint(tokenize(pa.array(texts))), at_least=at_least).tolist()


def _tokens(rows: np.ndarray) -> Tokens:
    words = np.ascontiguousarray(rows, np.uint64).ravel()
    return Tokens(np.arange(len(rows) + 1, dtype=np.int64) * rows.shape[1], words, words)


def test_the_lowest_text_is_the_head_even_of_a_more_repeated_wording() -> None:
    often = SENTENCE.replace("hôm qua", "hôm kia")
    assert _link("khác hẳn, một chuyện không liên quan gì cả", SENTENCE, often, often, often.upper()) == [
        0,
        1,
        1,
        1,
        1,
    ]


def test_texts_without_words_are_never_copies() -> None:
    assert _link("", None, "…", "", "a b", "a b") == [0, 1, 2, 3, 4, 4]


def test_short_texts_have_exact_copies_alone() -> None:
    assert _link("rất tốt", "không tốt", "tốt", "Rất tốt!", "rất rất tốt") == [0, 1, 2, 0, 4]


def test_nothing_is_no_trouble() -> None:
    assert _link() == []
    assert _link("một") == [0]


def test_a_chain_of_small_changes_is_not_glued_end_to_end() -> None:
    """Each text has one word of thirty replaced: neighbours are near copies, the ends share nothing."""
    chain = [list(range(30))]
    for k in range(300):
        following = chain[-1].copy()
        following[(7 * k) % 30] = 1_000 + k
        chain.append(following)
    mixed = np.array(chain, np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    hashes, signatures = alike.fingerprint(_tokens(mixed))
    heads = alike.link(hashes, signatures)
    assert 12 <= np.unique(heads).size <= 100
    for head in np.unique(heads):
        members = np.flatnonzero(heads == head)
        assert members.max() - members.min() < 30, "no group reaches further than both sides of one wording"


@given(st.lists(st.integers(0, 11), min_size=1, max_size=60))
def test_every_text_agrees_with_the_most_repeated_wording_of_its_group(kinds: list[int]) -> None:
    """Whatever the mixture of overlapping wordings: a star, and the lowest index is its head."""
    rows = np.array([[*range(kind, kind + 12)] for kind in kinds], np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    hashes, signatures = alike.fingerprint(_tokens(rows))
    heads = alike.link(hashes, signatures)
    table = signatures.view(np.uint64)
    for head in np.unique(heads):
        members = np.flatnonzero(heads == head)
        assert members.min() == head
        counts = {m: int((hashes == hashes[m]).sum()) for m in members}
        top = sorted(members, key=lambda m: (-counts[m], hashes[m]))[0]
        need = groups.need_of(groups.FOLLOWERS * groups.AT_LEAST)
        assert all(kernels._agreeing(table, m, table, top) >= need for m in members)


@pytest.mark.parametrize(("less", "groups_of_them"), [(0, 1), (1, 2)])
def test_a_text_follows_its_head_to_one_that_it_agrees_with_a_little_less(
    less: int, groups_of_them: int
) -> None:
    """Values made so that a wording agrees with a more repeated one, and its own copies nearly; one band key."""
    copies, follow = groups.need_of(groups.AT_LEAST), groups.need_of(groups.FOLLOWERS * groups.AT_LEAST)
    assert follow < copies - 2
    values = np.zeros((3, VALUES), np.uint8)
    values[1:, copies + 2 :] = 1
    values[2, 20:30] = 2
    back = follow - less - (copies + 2 - 10)
    values[2, copies + 2 : copies + 2 + back] = 0
    signatures = np.full((3, SIGNATURE_BYTES), 9, np.uint8)
    signatures[:, : VALUES // 2] = values[:, ::2] | values[:, 1::2] << 4
    table = signatures.view(np.uint64)
    assert [kernels._agreeing(table, a, table, b) for a, b in ((0, 1), (0, 2))] == [copies + 2, follow - less]
    assert kernels._agreeing(table, 1, table, 2) >= groups.need_of(0.6)
    rows = np.array([0, 0, 0, 1, 1, 2])
    assert np.unique(alike.link(rows + 1, signatures[rows])).size == groups_of_them


def test_a_million_identical_texts_are_one_group() -> None:
    hashes, signatures = alike.fingerprint(tokenize(pa.array([SENTENCE])))
    heads = alike.link(np.repeat(hashes, 1_000_000), np.repeat(signatures, 1_000_000, axis=0))
    assert not heads.any()


def test_a_hundred_thousand_strangers_with_one_band_key_stay_strangers() -> None:
    """Signatures made so that all ten bands meet and nothing else does: work stays linear, nobody is linked."""
    r = np.random.default_rng(1)
    signatures = r.integers(0, 256, (100_000, SIGNATURE_BYTES), np.uint8)
    signatures[:, :10] = 7
    signatures[:, 32:] = 9
    hashes = r.integers(1, 2**63, 100_000)
    assert np.unique(groups.band_keys(signatures, 3)).size == 1
    assert np.array_equal(alike.link(hashes, signatures, at_least=0.9), np.arange(100_000))


def test_equal_signatures_of_different_hashes_are_one_group() -> None:
    """Texts of one set of words in many orders, as a spinner shuffles them."""
    hashes = np.array([5, 3, 9, 3])
    signatures = np.full((4, SIGNATURE_BYTES), 17, np.uint8)
    assert alike.link(hashes, signatures).tolist() == [0, 0, 0, 0]


def test_read_only_and_unaligned_columns_are_taken() -> None:
    hashes, signatures = alike.fingerprint(
        tokenize(pa.array([SENTENCE, SENTENCE.upper(), SENTENCE + " nhé"]))
    )
    expected = alike.link(hashes, signatures)
    raw = np.frombuffer(b"x" + signatures.tobytes(), np.uint8)[1:].reshape(signatures.shape)
    hashes.flags.writeable = False
    assert np.array_equal(alike.link(hashes, raw), expected)
    assert alike.link(hashes[::-1], signatures[::-1]).tolist() == expected.tolist() == [0, 0, 0]


@pytest.mark.parametrize("at_least", [0.0, -1.0, 1.01, float("nan")])
def test_refuses_a_resemblance_that_is_none(at_least: float) -> None:
    with pytest.raises(BadInput) as refusal:
        _link("một", at_least=at_least)
    assert refusal.value.code == "bad_resemblance"


def test_refuses_signatures_of_another_kind() -> None:
    for wrong in (
        np.zeros((2, 32), np.uint8),
        np.zeros((1, SIGNATURE_BYTES), np.uint8),
        np.zeros((2, 64), np.int8),
    ):
        with pytest.raises(BadInput) as refusal:
            alike.link(np.array([1, 2]), wrong)
        assert refusal.value.code == "bad_signatures"
