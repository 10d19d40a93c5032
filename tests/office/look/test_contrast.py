"""Every pair of colours that meets on a screen: text at least 4.5, shapes and borders of controls at least 3."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import tantam.office

CSS = Path(tantam.office.__file__).parent / "static" / "tokens.css"
TEXT = [
    *[(ink, ground) for ink in ("ink", "ink2") for ground in ("card", "paper", "sunk")],
    *[("cham", ground) for ground in ("card", "paper", "cham-s")],
    *[(ink, ground) for ink in ("la", "nghe", "son") for ground in (f"{ink}-s", "card", "paper")],
    *[("ink", ground) for ground in ("cham-s", "la-s")],
    *[("on", ground) for ground in ("cham", "cham-d", "nghe")],
    ("cham-d", "card"),
]
SHAPES = [("edge", "card"), ("edge", "paper"), *[(f"{c}-m", "card") for c in ("cham", "la", "nghe", "son")]]


def colours() -> dict[str, dict[str, str]]:
    blocks = re.findall(r"(:root[^{]*)\{([^}]*)\}", CSS.read_text(encoding="utf-8"))
    return {name.strip(): dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6})", body)) for name, body in blocks}


def light(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [":root", ":root[data-theme=dark]"])
def test_text_can_be_read(theme):
    c = colours()[theme]
    weak = {pair: round(contrast(c[pair[0]], c[pair[1]]), 2) for pair in TEXT}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", [":root", ":root[data-theme=dark]"])
def test_shapes_can_be_seen(theme):
    c = colours()[theme]
    weak = {pair: round(contrast(c[pair[0]], c[pair[1]]), 2) for pair in SHAPES}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 3} == {}


def test_chosen_dark_is_the_machines_dark():
    c = colours()
    assert c[":root[data-theme=dark]"] == c[":root:not([data-theme=light])"]
    assert set(c[":root"]) == set(c[":root[data-theme=dark]"])


def test_the_scale_itself():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
