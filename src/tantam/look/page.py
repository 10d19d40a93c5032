"""The frame of a page that is one file: style sheet and letters inside, both languages, nothing fetched."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tantam.look import figures
from tantam.look.words import kept_together

_HERE = Path(__file__).parent
_LATIN = (
    "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC,U+2122,"
    "U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD"
)
_VIETNAMESE = (
    "U+0102-0103,U+0110-0111,U+0128-0129,U+0168-0169,U+01A0-01A1,U+01AF-01B0,U+0300-0301,U+0303-0304,U+0308-0309,"
    "U+0323,U+0329,U+1EA0-1EF9,U+20AB"
)
_DIGITS = "U+0020,U+0025,U+002B-002C,U+002E,U+0030-003A,U+00A0,U+2212"
"""Digits with the marks and spaces of numbers: all that is used of the family with equally wide digits."""

FONTS = (
    ("Be Vietnam Pro", "be-vietnam-pro-latin", _LATIN),
    ("Be Vietnam Pro", "be-vietnam-pro-vietnamese", _VIETNAMESE),
    ("So", "inter-latin", _DIGITS),
)


def environment(templates: Path) -> Environment:
    """Templates of a report's own folder over those shared here: ``frame.html`` (blocks ``title`` and ``language``,
    which is filled once a language) and ``macros.html``."""
    made = Environment(
        loader=FileSystemLoader([templates, _HERE / "html"]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.globals["bar"] = figures.bar
    made.filters["kept"] = kept_together
    return made


@cache
def stylesheet(own: str) -> Markup:
    """The shared style sheet with its letters inside, then a report's own rules."""
    faces = [
        f'@font-face{{font-family:"{family}";font-weight:{weight};font-display:block;unicode-range:{letters};'
        f'src:url(data:font/woff2;base64,{_font(f"{file}-{weight}-normal.woff2")}) format("woff2")}}'
        for family, file, letters in FONTS
        for weight in (400, 600)
    ]
    shared = ("tokens.css", "page.css", "parts.css", "print.css")
    sheets = [(_HERE / "css" / name).read_text(encoding="utf-8") for name in shared]
    return Markup("\n".join([*faces, *sheets, own]))  # noqa: S704 (our own files, no input in them)


def _font(file: str) -> str:
    return b64encode((_HERE / "fonts" / file).read_bytes()).decode()
