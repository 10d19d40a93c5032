"""The SMS centre in Node as a test starts and commands it."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
PASSWORD = "tantam"
MISSING = "node and tests/smsc/node_modules are needed: make slow installs them where npm is"


class Peer:
    """A centre that runs: its port, commands to it, and the log of what it saw."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self.process = process
        self.log = log
        assert process.stdout is not None
        self.port = int(process.stdout.readline().removeprefix("listening "))

    def url(self, **settings: object) -> str:
        """Its address for ``TANTAM_SMS``."""
        query = "&".join(f"{name}={value}" for name, value in settings.items())
        return f"smpp://tantam@127.0.0.1:{self.port}" + (f"?{query}" if query else "")

    def tell(self, **commands: Any) -> None:
        """Commands of server.js, obeyed when this returns."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(commands) + "\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "ok\n"

    def saw(self, event: str, **fields: Any) -> list[dict[str, Any]]:
        """The events of one kind in its log, those alone that have these fields."""
        text = self.log.read_text(encoding="utf-8") if self.log.exists() else ""
        lines = text.split("\n")[:-1]  # the last one may be half written
        events = [json.loads(line) for line in lines]
        return [e for e in events if e["event"] == event and fields.items() <= e.items()]

    def wait(self, event: str, times: int = 1, **fields: Any) -> list[dict[str, Any]]:
        """The same, once there are so many."""
        eventually(lambda: len(self.saw(event, **fields)) >= times)
        return self.saw(event, **fields)


def eventually(true: Callable[[], object], seconds: float = 10) -> None:
    """Wait until something is true; a failed test if it never is."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.01)


@contextmanager
def peer(log: Path, *options: str) -> Iterator[Peer]:
    """A centre on a free port with these options of server.js; the test is left out where Node is."""
    node = shutil.which("node")
    if node is None or not (HERE / "node_modules").is_dir():
        pytest.skip(MISSING)
    command = [node, str(HERE / "server.js"), "--port", "0", "--log", str(log), *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Peer(process, log)
        finally:
            process.kill()
