"""A round on disk: written whole or not at all, and opened again for explaining and for proving."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial, reduce
from operator import add
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tantam import machine
from tantam.base.writing import write_json
from tantam.care import choosing, decide, offers, summary, tables, values, worth
from tantam.care.counts import Counts, choose_and_count
from tantam.clock import stage, to_date
from tantam.errors import BadInput, Refused
from tantam.segments import compile as compiled


def check(directory: Path) -> None:
    """Refuses (``not_a_round``) a folder that holds something else than a round."""
    if directory.exists() and any(directory.iterdir()) and not (directory / "round.json").exists():
        raise BadInput(
            "not_a_round", f"{directory} holds something else than a round.", "Name another folder."
        )


def work(directory: Path) -> Path:
    """Where a round that does not fit into memory is worked out: beside its folder."""
    return directory.with_name(f".{directory.name}.work")


@contextmanager
def alone(directory: Path) -> Iterator[None]:
    """Hold a round's folder, and the work beside it, against every other process until it is decided and written.

    Refuses ``deciding_already`` at once, and as :func:`check`. The lock ends with its process, however that ends.
    """
    check(directory)
    directory.parent.mkdir(parents=True, exist_ok=True)
    path = directory.with_name(f".{directory.name}.lock")
    while not os.fstat(lock := _lock(path, directory)).st_nlink:
        os.close(lock)  # of one that has just ended, and has removed it
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(lock)


def _lock(path: Path, directory: Path) -> int:
    lock = os.open(path, os.O_RDONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        what = f"Somebody is deciding {directory} just now."
        raise Refused("deciding_already", what, "Wait until that is done, or name another round.") from None
    return lock


def write(
    decided: decide.Decided, directory: Path, progress: decide.Progress = lambda name, done: None
) -> Path:
    """Write a round's folder (contracts.md, "A round"); replaces a round of the same name in one move.

    Returns the folder. Refuses as :func:`check`. Holds the decisions of a few blocks at a time; removes the work
    folder of the round.
    """
    check(directory)
    half = directory.with_name(f".{directory.name}.writing")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    with stage(decided.stages, "write"):
        counts, digests = _tables(decided, half, progress)
        (half / "offers.toml").write_text(decided.terms.offers.text, encoding="utf-8")
        pq.write_table(_prices(decided), half / "prices.parquet")
    fingerprint = _fingerprint(decided, digests)
    written = sum(file.stat().st_size for file in half.iterdir())
    certificate = certify(decided, counts, fingerprint, decided.values.disk_bytes + written)
    write_json(half / "round.json", _facts(decided, fingerprint))
    write_json(half / "certificate.json", certificate)
    write_json(half / "summary.json", summary.of(decided, counts, certificate))
    old = directory.with_name(f".{directory.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if directory.exists():
        directory.replace(old)
    half.replace(directory)
    shutil.rmtree(old, ignore_errors=True)
    decided.values.drop()
    values.clear(work(directory))  # of an earlier try with less memory
    return directory


def _tables(
    decided: decide.Decided, folder: Path, progress: decide.Progress
) -> tuple[Counts, tuple[str, str]]:
    """Write decisions.parquet and relief.parquet; what a report counts, and a digest of each."""
    read, blocks = decided.terms.offers, decided.values
    by = choosing.Round(read, decided.terms.salt, decided.allocation)
    counted: list[Counts] = []
    tell = decide.within(progress, decide.WRITE, 1.0)
    tell("write", 0.0)

    def rows() -> Iterator[tables.Columns]:
        chosen: choosing.Chosen
        for chosen, counts in blocks.map(partial(choose_and_count, by, len(decided.segments))):
            counted.append(counts)
            yield chosen[1:]

    with tables.Sheet(folder / "decisions.parquet", tables.DECISIONS) as decisions:
        for done, some in enumerate(tables.in_order(rows(), blocks.seen), 1):
            tables.write_decisions(decisions, read, some)
            tell("write", done / len(blocks.seen))
    with tables.Sheet(folder / "relief.parquet", tables.RELIEF) as relief:
        tables.write_relief(relief, decided.need.settled, blocks)
    return reduce(add, counted), (decisions.digest, relief.digest)


def certify(decided: decide.Decided, counts: Counts, fingerprint: str, disk_bytes: int) -> dict[str, Any]:
    """The certificate: what was reached, the bound nothing could pass, and every limit's use and price."""
    allocation, instance = decided.allocation, decided.instance
    constraints, tight, violated = {}, 0, []
    for limit, use, price in zip(instance.limits, allocation.usage, allocation.multipliers, strict=True):
        slack = int(limit.bound - use) * (1 if limit.sense == "<=" else -1)
        binds = bool(price > 0 and slack < max(1, int(np.abs(limit.coefficient).max())))
        tight += binds
        if slack < 0:
            violated.append(limit.name)
        constraints[limit.name] = {
            "sense": limit.sense,
            "bound": limit.bound,
            "use": int(use),
            "price": float(price),
            "tight": binds,
        }
    return {
        "subscribers": decided.values.rows,
        "objective": allocation.objective,
        "bound": allocation.bound,
        "gap": allocation.gap,
        "spend_dong": int((counts.seats.sum(axis=0) * instance.cost).sum()),
        "greedy_objective": allocation.greedy_objective,
        "greedy_rows": allocation.greedy_rows,
        "tight": tight,
        "constraints": constraints,
        "violated": violated,
        "stages": {**decided.stages, **{f"solve_{k}": v for k, v in allocation.stages.items()}},
        "peak_mb": machine.peak_mb(),
        "disk_mb": disk_bytes // 2**20,
        "fingerprint": fingerprint,
        "engine": decided.base.engine.name,
    }


