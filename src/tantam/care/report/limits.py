"""What each limit costs at the margin, in the few lines a director reads: the dearest of those that bind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tantam.care.report.words import parted
from tantam.look.words import Words, kept_together

MOST = 12


@dataclass(frozen=True)
class Told:
    """One line: the limit's name, what one step more costs or brings, and how many like it bind."""

    title: str
    cost: str
    more: str


def told(limits: Iterable[Mapping[str, Any]], w: Words) -> list[Told]:
    """The dozen limits that bind most: nationwide ones, then of each kind by province the dearest one.

    ``limits`` come as the round wrote them, the dearest first; a name ends in ``@code`` where it holds in one
    province.
    """
    rows = list(limits)
    whole = [m for m in rows if m["tight"] and "@" not in m["name"]]
    kinds: dict[str, list[Mapping[str, Any]]] = {}
    for m in rows:
        if "@" in m["name"]:
            kinds.setdefault(_kind(m), []).append(m)
    local = [(kind[0], _others(kind, w)) for kind in kinds.values() if kind[0]["tight"]]
    chosen = sorted(
        [(m, "") for m in whole] + local, key=lambda pair: (pair[0]["sense"] != ">=", rows.index(pair[0]))
    )
    return [Told(*_parts(m, w), more) for m, more in chosen[:MOST]]


def _kind(limit: Mapping[str, Any]) -> str:
    return str(limit["name"]).rpartition("@")[0]


def _others(kind: list[Mapping[str, Any]], w: Words) -> str:
    """How many provinces the same limit binds in; the line itself speaks of the dearest."""
    tight = sum(1 for m in kind if m["tight"])
    return w.t(
        f"Chạm ở {tight} trong {len(kind)} tỉnh; đây là nơi giá cao nhất.",
        f"Binds in {tight} of {len(kind)} provinces; this is where it costs most.",
    )


def _parts(limit: Mapping[str, Any], w: Words) -> tuple[str, str]:
    title, cost = parted(kept_together(w.name(limit)))
    return title, cost[:1].upper() + cost[1:]
