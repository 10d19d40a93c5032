"""Segments say the same of everybody on Spark and on DuckDB."""

from __future__ import annotations

import json
from typing import Any

import narwhals as nw
import pytest
from click.testing import CliRunner
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tantam import clock, engines
from tantam.base.home import Home
from tantam.base.store import Base, open_base
from tantam.cli.segment import segment
from tantam.engines import Engine
from tantam.segments import compile as compiled
from tantam.segments import cube, profile, quick, shipped
from tantam.segments.tree import Node
from tests.a_base import ON
from tests.segments.a_rule import rules, values

LEAP = clock.parse_day("2028-02-29")
FEW = {"max_examples": 3, "derandomize": True, "phases": [Phase.generate], "deadline": None}


@pytest.fixture(scope="module")
def bases(spark: Engine, home: Home) -> tuple[Base, Base]:
    return open_base(home, spark), open_base(home, engines.start(threads=1))


def test_the_profile_of_the_shipped_groups(bases: tuple[Base, Base]) -> None:
    mine, theirs = (profile.profile(base, shipped.shipped()) for base in bases)
    assert (mine.everybody, mine.groups) == (theirs.everybody, theirs.groups)
    assert mine.cube.overlap().tolist() == theirs.cube.overlap().tolist()
    assert all(line.persons for line in mine.groups)


def test_samples_and_funnels(bases: tuple[Base, Base]) -> None:
    node = shipped.find("privilege").node
    mine, theirs = ((quick.sampled(base, node, rows=900), quick.funnel(base, node)) for base in bases)
    assert mine == theirs
    assert not mine[0].exact


@given(nodes=st.lists(rules, min_size=8, max_size=8), day=st.sampled_from([ON, LEAP]))
@settings(**FEW)
def test_rules_of_every_kind(bases: tuple[Base, Base], nodes: list[Node], day: int) -> None:
    found = [compiled.thresholds(base.frame, day, nodes) for base in bases]
    assert found[0] == found[1]
    asked = [compiled.amount(node, day, found[1], 1).alias(f"r{i}") for i, node in enumerate(nodes)]
    mine, theirs = (engines.collect(base.frame.select("key", *asked)).to_pylist() for base in bases)
    assert mine == theirs


@given(nodes=st.lists(values, min_size=5, max_size=5))
@settings(**FEW)
def test_numbers_bit_for_bit(bases: tuple[Base, Base], nodes: list[Node]) -> None:
    asked: list[nw.Expr] = [compiled.value(node, ON).alias(f"v{i}") for i, node in enumerate(nodes)]
    mine, theirs = (engines.collect(base.frame.select(*asked)).to_pylist() for base in bases)
    assert mine == theirs


def test_the_commands_answer_the_same(home: Home, spark: Engine) -> None:
    key = str(engines.collect(open_base(home, spark).frame.head(1))["key"][0])
    for words in (
        ("count", "top_percent(spend_6m, 2, by=province)"),
        ("overlap",),
        ("explain", "falling(20)", "--for", key),
    ):
        assert _asked(home, *words, "--engine", "spark", "--master", "local[2]") == _asked(home, *words)


def _asked(home: Home, *words: str) -> Any:
    command = [*words, "--home", str(home.root), "--json"]
    return json.loads(CliRunner().invoke(segment, command, catch_exceptions=False).output)


def test_a_master_goes_with_spark(home: Home) -> None:
    told = CliRunner().invoke(
        segment, ["overlap", "--home", str(home.root), "--master", "yarn"], catch_exceptions=False
    )
    assert told.exit_code == 2
    assert "--engine spark" in told.output


def test_every_threshold_is_found_before_the_main_pass(bases: tuple[Base, Base]) -> None:
    """One reading of the files and one exchange: no percentile inside the plan."""
    groups = shipped.shipped()
    found = cube.find_thresholds(bases[0], groups)
    frame: Any = bases[0].frame.select("province", cube.mask(groups, ON, found).alias("mask"))
    counted = frame.group_by("province", "mask").agg(nw.len()).to_native()
    plan = counted._jdf.queryExecution().optimizedPlan().toString()
    assert plan.count("Relation [") == 1
    assert "percentile" not in plan.lower()
    assert plan.count("Aggregate [") == 1
