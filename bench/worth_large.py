"""Scoring a whole base with 20 learned offers: seconds, memory of the process tree, disk; again with nothing new.

Trees of 100 × 16 leaves an offer, grown on made-up effects of a made-up base; who is eligible is said by the rules of
`tantam sample offers`, taken in turn. Beside it, our table of bits against LightGBM's own predict, CPU seconds of one
thread over the same codes, the scores compared bit by bit.

python -m bench worth_large, or python -m bench.worth_large 50_000_000
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from bench import machine
from tantam.care import offers
from tantam.care.learned import features, forest
from tantam.care.learned.model import Learned, Model
from tantam.proof import worth_learn
from tantam.sample import offers_text

SUBSCRIBERS = 1_000_000
OFFERS = 20
TRAINED_ON = 150_000
TANTAM = [sys.executable, "-c", "from tantam.cli import main; main()"]


def run(subscribers: int = SUBSCRIBERS) -> dict[str, Any]:
    """One base, scored twice by whole processes; the kernels in this one."""
    model = _model()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        file = root / "model.json"
        file.write_text(model.text(), encoding="utf-8")
        home = str(root / "home")
        made = root / "made"
        _do("sample", "base", "--subscribers", str(subscribers), "--seed", "1", "--out", str(made))
        _do("base", "load", *map(str, sorted(made.glob("*.parquet"))), "--home", home)
        first, told = _score(root, file, home)
        again, told_again = _score(root, file, home)
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
        "scored_again": told_again["scored"],
        "kernel": _kernels(model),
    }


def _score(root: Path, model: Path, home: str) -> tuple[machine.Used, dict[str, int]]:
    out = root / "told.json"
    out.unlink(missing_ok=True)
    used = machine.process(
        [*TANTAM, "worth", "score", str(model), "--home", home, "--json"], folder=Path(home), out=out
    )
    printed = out.read_text(encoding="utf-8")
    if used.status:
        raise SystemExit(f"tantam worth score: {printed}")
    return used, json.loads(printed[printed.index("{") :])


def _do(*words: str) -> None:
    used = machine.process([*TANTAM, *words])
    if used.status:
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
    print(json.dumps(run(int(sys.argv[1]) if len(sys.argv) > 1 else SUBSCRIBERS), indent=1))
