"""The work folder of a run: parts that are there whole or not at all, and what the run was asked to do.

A part is an Arrow file of :data:`KEPT` beside its rejects and what its copies are found by
(:mod:`tantam.listen.run.marks`). Whatever stops a run, the next one finds the parts that are done by their names and
does none of them twice. Once copies are linked, what found them goes; and a part goes when its readings are written.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tantam.base.writing import whole, write_json
from tantam.errors import Refused
from tantam.listen.alike import SIGNATURE_BYTES
from tantam.listen.columns import REJECTS
from tantam.listen.reading import READ
from tantam.listen.run import marks
from tantam.listen.run.sources import Asked, Reject

KEPT = READ.remove(READ.get_field_index("signature"))
"""What a part holds of its rows."""


_LINKED = "linked.json"


class Work:
    """The folder ``work`` inside a run's folder, made for one plan."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.folder = out / "work"
        self.link = self.folder / "link"

    def begin(self, plan: dict[str, Any], *, again: bool) -> bool:
        """Whether anything is left to do. Goes on with the same plan; with ``again`` starts afresh.

        Refuses ``other_run``: the folder holds a run of other files or other options, whole or half.
        """
        kept = self._kept()
        if kept is not None and kept != plan and not again:
            raise Refused(
                "other_run",
                f"{self.out} holds what was listened to in other files, or with other options.",
                "Name another folder with --out, or add --again to listen anew into this one.",
            )
        if kept is None and self.out.exists() and any(self.out.iterdir()):
            raise Refused(
                "not_listened",
                f"{self.out} holds something else than what was listened to.",
                "Name another folder with --out.",
            )
        if again and kept is not None:
            for name in ("work", "readings", "index"):
                shutil.rmtree(self.out / name, ignore_errors=True)
            (self.out / "run.json").unlink(missing_ok=True)
        if self.is_done() and not again:
            return False
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_json(self.folder / "plan.json", plan)
        return True

    def is_done(self) -> bool:
        """Whether the run has ended: its work folder is gone and its facts are written."""
        return (self.out / "run.json").exists() and not self.folder.exists()

    def _kept(self) -> dict[str, Any] | None:
        for file in (self.folder / "plan.json", self.out / "run.json"):
            if file.exists():
                held = json.loads(file.read_text(encoding="utf-8"))
                return dict(held.get("plan", held))
        return None

    def part(self, number: int) -> Path:
        return self.folder / f"part-{number:05}.arrow"

    def parts(self) -> list[Path]:
        """The parts that are there, in order."""
        return sorted(self.folder.glob("part-*.arrow"))

    def put(
        self,
        number: int,
        origin: tuple[str, int],
        batches: Iterable[pa.RecordBatch],
        rejects: Sequence[Reject],
    ) -> None:
        """Write one part, batch by batch as they are made: its rejects and marks first, so that a part that is there
        has them. ``origin`` is the file's name and its first row's number, from 0."""
        part = self.part(number)
        self.tell(part, rejects)
        hashes: list[NDArray[np.int64]] = []
        signatures: list[NDArray[np.uint8]] = []

        def kept() -> Iterator[pa.RecordBatch]:
            for batch in batches:
                hashes.append(batch.column("hash").to_numpy())
                signatures.append(_bytes(batch.column("signature")))
                yield batch.select(KEPT.names)
            marks.write(part, np.concatenate(hashes), np.concatenate(signatures))

        _write(part, KEPT.with_metadata({"file": origin[0], "first": str(origin[1])}), kept())

    def tell(self, part: Path, rejects: Sequence[Reject], kind: str = "rejects") -> None:
        """Keep what was left out of a part, or could not be read in it."""
        _write(part.with_suffix(f".{kind}"), REJECTS, table_of(rejects).to_batches())

    def linked(self) -> int | None:
        """How many rows there are, once their copies are linked: no part is made any more."""
        file = self.folder / _LINKED
        return int(json.loads(file.read_text(encoding="utf-8"))["rows"]) if file.exists() else None

    def set_linked(self, rows: int) -> None:
        """Copies are linked: what they were found by goes."""
        counts = {file.name: open_part(file).num_rows for file in self.parts()}
        write_json(self.folder / _LINKED, {"rows": rows, "parts": counts})
        self.drop("hashes", "signatures")

    def parts_left(self) -> list[tuple[int, int]]:
        """Once copies are linked: the number and the first row of each part whose readings are not written yet."""
        counts = json.loads((self.folder / _LINKED).read_text(encoding="utf-8"))["parts"]
        left, start = [], 0
        for name, rows in sorted(counts.items()):
            if (self.folder / name).exists():
                left.append((int(Path(name).stem.removeprefix("part-")), start))
            start += rows
        return left

    def drop(self, *kinds: str) -> None:
        """Take some of what stands beside the parts away."""
        for kind in kinds:
            for file in self.folder.glob(f"part-*.{kind}"):
                file.unlink()

    def rejects(self) -> Iterator[pa.Table]:
        """Everything that could not be read, then everything that was left out, in the order of the rows."""
        for kind in ("rejects", "left"):
            for file in sorted(self.folder.glob(f"part-*.{kind}")):
                yield open_part(file)

    def close(self, facts: dict[str, Any]) -> None:
        """The run has ended: say what it was, then take the work away."""
        write_json(self.out / "run.json", facts)
        shutil.rmtree(self.folder)


def _bytes(signatures: pa.Array) -> NDArray[np.uint8]:
    """Signatures as uint8 [n, SIGNATURE_BYTES], not copied."""
    raw = np.frombuffer(signatures.buffers()[1], np.uint8)
    return raw.reshape(-1, SIGNATURE_BYTES)[signatures.offset :][: len(signatures)]


def _write(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
    with whole(path) as half, pa.OSFile(str(half), "wb") as sink, pa.ipc.new_file(sink, schema) as to:
        for batch in batches:
            to.write_batch(batch)


def table_of(rejects: Sequence[Reject]) -> pa.Table:
    """Rejects as a table of :data:`REJECTS`."""
    columns: list[Any] = list(zip(*rejects, strict=True)) if rejects else [[] for _ in REJECTS]
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, REJECTS, strict=True)], schema=REJECTS)


def open_part(file: Path) -> pa.Table:
    """A part, mapped and not read: only the columns that are touched come into memory."""
    with pa.memory_map(str(file)) as source:
        return pa.ipc.open_file(source).read_all()


def plan(files: Sequence[Path], asked: Asked, versions: dict[str, Any]) -> dict[str, Any]:
    """What makes two runs the same: the files as they stand, the columns, and everything that reads them."""
    stood = [[str(f.absolute()), f.stat().st_size, f.stat().st_mtime_ns] for f in files]
    return {"files": stood, "columns": asdict(asked), **versions}


def digest(data: bytes) -> str:
    """Which model or themes a plan speaks of."""
    return hashlib.sha256(data).hexdigest()[:16]
