"""What a theme is called until a person names it: one phrase, or two that share no word."""

from __future__ import annotations

import unicodedata

import numpy as np
from numpy.typing import NDArray

from tantam.listen.clean import Tokens
from tantam.listen.themes.phrases import Phrases, Speller, find

_CANDIDATES = 60
_SECOND = 0.45
"""A second phrase is said only if it scores so much of the first."""
_BETWEEN = " / "


def label(
    texts: list[str], tokens: Tokens, theme: NDArray[np.int32], people: NDArray[np.float64], count: int,
    taken: frozenset[str] = frozenset(),
) -> list[str]:  # fmt: skip
    """A label for each of ``count`` themes, none twice and none that is ``taken``; empty where no phrase will do.

    A phrase scores ``sqrt(coverage) · log(lift) · (1 + 0.45 (words - 1))``: coverage is the share of the theme's people
    who say it, lift how much more often than elsewhere.
    """
    phrases = find(tokens)
    said = phrases.people(theme, people, count)
    inside = np.bincount(theme[theme >= 0], people[theme >= 0], minlength=count)
    everybody = float(people.sum())
    whole = phrases.people(np.zeros(len(theme), np.int32), people, 1)[0]
    speller = Speller(texts, tokens)
    labels = [""] * count
    used = set(taken) | {phrase for one in taken for phrase in one.split(_BETWEEN)}
    for k in np.lexsort((np.arange(count), -inside)).tolist():
        if inside[k] > 0:
            scores = _scores(said[k], whole, inside[k], everybody, phrases.size)
            labels[k] = _best(phrases, scores, theme, k, speller, used)
            used |= {labels[k], *labels[k].split(_BETWEEN)}
    return labels


def _scores(
    said: NDArray[np.float64],
    whole: NDArray[np.float64],
    inside: float,
    everybody: float,
    size: NDArray[np.int64],
) -> NDArray[np.float64]:
    elsewhere = (whole - said + 0.5) / (everybody - inside + 1)
    lift = np.log(np.maximum(said / inside / elsewhere, 1))
    return np.asarray(np.sqrt(said / inside) * lift * (1 + 0.45 * (size - 1)))


def _best(
    phrases: Phrases,
    scores: NDArray[np.float64],
    theme: NDArray[np.int32],
    k: int,
    speller: Speller,
    used: set[str],
) -> str:
    """The best phrase, and the best other one that shares no word with it."""
    chosen: list[str] = []
    best = 0.0
    for g in np.lexsort((np.arange(len(scores)), -scores))[:_CANDIDATES].tolist():
        if scores[g] <= 0 or (chosen and scores[g] < _SECOND * best):
            break
        at = slice(phrases.starts[g], phrases.starts[g + 1])
        mine = theme[phrases.text[at]] == k
        phrase = speller.spell((int(phrases.size[g]), phrases.text[at][mine], phrases.at[at][mine]))
        if phrase is None or phrase in used or (chosen and _bare(phrase) & _bare(chosen[0])):
            continue
        chosen.append(phrase)
        best = best or float(scores[g])
        if len(chosen) == 2:
            break
    return _BETWEEN.join(chosen)


def _bare(phrase: str) -> set[str]:
    marks = unicodedata.normalize("NFD", phrase.replace("đ", "d"))
    return set("".join(a for a in marks if not unicodedata.combining(a)).split())
