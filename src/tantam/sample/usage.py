"""How the made-up subscribers use the service: spending with a heavy tail, promotions and what follows
their end, complaints, tiers. A part of each promotion's people is already gone, as the articles tell.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tantam.base.columns import SPEND
from tantam.clock import parse_day
from tantam.sample.people import ON, Floats, Ints, People, days, pick, words

PROMOTIONS = (
    ("TET2026", parse_day("2026-03-10"), 0.05),
    ("HE2026", parse_day("2026-09-20"), 0.07),
    ("KHAITRUONG2026", parse_day("2026-10-25"), 0.07),
    ("PHUNU2010", parse_day("2026-11-12"), 0.05),
    ("NHAGIAO2011", parse_day("2026-12-01"), 0.04),
    ("NOEL2026", parse_day("2026-12-25"), 0.03),
)
"""Cohorts: name, usual last day, share of all subscribers."""
WELCOME = "CHAOMOI"
WELCOME_DAYS = 90
GONE_AFTER_PROMOTION = 0.30
"""The share of a promotion's people who are gone long after its end."""

MOST_A_MONTH = 8_000_000.0
TIERS = (("silver", 1_500_000), ("gold", 3_000_000), ("diamond", 6_000_000))
"""Tier, and from what spend in six months."""
_TIERS = [name for name, _ in TIERS]
_PLANS = ("MASS", "SINH_VIEN", "CONG_NHAN", "DATA90", "V120", "V200", "V500")


def draw(rng: np.random.Generator, people: People) -> dict[str, pa.Array]:
    """The usage columns of a chunk, their tiers and plans."""
    n = people.joined.size
    promotion, ended = _promotions(rng, people)
    active = _last_active(rng, people, promotion, ended)
    spend = _spend(rng, people, active)
    six = np.nansum(spend, axis=0)
    level = np.nan_to_num(spend[1])
    young = np.clip((45 - people.age) / 20, -0.8, 1.0)
    data = np.exp(rng.normal(7.6, 0.9, n) + 0.5 * young + 0.25 * people.postpaid)
    topups = rng.poisson(np.minimum(3 * level / 60_000, 40))
    unhappy = rng.random(n) < 0.10
    return {
        "plan": _plans(rng, people, six),
        **{
            name: pa.array(np.nan_to_num(row).astype(np.int64), mask=np.isnan(row))
            for name, row in zip(SPEND, spend, strict=True)
        },
        "topups_90d": pa.array(topups, mask=people.postpaid | (rng.random(n) < 0.01)),
        "data_mb_30d": pa.array(
            np.where(active < ON - 30, 0, data).astype(np.int64), mask=rng.random(n) < 0.02
        ),
        "complaints_180d": pa.array(rng.poisson(np.where(unhappy, 1.4, 0.06)), mask=rng.random(n) < 0.03),
        "promotion": words(promotion, (*(name for name, _, _ in PROMOTIONS), WELCOME)),
        "promotion_ended_on": days(ended, promotion < 0),
        "last_active_on": days(active, rng.random(n) < 0.015),
        "tier": words(np.searchsorted([least for _, least in TIERS], six, side="right") - 1, _TIERS),
    }


def _promotions(rng: np.random.Generator, people: People) -> tuple[Ints, Ints]:
    """Index of the promotion (-1: none) and its last day; the newest subscribers are in the welcome
    promotion.
    """
    n = people.joined.size
    shares = [share for _, _, share in PROMOTIONS]
    index = pick(rng, n, (*shares, 1 - sum(shares)))
    last = np.array([day for _, day, _ in PROMOTIONS] + [0])[index] + rng.integers(-12, 13, n)
    new = people.joined > ON - 150
    index = np.where(new, len(PROMOTIONS), np.where(index == len(PROMOTIONS), -1, index))
    ended = np.where(new, people.joined + WELCOME_DAYS, last)
    index = np.where(~new & (ended < people.joined), -1, index)
    return index, ended


def _last_active(rng: np.random.Generator, people: People, promotion: Ints, ended: Ints) -> Ints:
    """Most were active these days; some are dormant; more of those whose promotion ended are already gone."""
    n = ended.size
    since = np.where((promotion >= 0) & (ended < ON), ON - ended, 0)
    left = rng.random(n) < GONE_AFTER_PROMOTION * (1 - np.exp(-since / 30))
    dormant = rng.random(n) < 0.03
    day = ON - rng.geometric(0.4, n) + 1
    day = np.where(dormant, ON - 30 - rng.exponential(60, n).astype(np.int64), day)
    gone = ended + np.minimum(rng.exponential(12, n), 0.8 * since).astype(np.int64)
    return np.clip(np.where(left, gone, day), people.joined, ON)


def _spend(rng: np.random.Generator, people: People, active: Ints) -> Floats:
    """Whole thousands of đồng, [6, n], latest month first; nan before joining and where the export has a
    hole.
    """
    n = active.size
    tail = np.where(rng.random(n) < 0.04, rng.exponential(0.6, n), 0.0)
    lift = 0.75 * people.postpaid - 0.45 * people.low + 0.15 * people.city
    level = np.minimum(np.exp(rng.normal(10.95, 0.78, n) + lift + tail), MOST_A_MONTH)
    trend = np.where(rng.random(n) < 0.12, rng.normal(-0.12, 0.04, n), rng.normal(0.0, 0.02, n))
    ago = np.arange(len(SPEND))[:, None]
    spend = level * np.exp(-trend * ago + rng.normal(0.0, 0.22, (len(SPEND), n)))
    in_use = np.clip((active - (ON - 30 * (ago + 1))) / 30, 0.0, 1.0)
    spend = np.round(spend * in_use, -3)
    unknown = (people.joined > ON - 30 * ago) | (rng.random((len(SPEND), n)) < 0.006)
    return np.where(unknown, np.nan, spend)


def _plans(rng: np.random.Generator, people: People, six: Floats) -> pa.Array:
    """Plans follow the work and age they were made for; a few exports have no plan."""
    chance = rng.random(people.joined.size)
    plan = np.where(chance < 0.2, _PLANS.index("DATA90"), _PLANS.index("MASS"))
    plan = np.where((people.age < 23) & (chance < 0.6), _PLANS.index("SINH_VIEN"), plan)
    plan = np.where(people.worker & (chance < 0.5), _PLANS.index("CONG_NHAN"), plan)
    dear = np.searchsorted([900_000, 2_400_000], six)
    plan = np.where(people.postpaid, _PLANS.index("V120") + dear, plan)
    return words(np.where(chance > 0.99, -1, plan), _PLANS)
