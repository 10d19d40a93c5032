"""The indicators of quality as data: ``indicators.toml``, checked row by row when it is read, once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from importlib.resources import files
from typing import Any, Literal

from tantam import law
from tantam.errors import BadInput, Fault
from tantam.letters import fold
from tantam.listen.columns import TOPICS

NETWORKS = ("voice", "data", "charging", "service")
UNITS = ("percent", "mos", "mbit_s", "second", "per_100")
KINDS = {"share": ("percent",), "mean": ("mos", "mbit_s", "second"), "rate": ("per_100",)}
"""Kind → the units it may have."""
DIRECTIONS = ("higher", "lower")


@dataclass(frozen=True)
class Indicator:
    """One thing that is measured.

    ``direction`` says which way is better. A ``share`` is ``good_count`` of ``n`` in percent (of what the name says: a
    drop rate counts dropped calls), a ``mean`` has samples, a ``rate`` is events per 100. Fewer than ``least`` samples
    are too few to judge. A figure is measured over ``months`` months. ``rule`` is a code of :mod:`tantam.law` or "".
    """

    code: str
    network: str
    vi: str
    en: str
    unit: str
    direction: Literal["higher", "lower"]
    kind: Literal["share", "mean", "rate"]
    least: int
    months: int
    rule: str
    topics: tuple[str, ...]
    also: tuple[str, ...]
    sampling_vi: str
    sampling_en: str
    source: str

    @property
    def most(self) -> float:
        """The end of its scale upwards: 100 percent, 5 points of speech, infinite where there is none."""
        return {"percent": 100.0, "mos": 5.0, "per_100": 100.0}.get(self.unit, float("inf"))

    def stricter(self, a: float, b: float) -> bool:
        """Whether the level ``a`` asks for more than ``b``, or as much."""
        return a >= b if self.direction == "higher" else a <= b


def read(text: str) -> dict[str, Indicator]:
    """Code → indicator, in the order of the file. A file that is wrong is our own fault (``bad_indicators``), with the
    row and what is wrong in it."""
    try:
        rows = tomllib.loads(text)["indicator"]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise _bad("The file", f"cannot be read: {error}") from None
    found: dict[str, Indicator] = {}
    for number, row in enumerate(rows, 1):
        one = _one(f"Row {number} ({row.get('code', 'no code')})", row)
        if one.code in found:
            raise _bad(one.code, "stands there twice")
        found[one.code] = one
    _names(found.values())
    return found


def _one(name: str, row: dict[str, Any]) -> Indicator:
    odd = sorted({f.name for f in fields(Indicator)} ^ set(row))
    if odd:
        raise _bad(name, f"has missing or unknown columns: {', '.join(odd)}")
    given: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}
    one = Indicator(**given)
    checks = {
        "network": one.network in NETWORKS,
        "direction": one.direction in DIRECTIONS,
        "unit": one.unit in KINDS.get(one.kind, ()),
        "least": isinstance(one.least, int) and one.least > 0,
        "months": one.months in (1, 3, 6, 12),
        "topics": bool(one.topics) and set(one.topics) <= set(TOPICS),
        "rule": not one.rule or _known(one.rule),
        "words": all((one.code, one.vi, one.en, one.sampling_vi, one.sampling_en, one.source)),
    }
    wrong = [key for key, right in checks.items() if not right]
    if wrong:
        raise _bad(name, f"is wrong in: {', '.join(wrong)}")
    return one


def _known(rule: str) -> bool:
    try:
        return bool(law.of(rule))
    except BadInput:
        return False


def _names(listed: Any) -> dict[str, str]:
    """Every folded name → code; no name may mean two."""
    names: dict[str, str] = {}
    for one in listed:
        for name in {fold(word) for word in (one.code, one.vi, one.en, *one.also)}:
            if names.setdefault(name, one.code) != one.code:
                raise _bad(one.code, f"shares the name “{name}” with {names[name]}")
    return names


def _bad(which: str, what: str) -> Fault:
    return Fault(
        "bad_indicators", f"{which} of the indicators of quality {what}.", "Correct indicators.toml."
    )


INDICATORS = read((files("tantam.office.quality") / "indicators.toml").read_text(encoding="utf-8"))
"""Code → indicator, in the order in which they are shown."""

_BY_NAME = _names(INDICATORS.values())


def find(text: str) -> Indicator | None:
    """The indicator that a code or a name means, with or without accents; None where there is none."""
    code = _BY_NAME.get(fold(text))
    return INDICATORS[code] if code else None
