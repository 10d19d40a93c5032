"""Dirty rows on purpose, as every real export has them; each spoils exactly one row, so that rejects can
be counted.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tantam.sample.people import ON, Bools, Ints, days

SHARE = 0.005
KINDS = (
    "phone_missing",
    "phone_of_11_digits",
    "phone_twice",
    "province_unknown",
    "plan_kind_unknown",
    "joined_in_future",
)
_NOWHERE = ("Bồng Lai", "Xứ Mây", "N/A", "00")


def choose(rng: np.random.Generator, n: int) -> dict[str, Ints]:
    """Which rows of a chunk are spoiled, kind → positions; no row twice."""
    rows = rng.permutation(n)[: round(SHARE * n)]
    return {kind: rows[i :: len(KINDS)] for i, kind in enumerate(KINDS)}


def spoil(
    rng: np.random.Generator, columns: dict[str, pa.Array], rows: dict[str, Ints]
) -> dict[str, pa.Array]:
    """The same columns with those rows spoiled."""
    n = len(columns["phone"])
    clean = np.setdiff1d(np.arange(n), np.concatenate(list(rows.values())))
    phone = columns["phone"]
    twins = phone.take(pa.array(rng.choice(clean, rows["phone_twice"].size, replace=False)))
    lines = pc.utf8_slice_codeunits(phone.take(pa.array(rows["phone_of_11_digits"])), -7)
    phone = _put(phone, rows["phone_missing"], pa.nulls(rows["phone_missing"].size, pa.string()))
    phone = _put(phone, rows["phone_of_11_digits"], pc.binary_join_element_wise("0168", lines, ""))
    phone = _put(phone, rows["phone_twice"], twins)
    nowhere = pa.array(rng.choice(_NOWHERE, rows["province_unknown"].size).tolist(), pa.string())
    future = days(ON + 1 + rng.integers(30, 3000, rows["joined_in_future"].size))
    unknown = pa.array(["hybrid"] * rows["plan_kind_unknown"].size, pa.string())
    return columns | {
        "phone": phone,
        "province": _put(columns["province"], rows["province_unknown"], nowhere),
        "joined_on": _put(columns["joined_on"], rows["joined_in_future"], future),
        "plan_kind": _put(columns["plan_kind"], rows["plan_kind_unknown"], unknown),
    }


def _put(column: pa.Array, rows: Ints, values: pa.Array) -> pa.Array:
    order = np.argsort(rows)
    mask: Bools = np.zeros(len(column), bool)
    mask[rows] = True
    return pc.replace_with_mask(column, pa.array(mask), values.take(pa.array(order)))
