"""Themes as they are kept: numbers in ``themes.npz``, and beside it what people call them."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tantam.base.writing import whole
from tantam.errors import BadInput, Refused
from tantam.listen.clean import HASH_VERSION, Tokens
from tantam.listen.themes import names as naming
from tantam.listen.themes.names import Edit
from tantam.listen.themes.vectors import Floats, Vectors, Words

FILE = "themes.npz"
VERSION = f"{HASH_VERSION}.2"
"""Of the hashes of words, and of what themes make of them."""


@dataclass(frozen=True)
class Themes:
    """Themes, by their place.

    ``ids`` are ``T01``…, never used again for another; ``labels`` the phrases found; ``new`` those that were proposed
    out of what no theme held; ``edits`` what people did (``names.toml``). ``last`` is the highest number that any id
    ever had, ``gone`` the ids that are no more and what they became (``T41, T42``, or nothing), ``line`` the digests of
    the themes that these were learnt from.
    """

    ids: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    new: tuple[bool, ...] = ()
    vectors: Vectors = field(default_factory=Vectors.nothing)
    edits: Mapping[str, Edit] = field(default_factory=dict)
    last: int = 0
    gone: Mapping[str, str] = field(default_factory=dict)
    line: tuple[str, ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What people read: the name given, else the label."""
        return tuple(self.edit(i).name or label for i, label in zip(self.ids, self.labels, strict=True))

    @property
    def hidden(self) -> tuple[bool, ...]:
        return tuple(self.edit(i).hide for i in self.ids)

    @property
    def pinned(self) -> tuple[bool, ...]:
        return tuple(self.edit(i).pin for i in self.ids)

    @property
    def proposed(self) -> tuple[bool, ...]:
        """Found among what no theme held, and neither named, pinned nor put into another since."""
        return tuple(
            new and not (self.edit(i).name or self.edit(i).pin or self.edit(i).into)
            for i, new in zip(self.ids, self.new, strict=True)
        )

    @cached_property
    def merged_into(self) -> tuple[str | None, ...]:
        """The theme that each one counts as, or None if it stands for itself."""
        return tuple(None if (goes := self.counts_as(i)) == i else goes for i in self.ids)

    def edit(self, theme: str) -> Edit:
        """What people did with a theme."""
        return self.edits.get(theme, Edit())

    def counts_as(self, theme: str) -> str:
        """Where a theme's opinions are counted in the end."""
        while (into := self.edit(theme).into) is not None:
            theme = into
        return theme

    def assign(self, said: Tokens | Words) -> tuple[NDArray[np.int32], Floats]:
        """The theme of each text, as its place in ``ids`` (int32 [n], -1 for none), and the cosine to the theme it is
        nearest to (float32 [n]). A theme that was put into another gives that one."""
        nearest, strength = self.vectors.nearest(said)
        return self._goes[nearest], strength

    @cached_property
    def _goes(self) -> NDArray[np.int32]:
        """Theme → the one it counts as, both by their places; at the end what is none."""
        place = {theme: i for i, theme in enumerate(self.ids)}
        return np.array([*(place[self.counts_as(i)] for i in self.ids), -1], np.int32)

    @cached_property
    def digest(self) -> str:
        """What tells these themes from others, 16 letters; what people did with them does not count."""
        made = hashlib.sha256("|".join(self.ids).encode())
        for column in (self.vectors.keys, self.vectors.idf, self.vectors.unit):
            made.update(np.ascontiguousarray(column).tobytes())
        return made.hexdigest()[:16]

    def save(self, folder: Path) -> None:
        """Write ``themes.npz`` and ``names.toml``, each whole or not at all. What people wrote into the ``names.toml``
        that lies there goes before ``edits``; themes that were learnt from these later stay.

        Refuses ``themes_changed``: the folder holds themes that these do not come from; and what
        :func:`tantam.listen.themes.names.read` refuses.
        """
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / FILE).exists():
            there = _open(folder / FILE)
            if self.digest in there.line:
                return
            if there.digest not in (*self.line, self.digest):
                raise Refused(
                    "themes_changed",
                    f"The themes in {folder} have changed since these were learnt.",
                    "Listen again: the new ones are then learnt from those.",
                )
        edits = self.edits
        if (folder / naming.FILE).exists():
            edits = naming.read(folder / naming.FILE, self.ids, self.gone)
        v = self.vectors
        theme, feature = np.nonzero(v.unit)
        gone = [f"{theme} {became}" for theme, became in self.gone.items()]
        with whole(folder / FILE) as half, half.open("wb") as to:
            np.savez_compressed(
                to, words=VERSION, ids=np.array(self.ids, "U"), labels=np.array(self.labels, "U"),
                new=np.array(self.new, bool), last=self.last, gone=np.array(gone, "U"), line=np.array(self.line, "U"),
                keys=v.keys, idf=v.idf, rare=v.rare, theme=theme, feature=feature, weight=v.unit[theme, feature],
            )  # fmt: skip
        replace(self, edits=edits).save_names(folder)

    def edited(self, theme: str, **said: Any) -> Themes:
        """These themes with something done to one: ``edited("T03", name="Mất sóng ở nhà")``; :class:`Edit` says what
        can be. Refuses what :func:`tantam.listen.themes.names.check` refuses."""
        edits = {**self.edits, theme: replace(self.edit(theme), **said)}
        naming.check(edits, self.ids, self.gone)
        return replace(self, edits=edits)

    def save_names(self, folder: Path) -> None:
        """Write ``names.toml`` alone."""
        labels = dict(zip(self.ids, self.labels, strict=True))
        proposed = {theme for theme, new in zip(self.ids, self.proposed, strict=True) if new}
        with whole(folder / naming.FILE) as half:
            half.write_text(naming.text_of(self.edits, labels, proposed), encoding="utf-8")

    @staticmethod
    def load(folder: Path) -> Themes:
        """Themes kept in a folder. Refuses ``no_themes``, ``bad_themes``, ``wrong_hash_version``, and what
        :func:`tantam.listen.themes.names.read` refuses."""
        if not (folder / FILE).exists():
            raise BadInput(
                "no_themes", f"There are no themes in {folder}.", "Listen first: tantam listen run FILE."
            )
        kept = _open(folder / FILE)
        return replace(kept, edits=naming.read(folder / naming.FILE, kept.ids, kept.gone))


def _open(file: Path) -> Themes:
    try:
        with np.load(file, allow_pickle=False) as opened:
            return _themes({name: opened[name] for name in opened.files})
    except (ValueError, KeyError, IndexError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise BadInput(
            "bad_themes", f"{file} is no file of themes, or broken.", "Take it from a backup."
        ) from error


def _themes(data: Mapping[str, Any]) -> Themes:
    if (version := str(data.get("words", "an older one"))) != VERSION:
        raise BadInput(
            "wrong_hash_version",
            f"The themes were made of words hashed in version {version}; this is {VERSION}.",
            "Move the folder of themes away and listen again: themes are then learnt afresh.",
        )
    unit = np.zeros((len(data["ids"]), len(data["keys"])), np.float32)
    unit[data["theme"], data["feature"]] = data["weight"]
    gone = (str(one).partition(" ") for one in data["gone"])
    return Themes(
        ids=tuple(map(str, data["ids"])),
        labels=tuple(map(str, data["labels"])),
        new=tuple(map(bool, data["new"])),
        vectors=Vectors(data["keys"], data["idf"], unit, float(data["rare"])),
        last=int(data["last"]),
        gone={theme: became for theme, _, became in gone},
        line=tuple(map(str, data["line"])),
    )
