"""The proof of the made-up round: some offers help, one harms, small ones cannot be told."""

from __future__ import annotations

import math
import random
from typing import Any

HORIZONS = (30, 60, 90)
Offers = tuple[tuple[str, str, str, str, int, int, int | None], ...]


def proof(known: tuple[int, ...], offers: Offers) -> list[dict[str, Any]]:
    rng = random.Random(11)
    rows = []
    for i, (name, *_, persons, _seats) in enumerate(offers):
        lift = (0.019, 0.012, 0.002, 0.015, 0.001, 0.031, -0.001, 0.008, 0.022, -0.017)[i]
        for estimand in ("against nothing", "against the next best offer"):
            treated = int(persons * 0.98)
            control = max(40, int(persons / (49 if estimand == "against nothing" else 9)))
            for outcome, unit in (("active", 1.0), ("spend", 900_000.0), ("became_postpaid", 0.4)):
                for day in HORIZONS:
                    enough = day in known and control >= 100
                    half = 0.16 / math.sqrt(control) * unit
                    effect = (lift * (0.6 + day / 150) + rng.gauss(0, 0.001)) * unit
                    told = (effect, effect - half, effect + half, effect - 1.3 * half, effect + 1.3 * half)
                    e, lo, hi, alo, ahi = told if enough else (None,) * 5
                    rows.append(
                        {
                            "offer": name,
                            "outcome": outcome,
                            "horizon_days": day,
                            "estimand": estimand,
                            "treated_n": treated,
                            "control_n": control,
                            "effect": e,
                            "low": lo,
                            "high": hi,
                            "enough": enough,
                            "adjusted_low": alo,
                            "adjusted_high": ahi,
                            "p_adjusted": 0.04 if enough else None,
                            "sentence_vi": "…",
                            "sentence_en": "…",
                        }
                    )
    return rows


def after_life() -> dict[str, Any]:
    def arm(rate: float, n: int) -> list[dict[str, Any]]:
        days, alive = [], float(n)
        for day in range(91):
            hazard = 0.0 if day == 0 else rate * math.exp(-day / 70)
            left = alive * hazard
            alive -= left
            share = alive / n
            half = 1.96 * math.sqrt(max(share * (1 - share), 1e-9) / n)
            days.append(
                {
                    "day": day,
                    "at_risk": int(alive + left),
                    "left": int(left),
                    "hazard": hazard,
                    "survival": share,
                    "low": share - half,
                    "high": min(1.0, share + half),
                }
            )
        return days

    return {
        "arms": {"treated": arm(0.00105, 14_970), "control": arm(0.0016, 1_663)},
        "sentence_vi": "Sau 90 ngày từ khi hết ưu đãi, 94,9 % người được chăm sóc còn ở, đối chứng 92,3 %.",
        "sentence_en": "90 days after the promotion ended, 94.9% of those cared for stayed; held out 92.3%.",
    }


def powers(offers: Offers) -> list[dict[str, Any]]:
    return [
        {
            "offer": name,
            "estimand": "against the next best offer",
            "outcome": "active",
            "horizon_days": day,
            "treated_n": persons,
            "control_n": persons // 9,
            "detectable": 2.8 * 0.22 / math.sqrt(persons / 9),
            "sentence_vi": "…",
            "sentence_en": "…",
        }
        for name, *_, persons, _seats in offers
        for day in HORIZONS
    ]
