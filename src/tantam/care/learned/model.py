"""The model file: one JSON text with a forest an offer, what it looks at, and what it learned from; nobody is in it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tantam.care.learned import features, forest
from tantam.care.learned.features import Codes, Floats
from tantam.care.worth import MOST_VALUE
from tantam.errors import BadInput

FORMAT = "tantam worth"
VERSION = 1


@dataclass(frozen=True)
class Learned:
    """One offer: who may be scored for it (a rule, a consent, whether it is a contact), and its forest.

    The worth is ``mean`` + ``slope`` × (what the trees say − ``mean``), in đồng: the slope, from 0 to 1, is how much of
    what the trees tell apart held for people that they had not seen. ``trees`` is LightGBM's text; None where there
    was not enough data, as ``facts`` tell.
    """

    name: str
    vi: str
    en: str
    who: str
    needs: str
    contact: bool
    mean: float
    slope: float
    trees: str | None
    facts: dict[str, Any] = field(default_factory=dict)

    def forest(self, count: int) -> forest.Forest | None:
        """The trees over ``count`` features as a table, or None."""
        return None if self.trees is None else forest.read(self.trees, count)

    def dong(self, said: Floats) -> NDArray[np.int32]:
        """Whole đồng of what the trees say, halves up, nothing below zero, cut to the grid: int32 [n]."""
        worth = self.mean + self.slope * (said - self.mean)
        return np.floor(np.clip(worth, 0, MOST_VALUE) + 0.5).astype(np.int32)


@dataclass(frozen=True)
class Model:
    """Features by name with the bounds of their codes, offers, and ``facts``: outcome, horizon, rounds, seed."""

    names: tuple[str, ...]
    bounds: tuple[tuple[float, ...], ...]
    offers: tuple[Learned, ...]
    facts: dict[str, Any]

    @property
    def enough(self) -> tuple[Learned, ...]:
        """The offers that have a forest."""
        return tuple(o for o in self.offers if o.trees is not None)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text().encode()).hexdigest()

    def codes(self, values: dict[str, Floats]) -> Codes:
        """Features as codes: uint8 [n, features]."""
        return features.coded([values[n] for n in self.names], [np.array(b) for b in self.bounds])

    def text(self) -> str:
        """The file's text: equal models have equal bytes."""
        data = {
            "format": FORMAT,
            "version": VERSION,
            "features": features.VERSION,
            "names": self.names,
            "bounds": self.bounds,
            "offers": [asdict(o) for o in self.offers],
            "facts": self.facts,
        }
        return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def read(path: Path) -> Model:
    """A model file; refuses ``no_model`` (not there, or none) and ``other_model`` (of another version)."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data.get("format") != FORMAT:
            raise ValueError(data.get("format"))
    except (OSError, ValueError, AttributeError) as error:
        raise BadInput(
            "no_model",
            f"{path} is no model of worth ({type(error).__name__}).",
            "Make one: tantam worth fit.",
        ) from None
    if (data["version"], data["features"]) != (VERSION, features.VERSION):
        what = f"{path} is of version {data['version']}.{data['features']}, not {VERSION}.{features.VERSION}."
        raise BadInput("other_model", what, "Fit it again with this release.")
    return Model(
        tuple(data["names"]),
        tuple(tuple(b) for b in data["bounds"]),
        tuple(Learned(**o) for o in data["offers"]),
        data["facts"],
    )
