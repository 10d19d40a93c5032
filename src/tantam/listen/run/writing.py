"""Parts → readings: each with its copies and its theme; a part goes when its readings are there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tantam.base.writing import whole
from tantam.engines.engine import in_threads
from tantam.listen import themes as theming
from tantam.listen.columns import SCHEMA
from tantam.listen.run.copies import Copies
from tantam.listen.run.marks import LEFT, TWICE
from tantam.listen.run.parts import Work, open_part
from tantam.listen.run.sources import Reject
from tantam.listen.themes import Themes

_REPEATED = ["key", "when", "where", "channel", "topic", "feeling", "urgency", "unsure", "theme"]
"""Columns whose values come again and again; to look for repeats in the others costs more than it saves."""

_STRETCH = 1 << 20


def write(
    work: Work, found: Copies, themes: Themes, threads: int, progress: Callable[[str, float], None]
) -> None:
    """Write each part that is still there as a file of readings, and take the part away."""
    folder = work.out / "readings"
    folder.mkdir(exist_ok=True)
    if not found.rows:
        pq.write_table(SCHEMA.empty_table(), folder / "part-00000.parquet")
    done = 0
    for rows in in_threads(partial(_one, work, found, themes), work.parts_left(), threads):
        done += rows
        progress("write", done / max(1, found.rows))


def _one(work: Work, found: Copies, themes: Themes, task: tuple[int, int]) -> int:
    """Part number and first row → how many rows it had."""
    number, start = task
    part = work.part(number)
    table = open_part(part)
    file = work.out / "readings" / f"part-{number:05}.parquet"
    head = found.of(start, len(table))
    kept = head < LEFT
    if not file.exists():
        work.tell(part, _left_out(table, head), "left")
        made = {
            "theme": pa.array(themes.ids, pa.string()).take(_nearest(themes, table)),
            "copy_of": found.head_ids(start, table.column("id").combine_chunks()),
        }
        rows = pa.table([made[n] if n in made else table.column(n) for n in SCHEMA.names], schema=SCHEMA)
        with whole(file) as half:
            pq.write_table(
                rows if kept.all() else rows.filter(pa.array(kept)),
                half,
                compression="zstd",
                compression_level=1,
                use_dictionary=_REPEATED,
                write_statistics=["id", *_REPEATED],
            )
    rows_in = len(table)
    del table
    part.unlink()
    return rows_in


def counted(found: Copies) -> tuple[int, int]:
    """How many rows became readings, and how many of these are copies."""
    kept = copied = 0
    for start in range(0, found.rows, _STRETCH):
        of = found.of(start, _STRETCH)
        stay = of < LEFT
        kept += int(stay.sum())
        copied += int((stay & (of != np.arange(start, start + len(of)))).sum())
    return kept, copied


def _nearest(themes: Themes, table: pa.Table) -> pa.Array:
    """The place among the themes of each row's, null where it has none."""
    at = [np.empty(0, np.int32)]
    for listed in table.column("words").chunks:
        words = theming.Words(listed.offsets.to_numpy(), listed.values.to_numpy())
        at.append(theming.assign(themes, words)[0])
    found = np.concatenate(at)
    return pa.array(found, mask=found < 0)


def _left_out(table: pa.Table, head: np.ndarray) -> list[Reject]:
    """The rows of a part that are no readings."""
    named = {k.decode(): v.decode() for k, v in table.schema.metadata.items()}
    told: list[Reject] = []
    for value, column, code in ((TWICE, "id", "same_id"), (LEFT, "key", "forgotten")):
        here = np.flatnonzero(head == value).tolist()
        told += [(named["file"], int(named["first"]) + i + 1, column, code) for i in here]
    return told
