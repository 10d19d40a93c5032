"""The instance on file, so that anybody's own solver can check ours (contracts.md, ``--instance``)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tantam.care.allocate.problem import Instance
from tantam.errors import Fault


def export_instance(
    instance: Instance, province_of_cell: Sequence[str], low_income_of_cell: Sequence[bool], directory: Path
) -> None:
    """Write ``pairs.parquet``, ``limits.parquet`` and ``limits.json`` into a directory.

    Pairs are the eligible ones, one row group an offer. Coefficients left out are zero. Cells of one province
    and income whose coefficients differ are a Fault ``cells_too_fine``, as the files could not tell them
    apart.
    """
    directory.mkdir(parents=True, exist_ok=True)
    province = pa.array(list(province_of_cell), pa.string())
    low_income = pa.array([bool(low) for low in low_income_of_cell], pa.bool_())
    _pairs(instance, province, low_income, directory / "pairs.parquet")
    _limits(instance, province, low_income, directory / "limits.parquet")
    facts = {
        "bounds": {limit.name: [limit.sense, int(limit.bound)] for limit in instance.limits},
        "most": int(instance.most),
        "groups": {offer: int(group) for offer, group in zip(instance.offers, instance.group, strict=True)},
    }
    (directory / "limits.json").write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _pairs(instance: Instance, province: pa.Array, low_income: pa.Array, file: Path) -> None:
    schema = pa.schema(
        [
            ("key", pa.int64()),
            ("offer", pa.string()),
            ("value", pa.int32()),
            ("cost_dong", pa.int64()),
            ("province", pa.string()),
            ("low_income", pa.bool_()),
        ]
    )
    with pq.ParquetWriter(file, schema, compression="zstd") as out:
        for j, offer in enumerate(instance.offers):
            rows = np.flatnonzero(instance.value[j] > 0)
            cell = pa.array(instance.cell[rows])
            columns = [
                instance.key[rows],
                pa.repeat(offer, rows.size),
                instance.value[j, rows].astype(np.int32),
                np.full(rows.size, instance.cost[j], np.int64),
                province.take(cell),
                low_income.take(cell),
            ]
            out.write_table(pa.table(columns, schema=schema))


def _limits(instance: Instance, province: pa.Array, low_income: pa.Array, file: Path) -> None:
    place = [f"{p}|{low}" for p, low in zip(province.to_pylist(), low_income.to_pylist(), strict=True)]
    first, same = np.unique(place, return_index=True, return_inverse=True)[1:]
    parts = []
    for limit in instance.limits:
        coefficient = np.asarray(limit.coefficient, np.int64)
        if (coefficient != coefficient[first][same]).any():
            raise Fault("cells_too_fine", f"“{limit.name}” differs within one province and income.")
        cell, offer = np.nonzero(coefficient[first])
        parts.append(
            {
                "limit": pa.repeat(limit.name, cell.size),
                "offer": pa.array(list(instance.offers), pa.string()).take(pa.array(offer)),
                "province": province.take(pa.array(first[cell])),
                "low_income": low_income.take(pa.array(first[cell])),
                "coefficient": pa.array(coefficient[first][cell, offer]),
            }
        )
    schema = pa.schema(
        [
            ("limit", pa.string()),
            ("offer", pa.string()),
            ("province", pa.string()),
            ("low_income", pa.bool_()),
            ("coefficient", pa.int64()),
        ]
    )
    pq.write_table(
        pa.concat_tables([schema.empty_table(), *(pa.table(p, schema=schema) for p in parts)]), file
    )
