"""Any experiment on file, as if its arms were offers: could their worth have been learned, and from whom?"""

from __future__ import annotations

from typing import Any

import numpy as np

from tantam.care.learned import features
from tantam.errors import BadInput
from tantam.proof import worth_gain, worth_learn
from tantam.proof.experiment import Experiment, arms_of
from tantam.proof.worth_learn import Trial

Row = dict[str, Any]


def check(experiment: Experiment, control: str, seed: int = 1) -> list[Row]:
    """A row for each arm but the control and each outcome, as :func:`tantam.proof.worth_gain.measure`, in the outcome's
    own unit; each fold of people is seen by
    trees of the folds before it. The chance of an arm is its share of the two.

    Refuses as :func:`tantam.proof.experiment.prove`, and ``no_before`` without a column to learn from.
    """
    if not experiment.before.shape[1]:
        what = "There is nothing to tell people apart by."
        raise BadInput(
            "no_before", what, "Name the columns that were known before: --before age --before plan."
        )
    control, others = arms_of(experiment, control)
    columns = [np.ascontiguousarray(column) for column in experiment.before.T]
    codes = features.coded(columns, [features.bounds(column) for column in columns])
    rows = []
    for arm in others:
        for outcome, value in experiment.outcomes.items():
            mine = np.flatnonzero(np.isin(experiment.arm, (arm, control)) & ~np.isnan(value))
            given = experiment.arm[mine] == arm
            chance = np.full(mine.size, given.mean() if mine.size else 0.5)
            arms = Trial(codes[mine], experiment.before[mine], value[mine], given, chance, mine)
            row: Row = {"offer": arm, "vi": arm, "en": arm, "outcome": outcome}
            row |= {"given_n": arms.arms[0], "control_n": arms.arms[1], "enough": arms.enough}
            if arms.enough:
                row |= worth_gain.measure(worth_learn.held_out(arms, seed), arm)
            rows.append(row)
    return rows
