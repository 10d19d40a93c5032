"""The command as it is typed: a session of its own, from any folder, and nothing on stderr."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tantam.base.home import Home
from tantam.engines import session

CODE = "from tantam.cli import main; main()"


def test_a_command_says_its_figures_and_nothing_else(home: Home) -> None:
    session.check()
    words = ["segment", "count", "low_income", "--home", home.root.name, "--json"]
    ran = {
        name: subprocess.run(
            [sys.executable, "-c", CODE, *words, "--engine", name],
            cwd=Path(home.root).parent,
            capture_output=True,
            text=True,
            check=False,
        )
        for name in ("spark", "duckdb")
    }
    assert ran["spark"].stderr == ""
    assert json.loads(ran["spark"].stdout) == json.loads(ran["duckdb"].stdout)
    assert [done.returncode for done in ran.values()] == [0, 0]
