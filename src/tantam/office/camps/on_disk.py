"""Files of a camp: whole or not at all, for their owner alone, and on the disk before anybody is told."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tantam.base.stage import to_disk


@contextmanager
def private(path: Path) -> Iterator[IO[bytes]]:
    """A hidden neighbour (0600) to write to, in bytes; it takes the place of ``path`` once it lies on the disk, and the
    folder knows of it when the block is left. Where the block fails, ``path`` stays as it was."""
    half = path.with_name(f".{path.name}.part")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        yield out
        out.flush()
        os.fsync(out.fileno())
    half.replace(path)
    to_disk(path.parent)
