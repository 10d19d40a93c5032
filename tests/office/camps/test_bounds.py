"""What a line of a prescription goes past: the kit's rule and the page's rule, held against one table of cases."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tantam.office.camps import formulary, kinds

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("bounds.json").read_text(encoding="utf-8"))
PAGE = Path(formulary.__file__).parents[1] / "static" / "camp-bounds.js"
BY_NODE = """
import { passed } from %s
const of = ([units, a_day]) => ({ units, a_day })
const limit = (one) => one && { ...one, warnings: (one.warnings ?? []).map((code) => ({ code })) }
const found = %s.map((one) => passed(limit(one.limit), one, (one.before ?? []).map(of)).map(({ code }) => code))
console.log(JSON.stringify(found))
"""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["say"])
def test_the_kit(case: dict[str, Any]) -> None:
    limit = case["limit"] or {}
    warnings = tuple(formulary.Warning(code, "", "") for code in limit.get("warnings", ()))
    bounds = formulary.Limit(limit.get("most_a_day"), limit.get("most_in_all"), True, warnings)
    before = [_prescribed(*one) for one in case.get("before", ())]
    other = kinds.Prescribed(medicine="y", units=999, a_day=99, how="uống")
    found = formulary.check(_prescribed(case["units"], case["a_day"]), bounds, [*before, other])
    assert [one.code for one in found] == case["codes"]


def test_the_page_says_the_same() -> None:
    node = shutil.which("node")
    if not node:
        pytest.skip("NOT TESTED: apt-get install nodejs")
    script = BY_NODE % (json.dumps(PAGE.as_uri()), json.dumps(CASES))
    run = [node, "--input-type=module", "--eval", script]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [case["codes"] for case in CASES]


def _prescribed(units: int, a_day: int | None) -> kinds.Prescribed:
    return kinds.Prescribed(medicine="x", units=units, a_day=a_day, how="uống")
