"""The long bench: what is still to run, what it will need, how much time is left, and what stands in its table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bench import full, full_table
from bench.full_stages import STAGES, Sizes, Stage


def _stages() -> tuple[Stage, ...]:
    def nothing(folder: Path) -> dict[str, Any]:
        return {}

    return (
        Stage("base", "", nothing, makes=("made",)),
        Stage("load", "", nothing, makes=("home",), needs=("made",)),
        Stage("decide", "", nothing, needs=("home",)),
        Stage("listen", "", nothing, of="opinions"),
    )


def test_a_stopped_run_goes_on_and_makes_anew_only_what_is_needed(tmp_path: Path) -> None:
    stages = _stages()

    def todo(*kept: str) -> list[str]:
        return [stage.name for stage in full.wanted(stages, {name: {} for name in kept}, tmp_path)]

    assert todo() == ["base", "load", "decide", "listen"]
    assert todo("base", "load", "decide") == ["listen"]
    assert todo("base", "load") == ["base", "load", "decide", "listen"], "the home is gone"
    (tmp_path / "home").mkdir()
    assert todo("base", "load") == ["decide", "listen"]
    assert todo("base", "load", "decide", "listen") == []


def test_the_disk_is_what_lies_there_and_what_grows() -> None:
    need = {
        "base": {"disk_mb": 10, "left_mb": 8},
        "load": {"disk_mb": 20, "left_mb": 5},
        "decide": {"disk_mb": 24, "left_mb": 1},
        "listen": {"disk_mb": 25, "left_mb": 0},
    }
    assert full.disk_mb(need, _stages()) == max(10, 8 + 20, 5 + 24, 25)
    assert full.disk_mb(need, _stages()[2:]) == 25
    assert full.disk_mb({}, _stages()) == 0


def test_two_small_runs_foretell_a_large_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every stage here takes a second and a second for 10,000 rows more, and as many megabytes."""

    def measured(
        folder: Path, sizes: Sizes, todo: Any, kept: full.Kept, clock: Any, record: Any = None
    ) -> list[str]:
        for stage in todo:
            amount = 1 + getattr(sizes, stage.of) / 10_000
            kept[stage.name] = {"used": dict.fromkeys(("wall_s", "disk_mb", "left_mb"), amount)}
        return []

    monkeypatch.setattr(full, "STAGES", _stages())
    monkeypatch.setattr(full, "go", measured)
    (tmp_path / "kept").mkdir()
    found = full.rehearse(tmp_path / "rehearsal", _stages(), Sizes(1_000_000, 20_000_000))
    assert found["decide"]["wall_s"] == pytest.approx(21 + 80 * full.MARGIN)
    assert found["listen"]["wall_s"] == pytest.approx(21 + 1_980 * full.MARGIN)
    assert full.rehearse(tmp_path / "rehearsal", _stages(), Sizes(100_000, 100_000)) == {}
    monkeypatch.setattr(full, "go", lambda *args: pytest.fail("a rehearsal is kept"))
    assert full.rehearse(tmp_path / "rehearsal", _stages()[3:], Sizes()).keys() == {"listen"}


def test_time_left_follows_how_the_stages_before_kept_to_it() -> None:
    clock = full.Clock({"a": {"wall_s": 10}, "b": {"wall_s": 100}, "c": {"wall_s": 30}}, ["a", "b", "c"])
    assert clock.left("a", 4) == 136
    clock.ended("a", 20)
    assert clock.left("b", 50) == 2 * 100 - 50 + 2 * 30
    assert clock.left("c", 1_000) > 0
    assert full.told(3_725) == "1:02:05"


def test_the_table_judges_only_what_ran_at_its_size() -> None:
    decided = {"wall_s": 500.0, "peak_mb": 5_000, "gap_percent": 0.011, "violated": 0}
    decided |= {"tight": 107, "limits": 182, "greedy_loss_percent": 12.0}
    ran = {
        "cores": 2,
        "processor": "P",
        "memory_gb": 23.5,
        "system": "Linux",
        "quiet": True,
        "load_before": 0.1,
    }

    def judged(subscribers: int, **changed: float) -> str:
        stages = {"decide": {"figures": decided | changed}}
        figures = {"sizes": {"subscribers": subscribers, "opinions": 1}, "stages": stages, "ran_on": ran}
        [line] = [line for line in full_table.lines(figures) if "whole `decide`" in line]
        return line.split("|")[-2].strip()

    assert judged(50_000_000) == "yes"
    assert judged(50_000_000, wall_s=601) == judged(50_000_000, violated=1) == "no"
    assert judged(100_000, wall_s=601) == "smaller"
    assert all("not measured" in line for line in full_table.lines(
        {"sizes": {"subscribers": 1, "opinions": 1}, "stages": {}, "ran_on": ran}
    )[4:])  # fmt: skip


def test_every_row_is_of_a_stage_and_every_need_is_made_before() -> None:
    assert {row.stage for row in full_table.ROWS} <= {stage.name for stage in STAGES}
    made: set[str] = set()
    for stage in STAGES:
        assert {*stage.needs} <= made
        made |= {*stage.makes}
