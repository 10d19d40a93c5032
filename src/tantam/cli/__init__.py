"""The terminal's door."""

from tantam.cli.door import main

__all__ = ["main"]
