"""Numbers as people and spreadsheets write them. Pure."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_GROUPED = re.compile(
    r"[+-]?[0-9]{1,3}(?:(?:\.[0-9]{3})+(?:,[0-9]+)?|(?:,[0-9]{3})+(?:\.[0-9]+)?|(?: [0-9]{3})+(?:[.,][0-9]+)?)"
)
_SPACES = str.maketrans("\u00a0\u202f\t", "   ")


def number(text: object) -> float | None:
    """``98,5``, ``98.5 %``, ``1.234,5``, ``1 234``; None where it is no number.

    One mark that stands alone is decimal: ``1.234`` is a little more than one. ``nan`` and ``1e5`` are none.
    """
    if not isinstance(text, str):
        return _machine(text)
    words = text.translate(_SPACES).strip().removesuffix("%").rstrip()
    if _PLAIN.fullmatch(words):
        return float(words.replace(",", "."))
    if not _GROUPED.fullmatch(words):
        return None
    if (mark := max(words.rfind(","), words.rfind("."))) >= 0 and len({*words} & {",", "."}) + (
        " " in words
    ) > 1:
        return float(re.sub("[ .,]", "", words[:mark]) + "." + words[mark + 1 :])
    return float(re.sub("[ .,]", "", words))


def whole(text: object) -> int | None:
    """A count: ``1.234.567``, ``1,234``, ``1 234``, ``30``; here a mark parts thousands. None where it is none."""
    if not isinstance(text, str):
        found = _machine(text)
        return int(found) if found is not None and found == int(found) else None
    words = text.translate(_SPACES).strip()
    if words.isdecimal() and words.isascii():
        return int(words)
    grouped = re.fullmatch(r"[0-9]{1,3}([., ])[0-9]{3}(?:\1[0-9]{3})*", words)
    return int(re.sub("[., ]", "", words)) if grouped else None


def _machine(value: object) -> float | None:
    """A number that a spreadsheet holds as one."""
    good = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15
    return float(value) if good else None  # type: ignore[arg-type]  # NaN is not smaller either
