"""Arithmetic of plain numbers while a rule is read, and the limits on what a rule may grow to."""

from __future__ import annotations

import math

from tantam.errors import BadInput
from tantam.segments import tokens, tree
from tantam.segments.tokens import bad
from tantam.segments.tree import PPM, Calc, Node, Number, Pick, Sign

MOST_DEPTH = 40
MOST_WEIGHT = 4_000


def number(node: Node, at: int) -> Node:
    """A node that gives a number; refuses (``bad_type``) any other."""
    if tree.kind(node) not in ("whole", "real"):
        raise bad(at, "A number is expected here.", "Only numbers are reckoned with.", "bad_type")
    return node


def calc(sign: Sign, left: Node, right: Node, at: int) -> Node:
    """A reckoning of two numbers; of two plain ones, its result."""
    return folded(Calc(sign, number(left, at), number(right, at)), at)


def folded(node: Calc | Pick, at: int) -> Node:
    """A reckoning of plain numbers as its result; refuses one that has none."""
    sides = [child.value for child in tree.children(node) if isinstance(child, Number)]
    if len(sides) < len(tree.children(node)):
        return node
    result = reckon(node, [float(side) for side in sides])
    if result is None or abs(result) > tokens.MOST_NUMBER:
        raise bad(
            at,
            "This reckoning has no result, or too large a one.",
            "Nothing is divided by 0; the most is 1e15.",
        )
    return Number(int(result) if result.is_integer() else result)


def reckon(node: Calc | Pick, sides: list[float]) -> float | None:
    """One step of arithmetic in float64; None where there is no finite answer to choose or to divide by."""
    if isinstance(node, Pick):
        if not all(map(math.isfinite, sides)):
            return None
        return min(sides) if node.which == "min" else max(sides)
    left, right = sides
    if node.sign == "/":
        return left / right if right else None
    return {"+": left + right, "-": left - right, "*": left * right}[node.sign]


def share(at: int, node: Node) -> int:
    """A percentage as parts per million, 0 to 100 with at most four decimals; refuses (``bad_type``) any other."""
    ppm = node.value * PPM / 100 if isinstance(node, Number) else 0
    if not 0 < ppm <= PPM or abs(ppm - round(ppm)) > 1e-6:
        raise bad(
            at, "A percentage above 0 and up to 100, with at most four decimals, is expected.", "", "bad_type"
        )
    return round(ppm)


def within_limits(node: Node) -> None:
    """Refuses ``rule_too_deep`` before anything recursive reads the tree, and expressions that would grow
    huge.
    """
    level: list[Node] = [node]
    for _ in range(MOST_DEPTH):
        level = [child for part in level for child in tree.children(part)]
    if level or _weight(node) > MOST_WEIGHT:
        raise too_deep()


def _weight(node: Node) -> int:
    """How many steps a tree compiles to: a divisor, the sides of a pick and of a comparison are written
    twice.
    """
    weights = [_weight(child) for child in tree.children(node)]
    if isinstance(node, Pick | tree.Compare | tree.Between):
        return 1 + 2 * sum(weights)
    if isinstance(node, Calc) and node.sign == "/":
        return 1 + weights[0] + 2 * weights[1]
    return 1 + sum(weights)


def too_deep() -> BadInput:
    """The refusal of a rule nested too deep."""
    return BadInput("rule_too_deep", "The rule is nested too deep.", "Split it into simpler groups.")
