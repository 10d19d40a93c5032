"""Five days of a camp with faults by lot; ``make soak`` plays a hundred."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sim.camp import CampDay, check


@pytest.mark.parametrize("seed", range(1, 6))
def test_nothing_acknowledged_is_lost_or_doubled(seed: int, tmp_path: Path) -> None:
    day = CampDay(seed)
    day.play()
    found = check(day, day.bring_home(tmp_path))
    assert found["facts"] > 400 and found["differences"] > 0
    assert found["sent twice"] and found["answer lost"] and found["never arrived"] and found["killed"]
