"""Scoring a whole base: in the base's order, a stretch after another, whole or not at all.

Stretches are made aside, in ``worth/.scores.work``, so that a run that was stopped goes on with what is there; in the
end they take the place of the old scores in one change of the home. A row whose digest (its codes and the offers it is
eligible for) is that of the old store keeps its scores: only what changed is scored again.
"""

from __future__ import annotations

import fcntl
import hashlib
import itertools
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import narwhals as nw
import numba
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tantam import engines
from tantam.base import room
from tantam.base.home import Home
from tantam.base.stage import change
from tantam.base.store import Base, open_base
from tantam.base.writing import ROW_GROUP, whole, write_json
from tantam.care import offers as offer_files
from tantam.care.learned import features, forest
from tantam.care.learned.features import Codes
from tantam.care.learned.model import Learned, Model
from tantam.care.learned.scores import NONE, NOTE, VERSION, Ints, Scores, folder
from tantam.engines.engine import in_threads
from tantam.errors import Refused
from tantam.keys import splitmix64
from tantam.segments import compile as compiled
from tantam.segments import rule
from tantam.segments.tree import All, Node

Progress = Callable[[str, float], None]

PART_ROWS = 4 * ROW_GROUP
_COUNTS = b"counts"
_MASK = "eligible"


@dataclass(frozen=True)
class Done:
    """``rows`` of the base; ``pairs`` that have a score; of them ``scored`` by this run, of ``changed`` subscribers."""

    rows: int = 0
    pairs: int = 0
    scored: int = 0
    changed: int = 0

    def figures(self) -> dict[str, int]:
        """As JSON."""
        return asdict(self)


@dataclass(frozen=True)
class _Work:
    """What every stretch needs."""

    model: Model
    offers: tuple[Learned, ...]
    forests: tuple[forest.Forest, ...]
    on: int
    digest: str
    old: Scores | None
    aside: Path


def score(
    home: Home,
    model: Model,
    rules: offer_files.Offers | None = None,
    progress: Progress = lambda stage, share: None,
    engine: engines.Engine | None = None,
) -> Done:
    """Score every eligible pair of the base; who is eligible is said by ``rules``, else as the model remembers.

    Refuses ``nothing_learned`` (no offer had enough data, or none is in ``rules``), ``scoring_already`` (another run is
    at it), ``base_changed`` (it was loaded or somebody forgotten meanwhile), ``disk_short`` and ``no_base``.
    """
    offers, nodes = _offers(model, rules)
    if not offers:
        raise Refused(
            "nothing_learned",
            "No offer has a learned worth to score.",
            "Fit a model on rounds with more people held out, or name offers that it learned.",
        )
    base = open_base(home, engine or engines.start())
    thresholds = compiled.thresholds(base.frame, base.on, nodes)
    said = [model.digest, base.digest, base.on, thresholds.to_json(), [repr(node) for node in nodes]]
    digest = hashlib.sha256(json.dumps(said).encode()).hexdigest()
    room.need(home.root, base.rows * (16 + 4 * len(offers)), f"Scoring {base.rows:,} subscribers")
    with _aside(home, digest) as aside:
        forests = tuple(f for o in offers if (f := o.forest(len(model.names))) is not None)
        work = _Work(model, offers, forests, base.on, digest, _old(home, model, offers), aside)
        mask = sum(
            (compiled.amount(node, base.on, thresholds, 1 << j) for j, node in enumerate(nodes)), nw.lit(0)
        )
        frame = base.frame.select("key", "province", *features.NEEDS, mask.alias(_MASK))
        done = Done()
        for part in in_threads(lambda task: _part(work, *task), _stretches(frame)):
            done = Done(*(a + b for a, b in zip(_figures(done), _figures(part), strict=True)))
            progress("score", done.rows / max(base.rows, 1))
        _publish(home, work, base, done)
    return done


def _figures(done: Done) -> list[int]:
    return list(done.figures().values())


def _offers(model: Model, rules: offer_files.Offers | None) -> tuple[tuple[Learned, ...], list[Node]]:
    """The offers to be scored, and who is eligible for each: its group, consents, and no refusal."""
    named = None if rules is None else {o.name: o for o in rules.commercial}
    offers: list[Learned] = []
    nodes: list[Node] = []
    for learned in model.enough:
        asked = learned if named is None else named.get(learned.name)
        if asked is None:
            continue
        bars = "not refuses_profiling"
        if asked.contact:
            bars += f" and {asked.needs}_on is not null and not refuses_ads"
        offers.append(learned)
        nodes.append(All((rule.parse(asked.who), rule.parse(bars))))
    return tuple(offers), nodes


def _stretches(frame: nw.LazyFrame[Any]) -> Iterator[tuple[int, pa.Table]]:
    """The base's rows in its order, :data:`PART_ROWS` at a time."""
    held: list[pa.RecordBatch] = []
    rows = number = 0
    for batch in engines.batches(frame, ROW_GROUP):
        held.append(batch)
        rows += batch.num_rows
        while rows >= PART_ROWS:
            table = pa.Table.from_batches(held)
            yield number, table.slice(0, PART_ROWS)
            held, rows, number = table.slice(PART_ROWS).to_batches(), rows - PART_ROWS, number + 1
    if rows:
        yield number, pa.Table.from_batches(held)


