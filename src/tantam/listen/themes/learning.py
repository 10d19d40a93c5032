"""Themes learnt from a sample of complaints: afresh, followed from those of before, or afresh with the old ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tantam.listen.clean import Tokens
from tantam.listen.themes import bursts, factor
from tantam.listen.themes.kept import Themes
from tantam.listen.themes.labels import label
from tantam.listen.themes.vectors import Vectors

LEAST_PEOPLE = 5
"""What fewer people say is no theme."""

PEOPLE_A_PART = 20
"""Parts are not sought finer than this, so that few texts give few themes."""

PROPOSED = 8
"""Parts sought among what no theme holds."""

LEAST_SHARE = 0.002
"""A theme is proposed only if so many of all people of the sample say it."""

MOST_THEMES = 96
"""When there are so many, a new proposal takes the place of one that nobody has touched and fewer people say."""

SAME = 0.5
"""A theme learnt afresh takes the id of an old one if the cosine between them is at least this."""

_REMEMBERED = 1_000
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class _Sample:
    """Texts, each once and in the order of their letters, so that the order in which they came does not tell."""

    texts: list[str]
    tokens: Tokens
    people: NDArray[np.float64]
    days: Ints

    def finest(self, at: Ints) -> int:
        """How many parts may be sought in some of the texts."""
        return int(self.people[at].sum() // PEOPLE_A_PART)

    def parts(self, at: Ints, count: int, seed: int, *, least: float = LEAST_PEOPLE) -> Vectors:
        """Parts of some of the texts that at least so many people say, the largest first."""
        tokens, people = _take(self.tokens, at), self.people[at]
        if count < 1 or not len(at):
            return Vectors.nothing()
        found = factor.parts(factor.table(tokens, people), people, count, seed=seed)
        support = _support(found.nearest(tokens)[0], people, len(found.unit))
        kept = np.argsort(-support, kind="stable")
        return found.take(kept[support[kept] >= least])


@dataclass(frozen=True)
class _Row:
    """A theme to be: its place among the vectors, and its id, or none yet."""

    at: int
    id: str = ""
    new: bool = False
    label: str = ""


def learn(
    texts: Sequence[str],
    tokens: Tokens,
    weights: NDArray[np.float64],
    *,
    before: Themes | None = None,
    days: NDArray[np.integer[Any]] | None = None,
    parts: int = 32,
    seed: int = 0,
    afresh: bool = False,
) -> Themes:
    """Themes of complaints and negatives: ``texts`` (cleaned, heads of their groups), their words, and the people
    behind each. The same texts in any order give the same themes; few texts give few, none give none.

    With ``before`` its themes stay as they are, but those that people asked to split; and what none of them holds
    proposes new ones. With ``afresh`` too, all are made anew and take the id, and with it the name, of the old theme
    that they are nearest to; of the others those stay that people named or pinned. An id is never used again.

    ``days`` is when each text was said (days since 1970, below 0 where unknown): with it, what suddenly more people say
    gets a theme of its own (:mod:`tantam.listen.themes.bursts`), unless one of the others is about the same.
    """
    first: dict[str, int] = {}
    place = np.array([first.setdefault(text, i) for i, text in enumerate(texts)], np.int64)
    behind = np.bincount(place, np.asarray(weights, np.float64), minlength=len(texts)).astype(np.float64)
    sorted_texts = sorted(first)
    order = np.array([first[text] for text in sorted_texts], np.int64)
    said_on = np.full(len(texts), -1, np.int64)
    if days is not None:
        np.maximum.at(said_on, place, days)
    sample = _Sample(sorted_texts, _take(tokens, order), behind[order], said_on[order])
    known = before or Themes()
    if not known.ids or afresh:
        vectors, rows, became = _anew(known, sample, parts, seed)
    else:
        vectors, rows, became = _followed(known, sample, seed)
    return _themes(known, sample, vectors, rows, became)


Drafted = tuple[Vectors, list[_Row], dict[str, list[int]]]
"""Vectors, the rows of them that become themes, and the rows that an old theme became where it is split."""


def _anew(known: Themes, sample: _Sample, parts: int, seed: int) -> Drafted:
    """All themes made anew; each takes the id of the old one it is nearest to, one to one."""
    from scipy.optimize import linear_sum_assignment

    everybody = np.arange(len(sample.texts))
    found = sample.parts(everybody, min(parts, sample.finest(everybody)), seed)
    vectors, old = known.vectors.join(found), len(known.ids)
    ids = [""] * len(found.unit)
    if len(found.unit) and old:
        cosine = vectors.unit[old:] @ vectors.unit[:old].T
        for k, j in zip(*linear_sum_assignment(-cosine), strict=True):
            if cosine[k, j] >= SAME:
                ids[k] = known.ids[j]
    touched = [i for i in known.ids if known.edit(i).name or known.edit(i).pin]
    stay = {*touched, *(known.counts_as(i) for i in (*touched, *ids) if i)} - set(ids)
    rows = [_Row(j, i, known.new[j], known.labels[j]) for j, i in enumerate(known.ids) if i in stay]
    rows += [_Row(old + k, i) for k, i in enumerate(ids)]
    return *_with_bursts(vectors, rows, sample, new=False), {}


def _followed(known: Themes, sample: _Sample, seed: int) -> Drafted:
    """The themes of before; those asked for in parts; and new ones out of what none of them holds."""
    nearest = known.assign(sample.tokens)[0]
    vectors, became, rows = known.vectors, {}, []
    for place, theme in enumerate(known.ids):
        asked = known.edit(theme).split
        if asked is None:
            continue
        found = sample.parts(np.flatnonzero(nearest == place), asked, seed)
        if len(found.unit) > 1:
            first, vectors = len(vectors.unit), vectors.join(found)
            became[theme] = list(range(first, len(vectors.unit)))
            rows += [_Row(at) for at in became[theme]]
    became |= {i: became[goes] for i in known.ids if (goes := known.counts_as(i)) in became}
    stay = [_Row(j, i, known.new[j], known.labels[j]) for j, i in enumerate(known.ids) if i not in became]
    least = max(LEAST_PEOPLE, LEAST_SHARE * sample.people.sum())
    pool = np.flatnonzero(nearest < 0)
    found = sample.parts(pool, min(PROPOSED, sample.finest(pool)), seed, least=least)
    first, vectors = len(vectors.unit), vectors.join(found)
    rows = [*stay, *rows, *(_Row(first + k, new=True) for k in range(len(found.unit)))]
    vectors, rows = _with_bursts(vectors, rows, sample, new=True)
    return vectors, _room(known, sample, vectors, rows), became


def _with_bursts(
    vectors: Vectors, rows: list[_Row], sample: _Sample, *, new: bool
) -> tuple[Vectors, list[_Row]]:
    """Beside the rows, one for each group of words that suddenly rise, but those that a row is already about."""
    found = bursts.find(sample.tokens, sample.people, sample.days)
    first, vectors = len(vectors.unit), vectors.join(found)
    kept = vectors.unit[[row.at for row in rows]]
    alike = (vectors.unit[first:] @ kept.T).max(axis=1, initial=0)
    return vectors, [*rows, *(_Row(first + k, new=new) for k in np.flatnonzero(alike < SAME).tolist())]


def _room(known: Themes, sample: _Sample, vectors: Vectors, rows: list[_Row]) -> list[_Row]:
    """At most :data:`MOST_THEMES` rows: proposals that nobody has touched and the fewest people say give way."""
    support = _support(vectors.nearest(sample.tokens)[0], sample.people, len(vectors.unit))
    needed = {known.counts_as(i) for i in known.edits}
    loose = [row for row in rows if row.new and row.id not in known.edits and row.id not in needed]
    loose.sort(key=lambda row: (support[row.at], -row.at))
    away = loose[: max(0, len(rows) - MOST_THEMES)]
    return [row for row in rows if row not in away]


def _themes(
    known: Themes, sample: _Sample, vectors: Vectors, rows: list[_Row], became: dict[str, list[int]]
) -> Themes:
    """Rows as themes: those without an id get the next, and a label; what finds no label is no theme."""
    vectors = vectors.take(np.array([row.at for row in rows], np.int64))
    nearest = vectors.nearest(sample.tokens)[0]
    wanted = [k for k, row in enumerate(rows) if not row.label]
    labels = label(
        sample.texts, sample.tokens, nearest, sample.people, wanted, {row.label for row in rows if row.label}
    )
    kept = [k for k, row in enumerate(rows) if row.id or labels.get(k)]
    last, ids = known.last, []
    for k in kept:
        last += not rows[k].id
        ids.append(rows[k].id or f"T{last:02}")
    children = {row.at: i for row, i in zip((rows[k] for k in kept), ids, strict=True)}
    left = [i for i in known.ids if i not in ids]
    return Themes(
        ids=tuple(ids),
        labels=tuple(
            rows[k].label or labels.get(k) or known.labels[known.ids.index(rows[k].id)] for k in kept
        ),
        new=tuple(rows[k].new for k in kept),
        vectors=vectors.take(np.array(kept, np.int64)).used(),
        edits={i: edit for i, edit in known.edits.items() if i in ids},
        last=last,
        gone={
            **known.gone,
            **{i: ", ".join(children[at] for at in became.get(i, []) if at in children) for i in left},
        },
        line=(*known.line, known.digest)[-_REMEMBERED:] if known.ids else (),
    )


def _support(nearest: NDArray[np.int32], people: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """How many people say each theme."""
    held = nearest >= 0
    return np.asarray(np.bincount(nearest[held], people[held], minlength=count), np.float64)


def _take(tokens: Tokens, texts: Ints) -> Tokens:
    """The words of some of the texts."""
    starts, sizes = tokens.offsets[texts], tokens.offsets[texts + 1] - tokens.offsets[texts]
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    at = np.arange(offsets[-1]) + np.repeat(starts - offsets[:-1], sizes)
    return Tokens(offsets, tokens.exact[at], tokens.plain[at])
