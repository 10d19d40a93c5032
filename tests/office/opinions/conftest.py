"""A base loaded once for all who take listenings in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tantam.base.home import Home
from tests.base.a_file import as_csv, load, rows


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with four hundred subscribers; nobody changes this one."""
    folder = tmp_path_factory.mktemp("loaded")
    load(Home(folder / "home"), as_csv(rows(400), folder / "a.csv"))
    return folder / "home"
