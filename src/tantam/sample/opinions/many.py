"""What many people send: a few texts that go round, word for word or changed a little."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tantam.sample.opinions.drafts import COLUMNS, Draft, Drafter
from tantam.sample.opinions.grammar import REGISTERS
from tantam.sample.opinions.speakers import Speakers
from tantam.sample.opinions.spelling import SPELLINGS

Ints = NDArray[np.int64]

TEXTS = 40
_TRIED = 60 * TEXTS
_SHARE = 70
"""Of a thousand opinions, so many are copies."""
_WEEKS = 13
_LASTS = 3
"""A text goes round for so many weeks."""
_KINDS = (55, 15, 10, 10, 10)
"""Of a hundred copies: exact, with a greeting of one's own, cut short, spun, without accents."""
_FORMAL = [REGISTERS.index(r) for r in ("polite", "angry", "regional")]


class Campaigns:
    """The texts that go round, and when."""

    def __init__(self, drafter: Drafter, people: Speakers, first: int, seed: int) -> None:
        rng = np.random.default_rng([seed, 4])
        who = people.draw(rng, _TRIED)
        begins = rng.integers(0, _WEEKS - _LASTS + 1, _TRIED)
        profile = people.profile(who, first + 7 * begins, first + 7 * _WEEKS - 1)
        age = people.age[who].astype(np.int64)
        drawn = drafter.draw(rng, profile, people.province[who].astype(np.int64), age, 7 * begins)
        complaint = np.array([m.complaint and not m.rises for m in drafter.grammar.matters])[drawn.matter]
        bare = drawn.frames[:, COLUMNS.index("private")] < 0
        long = (drawn.frames[:, [COLUMNS.index("then"), COLUMNS.index("closing")]] >= 0).all(axis=1)
        fit = np.flatnonzero(complaint & bare & long & np.isin(drawn.register, _FORMAL))[:TEXTS]
        self.drafts = drawn.take(fit)
        self.drafts.spelling[:] = SPELLINGS.index("plain")
        self.drafts.frames[:, COLUMNS.index("emoji")] = -1
        week = np.arange(_WEEKS)[:, None]
        lives = (week >= begins[fit]) & (week < begins[fit] + _LASTS)
        self._summed = np.where(lives, 10_000 // (1 + np.arange(fit.size)), 0).cumsum(axis=1)

    def copy(self, rng: np.random.Generator, draft: Draft) -> Ints:
        """Put copies in the place of some drafts; which text each row copies, −1 for none: int64 [n]."""
        n = draft.seed.size
        lots = rng.integers(0, 1 << 32, (3, n), np.uint64)
        week = draft.day // 7
        total = self._summed[week].max(axis=1, initial=0)
        rows = np.flatnonzero((lots[0] % 1000 < _SHARE) & (total > 0))
        level = (lots[1][rows] % total[rows].astype(np.uint64)).astype(np.int64)
        text = (self._summed[week[rows]] <= level[:, None]).sum(axis=1)
        kind = (np.cumsum(_KINDS) <= (lots[2][rows] % 100).astype(np.int64)[:, None]).sum(axis=1)
        own = draft.take(rows)
        draft.put(rows, self._changed(self.drafts.take(text), own, kind))
        which = np.full(n, -1)
        which[rows] = text
        return which

    def _changed(self, copied: Draft, own: Draft, kind: Ints) -> Draft:
        greeted, cut, spun, plain = (kind == k for k in range(1, len(_KINDS)))
        opening, circumstance, closing = (COLUMNS.index(c) for c in ("opening", "circumstance", "closing"))
        copied.frames[greeted, opening] = own.frames[greeted, opening]
        copied.frames[cut, closing] = -1
        copied.frames[spun, circumstance] = -1
        copied.frames[spun, closing] = own.frames[spun, closing]
        copied.spelling[plain] = SPELLINGS.index("bare")
        return copied
