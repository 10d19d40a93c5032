"""A rule as a tree of frozen values, and what can be asked of a tree without running it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tantam import clock
from tantam.segments.names import NAMES, USAGE, Kind

Op = Literal["=", "!=", "<", "<=", ">", ">="]
Sign = Literal["+", "-", "*", "/"]
PPM = 1_000_000


@dataclass(frozen=True, slots=True)
class Number:
    """A plain number."""

    value: int | float


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted text; beside ``province`` already a code."""

    value: str


@dataclass(frozen=True, slots=True)
class Day:
    """A date, as days since 1970."""

    value: int


@dataclass(frozen=True, slots=True)
class Truth:
    """``true`` or ``false``: everybody or nobody."""

    value: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A name of :data:`tantam.segments.names.NAMES`; as a condition, a yes-or-no column that says yes."""

    name: str


Literal_ = Number | Text | Day | Truth


@dataclass(frozen=True, slots=True)
class Compare:
    """Holds only where both sides are known."""

    op: Op
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Within:
    """``in`` and ``not in``: known, and one (none) of the values."""

    item: Field
    values: tuple[Literal_, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Between:
    """Both ends are in."""

    item: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Missing:
    """``is null`` and ``is not null``."""

    item: Field
    negated: bool = False


@dataclass(frozen=True, slots=True)
class All:
    """``and``."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """``or``."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Everybody else: also those of whom the condition's value is unknown."""

    item: Node


@dataclass(frozen=True, slots=True)
class TopPercent:
    """The highest share by ``field`` among those whose value is known, within each ``by``; ties at the
    threshold are all in. ``ppm`` is the share in parts per million, so that no float decides who is in."""

    field: Field
    ppm: int
    by: Field | None = None


@dataclass(frozen=True, slots=True)
class Birthday:
    """The birthday is today or in the next ``days`` days; 29 February counts on the 28th in common years."""

    days: int


@dataclass(frozen=True, slots=True)
class PromotionEnded:
    """The promotion ended today or in the last ``days`` days."""

    days: int


@dataclass(frozen=True, slots=True)
class Falling:
    """The spend of the latest three months is at least ``percent`` lower than that of the three before; all
    six known.
    """

    percent: int


@dataclass(frozen=True, slots=True)
class Calc:
    """Arithmetic in float64, exact for whole numbers up to 2**53; unknown where a side is, or where a divisor
    is 0.
    """

    sign: Sign
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Pick:
    """The least or greatest; unknown where one is."""

    which: Literal["min", "max"]
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class If:
    """The first value where the condition holds, else the second."""

    condition: Node
    then: Node
    other: Node


Condition = (
    Truth
    | Field
    | Compare
    | Within
    | Between
    | Missing
    | All
    | Some
    | Not
    | TopPercent
    | Birthday
    | PromotionEnded
    | Falling
)
Node = Condition | Number | Text | Day | Calc | Pick | If


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly under one."""
    match node:
        case Compare(_, left, right) | Calc(_, left, right):
            return (left, right)
        case Within(item, _, _) | Missing(item, _) | Not(item):
            return (item,)
        case Between(item, low, high):
            return (item, low, high)
        case All(items) | Some(items) | Pick(_, items):
            return items
        case TopPercent(item, _, by):
            return (item,) if by is None else (item, by)
        case If(condition, then, other):
            return (condition, then, other)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything under it, without recursion."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        yield part
        waiting.extend(reversed(children(part)))


def kind(node: Node) -> Kind:
    """What a node gives: a number, a day, a text or yes and no."""
    match node:
        case Number(value):
            return "whole" if isinstance(value, int) else "real"
        case Calc() | Pick() | If():
            return "real"
        case Text():
            return "text"
        case Day():
            return "day"
        case Field(name):
            return NAMES[name].kind
    return "yes"


def columns(node: Node) -> frozenset[str]:
    """The base columns a rule reads, with ``refuses_profiling`` where it reads how a service is used."""
    found: set[str] = {"key"} if isinstance(node, Number) else set()
    for part in walk(node):
        match part:
            case Field(name):
                found.add(NAMES[name].source)
            case Birthday():
                found.add("birth_mmdd")
            case PromotionEnded():
                found.add("promotion_ended_on")
            case Falling():
                found.update(f"spend_{i}" for i in range(1, 7))
            case Truth():
                found.add("key")
    return frozenset(found | {"refuses_profiling"} if found & USAGE else found)


def reads_usage(node: Node) -> bool:
    """Whether a rule reads how a service is used, and so leaves out whoever refuses profiling."""
    return bool(columns(node) & USAGE)


def tops(node: Node) -> tuple[TopPercent, ...]:
    """The percentiles a rule asks for, each once, in order."""
    return tuple(dict.fromkeys(part for part in walk(node) if isinstance(part, TopPercent)))


_CALLS = {Birthday: "birthday_within", PromotionEnded: "promotion_ended_within", Falling: "falling"}


def text(node: Node) -> str:
    """The rule written the one standard way; parsing it gives the same tree."""
    match node:
        case Number(value):
            return repr(value)
        case Text(value):
            return '"' + value.replace('"', '""') + '"'
        case Day(value):
            return f'"{clock.to_date(value)}"'
        case Truth(value):
            return "true" if value else "false"
        case Field(name):
            return name
        case Compare(op, left, right) | Calc(op, left, right):
            return f"{_inner(left)} {op} {_inner(right)}"
        case Within(item, values, negated):
            return f"{text(item)} {'not ' * negated}in ({', '.join(map(text, values))})"
        case Between(item, low, high):
            return f"{_inner(item)} between {_inner(low)} and {_inner(high)}"
        case Missing(item, negated):
            return f"{text(item)} is {'not ' * negated}null"
        case All(items):
            return " and ".join(_joined(item) for item in items)
        case Some(items):
            return " or ".join(_joined(item) for item in items)
        case Not(item):
            return f"not {_inner(item)}"
        case TopPercent(item, ppm, by):
            return f"top_percent({text(item)}, {percent(ppm)}{f', by={by.name}' if by else ''})"
        case Birthday(n) | PromotionEnded(n) | Falling(n):
            return f"{_CALLS[type(node)]}({n})"
        case Pick(which, items):
            return f"{which}({', '.join(map(text, items))})"
        case If(condition, then, other):
            return f"if({text(condition)}, {text(then)}, {text(other)})"


def percent(ppm: int) -> str:
    """Parts per million as percent, without needless zeros: 20,000 is ``2``, 500 is ``0.05``."""
    return f"{ppm // 10_000}.{ppm % 10_000:04}".rstrip("0").rstrip(".")


def _joined(node: Node) -> str:
    return f"({text(node)})" if isinstance(node, All | Some | Between) else text(node)


def _inner(node: Node) -> str:
    plain = isinstance(
        node,
        Number | Text | Day | Truth | Field | TopPercent | Birthday | PromotionEnded | Falling | Pick | If,
    )
    negative = isinstance(node, Number) and node.value < 0
    return text(node) if plain and not negative else f"({text(node)})"
