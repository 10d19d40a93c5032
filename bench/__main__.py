"""Measure everything and write docs/reference/benchmarks.md: ``make bench``, or ``python -m bench solve load``."""

from __future__ import annotations

import importlib
import json
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NAMES = (
    "solve",
    "decide",
    "load",
    "segments",
    "coverage",
    "worth",
    "worth_large",
    "office_lists",
    "office_sealing",
    "listen_pass",
    "listen_clean",
    "listen_alike",
    "listen_mask",
    "listen_heads",
    "listen_themes",
    "sms_text",
    "office_checkin",
    "office_gate",
    "office_themes",
    "office_telling",
    "quality_load",
    "quality_board",
    "camp_day",
    "camp_files",
)
LARGE = ("full", "spark")
"""What takes hours (`make bench-full`) or needs `requirements/spark.lock`: only where it is named."""
PAGE = Path(__file__).parents[1] / "docs" / "reference" / "benchmarks.md"
RESULTS = PAGE.with_suffix(".json")
INTRODUCTION = """# Measured figures

Every figure here was written by `make bench` (or `python -m bench NAME`) from one run of the script named; those of
`full` by `make bench-full`. Machines differ and are noisy: ratios were measured side by side in one run, seconds are
medians. Nothing is typed in by hand.
"""


def main(names: tuple[str, ...]) -> None:
    """Run the named scripts one after another; keep each one's figures, and write the page of all of them."""
    kept: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    for name in names:
        print(f"== {name}", flush=True)
        figures = importlib.import_module(f"bench.{name}").run()
        kept[name] = {"machine": f"{os.cpu_count()} cores, Python {platform.python_version()}", **figures}
        RESULTS.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        PAGE.write_text(page(kept), encoding="utf-8")
        print(json.dumps(figures, indent=1, ensure_ascii=False), flush=True)


def page(kept: dict[str, Any]) -> str:
    """The page of all kept figures, one section a script, each with the script's own words, and its table if it has
    one.
    """
    lines = [INTRODUCTION]
    for name in (*LARGE, *NAMES):
        if name in kept:
            script = importlib.import_module(f"bench.{name}")
            lines += [f"## {name}", "", (script.__doc__ or "").strip(), ""]
            lines += [*script.table(kept[name]), ""] if hasattr(script, "table") else []
            lines += ["| figure | value |", "| --- | --- |"]
            lines += [f"| {label} | {value} |" for label, value in _flat(kept[name])]
            lines.append("")
    return "\n".join(lines)


def _flat(figures: Any, label: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(figures, dict):
        for key, value in figures.items():
            yield from _flat(value, f"{label} · {key}" if label else str(key))
    elif isinstance(figures, list) and any(isinstance(item, dict) for item in figures):
        for i, item in enumerate(figures, 1):
            yield from _flat(item, f"{label} {i}")
    else:
        yield label, f"{figures:.6g}" if isinstance(figures, float) else str(figures)


if __name__ == "__main__":
    main(tuple(sys.argv[1:]) or NAMES)
