"""What customers of a mobile operator say: opinions made up and labelled by hand, and the model trained on them alone.

``opinions.csv`` is trained on, ``aside.csv`` was set aside before any training and is only measured on; DATASHEET.md
says what both are and are not. ``python -m tantam.listen.telecom`` makes ``model.npz`` again, bit by bit.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tantam.listen.heads import Model

HEADS = ("topic", "feeling", "complaint", "urgency")
"""The columns of the opinions that are learned."""
BITS = 17
SEED = 20261122
FOLDER = Path(str(resources.files("tantam.listen") / "telecom"))
MODEL = FOLDER / "model.npz"


def opinions(file: str = "opinions.csv") -> list[dict[str, str]]:
    """The rows of ``opinions.csv`` or ``aside.csv``: id, text, topic (several joined by ``|``), feeling, complaint,
    urgency, register."""
    with (FOLDER / file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def trained(progress: Callable[[str, float], None] = lambda stage, share: None) -> Model:
    """The shipped model, trained anew: half a minute."""
    from tantam.listen.heads import join, train

    rows = opinions()
    texts = [row["text"] for row in rows]
    made = []
    for at, head in enumerate(HEADS):
        progress(head, at / len(HEADS))
        made.append(train(texts, [row[head] for row in rows], head, seed=SEED, bits=BITS))
    return join(made)
