"""The demo listens: made-up opinions of its subscribers, read as ``tantam listen run`` reads a file, told in a few
lines."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tantam.base.home import Home

OPINIONS = 60_000
NAME = "opinions"
_MOST_WORDS = 90


def listen(home: Home, seed: int) -> Path:
    """Make opinions of the base's subscribers and listen to them; the folder of the readings."""
    from tantam import sample
    from tantam.listen.run import listening
    from tantam.listen.run.sources import Asked

    file = home.root / "opinions.parquet"
    sample.make_opinions(home, OPINIONS, seed, file)
    asked = Asked(text="text", id="id", key="key", when="when", where="where", channel="channel")
    return listening.listen(home, [file], asked, home.listening(NAME), workers=os.cpu_count() or 1).folder


def told(folder: Path) -> list[str]:
    """What people say, in a few lines: how much and how often again, the heaviest theme, and what rises."""
    from tantam.money import digits

    figures = json.loads((folder / "run.json").read_text(encoding="utf-8"))["figures"]
    themes = [t for t in _themes(folder) if t["count"] and not t["hidden"]]
    lines = [
        f"{digits(figures['kept'])} lời · opinions, {digits(figures['copies'])} là bản lặp đã gộp · copies folded, "
        f"{digits(len(themes))} chủ đề · themes"
    ]
    if themes:
        lines.append(f"Nặng nhất · heaviest: {_said(max(themes, key=_weight))}")
    rising = [t for t in themes if t["rising"]]
    lines += [f"Đang lên · rising: {_said(t)}" for t in sorted(rising, key=_weight)[-2:]]
    return (
        lines
        if rising
        else [*lines, "Tuần này chưa điều gì lên rõ rệt · nothing rises for certain this week"]
    )


def _themes(folder: Path) -> list[dict[str, Any]]:
    return list(json.loads((folder / "themes.json").read_text(encoding="utf-8")))


def _weight(theme: dict[str, Any]) -> float:
    """How many people have something to be mended."""
    return float(theme["people"] * (theme["share_complaint"] or 0))


def _said(theme: dict[str, Any]) -> str:
    from tantam.money import digits

    quote = theme["quotes"][0]["text"] if theme["quotes"] else ""
    short = quote if len(quote) <= _MOST_WORDS else quote[:_MOST_WORDS].rsplit(" ", 1)[0] + " …"
    return f"{theme['label']}, {digits(theme['people'])} người · people" + (f": “{short}”" if short else "")
