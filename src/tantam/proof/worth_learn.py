"""Learning what an offer adds, and to whom, from those who were given it and those left out by lot.

The target is the doubly robust score (Robins, Rotnitzky and Zhao 1994; cross-fitted as in Chernozhukov and others,
The Econometrics Journal 21, 2018): two outcome models, one an arm, each fitted on the other half of the people, and
what they miss, weighted by the chance of the lot, which is known. Its mean is the average effect whatever the outcome
models are worth; LightGBM learns it from the features (a "DR-learner": Kennedy, Electronic Journal of Statistics 17,
2023). Halves go by a hash of the key, so that one person's rows of several rounds stay together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tantam.care.learned import forest
from tantam.care.learned.features import Codes
from tantam.keys import bucket

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Says = Callable[["Trial"], Floats]

LEAST = 500
"""People in each arm below which nothing is learned."""
_FEW = 1_000
"""People of an arm below which its outcome model is a line, without trees."""
_OUTCOME = {"trees": 60, "num_leaves": 15, "learning_rate": 0.05}
_EFFECT = {"trees": 100, "num_leaves": 8, "learning_rate": 0.03}
_EFFECT_OF_MANY = {"trees": 100, "num_leaves": 16, "learning_rate": 0.03}
_SCATTER = {"trees": 30, "num_leaves": 8, "learning_rate": 0.1}
_MANY = 100_000
_STEADY = {
    "objective": "regression",
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "max_bin": 255,
    "min_data_in_bin": 1,
    "verbose": -1,
}
"""One thread and one way to count: the same rows give the same trees, byte by byte."""


@dataclass(frozen=True)
class Trial:
    """One offer's arms: codes uint8 and what they stand for float64 [n, features] (nothing missing), outcome float64
    [n], given bool [n], the chance of the lot to be given float64 [n], key int64 [n].
    """

    codes: Codes
    real: Floats
    outcome: Floats
    given: Bools
    chance: Floats
    key: Ints

    def take(self, rows: Bools | Ints) -> Trial:
        """The same for some rows."""
        return Trial(*(getattr(self, part.name)[rows] for part in fields(self)))

    @property
    def arms(self) -> tuple[int, int]:
        """How many were given it, and how many not."""
        given = int(self.given.sum())
        return given, int(self.given.size - given)

    @property
    def enough(self) -> bool:
        """Whether anything may be learned: :data:`LEAST` in each arm, and an outcome that varies in both."""
        return min(self.arms) >= LEAST and all(
            np.ptp(self.outcome[side]) > 0 for side in (self.given, ~self.given)
        )


@dataclass(frozen=True)
class HeldOut:
    """What was said of people by trees that had not seen them: said and target float64 [n], fold and key int64 [n]."""

    said: Floats
    target: Floats
    fold: Ints
    key: Ints


def target(trial: Trial, seed: int) -> Floats:
    """The doubly robust score of each row: float64 [n], its mean the average effect."""
    half = bucket(trial.key, f"worth halves {seed}") & 1
    out = np.empty(trial.outcome.size)
    for side in (0, 1):
        mine = half == side
        out[mine] = _robust(trial.take(mine), *_arms(trial.take(~mine), seed))
    return out


def effect(codes: Codes, robust: Floats, seed: int) -> str:
    """The trees of the effect, as LightGBM's text. Whoever spends ten times as much is ten times as noisy: each row
    counts by how little the scores of people like it scatter.
    """
    scatter = np.square(robust - robust.mean())
    usual = _said(_trees(codes, scatter, seed, _SCATTER), codes)
    weight = 1 / np.maximum(usual, max(float(np.quantile(usual, 0.05)), 1e-12))
    return _trees(
        codes, robust, seed, _EFFECT if robust.size < _MANY else _EFFECT_OF_MANY, weight / weight.mean()
    )


def outcome(codes: Codes, value: Floats, seed: int) -> str:
    """The trees of an outcome itself, as LightGBM's text."""
    return _trees(codes, value, seed, _OUTCOME)


def held_out(trial: Trial, seed: int) -> HeldOut:
    """People as seen by trees and outcome models of others: each fold by those of the folds before it.

    One after another, because trees of all other folds would make the folds' errors go together, and an interval from
    them too narrow where there is little to learn (Wager, "Sequential validation of treatment heterogeneity", 2024).
    """
    folds = 5 if trial.outcome.size < _MANY else 3
    fold = bucket(trial.key, f"worth folds {seed}").astype(np.int64) % folds
    parts = []
    for number in range(1, folds):
        others, these = trial.take(fold < number), trial.take(fold == number)
        said = _said(effect(others.codes, target(others, seed), seed), these.codes)
        robust = _robust(these, *_arms(others, seed))
        parts.append((said, robust, np.full(said.size, number), these.key))
    return HeldOut(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _arms(trial: Trial, seed: int) -> tuple[Says, Says]:
    """The outcome model of those not given, and of those given."""
    return _outcome(trial.take(~trial.given), seed), _outcome(trial.take(trial.given), seed)


def _robust(trial: Trial, without: Says, with_it: Says) -> Floats:
    held, given = without(trial), with_it(trial)
    missed = np.where(
        trial.given,
        (trial.outcome - given) / trial.chance,
        (held - trial.outcome) / (1 - trial.chance),
    )
    return given - held + missed


def _outcome(arm: Trial, seed: int) -> Says:
    """A line over what was known (it follows large sums beyond the last bound of the codes), and trees of what the
    line misses where there are enough people.
    """
    middle, spread = arm.real.mean(axis=0), np.maximum(arm.real.std(axis=0), 1e-9)
    scaled = (arm.real - middle) / spread
    level = float(arm.outcome.mean())
    few = (
        2 * scaled.shape[1] * np.eye(scaled.shape[1])
    )  # as ridge: many columns and few people make no wild line
    lean = np.linalg.solve(scaled.T @ scaled + few, scaled.T @ (arm.outcome - level))

    def line(seen: Trial) -> Floats:
        return level + (seen.real - middle) / spread @ lean

    if arm.outcome.size < _FEW:
        return line
    trees = outcome(arm.codes, arm.outcome - line(arm), seed)
    return lambda seen: line(seen) + _said(trees, seen.codes)


def _trees(
    codes: Codes, value: Floats, seed: int, shape: dict[str, Any], weight: Floats | None = None
) -> str:
    import lightgbm

    settings = _STEADY | {k: v for k, v in shape.items() if k != "trees"} | {"seed": seed}
    settings["min_data_in_leaf"] = max(20, value.size // 100)
    data = lightgbm.Dataset(codes.astype(np.float32), value, weight=weight, params=settings)
    return str(lightgbm.train(settings, data, shape["trees"]).model_to_string())


def _said(trees: str, codes: Codes) -> Floats:
    return forest.read(trees, codes.shape[1]).score(codes)
