from __future__ import annotations

import numpy as np
import pytest

from tantam.errors import BadInput
from tantam.listen.heads import Model, answer, join, train
from tantam.listen.heads.augment import SHORT, accent_free, teen
from tantam.listen.heads.measure import measure
from tantam.listen.heads.training import UNSURE, encoded, learn
from tests.listen.heads.a_head import opinions

TEXTS, LABELS = opinions(300)
MODEL = train(TEXTS, LABELS, "lời", seed=1, bits=14)


def test_the_same_texts_and_seed_give_the_same_model() -> None:
    again = train(TEXTS, LABELS, "lời", seed=1, bits=14)
    assert again.heads == MODEL.heads and np.array_equal(again.table, MODEL.table)


def test_it_learns_and_knows_others_spellings() -> None:
    texts, labels = opinions(200, seed=9)
    for spelt in (
        texts,
        [accent_free(t) for t in texts],
        [t.upper() for t in texts],
        [teen(t, 77) for t in texts],
    ):
        assert measure(MODEL, spelt, labels).weighted_f1 > 0.97


def test_the_least_probable_tenth_is_unsure() -> None:
    chance = np.random.default_rng(0)
    noisy = [label if chance.random() < 0.8 else chance.choice(["khen", "chê"]) for label in LABELS]
    learned = learn(TEXTS, noisy, "lời", seed=1, bits=14)
    head = learned.model.heads[0]
    assert np.isclose((learned.p < head.sure_from).mean(), UNSURE, atol=0.02)
    # Held-out probabilities are honest: their mean is the share that is right.
    right = learned.truth[np.arange(len(TEXTS)), learned.likeliest]
    assert abs(learned.p.mean() - right.mean()) < 0.03


def test_several_labels() -> None:
    texts, feels = opinions(300, seed=3)
    where = ["quầy" if "quầy" in t else "nhà" if "nhà tôi" in t else "" for t in texts]
    labels = ["|".join(filter(None, pair)) for pair in zip(feels, where, strict=True)]
    model = train(texts, labels, "chuyện", seed=0, bits=14)
    (head,) = model.heads
    assert head.several and head.labels == ("chê", "khen", "nhà", "quầy")
    found = measure(model, texts, labels)
    assert found.macro_f1 > 0.95
    said = answer(model, encoded(texts))["chuyện"]
    assert said.on[np.arange(len(texts)), said.label].all()


def test_three_labels_of_which_one_has_a_single_text() -> None:
    texts, labels = opinions(60)
    model = train([*texts, "zzz yyy xxx"], [*labels, "lạ"], "lời", seed=0, bits=12)
    assert model.heads[0].labels == ("chê", "khen", "lạ")
    assert np.isfinite(answer(model, encoded(texts))["lời"].p).all()


def test_probabilities_stay_probabilities_where_all_is_right() -> None:
    texts = ["tốt"] * 20 + ["tệ"] * 20
    model = train(texts, ["a"] * 20 + ["b"] * 20, "x", seed=0, bits=10)
    said = answer(model, encoded(texts))["x"]
    assert (said.p > 0.8).all() and (said.p < 1).all()


@pytest.mark.parametrize(
    ("texts", "labels", "bits", "code"),
    [
        (["a"] * 5, ["x", "y"] * 2 + ["x"], 12, "too_few_rows"),
        ([], [], 12, "too_few_rows"),
        (["a"] * 20, ["x"] * 20, 12, "one_label"),
        (["a"] * 20, ["x|y"] * 10 + ["x"] * 10, 12, "one_label"),
        (TEXTS, LABELS, 9, "bad_bits"),
        (TEXTS, LABELS, 30, "bad_bits"),
    ],
)
def test_what_cannot_be_learned(texts: list[str], labels: list[str], bits: int, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        train(texts, labels, "x", seed=0, bits=bits)
    assert refused.value.code == code


def test_hostile_texts_are_only_texts() -> None:
    hostile = [
        "\0",
        "\ud800 lone",
        "\u202engược",
        "a" * 100_000,
        "",
        "   ",
        "😀" * 50,
        "\x1b[31m",
        "\u064b" * 100,
        "\u2060",
    ]
    model = train(TEXTS[:100] + hostile, LABELS[:100] + ["khen", "chê"] * 5, "lời", seed=0, bits=12)
    assert np.isfinite(answer(model, encoded(hostile))["lời"].p).all()


def test_joined_heads_answer_as_they_did_apart() -> None:
    other = train(TEXTS, ["số" if t[-1] in "02468" else "lẻ" for t in TEXTS], "chẵn", seed=1, bits=14)
    third = train(*opinions(100, seed=8), "lời khác", seed=4, bits=14)
    joined = join([MODEL, other, third])
    assert [h.name for h in joined.heads] == ["lời", "chẵn", "lời khác"]
    assert joined.heads[0].norm == joined.heads[1].norm != joined.heads[2].norm
    tokens = encoded(TEXTS)
    both = answer(joined, tokens)
    for model in (MODEL, other, third):
        for name, found in answer(model, tokens).items():
            assert np.array_equal(found.p, both[name].p) and np.array_equal(found.label, both[name].label)


def test_a_joined_head_of_the_same_name_takes_the_place() -> None:
    newer = train(*opinions(100, seed=8), "lời", seed=4, bits=14)
    joined = join([MODEL, newer])
    assert len(joined.heads) == 1 and joined.heads[0].trained_on == 100
    assert np.array_equal(joined.table, newer.table)


def test_joining_refuses_other_sizes_and_nothing() -> None:
    with pytest.raises(BadInput, match="other_table_size"):
        join([MODEL, train(TEXTS, LABELS, "x", seed=0, bits=12)])
    with pytest.raises(BadInput, match="no_heads"):
        join([])
    with pytest.raises(BadInput, match="no_such_head"):
        Model(MODEL.heads, MODEL.table).head("không có")


def test_shorthand_is_the_texts_own() -> None:
    assert teen("không được đâu", 1) == teen("không được đâu", 1)
    assert len({teen("không được với người ta nhiều", seed) for seed in range(20)}) > 5
    assert all(word == word.lower() and " " not in word for word in SHORT)
    assert accent_free("ĐIỆN THOẠI hoà") == "dien thoai hoa"
