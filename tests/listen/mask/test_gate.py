"""The gate answers the same whether it remembers words or reads each letter by letter, whatever the bytes."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tantam.listen.mask import alphabet, found, gate, kernels, vocabulary
from tantam.listen.mask.desk import NO_MEMO, desk, new_memo
from tantam.listen.mask.raw import WIDTH
from tests.listen.mask import marked
from tests.listen.mask.texts import TEXTS, WORDS

Memo = NDArray[np.uint64]

HOSTILE = [
    *(b" ", b" ", b" ", b"  ", b", ", b". ", b"\n", b"\t", b"_", b"@", b"\x00", b"\x7f", b"0", b"9 ", b"7x"),
    *(b"\xff", b"\xe1\xba", b"\xc3", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"a" * 40),
    *(b"h" * (WIDTH + more) for more in (-1, 0, 1)),
    *(sign.encode() for sign in ("”", "\u200b", "\u0301", "\u00a0", "\u3000", "\U000e0001", "٣", "Ｈùng")),
]
PIECES = st.one_of(
    st.sampled_from([w.encode() for w in WORDS]), st.sampled_from(HOSTILE), st.binary(max_size=4)
)
LINES = st.one_of(
    st.lists(PIECES, max_size=40).map(b"".join), TEXTS.map(lambda t: t.encode("utf-8", "surrogatepass"))
)
WARM = new_memo()
"""What was read in all examples so far stays in it, as it does in a thread."""


def flags(texts: list[bytes], memo: Memo) -> list[int]:
    data, offsets = np.frombuffer(b"".join(texts), np.uint8), np.cumsum([0, *map(len, texts)])
    made = np.zeros(len(texts), np.uint8)
    kernels.flag(data, offsets, made, alphabet.CLASSES, *vocabulary.tables(), *desk(memo))
    return [int(held) for held in made]


def names(text: bytes, memo: Memo) -> list[tuple[int, ...]]:
    data, at_desk, made = np.frombuffer(text, np.uint8), desk(memo), []
    at, word = 0, 0
    while at < data.size:
        at, word, count = kernels.step(data, at, word, alphabet.CLASSES, *vocabulary.tables(), *at_desk)
        made += [tuple(span) for span in at_desk.spans[:count].tolist()]
    return made


@given(st.lists(LINES, max_size=6))
def test_what_is_remembered_changes_no_answer(texts: list[bytes]) -> None:
    plain, fresh = flags(texts, NO_MEMO), new_memo()
    assert flags(texts, fresh) == plain
    assert flags(texts, fresh) == plain
    assert flags(texts, WARM) == plain
    for text in texts:
        assert names(text, WARM) == names(text, NO_MEMO)


@given(st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join))
def test_words_a_space_apart_let_nothing_by(text: str) -> None:
    """Nearly all of them come out of the memo."""
    gate.flag(np.frombuffer(text.encode(), np.uint8), np.array([0, len(text.encode())]))
    held = flags([text.encode()], WARM)[0]
    kinds = set(found(text))
    assert held or not kinds
    assert held & gate.MAY_HOLD_NUMBER or not kinds - {"name"}


def test_a_word_that_the_end_of_a_text_cuts_is_not_the_whole_word() -> None:
    """Texts of a column lie side by side, nothing between."""
    whole = "chị Hùng".encode()
    texts = [whole[:cut] for cut in range(len(whole) + 1)] + [whole[cut:] for cut in range(len(whole))]
    padded = [*texts * 2, b" " * WIDTH]
    assert flags(padded, new_memo()) == flags(padded, NO_MEMO)


def test_a_full_memo_still_answers() -> None:
    """Far more words than it holds, each read twice."""
    letters = "abcdefghiklmnopqrstuvxy"
    words = [a + b + c + d for a in letters for b in letters for c in letters for d in "aeiou"]
    texts = [f"chị {' '.join(words[i : i + 9])} tên Hùng".encode() for i in range(0, len(words), 9)] * 2
    memo = new_memo()
    assert flags(texts, memo) == flags(texts, NO_MEMO)
    assert np.count_nonzero(memo) > memo.size // 3


def test_a_megabyte_without_a_space() -> None:
    for piece in (b"a", "ạ".encode(), b"\xff", b"\x00", "\u0301".encode()):
        text = piece * (1_000_000 // len(piece)) + " chị Hùng 0912345678".encode()
        assert flags([text, b""], WARM) == [gate.MAY_HOLD_NUMBER | gate.HOLDS_NAME, 0]


def test_threads_do_not_see_each_other_s_words() -> None:
    texts = [
        m.text.encode() for m in marked.read("numbers_seen.txt", "names_seen.txt", "plain_seen.txt")
    ] * 20
    plain = np.array(flags(texts, NO_MEMO), np.uint8)
    data, offsets = np.frombuffer(b"".join(texts), np.uint8), np.cumsum([0, *map(len, texts)])
    with ThreadPoolExecutor(4) as pool:
        for made in pool.map(lambda _: gate.flag(data, offsets), range(8)):
            assert (made == plain).all()


def test_the_marked_texts() -> None:
    texts = [
        m.text.encode()
        for half in ("seen", "held")
        for m in marked.read(*(f"{what}_{half}.txt" for what in ("numbers", "names", "plain")))
    ]
    assert flags(texts, WARM) == flags(texts, NO_MEMO)


@pytest.mark.parametrize(
    "file",
    ["uit-vsfc/train/sents.txt", "uit-visfd/Train.csv", "vn-bank-app-reviews/reviews.csv", "vn-sms/sms.csv"],
)
def test_real_texts(file: str) -> None:
    path = Path(os.environ.get("TANTAM_DATA", "/nowhere")) / file
    if not path.exists():
        pytest.skip("TANTAM_DATA is not set or has not this set: real texts are not looked at")
    texts = path.read_bytes().splitlines()
    memo = new_memo()
    plain = flags(texts, NO_MEMO)
    assert flags(texts, memo) == plain
    assert flags(texts, memo) == plain
