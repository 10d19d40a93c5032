"""What people type into a form or an address, read without trusting it."""

from __future__ import annotations

from typing import Any


def whole(text: Any, *, wrong: int = 0, digits: int = 18) -> int:
    """A whole number of at most so many digits (18 fit every database); ``wrong`` for anything else."""
    text = str(text)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else wrong
