"""Made-up numbers, addresses and names of people, planted in what is said so that masking is seen to work."""

from __future__ import annotations

from typing import Any

import numpy as np

from tantam.sample import phones

_PHONES, _OTHERS, _NAMES = 20_000, 2_000, 300
_SHAPES = (
    "0{a}{b}{c}",
    "0{a} {b} {c}",
    "0{a}.{b}.{c}",
    "+84{a}{b}{c}",
    "84{a}{b}{c}",
    "0{a}-{b}-{c}",
    "(0{a}) {b}{c}",
)
_SERIES = "ABCDEFGHKLMNPSTUVXYZ"


def numbers(seed: int, mail: list[str]) -> dict[str, list[str]]:
    """Slot → what may stand in it, never respelled: phone, mail, paper, account, plate, health."""
    rng = np.random.default_rng([seed, 1])
    return {
        "phone": _phones(rng, seed),
        "mail": [
            f"kh{n}@{at}" for n, at in zip(_many(rng, 10**3, 10**6), rng.choice(mail, _OTHERS), strict=True)
        ],
        "paper": [f"0{n:011}" for n in _many(rng, 10**9, 96 * 10**9)],
        "account": [str(n) for n in _many(rng, 10**9, 10**13)],
        "plate": [
            f"{n % 88 + 11}-{_SERIES[n // 88 % len(_SERIES)]}{n % 9 + 1} {n % 1000:03}.{n // 1000 % 100:02}"
            for n in _many(rng, 10**6, 10**9)
        ],
        "health": [f"GD4{n:012}" for n in _many(rng, 10**11, 10**12)],
    }


def names(seed: int, people: dict[str, Any]) -> dict[str, list[str]]:
    """Slot → what may stand in it: name (of three words), person (with a salutation)."""
    rng = np.random.default_rng([seed, 2])
    family, middle, given, title = (
        rng.choice(people[part], _NAMES).tolist() for part in ("family", "middle", "given", "title")
    )
    return {
        "name": [f"{f} {m} {g}" for f, m, g in zip(family, middle, given, strict=True)],
        "person": [f"{t} {g}" for t, g in zip(title, given, strict=True)],
    }


def _many(rng: np.random.Generator, low: int, high: int) -> list[int]:
    return list(rng.integers(low, high, _OTHERS).tolist())


def _phones(rng: np.random.Generator, seed: int) -> list[str]:
    """Numbers of prefixes that none of today's operators is known to use, in the shapes people write."""
    national = phones.numbers(0, _PHONES, 2 * _PHONES, seed).tolist()
    shapes = rng.choice(len(_SHAPES), _PHONES, p=[0.5, 0.15, 0.12, 0.08, 0.05, 0.06, 0.04]).tolist()
    return [
        _SHAPES[shape].format(a=f"{n:09}"[:2], b=f"{n:09}"[2:5], c=f"{n:09}"[5:])
        for n, shape in zip(national, shapes, strict=True)
    ]
