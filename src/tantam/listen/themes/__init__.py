"""Themes: what many people say inside complaints and negatives, called by phrases until a person names it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tantam.listen.clean import Tokens
from tantam.listen.themes.kept import Themes
from tantam.listen.themes.learning import learn
from tantam.listen.themes.telling import tell

__all__ = ["Themes", "assign", "learn", "tell"]


def assign(themes: Themes, tokens: Tokens) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The theme of each text: :meth:`Themes.assign`."""
    return themes.assign(tokens)
