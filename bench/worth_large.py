"""Scoring a whole base with 20 learned offers: seconds, memory of the process tree, disk; then once more with nothing
new, and over another digest of the same base, so that every row is looked at and none is scored.

Trees of 100 × 16 leaves an offer, grown on made-up effects of a made-up base; who is eligible is said by the rules of
`tantam sample offers`, taken in turn. Beside it, our table of bits against LightGBM's own predict, CPU seconds of one
thread over the same codes, the scores compared bit by bit.

``TANTAM_BENCH_HOME`` names a home whose base is read and where nothing is written; without it one of
``TANTAM_BENCH_SUBSCRIBERS`` (a million) is made in ``TANTAM_BENCH_DIR``.

python -m bench worth_large
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from bench import machine
from bench.load import LOAD
from tantam.base.home import Home
from tantam.care import offers
from tantam.care.learned import features, forest
from tantam.care.learned.model import Learned, Model
from tantam.proof import worth_learn
from tantam.sample import offers_text

OFFERS = 20
TRAINED_ON = 150_000


def run() -> dict[str, Any]:
    """One base, scored three times by whole processes; the kernels in this one."""
    model = _model()
    root = Path(tempfile.mkdtemp(prefix="worth-large-", dir=os.environ.get("TANTAM_BENCH_DIR")))
    try:
        file = root / "model.json"
        file.write_text(model.text(), encoding="utf-8")
        home = _home(root)
        first, told = _score(root, file, home)
        again, told_again = _score(root, file, home)
        facts = json.loads(home.facts.read_text(encoding="utf-8"))
        home.facts.write_text(json.dumps(facts | {"digest": "another"}), encoding="utf-8")
        looked, told_looked = _score(root, file, home)
    finally:
        shutil.rmtree(root)
    rows = told["rows"]
    return {
        "subscribers": rows,
        "offers": OFFERS,
        "pairs": told["pairs"],
        "first_run": first.figures(),
        "subscribers_a_second": round(rows / first.wall_s),
        "minutes_for_50_million": round(first.wall_s / rows * 50e6 / 60, 1),
        "cpu_minutes_for_50_million": round(first.cpu_s / rows * 50e6 / 60, 1),
        "run_again": again.figures(),
        "looked_at_again": looked.figures(),
        "scored_again": told_again["scored"] + told_looked["scored"],
        "kernel": _kernels(model),
    }


def _home(root: Path) -> Home:
    """A home of our own over the base at hand, so that its own home stays as it is; without one, over one made here."""
    given = os.environ.get("TANTAM_BENCH_HOME")
    there = Home(Path(given).absolute() if given else _made(root))
    home = Home(root / "home")
    home.root.mkdir()
    home.base.symlink_to(there.base)
    for file in (there.facts, there.forgotten):
        if file.exists():
            shutil.copy(file, home.root)
    return home


def _made(root: Path) -> Path:
    made, home = root / "made", root / "loaded"
    rows = os.environ.get("TANTAM_BENCH_SUBSCRIBERS", "1_000_000")
    _do("sample", "base", "--subscribers", rows, "--seed", "1", "--out", str(made))
    _do("base", "load", str(made), "--home", str(home))
    shutil.rmtree(made)
    return home


def _score(root: Path, model: Path, home: Home) -> tuple[machine.Used, dict[str, int]]:
    out = root / "told.json"
    out.unlink(missing_ok=True)
    words = ["worth", "score", str(model), "--home", str(home.root), "--json"]
    used = machine.process([sys.executable, "-c", LOAD, *words], folder=root, out=out)
    printed = out.read_text(encoding="utf-8")
    if used.status:
        raise SystemExit(f"tantam worth score: {printed}")
    return used, json.loads(printed[printed.index("{") :])


def _do(*words: str) -> None:
    if machine.process([sys.executable, "-c", LOAD, *words]).status:
        raise SystemExit(f"tantam {' '.join(words)} failed")


def _model() -> Model:
    """Twenty offers with trees of full size over made-up features."""
    rng = np.random.default_rng(1)
    values = [rng.lognormal(11, 0.8, TRAINED_ON) for _ in features.FEATURES]
    bounds = [features.bounds(value) for value in values]
    codes = features.coded(values, bounds)
    shipped = offers.parse(offers_text()).commercial
    made = []
    for j in range(OFFERS):
        offer = shipped[j % len(shipped)]
        lean = rng.normal(size=len(features.FEATURES))
        robust = 300 * (codes @ lean) + rng.normal(size=TRAINED_ON) * 20_000
        trees = worth_learn.effect(codes, robust, 1)
        made.append(
            Learned(
                f"{offer.name}_{j}",
                offer.vi,
                offer.en,
                offer.who,
                offer.needs,
                offer.contact,
                10_000.0,
                1.0,
                trees,
            )
        )
    return Model(features.FEATURES, tuple(tuple(b.tolist()) for b in bounds), tuple(made), {})


def _kernels(model: Model, rows: int = 300_000) -> dict[str, float | bool]:
    """Rows a second and core of one offer's trees, medians of five turns."""
    import lightgbm

    codes = np.random.default_rng(2).integers(0, 64, (rows, len(model.names))).astype(np.uint8)
    text = model.offers[0].trees or ""
    ours, theirs = forest.read(text, len(model.names)), lightgbm.Booster(model_str=text)
    real = codes.astype(np.float32)
    ours.score(codes[:100])
    spent: dict[str, list[float]] = {"ours": [], "lightgbm": []}
    for _ in range(5):
        start = time.process_time()
        said = ours.score(codes)
        middle = time.process_time()
        told = theirs.predict(real, num_threads=1)
        spent["ours"].append(middle - start)
        spent["lightgbm"].append(time.process_time() - middle)
    rate = {f"{name}_rows_a_second": round(rows / statistics.median(s)) for name, s in spent.items()}
    return {**rate, "equal": bool((said == told).all())}


if __name__ == "__main__":
    print(json.dumps(run(), indent=1))
