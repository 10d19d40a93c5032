"""Every change of a home: prepared aside, then moved into place whole, or not at all.

What is new is written into ``secret/load``, made durable, and listed in ``READY``: from then on the change has
happened, whatever stops us. Whoever opens the home next finishes the moves, or throws away what never got a
``READY``. A lock on the home's folder keeps two writers apart; it ends with its process, however that ends.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tantam.base.home import Home
from tantam.errors import Fault, Refused

_READY = "READY"


class Stage:
    """A private folder in which the next state of a home is prepared; paths in it mirror those of the home."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.folder = home.stage
        self._moves: list[str] = []
        self._removals: list[str] = []

    def put(self, target: Path) -> Path:
        """Where to write what shall become ``target``; the folder exists."""
        name = str(target.relative_to(self.home.root))
        self._moves.append(name)
        path = self.folder / "new" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def remove(self, target: Path) -> None:
        """``target`` shall be gone."""
        self._removals.append(str(target.relative_to(self.home.root)))

    def scratch(self, name: str) -> Path:
        """A file that is needed only while preparing."""
        return self.folder / name

    def commit(self) -> None:
        """The change happens: durable first, then moved; nothing to move changes nothing."""
        for name in self._moves:
            path = self.folder / "new" / name
            if self.home.secret in (self.home.root / name).parents:
                path.chmod(0o600)
            to_disk(path)
        ready = self.folder / _READY
        draft = ready.with_suffix(".draft")
        draft.write_text(json.dumps({"moves": self._moves, "removals": self._removals}))
        for folder in (self.folder / "new").rglob("*/"):
            to_disk(folder)
        to_disk(draft)
        draft.rename(ready)
        to_disk(self.folder)
        _finish(self.home)


@contextmanager
def change(home: Home) -> Iterator[Stage]:
    """Hold the home alone and prepare a change in the stage it gives; only ``commit`` changes anything.

    Refuses (``home_busy``) while somebody else changes the home. A home that did not exist is gone again when
    nothing was committed.
    """
    made = _make(home)
    lock = _lock(home, wait=False)
    if lock is None:
        raise Refused(
            "home_busy",
            f"Somebody is changing {home.root} just now.",
            "Wait until that is done, then try again.",
        )
    try:
        _finish(home)
        home.stage.mkdir(mode=0o700)
        try:
            yield Stage(home)
        finally:
            _finish(home)
            for folder in reversed(made):
                if folder.is_dir() and not any(folder.iterdir()):
                    folder.rmdir()
    finally:
        os.close(lock)


def settle(home: Home) -> None:
    """Finish or clean up what a stopped writer left; every reader calls it first.

    Costs one look at a folder. While a writer is at work and not yet ready, the old state stands and is read.
    """
    if not home.stage.exists():
        return
    lock = _lock(home, wait=(home.stage / _READY).exists())
    if lock is not None:
        try:
            _finish(home)
        finally:
            os.close(lock)


def _make(home: Home) -> list[Path]:
    """Make the home's folders; gives those that did not exist, outermost first."""
    made = [folder for folder in (*reversed(home.secret.parents), home.secret) if not folder.exists()]
    try:
        home.root.mkdir(parents=True, exist_ok=True)
        home.secret.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise Fault(
            "home_unwritable", f"The home {home.root} cannot be written: {error.strerror}.", ""
        ) from error
    return made


def _lock(home: Home, *, wait: bool) -> int | None:
    """The home's folder itself is the lock, so that none is left lying about."""
    lock = os.open(home.root, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


def _finish(home: Home) -> None:
    """With the lock held: roll a ready change forward, then leave no stage behind. Safe to stop and repeat."""
    ready = home.stage / _READY
    if ready.exists():
        todo = json.loads(ready.read_text())
        for name in todo["moves"]:
            source, target = home.stage / "new" / name, home.root / name
            if source.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                source.replace(target)
        for name in todo["removals"]:
            (home.root / name).unlink(missing_ok=True)
        for folder in {(home.root / name).parent for name in (*todo["moves"], *todo["removals"])}:
            if folder.exists():
                to_disk(folder)
        ready.unlink()
    shutil.rmtree(home.stage, ignore_errors=True)


def to_disk(path: Path) -> None:
    """What was written to a file, or which files lie in a folder, survives a cut of the power from here on."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
