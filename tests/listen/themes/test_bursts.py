"""What begins this week gets a theme of its own, and nothing else does."""

from __future__ import annotations

import random

import numpy as np
import pytest
from numpy.typing import NDArray

from tantam.listen.themes import assign
from tantam.listen.themes.bursts import find
from tests.listen.themes.a_sample import NEW, SUBJECTS, complaints, learnt, said, words_of

LAST = 20_600


def spread(count: int, seed: int, first: int = LAST - 70, last: int = LAST) -> NDArray[np.int64]:
    """Days drawn evenly."""
    return np.random.default_rng(seed).integers(first, last + 1, count)


def months(seed: int = 0, *, began: int = 0) -> tuple[list[str], NDArray[np.int64]]:
    """Ten weeks of the usual complaints, and so many in the last seven days about something new."""
    texts, _ = complaints(each=250, seed=seed)
    texts = [f"{text} {i % 97}" for i, text in enumerate(texts)]
    new = [f"{text} {i % 97}" for i, text in enumerate(said(NEW, began, seed))]
    days = np.concatenate([spread(len(texts), seed), spread(began, seed, first=LAST - 6)])
    return texts + new, days


def test_what_began_this_week_has_a_theme_though_it_is_small() -> None:
    texts, days = months(began=25)
    plain, with_days = learnt(texts, parts=4), learnt(texts, parts=4, days=days)
    assert not any("pin" in label for label in plain.labels)
    (pin,) = (k for k, label in enumerate(with_days.labels) if "pin" in label or "sạc" in label)
    at = assign(with_days, words_of(texts))[0]
    about = np.arange(len(texts)) >= len(texts) - 25
    assert (at == pin)[about].mean() > 0.9
    assert about[at == pin].mean() > 0.9
    assert not with_days.proposed[pin]
    followed = learnt(texts, before=plain, days=days)
    (pin,) = (k for k, label in enumerate(followed.labels) if "pin" in label or "sạc" in label)
    assert followed.proposed[pin]
    again = learnt(texts, before=followed, days=days)
    assert sum("pin" in label or "sạc" in label for label in again.labels) == 1


@pytest.mark.parametrize("seed", range(8))
def test_where_nothing_began_nothing_is_found(seed: int) -> None:
    texts, days = months(seed)
    assert len(find(words_of(texts), np.ones(len(texts)), days).unit) == 0


def test_a_known_theme_that_rises_is_not_made_twice() -> None:
    texts, days = months()
    more = [f"{text} {i % 97}" for i, text in enumerate(said(SUBJECTS["hotline"], 200, 5))]
    days = np.concatenate([days, spread(200, 5, first=LAST - 6)])
    assert len(find(words_of(texts + more), np.ones(len(days)), days).unit) >= 1
    themes = learnt(texts + more, parts=4, days=days)
    assert len(themes.ids) == 4


def test_without_days_or_with_few_weeks_nothing_is_found() -> None:
    texts, days = months(began=40)
    people = np.ones(len(texts))
    tokens = words_of(texts)
    assert len(find(tokens, people, days).unit) >= 1
    assert len(find(tokens, people, np.full(len(texts), -1)).unit) == 0
    assert len(find(tokens, people, np.where(days > LAST - 30, days, -1)).unit) == 0
    assert len(find(words_of([]), people[:0], days[:0]).unit) == 0


def test_the_order_does_not_tell_and_texts_without_a_day_do_no_harm() -> None:
    texts, days = months(began=30)
    days[::17] = -1
    order = list(range(len(texts)))
    random.Random(1).shuffle(order)
    one = learnt(texts, parts=4, days=days)
    other = learnt([texts[i] for i in order], parts=4, days=days[order])
    assert (one.ids, one.labels, one.digest) == (other.ids, other.labels, other.digest)
    assert any("pin" in label or "sạc" in label for label in one.labels)
