"""Getting subscribers in: files → normalised rows → the base, the phone table and the rejects, whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import perf_counter

import duckdb

from tantam import engines, machine
from tantam.base import headings, merging, pieces, reading, rejects, room, sources
from tantam.base.home import Home
from tantam.base.sources import Source, quoted
from tantam.base.stage import Stage, change
from tantam.base.store import forgotten
from tantam.clock import parse_day
from tantam.errors import BadInput, Fault

SECRET_BYTES = 32
ROW_BYTES = 260
"""A row takes a little less while loading: in its bucket, beside its number, and in the new base."""
HEAD_BYTES = 1 << 20
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
    engine: engines.Engine | None = None,
) -> Loaded:
    """Load files into a home; rows with a number that is there already replace it, the others stay.

    ``renames`` maps headings of theirs to ours; ``on`` is the day the base describes (else the files' own, else
    the latest day in it that is not after ``today``). Refuses what :mod:`tantam.base.sources` refuses,
    ``no_rows``, ``home_busy``, ``map_unused`` and ``disk_short``; then, and also when it is stopped at any moment, the
    home stays as it was. Memory is bounded whatever the size: what is between the files and the base lies in
    ``secret`` while loading. The pieces are cleaned wherever ``engine`` runs them; the merge is done here.
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
            work = _Load(home, stage, today, renames or {}, engine or engines.start(), progress)
            done = work.run(opened, on, operator)
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


class _Load:
    """One load at work: a home, its stage, and an engine for the pieces."""

    def __init__(
        self,
        home: Home,
        stage: Stage,
        today: int,
        renames: Mapping[str, str],
        engine: engines.Engine,
        progress: Progress,
    ) -> None:
        self.home, self.stage, self.today = home, stage, today
        self.renames, self.engine, self.progress = renames, engine, progress
        self.cores = os.cpu_count() or 1

    def run(self, opened: Sequence[Source], on: int | None, operator: str | None) -> Loaded:
        new_secret = self._prepare()
        terms, pieces = self._terms(opened)
        parts = self._clean(terms, pieces)
        rows_in = sum(part.rows + len(part.broken) for part in parts)
        if not rows_in:
            raise BadInput("no_rows", f"{opened[0].files[0]} has a header and no rows.", "Export it again.")
        stretches = [stretch for part in parts for stretch in part.stretches]
        self.progress("write", 0.0)
        late = merging.merge_phones(self.home, self.stage, terms, stretches)
        old = merging.put_old(self.home, terms)
        merged = merging.merge_base(self.home, self.stage, terms, [*stretches, *old], late, self._write)
        codes, unreadable = self._reject(terms, parts, late)
        if self.home.forgotten.exists():
            from tantam.base import forget

            forget.sweep(self.home, self.stage)
        on, operator, facts = self._facts(parts, merged, on, operator)
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
        """The secret, made at the first load; whether it was."""
        new = not self.home.key_secret.exists()
        if new:
            self.secret = self.stage.put(self.home.key_secret)
            self.secret.write_bytes(os.urandom(SECRET_BYTES))
            self.secret.chmod(0o600)
        else:
            self.secret = self.home.key_secret
        return new

    def _terms(self, opened: Sequence[Source]) -> tuple[pieces.Terms, list[pieces.Piece]]:
        """What the pieces are cleaned by, and the pieces, once the disk is known to have room for them."""
        todo = pieces.cut(opened)
        rows = sum(_rows_of(source) for source in opened)
        old = json.loads(self.home.facts.read_text())["rows"] if self.home.facts.exists() else 0
        room.need(self.home.root, ROW_BYTES * (rows + old), f"The load of about {rows:,} rows")
        workers = min(self.cores, len(todo))
        memory = machine.memory_mb() // 2
        terms = pieces.Terms(
            self.today,
            self.secret,
            self.stage.scratch("pieces"),
            tuple(forgotten(self.home)),
            pieces.Buckets.of(rows + old),
            self.renames,
            self.cores // workers,
            memory // workers,
        )
        terms.into.mkdir()
        return terms, todo

    def _clean(self, terms: pieces.Terms, todo: Sequence[pieces.Piece]) -> list[pieces.Cleaned]:
        """Every piece cleaned, in their order."""
        self.progress("read", 0.0)
        done: list[pieces.Cleaned] = []
        for cleaned in self.engine.map(partial(pieces.clean, terms), todo):
            done.append(cleaned)
            self.progress("read", len(done) / len(todo))
        return done

    def _write(self, share: float) -> None:
        self.progress("write", share)

    def _reject(
        self, terms: pieces.Terms, parts: Sequence[pieces.Cleaned], late: merging.Late
    ) -> tuple[dict[str, int], dict[str, int]]:
        """Both tables of rejects, by an engine that spills only into the stage: it sees phone numbers."""
        con = engines.connect()
        try:
            con.execute(f"SET temp_directory = {quoted(self.stage.scratch('spill'))}")
            reading.prepare(con, self.secret.read_bytes())
            told = merging.told_late(con, terms, late)
            return rejects.write_both(con, parts, told, terms, self.home, self.stage)
        finally:
            con.close()

    def _facts(
        self, parts: Sequence[pieces.Cleaned], merged: merging.Merged, on: int | None, operator: str | None
    ) -> tuple[int, str | None, dict[str, object]]:
        """The day, the operator, and what is kept of the base beside it."""
        before = json.loads(self.home.facts.read_text()) if self.home.facts.exists() else {}
        notes = {name: value for part in parts for name, value in part.source.notes.items()}
        if on is None:
            on = parse_day(notes["on"]) if "on" in notes else merged.latest
        operator = operator or notes.get("operator") or before.get("operator")
        return (
            on,
            operator,
            {
                "on": on,
                "rows": merged.rows,
                "digest": merged.digest,
                "operator": operator,
                "made_up": notes.get("made_up") == "true" or bool(before.get("made_up")),
                "starts": merged.starts,
            },
        )


def _rows_of(source: Source) -> int:
    """How many rows a source has; of a text file, about."""
    if source.text is None:
        return sum(source.rows)
    with source.text.path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    return source.text.path.stat().st_size * head.count(b"\n") // max(len(head), 1) + 1
