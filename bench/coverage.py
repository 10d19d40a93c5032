"""Do the 95 % intervals keep their word: made-up rounds with a known truth, decided, played and proved.

Beside ours: an oracle, which knows what each person was to expect without any care and uses it as the only
covariate; and the naive comparison of those given an offer with everybody held out of the round.

python -m bench coverage
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from tantam import clock, engines, keys
from tantam.base import intake
from tantam.base.home import Home
from tantam.base.store import open_base
from tantam.care import decide, holdout, offers
from tantam.care import round as rounds
from tantam.proof import history, outcomes, uplift
from tantam.proof import round as proof
from tantam.sample import effects, life, make_base, offers_text, play
from tantam.sample.outcomes import read_given

ROUNDS = 200
SUBSCRIBERS = 20_000
ROUNDS_A_BASE = 25
BUDGET_A_HEAD = 8_000
FLOOR = "low_income spend >= 30%"
MONTHS = 3
TODAY = clock.parse_day("2026-11-22")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Answer:
    """One comparison at one horizon: the truth, and what three ways of asking say of it (effect, low,
    high).
    """

    pooled: bool
    estimand: str
    outcome: str
    truth: float
    ours: tuple[float, float, float]
    oracle: tuple[float, float, float]
    naive: tuple[float, float, float]


def run(count: int = ROUNDS) -> dict[str, object]:
    """Coverage, mean width against the oracle's and bias, over ``count`` rounds of 20,000."""
    answers: list[Answer] = []
    with tempfile.TemporaryDirectory() as folder:
        for first in range(0, count, ROUNDS_A_BASE):
            home = _home(Path(folder) / str(first), seed=first)
            for number in range(first, min(first + ROUNDS_A_BASE, count)):
                answers += _round(home, number)
                print(f"\r{number + 1} of {count} rounds", end="", file=sys.stderr)
    return {
        "rounds": count,
        "subscribers": SUBSCRIBERS,
        **_summary(answers),
        "by_outcome": {o: _summary([a for a in answers if a.outcome == o]) for o in outcomes.OUTCOMES},
        "whole_round_against_nothing": _summary([a for a in answers if a.pooled]),
        "an_offer_against_the_next_best": _summary([a for a in answers if a.estimand == proof.NEXT]),
    }


def _home(root: Path, seed: int) -> Home:
    home = Home(root / "home")
    home.secret.mkdir(parents=True, mode=0o700)
    home.key_secret.write_bytes(bytes([seed % 256]) * keys.SECRET_BYTES)  # the same lots in every run
    intake.load(home, list(make_base(root / "made", SUBSCRIBERS, seed).files), today=TODAY)
    return home


def _round(home: Home, number: int) -> Iterator[Answer]:
    read = offers.parse(offers_text())
    budget = BUDGET_A_HEAD * SUBSCRIBERS
    terms = decide.terms(home, read, budget=budget, floors=(FLOOR,), salt=f"round {number}")
    directory = rounds.write(decide.decide(home, terms), home.round("now"))
    file, true_file = home.root / "outcomes.parquet", home.root / "truth.json"
    play(home, directory, number, MONTHS, file, true_file)
    truth = json.loads(true_file.read_text())
    base, given = open_base(home, engines.start()), read_given(directory)
    drawn = proof.draw(directory)
    lives = life.read(
        engines.collect(base.frame.select(*(nw.col(n) for n in life.NEEDS))).sort_by("key"), terms.on
    )
    everybody = outcomes.read(file, lives.key, terms.on)
    hidden = [effects.hidden(number, name) for name in given.offers]
    nothing = _expected(lives, np.zeros(lives.key.size, np.int64), hidden)
    gain = _expected(lives, given.of(lives.key, given.sets), hidden) - nothing
    held = np.flatnonzero(holdout.round_layer(lives.key, read, terms.salt))
    at = np.searchsorted(lives.key, drawn.people)
    past = history.read(directory, home, drawn.people)
    arms_of = {(c.offer, c.estimand): c for c in (*drawn.comparisons, drawn.pooled())}
    seen = outcomes.read(file, drawn.people, terms.on)
    for row in proof.rows_of(list(arms_of.values()), seen, past, terms.on):
        if not row["enough"]:
            continue
        horizon, outcome, arms = row["horizon_days"], row["outcome"], arms_of[row["offer"], row["estimand"]]
        place = outcomes.HORIZONS.index(horizon), outcomes.OUTCOMES.index(outcome)
        value = everybody.at(horizon, lives.postpaid.astype(np.int8))[outcome]
        treated, control = at[arms.treated], at[arms.control]
        yield Answer(
            row["offer"] == proof.EVERY,
            row["estimand"],
            outcome,
            float(gain[place][treated].mean())
            if row["offer"] == proof.EVERY
            else truth[row["offer"]][row["estimand"]][outcome][str(horizon)],
            (row["effect"], row["low"], row["high"]),
            _told(value, treated, control, nothing[place]),
            _told(value, treated, held, None),
        )


def _expected(lives: life.Lives, sets: NDArray[np.int64], hidden: list[effects.Effect]) -> Floats:
    """Everybody's expected outcomes under sets of offers: [horizons, outcomes, n]."""
    shift = effects.shift(lives.traits, sets, hidden)
    return np.array([[by[o] for o in outcomes.OUTCOMES] for _, by in life.expected(lives, shift, MONTHS)])


def _told(
    value: Floats, treated: NDArray[np.int64], control: NDArray[np.int64], covariate: Floats | None
) -> tuple[float, float, float]:
    rows = np.concatenate([treated, control])
    arm = np.arange(rows.size) < treated.size
    kept = ~np.isnan(value[rows])
    rows, arm = rows[kept], arm[kept]
    found = uplift.difference(value[rows], arm, None if covariate is None else covariate[None, rows])
    return (np.nan, np.nan, np.nan) if found is None else (found.effect, *found.interval())


def _summary(answers: list[Answer]) -> dict[str, object]:
    """Figures of all answers; widths are compared answer by answer, so that đồng and shares may stand
    together.
    """
    if not answers:
        return {"answers": 0}
    truth = np.array([a.truth for a in answers])
    told = {way: np.array([getattr(a, way) for a in answers]) for way in ("ours", "oracle", "naive")}
    covered = {way: (low <= truth) & (truth <= high) for way, (_, low, high) in _turned(told)}
    width = {way: high - low for way, (_, low, high) in _turned(told)}
    return {
        "answers": len(answers),
        "coverage": round(float(covered["ours"].mean()), 4),
        "oracle_coverage": round(float(covered["oracle"].mean()), 4),
        "naive_coverage": round(float(covered["naive"].mean()), 4),
        "width_to_oracle": round(float((width["ours"] / width["oracle"]).mean()), 3),
        "bias_in_widths": round(float(((told["ours"][:, 0] - truth) / width["ours"]).mean()), 3),
        "naive_bias_in_widths": round(float(((told["naive"][:, 0] - truth) / width["ours"]).mean()), 3),
    }


def _turned(told: dict[str, Floats]) -> list[tuple[str, Floats]]:
    return [(way, rows.T) for way, rows in told.items()]


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS), indent=1))
