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
import contextlib, io, json, sys
from unittest.mock import patch
from tantam.cli import door
said = []
for words in json.loads(sys.argv[1]):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), patch("sys.argv", ["tantam", *words]):
        said.append((door._run(), out.getvalue(), err.getvalue()))
print(json.dumps(said))
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


def in_turn(
    home: Path, *commands: tuple[str, ...], **settings: str
) -> list[subprocess.CompletedProcess[str]]:
    """Commands of the office one after another, in one process that loads everything once; what each of them said."""
    words = [["office", *command, "--home", str(home)] for command in commands]
    result = subprocess.run(
        [sys.executable, "-c", IN_TURN, json.dumps(words)],
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    said = json.loads(result.stdout)
    return [subprocess.CompletedProcess(asked, *one) for asked, one in zip(words, said, strict=True)]


def all_done(home: Path, *commands: tuple[str, ...]) -> list[str]:
    """The same, which must all succeed; gives what they said."""
    said = in_turn(home, *commands)
    assert not any(one.returncode for one in said), said
    return [one.stdout for one in said]


def free_port() -> str:
    """A port nobody listens on."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return str(asked.getsockname()[1])
