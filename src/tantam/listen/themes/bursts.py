"""Themes out of words that suddenly more people say: what began this week is too small a part of a long sample to be
found there, and would rise unseen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tantam.listen.clean import Tokens
from tantam.listen.themes import factor
from tantam.listen.themes.rising import rises, whole_weeks
from tantam.listen.themes.vectors import Vectors, trimmed

_TOGETHER = 0.2
"""Two rising words are of one theme if they stand together in so many of the texts of the rarer one."""


def find(tokens: Tokens, people: NDArray[np.float64], days: NDArray[np.int64]) -> Vectors:
    """A theme for each group of words that rise together in the last seven days; none without enough weeks.

    ``days`` [n] is when each text was said, in days since 1970, below 0 where unknown. A word rises by the same test
    as a theme (:func:`tantam.listen.themes.rising.rises`), adjusted for all the words there are: so a theme that is
    made of such words may be tested again with the others.
    """
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    dated = days[days >= 0]
    if not len(dated):
        return Vectors.nothing()
    weeks = whole_weeks(int(dated.min()), int(dated.max()))
    back = np.where(days >= 0, (dated.max() - days) // 7, -1)
    inside = np.flatnonzero((back >= 0) & (back <= weeks))
    by_week = csr_matrix((people[inside], (inside, back[inside])), shape=(len(days), weeks + 1))
    of = factor.table(tokens, people)
    stands = of.rows > 0
    said = np.asarray((stands.T.astype(np.float64) @ by_week).todense())
    spoke = np.asarray(by_week.sum(axis=0)).ravel()
    answers = rises(np.rint(said).astype(np.int64), np.rint(spoke).astype(np.int64))
    hot = np.array([i for i, rise in enumerate(answers) if rise is not None and rise.rising], np.int64)
    if not len(hot):
        return Vectors.nothing()
    recent = np.flatnonzero(back == 0)
    held = stands[recent][:, hot].astype(np.float64)
    both = np.asarray((held.T @ held).todense())
    alone = np.maximum(np.minimum.outer(both.diagonal(), both.diagonal()), 1)
    count, group = connected_components(csr_matrix(both / alone >= _TOGETHER), directed=False)
    parts = np.zeros((count, len(of.keys)))
    parts[group, hot] = (people[recent] @ held) * of.idf[hot]
    return Vectors(of.keys, of.idf, trimmed(parts), of.rare)
