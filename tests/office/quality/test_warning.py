"""Warnings before a pledge breaks, and how often they are wrong: simulated from a seed."""

from datetime import date

import numpy as np
import pytest

from tantam.office.quality.indicators import INDICATORS
from tantam.office.quality.warning import RARE, STEEP, Month, bands, trend

DROP, SPEED, MOS, COMPLAINTS = (
    INDICATORS[c] for c in ("call_drop", "download_speed", "voice_mos", "complaints")
)
YEARS = [date(2017 + n // 12, n % 12 + 1, 1) for n in range(120)]


def in_control(of, chance, extra=0.0):
    """Ten years in which nothing changes but by chance; ``extra``: how much months differ beside their samples."""
    found = []
    for on in YEARS:
        n = int(chance.integers(5_000, 50_000))
        level = 1.0 * np.exp(extra * chance.standard_normal())
        if of.kind == "share":
            found.append(Month(on, 100 * chance.binomial(n, level / 100) / n, n))
        elif of.kind == "rate":
            found.append(Month(on, 100 * chance.poisson(n * level / 100) / n, n))
        else:
            found.append(Month(on, float(chance.normal(40, 3)), n))
    return found


@pytest.mark.parametrize(("of", "extra"), [(DROP, 0.0), (DROP, 0.2), (COMPLAINTS, 0.1), (SPEED, 0.0)])
def test_how_often_a_month_is_wrongly_called_worse(of, extra):
    chance, months, wrong, series = np.random.default_rng(7), 0, 0, 0
    runs = 250
    for _ in range(runs):
        found = [band for band in bands(of, in_control(of, chance, extra)) if band]
        months += len(found)
        wrong += sum(band.worse for band in found)
        series += any(band.worse for band in found)
    assert months == runs * 108
    assert 0.0015 < wrong / months < 1.3 * RARE, wrong / months
    assert 0.15 < series / runs < 0.55, series / runs


@pytest.mark.parametrize("of", [DROP, SPEED])
def test_how_often_a_trend_is_wrongly_seen(of):
    """Even with a level as near as the noise of a month."""
    chance, months, wrong = np.random.default_rng(11), 0, 0
    for _ in range(60):
        found = in_control(of, chance)
        values = [m.value for m in found]
        level = np.mean(values) + (1 if of.direction == "lower" else -1) * np.std(values)
        for end in range(12, 121):
            months += 1
            wrong += trend(of, float(level), found[:end]) is not None
    assert wrong / months < STEEP, wrong / months


def test_a_jump_is_seen_the_month_it_comes():
    found = in_control(DROP, np.random.default_rng(3))[:30]
    found.append(Month(YEARS[30], 1.8, 20_000))
    band = bands(DROP, found)[-1]
    assert band.worse and not band.better and band.low < 1 < band.high < 1.8
    better = bands(DROP, [*found[:30], Month(YEARS[30], 0.2, 20_000)])[-1]
    assert better.better and not better.worse


def test_the_worse_side_goes_by_the_direction():
    months = [Month(on, 40 + n % 5, 100) for n, on in enumerate(YEARS[:20])]
    assert bands(SPEED, [*months, Month(YEARS[20], 10)])[-1].worse
    assert bands(SPEED, [*months, Month(YEARS[20], 90)])[-1].better
    assert bands(SPEED, months)[:12] == [None] * 12


def test_months_that_were_all_the_same_say_nothing():
    months = [Month(on, 40.0) for on in YEARS[:20]]
    assert bands(SPEED, months) == [None] * 20
    assert trend(SPEED, 30, months) is None


def test_a_trend_says_when_it_crosses():
    chance = np.random.default_rng(5)
    months = [Month(on, 1 + 0.08 * n + float(chance.normal(0, 0.03))) for n, on in enumerate(YEARS[:12])]
    found = trend(DROP, 2.1, months)
    assert found.crosses == date(2018, 3, 1) and found.earliest <= found.crosses
    assert found.slope == pytest.approx(0.08, abs=0.01) and found.months == 12
    assert trend(DROP, 9, months) is None  # it does not get there within half a year
    assert trend(DROP, 1.5, months) is None  # it is broken already


def test_a_trend_in_either_direction_and_with_gaps():
    falling = [Month(on, 40 - 1.0 * n + 0.2 * (-1) ** n) for n, on in enumerate(YEARS[:12])]
    assert trend(SPEED, 27, falling).crosses == date(2018, 2, 1)
    assert trend(SPEED, 27, falling[::2]) is None
    assert trend(SPEED, 27, falling[:4] + falling[6:]) is not None
    assert trend(SPEED, 27, []) is None
