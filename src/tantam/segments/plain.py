"""A rule read in plain Python for one subscriber: the same tree, none of the engine's code.

It explains a person condition by condition, and tests hold the compiled rules to it. It knows two values,
never null: a condition on a value that is not known does not hold.
"""

from __future__ import annotations

import math
import operator
from calendar import isleap
from collections.abc import Mapping
from typing import Any

from tantam import clock
from tantam.money import Language
from tantam.segments import dates, facts, vocabulary, words
from tantam.segments.names import NAMES, YEARS
from tantam.segments.reckon import reckon
from tantam.segments.thresholds import Thresholds
from tantam.segments.tree import (
    All,
    Between,
    Birthday,
    Calc,
    Compare,
    Falling,
    Field,
    If,
    Missing,
    Node,
    Not,
    Number,
    Pick,
    PromotionEnded,
    Some,
    TopPercent,
    Truth,
    Within,
    columns,
    reads_usage,
)

Row = Mapping[str, Any]

_ORDERS = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_GUESSED = frozenset({"low_income", "hardship", "hardship_basis", "hardship_on"})


def holds(node: Node, row: Row, day: int, thresholds: Thresholds) -> bool:
    """Whether a rule holds for one row of the base on ``day``; false if it reads usage and she refuses
    profiling.
    """
    return not (reads_usage(node) and row["refuses_profiling"]) and _holds(node, row, day, thresholds)


def number(node: Node, row: Row, day: int) -> float | None:
    """The number of an expression for one row, or None where an input is not known or there is no finite
    answer.
    """
    found = _number(node, row, day)
    return None if found is None or not math.isfinite(found) else float(found)


def shown(node: Node, row: Row, day: int, thresholds: Thresholds) -> bool | None:
    """:func:`holds`, but None where saying it would tell what hardship was only estimated of her."""
    if reads_usage(node) and row["refuses_profiling"]:
        return False
    return _shown(node, row, day, thresholds)


def conditions(
    node: Node, row: Row, day: int, thresholds: Thresholds, lang: Language
) -> list[tuple[str, str, bool | None]]:
    """The conditions of a rule for one row: the sentence, her values, and whether it holds.

    A hardship that rests on an estimate is never shown beside a person: the value says so and ``holds`` is
    None.
    """
    refuses = bool(reads_usage(node) and row["refuses_profiling"])
    lines = [
        (
            words.sentence(part, lang),
            _values(part, row, day, thresholds, lang),
            _shown(part, row, day, thresholds),
        )
        for part in (node.items if isinstance(node, All) else (node,))
    ]
    if refuses:
        lines.insert(0, (vocabulary.NO_PROFILING[lang], vocabulary.REFUSES[lang], False))
    return lines


def _shown(node: Node, row: Row, day: int, thresholds: Thresholds) -> bool | None:
    match node:
        case All(items):
            parts = [_shown(item, row, day, thresholds) for item in items]
            return False if False in parts else None if None in parts else True
        case Some(items):
            parts = [_shown(item, row, day, thresholds) for item in items]
            return True if True in parts else None if None in parts else False
        case Not(item):
            part = _shown(item, row, day, thresholds)
            return None if part is None else not part
    return None if _hidden(node, row) else _holds(node, row, day, thresholds)


def _hidden(node: Node, row: Row) -> bool:
    return row.get("hardship_basis") == "estimate" and not _GUESSED.isdisjoint(columns(node))


