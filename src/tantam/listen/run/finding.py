"""Who else said this: the opinions of a listened folder that share the words of a text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tantam.errors import BadInput
from tantam.listen.clean import Tokens, tokenize


@dataclass(frozen=True)
class Found:
    """A group of copies by its head. ``alike`` is the share of the sought words that it holds, 0 to 1: those written
    with the very accents count whole, without regard to accents nine tenths."""

    id: str
    text: str
    alike: float
    people: int


def find(
    folder: Path, text: str, most: int, *, progress: Callable[[str, float], None] = lambda stage, share: None
) -> list[Found]:
    """The ``most`` groups that hold most of the text's words, best first, at least half of them.

    Reads every reading once, in bounded memory. Refuses ``no_readings`` and ``no_words``.
    """
    files = sorted((folder / "readings").glob("*.parquet"))
    if not files:
        raise BadInput(
            "no_readings",
            f"{folder} holds no readings.",
            "Listen first: tantam listen run FILE --text COL --out DIR.",
        )
    sought = tokenize(pa.array([text], pa.large_string()))
    if not len(sought.plain):
        raise BadInput("no_words", f"“{text}” has no word to look for.", "Write a word or more.")
    best: dict[str, tuple[float, str]] = {}
    said: dict[str, set[int | str]] = {}
    for number, file in enumerate(files):
        for batch in pq.ParquetFile(file).iter_batches(8_192, columns=["id", "key", "text", "copy_of"]):
            scores = _share(tokenize(batch.column("text")), sought)
            for i in np.flatnonzero(scores >= 0.5).tolist():
                head, key = batch["copy_of"][i].as_py(), batch["key"][i].as_py()
                said.setdefault(head, set()).add(batch["id"][i].as_py() if key is None else key)
                best.setdefault(head, (float(scores[i]), batch["text"][i].as_py()))
        progress("find", (number + 1) / len(files))
        best = dict(sorted(best.items(), key=lambda item: (-item[1][0], item[0]))[: 50 * most])
    ranked = sorted(best.items(), key=lambda item: (-item[1][0], -len(said[item[0]]), item[0]))[:most]
    return [Found(head, text, score, len(said[head])) for head, (score, text) in ranked]


def _share(tokens: Tokens, sought: Tokens) -> NDArray[np.float64]:
    """For each text, the share of the sought words that it holds."""
    texts = len(tokens.offsets) - 1
    of = np.repeat(np.arange(texts), np.diff(tokens.offsets))
    share = np.zeros(texts)
    for exact, plain in set(zip(sought.exact.tolist(), sought.plain.tolist(), strict=True)):
        held = np.zeros(texts)
        held[of[tokens.plain == np.uint64(plain)]] = 0.9
        held[of[tokens.exact == np.uint64(exact)]] = 1.0
        share += held
    return share / len(set(sought.plain.tolist()))
