"""Commands of the office as a person runs them: in a process of their own, on a home of their own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

TANTAM = [sys.executable, "-m", "tantam.cli"]
IN_TURN = """
import json, sys
from tantam.cli.door import tantam
for words in json.loads(sys.argv[1]):
    if left_with := tantam.main(words, prog_name="tantam", standalone_mode=False):
        sys.exit(left_with)
"""


def environment(**more: str) -> dict[str, str]:
    """Everything but the settings of the test's own office."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TANTAM_", "DJANGO_"))}
    return {**kept, "TANTAM_LOG": "error", **more}


def run(home: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """``tantam office WORDS --home HOME``, with its output as text."""
    command = [*TANTAM, "office", *words, "--home", str(home)]
    return subprocess.run(
        command, env=environment(**settings), capture_output=True, text=True, timeout=120, check=False
    )


def done(home: Path, *words: str, **settings: str) -> str:
    """The same, which must succeed; gives what it said."""
    result = run(home, *words, **settings)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def all_done(home: Path, *commands: tuple[str, ...]) -> None:
    """Commands of the office one after another, which must succeed, in one process that loads everything once."""
    words = json.dumps([["office", *command, "--home", str(home)] for command in commands])
    result = subprocess.run(
        [sys.executable, "-c", IN_TURN, words],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def free_port() -> str:
    """A port nobody listens on."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return str(asked.getsockname()[1])
