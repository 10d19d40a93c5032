"""Themes: what many people say inside complaints and negatives, called by phrases until a person names it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tantam.listen.clean import Tokens
from tantam.listen.themes.counting import Readings
from tantam.listen.themes.kept import Themes
from tantam.listen.themes.learning import learn
from tantam.listen.themes.sampling import sample
from tantam.listen.themes.telling import tell
from tantam.listen.themes.vectors import Words, features

__all__ = ["Readings", "Themes", "Words", "assign", "learn", "sample", "tell", "warm"]


def assign(themes: Themes, said: Tokens | Words) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The theme of each text: :meth:`Themes.assign`."""
    return themes.assign(said)


def warm() -> None:
    """Compile the kernels, or read them from their cache."""
    nothing = Tokens(np.zeros(1, np.int64), np.empty(0, np.uint64), np.empty(0, np.uint64))
    features(nothing)
    assign(Themes(), nothing)
