"""Pictures of a year of figures, as inline SVG of attributes and classes; colours come from ``quality.css``.

Every state has a shape of its own, so that none is told by its colour alone. A month that was not measured is a gap
with a dash on the axis, never a line drawn through.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tantam.look.figures import short
from tantam.office.quality.models import AT_RISK, BROKEN, MISSING, TOO_FEW
from tantam.office.words import number, say

_LEFT, _RIGHT, _TOP, _FOOT = 46.0, 14.0, 22.0, 30.0


@dataclass(frozen=True)
class Point:
    """One month: its figure in the indicator's unit, its 95 % interval, how it stood, of how many; None: not known."""

    month: date
    value: float | None = None
    low: float | None = None
    high: float | None = None
    state: str = MISSING
    n: int | None = None


@dataclass(frozen=True)
class _Scale:
    low: float
    high: float
    step: float
    wide: float
    ground: float
    top: float
    left: float
    each: float

    def x(self, nth: int) -> float:
        return self.left + nth * self.each

    def y(self, value: float) -> float:
        return self.ground - (value - self.low) / (self.high - self.low) * (self.ground - self.top)


def year(
    points: Sequence[Point],
    *,
    level: float | None,
    level_word: str = "",
    limits: Sequence[tuple[float, float] | None] = (),
    finding: str,
    size: tuple[int, int],
) -> SafeString:
    """Months as a line with its interval as a band, the level as a rule across, each month's control limits as dashes.

    ``finding`` is read aloud in place of the picture; ``size`` in px, letters are 13 px at that size. The axis is cut
    to what there is to see: the page says so.
    """
    wide, high = size
    scale = _scale(points, [level, *(end for pair in limits if pair for end in pair)], wide, high)
    parts = [
        *_axis(scale, points),
        *_bands(scale, points),
        *_limits(scale, limits),
        *_rules(scale, points, level, level_word),
        *_lines(scale, points),
        *(_mark(scale, nth, point) for nth, point in enumerate(points)),
    ]
    return _framed("qc", wide, high, finding, parts)


def small(points: Sequence[Point], *, level: float | None, finding: str) -> SafeString:
    """The same as a line of a table: no axis, the level, the line, broken months and the last one marked."""
    wide, high = 150, 40
    scale = _scale(points, [level], wide, high, bare=True)
    last = max((nth for nth, p in enumerate(points) if p.value is not None), default=-1)
    marked = [(nth, p) for nth, p in enumerate(points) if p.state == BROKEN or nth == last]
    parts = [
        *_rules(scale, points, level, ""),
        *_lines(scale, points),
        *(_mark(scale, nth, point) for nth, point in marked),
    ]
    return _framed("qc small", wide, high, finding, parts)


def _framed(kind: str, wide: int, high: int, finding: str, parts: Sequence[SafeString]) -> SafeString:
    return format_html(
        '<svg class="{0}" role="img" aria-label="{1}" width="{2}" height="{3}" viewBox="0 0 {2} {3}">{4}</svg>',
        kind, finding, wide, high, format_html_join("", "{}", ((part,) for part in parts)),
    )  # fmt: skip


def _scale(
    points: Sequence[Point], also: Sequence[float | None], wide: int, high: int, bare: bool = False
) -> _Scale:
    """From the least to the most that is drawn, with a tenth of room, ends on whole steps of the axis."""
    seen = [v for p in points for v in (p.value, p.low, p.high) if v is not None]
    seen += [v for v in also if v is not None]
    least, most = (min(seen), max(seen)) if seen else (0.0, 1.0)
    room = (most - least) * 0.1 or abs(most) * 0.1 or 1.0
    floor = 0.0 if least >= 0 else -math.inf
    ceiling = 100.0 if 50 < most <= 100 else math.inf
    least, most = max(least - room, floor), min(most + room, ceiling)
    step = _step((most - least) / 4)
    least, most = math.floor(least / step + 1e-9) * step, math.ceil(most / step - 1e-9) * step
    left, right, top, foot = (8.0, 10.0, 8.0, 8.0) if bare else (_LEFT, _RIGHT, _TOP, _FOOT)
    each = (wide - left - right - 12) / max(1, len(points) - 1)
    return _Scale(least, most, step, wide - right, high - foot, top, left + 6, each)


def _step(rough: float) -> float:
    ten = 10 ** math.floor(math.log10(rough))
    return next(ten * k for k in (1, 2, 5, 10) if ten * k >= rough * 0.999)


