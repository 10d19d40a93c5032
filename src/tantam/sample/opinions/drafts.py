"""Drafts of opinions: what each is about, how it is said and in what frames, as whole numbers; and their texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tantam.sample.opinions.grammar import AGES, FEELINGS, LEANS, REGISTERS, Grammar
from tantam.sample.opinions.speakers import BIT, REGIONS, TERRAINS, lands
from tantam.sample.opinions.spelling import SPELLINGS

Ints = NDArray[np.int64]
Lots = NDArray[np.uint64]

CHANNELS = ("sms", "call", "café", "app", "web", "letter")
COLUMNS = ("opening", "circumstance", "what", "then", "detail", "closing", "private", "emoji")
"""The frames of an opinion, in the order in which they are said."""
RISING = 300
"""How many times likelier the rising matter is in its provinces in the last week."""

_LONGER, _DETAILED, _PRIVATE = 52, 16, 8
"""Of a hundred: who says what followed; who tells of himself; who leaves a number or a name."""
_ANONYMOUS_AGES = (25, 45)

_REGISTER = {
    "young": (16, 9, 11, 39, 9, 0, 7, 9),
    "middle": (26, 13, 19, 9, 10, 0, 15, 8),
    "old": (13, 3, 12, 0, 12, 42, 14, 4),
}
"""Of a hundred, by age: :data:`REGISTERS` in their order; who is not displeased is polite where he would be angry."""
_SPELT = {
    "polite": {"plain": 90, "nfd": 4, "joined": 2, "telex": 1, "typo": 3},
    "angry": {"plain": 60, "capitals": 20, "bare": 15, "typo": 5},
    "accentless": {"bare": 94, "telex": 6},
    "teencode": {"teencode": 65, "teencode_bare": 35},
    "regional": {"north": 90, "bare": 10},
    "elder": {"plain": 88, "typo": 7, "bare": 5},
    "spoken": {"plain": 75, "joined": 8, "bare": 12, "nfd": 5},
    "short": {"plain": 42, "bare": 25, "teencode": 23, "typo": 5, "capitals": 5},
}
"""Of a hundred, by register; ``north`` stands for the speech of one's own region."""
_CHANNEL = {
    "polite": (30, 15, 12, 15, 28, 0),
    "angry": (35, 20, 5, 22, 18, 0),
    "accentless": (70, 0, 0, 15, 15, 0),
    "teencode": (20, 0, 0, 45, 35, 0),
    "regional": (30, 0, 30, 20, 20, 0),
    "elder": (10, 0, 20, 0, 5, 65),
    "spoken": (0, 60, 40, 0, 0, 0),
    "short": (40, 0, 0, 50, 10, 0),
}
_EMOJI = (2, 10, 0, 55, 6, 0, 0, 18)
_CAPITAL = ("polite", "angry", "regional", "elder", "spoken")
"""Registers that begin with a capital letter."""


def _cumulated(table: Mapping[str, tuple[int, ...]]) -> Ints:
    return np.cumsum(list(table.values()), axis=1)


_REGISTERS, _CHANNELS = _cumulated(_REGISTER), _cumulated(_CHANNEL)
_SPELLINGS = _cumulated({r: tuple(_SPELT[r].get(s, 0) for s in SPELLINGS) for r in REGISTERS})
_WAY = np.array([SPELLINGS.index(r) for r in REGIONS])


@dataclass(frozen=True)
class Draft:
    """``n`` opinions before they are written out. ``frames`` is [n, columns], −1 for none; ``seed`` fills their slots;
    the others are int64 [n]: places in the matters, registers, spellings, provinces, terrains, years of age, and days
    since the first."""

    frames: Ints
    seed: Lots
    matter: Ints
    register: Ints
    spelling: Ints
    province: Ints
    terrain: Ints
    age: Ints
    day: Ints

    def take(self, rows: Ints) -> Draft:
        return Draft(*(getattr(self, f.name)[rows] for f in fields(self)))

    def put(self, rows: Ints, other: Draft) -> None:
        """Overwrite some of these with the other's opinions."""
        for f in fields(self):
            getattr(self, f.name)[rows] = getattr(other, f.name)


