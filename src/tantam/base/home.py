"""The folder an operator works in, and where everything in it lies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tantam.errors import BadInput


@dataclass(frozen=True)
class Home:
    """Paths only; nothing is made or read here but by the functions that say so."""

    root: Path

    @property
    def base(self) -> Path:
        """The subscribers: ``*.parquet`` of :data:`tantam.base.columns.SCHEMA`, sorted by province and key."""
        return self.root / "base"

    @property
    def facts(self) -> Path:
        """What the base is: day it describes, rows, digest, where each province begins (``base.json``)."""
        return self.root / "base.json"

    @property
    def keys(self) -> Path:
        """The index of the base's keys, :mod:`tantam.base.index` (``base.keys``)."""
        return self.root / "base.keys"

    @property
    def rejects(self) -> Path:
        return self.root / "rejects.parquet"

    @property
    def forgotten(self) -> Path:
        """Tombstones: keys that asked to be forgotten, with the day."""
        return self.root / "forgotten.json"

    @property
    def secret(self) -> Path:
        """0700: the key secret, the phone table, raw rejects for 30 days."""
        return self.root / "secret"

    @property
    def key_secret(self) -> Path:
        """The 32 bytes that keys are made with. Losing them is losing the base."""
        return self.secret / "key"

    @property
    def phones(self) -> Path:
        """The phone table: ``key``, ``phone`` (E.164)."""
        return self.secret / "phones.parquet"

    @property
    def raw_rejects(self) -> Path:
        """Rejected and unreadable values as they came, for 30 days."""
        return self.secret / "raw-rejects.parquet"

    @property
    def stage(self) -> Path:
        """Where a load is prepared; nothing but :mod:`tantam.base.stage` looks inside."""
        return self.secret / "load"

    @property
    def rounds(self) -> Path:
        return self.root / "rounds"

    @property
    def listened(self) -> Path:
        return self.root / "listened"

    @property
    def themes(self) -> Path:
        """The themes that each listening follows: ``themes.npz``, and ``names.toml`` for people to edit."""
        return self.root / "themes"

    def round(self, name: str | Path) -> Path:
        """A round's folder: a bare name lies in ``rounds``, anything with a slash is a path of its own."""
        return _inside(self.rounds, name)

    def listening(self, name: str | Path) -> Path:
        """A listened folder: a bare name lies in ``listened``, anything with a slash is a path of its own."""
        return _inside(self.listened, name)

    def files(self) -> list[Path]:
        """The base's Parquet files; refuses (``no_base``) a home without one."""
        files = sorted(self.base.glob("*.parquet"))
        if not files:
            raise BadInput(
                "no_base", f"There is no base in {self.root}.", "Load one: tantam base load FILE --home DIR."
            )
        return files


def _inside(folder: Path, name: str | Path) -> Path:
    path = Path(name)
    return folder / path if len(path.parts) == 1 and not path.is_absolute() else path
