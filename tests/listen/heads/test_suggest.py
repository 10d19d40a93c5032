from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from tantam.listen.heads import train
from tantam.listen.heads.suggest import NEAR, suggest
from tests.listen.heads.a_head import opinions

TEXTS, LABELS = opinions(200)
MODEL = train(TEXTS, LABELS, "lời", seed=1, bits=12)
UNSURE = ["xe tới trễ mà tài xế hiền", "hàng hơi móp nhưng cho đổi", "chẳng biết nói sao về chuyện này"]


def test_what_the_head_does_not_know_comes_first() -> None:
    found = suggest([TEXTS + UNSURE], MODEL, count=10)
    assert set(UNSURE) <= {s.text for s in found[:5]}
    assert all(s.likeliest in ("khen", "chê") and s.p is not None and 0 < s.p < 1 for s in found)


@given(st.integers(0, 1000), st.integers(1, 5))
def test_the_order_and_the_batches_do_not_matter(seed: int, parts: int) -> None:
    texts = TEXTS + UNSURE
    expected = suggest([texts], MODEL, count=8)
    random.Random(seed).shuffle(texts)
    assert suggest([texts[i::parts] for i in range(parts)], MODEL, count=8) == expected


def test_no_near_copies_and_nothing_without_words() -> None:
    texts = [
        "mạng ở nhà tôi chậm lắm",
        "MANG O NHA TOI CHAM LAM!!",
        "mạng ở nhà tôi chậm lắm luôn",
        "",
        "...",
        "sóng yếu",
    ]
    found = [s.text for s in suggest([texts], MODEL)]
    assert len(found) == 2
    words = [set(text.lower().split()) for text in found]
    assert len(words[0] & words[1]) < NEAR * len(words[0] | words[1])


def test_without_a_model_texts_are_spread_over_words() -> None:
    same = [f"cho hỏi gói cước loại {n}" for n in range(50)]
    other = ["sóng yếu ngoài đảo", "nhân viên nhiệt tình", "thẻ nạp bị lỗi"]
    found = suggest([same + other], count=4)
    assert set(other) <= {s.text for s in found}
    assert all(s.likeliest is None and s.p is None for s in found)


def test_the_pool_is_bounded_and_the_best_stay_in_it() -> None:
    batches = ([f"{t} {n} {k}" for k, t in enumerate(TEXTS)] for n in range(5))
    many = [*batches, UNSURE]
    assert set(UNSURE) <= {s.text for s in suggest(many, MODEL, count=5)}
