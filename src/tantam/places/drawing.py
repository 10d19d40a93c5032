"""What the shape map and the tile map share: an inline SVG of attributes and classes only.

No ``style`` attribute and no script, so that the strictest content policy lets it through. The plain
attributes are enough for a good picture; :data:`MAP_CSS` colours the classes with the tokens of the page
around it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from tantam.errors import Fault
from tantam.places.provinces import PROVINCES, Province

LETTER_PX = 7.4
"""A generous width of one letter of 13 px text, for keeping labels apart."""
LINE_PX = 16
ISLANDS = {"48": "Hoàng Sa", "56": "Trường Sa"}
"""Code of a province → the archipelago at sea that belongs to it. Both stand on every map, at every size."""

MAP_CSS = """\
.vn .p{fill:var(--sunk,#EDEAE2);stroke:var(--card,#fff)}
.vn .p.m1{fill:var(--m1,#C9503F)}.vn .p.m2{fill:var(--m2,#B58020)}
.vn .p.m3{fill:var(--m3,#7C8BC9)}.vn .p.m4{fill:var(--m4,#41549F)}
.vn .p.none{stroke:var(--edge,#857F73);stroke-dasharray:2 2}
.vn text{fill:var(--ink,#1F2138);stroke:none}
.vn .sea text{fill:var(--ink2,#565768)}
.vn .isle{fill:var(--cham,#2E4087)}.vn .lead{stroke:var(--edge,#857F73)}
.vn .m1 text,.vn .m2 text,.vn .m3 text{fill:#000}.vn .m4 text{fill:var(--on,#fff)}
"""
"""Colours for the classes ``m1`` (low) to ``m4`` (high) and ``none`` (not enough data)."""


def framed(width: float, height: float, label: str, body: Iterable[str]) -> str:
    """The ``<svg>`` around the parts; ``label`` is the finding, read aloud in place of the picture."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="vn" role="img" aria-label="{escape(label)}" '
        f'width="{px(width)}" height="{px(height)}" viewBox="0 0 {px(width)} {px(height)}" '
        f'font-size="13" fill="#EDEAE2" stroke="#fff" stroke-width=".6">{"".join(body)}</svg>'
    )


def unit(province: Province, fill: Mapping[str, str], title: Mapping[str, str], inside: str) -> str:
    """One province: its class for the colour, its title on hover, its shape."""
    words = escape(title.get(province.code, province.name))
    return f'<g class="p {escape(fill.get(province.code, ""))}"><title>{words}</title>{inside}</g>'


def text(x: float, y: float, lines: Iterable[str], anchor: str, more: str = "") -> str:
    """Lines of text, the first one's baseline at ``y``."""
    spans = "".join(
        f'<tspan x="{px(x)}" y="{px(y + i * LINE_PX)}">{escape(line)}</tspan>' for i, line in enumerate(lines)
    )
    return f'<text text-anchor="{anchor}" fill="#1F2138" stroke="none"{more}>{spans}</text>'


def px(number: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{round(number, 1) + 0:.1f}".removesuffix(".0")


def known(*given: Mapping[str, str]) -> None:
    """Stop (Fault ``no_province_code``) at a key that is not one of the 34 codes: its value would vanish."""
    strange = sorted({code for mapping in given for code in mapping} - {p.code for p in PROVINCES})
    if strange:
        raise Fault(
            "no_province_code", f"A map was given {', '.join(strange)}, not codes of the 34 provinces."
        )
