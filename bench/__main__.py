"""Measure everything and write docs/reference/benchmarks.md: ``make bench``, or ``python -m bench solve load``."""

from __future__ import annotations

import importlib
import json
import os
import platform
import sys
from pathlib import Path

NAMES = ("solve", "decide", "load", "segments", "coverage")
RESULTS = Path(__file__).parents[1] / "docs" / "reference" / "benchmarks.json"


def main(names: tuple[str, ...]) -> None:
    """Run the named scripts, one process at a time, and keep each one's figures as they were printed."""
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    for name in names:
        print(f"== {name}", flush=True)
        figures = importlib.import_module(f"bench.{name}").run()
        kept[name] = {"machine": f"{os.cpu_count()} cores, Python {platform.python_version()}", **figures}
        print(json.dumps(figures, indent=1, ensure_ascii=False), flush=True)
        RESULTS.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(tuple(sys.argv[1:]) or NAMES)
