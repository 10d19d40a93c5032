"""The colours can be told apart, the fonts are what they say they are, and every letter has one."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from tantam import places
from tantam.care import report
from tantam.care.report.page import FONTS

HERE = Path(report.__file__).parent
TEXT = [
    *[("ink", g) for g in ("paper", "card")],
    *[("ink2", g) for g in ("card", "paper", "sunk")],
    *[("cham", g) for g in ("card", "paper", "cham-s")],
    *[(c, g) for c in ("la", "nghe", "son") for g in (f"{c}-s", "card")],
    ("ink", "sunk"),
    ("son", "son-s"),
    ("on", "cham"),
]
SHAPES = [
    *[("edge", g) for g in ("card", "paper")],
    *[(c, "card") for c in ("cham-m", "la-m", "nghe-m", "son-m", "m1", "m2", "m3", "m4", "edge", "ink")],
]


def tokens(dark: bool) -> dict[str, str]:
    css = (HERE / "css" / "tokens.css").read_text(encoding="utf-8")
    blocks = re.split(r"@media screen and \(prefers-color-scheme: dark\)", css)
    return dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6})", blocks[1 if dark else 0]))


def contrast(a: str, b: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(a), light(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_contrast(dark: bool) -> None:
    colours = tokens(dark)
    assert set(colours) == set(tokens(not dark))
    for pairs, least in ((TEXT, 4.5), (SHAPES, 3.0)):
        for front, ground in pairs:
            assert contrast(colours[front], colours[ground]) >= least, (front, ground, dark)


def test_every_colour_of_the_sheet_is_a_token() -> None:
    for name in ("page.css", "parts.css", "print.css"):
        css = (HERE / "css" / name).read_text(encoding="utf-8")
        assert not re.findall(r"#[0-9a-fA-F]{3,6}\b(?=[;\s])", css)
        assert set(re.findall(r"var\(--([\w-]+)\)", css)) <= set(tokens(False))
        assert not re.search(r"@media \(max-width", css), "without `screen`, paper gets the phone's layout"


def test_fonts_are_the_vendored_files() -> None:
    lock = [
        line.split()
        for line in (HERE / "fonts" / "vendor.lock").read_text().splitlines()
        if not line.startswith("#")
    ]
    assert {file for _, _, file, _ in lock} == {p.name for p in (HERE / "fonts").glob("*.woff2")}
    for _, _, file, digest in lock:
        assert hashlib.sha256((HERE / "fonts" / file).read_bytes()).hexdigest() == digest
    assert {f"{name}-{w}-normal.woff2" for _, name, _ in FONTS for w in (400, 600)} == {
        f for _, _, f, _ in lock
    }
    assert len(list((HERE / "fonts").glob("*LICENSE*"))) == 2


def letters(ranges: str) -> set[int]:
    found: set[int] = set()
    for part in ranges.replace("U+", "").split(","):
        first, _, last = part.partition("-")
        found |= set(range(int(first, 16), int(last or first, 16) + 1))
    return found


def test_the_second_family_holds_digits_and_their_marks_only() -> None:
    digits = letters(next(r for family, _, r in FONTS if family == "So"))
    assert {chr(c) for c in digits} == set("0123456789.,:%+−  ") | {"\u00a0"}


def test_every_letter_of_the_page_has_a_font() -> None:
    covered = set().union(*(letters(r) for _, _, r in FONTS))
    shown = "".join(p.name for p in places.PROVINCES) + "Hoàng Sa Trường Sa Ngô Sỹ Ẩn, Nguyễn Ấu Thiệp"
    for source in [*HERE.glob("*.py"), *(HERE / "html").glob("*.html")]:
        shown += "".join(re.findall(r'"([^"]*)"', source.read_text(encoding="utf-8")))
    assert not {c for c in shown if ord(c) not in covered}
