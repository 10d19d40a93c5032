"""The grammar of made-up opinions, as tables: frames are runs of pieces and slots, pools are runs of frames.

Read from ``matters.toml`` (what people speak of) and ``manners.toml`` (how they say it).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tantam.clock import to_date
from tantam.sample.opinions import planted, speakers, spelling
from tantam.sample.opinions.speakers import BIT, TERRAINS

Ints = NDArray[np.int64]

REGISTERS = ("polite", "angry", "accentless", "teencode", "regional", "elder", "spoken", "short")
FEELINGS = ("negative", "neutral", "positive")
BY = ("any", "register", "province", "terrain", "age", "day")
AGES = range(14, 111)
_AGO = (2, 3, 4, 6, 9, 13)
"""How many days ago it was, when somebody names the day."""
LEANS = 2
"""Each trait that a matter leans to makes it 2**LEANS times as likely."""

_SLOT = re.compile(r"\{([\w =]+)\}")


@dataclass(frozen=True)
class Pools:
    """Runs of frames (or of pieces) by group: ``group`` g holds those from ``first[g]`` on, ``many[g]`` of them."""

    first: Ints
    many: Ints

    def draw(self, group: Ints, lot: NDArray[np.uint64]) -> Ints:
        """One of each group, by a lot of 32 bits: int64 [n]; −1 where a group has none."""
        at = (lot * self.many[group].astype(np.uint64)) >> np.uint64(32)
        return np.where(self.many[group] > 0, self.first[group] + at.astype(np.int64), -1)


@dataclass(frozen=True)
class Matter:
    """One thing people speak of, and the truth about whoever does."""

    name: str
    topic: str
    feeling: str
    complaint: bool
    urgency: str
    weight: int
    needs: int
    lean: int
    terrain: int
    rises: bool
    bare: bool


@dataclass(frozen=True)
class Grammar:
    """``parts`` of frame f are ``parts[offsets[f]:offsets[f + 1]]``: a piece from 0 on, or −1 − slot.

    The words of slot s are the group ``slot[s]`` of ``slots`` and, one a register, province, terrain, age or day, those
    after it: ``by[s]`` is the place in :data:`BY` of what chooses among them.
    ``texts`` are all pieces in all spellings, then the free ones, which are never respelled; piece p below ``pieces``
    in spelling k is ``texts[k * pieces + p]``, a free one ``texts[len(SPELLINGS) * pieces + p - pieces]``.
    """

    matters: tuple[Matter, ...]
    offsets: Ints
    parts: Ints
    pools: dict[str, Pools]
    slots: Pools
    slot: Ints
    by: Ints
    pieces: int
    texts: list[str]
    private: frozenset[int]
    """The slots whose words are somebody's own."""


