"""`tantam listen run`, Parquet to Parquet, everything: opinions a CPU second of one core, beside what others need.

The slope between 0.3 and 2.3 million opinions, so that start-up, learning themes from a sample and the page do not
count; each a whole process of its own with one worker. In the same run: the limit (the same text read and written by
pyarrow), scikit-learn's hashing with linear classifiers, fastText, and underthesea's tokenizer, each for what one
core answers of the same opinions, beside our cleaning and labels alone; and `read` of one text.

python -m bench listen_pass
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from bench.listen_texts import texts

SIZES = (300_000, 2_300_000)
RUNS = 3
OTHERS = 40_000
BILLION = 1_000_000_000
TARGET = 200_000

LISTEN = """
from tantam.cli import main
import pyarrow; pyarrow.set_cpu_count(1)
main()
"""
COPY = """
import sys, pyarrow as pa, pyarrow.parquet as pq
pa.set_cpu_count(1); pa.set_io_thread_count(1)
given = pq.ParquetFile(sys.argv[1])
with pq.ParquetWriter(sys.argv[2], given.schema_arrow, compression="zstd", compression_level=1) as out:
    for batch in given.iter_batches(65_536, use_threads=False):
        out.write_batch(batch)
"""


def run() -> dict[str, Any]:
    """Opinions a CPU second (medians of interleaved runs), peak memory, ratios, and a projection to a billion."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        files = [_file(root / f"{size}.parquet", size) for size in SIZES]
        ours: list[list[float]] = [[] for _ in SIZES]
        copies: list[list[float]] = [[] for _ in SIZES]
        peak = 0
        for number in range(RUNS):
            for i, file in enumerate(files):
                words = ("listen", "run", str(file), "--text", "text", "--workers", "1")
                place = ("--home", str(root / f"home-{number}-{i}"), "--out", str(root / f"out-{number}-{i}"))
                seconds, memory = _process(LISTEN, *words, *place)
                ours[i].append(seconds)
                print(f"{SIZES[i]:,}: {seconds:.1f} s, {memory} MB", flush=True)
                peak = max(peak, memory)
                copies[i].append(_process(COPY, str(file), str(root / "copy.parquet"))[0])
        rate, limit = _slope(ours), _slope(copies)
        alone, others = _labels(), _others()
    return {
        "opinions_a_second_a_core": round(rate),
        "target": TARGET,
        "read_and_write_alone": round(limit),
        "cpu_s": {f"{size:,}": round(statistics.median(s), 1) for size, s in zip(SIZES, ours, strict=True)},
        "peak_mb": peak,
        "others_a_second_a_core": {name: round(value) for name, value in others.items()},
        "times_faster": {name: round(rate / value, 1) for name, value in others.items()},
        "labels_alone_a_second_a_core": round(alone),
        "labels_alone_times_faster": {name: round(alone / value, 1) for name, value in others.items()},
        "one_text_ms": _one(),
        "projection": f"{BILLION:,} opinions ÷ {rate:,.0f} a second a core ÷ 2 cores = "
        f"{BILLION / rate / 2 / 3600:.1f} h (a projection from {SIZES[1]:,}, not a run)",
    }


def _file(path: Path, size: int) -> Path:
    """Opinions in a Parquet file, made a part at a time."""
    step = 100_000
    with pq.ParquetWriter(path, pa.schema([("text", pa.string())]), compression="zstd") as out:
        for number in range(size // step):
            out.write_table(pa.table({"text": texts(step, number)}))
    return path


def _process(code: str, *words: str) -> tuple[float, int]:
    """CPU seconds and peak megabytes of one process of its own, held to one thread."""
    held = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "NUMBA", "MKL")}
    ran = subprocess.Popen(
        [sys.executable, "-c", code, *words], env={**os.environ, **held}, stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(ran.pid, 0)
    if status:
        raise RuntimeError(f"{words} ended with {status}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss // 1024


def _slope(seconds: list[list[float]]) -> float:
    small, large = (statistics.median(s) for s in seconds)
    return (SIZES[1] - SIZES[0]) / (large - small)


def _rate(act: Callable[[], object], count: int) -> float:
    """Opinions a CPU second, the median of three."""
    taken = []
    for _ in range(3):
        start = time.process_time()
        act()
        taken.append(time.process_time() - start)
    return count / statistics.median(taken)


def _labels() -> float:
    """Opinions a CPU second that are cleaned and answered by every head, and no more: what the others are asked for."""
    from tantam.listen import heads
    from tantam.listen.clean import clean

    said, model = texts(OTHERS, 10_000), heads.shipped()
    return _rate(lambda: heads.answer(model, clean(said).tokens), OTHERS)


def _others() -> dict[str, float]:
    """What other ways of reading the same opinions reach: three questions each, except the tokenizer, which answers
    none."""
    import fasttext
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.svm import LinearSVC
    from underthesea import word_tokenize

    said = texts(OTHERS, 10_000).to_pylist()
    labels = [hash(text) % 3 for text in said]  # the speed does not hang on what is learnt
    hashing = HashingVectorizer(ngram_range=(1, 2), n_features=2**18, norm="l2", alternate_sign=False)
    features = hashing.transform(said[:5_000])
    models = [LinearSVC(C=0.5).fit(features, labels[:5_000]) for _ in range(3)]

    def linear() -> None:
        given = hashing.transform(said)
        for model in models:
            model.predict(given)

    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        for text, label in zip(said[:5_000], labels, strict=False):
            file.write(f"__label__{label} {' '.join(text.split())}\n")
        file.flush()
        fast = fasttext.train_supervised(file.name, wordNgrams=2, epoch=3, thread=1, verbose=0)
    lines = [" ".join(text.split()) for text in said]

    def three() -> None:
        for _ in range(3):
            fast.predict(lines)

    few = said[:1_000]
    return {
        "sklearn hashing + LinearSVC": _rate(linear, OTHERS),
        "fastText": _rate(three, OTHERS),
        "underthesea word_tokenize": _rate(lambda: [word_tokenize(text) for text in few], len(few)),
    }


def _one() -> float:
    """Milliseconds for one text, the median of a thousand."""
    from tantam.listen.reading import read

    said = texts(1_000, 20_000).to_pylist()
    taken = []
    for text in said:
        start = time.perf_counter()
        read(text)
        taken.append(time.perf_counter() - start)
    return round(1000 * statistics.median(taken), 3)


if __name__ == "__main__":
    print(json.dumps(run(), indent=1, ensure_ascii=False))
