"""The two maps: every province drawn, Hoàng Sa and Trường Sa always there and in their true place."""

from __future__ import annotations

import re
from itertools import combinations
from xml.etree import ElementTree

import pytest

from tantam.errors import Fault
from tantam.places import MAP_CSS, PROVINCES, map_svg, tile_svg
from tantam.places.shapes import LEAST_PX

SVG = "{http://www.w3.org/2000/svg}"
CODES = [p.code for p in PROVINCES]
FILL = {code: f"m{i % 4 + 1}" for i, code in enumerate(CODES)}
TITLE = {p.code: f"{p.name}: 81 % <&> “x”" for p in PROVINCES}
WIDTHS = [LEAST_PX, 328, 472, 520, 900]
LABELS = [
    None,
    {"96": "Cà Mau\n81 %", "52": "Gia Lai\n84 %", "11": "Điện Biên\n86 %"},
    {p.code: p.name for p in PROVINCES},
]


def _parse(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def _texts(root: ElementTree.Element) -> list[str]:
    return ["".join(t.itertext()) for t in root.iter(f"{SVG}text")]


def _groups(root: ElementTree.Element) -> dict[str, ElementTree.Element]:
    """Title → group of a province."""
    return {
        g.findtext(f"{SVG}title") or "": g for g in root.iter(f"{SVG}g") if g.find(f"{SVG}title") is not None
    }


def _starts(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"M(-?[\d.]+) (-?[\d.]+)", path)]


def _degrees(x: float, y: float, width: float) -> tuple[float, float]:
    lon = 101.6 + x / width * (118.0 - 101.6)
    return lon, 23.6 - y / (width / (0.9612617 * (118.0 - 101.6)))


