"""Words that carry no subject: no theme is made of them, and no label begins or ends with them (``passed_over.toml``).

They are looked up as written; a word typed without accents is also looked up in their accent-free forms (``thay`` is
passed over as ``thấy``, but ``thầy`` written out is a teacher).
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tantam.listen.clean import hash_word


def _read() -> dict[str, frozenset[str]]:
    data = tomllib.loads(Path(__file__).with_name("passed_over.toml").read_text(encoding="utf-8"))
    return {name: frozenset(words.split()) for name, words in data.items()}


_lists = _read()
FUNCTION, HALVES, NEGATION, COARSE = (_lists[name] for name in ("function", "halves", "negation", "coarse"))
NO_SUBJECT = frozenset().union(*_lists.values())


@cache
def passed_over() -> NDArray[np.uint64]:
    """The hashes (``exact``) of words that no theme is made of, and of numbers: uint64, sorted."""
    made = {found for word in NO_SUBJECT for found in hash_word(word)}
    return np.array(sorted(made), np.uint64)
