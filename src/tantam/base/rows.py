"""Rows on their way through a load, of fixed width: between the columns of a file and those of the base.

A word is its place in a list, yes and no are 1 and 0, and the least number of its width stands for null. So a row is
moved as one small block, and a kernel moves all columns at once. What follows from other columns is not carried:
:func:`table` makes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tantam.base.cells import FIRST_DAY, LAST_DAY
from tantam.base.columns import INPUT, LOW_INCOME, SPEND, STORED
from tantam.base.reading import OLD_PROVINCES, PROVINCES

Ints = NDArray[np.int64]
Words = Mapping[str, pa.Array]
"""Column → the words its numbers mean."""

_MADE = ("low_income", "birth_mmdd", "spend_6m")
_CARRIED = [c for c in STORED if c.name not in _MADE]
LISTED = {c.name: c.values for c in INPUT if c.values} | {
    "province": PROVINCES,
    "province_old": OLD_PROVINCES,
}
"""Columns whose words are known beforehand: always in this order."""
OPEN = tuple(c.name for c in _CARRIED if c.type == pa.string() and c.name not in LISTED)
"""Columns that hold any words."""
_LISTS = {name: pa.array(words, pa.string()) for name, words in LISTED.items()}

_LONG = ("row", *(c.name for c in _CARRIED if c.type == pa.int64()))
_SHORT = tuple(c.name for c in _CARRIED if c.type in (pa.int32(), pa.string()))
_TINY = tuple(c.name for c in _CARRIED if c.type == pa.bool_())
ROW, KEY = (_LONG.index(name) for name in ("row", "key"))
"""Where in a packed row they stand."""
WIDTH = len(_LONG) + -(-(4 * len(_SHORT) + len(_TINY)) // 8)
"""A packed row is so many int64."""
_TILE = 128
"""So many packed rows stay in a core's first cache while their columns come and go one after the other."""


def null(values: NDArray[Any]) -> int:
    """What stands for null among such values."""
    return int(np.iinfo(values.dtype).min)


@dataclass(frozen=True)
class Columns:
    """Columns of rows, by width: int64 [., n], int32 [., n], int8 [., n]; ``words`` of :data:`OPEN`."""

    long: NDArray[np.int64]
    short: NDArray[np.int32]
    tiny: NDArray[np.int8]
    words: Words

    @classmethod
    def empty(cls, rows: int, words: Words) -> Columns:
        """Room for so many rows; what is in it is not said."""
        long, short = np.empty((len(_LONG), rows), np.int64), np.empty((len(_SHORT), rows), np.int32)
        return cls(long, short, np.empty((len(_TINY), rows), np.int8), words)

    @property
    def rows(self) -> int:
        return int(self.long.shape[1])

    def __getitem__(self, name: str) -> NDArray[Any]:
        for names, values in ((_LONG, self.long), (_SHORT, self.short), (_TINY, self.tiny)):
            if name in names:
                return np.asarray(values[names.index(name)])
        raise KeyError(name)

    def slice(self, begin: int, end: int) -> Columns:
        """Some of the rows, not copied."""
        return Columns(self.long[:, begin:end], self.short[:, begin:end], self.tiny[:, begin:end], self.words)

    def packed(self, at: Ints, rows: int) -> Ints:
        """The rows as blocks, each at its place; those without one (less than 0) are left out: int64 [rows, WIDTH]."""
        out = np.empty((rows, WIDTH), np.int64)
        _pack(self.long, self.short, self.tiny, at, out)
        return out


def unpacked(packed: Ints, order: Ints, words: Words) -> Columns:
    """The rows ``order`` of packed rows as columns."""
    out = Columns.empty(order.size, words)
    _unpack(packed, packed.view(np.int32), packed.view(np.int8), order, out.long, out.short, out.tiny)
    return out


