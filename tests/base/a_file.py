"""Input files for tests: rows as an operator would export them, from a seed."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from tantam.base import intake
from tantam.base.columns import SCHEMA, SPEND
from tantam.base.home import Home
from tantam.clock import parse_day, to_date

TODAY = parse_day("2026-11-22")
ON = TODAY - 1
NAMES = (
    "Hà Nội",
    "Khánh Hòa",
    "TP. Hồ Chí Minh",
    "Đà Nẵng",
    "Cần Thơ",
    "Lâm Đồng",
    "Ninh Thuận",
    "Bắc Giang",
    "Nghệ An",
)
WORDS = ("Công nhân khu công nghiệp", "Ruộng đồng", "Sinh viên", "Giáo viên", "Thợ điện")


def rows(n: int, seed: int = 1) -> pa.Table:
    """``n`` clean input rows, every column of the contract, each number once."""
    rng = np.random.default_rng(seed)

    def day(back: int, nulls: float = 0.0) -> pa.Array:
        days = (ON - rng.integers(0, back, n)).astype(np.int32)
        return pa.array(days, mask=rng.random(n) < nulls).cast(pa.date32())

    def word(values: tuple[str, ...], nulls: float = 0.0) -> pa.Array:
        return pa.array(rng.choice(values, n), mask=rng.random(n) < nulls)

    tails = rng.choice(10**8, n, replace=False)
    made: dict[str, Any] = {
        "phone": [
            f"0{first}{tail:08d}" for first, tail in zip(rng.choice([3, 5, 7, 8, 9], n), tails, strict=True)
        ],
        "joined_on": day(4000),
        "plan_kind": word(("prepaid", "postpaid")),
        "province": word(NAMES),
        "plan": word(("MASS", "V120", "CONG_NHAN"), 0.02),
        "born_on": day(30_000, 0.05),
        "sex": word(("female", "male"), 0.03),
    }
    for name in SPEND:
        made[name] = pa.array(rng.integers(0, 400, n) * 1000, mask=rng.random(n) < 0.05)
    for name, most in (("topups_90d", 12), ("data_mb_30d", 30_000), ("complaints_180d", 3)):
        made[name] = rng.integers(0, most, n)
    made |= {
        "promotion": word(("HE2026", "TET2026"), 0.8),
        "promotion_ended_on": day(90, 0.8),
        "last_active_on": day(60),
        "tier": word(("gold", "diamond"), 0.9),
        "occupation": word(WORDS, 0.4),
        "hardship": word(("none", "poor", "near_poor", "policy")),
        "hardship_basis": word(("document", "estimate", "declared"), 0.5),
        "hardship_on": day(400, 0.6),
        "consent_care_on": day(300, 0.3),
        "consent_ads_on": day(300, 0.5),
        "refuses_ads": rng.random(n) < 0.1,
        "refuses_profiling": rng.random(n) < 0.05,
        "last_contact_on": day(300, 0.4),
    }
    return pa.table(made)


def as_csv(table: pa.Table, path: Path) -> Path:
    """The table as plain UTF-8 CSV."""
    pa_csv.write_csv(table, path)
    return path


def written(
    path: Path, *lines: str, encoding: str = "utf-8", header: str = "phone,joined_on,plan_kind,province"
) -> Path:
    """A small CSV from its lines."""
    path.write_bytes("\n".join((header, *lines, "")).encode(encoding))
    return path


def one(**values: str) -> str:
    """One CSV row of the four required columns, some of them changed."""
    row = {
        "phone": "0912345678",
        "joined_on": "2020-01-31",
        "plan_kind": "prepaid",
        "province": "Hà Nội",
    } | values
    return ",".join(row.values())


def load(home: Home, *files: Path, **options: Any) -> intake.Loaded:
    """Load on the tests' own day."""
    return intake.load(home, files, today=TODAY, **options)


def stored(home: Home) -> pa.Table:
    """The whole base."""
    import pyarrow.parquet as pq

    table = pq.read_table(home.base)
    assert table.schema.equals(SCHEMA)
    return table


def plain(table: pa.Table) -> list[list[str]]:
    """Header and rows as text, days as dates."""
    out = [table.column_names]
    for row in table.to_pylist():
        out.append(
            ["" if v is None else str(v).lower() if isinstance(v, bool) else str(v) for v in row.values()]
        )
    return out


def delimited(lines: list[list[str]], mark: str = ",") -> str:
    """Lines of fields as CSV text."""
    import io

    out = io.StringIO()
    csv.writer(out, delimiter=mark, lineterminator="\n").writerows(lines)
    return out.getvalue()


def snapshot(root: Path) -> dict[str, bytes]:
    """Every file below a folder and its bytes."""
    return {str(f.relative_to(root)): f.read_bytes() for f in sorted(root.rglob("*")) if f.is_file()}


__all__ = [
    "NAMES",
    "ON",
    "TODAY",
    "as_csv",
    "delimited",
    "load",
    "one",
    "plain",
    "rows",
    "snapshot",
    "stored",
    "to_date",
    "written",
]
