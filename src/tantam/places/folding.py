"""One accent-insensitive form of a place's name, the same in Python and in DuckDB."""

from __future__ import annotations

import re
import unicodedata

_D = str.maketrans("đðɖ", "ddd")
"""The letter đ, and two strangers (eth, African d) whose capitals look like Đ and replace it in old files."""

FOLD_SQL = "trim(regexp_replace(translate(strip_accents(lower({x})), 'đðɖ', 'ddd'), '[^a-z0-9]+', ' ', 'g'))"
"""The same form as :func:`fold` in DuckDB's SQL; ``{x}`` is a column or an expression of type VARCHAR."""


def fold(text: str) -> str:
    """The accent-insensitive form of a name: ``Khánh-Hoà`` and its decomposed spelling both give ``khanh
    hoa``.

    Only the letters a to z, digits and single spaces are left; case, accents, tone places and punctuation are
    gone.
    """
    marks = unicodedata.normalize("NFD", text.lower())
    bare = "".join(letter for letter in marks if not unicodedata.combining(letter)).translate(_D)
    return re.sub("[^a-z0-9]+", " ", bare).strip()
