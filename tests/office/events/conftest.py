"""A base with guests in it, a café meeting at each of its stages, and a listening day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.a_base import home_with, stored


@pytest.fixture(scope="session")
def base_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose base has some eighty people of Khánh Hòa who may be asked, each with a number."""
    table = stored(4_000, seed=3)
    home = home_with(tmp_path_factory.mktemp("home"), table)
    home.secret.mkdir(parents=True, exist_ok=True)
    keys = table.column("key").sort()
    phones = pa.array([f"+849{n:08d}" for n in range(len(keys))])
    pq.write_table(pa.table({"key": keys, "phone": phones}), home.phones)
    return home.root


@pytest.fixture
def cafe(base_home: Path, settings: Any, world: Any) -> Any:
    """A meeting at Nha Trang, today at 14:00; each method brings it one step further."""
    from tests.office.events.a_cafe import Cafe

    settings.HOME = base_home
    return Cafe(world)


@pytest.fixture
def day(base_home: Path, settings: Any, world: Any) -> Any:
    """A listening day at Nha Trang, today; each method brings it one step further."""
    from tests.office.events.a_gathering import Day

    settings.HOME = base_home
    return Day(world)
