"""A compiled rule, on two engines, says of every row what plain Python says of it."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings

from tantam import clock, engines
from tantam.segments import compile as compiled
from tantam.segments import plain, rule
from tantam.segments.dates import add_months
from tantam.segments.names import YEARS
from tantam.segments.tree import Node, columns, reads_usage
from tests.a_base import ON, stored
from tests.segments.a_rule import rules, values

ROWS = 600
LEAP = clock.parse_day("2028-02-29")
LAST = clock.parse_day("2027-02-28")
settings.register_profile(
    "segments",
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
settings.load_profile("segments")


@cache
def table() -> pa.Table:
    """The random base with planted edges: anniversaries, 29 February, births before 1970, one huge sum."""
    made = stored(ROWS, seed=3, nulls=0.15).to_pylist()
    edges = [
        add_months(day, -months) + off
        for day in (ON, LEAP, LAST)
        for months in (6, 36, 720)
        for off in (-1, 0, 1)
    ]
    for i, day in enumerate(edges):
        made[7 * i]["joined_on"] = day
        made[7 * i + 1]["born_on"] = day
        date = clock.to_date(day)
        made[7 * i + 1]["birth_mmdd"] = date.month * 100 + date.day
    for i in range(200, 230):
        made[i] |= {"born_on": clock.parse_day("1956-02-29"), "birth_mmdd": 229}
    for i in range(240, 250):
        made[i]["promotion_ended_on"] = ON + i - 245
    made[300]["spend_6m"] = made[301]["spend_6m"] = 9_000_000_000_000
    return pa.Table.from_pylist(made, schema=stored(1).schema)


@cache
def table_rows() -> list[dict[str, Any]]:
    return table().to_pylist()


@cache
def frames() -> dict[str, nw.LazyFrame[Any]]:
    con = engines.connect(threads=1)
    frames.con = con  # type: ignore[attr-defined]
    return {"duckdb": nw.from_native(con.from_arrow(table())), "pyarrow": nw.from_native(table()).lazy()}


def answers(frame: nw.LazyFrame[Any], expression: nw.Expr) -> list[Any]:
    found = frame.select("key", expression.alias("answer")).collect("pyarrow").to_native()
    by_key = dict(zip(found["key"].to_pylist(), found["answer"].to_pylist(), strict=True))
    return [by_key[row["key"]] for row in table_rows()]


@pytest.mark.parametrize("engine", ["duckdb", "pyarrow"])
@pytest.mark.parametrize("day", [ON, LEAP, LAST])
@given(node=rules)
@settings(max_examples=60)
def test_a_compiled_rule_is_its_plain_reading(engine: str, day: int, node: Node) -> None:
    frame, rows = frames()[engine], table_rows()
    found = compiled.thresholds(frame, day, [node])
    assert found == compiled.thresholds(frames()["pyarrow"], day, [node])
    expected = [plain.holds(node, row, day, found) for row in rows]
    assert answers(frame, compiled.predicate(node, day, found)) == expected
    assert answers(frame, compiled.amount(node, day, found, 4)) == [4 * holds for holds in expected]


@pytest.mark.parametrize("engine", ["duckdb", "pyarrow"])
@given(node=values)
@settings(max_examples=80)
def test_a_compiled_number_is_its_plain_reading_bit_for_bit(engine: str, node: Node) -> None:
    expected = [plain.number(node, row, ON) for row in table_rows()]
    got = answers(frames()[engine], compiled.value(node, ON))
    assert got == expected
    assert all(number is None or math.isfinite(number) for number in got)


@pytest.mark.parametrize("engine", ["duckdb", "pyarrow"])
@pytest.mark.parametrize("day", [ON, LEAP, LAST])
def test_the_edges_of_years_birthdays_and_promotions(engine: str, day: int) -> None:
    texts = [
        f"{name} {op} {years}" for name in YEARS for op in ("<", "<=", ">", ">=") for years in (0.5, 3, 60)
    ]
    texts += [f"{name} + 0 = {years}" for name in YEARS for years in (0, 2, 3, 59, 60)]
    texts += [f"birthday_within({days})" for days in (0, 1, 7, 300)]
    texts += [f"promotion_ended_within({days})" for days in (0, 1, 4)]
    none = compiled.Thresholds({})
    for node in map(rule.parse, texts):
        expected = [plain.holds(node, row, day, none) for row in table_rows()]
        assert answers(frames()[engine], compiled.predicate(node, day, none)) == expected


@given(node=rules)
@settings(max_examples=40)
def test_writing_a_rule_and_reading_it_back_changes_nothing(node: Node) -> None:
    assert rule.parse(rule.text(node)) == node


@given(node=rules)
@settings(max_examples=40)
def test_a_rule_needs_no_column_it_does_not_name(node: Node) -> None:
    few = frames()["duckdb"].select("key", *(name for name in sorted(columns(node)) if name != "key"))
    found = compiled.thresholds(frames()["duckdb"], ON, [node])
    few.select(compiled.predicate(node, ON, found).alias("x")).collect("pyarrow")


@pytest.mark.parametrize(
    "text", ["not spend_6m > 1", "not falling(10)", "not top_percent(spend_6m, 2)", "topups_90d is null"]
)
def test_whoever_refuses_profiling_is_in_no_group_by_usage(text: str) -> None:
    node = rule.parse(text)
    assert reads_usage(node)
    found = compiled.thresholds(frames()["duckdb"], ON, [node])
    inside = frames()["duckdb"].filter(compiled.predicate(node, ON, found), nw.col("refuses_profiling"))
    assert engines.collect(inside).num_rows == 0


@pytest.mark.parametrize(
    "text", ["born_on < '1990-01-01'", "sex = 'female'", "tier in ('gold')", "refuses_ads", "age_years > 40"]
)
def test_not_loses_nobody(text: str) -> None:
    node, other = rule.parse(text), rule.parse(f"not ({text})")
    none = compiled.Thresholds({})
    frame = frames()["duckdb"]
    counts = [engines.collect(frame.filter(compiled.predicate(n, ON, none))).num_rows for n in (node, other)]
    assert sum(counts) == ROWS


def test_ties_at_a_threshold_are_all_in_and_groups_rank_apart() -> None:
    spends = [*range(100, 0, -1)]
    made = stored(100, seed=5, nulls=0.0).to_pylist()
    for i, row in enumerate(made):
        spend = 99 if i == 2 else spends[i]
        row |= {"spend_6m": spend, "province": "01" if i < 60 else "56", "refuses_profiling": False}
    made[10]["spend_6m"] = None
    frame = nw.from_native(pa.Table.from_pylist(made, schema=stored(1).schema)).lazy()
    top = rule.parse("top_percent(spend_6m, 2)")
    found = compiled.thresholds(frame, ON, [top])
    assert found.of(top) == {"": 99}
    inside = frame.filter(compiled.predicate(top, ON, found)).collect("pyarrow")
    assert sorted(inside["spend_6m"].to_list()) == [99, 99, 100]
    by = rule.parse("top_percent(spend_6m, 5, by=province)")
    assert compiled.thresholds(frame, ON, [by]).of(by) == {"01": 99, "56": 39}


def test_thresholds_match_a_sort_on_many_distinct_and_negative_values() -> None:
    rng = np.random.default_rng(11)
    value = np.concatenate([rng.integers(-(10**6), 10**9, 4000), rng.integers(0, 50, 1000), [-4096, 4096, 0]])
    base = stored(value.size, seed=9).to_pylist()
    for row, spend in zip(base, value.tolist(), strict=True):
        row["spend_6m"] = spend
    nodes = [rule.parse(f"top_percent(spend_6m, {share})") for share in ("0.01", "2", "33.3333", "80", "100")]
    frame = nw.from_native(engines.connect().from_arrow(pa.Table.from_pylist(base, schema=stored(1).schema)))
    found = compiled.thresholds(frame, ON, nodes)
    ordered = np.sort(value)[::-1]
    for node in nodes:
        rank = -(-value.size * node.ppm // 1_000_000)  # type: ignore[union-attr]
        assert found.of(node) == {"": int(ordered[rank - 1])}  # type: ignore[arg-type]


def test_thresholds_come_back_from_json_as_they_were() -> None:
    nodes = [rule.parse("top_percent(spend_6m, 2, by=tier) or top_percent(data_mb_30d, 0.5)")]
    found = compiled.thresholds(frames()["duckdb"], ON, nodes)
    assert compiled.Thresholds.from_json(found.to_json()) == found


def test_long_lists_compile() -> None:
    names = ", ".join(f'"P{i}"' for i in range(200))
    node = rule.parse(f"plan in ({names}) or plan not in ({names})")
    frame = frames()["duckdb"].filter(compiled.predicate(node, ON, compiled.Thresholds({})))
    assert engines.collect(frame).num_rows == sum(plan is not None for plan in table()["plan"].to_pylist())
