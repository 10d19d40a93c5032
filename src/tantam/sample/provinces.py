"""Where the made-up subscribers live: weights of the 34 provinces, and how an export writes their names.

``people`` are the listed populations in thousands, from ``json/geojson`` joined with the merger map of the
public repository thanglequoc/vietnamese-provinces-database (MIT, state of 2026-08-02). They count registered
people and exceed the census by about 15 %: good as weights, not as statistics. ``hardship`` (how much
likelier a low income is than elsewhere) and ``workers`` (share of workers in industrial parks) are invented
for the sample operator.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tantam import letters, places
from tantam.clock import parse_day

_TABLE = """
01 8718 0.50 0.08 | 04 556 2.00 0.02 | 08 1865 1.80 0.03 | 11 653 2.10 0.01 | 12 495 2.10 0.01
14 1327 1.90 0.02 | 15 1779 1.80 0.03 | 19 1799 1.10 0.14 | 20 814 1.50 0.03 | 22 1430 0.70 0.10
24 3619 0.80 0.22 | 25 4023 1.00 0.12 | 31 4664 0.70 0.18 | 33 3568 0.90 0.12 | 37 4412 0.90 0.12
38 3761 1.30 0.08 | 40 3471 1.30 0.06 | 42 1623 1.20 0.05 | 44 1871 1.40 0.03 | 46 1236 0.90 0.06
48 3066 0.70 0.10 | 51 2162 1.60 0.04 | 52 3584 1.40 0.04 | 56 2244 0.90 0.05 | 66 3347 1.50 0.03
68 3873 1.20 0.03 | 75 4491 0.70 0.24 | 79 14003 0.50 0.18 | 80 3254 0.90 0.18 | 82 4370 1.10 0.08
86 4258 1.20 0.06 | 91 4952 1.20 0.03 | 92 4200 1.10 0.05 | 96 2607 1.30 0.03
"""
_CITIES = ("01", "31", "46", "48", "79", "92")
_BEFORE_2025 = parse_day("2025-06-30")


@dataclass(frozen=True)
class Weights:
    """One array entry a province, in the order of ``codes``; ``people`` sums to one."""

    codes: tuple[str, ...]
    people: NDArray[np.float64]
    hardship: NDArray[np.float64]
    workers: NDArray[np.float64]
    city: NDArray[np.bool_]


def weights() -> Weights:
    """The table above; ``hardship`` is scaled so that its average over the people is one."""
    rows = [row.split() for row in _TABLE.replace("|", "\n").strip().splitlines()]
    codes = tuple(row[0] for row in rows)
    people, hardship, workers = (np.array([float(row[i]) for row in rows]) for i in (1, 2, 3))
    people /= people.sum()
    return Weights(codes, people, hardship / (people @ hardship), workers, np.isin(codes, _CITIES))


def spellings(codes: tuple[str, ...]) -> tuple[NDArray[np.object_], NDArray[np.int64], NDArray[np.int64]]:
    """Every way an export writes a province: words, and for each province its first word and how many it has.

    Today's name stands four times, each old name twice (an old record keeps its old name), the name without
    accents twice, in capitals once, and the code once; so drawing one word evenly gives that mixture.
    """
    old: dict[str, list[str]] = {code: [] for code in codes}
    for before in places.provinces(_BEFORE_2025):
        old[before.into or before.code].append(before.name)
    words: list[str] = []
    first, many = [], []
    for code in codes:
        name = places.today(code).name
        plain = letters.fold(name).title()
        own = [name] * 4 + old[code] * 2 + [plain, plain, plain.upper(), code]
        first.append(len(words))
        many.append(len(own))
        words += own
    return np.array(words, object), np.array(first), np.array(many)
