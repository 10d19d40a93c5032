"""A tile map of our own: 34 squares in the country's S, for small sizes and for readers without shapes.

Neighbours in the grid are neighbours, or nearly, on the ground. Hoàng Sa and Trường Sa are two tiles out at
sea in the colour of the provinces they belong to, marked and named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tantam.places.drawing import ISLANDS, LETTER_PX, LINE_PX, framed, known, px, text, unit
from tantam.places.provinces import PROVINCES, Province

_GRID = """\
  .  12  15  08  04   .   .
 11  14  25  19  20   .   .
  .   .  01  24  22   .   .
  .   .  37  33  31   .   .
  .   .  38   .   .   .   .
  .   .  40  42   .   .   .
  .   .   .  44  46   .   .
  .   .   .   .  48   .  48
  .   .   .   .  51   .   .
  .   .   .   .  52   .   .
  .   .   .   .  66   .   .
  .  80  75  68  56   .   .
 91  82  79   .   .   .  56
 96  92  86   .   .   .   .
"""
"""Codes by place. A code's second place, out at sea, is the archipelago that belongs to the province."""

_SHORT = {"79": "TP. HCM"}
_GAP = 2


def tile_svg(fill: Mapping[str, str], title: Mapping[str, str], *, label: str, width: int = 328) -> str:
    """The tile map as an inline ``<svg>``, to be shown at ``width`` pixels (text in it is 13 px, legible from
    328 up).

    ``fill`` gives the class of a province by code, ``title`` what it says on hover, ``label`` the finding in
    words. Hoàng Sa and Trường Sa are always there. Stops (Fault) at codes that are not of the 34.
    """
    known(fill, title)
    rows = [line.split() for line in _GRID.splitlines()]
    side = width / len(rows[0])
    inside: dict[str, list[str]] = {p.code: [] for p in PROVINCES}
    by_code = {p.code: p for p in PROVINCES}
    for y, row in enumerate(rows):
        for x, code in enumerate(row):
            if code != ".":
                at_sea = bool(inside[code])
                inside[code].append("".join(_tile(by_code[code], x * side, y * side, side, at_sea=at_sea)))
    body = [unit(p, fill, title, "".join(inside[p.code])) for p in PROVINCES]
    body += [_belongs(by_code[code], rows, side) for code in ISLANDS]
    return framed(width, len(rows) * side, label, body)


def _tile(province: Province, x: float, y: float, side: float, *, at_sea: bool) -> Iterator[str]:
    """One square with its short name; out at sea rounder, with the archipelago's."""
    name = ISLANDS[province.code] if at_sea else _SHORT.get(province.code, province.name)
    edge = side - _GAP
    left, top, corner = px(x + _GAP / 2), px(y + _GAP / 2), 12 if at_sea else 4
    yield f'<rect x="{left}" y="{top}" width="{px(edge)}" height="{px(edge)}" rx="{corner}"/>'
    lines = name.split(" ")
    first = y + side / 2 + (4.5 if len(lines) == 1 else -3.5)
    for i, word in enumerate(lines):
        yield _word(x + side / 2, first + i * LINE_PX, word, edge - 2)


def _word(x: float, y: float, word: str, room: float) -> str:
    """One word, squeezed a little where the widest ones would touch the border."""
    wide = len(word) * (LETTER_PX + 0.4) > room
    squeeze = f' textLength="{px(room)}" lengthAdjust="spacingAndGlyphs"' if wide else ""
    return text(x, y, [word], "middle", squeeze)


def _belongs(province: Province, rows: list[list[str]], side: float) -> str:
    """The words under a tile at sea: which province it belongs to."""
    y = max(i for i, row in enumerate(rows) if province.code in row)
    right = len(rows[y]) * side
    return f'<g class="sea">{text(right - 1, (y + 1) * side + 12, [f"({province.name})"], "end")}</g>'
