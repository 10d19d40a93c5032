"""The page's pictures as inline SVG of attributes and classes: whiskers, ten diamonds, survival lines.

Colours come from the page's style sheet; every picture with a finding of its own says it in
``aria-label``. Bars and whiskers use percentages, so that they fit any width unstretched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from markupsafe import Markup

from tantam import money
from tantam.look.figures import short
from tantam.look.words import Words

Arm = Sequence[Mapping[str, Any]]
Box = tuple[float, float, float, float]
"""Left, right, top, bottom of the drawing ground."""
State = Literal["gain", "none", "loss", "wait"]

DIAMOND = Markup('<path d="M8 1 15 8 8 15 1 8Z"/>')
_TICK = Markup('<path class="in" d="M5 8.2 7.2 10.4 11 6"/>')


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
        return short(50 + 48 * max(-1.0, min(1.0, x / scale)))

    wide = short(max(0.4, 48 * (max(-scale, min(scale, high)) - max(-scale, min(scale, low))) / scale))
    return Markup(
        '<svg class="whisker {}" role="img" aria-label="{}" width="100%" height="26">'
        '<line class="axis" x1="2%" x2="98%" y1="13" y2="13"/>'
        '<rect class="span" x="{}%" y="8" width="{}%" height="10"/>'
        '<line class="zero" x1="50%" x2="50%" y1="3" y2="23"/><circle cx="{}%" cy="13" r="5.5"/></svg>'
    ).format(state, finding, at(low), wide, at(effect))


def survival(arms: Mapping[str, Arm], w: Words, width: int, finding: str) -> Markup:
    """Share still with us by day, treated against held out, each with its 95 % band, at ``width`` pixels.

    The vertical axis begins at a whole percentage under everything drawn; the caption says so.
    """
    narrow = width < 600
    box: Box = (56, width - 16, 20, 272) if narrow else (72, width - 170, 20, 312)
    last = max(int(p["day"]) for arm in arms.values() for p in arm) or 1
    floor = floor_percent(arms) / 100
    parts = [_grid(box, last, floor, w)]
    for name in ("control", "treated"):
        if arms.get(name):
            parts.append(_line(box, arms[name], name, last, floor))
    parts.append(_ends(box, arms, floor, w, narrow))
    kind, height = ("phone" if narrow else "desk"), box[3] + 48
    return Markup(
        '<svg class="survival {}" role="img" aria-label="{}" width="{}" height="{}" viewBox="0 0 {} {}">'
        "{}</svg>"
    ).format(kind, finding, width, height, width, height, Markup("").join(parts))


def floor_percent(arms: Mapping[str, Arm]) -> int:
    """Where the axis begins: a whole percentage below every band, at least one under 100."""
    low = min(float(p["low"]) for arm in arms.values() for p in arm)
    return max(0, min(99, int(100 * low)))


def _x(box: Box, day: float, last: int) -> float:
    return box[0] + (box[1] - box[0]) * day / last


def _y(box: Box, share: float, floor: float) -> float:
    return box[3] - (box[3] - box[2]) * (share - floor) / (1 - floor)


def _level(kind: str, box: Box, y: float) -> Markup:
    return Markup('<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(
        kind, box[0], box[1], short(y), short(y)
    )


def _text(x: float, y: float, anchor: str, words: object) -> Markup:
    return Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(short(x), short(y), anchor, words)


def _grid(box: Box, last: int, floor: float, w: Words) -> Markup:
    """Lines at round percentages, the days under the axis, and what the axis counts."""
    low = round(100 * floor)
    step = next((s for s in (1, 2, 5, 10, 20) if (100 - low) / s <= 7), 25)
    parts = [_level("axis", box, box[3])]
    for percent in range(100, low - 1, -step):
        y = _y(box, percent / 100, floor)
        parts += [_level("rule", box, y), _text(box[0] - 8, y + 4.5, "end", w.pct(percent / 100, 0))]
    parts += [_text(_x(box, d, last), box[3] + 20, "middle", d) for d in range(0, last + 1, 30)]
    counts = w.t("ngày sau khi ưu đãi kết thúc", "days after the promotion ended")
    return Markup("").join([*parts, _text((box[0] + box[1]) / 2, box[3] + 40, "middle", counts)])


def _line(box: Box, arm: Arm, name: str, last: int, floor: float) -> Markup:
    def points(field: str, rows: Arm) -> list[str]:
        return [f"{_x(box, p['day'], last):.1f} {_y(box, float(p[field]), floor):.1f}" for p in rows]

    band = points("low", arm) + points("high", arm)[::-1]
    return Markup('<path class="band {}" d="M{}Z"/><path class="line {}" d="M{}"/>').format(
        name, "L".join(band), name, "L".join(points("survival", arm))
    )


def _ends(box: Box, arms: Mapping[str, Arm], floor: float, w: Words, narrow: bool) -> Markup:
    """The lines' names: at their ends, two text lines apart; on a phone over the one and under the other."""
    words = {"treated": w.t("Được chăm sóc", "Cared for"), "control": w.t("Để đối chứng", "Held out")}
    named = sorted(((float(arms[n][-1]["survival"]), n) for n in words if arms.get(n)), reverse=True)
    ys = [_y(box, value, floor) for value, _ in named]
    if len(ys) == 2 and ys[1] - ys[0] < 48:
        ys = [sum(ys) / 2 - 24, sum(ys) / 2 + 24]
    spots = [(box[1] + 12, y, "start") for y in ys]
    if narrow:
        spots = [(box[1], box[2] + 14, "end"), (box[0] + 10, box[3] - 34, "start")]
    named_at = zip(named, spots, strict=False)
    return Markup("").join(
        Markup('<g class="end">{}{}</g>').format(
            _text(x, y, anchor, words[name]), _text(x, y + 20, anchor, w.pct(value))
        )
        for (value, name), (x, y, anchor) in named_at
    )


def scale_of(bounds: Sequence[float]) -> float:
    """A common scale for many whiskers: the largest bound, a little enlarged, never zero."""
    return max((abs(b) for b in bounds), default=0.0) * 1.05 or 1.0


def scale_text(scale: float, outcome: str, w: Words) -> str:
    """The two ends of the common scale, in the outcome's unit."""
    number = money.decimal(
        scale if outcome == "spend" else 100 * scale, 0 if outcome == "spend" else 1, w.lang
    )
    return f"−{number} … +{number}"
