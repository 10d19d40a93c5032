"""Both databases, a home of its own with a key for each camp, and somebody who looks after camps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

BOTH = ["default", "health"]


@pytest.fixture
def camps_home(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A home with a secret folder of its own; nothing read of a camp before is remembered."""
    from tantam.office.camps import ledger

    settings.HOME = tmp_path / "home"
    (settings.HOME / "secret").mkdir(parents=True, mode=0o700)
    yield settings.HOME
    for camp in list(ledger._read):
        ledger.forget_read(camp)


@pytest.fixture
def camp_world(world: Any) -> Any:
    """The world with ``head`` of camps, his ``second`` with the same duty, and a chief ``pharmacist``."""
    from tests.office.world import AT

    world.head = world._hire("thao", "Sùng Thị Thảo", world.hq, "camp", "chị")
    world.second = world._hire("pao", "Giàng A Páo", world.hq, "camp", "anh")
    world.pharmacist = world._hire("duoc", "Hà Thị Dược", world.hq, "pharmacist", "chị")
    assert AT.date() > date(2026, 11, 20)
    return world
