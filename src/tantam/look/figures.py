"""Pictures that many pages share, as inline SVG of attributes and classes; colours come from the style sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup


def short(number: float) -> str:
    """A coordinate with at most two decimals."""
    return f"{round(number, 2) + 0.0:g}"


def bar(share: float, *, tick: float | None = None, kind: str = "") -> Markup:
    """A bar of a share 0–1 on its track; ``tick`` marks a floor. The text beside it says the same."""
    mark = (
        ""
        if tick is None
        else Markup('<rect class="tick" x="{}%" width="2" height="14"/>').format(short(100 * tick))
    )
    return Markup(
        '<svg class="bar {}" aria-hidden="true" width="100%" height="14">'
        '<rect class="track" y="3" width="100%" height="8" rx="2"/>'
        '<rect class="full" y="3" width="{}%" height="8" rx="2"/>{}</svg>'
    ).format(kind, short(100 * min(1.0, max(0.0, share))), mark)


def stack(shares: Iterable[tuple[str, float]], *, label: str = "") -> Markup:
    """Shares of one whole side by side, each with its class; without ``label`` the text beside it says the same."""
    parts, at = [], 0.0
    for kind, share in shares:
        parts.append(
            Markup('<rect class="{}" x="{}%" width="{}%" height="14"/>').format(
                kind, short(100 * at), short(100 * max(0.0, min(share, 1 - at)))
            )
        )
        at = min(1.0, at + share)
    said = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="stack" {} width="100%" height="14">{}</svg>').format(
        said, Markup("").join(parts)
    )


def trend(
    values: Sequence[float], finding: str, *, kind: str = "", size: tuple[int, int] = (240, 56)
) -> Markup:
    """Numbers over equal stretches of time as a line from nought up, its last point a dot; ``finding`` is read aloud.

    Every line has the height of its own largest number: lines side by side compare shapes, not sizes.
    """
    wide, high = size
    left, right, top, ground = 6.0, wide - 8.0, 8.0, high - 4.0
    most = max([*values, 1])
    step = (right - left) / max(1, len(values) - 1)
    first = left if len(values) > 1 else right
    points = [
        (short(first + i * step), short(ground - (ground - top) * value / most))
        for i, value in enumerate(values)
    ]
    line = "L".join(f"{x} {y}" for x, y in points)
    drawn = (
        Markup('<path class="under" d="M{} {}L{}L{} {}Z"/><path class="line" d="M{}"/>').format(
            points[0][0], short(ground), line, points[-1][0], short(ground), line
        )
        if len(points) > 1
        else Markup("")
    )
    dot = Markup('<circle cx="{}" cy="{}" r="4.5"/>').format(*points[-1]) if points else Markup("")
    return Markup(
        '<svg class="trend {}" role="img" aria-label="{}" width="{}" height="{}" viewBox="0 0 {} {}">'
        '<path class="ground" d="M{} {}H{}"/>{}{}</svg>'
    ).format(kind, finding, wide, high, wide, high, short(left), short(ground), short(right), drawn, dot)