@pytest.mark.parametrize("labels", LABELS, ids=["bare", "three", "all"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("fill", [{}, FILL, dict.fromkeys(CODES, "none")], ids=["blank", "filled", "none"])
def test_the_archipelagos_are_on_every_map(
    width: int, labels: dict[str, str] | None, fill: dict[str, str]
) -> None:
    root = _parse(map_svg(fill, TITLE, label="x", width=width, labels=labels))
    said = _texts(root)
    assert "Hoàng Sa(Đà Nẵng)" in said
    assert "Trường Sa(Khánh Hòa)" in said
    dots = [
        _degrees(float(c.get("cx", "")), float(c.get("cy", "")), width) for c in root.iter(f"{SVG}circle")
    ]
    (hoang_lon, hoang_lat), (truong_lon, truong_lat) = dots
    assert 111 < hoang_lon < 113 and 15.7 < hoang_lat < 17.2
    assert 111 < truong_lon < 117 and 7 < truong_lat < 12
    groups = _groups(root)
    for code, islets in (("48", 6), ("56", 50)):
        path = groups[TITLE[code]].find(f"{SVG}path")
        assert path is not None
        at_sea = [
            lon for lon, _ in (_degrees(x, y, width) for x, y in _starts(path.get("d", ""))) if lon > 109.6
        ]
        assert len(at_sea) >= islets, "no islet is left out, however small the map"


@pytest.mark.parametrize("width", [200, 328, 600])
def test_the_archipelagos_are_on_every_tile_map(width: int) -> None:
    root = _parse(tile_svg(FILL, TITLE, label="x", width=width))
    words = " ".join(_texts(root))
    for name in ("Hoàng Sa", "(Đà Nẵng)", "Trường Sa", "(Khánh Hòa)"):
        assert name in words
    for code, name in (("48", "Hoàng"), ("56", "Trường")):
        group = _groups(root)[TITLE[code]]
        assert len(group.findall(f"{SVG}rect")) == 2, "the archipelago wears its province's colour"
        assert name in _texts(group)
        inland, sea = (float(r.get("x", "")) for r in group.findall(f"{SVG}rect"))
        assert sea - inland >= width / 7 * 1.9, "out at sea, not beside the coast"


@pytest.mark.parametrize("draw", [map_svg, tile_svg])
def test_each_province_once_with_class_and_title(draw: object) -> None:
    svg = draw(FILL, TITLE, label="Cà Mau thấp nhất: 81 % & “ít”")  # type: ignore[operator]
    root = _parse(svg)
    assert root.get("role") == "img"
    assert root.get("aria-label") == "Cà Mau thấp nhất: 81 % & “ít”"
    groups = _groups(root)
    assert set(groups) == set(TITLE.values())
    for code in CODES:
        assert groups[TITLE[code]].get("class") == f"p {FILL[code]}"
    assert "style=" not in svg
    assert "<script" not in svg
    assert " id=" not in svg, "several maps stand on one page"
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")


def test_the_maps_are_small_and_exact() -> None:
    for width in WIDTHS:
        svg = map_svg(FILL, TITLE, label="x", width=width, labels=LABELS[2])
        assert len(svg.encode()) < 120_000
        assert not re.search(r"\d\.\d{2}", svg.replace("stroke-width", "")), "one decimal"
    assert len(tile_svg(FILL, TITLE, label="x").encode()) < 20_000
    assert map_svg(FILL, TITLE, label="x") == map_svg(FILL, TITLE, label="x")


def test_shapes_lie_where_the_provinces_are() -> None:
    """Read back to degrees, an outline begins within three degrees of its province's centre."""
    groups = _groups(_parse(map_svg({}, TITLE, label="x", width=520)))
    for province in PROVINCES:
        path = groups[TITLE[province.code]].find(f"{SVG}path")
        assert path is not None
        starts = [_degrees(x, y, 520) for x, y in _starts(path.get("d", ""))]
        assert min(abs(lon - province.lon) + abs(lat - province.lat) for lon, lat in starts) < 3


def _box(words: ElementTree.Element) -> tuple[float, float, float, float]:
    lines = words.findall(f"{SVG}tspan")
    wide = 7 * max(len(line.text or "") for line in lines)
    x, y = float(lines[0].get("x", "")), float(lines[0].get("y", ""))
    left = x - wide * {"start": 0, "middle": 0.5, "end": 1}[words.get("text-anchor", "")]
    return left, y - 11, left + wide, y + 16 * (len(lines) - 1) + 3


def test_words_stand_inside_and_apart() -> None:
    for width in WIDTHS:
        root = _parse(map_svg(FILL, TITLE, label="x", width=width, labels=LABELS[1]))
        boxes = [_box(words) for words in root.iter(f"{SVG}text")]
        assert len(boxes) == 5
        for one, other in combinations(boxes, 2):
            apart = one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]
            assert apart, width
        assert all(box[0] >= 0 and box[1] >= 0 and box[2] <= width for box in boxes), width
        assert all(box[3] <= float(root.get("height", "")) for box in boxes), width


def test_tile_neighbours_do_not_overlap_and_stay_inside() -> None:
    root = _parse(tile_svg(FILL, TITLE, label="x", width=328))
    boxes = [tuple(float(r.get(k, "")) for k in ("x", "y", "width")) for r in root.iter(f"{SVG}rect")]
    assert len(boxes) == 36
    for x, y, side in boxes:
        assert x >= 0
        assert y >= 0
        assert x + side <= 328
        assert y + side <= float(root.get("height", ""))
    assert len({(round(x), round(y)) for x, y, _ in boxes}) == 36


def test_a_code_that_is_no_province_is_a_fault() -> None:
    for draw in (map_svg, tile_svg):
        with pytest.raises(Fault) as fault:
            draw({"02": "m1"}, {}, label="x")
        assert fault.value.code == "no_province_code"
    with pytest.raises(Fault) as fault:
        map_svg({}, {}, label="x", width=LEAST_PX - 1)
    assert fault.value.code == "map_too_small"


def _light(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_light(one), _light(other)))
    return (light + 0.05) / (dark + 0.05)


def test_words_on_tiles_can_be_read_in_light_and_dark() -> None:
    """WCAG 1.4.3: 4.5 to 1 for text. ``--on`` is white in light and #14162A in dark."""
    light = {"m1": "#C9503F", "m2": "#B58020", "m3": "#7C8BC9", "m4": "#41549F"}
    dark = {"m1": "#D9695A", "m2": "#B98A34", "m3": "#6F7FC4", "m4": "#C6D0FB"}
    assert all(f"--{name},{colour}" in MAP_CSS for name, colour in light.items())
    for theme, on in ((light, "#FFFFFF"), (dark, "#14162A")):
        for name, colour in theme.items():
            assert _contrast(colour, on if name == "m4" else "#000000") >= 4.5, (name, colour)
