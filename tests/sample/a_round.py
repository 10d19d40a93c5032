"""A round's folder for tests: made-up decisions over a random stored base, as `tantam decide` writes them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.a_base import ON

OFFERS = ("retention_bonus", "move_to_postpaid", "birthday_choice", "expiry_reminder", "something_else")


def round_of(
    directory: Path, table: pa.Table, *, seed: int = 1, by_spend: bool = False, share: float = 0.3
) -> Path:
    """A round that gave each offer to a share of the base, by lot or to who spends most; some held out."""
    directory.mkdir(parents=True)
    rng = np.random.default_rng(seed)
    key = table.column("key").to_numpy()
    spend = table.column("spend_6m").cast(pa.float64()).to_numpy()
    parts = []
    for offer in OFFERS:
        score = np.nan_to_num(spend) + rng.random(key.size) if by_spend else rng.random(key.size)
        chosen = np.flatnonzero(score >= np.quantile(score, 1 - share))
        given = rng.random(chosen.size) >= 0.1
        parts.append(
            pa.table(
                {
                    "key": key[chosen],
                    "offer": [offer] * chosen.size,
                    "given": given,
                    "repaired": given & (rng.random(chosen.size) < 0.05),
                }
            )
        )
    pq.write_table(pa.concat_tables(parts), directory / "decisions.parquet")
    facts = {"on": ON, "offers": [{"name": o, "class": "commercial"} for o in OFFERS]}
    facts["offers"].append({"name": "camp_notice", "class": "notice"})
    (directory / "round.json").write_text(json.dumps(facts))
    return directory
