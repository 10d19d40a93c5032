"""A share by province: four classes beside the country's own share, the map, the tile map, the legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from tantam import places
from tantam.look.words import FEW, Words

CLASSES = ("m1", "m2", "m3", "m4")
"""From red to indigo: red is the end that asks for something."""
_STEPS = {"low": (0.8, 0.95, 1.1), "high": (0.9, 1.05, 1.2)}
"""Class borders as parts of the country's share, by which end asks for something: a fifth less, or a fifth more."""
_XMLNS = ' xmlns="http://www.w3.org/2000/svg"'

End = Literal["low", "high"]


@dataclass(frozen=True)
class Place:
    """A province of today: ``part`` of its ``whole``."""

    code: str
    name: str
    part: int
    whole: int

    @property
    def share(self) -> float:
        return self.part / self.whole


@dataclass(frozen=True)
class Country:
    """What a page draws; ``legend`` pairs a class with its words, ``named`` says the three that stand on the map."""

    map: Markup
    tiles: Markup
    legend: tuple[tuple[str, str], ...]
    named: str


def country(rows: Sequence[Place], share: float, w: Words, *, finding: str, end: End = "low") -> Country:
    """The provinces against the country's own ``share``, those at the ``end`` that asks for something in red.

    A province of fewer than 30 cases has no colour and no percentage. ``finding`` is read aloud in place of the
    pictures; the three that are named are added to it.
    """
    steps = _borders(share, _STEPS[end])
    classes = CLASSES if end == "low" else CLASSES[::-1]
    fill = {p.code: classes[sum(p.share >= b for b in steps)] if p.whole >= FEW else "none" for p in rows}
    title = {p.code: f"{p.name}: {_said(p, w)}" for p in rows}
    large = [p for p in rows if p.whole >= FEW]
    three = sorted(large, key=lambda p: (p.share if end == "low" else -p.share, p.code))[:3]
    named = w.listed([f"{p.name} {w.of(p.part, p.whole)}" for p in three])
    lead = w.t("Thấp nhất:", "Lowest:") if end == "low" else w.t("Cao nhất:", "Highest:")
    label = f"{finding} {lead} {named}." if three else finding
    labels = {p.code: f"{p.name}\n{w.of(p.part, p.whole)}" for p in three}
    return Country(
        map=_inline(places.map_svg(fill, title, label=label, width=472, labels=labels)),
        tiles=_inline(places.tile_svg(fill, title, label=label, width=326)),
        legend=_legend(steps, classes, set(fill.values()), w),
        named=named,
    )


def _inline(svg: str) -> Markup:
    """An SVG inside HTML needs no namespace, and the page then holds no address at all."""
    return Markup(svg.replace(_XMLNS, "", 1))  # noqa: S704 (places escapes every word it draws)


def _borders(share: float, steps: tuple[float, ...]) -> tuple[float, ...]:
    """Whole percentages where they part the classes, else tenths."""
    whole = tuple(round(step * share, 2) for step in steps)
    return (
        whole
        if len(set(whole)) == len(whole) and whole[0] > 0
        else tuple(round(step * share, 3) for step in steps)
    )


def _said(p: Place, w: Words) -> str:
    if p.whole < FEW:
        return w.t("chưa đủ dữ liệu", "not enough data")
    return f"{w.of(p.part, p.whole)} ({w.people(p.part)} / {w.n(p.whole)})"


def _legend(
    borders: tuple[float, ...], classes: tuple[str, ...], used: set[str], w: Words
) -> tuple[tuple[str, str], ...]:
    a, b, c = (w.limit_pct(round(x, 3)) for x in borders)
    words = (w.t(f"dưới {a}", f"under {a}"), f"{a} – {b}", f"{b} – {c}", w.t(f"từ {c}", f"{c} and over"))
    legend = tuple(zip(classes, words, strict=True))
    return (*legend, ("none", w.t("chưa đủ dữ liệu", "not enough data"))) if "none" in used else legend
