"""Files of opinions → readings: every row read once, copies folded, themes named. Stopped half-way, it goes on."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tantam.base.home import Home
from tantam.base.store import forgotten
from tantam.base.writing import whole, write_json
from tantam.listen import report
from tantam.listen import themes as theming
from tantam.listen.clean import HASH_VERSION, tokenize
from tantam.listen.columns import SCHEMA
from tantam.listen.reading import READ, is_for_themes
from tantam.listen.run import copies, parts, pool, sources
from tantam.listen.run.parts import Work
from tantam.listen.run.sources import Asked
from tantam.listen.themes.sampling import MOST

_REPEATED = ["key", "when", "where", "channel", "topic", "feeling", "urgency", "unsure", "theme"]
"""Columns whose values come again and again; to look for repeats in the others costs more than it saves."""

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
    progress: Progress = lambda stage, share: None,
) -> Listened:
    """Listen to files: writes ``readings/``, ``rejects.parquet``, ``themes.json``, ``report.html`` and ``run.json``
    into ``out``.

    ``files`` are Parquet, CSV or plain text (a line an opinion); the themes of the home are followed, and new ones
    proposed. The same call after a stop goes on where it stopped; after the end it changes nothing. Rows of people
    who asked to be forgotten are left out. Refuses ``other_run``, ``not_listened`` and what
    :func:`tantam.listen.run.sources.check` refuses.
    """
    sources.check(files, asked)
    work = Work(out)
    plan = parts.plan(files, asked, _read_with(home, model))
    if not work.begin(plan, again=again):
        return _told(out)
    rows_in = _read(work, files, asked, model, workers, progress)
    progress("link", 0)
    found = copies.find(work.parts(), named=asked.id is not None, forgotten=forgotten(home))
    progress("themes", 0)
    themes = _themes(home, work, found)
    _finish(work, found, themes, progress)
    return _close(home, work, plan, rows_in, found, themes)


def _read_with(home: Home, model: Path | None) -> dict[str, Any]:
    """What a run hangs on beside its files, and whose customers are speaking."""
    from tantam.listen.heads import SHIPPED

    facts = json.loads(home.facts.read_text(encoding="utf-8")) if home.facts.exists() else {}
    return {
        "hash_version": HASH_VERSION,
        "part": parts.digest(str(READ).encode()),
        "model": parts.digest((model or SHIPPED).read_bytes()),
        "forgotten": len(forgotten(home)),
        "operator": facts.get("operator"),
        "made_up": bool(facts.get("made_up")),
    }


def _read(
    work: Work,
    files: Sequence[Path],
    asked: Asked,
    model: Path | None,
    workers: int,
    progress: Progress,
) -> int:
    """Every part that is not there yet; gives how many rows there are."""
    total = sources.count(files)
    counted = {"rows": 0, "done": 0}

    def tasks() -> Iterator[pool.Task]:
        for number, given in enumerate(sources.read(files, asked, work.folder)):
            first_id, counted["rows"] = counted["rows"], counted["rows"] + len(given.rows)
            if work.part(number).exists():
                counted["done"] += len(given.rows)
            else:
                yield pool.Task(number, first_id, given)

    progress("read", 0)
    for rows in pool.make(tasks(), work.out, model, workers):
        counted["done"] += rows
        progress("read", counted["done"] / total if total else 0)
    return counted["rows"]


def _themes(home: Home, work: Work, found: copies.Copies) -> theming.Themes:
    """The themes this run reads with. Learnt once: a run that goes on after a stop finds them in its work folder."""
    kept = work.folder / "themes"
    if kept.exists():
        return theming.Themes.load(kept)
    texts, people, days = _sample(work, found)
    before = theming.Themes.load(home.themes) if home.themes.exists() else None
    tokens = tokenize(pa.array(texts, pa.large_string()))
    learnt = theming.learn(texts, tokens, people, before=before, days=days)
    half = work.folder / "themes.part"
    shutil.rmtree(half, ignore_errors=True)  # a stop may have left half of it
    learnt.save(half)
    half.rename(kept)
    return learnt


def _sample(work: Work, found: copies.Copies) -> tuple[list[str], NDArray[np.float64], NDArray[np.int64]]:
    """Heads of groups that are complaints or negative, at most :data:`MOST`, the same in whatever order they came;
    the people behind each, and the day (-1 where there is none)."""
    heads = (found.head == np.arange(len(found.head))) & found.kept
    rows, hashes = [], []
    for start, table in work.tables():
        here = np.flatnonzero(_is_for_themes(table) & heads[start : start + len(table)])
        rows.append(here + start)
        hashes.append(table.column("hash").to_numpy()[here])
    wanted = np.concatenate([np.empty(0, np.int64), *rows])
    first = np.argsort(np.concatenate([np.empty(0, np.int64), *hashes]), kind="stable")[:MOST]
    wanted = np.sort(wanted[first])
    texts, days = [], [np.empty(0, np.int64)]
    for start, table in work.tables():
        here = wanted[(wanted >= start) & (wanted < start + len(table))] - start
        texts += table.column("text").take(pa.array(here)).to_pylist()
        days.append(pc.fill_null(table.column("when"), -1).to_numpy()[here])
    return texts, found.people[wanted].astype(np.float64), np.concatenate(days)


def _is_for_themes(table: pa.Table) -> NDArray[np.bool_]:
    negative = pc.equal(table.column("feeling"), "negative").to_numpy()
    return np.asarray(is_for_themes(table.column("complaint").to_numpy(), negative))


def _finish(work: Work, found: copies.Copies, themes: theming.Themes, progress: Progress) -> None:
    """Write each part as readings, with its copies and its theme."""
    folder = work.out / "readings"
    folder.mkdir(exist_ok=True)
    names = pa.array(themes.ids, pa.string())
    count = len(found.head)
    for number, (start, table) in enumerate(work.tables()):
        file = folder / f"part-{number:05}.parquet"
        if not file.exists():
            kept = found.kept[start : start + len(table)]
            made = {
                "theme": names.take(_nearest(themes, table)),
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
        progress("write", (start + len(table)) / max(1, count))


def _nearest(themes: theming.Themes, table: pa.Table) -> pa.Array:
    """The place among the themes of each row's, null where it has none."""
    at = []
    for listed in table.column("words").chunks:
        words = theming.Words(listed.offsets.to_numpy(), listed.values.to_numpy())
        at.append(theming.assign(themes, words)[0])
    found = np.concatenate([np.empty(0, np.int32), *at])
    return pa.array(found, mask=found < 0)


