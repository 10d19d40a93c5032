"""A rule is a short text; this reads it into a tree, by an own small parser: nothing is ever evaluated.

    tenure_years > 3 and province = "Khánh Hòa" and not low_income
    top_percent(spend_6m, 2, by=province) or falling(20)
    occupation in ("worker", "farmer") and (last_contact_on is null or days_since_contact > 30)

Null is "not in": a condition on a value that is not known does not hold, whatever it asks, so ``!=`` and
``not in`` mean *known and other*; ``not`` turns any condition round, so ``not tier = "gold"`` holds for
whoever has no tier.

Spans are reckoned on the day handed in. ``tenure_years > 3`` is more than three years to the day: it holds
from the day after the third anniversary (``>= 3`` on it), because it is compiled to a comparison of
``joined_on`` with a date. In arithmetic the same name counts whole completed years.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from tantam.errors import BadInput
from tantam.segments import fit, reckon, tokens, tree
from tantam.segments.names import NAMES, nearest
from tantam.segments.tokens import Token, bad
from tantam.segments.tree import (
    All,
    Birthday,
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
    Sign,
    Some,
    Text,
    TopPercent,
    Truth,
    Within,
    columns,
    text,
)

__all__ = ["Node", "columns", "parse", "parse_value", "text"]

MOST_VALUES = 200
_OPS = {"=": "=", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_RESERVED = frozenset(["and", "or", "not", "in", "between", "is", "null", "true", "false", "by"])


def parse(rule: str) -> Node:
    """The tree of a rule: a condition on one subscriber.

    Refuses, with the place in the text: ``bad_rule`` (syntax), ``unknown_name``, ``unknown_value``,
    ``bad_type``, ``no_exact_years``, ``unknown_province``, ``province_merged``, ``rule_too_long``,
    ``rule_too_deep``.
    """
    node = _Parser(rule).whole()
    if tree.kind(node) != "yes":
        raise BadInput(
            "bad_type", "The rule gives a number or a text, not a yes or no.", "Compare it with something."
        )
    return node


def parse_value(expression: str) -> Node:
    """The tree of a number for one subscriber, such as ``min(spend_6m * 0.1, 50_000)``; refuses as
    :func:`parse`.
    """
    node = _Parser(expression).whole()
    if tree.kind(node) not in ("whole", "real"):
        raise BadInput(
            "bad_type", "The expression gives no number.", "Write a number or an arithmetic of columns."
        )
    return node


class _Parser:
    """Precedence climbing: or, and, not, comparison, sum, product, sign, then a single thing."""

    def __init__(self, rule: str) -> None:
        self.tokens = tokens.cut(rule)
        self.next = 0
        self.depth = 0

    @property
    def here(self) -> Token:
        return self.tokens[self.next]

    def take(self) -> Token:
        token = self.here
        self.next += token.kind != "end"
        return token

    def took(self, *texts: str) -> bool:
        """Take the next token if it is one of these."""
        if not self.here.is_(*texts):
            return False
        self.next += 1
        return True

    def need(self, mark: str) -> None:
        if not self.took(mark):
            raise bad(self.here.at, f"“{mark}” is expected here, not {self.here}.")

    def whole(self) -> Node:
        if self.here.kind == "end":
            raise BadInput(
                "bad_rule", "The rule is empty.", "Write: tenure_years > 3, or true for everybody."
            )
        node = self.either()
        left = self.here
        if left.kind != "end":
            raise bad(left.at, f"{left} is not expected here.", "Join conditions with and, or.")
        reckon.within_limits(node)
        return node

    def deeper(self, read: Callable[[], Node]) -> Node:
        """Read one level down; refuses a rule nested too deep."""
        self.depth += 1
        if self.depth > reckon.MOST_DEPTH:
            raise reckon.too_deep()
        node = read()
        self.depth -= 1
        return node

    def either(self) -> Node:
        return self._joined("or", self.both, Some)

    def both(self) -> Node:
        return self._joined("and", self.negation, All)

    def _joined(self, word: str, read: Callable[[], Node], join: type[Some] | type[All]) -> Node:
        at, first = self.here.at, read()
        if not self.here.is_(word):
            return first
        items = [_condition(first, at)]
        while self.took(word):
            at = self.here.at
            items.append(_condition(read(), at))
        return join(
            tuple(part for item in items for part in (item.items if isinstance(item, join) else (item,)))
        )

    def negation(self) -> Node:
        if not self.took("not"):
            return self.comparison()
        at = self.here.at
        return Not(_condition(self.deeper(self.negation), at))

    def comparison(self) -> Node:
        left, at = self.sum(), self.here.at
        if self.here.kind == "mark" and self.here.text in _OPS:
            op = cast(Op, _OPS[self.take().text])
            return fit.compare(op, left, self.sum(), at)
        if self.took("is"):
            negated = self.took("not")
            self.need("null")
            return Missing(_column(left, at), negated)
        if self.took("between"):
            low = self.sum()
            self.need("and")
            return fit.between(left, low, self.sum(), at)
        negated = self.took("not")
        if self.took("in"):
            return Within(field := _column(left, at), self.values(field), negated)
        if negated:
            raise bad(self.here.at, f"“in” is expected after “not” here, not {self.here}.")
        return left

    def values(self, field: Field) -> tuple[tree.Literal_, ...]:
        """``(a, b, c)`` of an ``in``."""
        self.need("(")
        found: list[tree.Literal_] = []
        while not found or self.took(","):
            at = self.here.at
            found.append(fit.value(field, self.sign(), at))
        self.need(")")
        if len(found) > MOST_VALUES:
            raise BadInput(
                "rule_too_long", f"A list names {len(found)} values.", f"At most {MOST_VALUES} are read."
            )
        return tuple(dict.fromkeys(found))

    def sum(self) -> Node:
        return self._chain(("+", "-"), self.product)

    def product(self) -> Node:
        return self._chain(("*", "/"), self.sign)

    def _chain(self, signs: tuple[str, str], read: Callable[[], Node]) -> Node:
        left = read()
        while self.here.is_(*signs):
            token = self.take()
            left = reckon.calc(cast(Sign, token.text), left, read(), token.at)
        return left

    def sign(self) -> Node:
        at = self.here.at
        if not self.took("-"):
            return self.single()
        return reckon.calc("-", Number(0), self.deeper(self.sign), at)

    def single(self) -> Node:
        token = self.take()
        if token.kind == "number":
            return Number(tokens.number(token))
        if token.kind == "text":
            return Text(tokens.quoted(token))
        if token.is_("("):
            node = self.deeper(self.either)
            self.need(")")
            return node
        if token.is_("true", "false"):
            return Truth(token.is_("true"))
        if token.kind != "word" or token.text.lower() in _RESERVED:
            raise bad(token.at, f"A column, a number or a text is expected here, not {token}.")
        return self.call(token) if self.here.is_("(") else _field(token)

    def call(self, name: Token) -> Node:
        readers = {
            "min": self.pick,
            "max": self.pick,
            "if": self.choice,
            "top_percent": self.top,
        } | dict.fromkeys(_SPANS, self.span)
        reader = readers.get(name.text.lower())
        if reader is None:
            hint = nearest(name.text, tuple(readers))
            do = f"Did you mean {hint}(…)?" if hint else f"There are {', '.join(readers)}."
            raise bad(name.at, f"“{name.text[:60]}” is not a function.", do, "unknown_name")
        self.need("(")
        node = self.deeper(lambda: reader(name))
        self.need(")")
        return node

    def pick(self, name: Token) -> Node:
        items = [self.amount()]
        while self.took(","):
            items.append(self.amount())
        if len(items) < 2:
            raise bad(
                name.at, f"{name.text.lower()} needs two numbers or more.", "Write: min(spend_6m, 50_000)."
            )
        return reckon.folded(Pick("min" if name.is_("min") else "max", tuple(items)), name.at)

    def choice(self, name: Token) -> Node:
        at = self.here.at
        condition = _condition(self.either(), at)
        if tree.tops(condition):
            raise bad(at, "top_percent cannot stand within if(…).", "Ask for it beside: top_percent(…) and …")
        self.need(",")
        then = self.amount()
        self.need(",")
        return If(condition, then, self.amount())

    def top(self, name: Token) -> Node:
        at = self.here.at
        field = _column(self.sum(), at)
        if tree.kind(field) != "whole":
            raise bad(at, f"{field.name} has no highest: it is not a number.", "", "bad_type")
        self.need(",")
        ppm = reckon.share(self.here.at, self.sum())
        by = None
        if self.took(","):
            self.need("by")
            self.need("=")
            at = self.here.at
            by = _column(self.single(), at)
            if tree.kind(by) != "text":
                raise bad(
                    at,
                    f"“by” takes a column of words, and {by.name} is none.",
                    "Write by=province.",
                    "bad_type",
                )
        return TopPercent(field, ppm, by)

    def span(self, name: Token) -> Node:
        make, low, high, unit = _SPANS[name.text.lower()]
        at, node = self.here.at, self.sum()
        if isinstance(node, Number) and isinstance(node.value, int) and low <= node.value <= high:
            return make(node.value)
        raise bad(at, f"{name.text.lower()} takes a whole number of {unit}, {low} to {high}.", "", "bad_type")

    def amount(self) -> Node:
        at = self.here.at
        return reckon.number(self.either(), at)


_SPANS: dict[str, tuple[type[Birthday] | type[PromotionEnded] | type[Falling], int, int, str]] = {
    "birthday_within": (Birthday, 0, 366, "days"),
    "promotion_ended_within": (PromotionEnded, 0, 3650, "days"),
    "falling": (Falling, 1, 100, "percent"),
}


def _field(token: Token) -> Field:
    name = token.text.lower()
    if name not in NAMES:
        hint = nearest(name)
        do = f"Did you mean {hint}?" if hint else f"There are {', '.join(NAMES)}."
        raise bad(token.at, f"“{token.text[:60]}” is not a column.", do, "unknown_name")
    return Field(name)


def _column(node: Node, at: int) -> Field:
    if not isinstance(node, Field):
        raise bad(at, "A column is expected here.", "This works on one column, not on an arithmetic.")
    return node


def _condition(node: Node, at: int) -> Node:
    if tree.kind(node) != "yes":
        raise bad(
            at, "A condition is expected here.", "Compare it with something: spend_6m > 100_000.", "bad_type"
        )
    return node
