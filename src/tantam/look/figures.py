"""Pictures that many pages share, as inline SVG of attributes and classes; colours come from the style sheet."""

from __future__ import annotations

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
