"""A rule's text cut into words, numbers, quoted texts and marks, each with its place."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, cast

from tantam.errors import BadInput

MOST_CHARS = 4_000
MOST_NUMBER = 10**15
"""Larger numbers are refused, so that arithmetic stays exact and finite."""

Kind = Literal["number", "word", "text", "mark", "end"]

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    | (?P<number>\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d{1,3})?(?![\w.]))
    | (?P<word>[^\W\d]\w*)
    | (?P<text>"(?:[^"]|"")*"|'(?:[^']|'')*'|“[^”]*”)
    | (?P<mark><=|>=|<>|!=|[=<>()+\-*/,])""",
    re.VERBOSE,
)
_QUOTES = "\"'“"


@dataclass(frozen=True, slots=True)
class Token:
    """``at`` is its place in the text, from 0; an ``end`` token closes every rule."""

    kind: Kind
    text: str
    at: int

    def is_(self, *texts: str) -> bool:
        """Whether it is one of these words or marks; words in any case."""
        return self.kind in ("word", "mark") and self.text.lower() in texts

    def __str__(self) -> str:
        return "the end" if self.kind == "end" else f"“{self.text}”"


def bad(at: int, what: str, do: str = "", code: str = "bad_rule") -> BadInput:
    """A refusal that names the place."""
    return BadInput(code, f"At character {at + 1} of the rule: {what}", do)


def cut(rule: str) -> list[Token]:
    """The tokens of a rule; refuses ``rule_too_long`` and ``bad_rule`` (a mark that means nothing, an open
    quote).
    """
    text = unicodedata.normalize("NFC", rule)
    if len(text) > MOST_CHARS:
        raise BadInput(
            "rule_too_long", f"The rule has {len(text):,} characters.", f"At most {MOST_CHARS:,} are read."
        )
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise _strange(text, at)
        if found.lastgroup != "space":
            tokens.append(Token(cast(Kind, found.lastgroup), found.group(), at))
        at = found.end()
    return [*tokens, Token("end", "", len(text))]


def _strange(text: str, at: int) -> BadInput:
    if text[at] in _QUOTES:
        return bad(at, "A quotation mark is opened and never closed.", "Close the text with the same mark.")
    if text[at].isdigit():
        return bad(at, "A number is not readable.", "Write 3, 2.5, 2_000_000 or 2e6.")
    return bad(
        at,
        f"{text[at]!r} means nothing in a rule.",
        "A rule reads like: tenure_years > 3 and not low_income.",
    )


def number(token: Token) -> int | float:
    """The number of a token: an int where it is whole; refuses ``bad_rule`` beyond 10**15."""
    value = Decimal(token.text.replace("_", ""))
    if value > MOST_NUMBER:
        raise bad(token.at, f"“{token.text[:20]}” is too large a number.", "The most is 1e15.")
    return int(value) if value == value.to_integral_value() else float(value)


def quoted(token: Token) -> str:
    """The text within the quotes, with a doubled quote read as one."""
    mark, inner = token.text[0], token.text[1:-1]
    return inner if mark == "“" else inner.replace(mark * 2, mark)
