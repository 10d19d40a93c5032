"""Every address of the office, with arguments that could be somebody's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver

SAMPLES = {"int": "1", "uuid": str(UUID(int=7)), "str": "x", "slug": "x", "path": "x", None: "1"}
_HOLE = re.compile(r"<(?:(\w+):)?\w+>")
_GROUP = re.compile(r"\(\?P<\w+>[^)]*\)")


class Address(NamedTuple):
    """A pattern, one address that fits it, and its view."""

    pattern: str
    path: str
    view: Callable[..., Any]


def every() -> list[Address]:
    """All of them, included ones too."""
    return list(_walk(get_resolver(), ""))


def _walk(resolver: URLResolver, before: str) -> Iterator[Address]:
    for one in resolver.url_patterns:
        pattern = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one, pattern)
        else:
            assert isinstance(one, URLPattern)
            yield Address(pattern, "/" + _filled(pattern), one.callback)


def _filled(pattern: str) -> str:
    plain = _HOLE.sub(lambda hole: SAMPLES[hole[1]], pattern)
    return _GROUP.sub("x", plain).replace("^", "").replace("$", "").replace("\\", "")
