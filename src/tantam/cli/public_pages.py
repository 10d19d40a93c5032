"""docs/reference/pages.md: every address that opens without signing in, read from the office's own table."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from typing import Any

_SAID = {
    "accounts/": "signing in and out, the second factor, one-use links",
    "static/": "style sheets, scripts, fonts and icons",
    "i18n/": "the switch between Vietnamese and English",
}
"""Families of addresses that one line describes."""


_VIEWS = {
    "/api/health": "whether the office can serve",
    "/api/openapi.json": "what machines may ask, as OpenAPI",
    "/favicon.ico": "the icon",
    "/say/": "goes on to /gop-y/",
    "/ban-noi-chung-toi-lam/": "goes on to /public/changes/",
}
"""Addresses whose views are made by a library and say nothing of themselves."""


def page() -> str:
    """The page as Markdown."""
    _ready()
    from django.urls import get_resolver

    from tantam.office.door import OPEN

    rows = {f"/{family}…": said for family, said in _SAID.items()}
    for route, view in _routes(get_resolver().url_patterns):
        address = "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)
        if address.startswith(OPEN) and not route.startswith(tuple(_SAID)):
            rows[address] = _VIEWS.get(address) or _first_line(view)
    lines = [
        "# Pages without a login",
        "",
        "Generated from the office's addresses. Everything else refuses whoever has not signed in.",
        "",
        "| address | what it shows |",
        "| --- | --- |",
        *(f"| `{address}` | {said} |" for address, said in sorted(rows.items())),
    ]
    return "\n".join([*lines, ""])


def _ready() -> None:
    """Django in a home of its own, thrown away: reading addresses must not make keys in anybody's."""
    from django.conf import settings

    if not settings.configured:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tantam.office.settings")
        with tempfile.TemporaryDirectory() as folder:
            before = os.environ.get("TANTAM_HOME")
            os.environ["TANTAM_HOME"] = folder
            try:
                import django

                django.setup()
            finally:
                os.environ.pop("TANTAM_HOME")
                if before is not None:
                    os.environ["TANTAM_HOME"] = before


def _routes(patterns: Any, above: str = "") -> Iterator[tuple[str, Any]]:
    for one in patterns:
        route = above + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from _routes(one.url_patterns, route)
        else:
            yield route, one.callback


def _first_line(view: Any) -> str:
    doc = (view.__doc__ or "").strip().splitlines()
    return doc[0].rstrip(".") if doc else ""