def _part(work: _Work, number: int, table: pa.Table) -> Done:
    """Score one stretch into its file, or read off the file what an earlier run did."""
    file = work.aside / f"part-{number:05d}.parquet"
    if file.exists():
        return Done(**json.loads(pq.read_schema(file).metadata[_COUNTS]))
    table = table.combine_chunks()
    codes = work.model.codes(features.of(table, work.on))
    mask = np.require(
        table.column(_MASK).to_numpy(), np.int64, ["C", "W"]
    )  # the kernel takes no read-only array
    row = _digests(codes, mask)
    key = table.column("key").to_numpy()
    names = [o.name for o in work.offers]
    if work.old is None:
        changed, worth = np.ones(key.size, bool), [np.full(key.size, NONE, np.int32) for _ in names]
    else:
        before, *worth = work.old.columns(["row", *names], key)
        changed = before != row
    scored = 0
    for j, (offer, trees) in enumerate(zip(work.offers, work.forests, strict=True)):
        eligible = (mask >> j & 1).astype(bool)
        rows = np.flatnonzero(changed & eligible)
        worth[j][changed] = NONE
        worth[j][rows] = offer.dong(trees.score(codes[rows]))
        scored += rows.size
    pairs = sum(int((column != NONE).sum()) for column in worth)
    done = Done(key.size, pairs, scored, int((changed & (mask != 0)).sum()))
    columns = [table.column("key"), table.column("province"), row, *worth]
    made = pa.table(
        [pa.array(c) if isinstance(c, np.ndarray) else c for c in columns], ["key", "province", "row", *names]
    )
    made = made.replace_schema_metadata({NOTE: work.digest, _COUNTS: json.dumps(done.figures())})
    with whole(file) as half:
        _write(made, half)
    return done


def _write(table: pa.Table, file: Path) -> None:
    """No row group crosses a province; keys and digests are random, so nothing is gained by packing them."""
    province = table.column("province").combine_chunks().dictionary_encode().indices.to_numpy()
    edges = [0, *(np.flatnonzero(np.diff(province)) + 1).tolist(), table.num_rows]
    with pq.ParquetWriter(
        file, table.schema, compression="zstd", compression_level=1, use_dictionary=["province"]
    ) as out:
        for first, end in itertools.pairwise(edges):
            out.write_table(table.slice(first, end - first), row_group_size=ROW_GROUP)


@numba.njit(numba.int64[::1](numba.uint8[:, ::1], numba.int64[::1]), cache=True, nogil=True)
def _digests(codes: Codes, mask: Ints) -> NDArray[np.int64]:
    """A digest of each row's codes and eligible offers, never below zero."""
    out = np.empty(mask.size, np.int64)
    for i in range(mask.size):
        word, digest = np.uint64(0), splitmix64(np.uint64(mask[i]))
        for f in range(codes.shape[1]):
            word = (word << np.uint64(8)) ^ np.uint64(codes[i, f])
            if f % 8 == 7:
                digest = splitmix64(digest ^ word)
        out[i] = np.int64(splitmix64(digest ^ word) >> np.uint64(1))
    return out


def _old(home: Home, model: Model, offers: tuple[Learned, ...]) -> Scores | None:
    """The scores that stand, where the same model made them for the same offers."""
    try:
        old = Scores.open(home)
    except Refused:
        return None
    same = old.facts["model"] == model.digest and old.offers == tuple(o.name for o in offers)
    return old if same else None


@contextmanager
def _aside(home: Home, digest: str) -> Iterator[Path]:
    """The folder in which scores of this digest are made; what another digest left is thrown away."""
    aside = folder(home).with_name(".scores.work")
    aside.mkdir(parents=True, exist_ok=True)
    lock = os.open(aside, os.O_RDONLY)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            what = f"Somebody is scoring the base of {home.root} just now."
            raise Refused("scoring_already", what, "Wait until that is done.") from None
        plan = aside / "plan.json"
        if not plan.exists() or json.loads(plan.read_text()) != digest:
            for file in aside.iterdir():
                file.unlink()
            write_json(plan, digest)
        yield aside
    finally:
        os.close(lock)


def _publish(home: Home, work: _Work, base: Base, done: Done) -> None:
    """Put the new scores in place of the old ones, in one change of the home."""
    facts = {
        "version": VERSION,
        "digest": work.digest,
        "model": work.model.digest,
        "offers": [o.name for o in work.offers],
        "base_digest": base.digest,
        "on": work.on,
        **done.figures(),
    }
    with change(home) as stage:
        if open_base(home, base.engine).digest != base.digest:
            raise Refused("base_changed", "The base was changed while it was scored.", "Score it again.")
        parts = sorted(work.aside.glob("part-*.parquet"))
        for part in parts:
            os.link(part, stage.put(folder(home) / part.name))
        stage.put(folder(home) / "scores.json").write_text(
            json.dumps(facts, ensure_ascii=False, indent=1) + "\n"
        )
        names = {part.name for part in parts}
        for file in folder(home).glob("part-*.parquet"):
            if file.name not in names:
                stage.remove(file)
        stage.commit()
    shutil.rmtree(work.aside)
