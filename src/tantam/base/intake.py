"""Getting subscribers in: files → normalised rows → the base, the phone table and the rejects, whole or not at all."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

import duckdb
import pyarrow as pa

from tantam import engines
from tantam.base import headings, merging, reading, rejects, sources
from tantam.base.home import Home
from tantam.base.sources import Source, quoted
from tantam.base.stage import Stage, change
from tantam.base.store import forgotten
from tantam.clock import parse_day
from tantam.errors import BadInput, Fault

SECRET_BYTES = 32
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Loaded:
    """What a load did. ``rows_in`` = ``kept`` + ``rejected``, always."""

    rows_in: int
    kept: int
    rejected: int
    seconds: float
    codes: Mapping[str, int]
    unreadable: Mapping[str, int]
    unused: tuple[str, ...]
    encodings: Mapping[str, str]
    rows: int
    on: int
    digest: str
    operator: str | None
    new_secret: bool


def load(
    home: Home,
    paths: Sequence[Path],
    *,
    today: int,
    renames: Mapping[str, str] | None = None,
    on: int | None = None,
    operator: str | None = None,
    progress: Progress = lambda stage, share: None,
) -> Loaded:
    """Load files into a home; rows with a number that is there already replace it, the others stay.

    ``renames`` maps headings of theirs to ours; ``on`` is the day the base describes (else the files' own, else
    the latest day in it that is not after ``today``). Refuses what :mod:`tantam.base.sources` refuses,
    ``no_rows``, ``home_busy`` and ``map_unused``; then, and also when it is stopped at any moment, the home stays
    as it was. Memory is bounded by the engine's limit; what does not fit lies in ``secret`` while loading.
    """
    start = perf_counter()
    files = sources.resolve(paths)
    try:
        with change(home) as stage:
            opened = sources.open_all(files, renames or {}, stage)
            headings.refuse_unused(
                renames or {},
                (ours for source in opened for ours in source.given),
                (name for source in opened for name in source.headings),
            )
            con = _connect(stage)
            try:
                done = _Load(home, stage, con, today, renames or {}, progress).run(opened, on, operator)
            finally:
                con.close()
            progress("move", 0.0)
            stage.commit()
    except duckdb.Error as error:
        raise engines.explain_fault(error) from error
    except OSError as error:
        raise Fault(
            "disk_failed",
            f"The disk said: {error.strerror} ({error.filename}).",
            "Nothing half-done is kept.",
        ) from error
    return replace(done, seconds=round(perf_counter() - start, 3))


def _connect(stage: Stage) -> duckdb.DuckDBPyConnection:
    """An engine that spills only into the stage: what it holds has phone numbers in it."""
    con = engines.connect()
    con.execute(f"SET temp_directory = {quoted(stage.scratch('spill'))}")
    con.execute("SET enable_progress_bar = true")
    con.execute("SET enable_progress_bar_print = false")
    return con


class _Load:
    """One load at work: a home, its stage, and an engine that holds the table ``rows``."""

    def __init__(
        self,
        home: Home,
        stage: Stage,
        con: duckdb.DuckDBPyConnection,
        today: int,
        renames: Mapping[str, str],
        progress: Progress,
    ) -> None:
        self.home, self.stage, self.con, self.today = home, stage, con, today
        self.renames, self.progress = renames, progress

    def run(self, opened: Sequence[Source], on: int | None, operator: str | None) -> Loaded:
        new_secret = self._prepare()
        parts = self._read(opened)
        rows_in = sum(part.rows + len(part.broken) for part in parts)
        if not rows_in:
            raise BadInput("no_rows", f"{opened[0].files[0]} has a header and no rows.", "Export it again.")
        rejects.gather(self.con, self.home)
        with self._watched("write"):
            merging.merge_phones(self.con, self.home, self.stage)
            merged = merging.merge_base(self.con, self.home, self.stage, self.today)
        codes, unreadable = rejects.write_both(self.con, parts, self.home, self.stage, self.today)
        if self.home.forgotten.exists():
            from tantam.base import forget

            forget.sweep(self.home, self.stage)
        before = json.loads(self.home.facts.read_text()) if self.home.facts.exists() else {}
        notes = {name: value for part in parts for name, value in part.source.notes.items()}
        if on is None:
            on = parse_day(notes["on"]) if "on" in notes else merged.latest
        operator = operator or notes.get("operator") or before.get("operator")
        made_up = notes.get("made_up") == "true" or bool(before.get("made_up"))
        facts = {
            "on": on,
            "rows": merged.rows,
            "digest": merged.digest,
            "operator": operator,
            "made_up": made_up,
        }
        self.stage.put(self.home.facts).write_text(json.dumps(facts, ensure_ascii=False))
        rejected = sum(codes.values())
        return Loaded(
            rows_in=rows_in,
            kept=rows_in - rejected,
            rejected=rejected,
            seconds=0.0,
            codes=codes,
            unreadable=unreadable,
            unused=tuple(dict.fromkeys(name for source in opened for name in source.unused)),
            encodings={
                rejects.shown_file(part.source.files[0]): part.source.text.encoding
                for part in parts
                if part.source.text
            },
            rows=merged.rows,
            on=on,
            digest=merged.digest,
            operator=operator,
            new_secret=new_secret,
        )

    def _prepare(self) -> bool:
        """The secret, made at the first load, and who asked to be forgotten."""
        new = not self.home.key_secret.exists()
        secret = os.urandom(SECRET_BYTES) if new else self.home.key_secret.read_bytes()
        if new:
            self.stage.put(self.home.key_secret).write_bytes(secret)
        reading.prepare(self.con, secret)
        self.con.register("gone", pa.table({"key": pa.array(forgotten(self.home), pa.int64())}))
        return new

    def _read(self, opened: Sequence[Source]) -> list[rejects.Part]:
        parts: list[rejects.Part] = []
        for number, source in enumerate(opened):
            first = parts[-1].first + parts[-1].rows if parts else 0
            try:
                parts.append(self._read_one(source, first))
            except BadInput:
                if source.text is None or source.text.clean:
                    raise
                again = sources.csv_source(source.files[0], self.renames, self.stage, number, careful=True)
                parts.append(self._read_one(again, first))
        return parts

    def _read_one(self, source: Source, first: int) -> rejects.Part:
        """Add a source's rows to the table ``rows``; a source that cannot be read adds none."""
        into = "CREATE TEMP TABLE rows AS" if first == 0 else "INSERT INTO rows"
        self.con.begin()
        try:
            with self._watched("read"):
                self.con.execute("DROP TABLE IF EXISTS rows" if first == 0 else "SELECT 1")
                self.con.execute(f"{into} {reading.rows_of(source, self.today)}")
            part = rejects.Part(
                source,
                first,
                self._number("SELECT count(*) FROM rows") - first,
                rejects.broken_lines(self.con, source),
            )
            self.con.commit()
        except BadInput:
            self.con.rollback()
            raise
        except duckdb.Error as error:
            self.con.rollback()
            if isinstance(
                error, duckdb.OutOfMemoryException | duckdb.BinderException | duckdb.ParserException
            ):
                raise
            raise BadInput(
                "unreadable_file",
                f"{source.files[0]} cannot be read to its end ({type(error).__name__}).",
                "It may be damaged or cut off: export it again.",
            ) from error
        return part

    def _number(self, query: str) -> int:
        row = self.con.execute(query).fetchone()
        assert row is not None
        return int(row[0])

    @contextmanager
    def _watched(self, name: str) -> Iterator[None]:
        """Tell ``progress`` how far the engine is, five times a second."""
        done = threading.Event()

        def watch() -> None:
            while not done.wait(0.2):
                self.progress(name, max(self.con.query_progress(), 0.0) / 100)

        self.progress(name, 0.0)
        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()
