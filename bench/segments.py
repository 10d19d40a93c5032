"""Twelve segments and their cube against two real scans of the same columns, at one million subscribers.

``decode`` is pyarrow turning every value of every column the rules read into Arrow, row group after row group;
``scan`` is DuckDB folding a hash of each, so that file statistics cannot answer for it, and is the faster of the two.
All run in turn within one process on the same file, on all cores; the figures are medians.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from tests.a_base import ON, stored

from tantam import engines
from tantam.base.columns import SPEND
from tantam.base.store import Base
from tantam.segments import cube
from tantam.segments.rule import columns
from tantam.segments.shipped import shipped

ROWS = 1_000_000
TURNS = 9
LEFT_OUT = ("prepaid", "low_income_documented", "low_income_declared", "low_income_estimated")
"""The shipped groups that are parts or complements of others; without them there are twelve."""


def run() -> dict[str, object]:
    """Medians in milliseconds and the ratio; see ``targets`` for what was aimed at."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "base.parquet"
        pq.write_table(
            spread(stored(ROWS)), file, compression="zstd", compression_level=1, row_group_size=122_880
        )
        engine = engines.start()
        base = Base(engine.scan([file]), ON, ROWS, "bench", None, True, engine)
        return measured(base, file, TURNS)


def measured(base: Base, file: Path, turns: int) -> dict[str, object]:
    """The figures of one base, whose only file is ``file``, by so many turns."""
    segments = tuple(segment for segment in shipped() if segment.name not in LEFT_OUT)
    con = engines.connect()
    read = sorted(
        {"province", *cube.MEASURES} - {"spend_known"} | set().union(*(columns(s.node) for s in segments))
    )
    scan = f"SELECT {', '.join(f'bit_xor(hash({name}))' for name in read)} FROM read_parquet('{file}')"
    opened = pq.ParquetFile(file)
    groups = range(opened.num_row_groups)
    acts: dict[str, Callable[[], object]] = {
        "decode": lambda: [opened.read_row_group(g, columns=read).num_rows for g in groups],
        "scan": lambda: con.sql(scan).to_arrow_table(),
        "cube": lambda: cube.count(base, segments),
    }
    taken: dict[str, list[float]] = {name: [] for name in acts}
    for _ in range(turns):
        for name, act in acts.items():
            start = perf_counter()
            act()
            taken[name].append(perf_counter() - start)
    cells = cube.count(base, segments)
    decode_ms, scan_ms, cube_ms = (1000 * median(taken[name]) for name in acts)
    return {
        "rows": base.rows,
        "segments": len(segments),
        "columns": len(read),
        "decode_ms": round(decode_ms, 1),
        "scan_ms": round(scan_ms, 1),
        "cube_ms": round(cube_ms, 1),
        "ratio_to_decode": round(cube_ms / decode_ms, 2),
        "ratio_to_scan": round(cube_ms / scan_ms, 2),
        "cells": int(cells.n.size),
        "union_ms": round(_once(lambda: cells.union([s.name for s in segments[:6]])), 2),
        "overlap_ms": round(_once(cells.overlap), 2),
        "by_province_ms": round(_once(lambda: cells.by_province(segments[0].name)), 2),
        "targets": {"ratio_to_decode": 2.5, "union_ms": 50, "overlap_ms": 50, "by_province_ms": 50},
    }


def _once(act: Callable[[], object]) -> float:
    """Median milliseconds of one question to the cube."""
    taken = []
    for _ in range(TURNS):
        start = perf_counter()
        act()
        taken.append(1000 * (perf_counter() - start))
    return median(taken)


def spread(table: pa.Table) -> pa.Table:
    """The same base with money and data as they are in life: hundreds of thousands of distinct values."""
    rng = np.random.default_rng(5)
    for name, middle, width in (*((month, 11.0, 0.9) for month in SPEND), ("data_mb_30d", 7.0, 1.2)):
        drawn = pa.array(rng.lognormal(middle, width, table.num_rows).astype(np.int64))
        table = _put(table, name, pc.if_else(pc.is_null(table[name]), pa.scalar(None, pa.int64()), drawn))
    six = sum(
        (np.asarray(pc.fill_null(table[month], 0)) for month in SPEND), np.zeros(table.num_rows, np.int64)
    )
    return _put(table, "spend_6m", pa.array(six, mask=np.asarray(pc.is_null(table["spend_6m"]))))


def _put(table: pa.Table, name: str, column: pa.Array) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), name, column)


if __name__ == "__main__":
    print(run())
