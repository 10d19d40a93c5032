from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tantam.listen.clean import Tokens
from tantam.listen.heads import answer, answering
from tantam.listen.heads.features import rows_of
from tantam.listen.heads.model import Head, Model
from tests.listen.heads.a_head import picked, random_model, random_tokens

LENGTHS = st.lists(st.integers(0, 30), min_size=1, max_size=12)


def by_hand(model: Model, head: Head, rows: np.ndarray) -> tuple[int, float, list[bool]]:
    """One head's answer by its definition in ``Head``, in plain Python."""
    sums = model.table[rows].astype(np.int64).sum(axis=0)
    norm = max(int(sums[head.norm]), 1) ** 0.5
    margins = [head.scale[k] * int(sums[c]) / norm + head.bias[k] for k, c in enumerate(head.columns)]
    if head.several:
        logits = [head.slope[k] * m + head.offset[k] for k, m in enumerate(margins)]
        best = max(range(len(logits)), key=logits.__getitem__)
        on = [m >= head.cut[k] or k == best for k, m in enumerate(margins)]
        logit = logits[best]
    else:
        margins = [-margins[0], margins[0]] if len(head.labels) == 2 else margins
        best = max(range(len(margins)), key=margins.__getitem__)
        gap = margins[best] - max(m for k, m in enumerate(margins) if k != best)
        logit = head.slope[best] * gap + head.offset[best]
        on = [k == best for k in range(len(margins))]
    return best, 1 / (1 + np.exp(-logit)), on


@given(st.integers(0, 1000), LENGTHS)
def test_the_kernel_answers_as_the_definition_says(seed: int, lengths: list[int]) -> None:
    model, tokens = random_model(seed), random_tokens(seed, lengths)
    starts, rows = rows_of(tokens, model.bits)
    said = answer(model, tokens)
    for head in model.heads:
        for text in range(len(lengths)):
            own = rows[starts[text] : starts[text + 1]]
            label, p, on = by_hand(model, head, own)
            found = said[head.name]
            assert found.label[text] == label
            assert found.on[text].tolist() == on
            assert np.isclose(found.p[text], p, rtol=1e-6)
            assert found.sure[text] == (p >= head.sure_from and bool(model.table[own, head.norm].sum()))


@given(st.integers(0, 1000), LENGTHS, st.randoms(use_true_random=False))
def test_an_answer_hangs_on_its_own_text_alone(seed: int, lengths: list[int], chance: object) -> None:
    model, tokens = random_model(seed), random_tokens(seed, lengths)
    rows = list(range(len(lengths)))
    chance.shuffle(rows)  # type: ignore[attr-defined]
    whole, moved = answer(model, tokens), answer(model, picked(tokens, rows))
    for name, found in whole.items():
        for part in ("label", "p", "sure", "on"):
            assert np.array_equal(getattr(found, part)[rows], getattr(moved[name], part))


def test_no_text_and_a_text_without_words() -> None:
    model = random_model(1)
    nothing = answer(model, random_tokens(1, []))
    assert all(a.label.shape == (0,) and a.on.shape[0] == 0 for a in nothing.values())
    silent = answer(model, random_tokens(1, [0, 0]))
    assert not any(a.sure.any() for a in silent.values())
    assert all(np.isfinite(a.p).all() for a in silent.values())


def test_an_endless_text_overflows_nothing() -> None:
    model = random_model(2)
    table = np.full_like(model.table, 2047)
    head = model.heads[0]
    sure = Head(**{**vars(head), "scale": (1.0,), "bias": (0.0,), "slope": (1.0, 1.0), "offset": (0.0, 0.0)})
    words = np.zeros(answering.MOST_WORDS + 1000, np.uint64)
    said = answer(Model((sure,), table), Tokens(np.array([0, words.size]), words, words))["two"]
    assert said.label[0] == 1 and said.p[0] == 1


def test_the_arrays_may_be_read_only_and_strided() -> None:
    model, tokens = random_model(3), random_tokens(3, [5, 7])
    wide = np.repeat(tokens.exact, 2)[::2]
    for array in (tokens.offsets, tokens.plain, wide):
        array.flags.writeable = False
    whole = answer(model, tokens)["three"].label
    assert np.array_equal(answer(model, Tokens(tokens.offsets, wide, tokens.plain))["three"].label, whole)
