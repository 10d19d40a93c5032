"""A table of words already in one language, as ``macros.html`` draws it."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup, escape


@dataclass(frozen=True)
class Table:
    """``heads`` has one word a column; the first column names its row. A row of one cell heads the rows after
    it. Columns in ``words`` hold words, others numbers."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    total: tuple[str, ...] = ()
    words: frozenset[int] = frozenset()


def two(first: object, second: object) -> Markup:
    """A cell of two lines, the second one smaller."""
    return escape(first) if second in ("", None) else Markup("{}<small>{}</small>").format(first, second)
