"""From a tree to a narwhals expression: the same text on every engine, integer days, no quantile in the plan.

Within a condition null flows as in SQL, where *and* and *or* treat it like false; every ``not`` and the whole
rule turn what is left of it into false first, so that a rule is never null and ``not`` loses nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_
from typing import Any

import narwhals as nw

from tantam.segments import dates
from tantam.segments.names import NAMES, YEARS
from tantam.segments.thresholds import Thresholds, find
from tantam.segments.tree import (
    All,
    Between,
    Birthday,
    Calc,
    Compare,
    Day,
    Falling,
    Field,
    If,
    Missing,
    Node,
    Not,
    Number,
    Op,
    Pick,
    PromotionEnded,
    Some,
    Text,
    TopPercent,
    Truth,
    Within,
    kind,
    reads_usage,
    tops,
)

__all__ = ["Thresholds", "amount", "predicate", "thresholds", "value"]


def thresholds(frame: nw.LazyFrame[Any], day: int, nodes: Sequence[Node]) -> Thresholds:
    """The least value that is still in, for every ``top_percent`` of the rules: exact, the same on every
    engine.

    Two scans of the columns named for each pair of column and ``by``, however many percentages are asked of
    it.
    """
    return find(
        frame, dict.fromkeys(top for node in nodes for top in tops(node)), lambda field: _number(field, day)
    )


def predicate(node: Node, day: int, thresholds: Thresholds) -> nw.Expr:
    """Whether a rule holds on ``day``: boolean, never null; false for whoever refuses profiling if it reads
    usage.
    """
    return _allowed(node, day, thresholds).fill_null(False)


def amount(node: Node, day: int, thresholds: Thresholds, whole: int) -> nw.Expr:
    """``whole`` where a rule holds on ``day``, else 0: int64, never null. Much cheaper than a cast of the
    predicate.
    """
    holds = _allowed(node, day, thresholds)
    return nw.when(holds).then(nw.lit(whole, nw.Int64)).otherwise(nw.lit(0, nw.Int64))


def value(node: Node, day: int) -> nw.Expr:
    """The number of an expression on ``day``: float64, null where an input of the branch taken is null or a
    divisor 0.

    An expression holds no ``top_percent``: its conditions are asked without thresholds.
    """
    if isinstance(node, Number):
        return nw.when(_everybody()).then(nw.lit(float(node.value)))
    number = _real(node, day)
    return number if isinstance(node, Field) else nw.when(number.is_finite()).then(number)


def _allowed(node: Node, day: int, thresholds: Thresholds) -> nw.Expr:
    """A condition with the right to refuse profiling; may be null where it does not hold."""
    holds = _condition(node, day, thresholds)
    return holds & ~nw.col("refuses_profiling").fill_null(False) if reads_usage(node) else holds


def _everybody() -> nw.Expr:
    """True of every row; an expression of a column, because engines treat bare constants as aggregates."""
    return ~nw.col("key").is_null()


def _condition(node: Node, day: int, found: Thresholds) -> nw.Expr:
    """A condition that may still be null where it does not hold."""
    match node:
        case Truth(yes):
            return _everybody() if yes else ~_everybody()
        case Field(name):
            return nw.col(name)
        case Compare(op, left, right):
            return _compare(op, left, right, day)
        case Between(item, low, high):
            return _compare(">=", item, low, day) & _compare("<=", item, high, day)
        case Within(item, values, negated):
            return _within(item, [v.value for v in values], negated, day)
        case Missing(item, negated):
            missing = nw.col(NAMES[item.name].source).is_null()
            return ~missing if negated else missing
        case All(items):
            return reduce(and_, (_condition(item, day, found) for item in items))
        case Some(items):
            return reduce(or_, (_condition(item, day, found) for item in items))
        case Not(item):
            return ~_condition(item, day, found).fill_null(False)
        case TopPercent(item, _, by):
            return _top(_number(item, day), by, found.of(node))
        case Birthday(days):
            return _birthday(dates.birthdays(day, days))
        case PromotionEnded(days):
            ended = nw.col("promotion_ended_on")
            return (ended >= day - days) & (ended <= day)
        case Falling(percent):
            return _falling(percent)
    raise AssertionError(f"{type(node).__name__} is no condition")


def _compare(op: Op, left: Node, right: Node, day: int) -> nw.Expr:
    if isinstance(left, Field) and left.name in YEARS and isinstance(right, Number):
        return _years(op, nw.col(NAMES[left.name].source), round(12 * right.value), day)
    if "real" not in (kind(left), kind(right)):
        return _ordered(op, _plain(left, day), _plain(right, day))
    answer = _ordered(op, _real(left, day), _real(right, day))
    for side in (left, right):
        if isinstance(side, Calc | Pick | If):
            answer = answer & _real(side, day).is_finite()
    return answer


def _ordered(op: Op, left: nw.Expr, right: Any) -> nw.Expr:
    match op:
        case "=":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right


def _years(op: Op, begun: nw.Expr, months: int, day: int) -> nw.Expr:
    """A span of months compared to the day: ``>`` is complete before today, ``>=`` today or before."""
    if op in (">", "<="):
        start = dates.latest_start(day - 1, months)
        return begun <= start if op == ">" else begun > start
    start = dates.latest_start(day, months)
    return begun <= start if op == ">=" else begun > start


def _plain(node: Node, day: int) -> Any:
    """A field as a column, a constant as itself: compared without any change of type."""
    if isinstance(node, Number | Text | Day | Truth):
        return node.value
    return _number(node, day)


def _number(node: Node, day: int) -> nw.Expr:
    """A field on the day: the column itself, or whole days or years reckoned from it."""
    assert isinstance(node, Field)
    name = NAMES[node.name]
    if not name.derived:
        return nw.col(node.name)
    days = day - nw.col(name.source)
    if node.name not in YEARS:
        return days
    fours = (days / dates.FOUR_YEARS).floor().cast(nw.Int64)
    rest = days - fours * dates.FOUR_YEARS
    return reduce(lambda years, step: years + (rest >= step).cast(nw.Int64), dates.year_steps(day), fours * 4)


def _real(node: Node, day: int) -> nw.Expr:
    """A number in float64; may be infinite or not a number after arithmetic."""
    match node:
        case Number(number):
            return nw.lit(float(number))
        case Field():
            return _number(node, day).cast(nw.Float64)
        case Calc(sign, left, right):
            return _calc(sign, _real(left, day), _real(right, day))
        case Pick(which, items):
            sides = [_real(item, day) for item in items]
            best = nw.min_horizontal(*sides) if which == "min" else nw.max_horizontal(*sides)
            finite = [
                side.is_finite()
                for side, item in zip(sides, items, strict=True)
                if not isinstance(item, Number)
            ]
            return nw.when(reduce(and_, finite).fill_null(False)).then(best)
        case If(condition, then, other):
            holds = predicate(condition, day, Thresholds({}))
            return nw.when(holds).then(_real(then, day)).otherwise(_real(other, day))
    raise AssertionError(f"{type(node).__name__} is no number")


def _calc(sign: str, left: nw.Expr, right: nw.Expr) -> nw.Expr:
    match sign:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
    return nw.when(right != 0).then(left / right)


def _within(item: Field, values: list[Any], negated: bool, day: int) -> nw.Expr:
    """Equalities, which engines answer faster than a list, and which stay null where the column is."""
    column = _number(item, day)
    inside = reduce(or_, (column == value for value in values))
    return ~inside if negated else inside


def _birthday(window: tuple[int, int] | None) -> nw.Expr:
    birthday = nw.col("birth_mmdd")
    if window is None:
        return ~birthday.is_null()
    first, last = window
    from_first, to_last = birthday >= first, birthday <= last
    return from_first & to_last if first <= last else from_first | to_last


def _falling(percent: int) -> nw.Expr:
    spend = [nw.col(f"spend_{i}").cast(nw.Int64) for i in range(1, 7)]
    latest, before = spend[0] + spend[1] + spend[2], spend[3] + spend[4] + spend[5]
    return (before > 0) & (latest * 100 <= before * (100 - percent))


def _top(number: nw.Expr, by: Field | None, least: dict[str, int]) -> nw.Expr:
    """At or above the threshold of her group; nobody below the lowest threshold of all is asked her group."""
    if not least:
        return ~_everybody()
    if by is None:
        return number >= least[""]
    group = nw.col(by.name)
    mine = number >= _least(group, sorted(least.items()))
    return nw.when((number >= min(least.values())) & ~group.is_null()).then(mine).otherwise(nw.lit(False))


def _least(group: nw.Expr, least: list[tuple[str, int]]) -> nw.Expr:
    """The threshold of a group by a balanced tree of ``if group < middle``: few comparisons a row for any
    number.
    """
    if len(least) == 1:
        return nw.lit(least[0][1])
    middle = len(least) // 2
    low, high = _least(group, least[:middle]), _least(group, least[middle:])
    return nw.when(group < least[middle][0]).then(low).otherwise(high)