class Drafter:
    """Draws drafts from one grammar; ``rising`` is the place of the matter that rises where people are ``hot``."""

    def __init__(self, grammar: Grammar, rising: int) -> None:
        self.grammar = grammar
        self.rising = rising
        self.lands = lands()
        matters = grammar.matters
        self._feeling = np.array([FEELINGS.index(m.feeling) for m in matters])
        self._bare = np.array([m.bare for m in matters])
        self._terrain = np.array([m.terrain for m in matters])

    def draw(self, rng: np.random.Generator, profile: Ints, province: Ints, age: Ints, day: Ints) -> Draft:
        """What people of these profiles, provinces and ages (−1: unknown) say on these days since the first."""
        n = profile.size
        lots = rng.integers(0, 1 << 32, (16, n), np.uint64)
        matter = self._matters(profile, lots[0])
        feeling = self._feeling[matter]
        group = np.where(age < 0, 1, np.where(age < 25, 0, np.where(age < 60, 1, 2)))
        register = _chosen(_REGISTERS[group], lots[1])
        calm = (register == REGISTERS.index("angry")) & (feeling != FEELINGS.index("negative"))
        register = np.where(calm, REGISTERS.index("polite"), register)
        register = np.where(self._bare[matter], REGISTERS.index("short"), register)
        spelling = _chosen(_SPELLINGS[register], lots[2])
        spelling = np.where(spelling == _WAY[0], _WAY[self.lands.region[province]], spelling)
        unknown = _ANONYMOUS_AGES[0] + _below(lots[3], _ANONYMOUS_AGES[1])
        return Draft(
            frames=self._frames(matter, register, feeling, lots[4:]),
            seed=rng.integers(0, 1 << 64, n, np.uint64),
            matter=matter,
            register=register,
            spelling=spelling,
            province=province.copy(),
            terrain=self._terrains(matter, province, lots[3]),
            age=np.where(age < 0, unknown, age),
            day=day.copy(),
        )

    def _matters(self, profile: Ints, lot: Lots) -> Ints:
        """By whole weights of each distinct profile, so that every machine draws the same."""
        distinct, at = np.unique(profile, return_inverse=True)
        weights = np.stack([self._weight(i, distinct) for i in range(len(self.grammar.matters))], axis=1)
        summed = weights.cumsum(axis=1)
        level = (lot * summed[at, -1].astype(np.uint64)) >> np.uint64(32)
        return np.asarray((summed[at] <= level.astype(np.int64)[:, None]).sum(axis=1), np.int64)

    def _weight(self, i: int, profile: Ints) -> Ints:
        matter = self.grammar.matters[i]
        leans = LEANS * np.bitwise_count(profile & matter.lean).astype(np.int64)
        weight = np.where(profile & matter.needs == matter.needs, matter.weight << leans, 0)
        return weight * np.where(profile & BIT["hot"], RISING, 1) if i == self.rising else weight

    def _terrains(self, matter: Ints, province: Ints, lot: Lots) -> Ints:
        """The terrain that the matter needs, else one of the province's."""
        has = np.array([len(t) for t in self.lands.terrains])
        padded = np.array([(*t, *[0] * (len(TERRAINS) - len(t))) for t in self.lands.terrains])
        own = padded[province, _below(lot, has[province])]
        return np.where(self._terrain[matter] >= 0, self._terrain[matter], own)

    def _frames(self, matter: Ints, register: Ints, feeling: Ints, lots: Lots) -> Ints:
        pools = self.grammar.pools
        short = register == REGISTERS.index("short")
        felt = register * len(FEELINGS) + feeling
        young = register == REGISTERS.index("teencode")
        closing = np.where(
            young, pools["young closing"].draw(felt, lots[0]), pools["closing"].draw(felt, lots[0])
        )
        ended = closing >= 0
        ended &= self.grammar.offsets[closing + 1] > self.grammar.offsets[closing]
        own = np.zeros_like(matter)
        own = np.where(ended, pools["private after"].draw(own, lots[7]), pools["private"].draw(own, lots[7]))
        columns = {
            "opening": pools["opening"].draw(register, lots[1]),
            "circumstance": pools["circumstance"].draw(matter, lots[2]),
            "what": np.where(
                short, pools["short"].draw(matter, lots[3]), pools["what"].draw(matter, lots[3])
            ),
            "then": np.where(_below(lots[4], 100) < _LONGER, pools["then"].draw(matter, lots[5]), -1),
            "detail": np.where(
                _below(lots[10], 100) < _DETAILED, pools["detail"].draw(np.zeros_like(matter), lots[11]), -1
            ),
            "closing": closing,
            "private": np.where(_below(lots[6], 100) < _PRIVATE, own, -1),
            "emoji": np.where(
                _below(lots[8], 100) < np.array(_EMOJI)[register], pools["emoji"].draw(feeling, lots[9]), -1
            ),
        }
        for name in ("opening", "circumstance", "then", "detail", "closing", "private"):
            columns[name] = np.where(short, -1, columns[name])
        columns["emoji"] = np.where(self._bare[matter], -1, columns["emoji"])
        return np.stack([columns[name] for name in COLUMNS], axis=1)


