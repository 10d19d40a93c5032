"""What became of each subscriber: an outcomes file read, and each person's outcome at a horizon.

Rows may come twice, late and in any order: equal rows count once. A status holds until the next row.
Nothing is read past the day up to which the file has been written, so nobody peeks at an unfinished
horizon.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

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

    person int32 (place in ``people``); day int32, from the round's day; active bool; spend int64 whole
    đồng, summed up to each row within its person from the round's day on; plan int8 (place in PLAN_KINDS,
    −1 unknown). ``reach`` is the last day of the whole file, from the round's day; ``unknown`` the keys
    in it that are in no comparison, 0 where they are not counted; ``twice`` the equal rows that came again.
    """

    people: Ints
    person: NDArray[np.int32]
    day: NDArray[np.int32]
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
        plan = np.concatenate([self._known_plan, [_UNKNOWN]])[ends]
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
        code = self.person * np.int64(_SPAN) + self.day + _SPAN // 2
        place = (
            np.searchsorted(code, np.arange(self.people.size) * _SPAN + day + _SPAN // 2, side="right") - 1
        )
        there = place >= 0
        there[there] = self.person[place[there]] == np.flatnonzero(there)
        return np.where(there, place, -1), there

    @cached_property
    def _known_plan(self) -> NDArray[np.int8]:
        """The plan at each row, an unknown one as in the row before."""
        place = np.where(self.plan != _UNKNOWN, np.arange(self.plan.size), -1)
        latest = np.maximum.accumulate(place) if place.size else place
        told = latest >= _begins(self.person)
        return np.where(told, self.plan[np.maximum(latest, 0)], np.int8(_UNKNOWN))


def read(file: Path, people: Ints, on: int, *, count_unknown: bool = True) -> Outcomes:
    """The outcomes of ``people`` (sorted keys) in a file, counted from day ``on``.

    ``key`` is an int64 or TB-…; ``on`` an ISO date or days since 1970; ``active`` yes or no;
    ``spend_dong`` whole đồng; the last two may be blank in a row that is not active. Refuses the codes of
    :func:`tantam.proof.files.read`, ``bad_outcomes`` (a value that cannot be read, with its line),
    ``conflicting_rows`` (one subscriber and day told two ways) and ``other_outcomes`` (nobody of the
    round is in it).

    The file is read in pieces, of which the rows about ``people`` are held; to count the keys of others
    (``count_unknown``) takes 8 bytes and some more for each.
    """
    held: tuple[list[NDArray[Any]], ...] = ([], [], [], [], [])
    others = _Others() if count_unknown else None
    rows = reach = 0
    met = False
    for table in files.pieces(file, COLUMNS):
        piece = _Piece(table, file, rows)
        rows += table.num_rows
        key, day = _keys(piece), _days(piece) - on
        place = np.minimum(np.searchsorted(people, key), max(people.size - 1, 0))
        ours = people[place] == key if people.size else np.zeros(key.size, bool)
        active = _active(piece)
        values: tuple[NDArray[Any], ...] = (
            place.astype(np.int32),
            day.astype(np.int32),
            active,
            _spend(piece, active),
            _plan(piece, active),
        )
        met |= bool(ours.any())
        reach = max(reach, int(day.max(initial=0)))
        if others is not None:
            others.add(key[~ours])
        for column, value in zip(held, values, strict=True):
            column.append(value[ours & (day > 0)])
    if rows and people.size and not met:
        what = f"None of the {rows} rows of {file.name} is about anybody of this round."
        raise BadInput("other_outcomes", what, "Give the outcomes of this home's subscribers.")
    unknown = 0 if others is None else others.count()
    return _of(people, [_joined(column) for column in held], on, file, reach, unknown)


def _joined(pieces: list[NDArray[Any]]) -> NDArray[Any]:
    """One column of its pieces, which are given up."""
    column = np.concatenate(pieces)
    pieces.clear()
    return column


def _of(people: Ints, columns: list[NDArray[Any]], on: int, file: Path, reach: int, unknown: int) -> Outcomes:
    """What is told of ``people`` in rows of any order, as place, day, active, spend, plan. Each column is given up as
    the next is made, for there may be a hundred million rows."""
    order = np.lexsort((columns[1], columns[0]))
    for i, column in enumerate(columns):
        columns[i] = column[order]
    again = _again(columns, people, on, file)
    twice = int(again.sum())
    person, day, active, dong, plan = [column[~again] for column in columns] if twice else columns
    return Outcomes(people, person, day, active, _within(person, dong), plan, reach, unknown, twice)


class _Others:
    """How many different keys there are, told some at a time."""

    def __init__(self) -> None:
        self._known, self._new, self._waiting = np.empty(0, np.int64), list[Ints](), 0

    def add(self, key: Ints) -> None:
        self._new.append(keys.once(np.sort(key)))
        self._waiting += self._new[-1].size
        if self._waiting > max(self._known.size, files.PIECE_ROWS):  # each key is sorted but a few times
            self.count()

    def count(self) -> int:
        self._known = keys.once(np.sort(np.concatenate([self._known, *self._new])))
        self._new, self._waiting = [], 0
        return self._known.size


class _Piece(NamedTuple):
    """Some rows of a file; ``first`` is the number of the first of them."""

    table: pa.Table
    file: Path
    first: int

    def bad(self, column: str, row: int, value: Any, do: str) -> BadInput:
        """The refusal of a value in a row of the piece."""
        line = files.line(self.first + row)
        what = f"{column} in line {line} of {self.file.name} is “{str(value)[:40]}”."
        return BadInput("bad_outcomes", what, do)

    def column(self, name: str) -> pa.Array:
        """A column without blanks, as it stands."""
        column = self.table.column(name).combine_chunks()
        self.no_blank(column, name)
        return column

    def words(self, name: str) -> pa.Array:
        """As :func:`tantam.proof.files.words`."""
        return files.words(self.table, name, self.file)

    def numbers(self, name: str) -> pa.Array:
        """As :func:`tantam.proof.files.numbers`."""
        return files.numbers(self.table, name, self.file, self.first)

    def no_blank(self, column: pa.Array, name: str) -> None:
        """Refuses a blank."""
        if column.null_count:
            row = pc.index(column.is_null(), True).as_py()
            raise self.bad(name, row, "", "Every row needs one.")


def _again(columns: list[NDArray[Any]], people: Ints, on: int, file: Path) -> Bools:
    """Rows equal to the row before; refuses two rows of one person and day that differ."""
    as_before = [_as_before(column) for column in columns]
    same = as_before[0] & as_before[1]
    differ = same & ~(as_before[2] & as_before[3] & as_before[4])
    if differ.any():
        first = int(np.flatnonzero(differ)[0])
        person, day = int(people[columns[0][first]]), clock.to_date(on + int(columns[1][first]))
        told = f"{keys.show(person)} on {day.isoformat()}"
        what = f"{file.name} tells {int(differ.sum())} subscriber-days two ways, first {told}."
        raise BadInput("conflicting_rows", what, "Keep one row for each subscriber and day.")
    return same


def _as_before(column: NDArray[Any]) -> Bools:
    """Which values are the one before."""
    same = np.zeros(column.size, bool)
    same[1:] = column[1:] == column[:-1]
    return same


def _begins(person: NDArray[np.int32]) -> Ints:
    """Of each row the first of its person; rows of one stand together."""
    return np.maximum.accumulate(np.where(_as_before(person), 0, np.arange(person.size)))


def _within(person: NDArray[np.int32], dong: Ints) -> Ints:
    """Sums up to each row within its person."""
    total, begins = np.cumsum(dong), _begins(person)
    return total - (total[begins] - dong[begins])


def _keys(piece: _Piece) -> Ints:
    column = piece.column("key")
    if pa.types.is_integer(column.type):
        return np.asarray(column.cast(pa.int64()).to_numpy(), np.int64)
    unique = piece.words("key").dictionary_encode()
    read_keys = []
    for text in unique.dictionary.to_pylist():
        try:
            read_keys.append(keys.parse(text))
        except BadInput:
            row = pc.index(unique.dictionary, text).as_py()
            at = pc.index(unique.indices, row).as_py()
            raise piece.bad("key", at, text, "Write TB- and its 13 characters, or the number.") from None
    return np.array(read_keys, np.int64)[unique.indices.to_numpy()]


def _days(piece: _Piece) -> Ints:
    column = piece.column("on")
    if pa.types.is_date(column.type) or pa.types.is_timestamp(column.type):
        return np.asarray(column.cast(pa.date32(), safe=False).cast(pa.int32()).to_numpy(), np.int64)
    unique = piece.words("on").dictionary_encode()
    read_days = []
    for place, text in enumerate(unique.dictionary.to_pylist()):
        plain = text.strip()
        try:
            day = int(plain) if plain.lstrip("-").isdigit() else clock.parse_day(plain)
        except (BadInput, ValueError):
            day = _SPAN
        if not 0 <= day < _SPAN // 4:
            at = pc.index(unique.indices, place).as_py()
            raise piece.bad("on", at, text, "Write it as 2026-11-21, or as days since 1970.")
        read_days.append(day)
    return np.array(read_days, np.int64)[unique.indices.to_numpy()]


def _active(piece: _Piece) -> Bools:
    column = piece.numbers("active")
    piece.no_blank(column, "active")
    value = column.to_numpy()
    odd = np.flatnonzero((value != 0) & (value != 1))
    if odd.size:
        raise piece.bad("active", int(odd[0]), value[odd[0]], "Write true or false.")
    return np.asarray(value == 1)


def _spend(piece: _Piece, active: Bools) -> Ints:
    column = piece.numbers("spend_dong")
    value = column.to_numpy(zero_copy_only=False)
    blank = np.isnan(value)
    odd = np.flatnonzero((blank & active) | (~blank & ((value != np.rint(value)) | (np.abs(value) > 2**52))))
    if odd.size:
        raise piece.bad("spend_dong", int(odd[0]), value[odd[0]], "Write whole đồng.")
    return np.where(blank, 0, value).astype(np.int64)


def _plan(piece: _Piece, active: Bools) -> NDArray[np.int8]:
    words = piece.words("plan_kind")
    place = pc.index_in(words, pa.array(PLAN_KINDS)).fill_null(_UNKNOWN)
    plan = np.asarray(place.to_numpy(), np.int8)
    blank = np.asarray(words.is_null().to_numpy(zero_copy_only=False), bool)
    odd = np.flatnonzero((plan == _UNKNOWN) & (active | ~blank))
    if odd.size:
        value = words[int(odd[0])].as_py()
        raise piece.bad("plan_kind", int(odd[0]), value, f"Write {' or '.join(PLAN_KINDS)}.")
    return plan
