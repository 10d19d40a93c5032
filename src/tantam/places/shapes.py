"""The map of the 34 provinces in their true shapes, with Hoàng Sa and Trường Sa in their true place.

Equirectangular, with the aspect of 16° north. Provenance and terms of the shapes: NOTICE.md beside this file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import cos, radians

from tantam.errors import Fault
from tantam.places.drawing import ISLANDS, LINE_PX, framed, known, px, text, unit
from tantam.places.lettering import Box, Coast, Ring, box_of, coast_of, label_beside, place_near, room_of
from tantam.places.provinces import PROVINCES

LEAST_PX = 240
"""Narrower, the names of the archipelagos would lie on the mainland; the tile map serves smaller sizes."""
_ASPECT = cos(radians(16))
_WEST, _EAST, _SOUTH, _NORTH = 101.6, 118.0, 7.0, 23.6
_AT_SEA = 109.6
"""Every ring that begins east of this longitude lies beyond the coast, in one of the two archipelagos."""


def map_svg(
    fill: Mapping[str, str],
    title: Mapping[str, str],
    *,
    label: str,
    width: int = 520,
    labels: Mapping[str, str] | None = None,
) -> str:
    """The map as an inline ``<svg>``, to be shown at ``width`` pixels (its text is 13 px).

    ``fill`` gives the class of a province by code (see :data:`MAP_CSS`), ``title`` what it says on hover,
    ``labels`` the lines written beside it, parted by newlines. ``label`` is the finding in words. Hoàng Sa
    (Đà Nẵng) and Trường Sa (Khánh Hòa) are always drawn, marked and named. Stops (Fault ``no_province_code``,
    ``map_too_small``) at unknown codes and under 240 px.
    """
    labels = labels or {}
    known(fill, title, labels)
    if width < LEAST_PX:
        what = f"The map was asked at {width} px, less than {LEAST_PX}."
        raise Fault("map_too_small", what, "Use the tile map.")
    plane = _Plane(width / (_ASPECT * (_EAST - _WEST)))
    drawn = {
        code: [[plane.at(*point) for point in ring] for ring in rings] for code, rings in _rings().items()
    }
    body = [
        unit(p, fill, title, f'<path paint-order="stroke" d="{_path(drawn[p.code])}"/>') for p in PROVINCES
    ]
    coast, full = _land_and_sea(plane, drawn)
    for code in ISLANDS:
        svg, box = _archipelago(plane, code, full)
        body.append(svg)
        full.append(box)
    for province in sorted(PROVINCES, key=lambda p: -p.lat):
        if province.code in labels:
            lines = labels[province.code].split("\n")
            at = plane.at(province.lon, province.lat)
            svg, box = label_beside(at, lines, coast, full, plane.size)
            body.append(svg)
            full.append(box)
    return framed(*plane.size, label, body)


@dataclass(frozen=True)
class _Plane:
    """Degrees → pixels, ``scale`` of them to a degree of latitude."""

    scale: float

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        return (lon - _WEST) * _ASPECT * self.scale, (_NORTH - lat) * self.scale

    @property
    def size(self) -> tuple[float, float]:
        """Width and height."""
        return self.at(_EAST, _SOUTH)


@cache
def _rings() -> dict[str, list[Ring]]:
    """Code → outer rings in degrees."""
    shapes = json.loads((files("tantam.places") / "provinces-34.geojson").read_text(encoding="utf-8"))
    found: dict[str, list[Ring]] = {}
    for feature in shapes["features"]:
        geometry = feature["geometry"]
        parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        found[feature["properties"]["code"]] = [[(x, y) for x, y in part[0]] for part in parts]
    return found


def _path(rings: list[Ring]) -> str:
    return "".join(_outline(ring) for ring in rings)


def _outline(ring: Ring) -> str:
    """One closed outline; an islet too small to be seen is drawn as a square of 1.6 px, never left out."""
    left, top, right, bottom = box_of(ring)
    if right - left < 1.6 and bottom - top < 1.6:
        return f"M{px((left + right) / 2 - 0.8)} {px((top + bottom) / 2 - 0.8)}h1.6v1.6h-1.6z"
    x, y = (round(c, 1) for c in ring[0])
    start, steps = f"M{px(x)} {px(y)}l", []
    for point in ring[1:-1]:
        to_x, to_y = round(point[0], 1), round(point[1], 1)
        if abs(to_x - x) + abs(to_y - y) >= 0.4:
            steps.append(f"{px(to_x - x)} {px(to_y - y)}")
            x, y = to_x, to_y
    return start + " ".join(steps).replace(" -", "-") + "z"


def _land_and_sea(plane: _Plane, drawn: Mapping[str, list[Ring]]) -> tuple[Coast, list[Box]]:
    """The outline of the mainland with its near islands, and the boxes of the islets of the archipelagos."""
    far = plane.at(_AT_SEA, 0)[0]
    rings = [ring for rings in drawn.values() for ring in rings]
    land = [point for ring in rings if ring[0][0] <= far for point in ring]
    return coast_of(land), [box_of(ring) for ring in rings if ring[0][0] > far]


def _archipelago(plane: _Plane, code: str, full: Sequence[Box]) -> tuple[str, Box]:
    """The dot in the middle of an archipelago, its two lines of name near by, and the room these take."""
    islets = [point for ring in _rings()[code] if ring[0][0] > _AT_SEA for point in ring]
    west, south, east, north = box_of(islets)
    at = plane.at((west + east) / 2, (south + north) / 2)
    lines = [ISLANDS[code], f"({next(p.name for p in PROVINCES if p.code == code)})"]
    box = place_near(at, room_of(lines), full, plane.size)
    dot = f'<circle class="isle" cx="{px(at[0])}" cy="{px(at[1])}" r="3" fill="#2E4087"/>'
    words = text((box[0] + box[2]) / 2, box[1] + 0.75 * LINE_PX, lines, "middle")
    return f'<g class="sea">{dot}{words}</g>', box