@numba.njit(cache=True, nogil=True)
def _pack(long: Any, short: Any, tiny: Any, at: Any, out: Any) -> None:
    shorts, tinies = 2 * long.shape[0], 8 * long.shape[0] + 4 * short.shape[0]
    some = np.empty((_TILE, out.shape[1]), np.int64)
    some4, some1 = some.view(np.int32), some.view(np.int8)
    for begin in range(0, at.size, _TILE):
        here = min(_TILE, at.size - begin)
        for j in range(long.shape[0]):
            for i in range(here):
                some[i, j] = long[j, begin + i]
        for j in range(short.shape[0]):
            for i in range(here):
                some4[i, shorts + j] = short[j, begin + i]
        for j in range(tiny.shape[0]):
            for i in range(here):
                some1[i, tinies + j] = tiny[j, begin + i]
        for i in range(here):
            if at[begin + i] >= 0:
                out[at[begin + i]] = some[i]


@numba.njit(cache=True, nogil=True)
def _unpack(packed: Any, packed4: Any, packed1: Any, order: Any, long: Any, short: Any, tiny: Any) -> None:
    shorts, tinies = 2 * long.shape[0], 8 * long.shape[0] + 4 * short.shape[0]
    for begin in range(0, order.size, _TILE):
        end = min(begin + _TILE, order.size)
        for j in range(long.shape[0]):
            for i in range(begin, end):
                long[j, i] = packed[order[i], j]
        for j in range(short.shape[0]):
            for i in range(begin, end):
                short[j, i] = packed4[order[i], shorts + j]
        for j in range(tiny.shape[0]):
            for i in range(begin, end):
                tiny[j, i] = packed1[order[i], tinies + j]


def one_list(parts: Sequence[tuple[Ints, Words]]) -> Words:
    """Make packed rows speak of one list of words: their numbers are changed in place."""
    if len({id(words) for _, words in parts}) <= 1:
        return parts[0][1] if parts else {name: pa.array([], pa.string()) for name in OPEN}
    return {name: _one_list([(_of(packed, name), words[name]) for packed, words in parts]) for name in OPEN}


def joined(parts: Sequence[Columns]) -> Columns:
    """Columns one behind the other."""
    if len(parts) == 1:
        return parts[0]
    long, short, tiny = (
        np.concatenate([getattr(part, name) for part in parts], axis=1) for name in ("long", "short", "tiny")
    )
    words = parts[0].words
    if len({id(part.words) for part in parts}) > 1:
        ends = np.cumsum([part.rows for part in parts])[:-1]
        words = {
            name: _one_list(
                list(
                    zip(
                        np.split(short[_SHORT.index(name)], ends),
                        (p.words[name] for p in parts),
                        strict=True,
                    )
                )
            )
            for name in OPEN
        }
    return Columns(long, short, tiny, words)


def _of(packed: Ints, name: str) -> NDArray[np.int32]:
    return np.asarray(packed.view(np.int32)[:, 2 * len(_LONG) + _SHORT.index(name)])


def _one_list(parts: Sequence[tuple[NDArray[np.int32], pa.Array]]) -> pa.Array:
    """One list of words for numbers that speak of several; only words that are used are looked at."""
    known: dict[str, int] = {}
    for numbers, words in parts:
        used = _used(numbers, len(words))
        turned = np.zeros(len(words), np.int32)
        turned[used] = [known.setdefault(word, len(known)) for word in words.take(pa.array(used)).to_pylist()]
        _renumber(numbers, turned)
    return pa.array(list(known), pa.string())


@numba.njit(cache=True, nogil=True)
def _count(numbers: Any, counts: Any) -> None:
    for number in numbers:
        if number >= 0:
            counts[number] += 1


def _used(numbers: NDArray[np.int32], words: int) -> Ints:
    """Which of so many words are spoken of: int64 [.]."""
    counts = np.zeros(words, np.int64)
    _count(numbers, counts)
    return np.flatnonzero(counts)


@numba.njit(cache=True, nogil=True)
def _renumber(numbers: Any, turned: Any) -> None:
    for i in range(numbers.size):
        if numbers[i] >= 0:
            numbers[i] = turned[numbers[i]]


