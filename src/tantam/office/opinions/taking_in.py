"""What one listening over files found, taken into the office: figures and quotes of each theme, and beside the readings
a file of the keys of those who may be told what became of it."""

# ruff: noqa: S608 (the SQL is made of our own column names and quoted paths)

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from tantam import engines
from tantam.base.home import Home
from tantam.base.sources import quoted
from tantam.base.store import open_base
from tantam.base.writing import ROW_GROUP, whole
from tantam.errors import BadInput, Fault, Refused
from tantam.office.channels import actions as channels
from tantam.office.door import enter
from tantam.office.journal.models import Entry
from tantam.office.opinions import themes
from tantam.office.opinions.models import Heap
from tantam.office.people.models import Staff

Progress = Callable[[str, float], None]
Row = dict[str, Any]

_SPEAKER = pa.schema([pa.field("key", pa.int64(), nullable=False), pa.field("first", pa.int32())])
"""A speaker: ``first`` is the day of his first word on the theme, in days since 1970, or null."""
_GOES = pa.schema([("theme", pa.string()), ("goes", pa.string())])


@dataclass(frozen=True)
class TakenIn:
    """What was new: ``themes``, the ``opinions`` on them, and how many of the ``speakers`` of each may be told. Nothing
    where the run was taken in before."""

    themes: int
    opinions: int
    speakers: int


@dataclass(frozen=True)
class Run:
    """A listening that has ended: the rows of its themes that stand for something, and what tells the files that were
    listened to from others."""

    folder: Path
    rows: list[Row]
    digest: str

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def counted(self) -> list[Row]:
        """The themes that anything is taken in of."""
        return [row for row in self.rows if row["count"] and not row["merged_into"]]

    @property
    def opinions(self) -> int:
        return sum(row["count"] for row in self.counted)


def take_in(
    home: Home,
    name: str | Path,
    *,
    actor: Staff | None,
    at: datetime,
    progress: Progress = lambda stage, share: None,
) -> TakenIn:
    """Take in the listening of a name, or a folder of ``home/listened``. The same files twice, also stopped half-way,
    count once.

    Whoever agreed to care in the base, and told nobody since that he wants no answers, gets a row in
    ``speakers/THEME.parquet`` there. Refuses ``not_listened``, ``not_in_listened``, ``listened_anew`` (the folder was
    taken in with other files in it).
    """
    enter(actor, "theme.take_in")
    run = find(home, name)
    folder, rows, digest = run.folder, run.rows, run.digest
    if was_taken_in(run):
        told_to = Heap.objects.filter(run=run.name, digest=digest).exclude(speakers="")
        if not all((home.root / file).exists() for file in told_to.values_list("speakers", flat=True)):
            _write_speakers(home, folder, rows, at, progress)  # they were lost since
        return TakenIn(0, 0, 0)
    progress("speakers", 0)
    found = _write_speakers(home, folder, rows, at, progress)
    for row in rows:
        if row["id"] in found:
            row["speakers"] = str(
                (_speakers(folder) / f"{row['id']}.parquet").relative_to(home.root.resolve())
            )
            row["speakers_count"] = found[row["id"]]
    progress("themes", 0)
    new = themes.take_in(rows, run=run.name, digest=digest, actor=actor, at=at)
    return TakenIn(new, run.opinions, sum(found.values()))


def find(home: Home, name: str | Path) -> Run:
    """The listening of a name, or of a folder of ``home/listened``, to be taken in. Refuses ``not_listened``,
    ``not_in_listened`` and ``listened_anew``."""
    folder = home.listening(name).resolve()
    if home.listened.resolve() not in folder.parents:
        raise Refused(
            "not_in_listened",
            f"{folder} does not lie in {home.listened}, where forgetting looks.",
            "Listen into a bare name: tantam listen run FILE… --out NAME.",
            vi=f"{folder} không nằm trong {home.listened}, nơi việc xóa dữ liệu tìm tới. Nghe lại với một tên trơn.",
        )
    run = _read(folder)
    if not was_taken_in(run) and Heap.objects.filter(run=run.name).exclude(digest=run.digest).exists():
        raise Refused(
            "listened_anew",
            f"{run.name} was taken in when other files had been listened to in it.",
            "Listen to these under another name: what was counted before stays.",
            vi=f"{run.name} đã được nhận khi còn nghe tệp khác. Nghe các tệp này dưới tên khác; số đã đếm vẫn giữ.",
        )
    return run


