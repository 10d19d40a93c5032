"""The sample operator's subscriber file: streamed in chunks with a seed of their own, so that memory stays
small and the same seed gives the same bytes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from tantam.base import room
from tantam.base.columns import INPUT
from tantam.base.writing import whole
from tantam.clock import to_date
from tantam.errors import BadInput
from tantam.sample import dirt, effects, people, phones, usage
from tantam.sample.people import ON, OPERATOR, Ints

CHUNK_ROWS = 250_000
_FEW = 4
"""So many chunks are made here; for more it pays to start processes."""
_ROW_BYTES = {"parquet": 30, "csv": 210}
"""A row takes a little less on the disk."""
NAMES = [c.name for c in INPUT]
METADATA = {"tantam.on": to_date(ON).isoformat(), "tantam.operator": OPERATOR, "tantam.made_up": "true"}
"""What the Parquet files say of themselves: the day they describe, whose they are, and that nobody in them
is real.
"""


@dataclass(frozen=True)
class Made:
    """What was written: the files, their rows, and how many rows were spoiled on purpose, by kind."""

    files: tuple[Path, ...]
    rows: int
    dirty: dict[str, int]


def write(
    out: Path,
    subscribers: int,
    seed: int,
    *,
    csv: bool = False,
    progress: Callable[[str, float], None] = lambda stage, share: None,
) -> Made:
    """Write ``out/subscribers-0000.parquet`` … (or ``.csv``) and ``out/truth.json``;
    ``progress`` hears the share done.

    ``subscribers`` rows in all, of which :data:`tantam.sample.dirt.SHARE` are spoiled. Replaces an earlier
    sample in the same folder. Refuses ``bad_count`` and ``disk_short``. About 3 s a million and core, under 500 MB
    a core whatever the size.
    """
    if not 1 <= subscribers <= phones.MOST:
        what = f"{subscribers} subscribers cannot be made."
        raise BadInput("bad_count", what, f"Ask for 1 to {phones.MOST}: --subscribers 200_000, say.")
    out.mkdir(parents=True, exist_ok=True)
    for old in [*out.glob("subscribers-*.parquet"), *out.glob("subscribers-*.csv")]:
        old.unlink()
    kind = "csv" if csv else "parquet"
    room.need(out, subscribers * _ROW_BYTES[kind], f"A sample of {subscribers:,} subscribers")
    tasks = [
        _Task(out / f"subscribers-{number:04}.{kind}", number, first, min(CHUNK_ROWS, subscribers - first))
        for number, first in enumerate(range(0, subscribers, CHUNK_ROWS))
    ]
    dirty = dict.fromkeys(dirt.KINDS, 0)
    for task, spoiled in zip(tasks, _each(partial(_make, seed, subscribers), tasks), strict=True):
        for name, rows in spoiled.items():
            dirty[name] += rows
        progress("make", (task.first + task.n) / subscribers)
    _truth(out / "truth.json", subscribers, seed, dirty)
    return Made(tuple(task.file for task in tasks), subscribers, dirty)


@dataclass(frozen=True)
class _Task:
    """One chunk to make: its file, its number, its first subscriber and how many."""

    file: Path
    number: int
    first: int
    n: int


def _each(make: Callable[[_Task], dict[str, int]], tasks: Sequence[_Task]) -> Iterator[dict[str, int]]:
    """Make every chunk, many of them on every core: a chunk has a seed of its own, whoever makes it."""
    cores = os.cpu_count() or 1
    if cores == 1 or len(tasks) <= _FEW:
        yield from map(make, tasks)
        return
    with ProcessPoolExecutor(min(cores, len(tasks)), get_context("spawn")) as pool:
        try:
            yield from pool.map(make, tasks)
        finally:
            pool.shutdown(cancel_futures=True)


def _make(seed: int, total: int, task: _Task) -> dict[str, int]:
    """Write one chunk's file; how many rows are spoiled, by kind."""
    table, spoiled = chunk(seed, task.number, task.first, task.n, total)
    with whole(task.file) as half:
        _csv(table, spoiled, half) if task.file.suffix == ".csv" else _parquet(table, half)
    return {kind: rows.size for kind, rows in spoiled.items()}


def chunk(seed: int, number: int, first: int, n: int, total: int) -> tuple[pa.Table, dict[str, Ints]]:
    """One chunk in the order of the contract's input columns, and which of its rows are spoiled, by kind."""
    rng = np.random.default_rng([seed, number])
    who = people.draw(rng, n)
    columns = {"phone": phones.written(rng, phones.numbers(first, n, total, seed))}
    columns |= who.columns | usage.draw(rng, who)
    spoiled = dirt.choose(rng, n)
    columns = dirt.spoil(rng, columns, spoiled)
    return pa.table({name: columns[name] for name in NAMES}), spoiled


def _parquet(table: pa.Table, file: Path) -> None:
    pq.write_table(table.replace_schema_metadata(METADATA), file, compression="zstd", compression_level=1)


def _csv(table: pa.Table, spoiled: dict[str, Ints], file: Path) -> None:
    """As a billing system exports: days as dd/mm/yyyy, and a future day as one that no calendar has."""
    columns = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        dates = pa.types.is_date(column.type)
        columns[name] = pc.strftime(column, "%d/%m/%Y") if dates else column
    impossible = np.zeros(table.num_rows, bool)
    impossible[spoiled["joined_in_future"]] = True
    columns["joined_on"] = pc.if_else(pa.array(impossible), "31/02/2025", columns["joined_on"])
    pacsv.write_csv(pa.table(columns), file, pacsv.WriteOptions(quoting_style="needed"))


def _truth(file: Path, subscribers: int, seed: int, dirty: dict[str, int]) -> None:
    """The hidden effects and the shares asked for; only tests and benches read it."""
    truth = {
        "seed": seed,
        "on": to_date(ON).isoformat(),
        "operator": OPERATOR,
        "subscribers": subscribers,
        "dirty": dirty,
        "shares": {
            "low_income": people.LOW_INCOME_SHARE,
            "low_income_by_estimate": people.ESTIMATE_SHARE,
            "postpaid": people.POSTPAID_SHARE,
            "consent_care": people.CARE_SHARE,
            "refuses_profiling": people.REFUSES_PROFILING_SHARE,
        },
        "effects": effects.described(seed),
    }
    file.write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