def table(columns: Columns) -> pa.Table:
    """The stored columns, words as a dictionary of those that occur, in their order: equal rows, equal tables."""
    made: dict[str, NDArray[Any]] = {
        "low_income": _low_income(columns),
        "birth_mmdd": _birthday(columns["born_on"]),
        "spend_6m": _spend(columns),
    }
    arrays = []
    for stored in STORED:
        values = made[stored.name] if stored.name in made else columns[stored.name]
        if stored.type == pa.string():
            words = columns.words[stored.name] if stored.name in OPEN else _LISTS[stored.name]
            arrays.append(_words(values, words))
        else:
            arrays.append(_array(values, stored.type))
    return pa.table(arrays, names=[c.name for c in STORED])


def _words(numbers: NDArray[np.int32], words: pa.Array) -> pa.Array:
    used = _used(numbers, len(words))
    some = words.take(pa.array(used))
    order = np.asarray(pc.array_sort_indices(some))
    turned = np.zeros(len(words), np.int32)
    turned[used[order]] = np.arange(used.size)
    numbers = numbers.copy()
    _renumber(numbers, turned)
    return pa.DictionaryArray.from_arrays(_array(numbers, pa.int32()), some.take(pa.array(order)))


def _array(values: NDArray[Any], kind: pa.DataType) -> pa.Array:
    valid = np.empty(-(-values.size // 8), np.uint8)
    nulls = _valid(values, null(values), valid)
    data = np.packbits(values == 1, bitorder="little") if kind == pa.bool_() else values
    buffers = [pa.py_buffer(valid) if nulls else None, pa.py_buffer(data)]
    return pa.Array.from_buffers(kind, values.size, buffers, nulls)


@numba.njit(cache=True, nogil=True)
def _valid(values: Any, null: Any, bits: Any) -> int:
    """Which values are none, as Arrow's bits; gives how many are."""
    nulls = 0
    for byte in range(bits.size):
        held = 0
        for bit in range(min(8, values.size - 8 * byte)):
            here = values[8 * byte + bit] != null
            held |= here << bit
            nulls += not here
        bits[byte] = held
    return nulls


def _low_income(columns: Columns) -> NDArray[np.int8]:
    poor = np.append(np.isin(LISTED["hardship"], LOW_INCOME), False).astype(np.int8)
    return np.asarray(poor[np.maximum(columns["hardship"], -1)])


def _birthday(born: NDArray[np.int32]) -> NDArray[np.int16]:
    return np.asarray(_BIRTHDAYS[np.maximum(born, FIRST_DAY - 1) - FIRST_DAY])


def _birthdays() -> NDArray[np.int16]:
    """Month and day of each day from ``FIRST_DAY``, and last what stands for null."""
    days = np.arange(FIRST_DAY, LAST_DAY + 1).astype("M8[D]")
    months = days.astype("M8[M]")
    mmdd = 100 * (months.astype(np.int64) % 12 + 1) + (days - months).astype(np.int64) + 1
    return np.append(mmdd, np.iinfo(np.int16).min).astype(np.int16)


_BIRTHDAYS = _birthdays()


def _spend(columns: Columns) -> Ints:
    months = [columns[month] for month in SPEND]
    total, some = np.zeros(columns.rows, np.int64), np.zeros(columns.rows, bool)
    for month in months:
        total += np.maximum(month, 0)
        some |= month >= 0
    return np.where(some, total, null(total))


def columns_of(stored: pa.Table) -> Columns:
    """Stored columns (of a base) as columns on their way, without ``row``."""
    words: dict[str, pa.Array] = {}
    out = Columns.empty(stored.num_rows, words)
    for column in _CARRIED:
        held = stored[column.name].combine_chunks()
        if column.name in LISTED:
            held = pc.index_in(held, _LISTS[column.name])
        elif column.name in OPEN:
            coded = held.dictionary_encode()
            words[column.name], held = coded.dictionary, coded.indices
        elif column.type == pa.bool_():
            held = held.cast(pa.int8())
        to = out[column.name]
        to[:] = np.asarray(pc.fill_null(held, null(to)))
    return out
