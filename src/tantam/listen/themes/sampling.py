"""Texts that themes are learnt from, out of what was listened to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tantam import engines
from tantam.listen.themes.counting import PEOPLE

MOST = 60_000


def sample(readings: Sequence[Path]) -> tuple[list[str], NDArray[np.float64], NDArray[np.int64]]:
    """Heads of groups that are complaints or negative, at most :data:`MOST` of them, the same ones each time; how many
    people said each or a copy of it; and the day, -1 where it has none."""
    con = engines.connect()
    con.read_parquet([str(file) for file in readings]).filter(
        "(complaint OR feeling = 'negative') AND hash <> 0"
    ).create_view("wanted")
    rows = con.execute(
        f"""
        WITH groups AS ({PEOPLE.format(columns="copy_of", rows="wanted")})
        SELECT text, people, coalesce("when", -1) FROM wanted JOIN groups USING (copy_of)
        WHERE id = copy_of ORDER BY hash, id LIMIT {MOST}
        """  # noqa: S608
    ).fetchall()
    texts, people, days = zip(*rows, strict=True) if rows else ((), (), ())
    return list(texts), np.array(people, np.float64), np.array(days, np.int64)
