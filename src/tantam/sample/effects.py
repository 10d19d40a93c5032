"""The hidden effects of offers: what each does to leaving, spending and becoming postpaid, and for whom more.

Some help, some do nothing, one harms. They depend on the seed, the offer's name and the subscriber's columns
alone; the effects of several offers add up. Relief and notices have none here: they are given for need, not
for an outcome.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from tantam import keys

Floats = NDArray[np.float64]
TRAITS = ("promotion", "complaints", "tenure", "spend", "young")
"""What an effect may vary by; each trait is between −1 and 1 (:func:`tantam.sample.life.read`)."""
STRONGEST = 1.2
"""The sum of effects on leaving stays within e^−1.2 … e^1.2 times the usual hazard."""


@dataclass(frozen=True)
class Effect:
    """``leave`` and ``postpaid`` are logs of relative hazards, ``spend`` is đồng a month while active.

    All three are multiplied by 1 + ``tilt`` × the trait ``by``.
    """

    leave: float = 0.0
    spend: float = 0.0
    postpaid: float = 0.0
    by: str = "tenure"
    tilt: float = 0.0


SHIPPED = {
    "vip_concert": Effect(-0.10, 6_000, 0.0, "spend", 0.5),
    "vip_shopping": Effect(-0.06, 9_000, 0.0, "spend", 0.4),
    "vip_travel": Effect(-0.25, 12_000, 0.0, "spend", 0.5),
    "birthday_choice": Effect(),
    "care_points": Effect(-0.06, 2_500, 0.0, "tenure", 0.3),
    "retention_bonus": Effect(-0.45, 3_000, 0.0, "promotion", 0.4),
    "device_gift": Effect(-0.25, 7_000, 0.1, "young", 0.4),
    "free_charges": Effect(-0.18, -3_000, 0.0, "promotion", 0.3),
    "move_to_postpaid": Effect(-0.05, 8_000, 1.3, "spend", 0.3),
    "cafe_meeting": Effect(-0.30, 2_000, 0.0, "complaints", 0.5),
    "worker_tariff": Effect(-0.20, 4_000, 0.0, "young", 0.3),
    "apology_call": Effect(-0.35, 1_500, 0.0, "complaints", 0.4),
    "data_weekend": Effect(0.0, 0.0, 0.0),
    "expiry_reminder": Effect(0.35, -1_000, 0.0, "promotion", 0.4),
}
"""The shape of the effect of each offer of ``tantam sample offers``; the seed stretches it a little."""


def hidden(seed: int, offer: str) -> Effect:
    """The effect of an offer: a shipped one's shape stretched by ×0.8 … ×1.2, or a modest drawn one."""
    rng = np.random.default_rng(keys.seed_of(f"sample effects {seed}", offer))
    shape = SHIPPED.get(offer)
    if shape is None:
        by = TRAITS[int(rng.integers(len(TRAITS)))]
        return Effect(
            rng.normal(-0.12, 0.12), rng.normal(3_000, 3_000), rng.normal(0.0, 0.15), by, rng.uniform(0, 0.5)
        )
    stretch = rng.uniform(0.8, 1.2, 3)
    return Effect(
        shape.leave * stretch[0], shape.spend * stretch[1], shape.postpaid * stretch[2], shape.by, shape.tilt
    )


def described(seed: int) -> dict[str, dict[str, float | str]]:
    """The effects of the shipped offers, for ``truth.json``."""
    return {offer: asdict(hidden(seed, offer)) for offer in SHIPPED}


@dataclass(frozen=True)
class Shift:
    """What a set of offers does to each of ``n`` people: factors on two hazards, and đồng a month."""

    leave: Floats
    spend: Floats
    postpaid: Floats


def shift(traits: dict[str, Floats], sets: NDArray[np.int64], effects: list[Effect]) -> Shift:
    """The effects of each person's set added up; ``sets`` holds bit ``j`` where he has offer ``j``."""
    leave, spend, postpaid = np.zeros((3, sets.size))
    for j, effect in enumerate(effects):
        has = np.flatnonzero(sets >> j & 1)
        if has.size:
            more = 1.0 + effect.tilt * traits[effect.by][has]
            leave[has] += effect.leave * more
            spend[has] += effect.spend * more
            postpaid[has] += effect.postpaid * more
    return Shift(np.exp(np.clip(leave, -STRONGEST, STRONGEST)), spend, np.exp(postpaid))