def _close(
    home: Home,
    work: Work,
    plan: dict[str, Any],
    rows_in: int,
    found: copies.Copies,
    themes: theming.Themes,
) -> Listened:
    """What was left out, the themes, and the page; then the run is ended."""
    rejects = pa.concat_tables([work.rejects(), parts.table_of(_left_out(work, found))])
    with whole(work.out / "rejects.parquet") as half:
        pq.write_table(rejects, half, compression="zstd")
    themes.save(home.themes)
    files = sorted((work.out / "readings").glob("*.parquet"))
    days = [int(d) for _, t in work.tables() if (d := pc.max(t.column("when")).as_py()) is not None]
    kept = found.kept
    counted = Counter(rejects.column("code").to_pylist())
    figures: dict[str, Any] = {
        "rows_in": rows_in,
        "kept": int(kept.sum()),
        "left_out": rows_in - int(kept.sum()),
        "told": dict(sorted(counted.items())),
        "copies": int((found.head != np.arange(len(found.head)))[kept].sum()),
        "themes": len(themes.ids),
    }
    with theming.Readings(files, _texts(work, found)) as readings:
        write_json(work.out / "themes.json", theming.tell(readings, themes, on=max(days, default=None)))
        report.render(work.out, figures, readings)
    work.close({"plan": plan, "figures": figures})
    return Listened(folder=work.out, done_before=False, **figures)


def _texts(work: Work, found: copies.Copies) -> Callable[[int, NDArray[np.int64]], list[str]]:
    """The texts of rows of a file of readings, out of the part that it was written from: there they lie unpacked."""
    starts, files = [start for start, _ in work.tables()], work.parts()

    def texts(number: int, rows: NDArray[np.int64]) -> list[str]:
        table = parts.open_part(files[number])
        kept = np.flatnonzero(found.kept[starts[number] : starts[number] + len(table)])
        return list(table.column("text").take(pa.array(kept[rows])).to_pylist())

    return texts


def _left_out(work: Work, found: copies.Copies) -> list[sources.Reject]:
    told: list[sources.Reject] = []
    for start, table in work.tables():
        named = {k.decode(): v.decode() for k, v in (table.schema.metadata or {}).items()}
        for mask, column, code in ((found.twice, "id", "same_id"), (found.forgotten, "key", "forgotten")):
            here = np.flatnonzero(mask[start : start + len(table)])
            told += [(named["file"], int(named["first"]) + int(i) + 1, column, code) for i in here]
    return told


def _told(out: Path) -> Listened:
    """A run that has ended, as it said so."""
    kept = json.loads((out / "run.json").read_text(encoding="utf-8"))
    return Listened(folder=out, done_before=True, **kept["figures"])
