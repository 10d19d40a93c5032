"""What holds for any text: masking twice is masking once, the gate lets nothing by, and every spelling is seen."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given

from tantam.listen.mask import found, gate, mask
from tantam.listen.mask.careful import KINDS, spans
from tests.listen.mask import marked
from tests.listen.mask.texts import PIECES, TEXTS


def flags(text: str) -> int:
    data = text.encode("utf-8", "surrogatepass")
    return int(gate.flag(np.frombuffer(data, np.uint8), np.array([0, len(data)]))[0])


@given(TEXTS)
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask(text)
    assert mask(once) == once
    assert found(once) == []


@given(TEXTS)
def test_the_gate_lets_nothing_by(text: str) -> None:
    kinds = set(found(text))
    flagged = flags(text)
    assert flagged or not kinds
    if kinds - {"name"}:
        assert flagged & gate.MAY_HOLD_NUMBER
    elif kinds:
        assert flagged & gate.HOLDS_NAME


@given(TEXTS)
def test_spans_are_in_order_and_apart_and_what_mask_takes(text: str) -> None:
    made = spans(text)
    assert all(0 <= a < b <= len(text) for a, b, _ in made)
    assert all(before[1] <= after[0] for before, after in pairwise(made))
    parts, at = [], 0
    for a, b, kind in made:
        parts += [text[at:a], KINDS[kind]]
        at = b
    assert "".join([*parts, text[at:]]) == mask(text)


@given(PIECES)
def test_decomposed_text_is_masked_as_composed_text_is(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    decomposed = unicodedata.normalize("NFD", text)
    assert found(composed) == found(decomposed)
    assert mask(composed) == unicodedata.normalize("NFC", mask(decomposed))


OURS = [m.text for m in marked.read("numbers_seen.txt", "names_seen.txt")]


@pytest.mark.parametrize("spelling", [str.upper, lambda t: unicodedata.normalize("NFD", t)])
def test_the_gate_knows_every_marked_text_in_other_spellings(spelling: object) -> None:
    for text in OURS:
        spelt = spelling(text)  # type: ignore[operator]
        assert flags(spelt) or not found(spelt), spelt
