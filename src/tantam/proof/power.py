"""Asked beforehand: how small a difference a round could show, and how many people a difference would need.

The usual normal reckoning for two means: a difference is seen with 80 % chance at the 5 % level when it is
(z₀.₉₇₅ + z₀.₈) standard errors away from zero (Cohen, Statistical Power Analysis, 1988, chapter 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf, sqrt
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from tantam import engines, money
from tantam.base.columns import SPEND
from tantam.base.home import Home
from tantam.base.store import Base, forgotten, open_base
from tantam.base.writing import write_json
from tantam.keys import MOST_KEY
from tantam.proof import history
from tantam.proof.outcomes import HORIZONS
from tantam.proof.round import NOTHING, Comparison, draw
from tantam.proof.uplift import ALPHA, LEAST
from tantam.proof.words import AGAINST, Pair, Size, both

CHANCE = 0.8
_REACH = float(ndtri(1 - ALPHA / 2) + ndtri(CHANCE))
_ACTIVE_DAYS = 30
SAMPLE_ROWS = 1_000_000


def detectable(treated: int, control: int, deviation: float) -> float:
    """The smallest difference that arms of these sizes show with 80 % chance at the 5 % level, in the
    outcome's unit.

    ``deviation`` is the outcome's standard deviation; of a share p it is √(p (1 − p)). Infinite with an
    empty arm.
    """
    return _REACH * deviation * sqrt(1 / treated + 1 / control) if min(treated, control) > 0 else inf


def needed(effect: float, deviation: float, held_out: float) -> int:
    """How many people in both arms together show ``effect``, with a share ``held_out`` (0 to 1, neither)
    of them held out.
    """
    spread = 1 / held_out + 1 / (1 - held_out)
    return ceil((_REACH * deviation / effect) ** 2 * spread)


@dataclass(frozen=True)
class Usual:
    """What the base says of the usual spread, and the words for where it comes from."""

    outcome: str
    deviation: float
    basis: Pair


def ask_round(directory: Path, home: Home, engine: engines.Engine | None = None) -> list[dict[str, Any]]:
    """What a round could show, for each offer and estimand, at the last horizon; writes power.json into
    the round.

    Also keeps with the round what is known of its people today (:func:`tantam.proof.history.keep`), so
    that the proof months later rests on nothing the care has changed.
    """
    works = engine or engines.start()
    history.keep(directory, home, works)
    drawn = draw(directory, forgotten(home))
    usual = _usual(open_base(home, works), drawn.on)
    rows = [_row(comparison, u) for comparison in drawn.comparisons for u in usual]
    write_json(directory / "power.json", rows)
    return rows


def _usual(base: Base, on: int) -> tuple[Usual, ...]:
    """The spread of staying and of three months' spend, as the base has them; of a large one, as about
    :data:`SAMPLE_ROWS` of it have them (keys are hashes, so whoever has a small key is a random sample).

    Spend is what history leaves unexplained: the deviation of the latest three months around a line on
    the three before.
    """
    frame = base.frame
    if base.rows > SAMPLE_ROWS:
        frame = frame.filter(nw.col("key") < MOST_KEY // base.rows * SAMPLE_ROWS)
    table = engines.collect(frame.select("last_active_on", *SPEND))
    real = {n: np.asarray(table.column(n).cast("float64").to_numpy(), np.float64) for n in table.column_names}
    known = real["last_active_on"][~np.isnan(real["last_active_on"])]
    share = float((known >= on - _ACTIVE_DAYS).mean()) if known.size else 0.5
    months = np.stack([real[s] for s in SPEND])
    months = months[:, ~np.isnan(months).any(axis=0)]
    left = _left_over(months[:3].sum(axis=0), months[3:].sum(axis=0))
    said = (money.decimal(100 * share, 1, "vi"), money.decimal(100 * share, 1, "en"))
    return (
        Usual(
            "active",
            sqrt(share * (1 - share)),
            (
                f"coi như {said[0]} % ở lại, là tỷ lệ thuê bao có dùng trong {_ACTIVE_DAYS} ngày qua",
                f"taking it that {said[1]}% stay, the share active in the last {_ACTIVE_DAYS} days",
            ),
        ),
        Usual(
            "spend",
            left,
            (
                "theo mức chi ba tháng qua lệch khỏi ba tháng trước đó",
                "from how far three months' spend strays from the three before",
            ),
        ),
    )


def _left_over(now: NDArray[np.float64], before: NDArray[np.float64]) -> float:
    """The standard deviation of one amount around a line on another; its own where the other is constant."""
    if now.size < 3:
        return 0.0
    away, lean = now - now.mean(), before - before.mean()
    spread = float(lean @ lean)
    rest = away - lean * (float(lean @ away) / spread) if spread else away
    return float(rest.std())


def _row(arms: Comparison, usual: Usual) -> dict[str, Any]:
    treated, control = int(arms.treated.size), int(arms.control.size)
    told = min(treated, control) >= LEAST and usual.deviation > 0
    smallest = detectable(treated, control, usual.deviation) if told else None
    vi, en = _sentence(arms, usual, smallest)
    return {
        "offer": arms.offer,
        "estimand": arms.estimand,
        "outcome": usual.outcome,
        "horizon_days": HORIZONS[-1],
        "treated_n": treated,
        "control_n": control,
        "detectable": smallest,
        "sentence_vi": vi,
        "sentence_en": en,
    }


def _sentence(arms: Comparison, usual: Usual, smallest: float | None) -> Pair:
    if smallest is None:
        return both(lambda lang: _cannot(arms, lang))
    return both(lambda lang: _could(arms, usual, smallest, lang))


def _cannot(arms: Comparison, lang: money.Language) -> str:
    against = AGAINST[arms.estimand][lang == "en"]
    given, held = (money.digits(int(arm.size), lang) for arm in (arms.treated, arms.control))
    whole = arms.estimand == NOTHING
    if lang == "vi":
        return (
            f"{arms.vi}: {given} người được chăm sóc, {held} để đối chứng ({against}). Mỗi bên cần ít nhất "
            f"{LEAST} người, nên đợt này sẽ không trả lời được. Muốn biết thì để đối chứng nhiều hơn, "
            f"{'ở cả đợt' if whole else 'ở món này'}."
        )
    return (
        f"{arms.en}: {given} cared for, {held} held out ({against}). Each side needs at least {LEAST}, so "
        "this round will not tell. To know, hold more people out of "
        f"{'the whole round' if whole else 'this offer'}."
    )


def _could(arms: Comparison, usual: Usual, smallest: float, lang: money.Language) -> str:
    against, basis = AGAINST[arms.estimand][lang == "en"], usual.basis[lang == "en"]
    given, held = (money.digits(int(arm.size), lang) for arm in (arms.treated, arms.control))
    size = Size(usual.outcome, -smallest, smallest, lang).value(smallest).lstrip("+")
    staying = usual.outcome == "active"
    if lang == "vi":
        thing = "số người ở lại" if staying else "chi tiêu một người"
        return (
            f"{arms.vi}: với {given} người được chăm sóc và {held} để đối chứng, khác biệt về {thing} từ "
            f"{size} trở lên thì 80 % khả năng sẽ thấy sau {HORIZONS[-1]} ngày, {against} ({basis})."
        )
    thing = "people staying" if staying else "spend a head"
    return (
        f"{arms.en}: with {given} cared for and {held} held out, a difference in {thing} of {size} or more "
        f"has an 80% chance to be seen after {HORIZONS[-1]} days, {against} ({basis})."
    )
