"""From what people write to a province: names with and without accents, aliases, prefixes, codes.

A name that exists both among the 63 and the 34 is read as today's, and so is a code, unless a day is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache

from tantam.errors import BadInput
from tantam.letters import fold
from tantam.places.provinces import EVERY, PROVINCES, Province, provinces

_AFFIXES = ("{}", "tinh {}", "thanh pho {}", "tp {}", "t p {}", "{} province", "{} city")


def find(text: str, on: int | None = None) -> Province | None:
    """The province that a name or a code means, or None.

    With a day only the units of that day are known (``24`` was Bắc Giang in 2013). Without one, the 34 of
    today come first, then whatever was before them.
    """
    return (_everywhere() if on is None else _index(provinces(on))).get(fold(text))


def today(code_or_name: str) -> Province:
    """The one of the 34 that a name or a code means now; an old one gives its successor.

    Refuses (``no_province``) what is neither a name nor a code, with the nearest name as a hint.
    """
    found = find(code_or_name)
    if found is None:
        hint = nearest(code_or_name)
        raise BadInput(
            "no_province",
            f"“{code_or_name}” is not a province.",
            f"Did you mean {hint}?" if hint else "Write a name, old or new, or a code of two characters.",
        )
    return _by_code()[found.into or found.code]


@cache
def _by_code() -> dict[str, Province]:
    return {province.code: province for province in PROVINCES}


@cache
def _index(units: tuple[Province, ...]) -> dict[str, Province]:
    return {spelling: unit for unit in units for spelling in _written(unit)}


@cache
def _everywhere() -> dict[str, Province]:
    """Every spelling ever → the unit meant without a day; later rows of the table win, so the 34 do."""
    return _index(EVERY)


def spellings() -> list[tuple[str, str, str | None]]:
    """Every folded spelling and code, each once: (spelling, code among the 34, old code).

    The old code is given only where the spelling means a unit that is no more; it is None where the name or
    the code is one of today's. Made for a join on :data:`tantam.letters.FOLD_SQL`.
    """
    return [
        (spelling, unit.into or unit.code, unit.code if unit.into else None)
        for spelling, unit in sorted(_everywhere().items())
    ]


def _written(unit: Province) -> Iterator[str]:
    """The ways to write a unit, folded, with its code; ``khanh hoa`` also as one word."""
    yield unit.code
    for name in (unit.name.removeprefix("TP. "), unit.name_en.removesuffix(" City"), *unit.aliases):
        for affix in _AFFIXES:
            whole = affix.format(fold(name))
            yield whole
            yield whole.replace(" ", "")


def nearest(text: str) -> str | None:
    """The official name nearest to a misspelt one, as a hint; None when nothing is near."""
    written = fold(text)
    if written.isdigit() and written.zfill(2) in _everywhere():
        return written.zfill(2)
    close = get_close_matches(written, _everywhere(), n=1, cutoff=0.75)
    return _everywhere()[close[0]].name if close else None
