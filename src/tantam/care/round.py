"""A round on disk: written whole or not at all, and opened again for explaining and for proving."""

from __future__ import annotations

import hashlib
import json
import resource
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tantam.base.columns import BASES
from tantam.base.writing import write_json
from tantam.care import decide, limits, offers, summary, worth
from tantam.clock import stage, to_date
from tantam.errors import BadInput
from tantam.segments import compile as compiled

DECISIONS = pa.schema(
    [
        ("key", pa.int64()),
        ("offer", pa.string()),
        ("given", pa.bool_()),
        ("repaired", pa.bool_()),
        ("cost_dong", pa.int64()),
        ("value", pa.int64()),
        ("propensity", pa.float64()),
        ("province", pa.string()),
        ("low_income", pa.bool_()),
        ("reason", pa.string()),
    ]
)
RELIEF = pa.schema(
    [
        ("key", pa.int64()),
        ("offer", pa.string()),
        ("cost_dong", pa.int64()),
        ("province", pa.string()),
        ("low_income", pa.bool_()),
        ("basis", pa.string()),
        ("reason", pa.string()),
    ]
)


def write(decided: decide.Decided, directory: Path) -> Path:
    """Write a round's folder (contracts.md, "A round"); replaces a round of the same name in one move.

    Returns the folder. Refuses (``not_a_round``) to replace a folder that holds something else.
    """
    if directory.exists() and any(directory.iterdir()) and not (directory / "round.json").exists():
        raise BadInput(
            "not_a_round", f"{directory} holds something else than a round.", "Name another folder."
        )
    work = directory.with_name(f".{directory.name}.writing")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    with stage(decided.stages, "write"):
        decisions, relieved = decisions_table(decided), relief_table(decided)
        pq.write_table(decisions, work / "decisions.parquet", compression="zstd", row_group_size=100_000)
        pq.write_table(relieved, work / "relief.parquet", compression="zstd", row_group_size=100_000)
        (work / "offers.toml").write_text(decided.terms.offers.text, encoding="utf-8")
        pq.write_table(_prices(decided), work / "prices.parquet")
    fingerprint = _fingerprint(decided, decisions, relieved)
    certificate = certify(decided, fingerprint)
    write_json(work / "round.json", _facts(decided, fingerprint))
    write_json(work / "certificate.json", certificate)
    write_json(work / "summary.json", summary.of(decided, certificate))
    old = directory.with_name(f".{directory.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if directory.exists():
        directory.replace(old)
    work.replace(directory)
    shutil.rmtree(old, ignore_errors=True)
    return directory


def decisions_table(decided: decide.Decided) -> pa.Table:
    """Every decision and every would-have-been of the held-out, sorted by province, key and offer."""
    chosen, who, commercial = decided.chosen, decided.who, decided.terms.offers.commercial
    names = pa.array([o.name for o in commercial])
    rest = 1.0 - decided.terms.offers.holdout_ppm / offers.PPM
    drawn = np.array([rest * (1.0 - o.holdout_ppm / offers.PPM) for o in commercial])
    j = chosen.offer.astype(np.int64)
    values = decided.table.worth[j, chosen.row].astype(np.int64)
    columns = [
        pa.array(who.key[chosen.row]),
        pa.DictionaryArray.from_arrays(pa.array(chosen.offer), names).cast(pa.string()),
        pa.array(chosen.given),
        pa.array(chosen.repaired),
        pa.array(decided.instance.cost[j]),
        pa.array(values),
        pa.array(drawn[j]),
        _words(limits.CODES, who.province[chosen.row]),
        pa.array(who.low_income[chosen.row]),
        _words(decide.REASONS, chosen.reason),
    ]
    return pa.table(columns, schema=DECISIONS)


def relief_table(decided: decide.Decided) -> pa.Table:
    """Relief and notices, in the order of the offers file and then in the order they were granted."""
    parts = [pa.table([pa.array([], f.type) for f in RELIEF], schema=RELIEF)]
    who = decided.who
    for settled in decided.table.settled:
        n, rows = settled.rows.size, settled.rows
        reason = "everyone_in_place" if settled.offer.kind == "notice" else "by_need"
        columns = [
            pa.array(who.key[rows]),
            pa.array([settled.offer.name] * n, pa.string()),
            pa.array(np.full(n, settled.offer.cost, np.int64)),
            _words(limits.CODES, who.province[rows]),
            pa.array(who.low_income[rows]),
            _words((*BASES, None), who.basis[rows]),
            pa.array([reason] * n, pa.string()),
        ]
        parts.append(pa.table(columns, schema=RELIEF))
    return pa.concat_tables(parts)


def certify(decided: decide.Decided, fingerprint: str) -> dict[str, Any]:
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
        "subscribers": decided.who.n,
        "objective": allocation.objective,
        "bound": allocation.bound,
        "gap": allocation.gap,
        "spend_dong": int(decided.instance.cost[decided.chosen.offer[decided.chosen.given]].sum()),
        "greedy_objective": allocation.greedy_objective,
        "tight": tight,
        "constraints": constraints,
        "violated": violated,
        "stages": {**decided.stages, **{f"solve_{k}": v for k, v in allocation.stages.items()}},
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        // (1024 if sys.platform == "linux" else 2**20),
        "fingerprint": fingerprint,
        "engine": "duckdb",
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
        "operator": decided.base.operator,
        "fingerprint": fingerprint,
    }


