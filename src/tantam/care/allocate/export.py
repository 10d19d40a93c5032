"""The instance on file, so that anybody's own solver can check ours (contracts.md, ``--instance``)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tantam.care.allocate.blocks import Block
from tantam.care.allocate.problem import Instance
from tantam.errors import Fault


def export_instance(
    instance: Instance, province_of_cell: Sequence[str], low_income_of_cell: Sequence[bool], directory: Path
) -> None:
    """Write ``pairs.parquet``, ``limits.parquet`` and ``limits.json`` into a directory.

    Pairs are the eligible ones, block by block. Coefficients left out are zero. Cells of one province
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
        for columns in instance.rows.map(partial(_block_pairs, instance.offers, instance.cost)):
            *plain, cell = columns
            placed = [*plain, province.take(cell), low_income.take(cell)]
            out.write_table(pa.table(placed, schema=schema))


def _block_pairs(offers: tuple[str, ...], cost: NDArray[np.int64], block: Block) -> list[Any]:
    """Keys, offers, values, costs and cells of a block's eligible pairs."""
    offer, row = np.nonzero(block.value > 0)
    names = pa.array(list(offers), pa.string()).take(pa.array(offer))
    return [block.key[row], names, block.value[offer, row], cost[offer], pa.array(block.cell[row])]


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
