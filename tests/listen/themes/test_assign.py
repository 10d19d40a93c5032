"""The kernel that gives each text its theme, against the same sum in plain Python."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.listen.clean import Tokens, hash_word, tokenize
from tantam.listen.themes import Themes, assign
from tantam.listen.themes import kernel as kernels
from tantam.listen.themes.vectors import AT_LEAST
from tantam.listen.themes.wordlist import NO_SUBJECT, passed_over
from tests.listen.themes.a_sample import complaints, learnt, words_of

WORDS = sorted(
    {word for text in complaints(each=20)[0] for word in text.split()} | {"lạ", "không", "", "123"}
)
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join), min_size=1, max_size=12)


@cache
def themes() -> Themes:
    return learnt(complaints()[0], parts=4)


def plainly(tokens: Tokens) -> list[tuple[int, float]]:
    """The nearest theme of each text and the cosine, feature by feature."""
    v = themes().vectors
    place = {int(key): i for i, key in enumerate(v.keys)}
    passed = set(passed_over().tolist())
    answers = []
    for a, b in zip(tokens.offsets, tokens.offsets[1:], strict=False):
        features, strange = set(), 0
        for i in range(a, b):
            is_passed = int(tokens.exact[i]) in passed
            keys = [] if is_passed else [int(tokens.plain[i]) >> 33]
            if i > a and not (is_passed and int(tokens.exact[i - 1]) in passed):
                pair = tokens.plain[i - 1 : i + 1] >> np.uint64(33)
                keys.append(int(kernels.pair(pair[0], pair[1])))
            strange += not is_passed and keys[0] not in place
            features |= {place[key] for key in keys if key in place}
        at = sorted(features)
        square = float((v.idf[at].astype(float) ** 2).sum()) + strange * v.rare**2
        cosine = (v.unit[:, at] @ v.idf[at]) / max(square, 1e-9) ** 0.5
        best = int(np.argmax(cosine))
        answers.append((best if cosine[best] >= AT_LEAST else -1, float(cosine[best])))
    return answers


@given(TEXTS)
def test_the_kernel_gives_what_the_plain_sum_gives(texts: list[str]) -> None:
    tokens = words_of(texts)
    at, strength = assign(themes(), tokens)
    for (theme, cosine), got, near in zip(plainly(tokens), at.tolist(), strength.tolist(), strict=True):
        assert near == pytest.approx(cosine, abs=1e-4)
        assert got == theme or abs(cosine - AT_LEAST) < 1e-4 or near > 0


@given(TEXTS)
def test_a_text_is_answered_on_its_own(texts: list[str]) -> None:
    whole = assign(themes(), words_of(texts))
    for i, text in enumerate(texts):
        one = assign(themes(), words_of([text]))
        assert one[0][0] == whole[0][i]
        assert one[1][0] == whole[1][i]


@given(st.lists(st.text(), max_size=6))
def test_any_text_is_answered(texts: list[str]) -> None:
    tokens = tokenize(pa.array([t.encode("utf-8", "surrogatepass") for t in texts], pa.large_binary()))
    at, strength = assign(themes(), tokens)
    assert len(at) == len(strength) == len(texts)
    assert ((at >= -1) & (at < len(themes().ids))).all()
    assert np.isfinite(strength).all() and (strength >= 0).all() and (strength <= 1.001).all()


def test_a_slice_of_words_need_not_begin_at_0() -> None:
    texts = complaints(each=5)[0]
    tokens = words_of(texts)
    later = Tokens(tokens.offsets[7:], tokens.exact, tokens.plain)
    assert (assign(themes(), later)[0] == assign(themes(), tokens)[0][7:]).all()


def test_saying_it_twice_or_without_accents_is_the_same_theme() -> None:
    said = ["mất sóng trong nhà", "mat song trong nha", "mất sóng mất sóng trong nhà trong nhà"]
    assert len(set(assign(themes(), words_of(said))[0].tolist())) == 1


def test_what_is_about_something_else_has_no_theme() -> None:
    said = ["thời tiết hôm nay đẹp", "đội bóng đá thua trận chung kết", "", "và là của"]
    assert assign(themes(), words_of(said))[0].tolist() == [-1] * 4
    assert assign(Themes(), words_of(said))[0].tolist() == [-1] * 4


def test_words_without_a_subject_alone_make_no_feature() -> None:
    tokens = words_of([" ".join(sorted(NO_SUBJECT))])
    assert assign(themes(), tokens)[1][0] == 0
    assert hash_word("và")[0] in passed_over()
    assert hash_word("mạng")[0] not in passed_over()


def test_a_theme_put_into_another_gives_that_one() -> None:
    texts = complaints()[0]
    plain = assign(themes(), words_of(texts))[0]
    merged = assign(themes().edited("T02", into="T03").edited("T03", into="T01"), words_of(texts))[0]
    assert (merged == np.where(np.isin(plain, [1, 2]), 0, plain)).all()
