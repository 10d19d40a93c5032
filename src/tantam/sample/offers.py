"""The ready offers file of ``tantam sample offers``."""

from __future__ import annotations

from importlib.resources import files


def offers_text() -> str:
    """A TOML text that :func:`tantam.care.offers.parse` reads: commercial offers, relief and notices."""
    return (files("tantam.sample") / "offers.toml").read_text(encoding="utf-8")
