"""An office with three offices and one director, made once by the commands and copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.office import migrated
from tests.office.operations.commands import all_done


@pytest.fixture(scope="session")
def first_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrated, peopled and sealed; nobody changes this one."""
    home = migrated.home(tmp_path_factory.mktemp("office") / "home")
    all_done(
        home,
        ("add", "hq", "Trụ sở"),
        ("add", "kh", "Khánh Hòa", "--under", "hq", "--province", "khanh hoa"),
        ("add", "nt", "Chi nhánh Nha Trang", "--under", "kh"),
        ("staff", "add", "lam", "Trương Ngọc Lâm", "--office", "nt", "--duty", "director", "--title", "anh"),
        ("work", "--once"),
    )
    return home


@pytest.fixture
def home(first_home: Path, tmp_path: Path) -> Path:
    """An office of the test's own."""
    return Path(shutil.copytree(first_home, tmp_path / "home"))
