"""What every test relies on: no home of the developer's, no secret of his, and a slow machine forgiven."""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "tantam", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("tantam")


@pytest.fixture(autouse=True)
def _own_home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test can touch the home of whoever runs it."""
    monkeypatch.setenv("TANTAM_HOME", str(tmp_path_factory.mktemp("home") / "home"))
    monkeypatch.setenv("TANTAM_MEMORY_MB", os.environ.get("TANTAM_MEMORY_MB", "1000"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Generator[None, Any, Any]:
    """On a machine that has everything (``TANTAM_SKIP_NOTHING``), a test that skips itself has failed."""
    report = yield
    if os.environ.get("TANTAM_SKIP_NOTHING") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"{item.nodeid} was skipped: {report.longrepr}"
    return report
