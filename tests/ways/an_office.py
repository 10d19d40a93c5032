"""An office served as a process of its own, at ten in the morning whenever the test runs."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

from tantam.clock import HANOI

SHIFT = timedelta(hours=10 - datetime.now(HANOI).hour)
"""To ten in the morning there, whenever the test runs: at night the gate lets nobody be called. One for all processes,
so that time goes on where one is killed and another begins."""
AT_TEN = f"""
from datetime import timedelta
from tantam import clock
real = clock.now
clock.now = lambda: real() + timedelta(seconds={SHIFT.total_seconds()})
from tantam.cli import main
main()
"""
COMMAND = [sys.executable, "-c", AT_TEN]


class Office:
    """A home and the process that serves it."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.env = {
            **os.environ,
            "PORT": str(self.port),
            "TANTAM_DEMO": "yes",
            "TANTAM_LOG": "error",
            **settings,
        }
        self.processes: list[subprocess.Popen[str]] = []

    def run(self, *words: object) -> str:
        """One command; its output."""
        command = [*COMMAND, *map(str, words), "--home", str(self.home)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=self.env)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def serve(self, *words: str) -> str:
        """Start serving; gives the address it prints."""
        server = self.start("office", "serve", "--workers", "1", *words)
        assert server.stdout is not None
        return server.stdout.readline().removeprefix("Open: ").strip()

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a command that goes on until it is killed."""
        command = [*COMMAND, *words, "--home", str(self.home)]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env=self.env, start_new_session=True
        )
        self.processes.append(process)
        return process

    def kill(self) -> None:
        """End it as a power cut would: every process of it, at once."""
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
