"""A random stored base for tests: every column of the contract, with nulls, ties, old birth dates and leap days."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tantam.base.columns import BASES, HARDSHIPS, LOW_INCOME, SCHEMA, SPEND, STORED
from tantam.base.home import Home
from tantam.clock import parse_day, to_date

ON = parse_day("2026-11-21")
CODES = [
    "01",
    "04",
    "08",
    "11",
    "12",
    "14",
    "15",
    "19",
    "20",
    "22",
    "24",
    "25",
    "31",
    "33",
    "37",
    "38",
    "40",
    "42",
    "44",
    "46",
    "48",
    "51",
    "52",
    "56",
    "66",
    "68",
    "75",
    "79",
    "80",
    "82",
    "86",
    "91",
    "92",
    "96",
]


@lru_cache(maxsize=4)
def stored(n: int, seed: int = 1, *, nulls: float = 0.1) -> pa.Table:
    """``n`` rows of :data:`SCHEMA`, sorted by province and key; the same for the same seed."""
    rng = np.random.default_rng(seed)
    days = {
        "joined_on": 4000,
        "born_on": 30000,
        "promotion_ended_on": 90,
        "last_active_on": 60,
        "hardship_on": 400,
    }
    made: dict[str, Any] = {
        "key": rng.choice(2**62, n, replace=False) if n < 10_000 else rng.integers(0, 2**62, n),
        "plan_kind": rng.choice(["prepaid", "postpaid"], n, p=[0.9, 0.1]),
        "province": rng.choice(CODES, n),
        "plan": rng.choice(["MASS", "SINH_VIEN", "CONG_NHAN", "V120"], n),
        "sex": rng.choice(["female", "male", "other"], n),
        "promotion": rng.choice(["HE2026", "TET2026"], n),
        "tier": rng.choice(["", "gold", "diamond"], n),
        "occupation": rng.choice(["worker", "farmer", "office"], n),
        "hardship": rng.choice(HARDSHIPS, n, p=[0.6] + [0.4 / (len(HARDSHIPS) - 1)] * (len(HARDSHIPS) - 1)),
        "hardship_basis": rng.choice(BASES, n),
        "refuses_ads": rng.random(n) < 0.1,
        "refuses_profiling": rng.random(n) < 0.05,
    }
    for name, back in days.items():
        made[name] = ON - rng.integers(0, back, n)
    for name in ("consent_care_on", "consent_ads_on", "last_contact_on"):
        made[name] = ON - rng.integers(0, 300, n)
    for name in (*SPEND, "topups_90d", "data_mb_30d", "complaints_180d"):
        made[name] = rng.integers(0, 30, n) * (10_000 if name in SPEND else 1)
    return _assemble(made, n, rng, nulls)


def _assemble(made: dict[str, Any], n: int, rng: np.random.Generator, nulls: float) -> pa.Table:
    whole = {"key", "joined_on", "plan_kind", "province", "low_income", "province_old"}
    refuses = np.asarray(made["refuses_profiling"])
    missing: dict[str, NDArray[np.bool_]] = {
        c.name: (rng.random(n) < nulls) | (refuses if c.usage else False)
        for c in STORED
        if c.name not in whole
    }
    missing["refuses_profiling"] = np.zeros(n, bool)
    spend = np.where([missing[s] for s in SPEND], 0, np.stack([made[s] for s in SPEND]))
    made["spend_6m"] = spend.sum(0)
    missing["spend_6m"] = np.all([missing[s] for s in SPEND], axis=0)
    made["low_income"] = np.isin(made["hardship"], LOW_INCOME) & ~missing["hardship"]
    made["birth_mmdd"] = np.array([to_date(d).month * 100 + to_date(d).day for d in made["born_on"]])
    missing["birth_mmdd"] = missing["born_on"]
    made["province_old"] = np.full(n, "")
    missing["province_old"] = np.ones(n, bool)
    columns = [
        pa.array(made[c.name], mask=missing.get(c.name), from_pandas=False).cast(c.type) for c in STORED
    ]
    return pa.table(columns, schema=SCHEMA).sort_by([("province", "ascending"), ("key", "ascending")])


def home_with(root: Path, table: pa.Table, on: int = ON) -> Home:
    """A home whose base is this table."""
    home = Home(root)
    home.base.mkdir(parents=True)
    pq.write_table(table, home.base / "part-0.parquet", row_group_size=50_000)
    home.facts.write_text(json.dumps({"on": on, "rows": table.num_rows, "digest": f"test-{table.num_rows}"}))
    return home
