"""The scores of a home: what each learned offer is worth to each subscriber, in whole đồng.

``home/worth/scores/part-*.parquet`` hold a row for every row of the base as it was scored, in the base's order
(province, key): ``key``, ``province``, ``row`` (a digest of what the score was read from) and one int32 column an
offer. No row group crosses a province, so a subscriber lies in the one group of his province that spans his key.
``scores.json`` beside them says what they were made with, and the digest of each part.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tantam.base.home import Home
from tantam.base.stage import settle
from tantam.base.store import forgotten
from tantam.errors import Fault, Refused

Ints = NDArray[np.int64]

NONE = -1
"""What stands where there is no score: not eligible, refuses profiling, or not in the base that was scored."""
VERSION = 2
NOTE = b"scores"
"""Where each part's schema says its own digest: of the model, and of all rows."""


def folder(home: Home) -> Path:
    """Where a home's scores lie."""
    return home.root / "worth" / "scores"


def part_name(number: int, kind: str = "parquet") -> str:
    """The name of a part's file."""
    return f"part-{number:05d}.{kind}"


@dataclass(frozen=True)
class _Group:
    """One row group of the store: where it lies, the digest of its part, and the keys that it spans."""

    file: Path
    digest: str
    number: int
    province: str
    first: int
    last: int


@dataclass
class Scores:
    """The scores that a home holds. ``digest`` changes whenever any score may have: whatever is decided by them
    belongs to it. ``facts`` is scores.json.
    """

    facts: dict[str, Any]
    groups: list[_Group]
    gone: Ints
    _near: int = 0

    @classmethod
    def open(cls, home: Home) -> Scores:
        """The scores of a home; refuses (``no_scores``) a home without any, and faults (``scores_changed``) where
        others are put in place just now."""
        settle(home)
        try:
            facts: dict[str, Any] = json.loads((folder(home) / "scores.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            facts = {}
        if facts.get("version") != VERSION:
            raise Refused(
                "no_scores",
                f"No subscriber of {home.root} has a learned worth yet.",
                "Run tantam worth score MODEL, or write the offer's value as an expression.",
            )
        files = [(folder(home) / part_name(n), digest) for n, digest in enumerate(facts["parts"])]
        groups = [group for file, digest in files for group in _groups(file, digest)]
        return cls(facts, groups, np.array(forgotten(home), np.int64))

    @property
    def offers(self) -> tuple[str, ...]:
        return tuple(self.facts["offers"])

    @property
    def digest(self) -> str:
        return str(self.facts["digest"])

    def made_by(self, model: str, offers: Sequence[str]) -> bool:
        """Whether the model of this digest made them, for these offers."""
        return self.facts["model"] == model and self.offers == tuple(offers)

    def holds(self, number: int, digest: str) -> bool:
        """Whether the part of this number is the one of this digest."""
        return self.facts["parts"][number : number + 1] == [digest]

    def need(self, offers: Sequence[str]) -> None:
        """Refuses (``no_learned_worth``) where an offer was never scored."""
        for offer in offers:
            if offer not in self.offers:
                raise Refused(
                    "no_learned_worth",
                    f"There is no learned worth of “{offer}”; there is one of {', '.join(self.offers) or 'none'}.",
                    "Learn it from rounds that gave it (tantam worth fit, worth score), or write its value.",
                )

    def of(self, offers: Sequence[str], key: Ints, province: str | None = None) -> NDArray[np.int32]:
        """The worth of offers to subscribers, in whole đồng; :data:`NONE` where there is none: int32 [offers, n].

        ``province``, where it is known to be that of all of them, spares looking elsewhere. Keys in the base's own
        order are found fastest. Refuses as :meth:`need`.
        """
        self.need(offers)
        found = self.columns(list(offers), key, province)
        if not found:
            return np.empty((0, key.size), np.int32)
        return np.stack(found)

    def columns(self, names: list[str], key: Ints, province: str | None = None) -> list[NDArray[Any]]:
        """Columns of the store for some keys, :data:`NONE` for who is not in it or was forgotten."""
        order = np.argsort(key, kind="stable")
        asked = key[order]
        left = np.flatnonzero(~np.isin(asked, self.gone))
        columns = [np.full(key.size, NONE, np.int64 if name == "row" else np.int32) for name in names]
        for at in self._likely(asked, province):
            if not left.size:
                break
            group = self.groups[at]
            mine = slice(*np.searchsorted(asked[left], [group.first, group.last + 1]))
            if mine.start == mine.stop:
                continue
            there, rows = self._found(group, asked[left[mine]])
            if there.any():
                self._near = at
                values = self._read(group, names)
                places = order[left[mine][there]]
                for column, value in zip(columns, values, strict=True):
                    column[places] = value[rows[there]]
                left = np.delete(left, np.arange(mine.start, mine.stop)[there])
        return columns

    def _found(self, group: _Group, key: Ints) -> tuple[NDArray[np.bool_], Ints]:
        (held,) = self._read(group, ["key"])
        rows = np.minimum(np.searchsorted(held, key), held.size - 1)
        return held[rows] == key, rows

    def _read(self, group: _Group, names: list[str]) -> list[NDArray[Any]]:
        """Columns of one group; a fault (``scores_changed``) where others were put in place meanwhile."""
        table = _open(group.file, group.digest).read_row_group(group.number, columns=names, use_threads=False)
        return [table.column(name).to_numpy() for name in names]

    def _likely(self, asked: Ints, province: str | None) -> list[int]:
        """The groups that may hold any of the keys (sorted), those nearest to where the last were found first."""
        if not asked.size:
            return []
        fits = [
            i
            for i, g in enumerate(self.groups)
            if g.first <= asked[-1] and g.last >= asked[0] and province in (None, g.province)
        ]
        near = self._near
        return sorted(fits, key=lambda i: abs(i - near))


def _open(file: Path, digest: str) -> pq.ParquetFile:
    """A part; a fault (``scores_changed``) where another stands in its place."""
    with suppress(FileNotFoundError):
        opened = pq.ParquetFile(file)
        if (opened.metadata.metadata or {}).get(NOTE) == digest.encode():
            return opened
    raise Fault(
        "scores_changed", "The base was scored anew just now.", "Run again; if it stays, score it again."
    )


def _groups(file: Path, digest: str) -> list[_Group]:
    """The row groups of a part that hold anybody."""
    meta = _open(file, digest).metadata
    place = {meta.schema.column(i).name: i for i in range(meta.num_columns)}
    made = []
    for number in range(meta.num_row_groups):
        group = meta.row_group(number)
        if group.num_rows:
            key, province = (group.column(place[name]).statistics for name in ("key", "province"))
            made.append(_Group(file, digest, number, province.min, key.min, key.max))
    return made
