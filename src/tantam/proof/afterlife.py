"""The after-life of promotions: who is still there, by day since the promotion ended, cared for or held
out.

People come under watch on the round's day, some days after their promotion ended (late entry), and leave
it when they leave us or when the outcomes end. So hazard and survival are counted over those at risk on
each day (Kaplan and Meier, JASA 53, 1958, with late entry), with Greenwood's variance on the
log-minus-log scale. Both curves begin on the first day on which both arms have people enough, and speak
of those still there then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from tantam import money
from tantam.money import Language
from tantam.proof.history import NEVER, History
from tantam.proof.outcomes import Outcomes
from tantam.proof.uplift import ALPHA
from tantam.proof.words import said_day

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

LEAST_AT_RISK = 30
"""Days with fewer at risk are left out."""
MOST_DAYS = 180
"""Promotions that ended longer ago than this are history."""


@dataclass(frozen=True)
class Curve:
    """One arm day by day: float64 or int64 [days]; ``survival`` since ``day[0] − 1``, with its interval."""

    day: Ints
    at_risk: Ints
    left: Ints
    hazard: Floats
    survival: Floats
    variance: Floats
    """Greenwood's sum, so that ``survival² · variance`` is the survival's variance."""

    def limits(self, alpha: float = ALPHA) -> tuple[Floats, Floats]:
        """The interval of the survival on each day: on the log-minus-log scale, so it stays between 0 and
        1; the survival itself while nobody has left.
        """
        z = -float(ndtri(alpha / 2))
        with np.errstate(divide="ignore", invalid="ignore"):
            width = z * np.sqrt(self.variance) / np.log(self.survival)
            low, high = self.survival ** np.exp(-width), self.survival ** np.exp(width)
        plain = (self.survival >= 1) | (self.survival <= 0)
        return np.where(plain, self.survival, low), np.where(plain, self.survival, high)

    def rows(self) -> list[dict[str, float | int]]:
        """As in afterlife.json."""
        low, high = self.limits()
        columns = zip(self.day, self.at_risk, self.left, self.hazard, self.survival, low, high, strict=True)
        return [
            {
                "day": int(day),
                "at_risk": int(at_risk),
                "left": int(left),
                "hazard": float(hazard),
                "survival": float(survival),
                "low": float(lo),
                "high": float(hi),
            }
            for day, at_risk, left, hazard, survival, lo, hi in columns
        ]


def at_risk(entry: Ints, last: Ints, left: NDArray[np.bool_], days: int) -> tuple[Ints, Ints]:
    """How many are at risk on each day 1 … ``days``, and how many leave on it: int64 [days + 1], day 0
    unused.

    Somebody who enters at the end of day ``entry`` and is last seen on day ``last`` is at risk on
    ``entry`` + 1 … ``last``, and leaves on ``last`` where ``left``.
    """
    begins = np.bincount(np.minimum(entry + 1, days + 1), minlength=days + 2)
    ends = np.bincount(np.minimum(last + 1, days + 1), minlength=days + 2)
    leaves = np.bincount(last[left & (last <= days)], minlength=days + 1)
    return np.cumsum(begins - ends)[: days + 1].astype(np.int64), leaves[: days + 1].astype(np.int64)


def curve(risk: Ints, leaves: Ints, first: int, last: int) -> Curve:
    """The Kaplan–Meier curve of days ``first`` … ``last`` of counts as :func:`at_risk` gives them."""
    n, d = risk[first : last + 1], leaves[first : last + 1]
    hazard = np.asarray(d / n, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(np.where(d > 0, d / (n * (n - d)), 0.0), dtype=np.float64)
    return Curve(
        np.arange(first, last + 1), n, d, hazard, np.asarray(np.cumprod(1 - hazard), np.float64), variance
    )


def compare(treated: Ints, control: Ints, seen: Outcomes, past: History, on: int) -> dict[str, Any]:
    """afterlife.json: both arms (places among the people of ``seen``) over the days both have people
    enough for.

    Of each arm, those whose promotion ended on the round's day or in the :data:`MOST_DAYS` before it, and
    of whom there is a row after that day.
    """
    day, left = seen.leaving()
    since = np.where(past.promotion_end == NEVER, -1, on - past.promotion_end)
    watched = (since >= 0) & (since <= MOST_DAYS) & (day > 0)
    counts = []
    for arm in (treated, control):
        mine = arm[watched[arm]]
        counts.append(at_risk(since[mine], since[mine] + day[mine], left[mine], MOST_DAYS))
    full = np.all([risk >= LEAST_AT_RISK for risk, _ in counts], axis=0)
    full[0] = False
    days = np.flatnonzero(full)
    if not days.size:
        vi, en = _too_few(int(watched[treated].sum()), int(watched[control].sum()))
        return {"arms": {"treated": [], "control": []}, "sentence_vi": vi, "sentence_en": en}
    first = int(days[0])
    broken = np.flatnonzero(~full[first:])
    last = first + int(broken[0]) - 1 if broken.size else MOST_DAYS
    arms = [curve(risk, leaves, first, last) for risk, leaves in counts]
    people = [int(watched[arm].sum()) for arm in (treated, control)]
    return {
        "arms": {"treated": arms[0].rows(), "control": arms[1].rows()},
        "sentence_vi": _told(arms[0], arms[1], people, on, "vi"),
        "sentence_en": _told(arms[0], arms[1], people, on, "en"),
    }


def _told(treated: Curve, control: Curve, people: list[int], on: int, lang: Language) -> str:
    """Where both curves end, how far apart, and how sure."""
    ends = [float(arm.survival[-1]) for arm in (treated, control)]
    apart = ends[0] - ends[1]
    z = -float(ndtri(ALPHA / 2))
    error = z * np.sqrt(
        sum(end**2 * arm.variance[-1] for end, arm in zip(ends, (treated, control), strict=True))
    )
    shares = [money.decimal(100 * end, 1, lang) for end in ends]
    low, high = (money.decimal(100 * bound, 1, lang) for bound in (apart - error, apart + error))
    sure = apart - error > 0 or apart + error < 0
    first, last = int(treated.day[0]) - 1, int(treated.day[-1])
    counted = [money.digits(n, lang) for n in people]
    value = money.decimal(100 * apart, 1, lang, plus=True)
    if lang == "vi":
        whom = "khi hết ưu đãi" if first == 0 else f"ngày thứ {first} sau khi hết ưu đãi"
        arms = f"{counted[0]} được chăm sóc, {counted[1]} để đối chứng"
        seen = f"{value} điểm %, khoảng tin cậy 95 %: {low} – {high}; {arms}"
        head = f"Trong những người còn ở lại {whom}, đến ngày {last} còn {shares[0]} % người được chăm sóc"
        verdict = "" if sure else "; chưa thấy khác biệt"
        return f"{head} và {shares[1]} % người để đối chứng{verdict} ({seen}; tính từ {said_day(on, lang)})."
    whom = "when the promotion ended" if first == 0 else f"on day {first} after the promotion ended"
    seen = (
        f"{value} pp, 95% interval: {low} – {high}; {counted[0]} cared for, {counted[1]} held out; "
        f"watched from {said_day(on, lang)}"
    )
    verdict = "" if sure else "; no difference seen"
    head = f"Of those still with us {whom}, {shares[0]}% of the cared for are there on day {last}"
    return f"{head}, and {shares[1]}% of the held out{verdict} ({seen})."


def _too_few(treated: int, control: int) -> tuple[str, str]:
    given, held = money.digits(treated, "vi"), money.digits(control, "vi")
    vi = (
        f"Chưa đủ dữ liệu về những ngày sau khi hết ưu đãi: {given} người được chăm sóc và {held} người để "
        f"đối chứng có ưu đãi vừa hết; mỗi ngày cần ít nhất {LEAST_AT_RISK} người ở mỗi bên."
    )
    given, held = money.digits(treated, "en"), money.digits(control, "en")
    en = (
        f"Not enough data yet on the days after a promotion: {given} cared for and {held} held out had one "
        f"that ended lately; each day needs at least {LEAST_AT_RISK} on either side."
    )
    return vi, en
