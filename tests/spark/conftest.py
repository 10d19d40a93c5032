"""One Spark session for the whole run, on two cores of this machine."""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa
import pytest

from tantam import clock, engines
from tantam.base.home import Home
from tantam.engines import Engine
from tantam.errors import Refused
from tantam.segments.dates import add_months
from tests.a_base import ON, home_with, stored

ROWS = 10_000
JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""Tests are short: Java's second compiler and its threads cost them more than they give."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.spark)


@pytest.fixture(scope="session")
def spark() -> Engine:
    os.environ.setdefault("JDK_JAVA_OPTIONS", JAVA)
    try:
        return engines.start("spark", memory_mb=2000)
    except Refused as missing:
        pytest.skip(str(missing))


def planted() -> pa.Table:
    """The random base with ties at thresholds, births before 1970, on 29 February and on the day's anniversaries."""
    rows = stored(ROWS, seed=3, nulls=0.15).to_pylist()
    edges = [add_months(ON, -months) + off for months in (6, 36, 720) for off in (-1, 0, 1)]
    for i, day in enumerate(edges):
        date = clock.to_date(day)
        rows[7 * i]["joined_on"] = day
        rows[7 * i + 1] |= {"born_on": day, "birth_mmdd": date.month * 100 + date.day}
    for i in range(200, 230):
        rows[i] |= {"born_on": clock.parse_day("1956-02-29"), "birth_mmdd": 229}
    for i in range(300, 340):
        rows[i] |= {"spend_6m": 9_000_000_000_000 + i % 2, "refuses_profiling": False}
    return pa.Table.from_pylist(rows, schema=stored(1).schema)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return home_with(tmp_path_factory.mktemp("a home [of Spark]"), planted())
