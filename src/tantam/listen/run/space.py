"""How much disk a run needs at its peak, when copies are linked: asked before a row is read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tantam.base import room
from tantam.base.sources import footer, is_parquet
from tantam.listen.run.sources import Asked

ROW = 450
"""Bytes beside its text: what was read of it (110), its words (80), its marks (76), and linking (180)."""
TEXT = 1.5
"""Bytes a byte of text: it lies in its part, cleaned, and longer where signs were mended; then readings take the place
of parts. A CSV counts as text from end to end."""
SHORT = 100
"""Bytes of a text where only reading tells: a row of CSV, a line, a text that Parquet holds once for many rows."""


def look(files: Sequence[Path], asked: Asked, out: Path) -> None:
    """Refuse (``disk_short``) where the disk of ``out`` has too little room."""
    rows, text = 0, 0
    for file in files:
        if not is_parquet(file):
            size = file.stat().st_size
            rows, text = rows + size // SHORT, text + size
            continue
        found = footer(file)
        groups = [found.row_group(i) for i in range(found.num_row_groups)]
        columns = [group.column(i) for group in groups for i in range(group.num_columns)]
        held = sum(c.total_uncompressed_size for c in columns if c.path_in_schema == asked.text)
        rows, text = rows + found.num_rows, text + max(held, SHORT * found.num_rows)
    room.need(out, int(ROW * rows + TEXT * text), f"Listening to {rows:,} opinions")
