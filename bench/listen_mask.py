"""Masking: what is found of marked texts, what of real texts is changed, and what a core does in a second.

The marked texts lie in `tests/listen/mask/data`; half of them was written before the rules were tuned and set aside
(`held`). The real texts are read through `TANTAM_DATA` and hold hardly a number or a name, so every change to them is
looked at; "kept" are the short codes and hotlines of operators' messages that masking must leave. Speed is of one
core, on texts of 8 to 45 words drawn from those same sets with a seed, the best of five.

python -m bench listen_mask
"""

from __future__ import annotations

import csv
import json
import os
import random
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from tests.listen.mask import marked

from tantam.listen.mask import found, gate, mask, mask_batch
from tantam.listen.mask.careful import mask_names

TEXTS = 200_000
SEED = 4
_HOTLINE = re.compile(r"\b1[89]00[ .]?\d{4}(?:\d{2})?\b|(?<=[Gg][uử]i )\d{3,4}\b|(?<=LH )\d{3,4}\b")
_CAREFUL = 2_000


def run(count: int = TEXTS) -> dict[str, object]:
    """Recall and precision of each half, the share of real texts that change, and texts a second."""
    real = dict(_real())
    return {
        "marked": {half: _marked(half) for half in ("held", "seen")},
        "real": {name: _changed(name, texts) for name, texts in real.items()},
        "speed": _speed(real, count),
    }


def _marked(half: str) -> dict[str, object]:
    texts = marked.read(*(f"{what}_{half}.txt" for what in ("numbers", "names", "plain")))
    plain = marked.read(f"plain_{half}.txt")
    made: dict[str, object] = {"texts": len(texts)}
    for what, names in (("numbers", False), ("names", True)):
        score = marked.score(texts, names=names)
        made[what] = {
            "marks": score.marks,
            "recall": round(score.recall, 4),
            "precision": round(score.precision, 4),
        }
    made["plain_texts_changed"] = f"{sum(mask(m.text) != m.text for m in plain)} of {len(plain)}"
    return made


def _real() -> Iterator[tuple[str, list[str]]]:
    root = Path(os.environ.get("TANTAM_DATA", "/nowhere"))
    sentences = root / "uit-vsfc" / "train" / "sents.txt"
    if sentences.exists():
        yield "students (VSFC)", sentences.read_text("utf-8").splitlines()
    for name, file, column in (
        ("phones (ViSFD)", "uit-visfd/Train.csv", "comment"),
        ("bank reviews", "vn-bank-app-reviews/reviews.csv", "content"),
        ("shop reviews (Cần Thơ)", "viettel-cantho-gmaps/viettel_reviews_noname.csv", "text"),
        ("operators' SMS", "vn-sms/sms.csv", "text"),
    ):
        if (root / file).exists():
            with (root / file).open(encoding="utf-8") as rows:
                yield name, [row[column] for row in csv.DictReader(rows) if row[column]]


def _changed(name: str, texts: list[str]) -> dict[str, object]:
    kinds = [found(text) for text in texts]
    made: dict[str, object] = {
        "texts": len(texts),
        "flagged_by_gate": round(float((_flags(pa.array(texts)) != 0).mean()), 4),
        "changed": round(sum(map(bool, kinds)) / len(texts), 4),
        "texts_with_a_phone": sum("phone" in k for k in kinds),
        "texts_with_a_name": sum("name" in k for k in kinds),
    }
    if name == "operators' SMS":
        codes = [(len(_HOTLINE.findall(t)), len(_HOTLINE.findall(mask(t)))) for t in texts]
        made["short_codes_and_hotlines_kept"] = round(sum(b for _, b in codes) / sum(a for a, _ in codes), 4)
    return made


def _flags(texts: Any) -> Any:
    _, starts, data = texts.buffers()
    return gate.flag(np.frombuffer(data, np.uint8), np.frombuffer(starts, np.int32).astype(np.int64))


def _speed(real: dict[str, list[str]], count: int) -> dict[str, object]:
    pool = [
        t for n, texts in real.items() if n != "operators' SMS" for t in texts if 8 <= len(t.split()) <= 45
    ]
    pool = pool or [m.text for m in marked.read("plain_seen.txt", "plain_held.txt")]
    rng = random.Random(SEED)
    drawn = [rng.choice(pool) for _ in range(count)]
    column = pa.array(drawn)
    flags = _flags(column)
    numbers = [m.text for m in marked.read("numbers_held.txt", "numbers_seen.txt")]
    names = [m.text for m in marked.read("names_held.txt", "names_seen.txt")]
    return {
        "texts": count,
        "words_a_text": round(float(np.mean([len(t.split()) for t in drawn])), 1),
        "flagged": round(float((flags != 0).mean()), 4),
        "gate_texts_a_second": round(count / _best(lambda: _flags(column))),
        "mask_batch_texts_a_second": round(count / _best(lambda: mask_batch(column))),
        "careful_us_a_text_with_a_number": _each(mask, numbers),
        "careful_us_a_text_with_a_name_alone": _each(mask_names, names),
    }


def _each(masked: Callable[[str], str], texts: list[str]) -> float:
    rounds = max(1, _CAREFUL // len(texts))
    return round(_best(lambda: [masked(t) for t in texts * rounds]) / (rounds * len(texts)) * 1e6, 1)


def _best(work: Callable[[], object], times: int = 5) -> float:
    """The shortest of a few runs, in seconds of the processor."""
    spent = []
    for _ in range(times):
        before = time.process_time()
        work()
        spent.append(time.process_time() - before)
    return min(spent)


if __name__ == "__main__":
    print(json.dumps(run(), indent=1, ensure_ascii=False))
