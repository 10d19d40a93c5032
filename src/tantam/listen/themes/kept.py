"""Themes as they are kept: numbers in ``themes.npz``, and beside it what people call them."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tantam.base.writing import whole
from tantam.errors import BadInput
from tantam.listen.clean import HASH_VERSION
from tantam.listen.themes.vectors import Vectors

FILE = "themes.npz"


@dataclass(frozen=True)
class Themes:
    """Themes by place: ``ids`` (``T01``…, never used again for another), ``labels`` (phrases found; a person's name
    goes before), ``proposed`` (found among what no theme held, and nobody has looked at it yet) and their vectors.
    ``last`` is the highest number that any id ever had."""

    ids: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    proposed: tuple[bool, ...] = ()
    vectors: Vectors = field(default_factory=Vectors.nothing)
    last: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        return self.labels

    def save(self, folder: Path) -> None:
        """Write ``themes.npz`` and ``names.toml``, whole or not at all."""
        folder.mkdir(parents=True, exist_ok=True)
        v = self.vectors
        theme, feature = np.nonzero(v.unit)
        with whole(folder / FILE) as half, half.open("wb") as to:
            np.savez_compressed(
                to, hash_version=HASH_VERSION, ids=np.array(self.ids, "U16"), labels=np.array(self.labels, "U200"),
                proposed=np.array(self.proposed, bool), last=self.last, keys=v.keys, idf=v.idf, rare=v.rare,
                theme=theme.astype(np.int32), feature=feature.astype(np.int32), weight=v.unit[theme, feature],
            )  # fmt: skip

    @staticmethod
    def load(folder: Path) -> Themes:
        """Themes kept in a folder; refuses ``no_themes``, ``bad_themes`` and ``wrong_hash_version``."""
        if not (folder / FILE).exists():
            raise BadInput(
                "no_themes", f"There are no themes in {folder}.", "Listen first: tantam listen run FILE."
            )
        try:
            with np.load(folder / FILE, allow_pickle=False) as file:
                return _themes({name: file[name] for name in file.files})
        except (ValueError, KeyError, IndexError, OSError, zipfile.BadZipFile) as error:
            raise BadInput(
                "bad_themes", f"{folder / FILE} cannot be read.", "Take it from a backup."
            ) from error


def _themes(data: Mapping[str, Any]) -> Themes:
    if int(data["hash_version"]) != HASH_VERSION:
        raise BadInput(
            "wrong_hash_version",
            f"The themes were made with words hashed in version {int(data['hash_version'])}; this is {HASH_VERSION}.",
            "Move the folder of themes away and listen again.",
        )
    unit = np.zeros((len(data["ids"]), len(data["keys"])), np.float32)
    unit[data["theme"], data["feature"]] = data["weight"]
    vectors = Vectors(data["keys"], data["idf"], unit, float(data["rare"]))
    ids, labels = tuple(map(str, data["ids"])), tuple(map(str, data["labels"]))
    return Themes(ids, labels, tuple(map(bool, data["proposed"])), vectors, int(data["last"]))
