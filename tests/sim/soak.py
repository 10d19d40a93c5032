"""``python -m tests.sim.soak --seeds 100``: as many days of a camp, each with its own faults. ``make soak``."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.sim.camp import CampDay, check


def soak(seeds: Iterable[int], people: int) -> dict[str, int]:
    """Play and check each; gives how much there was to check. An AssertionError names the seed that broke a rule."""
    found: Counter[str] = Counter()
    for seed in seeds:
        day = CampDay(seed, people)
        try:
            day.play()
            with tempfile.TemporaryDirectory() as folder:
                found.update(check(day, day.bring_home(Path(folder))))
        except AssertionError as broken:
            raise AssertionError(f"seed {seed}: {broken}") from broken
        found["days"] += 1
        if sys.stderr.isatty():
            print(f"\r{found['days']} days", end="", file=sys.stderr)
    return dict(found)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seeds", type=int, default=100)
    asked.add_argument("--people", type=int, default=120)
    said = asked.parse_args()
    print(json.dumps(soak(range(1, said.seeds + 1), said.people)))