def _holds(node: Node, row: Row, day: int, found: Thresholds) -> bool:
    match node:
        case Truth(yes):
            return yes
        case Field(name):
            return bool(row[name])
        case Compare(op, left, right):
            return _compare(op, left, right, row, day)
        case Between(item, low, high):
            return _compare(">=", item, low, row, day) and _compare("<=", item, high, row, day)
        case Within(item, values, negated):
            mine = _value(item, row, day)
            return mine is not None and (mine in [v.value for v in values]) != negated
        case Missing(item, negated):
            return (row[NAMES[item.name].source] is None) != negated
        case All(items):
            return all(_holds(item, row, day, found) for item in items)
        case Some(items):
            return any(_holds(item, row, day, found) for item in items)
        case Not(item):
            return not _holds(item, row, day, found)
        case TopPercent():
            return _top(node, row, day, found)
        case Birthday(days):
            return _birthday(row["birth_mmdd"], day, days)
        case PromotionEnded(days):
            ended = row["promotion_ended_on"]
            return ended is not None and 0 <= day - ended <= days
        case Falling(percent):
            spend = [row[f"spend_{i}"] for i in range(1, 7)]
            return None not in spend and sum(spend[3:]) > 0 and _fell(sum(spend[:3]), sum(spend[3:]), percent)
    raise AssertionError(f"{type(node).__name__} is no condition")


def _fell(latest: int, before: int, percent: int) -> bool:
    return (before - latest) * 100 >= before * percent


def _compare(op: str, left: Node, right: Node, row: Row, day: int) -> bool:
    if isinstance(left, Field) and left.name in YEARS and isinstance(right, Number):
        begun = row[NAMES[left.name].source]
        return begun is not None and _ORDERS[op](day, dates.add_months(begun, round(12 * right.value)))
    one, other = _value(left, row, day), _value(right, row, day)
    if one is None or other is None:
        return False
    return bool(_ORDERS[op](one, other))


def _value(node: Node, row: Row, day: int) -> Any:
    """A side of a comparison; None where it is not known."""
    if isinstance(node, Calc | Pick | If):
        return number(node, row, day)
    if isinstance(node, Field):
        return _field(node, row, day)
    return node.value  # type: ignore[union-attr]


def _field(field: Field, row: Row, day: int) -> Any:
    name = NAMES[field.name]
    mine = row[name.source]
    if mine is None or not name.derived:
        return mine
    return _years(mine, day) if field.name in YEARS else day - mine


def _years(begun: int, day: int) -> int:
    """Whole years by counting anniversaries, from a guess that cannot be too high."""
    years = (day - begun) // 366 - 1
    while dates.add_months(begun, 12 * (years + 1)) <= day:
        years += 1
    return years


def _number(node: Node, row: Row, day: int) -> float | None:
    match node:
        case Number(value):
            return float(value)
        case Field():
            mine = _field(node, row, day)
            return None if mine is None else float(mine)
        case Calc(_, left, right):
            return _reckon(node, [_number(left, row, day), _number(right, row, day)])
        case Pick(_, items):
            return _reckon(node, [_number(item, row, day) for item in items])
        case If(condition, then, other):
            return _number(then if holds(condition, row, day, Thresholds({})) else other, row, day)
    raise AssertionError(f"{type(node).__name__} is no number")


def _reckon(node: Calc | Pick, sides: list[float | None]) -> float | None:
    known = [side for side in sides if side is not None]
    return reckon(node, known) if len(known) == len(sides) else None


def _top(node: TopPercent, row: Row, day: int, found: Thresholds) -> bool:
    mine = _field(node.field, row, day)
    least = found.of(node).get(row[node.by.name] if node.by else "")
    return mine is not None and least is not None and mine >= least


def _birthday(mmdd: int | None, day: int, days: int) -> bool:
    """Day by day through the window, as one would with a calendar on the wall."""
    if mmdd is None:
        return False
    for ahead in range(days + 1):
        date = clock.to_date(day + ahead)
        today = date.month * 100 + date.day
        if mmdd == today or (mmdd == 229 and today == 228 and not isleap(date.year)):
            return True
    return False


def _values(node: Node, row: Row, day: int, thresholds: Thresholds, lang: Language) -> str:
    """Her values for what a condition reads, as one short text."""
    if _hidden(node, row):
        return vocabulary.NOT_SHOWN[lang]
    texts = [facts.fact(name, row, day, lang) for name in facts.facts_of(node)]
    if isinstance(node, TopPercent):
        least = thresholds.of(node).get(row[node.by.name] if node.by else "")
        texts += [facts.threshold(node, least, lang)] if least is not None else []
    return "; ".join(texts)
