"""Who the made-up subscribers are: place, age, tenure, plan, work, hardship and consents, drawn column by
column.

The shares are those the operators' articles tell or imply; each is a named figure here, so that tests can
hold them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tantam.clock import parse_day
from tantam.sample import provinces

OPERATOR = "Sao Mai"
ON = parse_day("2026-11-21")
FOUNDED = parse_day("2004-10-15")

LOW_INCOME_SHARE = 0.30
ESTIMATE_SHARE = 0.35
"""Of the low-income, how many are so by an estimate only."""
POSTPAID_SHARE = 0.08
ELDERLY_SHARE = 0.12
CARE_SHARE = 0.72
REFUSES_PROFILING_SHARE = 0.03

_BASES = ("document", "authority_list", "declared", "estimate")
_JOBS = ("worker", "farmer", "office", "student", "trader", "retired")
_TENURE_DAYS = 6 * 365.25
_YEAR = 365.25

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class People:
    """What was drawn, as arrays of one chunk; days are int64 since 1970, ``job`` indexes the occupations
    or is -1.
    """

    province: Ints
    city: Bools
    low: Bools
    postpaid: Bools
    born: Ints
    joined: Ints
    job: Ints
    columns: dict[str, pa.Array]

    @property
    def age(self) -> Floats:
        return (ON - self.born) / _YEAR

    @property
    def worker(self) -> Bools:
        return self.job == _JOBS.index("worker")


def words(index: Ints, options: Sequence[str | None]) -> pa.Array:
    """A text column from indexes into a few words; -1 is null."""
    return pa.array([*options, None], pa.string()).take(pa.array(np.where(index < 0, len(options), index)))


def days(values: NDArray[np.int64] | Floats, missing: Bools | None = None) -> pa.Array:
    """A date column from days since 1970."""
    return pa.array(np.asarray(values).astype(np.int32), pa.int32(), mask=missing).cast(pa.date32())


def pick(rng: np.random.Generator, n: int, shares: Sequence[float]) -> Ints:
    """``n`` indexes drawn by shares; what the shares leave over is the last index."""
    return np.minimum(np.searchsorted(np.cumsum(shares), rng.random(n), side="right"), len(shares) - 1)


def draw(rng: np.random.Generator, n: int) -> People:
    """One chunk of people; their phone numbers and usage are added elsewhere."""
    where = provinces.weights()
    province = pick(rng, n, where.people.tolist())
    low = rng.random(n) < LOW_INCOME_SHARE * where.hardship[province]
    poorer, richer = 0.3, (1 - 0.3 * LOW_INCOME_SHARE) / (1 - LOW_INCOME_SHARE)
    postpaid = rng.random(n) < POSTPAID_SHARE * np.where(low, poorer, richer)
    born = _born(rng, n)
    joined = np.maximum(_joined(rng, n), born + 14 * 365 + 4)
    age = (ON - born) / _YEAR
    job = _jobs(rng, where.workers[province], age)
    columns = {
        "joined_on": days(joined),
        "plan_kind": words(postpaid.astype(np.int64), ("prepaid", "postpaid")),
        "province": _places(rng, where.codes, province),
        "born_on": days(born, rng.random(n) < 0.08),
        "sex": words(pick(rng, n, (0.49, 0.48, 0.01, 0.02)), ("female", "male", "other", None)),
        "occupation": words(job, _JOBS),
        **_hardship(rng, low, age),
        **_consents(rng, joined),
    }
    return People(province, where.city[province], low, postpaid, born, joined, job, columns)


def _places(rng: np.random.Generator, codes: tuple[str, ...], province: Ints) -> pa.Array:
    written, first, many = provinces.spellings(codes)
    chosen = first[province] + (rng.random(province.size) * many[province]).astype(np.int64)
    return pa.array(written, pa.string()).take(pa.array(chosen))


def _born(rng: np.random.Generator, n: int) -> Ints:
    kind = pick(rng, n, (ELDERLY_SHARE, 0.02, 1 - ELDERLY_SHARE - 0.02))
    age = np.choose(
        kind, [60 + 32 * rng.beta(1, 3, n), rng.uniform(14, 18, n), rng.triangular(18, 30, 60, n)]
    )
    return (ON - age * _YEAR).astype(np.int64)


def _joined(rng: np.random.Generator, n: int) -> Ints:
    """Tenures are exponential, cut at the operator's founding: about 60 % have been here over three years."""
    oldest = ON - FOUNDED
    tenure = -_TENURE_DAYS * np.log1p(rng.random(n) * np.expm1(-oldest / _TENURE_DAYS))
    return np.asarray(ON - np.floor(tenure), np.int64)


def _jobs(rng: np.random.Generator, workers: Floats, age: Floats) -> Ints:
    """Occupations as a plan or a declaration tells them; nobody's for almost half, as in real exports."""
    job = np.array([_JOBS.index(name) for name in ("farmer", "office", "trader")])
    job = job[pick(rng, age.size, (0.24, 0.30, 0.46))]
    job = np.where(rng.random(age.size) < 2 * workers, 0, job)
    job = np.where((age < 23) & (rng.random(age.size) < 0.7), 3, job)
    job = np.where((age >= 60) & (rng.random(age.size) < 0.7), 5, job)
    return np.where(rng.random(age.size) < 0.45, -1, job)


def _hardship(rng: np.random.Generator, low: Bools, age: Floats) -> dict[str, pa.Array]:
    n = low.size
    names = ("poor", "near_poor", "policy", "merit", "disabled", "elderly_alone", "other", "none", None)
    old = age >= 60
    kind = np.where(
        old,
        2 + pick(rng, n, (0.06, 0.12, 0.02, 0.05, 0.01, 0.64, 0.10)),
        2 + pick(rng, n, (0.05, 0.02, 0.012, 0.0, 0.008, 0.81, 0.10)),
    )
    kind = np.where(low, pick(rng, n, (0.45, 0.55)), kind)
    stated = kind <= names.index("other")
    poor = (1 - ESTIMATE_SHARE) * np.array([0.34, 0.43, 0.23])
    basis = np.where(low, pick(rng, n, (*poor, ESTIMATE_SHARE)), pick(rng, n, (0.5, 0.4, 0.1)))
    told = ON - rng.integers(5, 900, n)
    untold = ~stated | ((basis == _BASES.index("estimate")) & (rng.random(n) < 0.3))
    return {
        "hardship": words(kind, names),
        "hardship_basis": words(np.where(stated, basis, -1), _BASES),
        "hardship_on": days(told, untold),
    }


def _consents(rng: np.random.Generator, joined: Ints) -> dict[str, pa.Array]:
    n = joined.size
    care = rng.random(n) < CARE_SHARE
    ads = rng.random(n) < np.where(care, 0.58, 0.10)
    said = joined + (rng.random((2, n)) * (ON - joined)).astype(np.int64)
    refuses = rng.random(n) < np.where(ads, 0.02, 0.14)
    contact = ON - 1 - rng.exponential(60, n)
    return {
        "consent_care_on": days(said[0], ~care),
        "consent_ads_on": days(said[1], ~ads),
        "refuses_ads": pa.array(refuses, mask=~refuses & ~ads & (rng.random(n) < 0.25)),
        "refuses_profiling": pa.array(rng.random(n) < REFUSES_PROFILING_SHARE),
        "last_contact_on": days(contact, rng.random(n) < 0.6),
    }