def _axis(scale: _Scale, points: Sequence[Point]) -> Iterator[SafeString]:
    """Hairlines with their figures, months below: as many as do not touch."""
    places = max(0, -math.floor(math.log10(scale.step) + 1e-9))
    for n in range(round((scale.high - scale.low) / scale.step) + 1):
        value = scale.low + n * scale.step
        y = short(scale.y(value))
        yield format_html('<path class="hair" d="M{} {}H{}"/>', short(scale.left - 6), y, short(scale.wide))
        yield format_html(
            '<text x="{}" y="{}" text-anchor="end">{}</text>',
            short(scale.left - 12), short(scale.y(value) + 4.5), number(value, places),
        )  # fmt: skip
    every = max(1, math.ceil(48 / max(scale.each, 1)))
    for nth, point in enumerate(points):
        if (len(points) - 1 - nth) % every == 0:
            yield format_html(
                '<text x="{}" y="{}" text-anchor="middle">{}</text>',
                short(scale.x(nth)), short(scale.ground + 21), f"{point.month:%m/%y}",
            )  # fmt: skip


def _limits(scale: _Scale, limits: Sequence[tuple[float, float] | None]) -> Iterator[SafeString]:
    """Both ends of what each month was expected to be, as steps of a month's width."""
    half = scale.each / 2
    for nth, pair in enumerate(limits):
        left, right = max(scale.x(nth) - half, scale.left - 6), min(scale.x(nth) + half, scale.wide)
        for limit in pair or ():
            y = short(scale.y(limit))
            yield format_html('<path class="limit" d="M{} {}H{}"/>', short(left), y, short(right))


def _rules(scale: _Scale, points: Sequence[Point], level: float | None, word: str) -> Iterator[SafeString]:
    start, end = short(scale.left - 6), short(scale.wide)
    if level is not None:
        y = scale.y(level)
        yield format_html('<path class="level" d="M{} {}H{}"/>', start, short(y), end)
        if word:
            above = y - 7 if y - scale.top > 8 else y + 18
            x, anchor = (end, "end") if _free(scale, points, above) else (start, "start")
            yield format_html(
                '<text class="word" x="{}" y="{}" text-anchor="{}">{}</text>', x, short(above), anchor, word
            )


def _free(scale: _Scale, points: Sequence[Point], y: float) -> bool:
    """Whether words at this height meet less of the line at the right end than at the left."""
    part = max(1, len(points) // 3)

    def room(some: Sequence[Point]) -> float:
        return min((abs(scale.y(p.value) - y) for p in some if p.value is not None), default=math.inf)

    return room(points[-part:]) >= room(points[:part])


def _runs(points: Sequence[Point], whole: bool) -> Iterator[list[tuple[int, Point]]]:
    """Months without a gap; ``whole``: those that have an interval too."""

    def there(pair: tuple[int, Point]) -> bool:
        return pair[1].value is not None and (not whole or None not in (pair[1].low, pair[1].high))

    return (list(run) for kept, run in groupby(enumerate(points), there) if kept)


def _bands(scale: _Scale, points: Sequence[Point]) -> Iterator[SafeString]:
    for run in _runs(points, whole=True):
        tops = [(scale.x(n), scale.y(p.high)) for n, p in run if p.high is not None]
        feet = [(scale.x(n), scale.y(p.low)) for n, p in run if p.low is not None]
        if len(run) == 1:
            x = tops[0][0]
            tops, feet = (
                [(x - 4, tops[0][1]), (x + 4, tops[0][1])],
                [(x - 4, feet[0][1]), (x + 4, feet[0][1])],
            )
        path = "L".join(f"{short(x)} {short(y)}" for x, y in [*tops, *reversed(feet)])
        yield format_html('<path class="band" d="M{}Z"/>', path)


def _lines(scale: _Scale, points: Sequence[Point]) -> Iterator[SafeString]:
    for run in _runs(points, whole=False):
        if len(run) > 1:
            path = "L".join(f"{short(scale.x(n))} {short(scale.y(p.value or 0))}" for n, p in run)
            yield format_html('<path class="line" d="M{}"/>', path)


def _mark(scale: _Scale, nth: int, point: Point) -> SafeString:
    """A month by its shape: a dot, a triangle at risk, a cross where broken, a ring of too few, a dash on the axis."""
    x = scale.x(nth)
    if point.value is None:
        return format_html(
            '<path class="gap" d="M{} {}h8"><title>{}</title></path>',
            short(x - 4), short(scale.ground - 5), say("chưa đo", "not measured"),
        )  # fmt: skip
    y = scale.y(point.value)
    if point.state == BROKEN:
        return format_html('<path class="broken" d="M{} {}l10 10m0 -10l-10 10"/>', short(x - 5), short(y - 5))
    if point.state == AT_RISK:
        return format_html('<path class="risk" d="M{} {}l6 10.4h-12Z"/>', short(x), short(y - 7))
    kind = "few" if point.state == TOO_FEW else "dot"
    return format_html('<circle class="{}" cx="{}" cy="{}" r="4.5"/>', kind, short(x), short(y))
