"""The rows of ``themes.json``: what the readings say of each theme."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tantam import engines
from tantam.listen.themes.kept import Themes


def tell(readings: Sequence[Path], themes: Themes, *, on: int | None) -> list[dict[str, Any]]:
    """What the readings say of each theme."""
    if not readings:
        return []
    con = engines.connect()
    con.read_parquet([str(f) for f in readings]).create_view("readings")
    rows = con.execute(
        "SELECT theme, count(*), count(DISTINCT key) + count(*) FILTER (key IS NULL), avg(complaint::INT) "
        "FROM readings WHERE theme IS NOT NULL GROUP BY theme"
    ).fetchall()
    named = dict(zip(themes.ids, themes.names, strict=True))
    return [
        {
            "id": i,
            "label": named.get(i, i),
            "count": c,
            "people": p,
            "quotes": [],
            "share_complaint": s,
            "rising": None,
        }
        for i, c, p, s in sorted(rows, key=lambda row: (-row[2], row[0]))
    ]
