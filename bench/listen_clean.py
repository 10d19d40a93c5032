"""Cleaning: opinions a second of one core, beside what reading them costs, and what is done to keystrokes left in them.

Speed is of one thread on the opinions of `bench/listen_texts.py` (median 19 words), in CPU seconds, the best of five.
Beside it, on the same opinions: pyarrow reading them from Parquet, Python's own composing (NFC) and small letters, and
underthesea's `text_normalize` if it is installed.

Keystrokes: sentences of UIT-VSFC typed with the keyboard switched off, every word with an accent or some of them, in
five ways of typing (`vn-legacy-text`); how many such words come back, and how many others change. And what changes in
real texts and in English, in words of a hundred thousand: in the real texts these are keystrokes that people left.

python -m bench listen_clean
"""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import os
import random
import time
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from tests.listen.clean import oracle

from bench.listen_texts import texts
from tantam.listen.clean import clean, clean_text, tokenize

OPINIONS = 400_000
BATCH = 16_384
ROUNDS = 5
SENTENCES = 2_500
STYLES = ("telex_tone_last", "telex_tone_inline", "telex_uow", "vni_tone_last", "vni_tone_inline")
SHARES = (1.0, 0.2)
_SEED = 4


def run(count: int = OPINIONS) -> dict[str, object]:
    """Opinions a second, agreement with underthesea, and what keystrokes are read."""
    root = Path(os.environ["TANTAM_DATA"])
    sentences = (root / "uit-vsfc/train/sents.txt").read_text(encoding="utf-8").splitlines()
    return {
        **_speed(texts(count, _SEED)),
        "keystrokes": _keystrokes(root, sentences),
        "changed_in_100_000_words": _changed(root, sentences),
    }


def _speed(opinions: pa.Array) -> dict[str, object]:
    batches = [opinions[at : at + BATCH] for at in range(0, len(opinions), BATCH)]
    file = io.BytesIO()
    pq.write_table(pa.table({"text": opinions}), file, compression="zstd", row_group_size=BATCH)
    some = opinions[: len(opinions) // 10].to_pylist()
    words = np.diff(tokenize(opinions).offsets)
    figures: dict[str, object] = {
        "opinions": len(opinions),
        "words_median": float(np.median(words)),
        "opinions_a_second": {
            "text_and_hashes": _rate(len(opinions), lambda: [clean(b) for b in batches]),
            "hashes_alone": _rate(len(opinions), lambda: [tokenize(b) for b in batches]),
            "limit_read_from_parquet": _rate(len(opinions), lambda: pq.read_table(file, use_threads=False)),
            "python_composed_small_letters": _rate(
                len(some), lambda: [unicodedata.normalize("NFC", t.lower()) for t in some]
            ),
        },
    }
    if importlib.util.find_spec("underthesea"):
        from underthesea import text_normalize

        few = some[:2_000]
        rates: Any = figures["opinions_a_second"]
        rates["underthesea_text_normalize"] = _rate(len(few), lambda: [text_normalize(t) for t in few], 1)
    return figures


def _rate(count: int, work: Callable[[], object], rounds: int = ROUNDS) -> int:
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return round(count / best)


def _keystrokes(root: Path, sentences: list[str]) -> dict[str, object]:
    """By way of typing and share of words typed so: the share that comes back, and how many others change."""
    with (root / "vn-legacy-text/keystrokes.csv").open(encoding="utf-8", newline="") as file:
        keys = {row["syllable"]: row for row in csv.DictReader(file)}
    rng = random.Random(_SEED)
    chosen = [clean_text(s).split() for s in rng.sample(sentences, min(SENTENCES, len(sentences)))]
    made: dict[str, object] = {}
    for style in STYLES:
        for share in SHARES:
            typed = [
                [_typed(w, keys, style) if rng.random() < share else w for w in words] for words in chosen
            ]
            read = clean(pa.array([" ".join(t) for t in typed])).text.to_pylist()
            asked = back = harmed = 0
            for words, keyed, got in zip(chosen, typed, read, strict=True):
                if len(got.split()) != len(words):
                    continue
                for word, key, now in zip(words, keyed, got.split(), strict=True):
                    asked += key != word
                    back += key != word == now
                    harmed += key == word != now
            made[f"{style}, {share:.0%} of words"] = {
                "words": asked,
                "back": round(back / max(asked, 1), 4),
                "others_changed": harmed,
            }
    return made


def _typed(word: str, keys: dict[str, dict[str, str]], style: str) -> str:
    row = keys.get(word)
    return (row[style] or row[f"{style.split('_', maxsplit=1)[0]}_tone_last"]) if row else word


def _changed(root: Path, sentences: list[str]) -> dict[str, object]:
    """Words of real texts, and of English, that are read as keystrokes."""
    made: dict[str, object] = {}
    real: dict[str, Iterable[str]] = {
        "UIT-VSFC": sentences,
        "UIT-ViSFD": _column(root / "uit-visfd/Train.csv", "comment"),
        "bank reviews": _column(root / "vn-bank-app-reviews/reviews.csv", "content"),
        "English": _english(),
    }
    for name, held in real.items():
        words, found = 0, []
        for text in held:
            smooth = oracle.scrubbed(text)
            plain, these, seen = oracle.written(smooth, frozenset())
            words += len(these)
            if repair := oracle.to_repair(these, seen):
                after = oracle.written(smooth, repair)[0]
                found += [f"{a} → {b}" for a, b in zip(plain.split(), after.split(), strict=True) if a != b]
        made[name] = {
            "words": words,
            "changed": round(len(found) / words * 100_000, 2),
            "which": ", ".join(sorted(set(found))),
        }
    return made


def _column(path: Path, name: str) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return [row[name] for row in csv.DictReader(file)]


def _english() -> list[str]:
    """Paragraphs of the descriptions and licences of the packages that are installed."""
    folder = Path(pa.__file__).parents[1]
    files = sorted(p for p in folder.glob("*.dist-info/**/*") if p.name.startswith(("METADATA", "LICENSE")))
    return [part for p in files for part in p.read_text(encoding="utf-8", errors="replace").split("\n\n")]


if __name__ == "__main__":
    print(json.dumps(run(), indent=1, ensure_ascii=False))
