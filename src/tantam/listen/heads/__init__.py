"""Heads: what a text is about, how it feels, whether it is a complaint, how urgent, or any question with labels."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path

from tantam.listen.heads.answering import Answer, answer
from tantam.listen.heads.model import Head, Model, join
from tantam.listen.heads.training import train

__all__ = ["SHIPPED", "Answer", "Head", "Model", "answer", "join", "shipped", "train"]

SHIPPED = Path(str(resources.files("tantam.listen") / "telecom" / "model.npz"))
"""The file of :func:`shipped`."""


@cache
def shipped() -> Model:
    """The model that comes with Tận Tâm: topic, feeling, complaint and urgency of what customers of a mobile operator
    say, trained on made-up opinions alone (see ``telecom/DATASHEET.md``)."""
    return Model.load(SHIPPED)
