"""Any randomised experiment on file: each arm against the control, each outcome, by the same reckoning as
a round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tantam import money
from tantam.errors import BadInput
from tantam.money import Language
from tantam.proof import files, uplift
from tantam.proof.holm import FIGURES, figures, holm
from tantam.proof.uplift import filled
from tantam.proof.words import Pair, both

Floats = NDArray[np.float64]
Row = dict[str, Any]

MOST_ARMS = 50
MOST_LEVELS = 12
"""A word among the covariates is told apart by its commonest values; the rest stand together."""


@dataclass(frozen=True)
class Experiment:
    """What a file says: the arm of each row as text, outcomes and covariates by column; rows without an
    arm are left out and counted.
    """

    arm: NDArray[np.str_]
    outcomes: dict[str, Floats]
    before: Floats
    without_arm: int


def read(file: Path, arm: str, outcomes: Sequence[str], before: Sequence[str]) -> Experiment:
    """An experiment's file, CSV (also gzipped) or Parquet.

    Outcomes are numbers, or yes and no; a missing one leaves its row out of that outcome alone.
    Covariates are numbers or words, in the order of what tells most; a missing number stands at the mean
    beside a column that says so. Refuses the codes of :mod:`tantam.proof.files`, and ``column_twice``
    where a column has two parts to play.
    """
    if len({arm, *outcomes, *before}) != 1 + len(outcomes) + len(before):
        raise BadInput(
            "column_twice",
            "A column is named twice.",
            "Give --arm, --outcome and --before different columns.",
        )
    table = files.read(file, [arm, *outcomes, *before])
    there = table.column(arm).is_valid()
    kept = table.filter(there)
    columns = [c for name in before for c in _covariates(kept, name, file)]
    names = np.array(files.words(kept, arm, file).to_pylist(), dtype=np.str_)
    return Experiment(
        names,
        {o: files.numbers(kept, o, file).to_numpy(zero_copy_only=False) for o in outcomes},
        np.stack(columns, axis=1) if columns else np.empty((kept.num_rows, 0)),
        table.num_rows - kept.num_rows,
    )


def prove(experiment: Experiment, control: str) -> list[Row]:
    """A row for each arm but the control and each outcome, corrected by Holm among them all.

    Each has the figures of proof.json, with ``arm`` (also as ``offer``), ``estimand`` (against the
    control arm, as drawn), both arms' plain means and ``horizon_days`` null. Refuses ``no_such_arm``,
    ``one_arm`` and ``many_arms``.
    """
    control, others = arms_of(experiment, control)
    rows, found = [], []
    for arm in others:
        for outcome in experiment.outcomes:
            row, difference = _compare(experiment, arm, control, outcome)
            rows.append(row)
            found.append(difference)
    told = [i for i, difference in enumerate(found) if difference is not None]
    steps = dict(zip(told, holm([d.p for d in found if d is not None]), strict=True))
    for i, (row, difference) in enumerate(zip(rows, found, strict=True)):
        if difference is not None:
            row.update(figures(difference, steps[i]))
        row["sentence_vi"], row["sentence_en"] = _sentences(row, control)
    return rows


def arms_of(experiment: Experiment, control: str) -> tuple[str, list[str]]:
    """The control arm by its own name, and the others in order; refuses ``no_such_arm``, ``one_arm``, ``many_arms``."""
    arms = sorted(set(experiment.arm.tolist()))
    control = _named(control, arms)
    others = [arm for arm in arms if arm != control]
    if not others:
        raise BadInput("one_arm", f"Everybody is in the arm “{control}”.", "An experiment has at least two.")
    if len(others) > MOST_ARMS:
        raise BadInput(
            "many_arms", f"The arm column has {len(arms)} values.", "Name the column that says who got what."
        )
    return control, others


def _compare(
    experiment: Experiment, arm: str, control: str, outcome: str
) -> tuple[Row, uplift.Difference | None]:
    value = experiment.outcomes[outcome]
    rows = np.flatnonzero(((experiment.arm == arm) | (experiment.arm == control)) & ~np.isnan(value))
    treated = experiment.arm[rows] == arm
    y = value[rows]
    difference = uplift.difference(y, treated, experiment.before[rows].T)
    means = [float(y[side].mean()) if side.any() else None for side in (treated, ~treated)]
    row: Row = {
        "offer": arm,
        "arm": arm,
        "outcome": outcome,
        "horizon_days": None,
        "estimand": f"against {control}",
        "treated_n": int(treated.sum()),
        "control_n": int((~treated).sum()),
        "treated_mean": means[0],
        "control_mean": means[1],
        "share": bool(y.size) and bool(np.isin(y, (0, 1)).all()),
        "enough": difference is not None,
    }
    return row | dict.fromkeys(FIGURES), difference


def _sentences(row: Row, control: str) -> Pair:
    def say(lang: Language) -> str:
        given, held = money.digits(row["treated_n"], lang), money.digits(row["control_n"], lang)
        head = f"{row['arm']}, {row['outcome']}, {'so với' if lang == 'vi' else 'against'} {control}: "
        arms = f"{given} / {held} {'người' if lang == 'vi' else 'people'}"
        if not row["enough"]:
            short = min(row["treated_n"], row["control_n"]) < uplift.LEAST
            return head + _not_enough(short, lang) + f" ({arms})."
        sure = row["p_adjusted"] <= uplift.ALPHA
        value = _number(row["effect"], row, lang, plus=True)
        between = f"{_number(row['low'], row, lang)} – {_number(row['high'], row, lang)}"
        if lang == "vi":
            unit, verdict = " điểm %" if row["share"] else "", "" if sure else "chưa thấy khác biệt, "
            return f"{head}{verdict}{value}{unit} (khoảng tin cậy 95 %: {between}; {arms})."
        unit, verdict = " pp" if row["share"] else "", "" if sure else "no difference seen, "
        return f"{head}{verdict}{value}{unit} (95% interval: {between}; {arms})."

    return both(say)


def _not_enough(short: bool, lang: Language) -> str:
    if lang == "vi":
        return "chưa đủ dữ liệu, " + (
            f"mỗi bên cần ít nhất {uplift.LEAST} người" if short else "ai cũng như ai nên chưa so được"
        )
    return "not enough data, " + (
        f"each side needs at least {uplift.LEAST}"
        if short
        else "everybody is alike, so nothing can be compared"
    )


def _number(value: float, row: Row, lang: Language, *, plus: bool = False) -> str:
    """Points of a share, else the outcome's own unit; digits enough for the width of the interval."""
    scale = 100.0 if row["share"] else 1.0
    width = scale * max(row["high"] - row["low"], 1e-12)
    places = int(np.clip(np.ceil(1 - np.log10(width)), 0, 6))
    return money.decimal(scale * value, max(places, 1 if row["share"] else 0), lang, plus=plus)


def _named(control: str, arms: list[str]) -> str:
    """The arm that a text names, as text or as a number."""
    if control in arms:
        return control
    try:
        number = float(control)
    except ValueError:
        number = float("nan")
    for arm in arms:
        try:
            if float(arm) == number:
                return arm
        except ValueError:
            continue
    there = ", ".join(arms[:12])
    raise BadInput("no_such_arm", f"No row is in the arm “{control}”.", f"There are {there}.")


def _covariates(table: pa.Table, name: str, file: Path) -> list[Floats]:
    """A column as covariates: itself with what is missing, or one column for each of its commonest words."""
    try:
        value = files.numbers(table, name, file).to_numpy(zero_copy_only=False)
    except BadInput:
        words = files.words(table, name, file)
        counted = sorted(pc.value_counts(words).to_pylist(), key=lambda c: (-c["counts"], str(c["values"])))
        told = [c["values"] for c in counted[:MOST_LEVELS] if c["values"] is not None]
        columns = [pc.equal(words, word).fill_null(False).to_numpy(zero_copy_only=False) for word in told[1:]]
        return [np.asarray(c, np.float64) for c in columns]
    gone = np.isnan(value)
    return [filled(value), gone.astype(np.float64)] if gone.any() else [filled(value)]
