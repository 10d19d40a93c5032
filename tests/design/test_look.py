"""The colours can be told apart, the fonts are what they say they are, and every letter has one."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from tantam import look, places
from tantam.care import report as round_report
from tantam.listen import report as listening_report
from tantam.look.page import FONTS

LOOK = Path(look.__file__).parent
REPORTS = [Path(report.__file__).parent for report in (round_report, listening_report)]
LIGHT, CHOSEN, MACHINES = ":root", ":root[data-theme=dark]", ":root:not([data-theme=light])"
TEXT = [
    *[(ink, ground) for ink in ("ink", "ink2") for ground in ("card", "paper", "sunk")],
    *[("cham", ground) for ground in ("card", "paper", "cham-s")],
    *[(ink, ground) for ink in ("la", "nghe", "son") for ground in (f"{ink}-s", "card", "paper")],
    *[("ink", ground) for ground in ("cham-s", "la-s")],
    *[("on", ground) for ground in ("cham", "cham-d", "nghe")],
    ("cham-d", "card"),
]
SHAPES = [
    ("edge", "paper"),
    *[
        (shape, "card")
        for shape in ("cham-m", "la-m", "nghe-m", "son-m", "m1", "m2", "m3", "m4", "edge", "ink")
    ],
]


def colours() -> dict[str, dict[str, str]]:
    blocks = re.findall(r"(:root[^{]*)\{([^}]*)\}", (LOOK / "css" / "tokens.css").read_text(encoding="utf-8"))
    return {name.strip(): dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6})", body)) for name, body in blocks}


def light(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, CHOSEN])
def test_text_can_be_read_and_shapes_be_seen(theme: str) -> None:
    c = colours()[theme]
    for pairs, least in ((TEXT, 4.5), (SHAPES, 3.0)):
        weak = {pair: round(contrast(c[pair[0]], c[pair[1]]), 2) for pair in pairs}
        assert {pair: ratio for pair, ratio in weak.items() if ratio < least} == {}


def test_chosen_dark_is_the_machines_dark() -> None:
    c = colours()
    assert c[CHOSEN] == c[MACHINES]
    assert set(c[LIGHT]) == set(c[CHOSEN])


def test_the_scale_itself() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


def test_every_colour_of_a_sheet_is_a_token() -> None:
    sheets = [*(LOOK / "css").glob("*.css"), *(s for report in REPORTS for s in report.glob("*.css"))]
    assert len(sheets) >= 6
    for sheet in sheets:
        css = sheet.read_text(encoding="utf-8")
        if sheet.name != "tokens.css":
            assert not re.findall(r"#[0-9a-fA-F]{3,6}\b(?=[;\s])", css)
        assert set(re.findall(r"var\(--([\w-]+)\)", css)) <= set(colours()[LIGHT])
        assert not re.search(r"@media \(max-width", css), "without `screen`, paper gets the phone's layout"


def test_fonts_are_the_vendored_files() -> None:
    lock = [
        line.split()
        for line in (LOOK / "fonts" / "vendor.lock").read_text().splitlines()
        if not line.startswith("#")
    ]
    assert {file for _, _, file, _ in lock} == {p.name for p in (LOOK / "fonts").glob("*.woff2")}
    for _, _, file, digest in lock:
        assert hashlib.sha256((LOOK / "fonts" / file).read_bytes()).hexdigest() == digest
    assert {f"{name}-{w}-normal.woff2" for _, name, _ in FONTS for w in (400, 600)} == {
        f for _, _, f, _ in lock
    }
    assert len(list((LOOK / "fonts").glob("*LICENSE*"))) == 2


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
    sources = [
        LOOK / "words.py",
        *(s for report in REPORTS for kind in ("*.py", "html/*.html") for s in report.glob(kind)),
    ]
    for source in sources:
        shown += "".join(re.findall(r'"([^"]*)"', source.read_text(encoding="utf-8")))
    assert not {c for c in shown if ord(c) not in covered}
