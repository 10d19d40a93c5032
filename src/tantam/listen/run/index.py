"""What later runs are compared with: beside ``readings/``, hashes and signatures of a run's texts, and no text.

A run that comes after another keeps only what is new in it and names those before it, so that a day costs the disk of
a day. All is made of masked and cleaned texts: nobody's number or name can be in it; ids are those of the readings.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tantam.base.writing import write_json
from tantam.errors import BadInput
from tantam.listen.alike import disk
from tantam.listen.alike.signature import BANDS, CHECK_WORDS
from tantam.listen.alike.stored import Column
from tantam.listen.clean import HASH_VERSION
from tantam.listen.run import names

FOLDER = "index"
_FACTS = "index.json"

Codes = NDArray[np.uint64]


@dataclass(frozen=True)
class Index:
    """One run's: ``first`` is the number of its first head over all runs, ``heads`` how many it added, ``texts`` how
    many different texts; ``rows`` how many came in."""

    folder: Path
    first: int
    heads: int
    texts: int
    rows: int

    @property
    def hashes(self) -> Column:
        """Of its texts, rising."""
        return Column(self.folder / "hashes", np.uint64, self.texts)

    @property
    def numbers(self) -> Column:
        """Of the head of each text, over all runs."""
        return Column(self.folder / "numbers", np.uint32, self.texts)

    @property
    def check(self) -> Column:
        return Column(self.folder / "check", np.uint64, self.heads, CHECK_WORDS)

    def keys(self, band: int) -> Column:
        return Column(self.folder / f"keys-{band}", np.uint32, self.heads)


class Earlier:
    """The runs before this one, the first one first; none for a run of its own."""

    def __init__(self, runs: Sequence[Index] = ()) -> None:
        self.runs = tuple(runs)
        self.heads = sum(run.heads for run in runs)
        self.rows = sum(run.rows for run in runs)

    @classmethod
    def of(cls, out: Path | None) -> Earlier:
        """The run in the folder ``out``, and those it came after. Refuses ``no_index`` and ``wrong_hash_version``."""
        if out is None:
            return cls()
        before = [Path(one) for one in _facts(out)["after"]]
        runs: list[Index] = []
        for folder in (*before, out):
            facts = _facts(folder)
            first = sum(run.heads for run in runs)
            runs.append(Index(folder / FOLDER, first, facts["heads"], facts["texts"], facts["rows"]))
        return cls(runs)

    def find(self, hashes: Codes) -> NDArray[np.int64]:
        """The number of the head of each text, −1 where no run had it. ``hashes`` rise."""
        found = np.full(len(hashes), -1, np.int64)
        for run in self.runs if len(hashes) else ():
            first, stop = np.searchsorted(run.hashes.mapped(), hashes[[0, -1]])
            held = run.hashes.read(int(first), int(stop) + 1)
            if len(held):
                at = np.minimum(np.searchsorted(held, hashes), len(held) - 1)
                same = held[at] == hashes
                found[same] = run.numbers.read(int(first), int(stop) + 1)[at[same]]
        return found

    def put(self, texts: disk.Texts) -> None:
        """The heads' signatures, as the first of ``texts``."""
        for run in self.runs:
            for first in range(0, run.heads, texts.rows):
                stop = first + texts.rows
                texts.check.write(run.first + first, run.check.read(first, stop))
                for band, column in enumerate(texts.keys):
                    column.write(run.first + first, run.keys(band).read(first, stop))

    def ids(self, numbers: NDArray[np.int64]) -> pa.Array:
        """The ids of some heads."""
        firsts = np.array([run.first for run in self.runs])
        of = np.searchsorted(firsts, numbers, side="right") - 1
        order = np.argsort(of, kind="stable")
        taken = [
            names.take(self.runs[i].folder, numbers[of == i] - self.runs[i].first) for i in np.unique(of)
        ]
        back = np.empty_like(order)
        back[order] = np.arange(len(order))
        return pa.concat_arrays(taken).take(pa.array(back)) if taken else pa.array([], pa.string())


class Making:
    """An index while it is written, into ``folder`` and, whole, to its place."""

    def __init__(self, folder: Path, earlier: Earlier, heads: int, rows: int) -> None:
        folder.mkdir(exist_ok=True)
        self._folder, self._earlier = folder, earlier
        self._index = Index(folder, earlier.heads, heads, 0, rows)
        self._texts = 0
        for column in (self._index.check, *(self._index.keys(band) for band in range(BANDS))):
            column.make()
        for column in (self._index.hashes, self._index.numbers):
            column.make()

    def put_heads(self, texts: disk.Texts, ranks: Iterator[tuple[int, NDArray[Any], NDArray[Any]]]) -> None:
        """Signatures of heads: the first rank of a stretch, where in it heads stand, and their numbers."""
        for first, at, numbers in ranks:
            stop = first + texts.rows
            self._index.check.mapped()[numbers] = texts.check.read(first, stop)[at]
            for band, column in enumerate(texts.keys):
                self._index.keys(band).mapped()[numbers] = column.read(first, stop)[at]

    def put_texts(self, hashes: Codes, numbers: NDArray[np.uint32]) -> None:
        """Texts in the order of their hashes, with their heads' numbers over all runs."""
        for name, values in (("hashes", hashes), ("numbers", numbers)):
            with (self._folder / name).open("ab") as to:
                to.write(np.ascontiguousarray(values).data)
        self._texts += len(hashes)

    def close(self, ids: Iterator[pa.Array], out: Path) -> None:
        """The heads' ids in the order of their numbers; then the index is there."""
        names.write(self._folder, ids)
        facts = {
            "hash_version": HASH_VERSION,
            "heads": self._index.heads,
            "texts": self._texts,
            "rows": self._index.rows,
            "after": [str(run.folder.parent) for run in self._earlier.runs],
        }
        write_json(self._folder / _FACTS, facts)
        shutil.rmtree(out / FOLDER, ignore_errors=True)
        self._folder.rename(out / FOLDER)


def _facts(out: Path) -> dict[str, Any]:
    file = out / FOLDER / _FACTS
    if not file.exists():
        raise BadInput(
            "no_index",
            f"{out} keeps no index of what was said there.",
            "Listen to it again with --index --again; then a later run can come after it.",
        )
    facts = json.loads(file.read_text(encoding="utf-8"))
    if facts["hash_version"] != HASH_VERSION:
        raise BadInput(
            "wrong_hash_version",
            f"The index in {out} was made of words hashed in version {facts['hash_version']}; this is {HASH_VERSION}.",
            "Listen to those files again with --index --again.",
        )
    return dict(facts)
