"""What each large figure was to reach, what it reached, and whether that is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.full_stages import Sizes

Figures = dict[str, Any]
FULL = Sizes()
GB = 1024
FLAT = 1.1
"""Memory that grows by less than this where the input doubles is flat: the allocator is not exact."""

RECALL, PRECISION = 0.96, 0.99
"""What the linking reaches among 44,000 documents, rounded down: `listen_alike`."""


@dataclass(frozen=True)
class Row:
    """One line: ``measured`` words it, ``kept`` judges it; both read the figures of one stage."""

    stage: str
    what: str
    reach: str
    measured: Callable[[Figures], str]
    kept: Callable[[Figures], bool]
    of: str = "subscribers"


def _gb(mb: float) -> str:
    return f"{mb / GB:.2f} GB"


def _s(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 120 else f"{seconds / 60:.1f} min"


def _solved(f: Figures) -> str:
    found = (
        f"{_s(f['solve_seconds'])}, {_gb(f['peak_mb'])}, gap {f['gap_percent']} %, {f['violated']} violated"
    )
    return f"{found}; {f['tight']} of {f['limits']} limits tight, greedy loses {f['greedy_loss_percent']} %"


def _well(f: Figures, seconds: float, gb: float) -> bool:
    exact = f["gap_percent"] < 0.02 and not f["violated"]
    return exact and f["solve_seconds"] <= seconds and f["peak_mb"] < gb * GB


ROWS = (
    Row(
        "solve",
        "solve × 20 offers, 180 limits, in memory",
        "≤ 40 s, < 6 GB, gap < 0.02 %, nothing violated",
        lambda f: _solved(f["memory"]),
        lambda f: _well(f["memory"], 40, 6),
    ),
    Row(
        "solve",
        "the same, from the disk",
        "≤ 2 min, < 1.5 GB, the same decisions",
        lambda f: f"{_solved(f['disk'])}; {'the same' if f['same_decisions'] else 'OTHER'} decisions",
        lambda f: _well(f["disk"], 120, 1.5) and f["same_decisions"],
    ),
    Row(
        "load",
        "load",
        "≤ 2 × DuckDB's COPY",
        lambda f: f"{f['wall_ratio']:.2f} × ({_s(f['load']['wall_s'])}, {_gb(f['load']['peak_mb'])})",
        lambda f: f["wall_ratio"] <= 2,
    ),
    Row(
        "segments",
        "12 segments and cube",
        "≤ 2.5 × a real scan (pyarrow decodes the columns), < 1 GB",
        lambda f: (
            f"{f['ratio_to_decode']} × ({_s(f['cube_ms'] / 1000)}, {_gb(f['alone']['peak_mb'])}); "
            f"{f['ratio_to_scan']} × DuckDB's hash of every value"
        ),
        lambda f: f["ratio_to_decode"] <= 2.5 and f["alone"]["peak_mb"] < GB,
    ),
    Row(
        "decide",
        "whole `decide`, Parquet to decisions",
        "≤ 10 min, < 8 GB, gap < 0.02 %, nothing violated",
        lambda f: (
            f"{_s(f['wall_s'])}, {_gb(f['peak_mb'])}, gap {f['gap_percent']} %, {f['violated']} violated; "
            f"{f['tight']} of {f['limits']} limits tight, greedy loses {f['greedy_loss_percent']} %"
        ),
        lambda f: (
            f["wall_s"] <= 600 and f["peak_mb"] < 8 * GB and f["gap_percent"] < 0.02 and not f["violated"]
        ),
    ),
    Row(
        "explain",
        "`explain` for one subscriber, after start",
        "< 50 ms",
        lambda f: f"{f['explain_ms']} ms",
        lambda f: f["explain_ms"] < 50,
    ),
    Row(
        "prove",
        "`prove` with 90 days of outcomes",
        "< 8 GB",
        lambda f: (
            f"{_s(f['wall_s'])}, {_gb(f['peak_mb'])}, {f['outcome_rows']:,} rows; {f['treated']:,} given against "
            f"{f['control']:,} held out"
        ),
        lambda f: f["peak_mb"] < 8 * GB,
    ),
    Row(
        "worth",
        "worth × 20 offers, scored",
        "≤ 15 min",
        lambda f: f"{_s(f['first_run']['wall_s'])}, {_gb(f['first_run']['peak_mb'])}, {f['pairs']:,} pairs",
        lambda f: f["first_run"]["wall_s"] <= 15 * 60,
    ),
    Row(
        "listen",
        "`listen run`, linking included",
        "memory flat as input doubles; a billion in ≤ 3 h",
        lambda f: (
            f"{f['whole']['opinions_a_second']:,} a second, {_gb(f['half']['peak_mb'])} for half of them and "
            f"{_gb(f['whole']['peak_mb'])} for all; {f['projection_hours']} h: {f['projection']}"
        ),
        lambda f: f["memory_as_input_doubles"] <= FLAT and f["projection_hours"] <= f["target_hours"],
        of="opinions",
    ),
    Row(
        "near",
        "near-duplicates, one in four of the opinions",
        f"recall ≥ {RECALL} and precision ≥ {PRECISION}, as with few",
        lambda f: f"recall {f['recall']}, precision {f['precision']} among {f['documents']:,}",
        lambda f: f["recall"] >= RECALL and f["precision"] >= PRECISION,
        of="opinions",
    ),
)


def _got(stage: Figures | None) -> Figures | None:
    """What a stage measured, if it could."""
    if stage is None or "skipped" in stage["figures"]:
        return None
    return dict(stage["figures"])


def lines(figures: Figures) -> list[str]:
    """The table in Markdown, then the machine and every figure of every stage."""
    sizes, stages, ran = figures["sizes"], figures["stages"], figures["ran_on"]
    found = [
        f"{sizes['subscribers']:,} subscribers, {sizes['opinions']:,} opinions; {ran['cores']} cores "
        f"({ran['processor']}), {ran['memory_gb']} GB, {ran['system']}, "
        + ("nothing else running." if ran["quiet"] else f"load {ran['load_before']} before it began."),
        "",
        "| figure | reach | measured | kept |",
        "| --- | --- | --- | --- |",
    ]
    for row in ROWS:
        got = _got(stages.get(row.stage))
        judged = sizes[row.of] >= getattr(FULL, row.of)
        kept = (
            "not measured" if got is None else "smaller" if not judged else "yes" if row.kept(got) else "no"
        )
        found.append(f"| {row.what} | {row.reach} | {row.measured(got) if got else ''} | {kept} |")
    return found
