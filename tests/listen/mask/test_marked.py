"""The marked texts: what is found and what is lost, on the half that the rules were tuned on and the half that was
written before them and set aside."""

from __future__ import annotations

import pytest

from tantam.listen.mask import mask
from tests.listen.mask import marked

HALVES = ["seen", "held"]


def test_the_set_is_large_enough() -> None:
    count = {
        what: len(marked.read(f"{what}_seen.txt", f"{what}_held.txt"))
        for what in ("numbers", "names", "plain")
    }
    assert count["numbers"] >= 300 and count["names"] >= 250 and count["plain"] >= 300


@pytest.mark.parametrize("half", HALVES)
def test_numbers(half: str) -> None:
    """Recall over the numbers; precision over every text of the half."""
    score = marked.score(
        marked.read(*(f"{w}_{half}.txt" for w in ("numbers", "names", "plain"))), names=False
    )
    assert score.recall >= 0.99, score.missed
    assert score.precision >= 0.97, score.wrong


@pytest.mark.parametrize("half", HALVES)
def test_names(half: str) -> None:
    score = marked.score(marked.read(*(f"{w}_{half}.txt" for w in ("numbers", "names", "plain"))), names=True)
    assert score.recall >= 0.90, score.missed
    assert score.precision >= 0.95, score.wrong


@pytest.mark.parametrize("half", HALVES)
def test_what_is_nobody_s_own_stays(half: str) -> None:
    texts = [m.text for m in marked.read(f"plain_{half}.txt")]
    lost = [t for t in texts if mask(t) != t]
    assert len(lost) <= 0.01 * len(texts), lost
