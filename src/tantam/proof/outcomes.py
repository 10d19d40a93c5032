"""What became of each subscriber: an outcomes file read, and each person's outcome at a horizon.

Rows may come twice, late and in any order: equal rows count once. A status holds until the next row.
Nothing is read past the day up to which the file has been written, so nobody peeks at an unfinished
horizon.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tantam import clock, keys
from tantam.base.columns import PLAN_KINDS
from tantam.errors import BadInput
from tantam.proof import files

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

COLUMNS = ("key", "on", "active", "spend_dong", "plan_kind")
OUTCOMES = ("active", "spend", "became_postpaid")
HORIZONS = (30, 60, 90)
_SPAN = 1 << 20
"""More days than any file spans: person and day fit one sorted int64."""
_UNKNOWN = -1


@dataclass(frozen=True)
class Outcomes:
    """The rows about ``people`` (keys int64 [n], sorted) after the round, sorted by person and day.

    person int64 (place in ``people``); day int64, from the round's day; active bool; spend int64 whole
    đồng, summed up to each row within its person from the round's day on; plan int8 (place in PLAN_KINDS,
    −1 unknown). ``reach`` is the last day of the whole file, from the round's day; ``unknown`` the keys
    in it that are in no comparison; ``twice`` the equal rows that came again.
    """

    people: Ints
    person: Ints
    day: Ints
    active: Bools
    spend: Ints
    plan: NDArray[np.int8]
    reach: int
    unknown: int
    twice: int

    def at(self, horizon: int, postpaid_before: NDArray[np.int8]) -> dict[str, Floats]:
        """Each person's outcomes ``horizon`` days after the round: outcome → float64 [n], NaN where not
        known.

        active is 1 or 0 by the last row up to that day; spend the đồng of (0, horizon]; became_postpaid
        is 1 for whoever was prepaid and is postpaid by then, 0 for everybody else, those who were postpaid
        already among them (``postpaid_before`` int8: 1 postpaid, 0 prepaid, −1 not known).
        """
        last, seen = self._last(horizon)
        ends = np.where(seen, last, 0)
        plan = np.concatenate([self._known_plan(), [_UNKNOWN]])[ends]
        known = (postpaid_before != _UNKNOWN) & (plan != _UNKNOWN)
        became = np.where(known, (postpaid_before == 0) & (plan == 1), np.nan)
        return {
            "active": np.where(seen, np.concatenate([self.active, [False]])[ends], np.nan),
            "spend": np.where(seen, np.concatenate([self.spend, [0]])[ends], np.nan),
            "became_postpaid": np.where(seen, became, np.nan),
        }

    def leaving(self) -> tuple[Ints, Bools]:
        """Each person's last known day after the round and whether he left on it: his first row that is
        not active, or his last row; 0 and False for whoever has no row.
        """
        day, left = np.zeros(self.people.size, np.int64), np.zeros(self.people.size, bool)
        np.maximum.at(day, self.person, self.day)
        gone = np.flatnonzero(~self.active)[::-1]
        day[self.person[gone]] = self.day[gone]
        left[self.person[gone]] = True
        return day, left

    def _last(self, day: int) -> tuple[Ints, Bools]:
        """The place of each person's last row up to ``day``, and whether there is one (else the place is
        −1).
        """
        code = self.person * _SPAN + self.day + _SPAN // 2
        place = (
            np.searchsorted(code, np.arange(self.people.size) * _SPAN + day + _SPAN // 2, side="right") - 1
        )
        there = place >= 0
        there[there] = self.person[place[there]] == np.flatnonzero(there)
        return np.where(there, place, -1), there

    def _known_plan(self) -> NDArray[np.int8]:
        """The plan at each row, an unknown one as in the row before."""
        place = np.where(self.plan != _UNKNOWN, np.arange(self.plan.size), -1)
        begins = np.searchsorted(self.person, self.person, side="left")
        latest = np.maximum.accumulate(place) if place.size else place
        return np.where(latest >= begins, self.plan[np.maximum(latest, 0)], _UNKNOWN).astype(np.int8)


def read(file: Path, people: Ints, on: int) -> Outcomes:
    """The outcomes of ``people`` (sorted keys) in a file, counted from day ``on``.

    ``key`` is an int64 or TB-…; ``on`` an ISO date or days since 1970; ``active`` yes or no;
    ``spend_dong`` whole đồng; the last two may be blank in a row that is not active. Refuses the codes of
    :func:`tantam.proof.files.read`, ``bad_outcomes`` (a value that cannot be read, with its line),
    ``conflicting_rows`` (one subscriber and day told two ways) and ``other_outcomes`` (nobody of the
    round is in it).
    """
    table = files.read(file, COLUMNS)
    key = _keys(table, file)
    day = _days(table, file) - on
    place = np.minimum(np.searchsorted(people, key), max(people.size - 1, 0))
    ours = people[place] == key if people.size else np.zeros(key.size, bool)
    if key.size and people.size and not ours.any():
        what = f"None of the {key.size} rows of {file.name} is about anybody of this round."
        raise BadInput("other_outcomes", what, "Give the outcomes of this home's subscribers.")
    active = _active(table, file)
    spend, plan = _spend(table, active, file), _plan(table, active, file)
    rows = np.flatnonzero(ours & (day > 0))
    rows = rows[np.lexsort((day[rows], place[rows]))]
    values = np.stack([place[rows], day[rows], active[rows], spend[rows], plan[rows]]).astype(np.int64)
    again = _again(values, key[rows], on, file)
    person, days, on_line, dong, kinds = values[:, ~again]
    return Outcomes(
        people=people,
        person=person,
        day=days,
        active=on_line.astype(bool),
        spend=_within(person, dong),
        plan=kinds.astype(np.int8),
        reach=int(day.max(initial=0)),
        unknown=int(keys.once(np.sort(key[~ours])).size),
        twice=int(again.sum()),
    )


def _again(values: Ints, key: Ints, on: int, file: Path) -> Bools:
    """Rows equal to the row before; refuses two rows of one person and day that differ."""
    same = np.zeros(values.shape[1], bool)
    same[1:] = (values[:2, 1:] == values[:2, :-1]).all(axis=0)
    differ = same.copy()
    differ[1:] &= (values[2:, 1:] != values[2:, :-1]).any(axis=0)
    if differ.any():
        first = int(np.flatnonzero(differ)[0])
        told = f"{keys.show(int(key[first]))} on {clock.to_date(on + int(values[1, first])).isoformat()}"
        what = f"{file.name} tells {int(differ.sum())} subscriber-days two ways, first {told}."
        raise BadInput("conflicting_rows", what, "Keep one row for each subscriber and day.")
    return same


def _within(person: Ints, dong: Ints) -> Ints:
    """Sums up to each row within its person."""
    total = np.cumsum(dong)
    begins = np.searchsorted(person, person, side="left")
    return total - (total[begins] - dong[begins]) if person.size else total


def _bad(file: Path, column: str, row: int, value: Any, do: str) -> BadInput:
    what = f"{column} in line {files.line(row)} of {file.name} is “{str(value)[:40]}”."
    return BadInput("bad_outcomes", what, do)


def _keys(table: pa.Table, file: Path) -> Ints:
    column = table.column("key").combine_chunks()
    _no_blank(column, "key", file)
    if pa.types.is_integer(column.type):
        return np.asarray(column.cast(pa.int64()).to_numpy(), np.int64)
    unique = files.words(table, "key", file).dictionary_encode()
    read_keys = []
    for text in unique.dictionary.to_pylist():
        try:
            read_keys.append(keys.parse(text))
        except BadInput:
            row = pc.index(unique.dictionary, text).as_py()
            at = pc.index(unique.indices, row).as_py()
            raise _bad(file, "key", at, text, "Write TB- and its 13 characters, or the number.") from None
    return np.array(read_keys, np.int64)[unique.indices.to_numpy()]


def _days(table: pa.Table, file: Path) -> Ints:
    column = table.column("on").combine_chunks()
    _no_blank(column, "on", file)
    if pa.types.is_date(column.type) or pa.types.is_timestamp(column.type):
        return np.asarray(column.cast(pa.date32(), safe=False).cast(pa.int32()).to_numpy(), np.int64)
    unique = files.words(table, "on", file).dictionary_encode()
    read_days = []
    for place, text in enumerate(unique.dictionary.to_pylist()):
        plain = text.strip()
        try:
            day = int(plain) if plain.lstrip("-").isdigit() else clock.parse_day(plain)
        except (BadInput, ValueError):
            day = _SPAN
        if not 0 <= day < _SPAN // 4:
            at = pc.index(unique.indices, place).as_py()
            raise _bad(file, "on", at, text, "Write it as 2026-11-21, or as days since 1970.")
        read_days.append(day)
    return np.array(read_days, np.int64)[unique.indices.to_numpy()]


def _active(table: pa.Table, file: Path) -> Bools:
    column = files.numbers(table, "active", file)
    _no_blank(column, "active", file)
    value = column.to_numpy()
    odd = np.flatnonzero((value != 0) & (value != 1))
    if odd.size:
        raise _bad(file, "active", int(odd[0]), value[odd[0]], "Write true or false.")
    return np.asarray(value == 1)


def _spend(table: pa.Table, active: Bools, file: Path) -> Ints:
    column = files.numbers(table, "spend_dong", file)
    value = column.to_numpy(zero_copy_only=False)
    blank = np.isnan(value)
    odd = np.flatnonzero((blank & active) | (~blank & ((value != np.rint(value)) | (np.abs(value) > 2**52))))
    if odd.size:
        raise _bad(file, "spend_dong", int(odd[0]), value[odd[0]], "Write whole đồng.")
    return np.where(blank, 0, value).astype(np.int64)


def _plan(table: pa.Table, active: Bools, file: Path) -> NDArray[np.int8]:
    words = files.words(table, "plan_kind", file)
    place = pc.index_in(words, pa.array(PLAN_KINDS)).fill_null(_UNKNOWN)
    plan = np.asarray(place.to_numpy(), np.int8)
    blank = np.asarray(words.is_null().to_numpy(zero_copy_only=False), bool)
    odd = np.flatnonzero((plan == _UNKNOWN) & (active | ~blank))
    if odd.size:
        value = words[int(odd[0])].as_py()
        raise _bad(file, "plan_kind", int(odd[0]), value, f"Write {' or '.join(PLAN_KINDS)}.")
    return plan


def _no_blank(column: pa.Array, name: str, file: Path) -> None:
    if column.null_count:
        row = pc.index(column.is_null(), True).as_py()
        raise _bad(file, name, row, "", "Every row needs one.")
