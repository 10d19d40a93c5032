"""What every test relies on: no home of the developer's, no secret of his, and a slow machine forgiven."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "tantam", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("tantam")


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A new folder for each test, apart from the others' ``tmp_path``: pytest reads the whole list of those for
    every one it makes.
    """
    root = tmp_path_factory.mktemp("homes")
    return (root / str(n) for n in count())


@pytest.fixture(autouse=True)
def _own_home(monkeypatch: pytest.MonkeyPatch, _homes: Iterator[Path]) -> None:
    """No test can touch the home of whoever runs it."""
    folder = next(_homes)
    folder.mkdir()
    monkeypatch.setenv("TANTAM_HOME", str(folder / "home"))
    monkeypatch.setenv("TANTAM_MEMORY_MB", os.environ.get("TANTAM_MEMORY_MB", "1000"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Generator[None, Any, Any]:
    """On a machine that has everything (``TANTAM_SKIP_NOTHING``), a test that skips itself has failed."""
    report = yield
    if os.environ.get("TANTAM_SKIP_NOTHING") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"{item.nodeid} was skipped: {report.longrepr}"
    return report
