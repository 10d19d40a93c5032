"""Where words go on the map: beside the land and in the open sea, never on land, an islet or another word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import hypot

from tantam.places.drawing import LETTER_PX, LINE_PX, px, text

Point = tuple[float, float]
Ring = list[Point]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
Coast = dict[int, Point]
"""Strip of the map → the westmost and the eastmost x of the land in it."""

_STRIP_PX = 4
_CLEAR_PX = 6
_BOLD = 1.1
"""How much wider letters of weight 600 run."""


def box_of(points: Ring) -> Box:
    """The box around points."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def room_of(lines: Sequence[str]) -> Point:
    """Width and height that lines of text take, generously."""
    return max(map(len, lines)) * LETTER_PX, len(lines) * LINE_PX


def place_near(at: Point, room: Point, full: Sequence[Box], size: Point) -> Box:
    """The free place nearest to a dot, right under it if there is none."""
    dot = (at[0] - 5, at[1] - 5, at[0] + 5, at[1] + 5)
    steps = [(x, y) for x in range(-80, 81, 4) for y in range(-80, 81, 4)]
    for x, y in sorted(steps, key=lambda step: (hypot(step[0], 1.6 * step[1]), step)):
        box = _around((at[0] + x, at[1] + y), room)
        if _inside(box, size) and not any(_meet(box, other) for other in (dot, *full)):
            return box
    return _around((at[0], at[1] + 6 + room[1] / 2), room)


def coast_of(land: Ring) -> Coast:
    """The westmost and the eastmost point of the land in each strip of the map."""
    coast: Coast = {}
    for x, y in land:
        strip = int(y // _STRIP_PX)
        west, east = coast.get(strip, (x, x))
        coast[strip] = (min(west, x), max(east, x))
    return coast


def label_beside(
    at: Point, lines: Sequence[str], coast: Coast, full: Sequence[Box], size: Point
) -> tuple[str, Box]:
    """A province's label with a hairline to its centre, where the way is shortest; else on it."""
    wide, high = room_of(lines)
    wide *= _BOLD
    best = (float("inf"), "middle", _around(at, (wide, high)))
    here = _band(coast, at[1], at[1])
    near = "start" if not here or here[1] - at[0] <= at[0] - here[0] else "end"
    for top in range(0, int(size[1] - high), _STRIP_PX):
        for anchor, left in _lanes(at[0], wide, _band(coast, top, top + high)):
            box = (left, float(top), left + wide, top + high)
            if _inside(box, size) and not any(_meet(box, other) for other in full):
                across = 0 if anchor in (near, "middle") else size[0]
                best = min(best, (_way(at, box) + across, anchor, box))
    _, anchor, box = best
    x = {"start": box[0], "end": box[2], "middle": (box[0] + box[2]) / 2}[anchor]
    return _leader(at, box) + text(x, box[1] + 0.75 * LINE_PX, lines, anchor, ' font-weight="600"'), box


def _band(coast: Coast, top: float, bottom: float) -> Point | None:
    """The westmost and the eastmost point of the land between two heights, a little around; None at sea."""
    first, last = (int(y // _STRIP_PX) for y in (top - _CLEAR_PX, bottom + _CLEAR_PX))
    strips = [coast[strip] for strip in range(first, last + 1) if strip in coast]
    return (min(west for west, _ in strips), max(east for _, east in strips)) if strips else None


def _lanes(x: float, wide: float, band: Point | None) -> Iterator[tuple[str, float]]:
    """Where a label may begin in a band of the map: east or west of the land, anywhere if there is none."""
    if band:
        yield "start", band[1] + _CLEAR_PX
        yield "end", band[0] - _CLEAR_PX - wide
    else:
        yield "middle", x - wide / 2


def _way(at: Point, box: Box) -> float:
    """How far a label is from its province; up and down counts more, for then the hairline slants."""
    x, y = _nearest(at, box)
    return abs(x - at[0]) + 1.5 * abs(y - at[1]) + 0.2 * abs((box[1] + box[3]) / 2 - at[1])


def _leader(at: Point, box: Box) -> str:
    x, y = _nearest(at, box)
    line = f"M{px(at[0])} {px(at[1])}L{px(x)} {px(y)}"
    return f'<path class="lead" stroke="#857F73" stroke-width="1" d="{line}"/>'


def _nearest(at: Point, box: Box) -> Point:
    return min(max(at[0], box[0] - 3), box[2] + 3), min(max(at[1], box[1] + 2), box[3] + 2)


def _around(at: Point, room: Point) -> Box:
    return at[0] - room[0] / 2, at[1] - room[1] / 2, at[0] + room[0] / 2, at[1] + room[1] / 2


def _inside(box: Box, size: Point) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= size[0] and box[3] <= size[1]


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
