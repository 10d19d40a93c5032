"""Long texts that repeat themselves and each other: articles, minutes of meetings, letters.

A text is cut into passages (sentences and lines). A passage that says nearly the same as an earlier one is its copy;
one that stands whole inside a longer one is swallowed. Candidates come from signatures and from shared runs of words;
each is then settled by aligning the words of both, so nothing is told that is not there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tantam.listen.alike.aligning import Covered, common_words, coverage, shared_runs
from tantam.listen.alike.chrome import is_chrome
from tantam.listen.alike.groups import link
from tantam.listen.alike.signature import fingerprint
from tantam.listen.clean import tokenize

COPY = 0.7
"""A passage is a copy of another if this share of the longer one's words stands in both in one order: folding it
loses little."""

SIMILAR = 0.5
"""From here on two passages are told as similar, and both are shown."""

WITHIN = 0.8
"""A passage is contained in a longer one if this share of its own words stands in it in order…"""

COVERED = 0.5
"""…and runs of words that both have cover this share of it: scattered common words are no sign."""

MOST_PIECES = 300
"""A passage of more words and signs is cut, so that text without any full stop stays cheap."""

LONGEST_ADVERT = 500
"""Characters; a longer line is judged sentence by sentence."""

_LINE = re.compile(r"[^\n]+")
_STOP = re.compile(r"[.!?…]+[\"”’»)\]]*\s+")
_WORD = re.compile(r"[^\W_]+")
_PIECE = re.compile(r"[^\W_]+|\S")


@dataclass(frozen=True)
class Passage:
    """A sentence or line: characters ``start:end`` of text number ``text``.

    ``copy_of`` is the index of the first passage that says it, its own where it is the first; ``chrome`` is true
    for what belongs to the page and not to the text.
    """

    text: int
    start: int
    end: int
    copy_of: int
    chrome: bool


@dataclass(frozen=True)
class Repeat:
    """Two passages that share words: ``part``, the shorter (of equals the later), and ``whole``.

    ``kind`` is ``copy``, ``contained`` or ``similar``. ``share`` of the longer one's words stand in both, of the part's
    own if contained. Characters ``start:end`` of the whole's text hold what both have.
    """

    kind: str
    part: int
    whole: int
    share: float
    start: int
    end: int


@dataclass(frozen=True)
class Repeats:
    """The passages in reading order, and the pairs of them that repeat. Passages of the very same words are paired with
    the first of them alone, and that one with all others."""

    passages: tuple[Passage, ...]
    repeats: tuple[Repeat, ...]

    def said(self) -> dict[int, tuple[int, ...]]:
        """What is left when repeats are folded: each first passage, no chrome, that is in no other such passage,
        with all passages that say it. Nothing is folded into a copy, which is not shown itself.
        """
        shown = {i for i, p in enumerate(self.passages) if p.copy_of == i and not p.chrome}
        swallowed = {r.part for r in self.repeats if r.kind == "contained" and {r.part, r.whole} <= shown}
        folded: dict[int, list[int]] = {}
        for i, passage in enumerate(self.passages):
            if not passage.chrome and passage.copy_of not in swallowed:
                folded.setdefault(passage.copy_of, []).append(i)
        return {first: tuple(all_of_it) for first, all_of_it in folded.items()}


def contained(texts: Sequence[str]) -> Repeats:
    """The passages of long texts, and which of them say the same or stand inside one another.

    Takes any strings. Cost: seconds for a million words; linear in the words, and in the pairs that share runs.
    """
    cut = [(i, *passage) for i, text in enumerate(texts) for passage in split(text)]
    raw = [texts[i][start:end] for i, start, end, _ in cut]
    tokens = tokenize(pa.array([p.encode("utf-8", "surrogatepass") for p in raw], pa.large_binary()))
    hashes, signatures = fingerprint(tokens)
    _, first, which = np.unique(hashes, return_index=True, return_inverse=True)
    same = np.where(hashes == 0, np.arange(hashes.size), first[which])
    distinct = np.flatnonzero((same == np.arange(hashes.size)) & (hashes != 0))
    words = [tokens.plain[tokens.offsets[i] : tokens.offsets[i + 1]] for i in distinct]
    repeats = {
        (i, int(h)): Repeat("copy", i, int(h), 1.0, *cut[h][1:3]) for i, h in enumerate(same) if i != h
    }
    for pair in (*_covered(words), *_linked(words, link(hashes[distinct], signatures[distinct]))):
        part, whole = int(distinct[pair.part]), int(distinct[pair.whole])
        told = _told(words[pair.part], words[pair.whole], pair)
        if told is not None and (part, whole) not in repeats:
            start, end = _span(raw[whole], words[pair.whole].size, pair)
            at = cut[whole][1]
            repeats[part, whole] = Repeat(told[0], part, whole, told[1], at + start, at + end)
    ordered = tuple(repeats[key] for key in sorted(repeats))
    copy_of = _heads(len(cut), ordered)[same]
    passages = (
        Passage(i, start, end, int(h), chrome)
        for (i, start, end, chrome), h in zip(cut, copy_of, strict=True)
    )
    return Repeats(tuple(passages), ordered)


def split(text: str) -> Iterator[tuple[int, int, bool]]:
    """Start and end of each passage, and whether it is chrome: lines, and sentences in them where anything but a small
    letter follows the stop. A short line that is an advert is chrome with all its sentences.
    """
    for line in _LINE.finditer(text):
        if line[0].isspace():
            continue
        beside = line.end() - line.start() <= LONGEST_ADVERT and is_chrome(line[0])
        start = line.start()
        for stop in _STOP.finditer(text, *line.span()):
            if not text[stop.end() : stop.end() + 1].islower():
                yield from _cut(text, start, stop.end(), beside)
                start = stop.end()
        yield from _cut(text, start, line.end(), beside)


def _cut(text: str, start: int, end: int, beside: bool) -> Iterator[tuple[int, int, bool]]:
    """A passage without the space around it, in pieces of at most MOST_PIECES words and signs."""
    pieces = [(m.start(), m.end()) for m in _PIECE.finditer(text, start, end)]
    for i in range(0, len(pieces), MOST_PIECES):
        first, last = pieces[i][0], pieces[min(i + MOST_PIECES, len(pieces)) - 1][1]
        yield first, last, beside or is_chrome(text[first:last])


def _covered(words: list[NDArray[np.uint64]]) -> list[Covered]:
    """Pairs of which shared runs cover enough of the shorter one."""
    offsets = np.cumsum([0, *map(len, words)], dtype=np.int64)
    rows = shared_runs(offsets, np.concatenate([np.empty(0, np.uint64), *words]))
    pairs = (Covered(*map(int, row)) for row in coverage(rows))
    return [p for p in pairs if p.words >= COVERED * words[p.part].size]


def _linked(words: list[NDArray[np.uint64]], lowest: NDArray[np.int64]) -> Iterator[Covered]:
    """Pairs of each passage and the first of its group of copies, for those whose runs were all broken."""
    for i, head in enumerate(lowest.tolist()):
        if i != head:
            part, whole = (head, i) if words[head].size < words[i].size else (i, head)
            yield Covered(part, whole, 0, 0, words[whole].size - 1)


def _told(part: NDArray[np.uint64], whole: NDArray[np.uint64], pair: Covered) -> tuple[str, float] | None:
    """What the shorter passage is to the longer, and the share that tells it."""
    common = common_words(part, whole)
    of_whole, of_part = common / whole.size, common / part.size
    if of_whole >= COPY:
        return "copy", of_whole
    if of_part >= WITHIN and pair.words >= COVERED * part.size:
        return "contained", of_part
    return ("similar", of_whole) if of_whole >= SIMILAR else None


def _heads(count: int, repeats: tuple[Repeat, ...]) -> NDArray[np.int64]:
    """Of each passage the earliest that it is a copy of and that is itself no copy; its own index if there is none."""
    earlier: dict[int, list[int]] = defaultdict(list)
    for repeat in repeats:
        if repeat.kind == "copy":
            earlier[max(repeat.part, repeat.whole)].append(min(repeat.part, repeat.whole))
    heads = np.arange(count)
    for later in sorted(earlier):
        heads[later] = min((e for e in earlier[later] if heads[e] == e), default=later)
    return heads


def _span(passage: str, count: int, pair: Covered) -> tuple[int, int]:
    """Where the shared words of a passage of ``count`` stand; all of it where its words cannot be told apart."""
    words = [(m.start(), m.end()) for m in _WORD.finditer(passage)]
    return (words[pair.first][0], words[pair.last][1]) if len(words) == count else (0, len(passage))
