"""What read the opinions, and how often it is right on texts it never learnt from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from tantam import money
from tantam.listen.report.words import HEADS
from tantam.look.words import Words

if TYPE_CHECKING:
    from tantam.listen.heads.measure import Measured


def facts(plan: Mapping[str, Any], w: Words) -> list[tuple[str, str]]:
    """The model as lines of label and value: for the shipped one F1 and how many of the opinions set aside were read
    right, head by head; for another one only its mark."""
    read_with = str(plan.get("model") or "–")
    if read_with != _shipped():
        return [(w.t("Mô hình của riêng bạn, dấu", "A model of your own, its mark"), read_with)]
    lines = [(w.t("Mô hình đi kèm Tận Tâm, dấu", "The model that comes with Tận Tâm, its mark"), read_with)]
    for m in _measured():
        right = w.t(
            f"đúng {w.n(round(m.right * m.n))} trong {w.n(m.n)}",
            f"{w.n(round(m.right * m.n))} of {w.n(m.n)} right",
        )
        lines.append(
            (
                w.t(*HEADS[m.head]),
                f"{right}; F1 {money.decimal(m.weighted_f1, 2, w.lang)}".replace(" ", "\u00a0"),
            )
        )
    return lines


@cache
def _shipped() -> str:
    from tantam.listen.heads import SHIPPED
    from tantam.listen.run.parts import digest

    return digest(SHIPPED.read_bytes())


@cache
def _measured() -> tuple[Measured, ...]:
    """The shipped model on the opinions that were set aside before it was trained: a fraction of a second."""
    from tantam.listen.heads import shipped
    from tantam.listen.heads.measure import measure
    from tantam.listen.telecom import opinions

    rows = opinions("aside.csv")
    texts = [row["text"] for row in rows]
    return tuple(measure(shipped(), texts, [row[head] for row in rows], head) for head in HEADS)