def _prices(decided: decide.Decided) -> pa.Table:
    """The price table as stored: cell, then one int64 column an offer, on the solver's fine grid."""
    prices = decided.allocation.prices
    columns: dict[str, Any] = {"cell": np.arange(prices.shape[0], dtype=np.int32)}
    columns |= {o.name: prices[:, j] for j, o in enumerate(decided.terms.offers.commercial)}
    return pa.table(columns)


def _fingerprint(decided: decide.Decided, *tables: pa.Table) -> str:
    """A digest of what was decided and of what was asked; never of time, paths or memory."""
    digest = hashlib.sha256()
    terms = decided.terms
    asked = [
        terms.salt,
        terms.on,
        terms.budget,
        terms.most,
        [f.text for f in terms.floors],
        decided.base.digest,
    ]
    digest.update(json.dumps(asked).encode())
    digest.update(terms.offers.text.encode())
    for table in tables:
        for column in table.combine_chunks().columns:
            for chunk in column.chunks:
                # Bits of a boolean column share bytes with bits that mean nothing, so it is read as bytes.
                plain = chunk.cast(pa.int8()) if pa.types.is_boolean(chunk.type) else chunk
                for buffer in plain.buffers():
                    digest.update(memoryview(buffer) if buffer is not None else b"-")
    return digest.hexdigest()


def _words(words: tuple[str | None, ...], codes: NDArray[Any]) -> pa.Array:
    """Small codes as text; −1 reads the last word."""
    codes = np.where(codes < 0, len(words) - 1, codes).astype(np.int8)
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(words, pa.string())).cast(pa.string())


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
    try:
        read = offers.parse((directory / "offers.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _not_whole(directory, error) from None
    prices = np.stack([table.column(o.name).to_numpy() for o in read.commercial], axis=1)
    on = int(facts["on"])
    asked = worth.Asked(on, compiled.Thresholds.from_json(facts["thresholds"]), worth.cap_percent(on))
    return Round(directory, facts, read, np.ascontiguousarray(prices), asked)


def read_decisions(directory: Path, columns: list[str]) -> tuple[dict[str, Any], pa.Table]:
    """A round's facts and some columns of its decisions; refuses (``no_round``) a folder that is not one."""
    return _opened(directory, "decisions.parquet", columns)


def _opened(directory: Path, file: str, columns: list[str] | None = None) -> tuple[dict[str, Any], pa.Table]:
    try:
        facts: dict[str, Any] = json.loads((directory / "round.json").read_text(encoding="utf-8"))
        return facts, pq.read_table(directory / file, columns=columns)
    except (OSError, ValueError, pa.ArrowException) as error:
        raise _not_whole(directory, error) from None


def _not_whole(directory: Path, error: Exception) -> BadInput:
    what = f"{directory} is not a whole round ({type(error).__name__})."
    return BadInput("no_round", what, "Make one: tantam decide.")
