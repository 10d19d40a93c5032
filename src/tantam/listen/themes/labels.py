"""What a theme is called until a person names it: one phrase, or two that share no word."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import numpy as np
from numpy.typing import NDArray

from tantam.letters import fold
from tantam.listen.clean import Tokens
from tantam.listen.themes.phrases import Phrases, Speller, find

BETWEEN = " / "

_CANDIDATES = 60
_COVERED = (0.1, 0.03)
"""The first phrase is said by so many of the theme's people, the second by so many: else what only a few say, but
nobody elsewhere, would be what a large theme is called."""
_SECOND = 0.25
"""A second phrase is said only if it scores so much of the first."""

Floats = NDArray[np.float64]


def label(
    texts: Sequence[str],
    tokens: Tokens,
    theme: NDArray[np.int32],
    people: Floats,
    wanted: Sequence[int],
    taken: AbstractSet[str],
) -> dict[int, str]:
    """A label for each ``wanted`` theme that has one: none twice, and none that is ``taken``. ``theme`` is that of
    each text (int32 [n], -1 for none), ``people`` how many say it.

    A phrase scores ``sqrt(coverage) · log(lift) · (1 + 0.45 (words - 1))``: coverage is the share of the theme's people
    who say it, lift how much more often than elsewhere. The largest theme chooses first.
    """
    if not wanted:
        return {}
    phrases = find(tokens, people)
    speller = Speller(texts, tokens, phrases)
    whole, everybody = phrases.people(people), float(people.sum())
    inside = {k: float(people[theme == k].sum()) for k in wanted}
    labels = {}
    used = {phrase for one in taken for phrase in (one, *one.split(BETWEEN))}
    for k in sorted((k for k in wanted if inside[k] > 0), key=lambda k: (-inside[k], k)):
        mine = theme == k
        said = phrases.people(people * mine)
        scores = _scores(said, whole, inside[k], everybody, phrases.size)
        covered = said / inside[k]
        found = _best(phrases, scores, covered, mine, speller, used) or _best(
            phrases, scores, covered, mine, speller, used, easy=True
        )
        if found:
            labels[k] = BETWEEN.join(found)
            used |= {labels[k], *found}
    return labels


def _scores(said: Floats, whole: Floats, inside: float, everybody: float, size: NDArray[np.int64]) -> Floats:
    elsewhere = (whole - said + 0.5) / (everybody - inside + 1)
    lift = np.log(np.maximum(said / inside / elsewhere, 1))
    return np.asarray(np.sqrt(said / inside) * lift * (1 + 0.45 * (size - 1)))


def _best(
    phrases: Phrases,
    scores: Floats,
    covered: Floats,
    mine: NDArray[np.bool_],
    speller: Speller,
    used: AbstractSet[str],
    *,
    easy: bool = False,
) -> list[str]:
    """The best phrase, and the best other one that adds to it; where ``easy`` it may be a piece of a longer one, or
    written without accents, or said by few."""
    chosen: list[str] = []
    best = 0.0
    enough = np.flatnonzero((scores > 0) & (covered >= (0 if easy else _COVERED[1])))
    for g in enough[np.lexsort((enough, -scores[enough]))][:_CANDIDATES].tolist():
        if scores[g] <= _SECOND * best or len(chosen) == 2:
            break
        if not chosen and not easy and covered[g] < _COVERED[0]:
            continue
        phrase = speller.spell(*phrases.places(g, mine), easy=easy)
        if phrase is None or phrase in used or (chosen and not _adds(phrase, chosen[0])):
            continue
        chosen.append(phrase)
        best = best or float(scores[g])
    return chosen


def _adds(phrase: str, first: str) -> bool:
    """Whether a second phrase says something more: two words or more, none of them in the first."""
    words = fold(phrase).split()
    return len(words) > 1 and not set(words) & set(fold(first).split())
