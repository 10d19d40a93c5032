"""A round drawn by lot in two layers over a random base, with outcomes of known effect."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tantam.base.home import Home
from tantam.keys import PPM, bucket
from tests.a_base import ON, home_with

OFFERS = ("bonus", "points")
ROUND_PPM, OFFER_PPM = 60_000, 150_000


@dataclass(frozen=True)
class Made:
    """A home, a round in it, and the base's columns as arrays sorted by key."""

    home: Home
    directory: Path
    key: np.ndarray
    spend: np.ndarray
    postpaid: np.ndarray
    sets: np.ndarray
    """What each was given: bool [n, offers]."""


def make(root: Path, table: pa.Table, *, salt: str = "s", chosen: float = 0.5) -> Made:
    """Each offer goes to those who spend most by their columns and are not held out; repaired rows at the
    edge.
    """
    home = home_with(root, table)
    table = table.sort_by("key")
    key = table.column("key").to_numpy()
    spend = np.nan_to_num(table.column("spend_6m").cast("float64").to_numpy())
    whole = bucket(key, salt, "\x00round") < ROUND_PPM
    rows, sets = [], np.zeros((key.size, len(OFFERS)), bool)
    for j, offer in enumerate(OFFERS):
        would = spend * (1 + 0.3 * j) >= np.quantile(spend, 1 - chosen) * (1 + 0.3 * j)
        held = bucket(key, salt, offer) < OFFER_PPM
        sets[:, j] = would & ~whole & ~held
        near = spend <= np.quantile(spend[would], 0.03)
        for mine, given, reason in (
            (sets[:, j], True, "price"),
            (would & whole & ~held, False, "held_out_round"),
            (would & held & ~whole, False, "held_out_offer"),
        ):
            rows.append(
                pa.table(
                    {
                        "key": key[mine],
                        "offer": [offer] * int(mine.sum()),
                        "given": [given] * int(mine.sum()),
                        "repaired": near[mine],
                        "reason": [reason] * int(mine.sum()),
                    }
                )
            )
    directory = home.rounds / "r"
    directory.mkdir(parents=True)
    pq.write_table(pa.concat_tables(rows), directory / "decisions.parquet")
    facts = {
        "on": ON,
        "salt": salt,
        "base_digest": f"test-{table.num_rows}",
        "round_holdout_ppm": ROUND_PPM,
        "offers": [
            {"name": o, "class": "commercial", "vi": f"Món {o}", "en": f"Offer {o}", "holdout_ppm": OFFER_PPM}
            for o in OFFERS
        ]
        + [{"name": "camp", "class": "notice", "holdout_ppm": 0}],
    }
    (directory / "round.json").write_text(json.dumps(facts))
    postpaid = table.column("plan_kind").to_numpy() == "postpaid"
    assert PPM == 1_000_000
    return Made(home, directory, key, spend, postpaid, sets)


def outcomes_file(
    made: Made, file: Path, *, seed: int, stay: float = 0.03, more: int = 20_000, days: int = 90
) -> Path:
    """Outcomes in which the first offer keeps ``stay`` more and the second brings ``more`` đồng a month; rows
    each 30 days, and one on the day somebody left."""
    rng = np.random.default_rng(seed)
    n = made.key.size
    chance = 0.85 + stay * made.sets[:, 0]
    left = np.where(rng.random(n) < chance, 10_000, rng.integers(1, 89, n))
    usual = np.maximum(4 * made.spend - 3 * made.spend.mean(), 0) / 6
    monthly = usual * np.exp(0.15 * rng.normal(size=n)) + more * made.sets[:, 1]
    became = np.where(~made.postpaid & (rng.random(n) < 0.02), rng.integers(1, 90, n), 10_000)
    parts = []
    for day in range(30, days + 1, 30):
        parts.append((np.arange(n), np.full(n, day)))
    gone = np.flatnonzero((left <= days) & (left % 30 != 0))
    parts.append((gone, left[gone]))
    person, day = (np.concatenate(c) for c in zip(*parts, strict=True))
    spent = np.where((day % 30 == 0) & (left[person] >= day), np.rint(monthly[person]), 0).astype(np.int64)
    plan = np.where(made.postpaid[person] | (became[person] <= day), "postpaid", "prepaid")
    table = pa.table(
        {
            "key": made.key[person],
            "on": (ON + day).astype(np.int32),
            "active": left[person] > day,
            "spend_dong": spent,
            "plan_kind": plan,
        }
    )
    pq.write_table(table, file)
    return file
