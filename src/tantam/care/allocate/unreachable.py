"""Limits that no allocation can keep: found early, proved where it can be, said with the row and the amount.

Proof (Farkas' lemma): take every value as zero. If at some multipliers m >= 0 the Lagrangian bound is below
zero, no allocation keeps the limits; and as the bound is linear in each limit's own bound, limit l alone
would have to give way by at least that shortfall divided by m[l].
"""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy.typing import NDArray

from tantam.care.allocate.certificate import upper_bound
from tantam.care.allocate.dual import Dual
from tantam.care.allocate.problem import Problem, prepare
from tantam.errors import Refused
from tantam.money import digits

PASSES = 200
CULPRITS = 3
"""Other limits named beside the one that cannot be kept."""


def check(problem: Problem) -> None:
    """Refuse (``floor_unreachable``) a limit that all eligible rows together could not keep."""
    least = np.minimum(problem.table, 0) @ problem.survey.eligible.ravel()
    short = least - problem.bound
    for limit in np.flatnonzero(short > 0):
        name, bound = problem.instance.limits[limit].name, problem.instance.limits[limit].bound
        most, missing = -int(least[limit]), _say(int(short[limit]))
        if problem.instance.limits[limit].sense == ">=":
            what = f"“{name}” asks for {_say(bound)}, but all who are eligible add up to {_say(most)}"
        else:
            what = f"“{name}” allows {_say(bound)}, but nothing decided uses less than {_say(-most)}"
        do = "Change its bound, or make more subscribers eligible."
        raise _refused(f"{what}: {missing} missing.", do)


def prove(problem: Problem, slack: NDArray[np.int64]) -> None:
    """Refuse (``floor_unreachable``) if it is proved that the limits violated in ``slack`` cannot be kept."""
    steepest = np.maximum(np.abs(problem.table).max(axis=1, initial=0), 1).astype(np.float64)
    held = problem.held if problem.all_held else prepare(problem.instance).held
    dual = Dual(problem, held, problem.bound, worthless=True)
    for start in ((slack < 0) / steepest, (slack < 0) * 0.1 / steepest):
        proof = dual.lower(start, PASSES)
        below = upper_bound(problem, proof, keep=0)
        if below < 0:
            _explain(problem, slack, proof, -below)


def give_up(problem: Problem, slack: NDArray[np.int64]) -> Refused:
    """The refusal for limits that our best attempt leaves violated by ``-slack``, without a proof."""
    limit = _worst(problem, -slack / np.maximum(np.abs(problem.bound), 1))
    what = f"No allocation was found that keeps “{problem.instance.limits[limit].name}”"
    return _refused(
        f"{what}: {_say(int(-slack[limit]))} missing in the best attempt.", _way_out(problem, limit)
    )


def _explain(problem: Problem, slack: NDArray[np.int64], proof: NDArray[np.float64], short: float) -> None:
    names = [limit.name for limit in problem.instance.limits]
    limit = _worst(problem, np.where(slack < 0, proof, 0.0) * np.maximum(np.abs(problem.bound), 1))
    others = [at for at in np.argsort(-proof * np.abs(problem.bound)) if proof[at] > 0 and at != limit]
    beside = ", ".join(f"“{names[at]}”" for at in others[:CULPRITS])
    missed = max(1, int(-slack[limit]))
    least = min(missed, max(1, ceil(short / proof[limit]))) if proof[limit] > 0 else missed
    raise _refused(
        f"“{names[limit]}” cannot be kept{f' together with {beside}' if beside else ''}: "
        f"{_say(missed)} missing{'' if least == missed else f' in the best attempt, {_say(least)} in any'}.",
        _way_out(problem, limit),
    )


def _way_out(problem: Problem, limit: int) -> str:
    if problem.instance.limits[limit].sense == ">=":
        return "Lower it by as much, or raise the limits it works against."
    return "Raise it by as much, or lower the floors that need it."


def _worst(problem: Problem, weight: NDArray[np.float64]) -> int:
    """The heaviest limit, floors before caps: what a manager set as a wish rather than as a wall."""
    floors = np.array([limit.sense == ">=" for limit in problem.instance.limits])
    among = np.where(floors, weight, 0.0)
    return int(np.argmax(among if (among > 0).any() else weight))


def _refused(what: str, do: str) -> Refused:
    return Refused("floor_unreachable", what, do)


def _say(number: int) -> str:
    return digits(number, "en")
