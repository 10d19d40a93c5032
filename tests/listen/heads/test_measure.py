from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.errors import BadInput
from tantam.listen.heads import join, train
from tantam.listen.heads.measure import f1_by_label, measure
from tests.listen.heads.a_head import opinions

TEXTS, LABELS = opinions(200)
MODEL = train(TEXTS, LABELS, "lời", seed=1, bits=12)


@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(2, 6))
def test_f1_is_that_of_scikit_learn(seed: int, texts: int, labels: int) -> None:
    from sklearn.metrics import f1_score

    chance = np.random.default_rng(seed)
    truth, on = chance.random((2, texts, labels)) < 0.4
    expected = f1_score(truth, on, average=None, zero_division=0)
    assert np.allclose(f1_by_label(truth, on), expected)


def test_the_figures_are_those_of_scikit_learn() -> None:
    from sklearn.metrics import f1_score

    texts, labels = opinions(100, seed=5)
    wrong = [label if i % 7 else "chê" for i, label in enumerate(labels)]
    found = measure(MODEL, texts, wrong)
    assert found.weighted_f1 == pytest.approx(f1_score(wrong, labels, average="weighted"))
    assert found.macro_f1 == pytest.approx(f1_score(wrong, labels, average="macro"))
    assert found.n == 100 and found.labels == ("chê", "khen") and found.unknown == ()


def test_a_label_never_seen_counts_as_wrong() -> None:
    texts, labels = opinions(100, seed=5)
    found = measure(MODEL, [*texts, "lạ", "lạ lắm"], [*labels, "khác", "khác"])
    assert found.unknown == ("khác",) and found.f1["khác"] == 0 and found.right == pytest.approx(100 / 102)


def test_which_head_is_meant() -> None:
    both = join([MODEL, train(TEXTS, ["x" if len(t) % 2 else "y" for t in TEXTS], "dài", seed=1, bits=12)])
    assert measure(both, TEXTS, LABELS).head == "lời"
    assert measure(both, TEXTS, LABELS, "lời").right > 0.9
    for asked, labels, code in ((None, ["z"] * 200, "which_head"), ("dài", LABELS, "unknown_label")):
        with pytest.raises(BadInput, match=code):
            measure(both, TEXTS, labels, asked)
    with pytest.raises(BadInput, match="no_such_head"):
        measure(both, TEXTS, LABELS, "khác")
    with pytest.raises(BadInput, match="no_rows"):
        measure(both, [], [])