@dataclass
class _Made:
    """What is being collected."""

    pieces: dict[str, int] = field(default_factory=dict)
    frames: list[list[int]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    same: re.Pattern[str] = _SLOT
    """What of a text is one of several words that may stand for one another: such a word is a slot, ``=word``."""

    def piece(self, text: str) -> int:
        return self.pieces.setdefault(text, len(self.pieces))

    def run(self, groups: Iterable[Sequence[str]], before: str = "") -> Pools:
        """Frames of groups of texts; ``before`` joins each to what was said before it, but where it begins with a mark
        of its own."""
        first, many = [], []
        for texts in groups:
            first.append(len(self.frames))
            many.append(len(texts))
            for text in texts:
                self.frames.append(self._parts(before + text if text else ""))
        return Pools(np.array(first), np.array(many))

    def _parts(self, text: str) -> list[int]:
        parts = []
        slotted = "".join(
            token if i % 2 else self.same.sub(r"{=\g<0>}", token)
            for i, token in enumerate(re.split(r"(\{\w+\})", text))
        )
        for i, token in enumerate(_SLOT.split(slotted)):
            if i % 2:
                parts.append(-1 - self.names.index(token))
            elif token:
                parts.append(self.piece(token))
        return parts


def read(seed: int, days: range) -> Grammar:
    """The grammar of opinions said on some days (since 1970), its private words drawn by a seed.

    About a second: every piece is respelled in every way.
    """
    manners, matters = _toml("manners.toml"), _toml("matters.toml")["matter"]
    made = _Made()
    by, given = _slot_words(manners, seed, days)
    free = planted.numbers(seed, manners["people"]["mail"])
    made.names = [*given, *free]
    longest = sorted(manners["same"], key=len, reverse=True)
    made.same = re.compile(rf"(?<!\w)(?:{'|'.join(longest)})(?!\w)")
    pools = _pools(manners, matters, made)
    slots, listed = _slots(given, free, made)
    spelt = spelling.respell(
        listed,
        {k: v for k, v in manners["spelling"].items() if k != "joined"},
        manners["spelling"]["joined"]["words"],
    )
    return Grammar(
        matters=tuple(_matter(m) for m in matters),
        offsets=np.cumsum([0, *map(len, made.frames)]),
        parts=np.array([p for frame in made.frames for p in frame]),
        pools=pools,
        slots=slots,
        slot=np.cumsum([0, *map(len, given.values()), *(1 for _ in free)])[:-1],
        by=np.array([BY.index(by.get(name, "any")) for name in made.names]),
        pieces=len(listed),
        texts=[text for way in spelt for text in way] + [text for words in free.values() for text in words],
        private=frozenset(made.names.index(name) for name in ("name", "person", *free)),
    )


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((files("tantam.sample.opinions") / name).read_text(encoding="utf-8"))


def _slot_words(
    manners: dict[str, Any], seed: int, days: range
) -> tuple[dict[str, str], dict[str, list[Sequence[str]]]]:
    """Slot → by what its group is chosen, and its groups of words."""
    given: dict[str, list[Sequence[str]]] = {name: [words] for name, words in manners["slot"].items()}
    given |= {f"={word}": [others] for word, others in manners["same"].items()}
    by = dict.fromkeys(given, "any")
    given |= {name: [manners[name][r] for r in REGISTERS] for name in ("me", "you")}
    given["pl"] = [manners["place"][t] for t in TERRAINS]
    given["tinh"] = [speakers.spoken(code) for code in speakers.lands().codes]
    given["age"] = [[str(age)] for age in AGES]
    given["date"] = [[_dated(day - ago) for ago in _AGO] for day in days]
    for name, words in planted.names(seed, manners["people"]).items():
        given[name] = [words]
        by[name] = "any"
    return by | {
        "me": "register",
        "you": "register",
        "pl": "terrain",
        "tinh": "province",
        "age": "age",
        "date": "day",
    }, given


def _dated(day: int) -> str:
    date = to_date(day)
    return f"{date.day}/{date.month}"


def _pools(manners: dict[str, Any], matters: list[dict[str, Any]], made: _Made) -> dict[str, Pools]:
    felt = [f"{register}.{feeling}" for register in REGISTERS for feeling in FEELINGS]
    where = [manners["circumstance"][m.get("at", "none")] if not m.get("bare") else [] for m in matters]
    return {
        "opening": made.run(manners["opening"][r] for r in REGISTERS),
        "circumstance": made.run(where),
        "what": made.run(m.get("what", []) for m in matters),
        "then": made.run((m.get("then", []) for m in matters), ", "),
        "short": made.run(m["short"] for m in matters),
        "detail": made.run([manners["detail"]["any"]], ". "),
        "closing": made.run((manners["closing"][name] for name in felt), ". "),
        "young closing": made.run((manners["closing"][name] for name in felt), " "),
        "private": made.run([manners["private"]["any"]], ". "),
        "private after": made.run([manners["private"]["any"]], " "),
        "emoji": made.run((manners["emoji"][f] for f in FEELINGS), " "),
    }


def _slots(
    given: dict[str, list[Sequence[str]]], free: dict[str, list[str]], made: _Made
) -> tuple[Pools, list[str]]:
    """The groups of every slot, over one list of pieces in which each group's words stand together, the free last."""
    listed = list(made.pieces)
    groups = [words for groups in given.values() for words in groups]
    all_words = [*groups, *free.values()]
    many = [len(words) for words in all_words]
    first = np.cumsum([len(listed), *many])[:-1]
    return Pools(first, np.array(many)), listed + [word for words in groups for word in words]


def _matter(told: dict[str, Any]) -> Matter:
    needs = told.get("needs", [])
    land = [TERRAINS.index(name) for name in needs if name in TERRAINS]
    return Matter(
        name=told["name"],
        topic=told["topic"],
        feeling=told["feeling"],
        complaint=told["complaint"],
        urgency=told.get("urgency", "normal"),
        weight=told["weight"],
        needs=sum(BIT[name] for name in needs),
        lean=sum(BIT[name] for name in told.get("lean", [])),
        terrain=land[0] if land else -1,
        rises=told.get("rises", False),
        bare=told.get("bare", False),
    )
