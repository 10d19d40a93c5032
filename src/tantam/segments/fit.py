"""Do the two sides of a condition go together: kinds agree, and each quoted text is what its column holds.

A text beside a day column is read as a date; beside a column of fixed words it must be one of them; beside
``province`` it is a name, old or new, with or without accents, or a code, and becomes the code of one of the
34.
"""

from __future__ import annotations

from tantam import clock, places
from tantam.errors import BadInput
from tantam.segments.names import NAMES, YEARS, Kind, nearest
from tantam.segments.tokens import bad
from tantam.segments.tree import Between, Compare, Day, Field, Node, Number, Op, Text, Truth, kind, walk

_SAID: dict[Kind, str] = {
    "whole": "a number",
    "real": "a number",
    "day": "a day",
    "text": "a text",
    "yes": "yes or no",
}
_FLIPPED: dict[Op, Op] = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
MOST_YEARS = 150


def compare(op: Op, left: Node, right: Node, at: int) -> Compare:
    """A comparison with a column on its left; refuses ``bad_type``, ``unknown_value`` and the province
    codes.
    """
    if isinstance(left, Number | Text | Truth) and not isinstance(right, Number | Text | Truth):
        op, left, right = _FLIPPED[op], right, left
    left, right = _fitted(left, right, at), _fitted(right, left, at)
    _same(left, right, at)
    if not any(isinstance(part, Field) for part in (*walk(left), *walk(right))):
        raise bad(
            at, "Two constants are compared.", "Compare a column with something, or write true for everybody."
        )
    if op not in ("=", "!=") and kind(left) in ("text", "yes"):
        raise bad(
            at, f"A text and a yes or no have no order: “{op}” cannot be used.", "Use = or !=.", "bad_type"
        )
    _years(op, left, right, at)
    return Compare(op, left, right)


def between(item: Node, low: Node, high: Node, at: int) -> Between:
    """Two comparisons in one; refuses what :func:`compare` refuses."""
    ends = compare(">=", item, low, at), compare("<=", item, high, at)
    if ends[0].left != ends[1].left:
        raise bad(
            at, "What stands before “between” must be a column.", "Write: spend_6m between 1e5 and 2e5."
        )
    return Between(ends[0].left, ends[0].right, ends[1].right)


def value(field: Field, literal: Node, at: int) -> Number | Text | Day:
    """One of the values of an ``in (…)`` list, fitted to its column."""
    fitted = _fitted(literal, field, at)
    _same(field, fitted, at)
    if field.name in YEARS:
        raise _no_exact(field.name, at)
    if isinstance(fitted, Number) and isinstance(fitted.value, int):
        return fitted
    if isinstance(fitted, Text | Day):
        return fitted
    raise bad(
        at, "A list holds whole numbers, texts or days.", 'Write: province in ("Huế", "Đà Nẵng").', "bad_type"
    )


def _fitted(node: Node, other: Node, at: int) -> Node:
    """A quoted text as what its column holds; anything else as it is."""
    if not (isinstance(node, Text) and isinstance(other, Field)):
        return node
    name = NAMES[other.name]
    if name.kind == "day":
        return Day(_day(node.value, at))
    if name.source == "province":
        return Text(_province(node.value, at))
    if name.source == "province_old":
        return Text(_province_old(node.value, at))
    if name.values and node.value not in name.values:
        hint = nearest(node.value, name.values)
        do = f"Did you mean “{hint}”?" if hint else f"It is one of {', '.join(name.values)}."
        raise bad(at, f"“{node.value[:60]}” is not a value of {other.name}.", do, "unknown_value")
    return node


def _day(text: str, at: int) -> int:
    try:
        return clock.parse_day(text)
    except BadInput as error:
        raise bad(at, f"“{text[:60]}” is not a day.", error.do, "bad_type") from None


def _province(text: str, at: int) -> str:
    unit = places.find(text)
    if unit is None:
        raise _no_province(text, at)
    if unit.into is not None and unit.until == places.MERGED_ON:
        heir = places.today(unit.into)
        what = f"{unit.name} has been part of {heir.name} since 01/07/2025."
        do = f'Write province = "{heir.name}", or province_old = "{unit.name}" for files with the old name.'
        raise bad(at, what, do, "province_merged")
    return unit.into or unit.code


def _province_old(text: str, at: int) -> str:
    unit = places.find(text, places.MERGED_ON - 1)
    if unit is None:
        raise _no_province(text, at)
    return unit.code


def _no_province(text: str, at: int) -> BadInput:
    hint = places.nearest(text)
    do = f"Did you mean “{hint}”?" if hint else "Write a name, old or new, or a code of two characters."
    return bad(at, f"“{text[:60]}” is not a province.", do, "unknown_province")


def _same(left: Node, right: Node, at: int) -> None:
    one, other = (_SAID[kind(side)] for side in (left, right))
    if one != other:
        raise bad(at, f"{one.capitalize()} cannot be compared with {other}.", _way(left, right), "bad_type")


def _way(left: Node, right: Node) -> str:
    field = next((side for side in (left, right) if isinstance(side, Field)), None)
    if field is None:
        return "Compare a column with a value of its own kind."
    return f"{field.name} is {_SAID[kind(field)]}."


def _years(op: Op, left: Node, right: Node, at: int) -> None:
    """Years are compared day by day with a plain number of whole months; nobody is *exactly* three years old
    for long.
    """
    fields = [side for side in (left, right) if isinstance(side, Field) and side.name in YEARS]
    if not fields:
        return
    if op in ("=", "!="):
        raise _no_exact(fields[0].name, at)
    if not isinstance(right, Number) or not 0 <= right.value <= MOST_YEARS or (12 * right.value) % 1:
        what = (
            f"{fields[0].name} is compared with a plain number of years, 0 to {MOST_YEARS}, in whole months."
        )
        raise bad(at, what, "Write 3, 0.5 or 2.25.", "bad_type")


def _no_exact(name: str, at: int) -> BadInput:
    what = f"{name} is reckoned to the day, so nobody has exactly so many years for longer than one."
    return bad(at, what, f"Write: {name} >= 3 and {name} < 4.", "no_exact_years")
