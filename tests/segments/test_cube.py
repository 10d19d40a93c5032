"""The cube says what single queries say, and a mask table what its metadata says."""

from __future__ import annotations

import json
from pathlib import Path

import narwhals as nw
import numpy as np
import pyarrow.parquet as pq
import pytest

from tantam import engines
from tantam.base.store import Base, open_base
from tantam.errors import BadInput
from tantam.segments import compile as compiled
from tantam.segments import cube, plain, profile, quick, shipped
from tantam.segments.shipped import Segment
from tests.a_base import ON, home_with, stored

ROWS = 4_000


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    return open_base(
        home_with(tmp_path_factory.mktemp("home"), stored(ROWS, seed=8)), engines.start(threads=1)
    )


@pytest.fixture(scope="module")
def cells(base: Base) -> cube.Cube:
    return cube.count(base, shipped.shipped())


def inside(base: Base, segment: Segment) -> set[int]:
    found = compiled.thresholds(base.frame, base.on, [segment.node])
    rows = base.frame.filter(compiled.predicate(segment.node, base.on, found)).select("key")
    return set(engines.collect(rows)["key"].to_pylist())


def test_counts_unions_and_overlaps_are_those_of_single_queries(base: Base, cells: cube.Cube) -> None:
    groups = shipped.shipped()
    members = [inside(base, group) for group in groups]
    assert cells.subscribers == ROWS
    assert [cells.count(group.name) for group in groups] == [len(who) for who in members]
    assert all(members[i] for i in range(len(groups)))
    overlap = cells.overlap()
    for i, one in enumerate(members):
        for j, other in enumerate(members):
            assert overlap[i, j] == len(one & other)
    some = [groups[i].name for i in (0, 4, 9)]
    assert cells.union(some) == len(members[0] | members[4] | members[9])
    assert cells.both(some) == len(members[0] & members[4] & members[9])
    assert cells.union([]) == 0


def test_provinces_and_sums_add_up(base: Base, cells: cube.Cube) -> None:
    rows = engines.collect(base.frame).to_pylist()
    elderly = inside(base, next(g for g in shipped.shipped() if g.name == "elderly"))
    for name, who in ((None, {row["key"] for row in rows}), ("elderly", elderly)):
        found = cells.by_province(name)
        for code in {row["province"] for row in rows}:
            mine = [row for row in rows if row["province"] == code and row["key"] in who]
            assert found[code] == {
                "n": len(mine),
                "low_income": sum(row["low_income"] for row in mine),
                "spend_known": sum(row["spend_6m"] is not None for row in mine),
                "spend_6m": sum(row["spend_6m"] or 0 for row in mine),
            }


def test_the_middle_spend_is_exact(base: Base) -> None:
    found = profile.profile(base, shipped.shipped())
    rows = {row["key"]: row["spend_6m"] for row in engines.collect(base.frame).to_pylist()}
    for line in (found.everybody, *found.groups):
        who = rows.keys() if line.segment is None else inside(base, line.segment)
        known = sorted(rows[key] for key in who if rows[key] is not None)
        assert line.persons == len(who)
        assert line.median_dong == known[(len(known) - 1) // 2]
        assert line.mean_dong == round(sum(known) / len(known))


def test_a_group_of_nobody_has_no_spend(base: Base) -> None:
    nobody = shipped.parse('[nobody]\nrule = "false"\n[all]\nrule = "true"')
    found = profile.profile(base, nobody)
    assert (found.groups[0].persons, found.groups[0].median_dong, found.groups[0].mean_dong) == (
        0,
        None,
        None,
    )
    assert found.groups[1].persons == ROWS


def test_the_mask_table_holds_everybody_and_says_what_its_bits_mean(base: Base, tmp_path: Path) -> None:
    groups = shipped.shipped()
    assert cube.mask_table(base, groups, tmp_path / "masks.parquet") == ROWS
    table = pq.read_table(tmp_path / "masks.parquet")
    says = table.schema.metadata
    assert json.loads(says[b"segments"]) == [group.name for group in groups]
    assert int(says[b"on"]) == ON
    assert says[b"definition"].decode() == shipped.definition(groups)
    mask = np.asarray(table["mask"])
    for i, group in enumerate(groups):
        assert set(np.asarray(table["key"])[(mask >> i) & 1 == 1].tolist()) == inside(base, group)


def test_sixty_two_segments_fit_a_mask_and_no_more(base: Base) -> None:
    many = shipped.parse("\n".join(f'[s{i}]\nrule = "tenure_days > {i}"' for i in range(62)))
    cells = cube.count(base, many)
    assert cells.count("s61") == len(inside(base, many[61]))
    with pytest.raises(BadInput) as refused:
        cube.mask((*many, many[0]), base.on, compiled.Thresholds({}))
    assert refused.value.code == "too_many_segments"


def test_definitions_follow_meaning_not_spelling() -> None:
    one, same, other = (
        shipped.parse(f"[a]\nrule = {rule!r}")
        for rule in ("spend_6m>2e6", "spend_6m  >  2_000_000", "spend_6m >= 2e6")
    )
    assert shipped.definition(one) == shipped.definition(same) != shipped.definition(other)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "bad_segments"),
        ("[a", "bad_segments"),
        ("[A]\nrule = 'true'", "bad_segments"),
        ("[a]\nvi = 'x'", "bad_segments"),
        ("[a]\nrule = 'true'\nwho = 'x'", "bad_segments"),
        ("[a]\nrule = 5", "bad_segments"),
        ("[a]\nrule = 'tenure_year > 3'", "unknown_name"),
        ("\n".join(f"[s{i}]\nrule = 'true'" for i in range(63)), "too_many_segments"),
    ],
)
def test_a_bad_segments_file_is_refused(text: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        shipped.parse(text)
    assert refused.value.code == code


def test_no_shipped_group_names_minors_or_pregnancy() -> None:
    for segment in shipped.shipped():
        for row in engines.collect(_young(segment)).to_pylist():
            raise AssertionError(f"{segment.name} singles out the young: {row['key']}")
        assert segment.vi
        assert segment.en


def _young(segment: Segment) -> nw.LazyFrame:  # type: ignore[type-arg]
    """Rows that only an age below 18 brings into a group: the same row as an adult is not in it."""
    con = engines.connect(threads=1)
    made = stored(300, seed=2).to_pylist()
    for row in made:
        row["born_on"] = ON - 10 * 365
    none = compiled.Thresholds(
        {key: {} for key in compiled.thresholds(_of(con, made), ON, [segment.node]).tables}
    )
    grown = [row | {"born_on": ON - 30 * 365} for row in made]
    only = [
        row
        for row, adult in zip(made, grown, strict=True)
        if plain.holds(segment.node, row, ON, none) and not plain.holds(segment.node, adult, ON, none)
    ]
    return _of(con, only or made[:0])


def _of(con, rows) -> nw.LazyFrame:  # type: ignore[no-untyped-def, type-arg]
    import pyarrow as pa

    return nw.from_native(con.from_arrow(pa.Table.from_pylist(rows, schema=stored(1).schema)))


def test_the_funnel_says_who_falls_out_where(base: Base) -> None:
    node = shipped.find("tenure_years > 3 and plan_kind = 'prepaid' and not low_income").node
    steps = [left for _, left in quick.funnel(base, node)]
    assert steps[0] == ROWS
    assert steps == sorted(steps, reverse=True)
    assert steps[-1] == quick.exactly(base, node).count
