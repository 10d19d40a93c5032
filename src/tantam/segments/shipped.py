"""Named groups of subscribers: those that come with the house (``shipped.toml``) and those of an operator's
own file.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from tantam.errors import BadInput
from tantam.segments import rule
from tantam.segments.tree import Node

MOST_SEGMENTS = 62
"""Segments are bits of an int64 mask."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True)
class Segment:
    """A named rule with its names on screen."""

    name: str
    rule: str
    node: Node
    vi: str
    en: str


@cache
def shipped() -> tuple[Segment, ...]:
    """The groups that come with the house."""
    return parse((files("tantam.segments") / "shipped.toml").read_text(encoding="utf-8"))


def read(path: Path) -> tuple[Segment, ...]:
    """The segments of a TOML file; refuses (``no_segments``, ``bad_segments``, the rule codes) what is not
    one.
    """
    try:
        return parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadInput(
            "no_segments", f"There is no segments file {path}.", "Name a TOML file that exists."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        what = f"{path} cannot be read as text ({type(error).__name__})."
        raise BadInput("bad_segments", what, "Save it as UTF-8 TOML.") from None


def parse(text: str) -> tuple[Segment, ...]:
    """The segments of a TOML text: a table each, ``[name]`` with ``rule`` and, for the screen, ``vi`` and
    ``en``.
    """
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadInput("bad_segments", f"The segments file is not TOML: {error}.", _WAY) from None
    if not data:
        raise BadInput("bad_segments", "The segments file names no group.", _WAY)
    if len(data) > MOST_SEGMENTS:
        raise too_many(len(data))
    return tuple(_segment(name, table) for name, table in data.items())


def find(text: str) -> Segment:
    """A shipped group by its name, or an unnamed segment of a rule's text."""
    named = {segment.name: segment for segment in shipped()}
    if text.strip() in named:
        return named[text.strip()]
    node = rule.parse(text)
    return Segment("", text, node, "", "")


def definition(segments: Sequence[Segment]) -> str:
    """A digest of names and rules, 16 hexadecimal digits: equal only for segments that mean the same."""
    lines = "\n".join(f"{segment.name}\t{rule.text(segment.node)}" for segment in segments)
    return hashlib.sha256(lines.encode()).hexdigest()[:16]


def too_many(n: int) -> BadInput:
    """The refusal of more segments than a mask has bits."""
    return BadInput(
        "too_many_segments", f"There are {n} segments.", f"One file holds at most {MOST_SEGMENTS}."
    )


_WAY = 'Write [over_three_years] and below it rule = "tenure_years > 3".'


def _segment(name: str, table: Any) -> Segment:
    if not _NAME.fullmatch(name):
        what = f"“{name[:60]}” cannot name a group."
        raise BadInput("bad_segments", what, "Use small letters, digits and _, beginning with a letter.")
    if not isinstance(table, dict) or not isinstance(table.get("rule"), str):
        raise BadInput("bad_segments", f"[{name}] has no rule.", _WAY)
    strange = set(table) - {"rule", "vi", "en"}
    if strange or not all(isinstance(word, str) for word in table.values()):
        raise BadInput("bad_segments", f"[{name}] holds more than rule, vi and en, each a text.", _WAY)
    try:
        node = rule.parse(table["rule"])
    except BadInput as error:
        raise BadInput(error.code, f"[{name}] {error.what}", error.do) from None
    return Segment(name, table["rule"], node, table.get("vi", name), table.get("en", name))
