"""The months after a round, played to a file; on request also the truth that a proof is held against."""

from __future__ import annotations

from pathlib import Path

from tantam import engines
from tantam.base.home import Home
from tantam.base.store import open_base
from tantam.base.writing import write_json
from tantam.care.again import Again
from tantam.care.round import open_round
from tantam.sample import outcomes
from tantam.sample.outcomes import Progress


def play(
    home: Home,
    directory: Path,
    seed: int,
    months: int,
    out: Path,
    truth: Path | None = None,
    *,
    progress: Progress = lambda stage, share: None,
) -> int:
    """Play ``months`` months after the round in ``directory`` into ``out``; the rows written.

    ``truth`` names a JSON file for the true effects: offer → estimand → outcome → horizon in days → average
    effect on those given. Refuses ``no_round``, ``other_base`` (with ``truth``) and what
    :func:`tantam.sample.outcomes.write` refuses.
    """
    given = outcomes.read_given(directory)
    instead = Again(home, open_round(directory)).without if truth else None
    rows = outcomes.write(home, given, seed=seed, months=months, out=out, progress=progress)
    if truth:
        base = open_base(home, engines.start())
        true = outcomes.truth(base, given, seed=seed, months=months, next_set=instead)
        truth.parent.mkdir(parents=True, exist_ok=True)
        write_json(truth, true)
    return rows
