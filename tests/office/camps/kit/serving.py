"""A kit in a process of its own, on facts that somebody made up: packed, opened on a free port, stopped by its id."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tantam.office.camps import made_up, made_up_plan
from tantam.office.camps.container import Header
from tantam.office.camps.kit import opening, tls

WORDS = "ba con cua di choi nui xa lam"
PIN = "1234"


@dataclass
class Kit:
    """A packed kit: its pack, its folder, the made-up day; once served, its addresses and its process."""

    pack: Path
    day: made_up.MadeUp
    number: int = 1
    open: str = ""
    board: str = ""
    laptop: str = ""
    authority: str = ""
    process: subprocess.Popen[str] | None = None

    @property
    def folder(self) -> Path:
        """Where the kit lives."""
        return self.pack.with_suffix(".kit")

    @property
    def address(self) -> str:
        """Of the stations, without the path: ``http://127.0.0.1:38211``."""
        return "/".join(self.open.split("/")[:3])

    def enter(self, device: str) -> str:
        """The path of the link that lets a device in."""
        return "/enter/" + made_up_plan.entry_secret(self.day.key, device)


def packed(folder: Path, day: made_up.MadeUp, number: int = 1, *, begun: bool = True) -> Kit:
    """A pack of a made-up day in this folder; ``begun``: with what its kit wrote so far."""
    where = tls.addresses("10.77.0.1")
    now = datetime.now(UTC)
    made = tls.make(bytes(32), day.camp, number, where, begins=now, ends=now + timedelta(days=30))
    said = {
        "addresses": ["10.77.0.1"],
        "authority": made.authority,
        "server": made.server,
        "server_key": made.key,
    }
    out = folder / f"kit{number}.camp"
    facts = [*day.plan, *(day.kits[number] if begun else ())]
    opening.write_pack(out, Header(day.camp, number), day.key, facts, words=WORDS, secrets=said)
    return Kit(out, day, number)


def start(kit: Kit, *options: str) -> Kit:
    """Serve a kit, on loopback without TLS unless ``options`` say otherwise; waits until it is open."""
    given = options or ("--no-tls", "--port", "0")
    words = kit.pack.with_suffix(".words")
    words.write_text(WORDS)
    command = [
        sys.executable,
        "-m",
        "tantam.cli",
        "camp",
        "open",
        str(kit.pack),
        "--words-file",
        str(words),
        *given,
    ]
    kit.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert kit.process.stdout is not None
    for line in kit.process.stdout:
        name, _, address = line.strip().partition(": ")
        match name:
            case "Open":
                kit.open = address
            case "This laptop":
                kit.laptop = address
            case "Board":
                kit.board = address
            case "Authority":
                kit.authority = address
        if kit.board and ("--no-tls" in given or kit.authority):
            return kit
    raise RuntimeError(f"The kit did not open: exit code {kit.process.wait()}")


def stop(kit: Kit, number: signal.Signals = signal.SIGTERM) -> None:
    """End a served kit: gently, or with SIGKILL all of it at once, as when the battery is flat."""
    assert kit.process is not None
    if number == signal.SIGKILL:
        os.killpg(kit.process.pid, number)
    else:
        kit.process.send_signal(number)
    kit.process.wait(timeout=20)
    if kit.process.stdout:
        kit.process.stdout.close()


@contextmanager
def served(folder: Path, day: made_up.MadeUp, *options: str, begun: bool = True) -> Iterator[Kit]:
    """A kit packed and served for as long as the block."""
    kit = start(packed(folder, day, begun=begun), *options)
    try:
        yield kit
    finally:
        if kit.process is not None and kit.process.poll() is None:
            stop(kit)


if __name__ == "__main__":
    # python -m tests.office.camps.kit.serving FOLDER [SEED]: serve a made-up morning until stopped; links are printed.
    from datetime import time as clock_time

    where, seed = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    where.mkdir(parents=True, exist_ok=True)
    day = made_up.play(seed, 1, until=clock_time(10, 30))
    one = packed(where, day) if not (where / "kit1.camp").exists() else Kit(where / "kit1.camp", day)
    with_kit = start(one)
    print(f"PID {with_kit.process.pid if with_kit.process else ''}  {with_kit.open}  {with_kit.board}")
    for fact in day.plan:
        if fact.kind == "device":
            print(f"{fact.body.id:20} {with_kit.address}{with_kit.enter(fact.body.id)}")  # type: ignore[attr-defined]
    try:
        while with_kit.process and with_kit.process.poll() is None:
            time.sleep(1)
    except KeyboardInterrupt:
        stop(with_kit)
