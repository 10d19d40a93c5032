"""Forgetting somebody: the number goes at once, no read sees the key again, and the rows go at the next load.

A tombstone is the key, the day, and how many rows of the base still hold it (``held``). It stays for good, so
that a later file with the same number does not bring the person back.
"""

# ruff: noqa: S608 (the SQL is made of our own column names, numbers, and quoted paths)

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tantam import engines
from tantam.base.home import Home
from tantam.base.sources import quoted
from tantam.base.stage import Stage, change
from tantam.base.store import forgotten, tombstones
from tantam.base.writing import write


@dataclass(frozen=True)
class Trace:
    """One file that was searched for the keys: rows about them before and after. ``hidden`` rows lie there
    until the next load, and no read shows them."""

    file: str
    before: int
    after: int
    hidden: bool


def forget(home: Home, keys: Sequence[int], *, today: int) -> list[Trace]:
    """Forget subscribers now, and give the proof: every file that was searched, and what is left in it.

    The phone table and the raw rejects are rewritten at once; the base, the rounds and what was listened to at
    the next load. Refuses ``no_base`` and ``home_busy``. A key that nobody has gets its tombstone too, so that
    the answer tells nothing; the second time changes nothing.
    """
    home.files()
    with change(home) as stage:
        con = engines.connect()
        try:
            con.execute(f"SET temp_directory = {quoted(stage.scratch('spill'))}")
            con.register("asked", pa.table({"key": pa.array(sorted(set(keys)), pa.int64())}))
            traces = [*_rewrite_secret(home, stage, con), *_hidden(home, keys)]
        except duckdb.Error as error:
            raise engines.explain_fault(error) from error
        finally:
            con.close()
        _bury(home, stage, keys, today)
        stage.commit()
    return traces


def sweep(home: Home, stage: Stage) -> None:
    """Put into the stage every file of the rounds and of what was listened to, without the forgotten.

    Any Parquet file there with a column ``key`` is looked at; those without a forgotten key are left alone.
    """
    gone = forgotten(home)
    if not gone:
        return
    for file in keyed(home):
        if _count(file, gone):
            _rewrite(file, gone, stage.put(file))
    stones = [stone | {"held": 0} for stone in tombstones(home)]
    stage.put(home.forgotten).write_text(json.dumps(stones))


def _rewrite_secret(home: Home, stage: Stage, con: duckdb.DuckDBPyConnection) -> Iterator[Trace]:
    """The phone table and the raw rejects without the numbers, each with its count before and after."""
    if home.phones.exists():
        con.execute(
            f"CREATE TEMP TABLE numbers AS SELECT right(phone, 9) AS tail FROM read_parquet({quoted(home.phones)}) "
            "SEMI JOIN asked USING (key)"
        )
        yield _without(home, stage, con, home.phones, "key IN (FROM asked)", "key")
        if home.raw_rejects.exists():
            speaks = "EXISTS (FROM numbers WHERE contains(regexp_replace(raw, '[^0-9]', '', 'g'), tail))"
            yield _without(home, stage, con, home.raw_rejects, speaks, "file, line, code, row_hash")


def _without(
    home: Home, stage: Stage, con: duckdb.DuckDBPyConnection, file: Path, speaks: str, order: str
) -> Trace:
    rows = f"FROM read_parquet({quoted(file)})"
    before = con.execute(f"SELECT count(*) {rows} WHERE {speaks}").fetchone() or (0,)
    if before[0]:
        write(con, f"SELECT * {rows} WHERE NOT ({speaks})", order, stage.put(file))
    return Trace(str(file.relative_to(home.root)), before[0], 0, False)


def _hidden(home: Home, keys: Sequence[int]) -> Iterator[Trace]:
    for file in [*home.files(), *keyed(home)]:
        held = _count(file, keys)
        yield Trace(str(file.relative_to(home.root)), held, held, True)


def _bury(home: Home, stage: Stage, keys: Sequence[int], today: int) -> None:
    """Write the tombstones; those that stand keep their day."""
    stones = {int(stone["key"]): stone for stone in tombstones(home)}
    for key in sorted(set(keys) - stones.keys()):
        held = sum(_count(file, [key]) for file in home.files())
        stones[key] = {"key": key, "on": today, "held": held}
    stage.put(home.forgotten).write_text(json.dumps([stones[key] for key in sorted(stones)]))


def keyed(home: Home) -> Iterator[Path]:
    """The Parquet files of rounds, of what was listened to and of learned worth that speak of subscribers."""
    for folder in (home.rounds, home.listened, home.root / "worth"):
        for file in sorted(folder.rglob("*.parquet")):
            schema = pq.read_schema(file)
            if "key" in schema.names and schema.field("key").type == pa.int64():
                yield file


def _count(file: Path, keys: Sequence[int]) -> int:
    wanted = pa.array(sorted(set(keys)), pa.int64())
    groups = pq.ParquetFile(file)
    return sum(
        pc.sum(pc.is_in(batch.column("key"), value_set=wanted)).as_py() or 0
        for batch in groups.iter_batches(columns=["key"])
    )


def _rewrite(file: Path, keys: Sequence[int], target: Path) -> None:
    """Copy a Parquet file without some keys, one row group at a time; its schema, notes and mode stay."""
    wanted = pa.array(keys, pa.int64())
    source = pq.ParquetFile(file)
    with pq.ParquetWriter(target, source.schema_arrow, compression="zstd") as out:
        for group in range(source.num_row_groups):
            rows = source.read_row_group(group)
            out.write_table(rows.filter(pc.invert(pc.is_in(rows.column("key"), value_set=wanted))))
    shutil.copymode(file, target)
