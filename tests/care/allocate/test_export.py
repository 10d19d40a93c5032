"""The instance on file says the same as the instance in memory."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from tantam.care.allocate import allocate, export_instance
from tantam.errors import Fault
from tests.care.allocate.some import CELLS, instance, optimum, whole

PROVINCES = [f"{c // 2:02d}" for c in range(CELLS)]
LOW = [c % 2 == 1 for c in range(CELLS)]


@pytest.mark.parametrize("seed", [1, 4, 9])
def test_read_back_it_is_the_same_programme(tmp_path: Path, seed: int) -> None:
    asked = instance(300, 5, seed, floors=0.1)
    export_instance(asked, PROVINCES, LOW, tmp_path)
    facts = json.loads((tmp_path / "limits.json").read_text("utf-8"))
    pairs = pq.read_table(tmp_path / "pairs.parquet").to_pylist()
    limits = pq.read_table(tmp_path / "limits.parquet").to_pylist()
    assert all(cell is not None for row in pairs + limits for cell in row.values())
    assert facts["most"] == asked.most
    adds = {(r["limit"], r["offer"], r["province"], r["low_income"]): r["coefficient"] for r in limits}
    table, bounds = [], []
    for name, (sense, bound) in facts["bounds"].items():
        sign = 1 if sense == "<=" else -1
        row = [sign * adds.get((name, p["offer"], p["province"], p["low_income"]), 0) for p in pairs]
        table.append(csr_array(np.array([row], float)))
        bounds.append(sign * bound)
    of_row = [(p["key"], -1) for p in pairs]
    of_group = [(p["key"], facts["groups"][p["offer"]]) for p in pairs]
    for names in (of_row, of_group):
        sets = {name: at for at, name in enumerate(dict.fromkeys(names))}
        table.append(csr_array((np.ones(len(pairs)), ([sets[n] for n in names], range(len(pairs))))))
        bounds += [facts["most"] if group < 0 else 1 for _, group in sets]
    rows = whole(asked.rows)
    people = rows.key[(rows.value > 0).any(axis=0)]
    assert set(people.tolist()) == {p["key"] for p in pairs}
    worth = np.array([p["value"] for p in pairs], float)
    found = linprog(-worth, A_ub=vstack(table), b_ub=np.array(bounds, float), bounds=(0, 1))
    best = optimum(asked)
    assert (found.status == 0) == (best is not None)
    if best is not None:
        assert -found.fun == pytest.approx(best, rel=1e-9)
        assert allocate(asked).bound >= best * (1 - 1e-9)


def test_cells_that_the_files_cannot_tell_apart_are_a_fault(tmp_path: Path) -> None:
    asked = instance(50, 5, 3)
    with pytest.raises(Fault, match="cells_too_fine"):
        export_instance(asked, ["01"] * CELLS, [False] * CELLS, tmp_path)