def was_taken_in(run: Run) -> bool:
    """Whether all of these files count already, under whatever name."""
    return Entry.objects.filter(act="theme.taken_in", digest=run.digest).exists()


def speakers(file: Path, *, after: int, most: int) -> list[int]:
    """At most so many keys of a file of speakers, those after a key, by key. Refuses ``speakers_gone``, our fault."""
    if not file.exists():
        raise Fault(
            "speakers_gone",
            f"{file} is gone: nobody knows any more who is to be told.",
            "Take that listening in again: tantam office take-in RUN; the telling then goes on where it was.",
        )
    rest = ds.dataset(file).scanner(
        columns=["key"], filter=ds.field("key") > after, batch_size=most, use_threads=False
    )
    return list(rest.head(most)["key"].to_pylist())


def _read(folder: Path) -> Run:
    try:
        rows = json.loads((folder / "themes.json").read_text(encoding="utf-8"))
        plan = json.loads((folder / "run.json").read_text(encoding="utf-8"))["plan"]
        listened = json.dumps([plan["files"], plan["columns"]], sort_keys=True)
    except (OSError, ValueError, KeyError) as error:
        raise BadInput(
            "not_listened",
            f"{folder} holds no listening that has ended.",
            "Name a folder that was listened to: tantam listen run FILE… --out NAME.",
            vi=f"{folder} không có lần nghe nào đã xong. Ghi tên một lần nghe đã xong.",
        ) from error
    kept = [row | {"share_complaint": row["share_complaint"] or 0.0} for row in rows if not row["hidden"]]
    return Run(folder, kept, hashlib.sha256(listened.encode()).hexdigest())


def _speakers(folder: Path) -> Path:
    return folder / "speakers"


def _write_speakers(
    home: Home, folder: Path, rows: list[Row], at: datetime, progress: Progress
) -> dict[str, int]:
    """A file of each theme's speakers who may be told; gives how many by theme, those without any left out."""
    _speakers(folder).mkdir(mode=0o700, exist_ok=True)
    found: dict[str, int] = {}
    con = engines.connect()
    try:
        for theme, spoken in groupby(_who_spoke(con, home, folder, rows, at), key=itemgetter(0)):
            with whole(_speakers(folder) / f"{theme}.parquet") as half:
                half.touch(mode=0o600)
                with pq.ParquetWriter(half, _SPEAKER, compression="zstd") as to:
                    for _, speakers in spoken:
                        to.write_table(speakers)
                        found[theme] = found.get(theme, 0) + len(speakers)
            progress("speakers", len(found) / len(rows))
    except duckdb.Error as error:
        raise engines.explain_fault(error) from error
    finally:
        con.close()
    return found


def _who_spoke(
    con: duckdb.DuckDBPyConnection, home: Home, folder: Path, rows: list[Row], at: datetime
) -> Iterator[tuple[str, pa.Table]]:
    """Each theme and some of its speakers who may be told, by theme and key, each once. Goes through the readings
    once; without a base nobody is known."""
    files = sorted((folder / "readings").glob("*.parquet"))
    if not files or not home.facts.exists():
        return
    base = open_base(home, engines.Duck(con))
    base.frame.filter(~nw.col("consent_care_on").is_null()).select("key").to_native().create_view("agreed")
    con.register("refusing", pa.table([pa.array(channels.refusing("reply", at=at), pa.int64())], ["key"]))
    ids = [row["id"] for row in rows]
    con.register("goes", pa.table([ids, [row["merged_into"] or row["id"] for row in rows]], schema=_GOES))
    spoke = con.sql(
        'SELECT goes, key, MIN("when")::INT AS first '
        f"FROM read_parquet([{', '.join(map(quoted, files))}]) JOIN goes USING (theme) "
        "SEMI JOIN agreed USING (key) ANTI JOIN refusing USING (key) GROUP BY goes, key ORDER BY goes, key"
    )
    for batch in spoke.to_arrow_reader(ROW_GROUP):
        names = batch.column(0).to_numpy(zero_copy_only=False)
        speakers = pa.table([batch.column(1), batch.column(2)], schema=_SPEAKER)
        starts = [0, *np.flatnonzero(names[1:] != names[:-1]) + 1]
        for start, end in zip(starts, [*starts[1:], len(names)], strict=True):
            yield names[start], speakers.slice(start, end - start)
