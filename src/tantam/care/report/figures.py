"""The page's pictures as inline SVG of attributes and classes: bars, whiskers, ten diamonds, survival lines.

Colours come from the page's style sheet; every picture that says something of its own carries it as ``aria-label``.
Bars and whiskers use percentages, so they fit any width without their text or dots being stretched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from markupsafe import Markup

from tantam import money
from tantam.care.report.words import Words

Arm = Sequence[Mapping[str, Any]]
Box = tuple[float, float, float, float]
"""Left, right, top, bottom of the drawing ground."""
State = Literal["gain", "none", "loss", "wait"]

DIAMOND = Markup('<path d="M8 1 15 8 8 15 1 8Z"/>')
_TICK = Markup('<path class="in" d="M5 8.2 7.2 10.4 11 6"/>')


def _f(number: float) -> str:
    return f"{round(number, 2) + 0.0:g}"


def bar(share: float, *, tick: float | None = None, kind: str = "") -> Markup:
    """A bar of a share 0–1 on its track; ``tick`` marks a floor or a cap. Said in the text beside it, so hidden."""
    mark = "" if tick is None else Markup('<rect class="tick" x="{}%" width="2" height="14"/>').format(_f(100 * tick))
    return Markup(
        '<svg class="bar {}" aria-hidden="true" width="100%" height="14"><rect class="track" y="2" width="100%" height="10" '
        'rx="2"/><rect class="full" y="2" width="{}%" height="10" rx="2"/>{}</svg>'
    ).format(kind, _f(100 * min(1.0, max(0.0, share))), mark)


def diamonds(share: float) -> Markup:
    """Ten diamonds, as many hollow as people of ten are held out; at least one."""
    hollow = min(9, max(1, round(10 * share)))
    spot = 4
    knots = Markup("").join(
        Markup('<g class="{}" transform="translate({} 1)">{}</g>').format(
            "hollow" if spot <= i < spot + hollow or i < spot + hollow - 10 else "done", 22 * i, DIAMOND
        )
        for i in range(10)
    )
    return Markup('<svg class="ten" aria-hidden="true" width="216" height="18">{}</svg>').format(knots)


def knot(state: str) -> Markup:
    """The diamond of one step of the thread: done, kept (with its tick), or next (hollow)."""
    return Markup('<svg class="knot {}" aria-hidden="true" width="16" height="16">{}{}</svg>').format(
        state, DIAMOND, _TICK if state == "kept" else ""
    )


def whisker(effect: float, low: float, high: float, scale: float, state: State, finding: str) -> Markup:
    """An interval with its value on a line from −scale to +scale; the zero line is always drawn."""

    def at(x: float) -> str:
        return _f(50 + 48 * max(-1.0, min(1.0, x / scale)))

    wide = _f(max(0.4, 48 * (max(-scale, min(scale, high)) - max(-scale, min(scale, low))) / scale))
    return Markup(
        '<svg class="whisker {}" role="img" aria-label="{}" width="100%" height="26">'
        '<line class="axis" x1="2%" x2="98%" y1="13" y2="13"/><rect class="span" x="{}%" y="8" width="{}%" height="10"/>'
        '<line class="zero" x1="50%" x2="50%" y1="3" y2="23"/><circle cx="{}%" cy="13" r="5.5"/></svg>'
    ).format(state, finding, at(low), wide, at(effect))


def survival(arms: Mapping[str, Arm], w: Words, width: int, finding: str) -> Markup:
    """Share still with us by day, treated against held out, each with its 95 % band, at ``width`` pixels.

    The vertical axis begins at a whole percentage under everything drawn; the caption says so.
    """
    narrow = width < 600
    box: Box = (56, width - (16 if narrow else 150), 20, 272 if narrow else 312)
    last = max(int(p["day"]) for arm in arms.values() for p in arm) or 1
    floor = floor_percent(arms) / 100
    parts = [_grid(box, last, floor, w, narrow)]
    for name in ("control", "treated"):
        if arms.get(name):
            parts.append(_line(box, arms[name], name, last, floor))
    parts.append(_ends(box, arms, floor, w, narrow))
    return Markup(
        '<svg class="survival {}" role="img" aria-label="{}" width="{}" height="{}" viewBox="0 0 {} {}">{}</svg>'
    ).format("phone" if narrow else "desk", finding, width, box[3] + 48, width, box[3] + 48, Markup("").join(parts))


def floor_percent(arms: Mapping[str, Arm]) -> int:
    """Where the axis begins: a whole percentage below every band, at least one under 100."""
    low = min(float(p["low"]) for arm in arms.values() for p in arm)
    return max(0, min(99, int(100 * low)))


def _x(box: Box, day: float, last: int) -> float:
    return box[0] + (box[1] - box[0]) * day / last


def _y(box: Box, share: float, floor: float) -> float:
    return box[3] - (box[3] - box[2]) * (share - floor) / (1 - floor)


def _grid(box: Box, last: int, floor: float, w: Words, narrow: bool) -> Markup:
    low = round(100 * floor)
    step = next((s for s in (1, 2, 5, 10, 20) if (100 - low) / s <= 7), 25)
    lines = [
        Markup('<line class="rule" x1="{}" x2="{}" y1="{}" y2="{}"/><text x="{}" y="{}" text-anchor="end">{}</text>').format(
            _f(box[0]), _f(box[1]), _f(y), _f(y), _f(box[0] - 8), _f(y + 4.5), w.pct(p / 100, 0)
        )
        for p in range(100, low - 1, -step)
        for y in (_y(box, p / 100, floor),)
    ]
    days = [d for d in (0, 30, 60, 90, 120, 150, 180) if d <= last]
    lines += [
        Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(_f(_x(box, d, last)), _f(box[3] + 20), d)
        for d in days
    ]
    lines.append(
        Markup('<line class="axis" x1="{}" x2="{}" y1="{}" y2="{}"/><text x="{}" y="{}" text-anchor="middle">{}</text>').format(
            _f(box[0]), _f(box[1]), _f(box[3]), _f(box[3]), _f((box[0] + box[1]) / 2), _f(box[3] + 40),
            w.t("ngày sau khi ưu đãi kết thúc", "days after the promotion ended"),
        )
    )
    return Markup("").join(lines)


def _line(box: Box, arm: Arm, name: str, last: int, floor: float) -> Markup:
    def points(field: str, rows: Arm) -> list[str]:
        return [f"{_f(_x(box, p['day'], last))} {_f(_y(box, float(p[field]), floor))}" for p in rows]

    band = points("low", arm) + points("high", arm)[::-1]
    return Markup('<path class="band {}" d="M{}Z"/><path class="line {}" d="M{}"/>').format(
        name, "L".join(band), name, "L".join(points("survival", arm))
    )


def _ends(box: Box, arms: Mapping[str, Arm], floor: float, w: Words, narrow: bool) -> Markup:
    """The names of the lines at their ends, at least two text lines apart; on a phone over and under the lines."""
    named = [(n, arms[n][-1]["survival"]) for n in ("treated", "control") if arms.get(n)]
    named.sort(key=lambda pair: -pair[1])
    words = {"treated": w.t("được chăm sóc", "cared for"), "control": w.t("để đối chứng", "held out")}
    ys = [_y(box, float(v), floor) for _, v in named]
    if len(ys) == 2 and ys[1] - ys[0] < 40:
        middle = (ys[0] + ys[1]) / 2
        ys = [middle - 20, middle + 20]
    if narrow:
        ys = [box[2] + 14, box[3] - 32][: len(ys)]
    out = []
    for (name, value), y in zip(named, ys, strict=True):
        x, anchor = (box[1] + 12, "start") if not narrow else (box[1], "end") if y < box[3] / 2 else (box[0] + 10, "start")
        out.append(
            Markup('<text class="end {}" x="{}" text-anchor="{}"><tspan x="{}" y="{}">{}</tspan><tspan x="{}" y="{}">{}</tspan></text>').format(
                name, _f(x), anchor, _f(x), _f(y), words[name], _f(x), _f(y + 17), w.pct(float(value))
            )
        )
    return Markup("").join(out)


def scale_of(bounds: Sequence[float]) -> float:
    """A common scale for many whiskers: the largest bound, a little enlarged, never zero."""
    return max((abs(b) for b in bounds), default=0.0) * 1.05 or 1.0


def scale_text(scale: float, outcome: str, w: Words) -> str:
    """The two ends of the common scale, in the outcome's unit."""
    number = money.decimal(scale if outcome == "spend" else 100 * scale, 0 if outcome == "spend" else 1, w.lang)
    return f"−{number} … +{number}"
