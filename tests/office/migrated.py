"""A home whose tables are made: by ``tantam office migrate``, once, and kept until anything of the office changes."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

REPO = Path(__file__).parents[2]
KEPT = REPO / ".pytest_cache" / "migrated"


def home(at: Path) -> Path:
    """A migrated home of the test's own. All have the same keys: who needs others runs the command itself."""
    return Path(shutil.copytree(_kept(), at))


def fill(alias: str) -> None:
    """Make the empty test database ``alias`` (SQLite) as ``migrate`` makes it."""
    from django.db import connections

    made, connection = _kept(), connections[alias]
    if alias == "health":
        connection.close()
        shutil.copy(made / "secret" / "health-key", connection.settings_dict["OPTIONS"]["key_file"])
        shutil.copy(made / "health.sqlite3", connection.settings_dict["NAME"])
        return
    connection.ensure_connection()
    source = sqlite3.connect(made / "office.sqlite3")
    source.backup(connection.connection)
    source.close()


def _kept() -> Path:
    """The home that all are copied from; made by whoever comes first after a change, while the others wait."""
    KEPT.mkdir(parents=True, exist_ok=True)
    at = KEPT / _digest()
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not at.exists():
            for old in (path for path in KEPT.iterdir() if path.is_dir()):
                shutil.rmtree(old)
            half = at.with_suffix(".half")
            env = {
                name: value for name, value in os.environ.items()
                if not name.startswith(("TANTAM_", "DJANGO_"))
            }  # fmt: skip
            words = [sys.executable, "-m", "tantam.cli", "office", "migrate", "--home", str(half)]
            subprocess.run(words, env=env, check=True, capture_output=True)
            half.rename(at)
    return at


def _digest() -> str:
    """Of everything that the tables can depend on."""
    digest: Any = hashlib.sha256()
    office = REPO / "src" / "tantam" / "office"
    for file in [*sorted(office.rglob("*.py")), REPO / "requirements" / "dev.lock"]:
        digest.update(str(file).encode() + file.read_bytes())
    return str(digest.hexdigest()[:32])
