"""Where each row stands in the order of ids, and which rows are left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tantam import engines
from tantam.listen.alike.stored import Column
from tantam.listen.run.marks import LEFT, TWICE
from tantam.listen.run.parts import open_part

MEMORY_MB = 256
"""What sorting ids may hold."""

_NUMBER = "^[0-9]{1,18}$"
_GIVEN = pa.schema([("row", pa.int64()), ("id", pa.string())])


def places(
    files: Sequence[Path],
    starts: NDArray[np.int64],
    folder: Path,
    *,
    named: bool,
    forgotten: Sequence[int] = (),
) -> NDArray[np.uint32] | None:
    """By row its place in the order of ids, by number where all are numbers, else by letters, mapped from ``folder``;
    :data:`TWICE` where an earlier row has the id, :data:`LEFT` where the speaker asked to be forgotten. None if the
    rows lie in that order and none is left out. Memory is bounded; ids that rise already are not sorted."""
    letters, rising = _rising(files) if named else (False, True)
    if rising and not len(forgotten):
        return None
    found = Column(folder / "places", np.uint32, int(starts[-1])).make().mapped()
    if rising:
        for start, stop in pairwise(starts.tolist()):
            found[start:stop] = np.arange(start, stop, dtype=np.uint32)
    else:
        _sorted(files, found, "id" if letters else "id::BIGINT, id")
    if len(forgotten):
        gone = pa.array(np.asarray(forgotten, np.int64))
        for start, file in zip(starts.tolist(), files, strict=False):
            left = pc.is_in(open_part(file).column("key"), gone).to_numpy()
            here = found[start : start + len(left)]
            here[left & (here != TWICE)] = LEFT
    return found


def _rising(files: Sequence[Path]) -> tuple[bool, bool]:
    """Whether any id is no number, and whether ids rise strictly in the order meant."""
    letters, by_letters, by_number = False, True, True
    last: str | None = None
    for file in files:
        for chunk in open_part(file).column("id").chunks:
            ids = chunk if last is None else pa.concat_arrays([pa.array([last]), chunk])
            if not len(chunk):
                continue
            letters = letters or not pc.all(pc.match_substring_regex(chunk, _NUMBER)).as_py()
            by_letters = by_letters and _all_less(ids)
            by_number = by_number and not letters and _all_less(ids.cast(pa.int64()))
            last = chunk[-1].as_py()
            if letters and not by_letters:
                return True, False
    return letters, by_letters if letters else by_number


def _all_less(ids: pa.Array) -> bool:
    return bool(pc.all(pc.less(ids[:-1], ids[1:])).as_py()) if len(ids) > 1 else True


def _sorted(files: Sequence[Path], found: NDArray[np.uint32], by: str) -> None:
    """Places by an order of ids, in memory that does not grow with them."""

    def given() -> Iterator[pa.RecordBatch]:
        row = 0
        for file in files:
            for chunk in open_part(file).column("id").chunks:
                rows = pa.array(np.arange(row, row + len(chunk)))
                row += len(chunk)
                yield pa.RecordBatch.from_arrays([rows, chunk], schema=_GIVEN)

    con = engines.connect(memory_mb=MEMORY_MB, threads=1)
    try:
        con.register("given", pa.RecordBatchReader.from_batches(_GIVEN, given()))
        reader = con.sql(f"SELECT row, id FROM given ORDER BY {by}, row").to_arrow_reader(131_072)  # noqa: S608
        at, last = 0, None
        for batch in reader:
            ids = pa.concat_arrays([pa.array([last], pa.string()), batch.column(1)])
            twice = pc.fill_null(pc.equal(ids[1:], ids[:-1]), False).to_numpy(zero_copy_only=False)
            place = np.arange(at, at + len(twice)).astype(np.uint32)
            place[twice] = TWICE
            found[batch.column(0).to_numpy()] = place
            at, last = at + len(twice), batch.column(1)[-1].as_py()
    finally:
        con.close()