def channels(rng: np.random.Generator, register: Ints) -> pa.Array:
    """How each came in."""
    chosen = _chosen(_CHANNELS[register], rng.integers(0, 1 << 32, register.size, np.uint64))
    return pa.array(CHANNELS).take(pa.array(chosen))


class Writer:
    """Writes drafts out."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        self._texts = pa.array(grammar.texts, pa.string())
        self._formal = np.array([r in _CAPITAL for r in REGISTERS])

    @cached_property
    def _is_private(self) -> NDArray[np.bool_]:
        return np.isin(np.arange(len(self.grammar.slot)), list(self.grammar.private))

    def write(self, draft: Draft) -> tuple[pa.Array, pa.Array]:
        """The texts, and what of each is somebody's own (joined by ``|``): string [n] each."""
        grammar, n = self.grammar, draft.seed.size
        frames = draft.frames.ravel()
        lengths = np.where(frames >= 0, grammar.offsets[frames + 1] - grammar.offsets[frames], 0)
        at = _runs(np.where(frames >= 0, grammar.offsets[frames], 0), lengths)
        part = grammar.parts[at]
        slot = np.maximum(-1 - part, 0)
        row = np.repeat(np.arange(frames.size) // len(COLUMNS), lengths)
        piece = np.where(part >= 0, part, self._filled(draft, row, slot, at))
        free = piece >= grammar.pieces
        texts = np.where(
            free,
            len(SPELLINGS) * grammar.pieces + piece - grammar.pieces,
            draft.spelling[row] * grammar.pieces + piece,
        )
        said = _joined(self._texts.take(pa.array(texts)), row, n, "")
        own = np.flatnonzero((part < 0) & self._is_private[slot])
        planted = _joined(self._texts.take(pa.array(texts[own])), row[own], n, "|")
        return _capitalised(said, self._formal[draft.register]), planted

    def _filled(self, draft: Draft, row: Ints, slot: Ints, place: Ints) -> Ints:
        """A piece for each slot: who speaks and where he is stays the same through his opinion, all else is drawn."""
        groups = np.stack(
            [
                np.zeros_like(draft.register),
                draft.register,
                draft.province,
                draft.terrain,
                np.clip(draft.age, AGES.start, AGES.stop - 1) - AGES.start,
                draft.day,
            ]
        )
        by = self.grammar.by[slot]
        lot = _mixed(draft.seed[row] + np.where(by > 0, 0, place + 1).astype(np.uint64)) >> np.uint64(32)
        return self.grammar.slots.draw(self.grammar.slot[slot] + groups[by, row], lot)


def _chosen(summed: Ints, lot: Lots) -> Ints:
    """The column of shares of a hundred, summed up in each row, that a lot falls into: int64 [n]."""
    return np.asarray((summed <= _below(lot, 100)[:, None]).sum(axis=1), np.int64)


def _below(lot: Lots, end: int | Ints) -> Ints:
    """A lot of 32 bits as a whole number from 0 to ``end`` − 1."""
    return ((lot * np.asarray(end).astype(np.uint64)) >> np.uint64(32)).astype(np.int64)


def _mixed(x: Lots) -> Lots:
    """splitmix64's finish, over an array."""
    x = (x + np.uint64(0x9E3779B97F4A7C15)) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(29))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(32))


def _runs(starts: Ints, lengths: Ints) -> Ints:
    """``starts[i]``, ``starts[i] + 1`` … for ``lengths[i]`` numbers each, one after another."""
    before = np.cumsum(lengths) - lengths
    return np.arange(int(lengths.sum())) + np.repeat(starts - before, lengths)


def _joined(words: pa.Array, row: Ints, n: int, between: str) -> pa.Array:
    """The words of each row as one text."""
    offsets = np.searchsorted(row, np.arange(n + 1)).astype(np.int32)
    return pc.binary_join(pa.ListArray.from_arrays(pa.array(offsets), words), between)


def _capitalised(texts: pa.Array, formal: NDArray[np.bool_]) -> pa.Array:
    first = pc.utf8_upper(pc.utf8_slice_codeunits(texts, 0, 1))
    rest = pc.utf8_slice_codeunits(texts, 1)
    return pc.if_else(pa.array(formal), pc.binary_join_element_wise(first, rest, ""), texts)