def _facts(decided: decide.Decided, fingerprint: str) -> dict[str, Any]:
    terms = decided.terms
    group = decided.instance.group
    numbers = {o.name: int(g) for o, g in zip(terms.offers.commercial, group, strict=True)}
    return {
        "on": terms.on,
        "on_text": to_date(terms.on).isoformat(),
        "salt": terms.salt,
        "most": terms.most,
        "budget_dong": terms.budget,
        "floors": [f.text for f in terms.floors],
        "round_holdout_ppm": terms.offers.holdout_ppm,
        "offers": [
            {
                "name": o.name,
                "class": o.kind,
                "vi": o.vi,
                "en": o.en,
                "holdout_ppm": o.holdout_ppm,
                "cost_dong": o.cost,
                "group": numbers.get(o.name),
            }
            for o in terms.offers.offers
        ],
        "thresholds": decided.asked.thresholds.to_json(),
        "base_digest": decided.base.digest,
        "scores_digest": decided.scores_digest,
        "operator": decided.base.operator,
        "fingerprint": fingerprint,
    }


def _prices(decided: decide.Decided) -> pa.Table:
    """The price table as stored: cell, then one int64 column an offer, on the solver's fine grid."""
    prices = decided.allocation.prices
    columns: dict[str, Any] = {"cell": np.arange(prices.shape[0], dtype=np.int32)}
    columns |= {o.name: prices[:, j] for j, o in enumerate(decided.terms.offers.commercial)}
    return pa.table(columns)


def _fingerprint(decided: decide.Decided, digests: tuple[str, str]) -> str:
    """A digest of what was decided and of what was asked; never of time, paths, memory or blocks."""
    terms = decided.terms
    asked = [
        terms.salt,
        terms.on,
        terms.budget,
        terms.most,
        [f.text for f in terms.floors],
        decided.base.digest,
        decided.scores_digest,
        terms.offers.text,
        digests,
    ]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


@dataclass(frozen=True)
class Round:
    """A round opened again: its facts, offers, and the prices it was decided by (int64 [cells, offers])."""

    directory: Path
    facts: dict[str, Any]
    offers: offers.Offers
    prices: NDArray[np.int64]
    asked: worth.Asked

    @property
    def group(self) -> NDArray[np.int32]:
        return decide.numbering(self.offers.commercial)


def open_round(directory: Path) -> Round:
    """Open a round's folder; refuses (``no_round``) a folder that is not one."""
    facts, table = _opened(directory, "prices.parquet")
    with _whole(directory):
        read = offers.parse((directory / "offers.toml").read_text(encoding="utf-8"))
    prices = np.stack([table.column(o.name).to_numpy() for o in read.commercial], axis=1)
    on = int(facts["on"])
    asked = worth.Asked(on, compiled.Thresholds.from_json(facts["thresholds"]), worth.cap_percent(on))
    return Round(directory, facts, read, np.ascontiguousarray(prices), asked)


def read_decisions(directory: Path, columns: list[str]) -> tuple[dict[str, Any], pa.Table]:
    """A round's facts and some columns of its decisions; refuses (``no_round``) a folder that is not one."""
    return _opened(directory, "decisions.parquet", columns)


def pieces(directory: Path, columns: list[str]) -> Iterator[pa.RecordBatch]:
    """Some columns of a round's decisions in the file's order, without holding all; refuses as :func:`open_round`."""
    with _whole(directory), pq.ParquetFile(directory / "decisions.parquet") as file:
        yield from file.iter_batches(tables.GROUP_ROWS, columns=columns)


def read_facts(directory: Path) -> dict[str, Any]:
    """A round's facts; refuses as :func:`open_round`."""
    with _whole(directory):
        facts: dict[str, Any] = json.loads((directory / "round.json").read_text(encoding="utf-8"))
        return facts


def _opened(directory: Path, file: str, columns: list[str] | None = None) -> tuple[dict[str, Any], pa.Table]:
    facts = read_facts(directory)
    with _whole(directory):
        return facts, pq.read_table(directory / file, columns=columns)


@contextmanager
def _whole(directory: Path) -> Iterator[None]:
    """What is not there or cannot be read means that the folder is no whole round."""
    try:
        yield
    except (OSError, ValueError, pa.ArrowException) as error:
        what = f"{directory} is not a whole round ({type(error).__name__})."
        raise BadInput("no_round", what, "Make one: tantam decide.") from None
