"""Files of opinions → readings: every row read once, copies folded, themes named. Stopped half-way, it goes on."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tantam import machine
from tantam.base.home import Home
from tantam.base.store import forgotten
from tantam.base.writing import whole, write_json
from tantam.engines import Engine
from tantam.listen import report
from tantam.listen import themes as theming
from tantam.listen.clean import HASH_VERSION, tokenize
from tantam.listen.columns import REJECTS
from tantam.listen.reading import READ
from tantam.listen.run import copies, parts, pool, sampling, sources, space, writing
from tantam.listen.run.index import Earlier
from tantam.listen.run.parts import Work
from tantam.listen.run.sources import Asked

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Listened:
    """What a run did: rows that came in are rows kept and rows left out; ``told`` counts rejects by code."""

    rows_in: int
    kept: int
    left_out: int
    told: dict[str, int]
    copies: int
    themes: int
    folder: Path
    done_before: bool


def listen(
    home: Home,
    files: Sequence[Path],
    asked: Asked,
    out: Path,
    *,
    model: Path | None = None,
    workers: int = 1,
    again: bool = False,
    after: Path | None = None,
    index: bool = False,
    engine: Engine | None = None,
    progress: Progress = lambda stage, share: None,
) -> Listened:
    """Listen to files: writes ``readings/``, ``rejects.parquet``, ``themes.json``, ``report.html`` and ``run.json``
    into ``out``.

    ``files`` are Parquet, CSV or plain text (a line an opinion); the themes of the home are followed, and new ones
    proposed. The same call after a stop goes on where it stopped; after the end it changes nothing. Rows of people
    who asked to be forgotten are left out.

    With ``index`` the run keeps one (:mod:`tantam.listen.run.index`); a run ``after`` another's folder does so too:
    copies of what was said there, and in the runs before it, join those groups, whose heads' ids ``copy_of`` then
    holds, and rows without ids are numbered on. With ``engine`` the workers of a cluster, who see ``out`` too, make
    the same parts. Refuses ``other_run``, ``not_listened``, ``no_index``, ``wrong_hash_version``, ``too_many_texts``
    and what :func:`tantam.listen.run.sources.check` refuses.
    """
    sources.check(files, asked)
    machine.return_arrays()
    earlier = Earlier.of(after.absolute() if after else None)
    work = Work(out)
    plan = parts.plan(files, asked, _read_with(home, model, after, index))
    if not work.begin(plan, again=again):
        return _told(out)
    if not work.parts() and work.linked() is None:
        space.look(files, asked, out)
    first = None if asked.id is not None else earlier.rows
    kept_in = out.absolute() if index or after else None
    rows_in = work.linked()
    if rows_in is None:
        rows_in = _read(work, files, asked, earlier.rows, model, workers, engine, progress)
        progress("link", 0)
        found = copies.find(
            work.parts(),
            work.link,
            first=first,
            forgotten=forgotten(home),
            earlier=earlier,
            index=kept_in,
            threads=workers,
            progress=lambda share: progress("link", share),
        )
        work.set_linked(rows_in)
    found = copies.Copies(work.link, rows_in, first, earlier, kept_in)
    progress("themes", 0)
    themes = _themes(home, work, found)
    writing.write(work, found, themes, workers, progress)
    return _close(home, work, plan, found, themes)


def _read_with(home: Home, model: Path | None, after: Path | None, index: bool) -> dict[str, Any]:
    """What a run hangs on beside its files, and whose customers are speaking."""
    from tantam.listen.heads import SHIPPED

    facts = json.loads(home.facts.read_text(encoding="utf-8")) if home.facts.exists() else {}
    return {
        "hash_version": HASH_VERSION,
        "part": parts.digest(str(READ).encode()),
        "model": parts.digest((model or SHIPPED).read_bytes()),
        "forgotten": len(forgotten(home)),
        "after": str(after.absolute()) if after else None,
        "index": index or after is not None,
        "operator": facts.get("operator"),
        "made_up": bool(facts.get("made_up")),
    }


def _read(
    work: Work,
    files: Sequence[Path],
    asked: Asked,
    first: int,
    model: Path | None,
    workers: int,
    engine: Engine | None,
    progress: Progress,
) -> int:
    """Every part that is not there yet; gives how many rows there are. ``first`` is the number of the first."""
    total = sources.count(files)
    read = sources.read if engine is None else pool.stretches
    counted = {"rows": 0, "done": 0}

    def tasks() -> Iterator[pool.Task]:
        for number, given in enumerate(read(files, asked, work.folder)):
            first_id, counted["rows"] = first + counted["rows"], counted["rows"] + given.count
            if work.part(number).exists():
                counted["done"] += given.count
            else:
                yield pool.Task(number, first_id, given)

    progress("read", 0)
    for rows in pool.make(tasks(), work.out, model, workers, engine):
        counted["done"] += rows
        progress("read", counted["done"] / total if total else 0)
    return counted["rows"]


def _themes(home: Home, work: Work, found: copies.Copies) -> theming.Themes:
    """The themes this run reads with. Learnt once: a run that goes on after a stop finds them in its work folder."""
    kept = work.folder / "themes"
    if kept.exists():
        return theming.Themes.load(kept)
    texts, people, days = sampling.sample(work, found)
    before = theming.Themes.load(home.themes) if home.themes.exists() else None
    tokens = tokenize(pa.array(texts, pa.large_string()))
    learnt = theming.learn(texts, tokens, people, before=before, days=days)
    half = work.folder / "themes.part"
    shutil.rmtree(half, ignore_errors=True)  # a stop may have left half of it
    learnt.save(half)
    half.rename(kept)
    return learnt


def _close(
    home: Home, work: Work, plan: dict[str, Any], found: copies.Copies, themes: theming.Themes
) -> Listened:
    """What was left out, the themes, and the page; then the run is ended."""
    told: Counter[str] = Counter()
    with (
        whole(work.out / "rejects.parquet") as half,
        pq.ParquetWriter(half, REJECTS, compression="zstd") as to,
    ):
        for rejects in work.rejects():
            to.write_table(rejects)
            told.update(rejects.column("code").to_pylist())
    themes.save(home.themes)
    kept, copied = writing.counted(found)
    figures: dict[str, Any] = {
        "rows_in": found.rows,
        "kept": kept,
        "left_out": found.rows - kept,
        "told": dict(sorted(told.items())),
        "copies": copied,
        "themes": len(themes.ids),
    }
    with theming.Readings.of(work.out) as readings:
        write_json(work.out / "themes.json", theming.tell(readings, themes, on=None))
        report.render(work.out, figures, readings)
    work.close({"plan": plan, "figures": figures})
    return Listened(folder=work.out, done_before=False, **figures)


def _told(out: Path) -> Listened:
    """A run that has ended, as it said so."""
    kept = json.loads((out / "run.json").read_text(encoding="utf-8"))
    return Listened(folder=out, done_before=True, **kept["figures"])
