"""Texts in, cleaned texts and the hashes of their words out: the kernel over Arrow arrays of any size."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tantam.errors import BadInput
from tantam.listen.clean import kernel, tables
from tantam.listen.clean.desk import COUNT, MEMO, POS, SLACK, STATE, Desk

_SLICE_BYTES = 1 << 26
"""Texts are cleaned so many bytes at a time."""

_BYTES_A_WORD = 4
"""First guess at the room for words: a little too much, since room that is not touched costs nothing and more, made
when it is short, is a copy. Opinions have five bytes a word, the space with it."""

_KEPT_BYTES = 1 << 14
"""A thread keeps room for texts of this length from call to call; for longer ones it is made anew."""

_OF_THREAD = threading.local()


@dataclass(frozen=True)
class Tokens:
    """The words of a batch of texts; those of text i are ``offsets[i]:offsets[i + 1]``.

    ``offsets`` is int64 [n + 1]; ``exact`` and ``plain`` are uint64 [t], the hashes of ``hash_word``.
    """

    offsets: NDArray[np.int64]
    exact: NDArray[np.uint64]
    plain: NDArray[np.uint64]

    def only(self, texts: NDArray[np.bool_]) -> Tokens:
        """These words, where ``texts`` [n] is true; the other texts have none."""
        sizes = np.diff(self.offsets)
        kept = np.repeat(texts, sizes)
        offsets = np.zeros_like(self.offsets)
        np.cumsum(sizes * texts, out=offsets[1:])
        return Tokens(offsets, self.exact[kept], self.plain[kept])


@dataclass(frozen=True)
class Cleaned:
    """Cleaned texts, ``pa.large_string()`` [n], and their words."""

    text: pa.Array
    tokens: Tokens


@dataclass(frozen=True)
class _Done:
    """What the kernel made of n texts: their bytes end at ``ends`` [n + 1], their words at ``word_ends``."""

    out: NDArray[np.uint8]
    ends: NDArray[np.int64]
    word_ends: NDArray[np.int64]
    exact: NDArray[np.uint64]
    plain: NDArray[np.uint64]
    spans: NDArray[np.int64]


def clean(texts: pa.Array | pa.ChunkedArray) -> Cleaned:
    """The cleaned texts and the hashes of their words.

    In lower case and composed (NFC), the tone where ``hòa`` has it, one space between, ``_`` a space. Letters repeated
    three times and more stand once; teen-code is written out where the word is no syllable, with accents or without;
    keys of Telex and VNI become what was meant where the text gives evidence; unseen characters are gone; all digits
    are 0 to 9. Links, English, package codes, emoji and other scripts stay. Punctuation stays and is no word. Cleaning
    twice is cleaning once.

    Takes string, large_string, binary or large_binary of any size, sliced or chunked; a null stays null and has no
    words; bytes that are no UTF-8 are spaces. Refuses ``not_text``. About 900,000 opinions of 19 words a second a
    core; memory: what it returns, a megabyte a thread, and at most twenty times the longest text.
    """
    done, arrays = [], []
    for data, offsets, valid in _pieces(texts):
        done.append(_run(data, offsets, valid, keep=True))
        arrays.append(_array(done[-1], valid))
    text = arrays[0] if len(arrays) == 1 else pa.concat_arrays([pa.array([], pa.large_string()), *arrays])
    return Cleaned(text, _tokens(done))


def tokenize(texts: pa.Array | pa.ChunkedArray) -> Tokens:
    """The words of :func:`clean` alone; no text is written."""
    return _tokens([_run(*piece, keep=False) for piece in _pieces(texts)])


def clean_text(text: str) -> str:
    """One text, cleaned as by :func:`clean`; lone surrogates are spaces."""
    return bytes(_one(text, spans=False).out).decode()


def words(text: str) -> list[str]:
    """The words of one text, cleaned and in order: ``hash_word`` of each is what :func:`tokenize` gives."""
    done = _one(text, spans=True)
    return [bytes(done.out[start:end]).decode() for start, end in done.spans.reshape(-1, 2)]


def _one(text: str, *, spans: bool) -> _Done:
    data = np.frombuffer(bytearray(text.encode("utf-8", "surrogatepass")) or bytearray(1), np.uint8)
    size = len(data) if text else 0
    return _run(data, np.array([0, size], np.int64), np.empty(0, np.uint8), keep=True, spans=spans)


_ALL_VALID = np.empty(0, np.uint8)

_Piece = tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.uint8]]


def _pieces(texts: pa.Array | pa.ChunkedArray) -> Iterator[_Piece]:
    """Bytes, offsets [n + 1] and validity [n] (empty where nothing is null) of parts of at most _SLICE_BYTES, or of one
    text."""
    for array in map(_plain, texts.chunks if isinstance(texts, pa.ChunkedArray) else [texts]):
        wide = pa.types.is_large_string(array.type) or pa.types.is_large_binary(array.type)
        _, offset_buffer, buffer = array.buffers()
        data = _bytes(buffer)
        offsets = np.zeros(1, np.int64)
        if len(array):
            raw = np.frombuffer(offset_buffer, np.int64 if wide else np.int32)
            offsets = raw[array.offset : array.offset + len(array) + 1].astype(np.int64)
        valid = (
            array.is_valid().to_numpy(zero_copy_only=False).view(np.uint8) if array.null_count else _ALL_VALID
        )
        start = 0
        while start < len(array):
            end = int(np.searchsorted(offsets, offsets[start] + _SLICE_BYTES, "right")) - 1
            end = min(max(end, start + 1), len(array))
            yield data, offsets[start : end + 1], valid[start:end]
            start = end


def _plain(array: pa.Array) -> pa.Array:
    kind = array.type
    if pa.types.is_null(kind):
        return array.cast(pa.large_string())
    if pa.types.is_dictionary(kind):
        array = array.dictionary_decode()
    kinds = (pa.string(), pa.large_string(), pa.binary(), pa.large_binary())
    if array.type not in kinds:
        raise BadInput("not_text", f"A column of {kind} holds no text.", "Name a column of texts.")
    return array


def _bytes(buffer: Any) -> NDArray[np.uint8]:
    """The bytes of an Arrow buffer, as they lie; the kernel takes writable arrays alone, and writes to none of them."""
    if buffer is None or buffer.size == 0:
        return np.empty(0, np.uint8)
    return np.frombuffer((ctypes.c_uint8 * buffer.size).from_address(buffer.address), np.uint8)


def _run(
    data: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    valid: NDArray[np.uint8],
    *,
    keep: bool,
    spans: bool = False,
) -> _Done:
    """Run the kernel, making room as it asks for more."""
    n = len(offsets) - 1
    longest = int(np.diff(offsets).max(initial=0))
    total = int(offsets[-1] - offsets[0])
    most, most_words = tables.GROWTH * longest + SLACK, longest + SLACK
    desk = _desk(longest)._replace(
        out=np.empty((total + total // 8 if keep else 0) + most, np.uint8),
        exact=np.empty(total // _BYTES_A_WORD + most_words, np.uint64),
        plain=np.empty(total // _BYTES_A_WORD + most_words, np.uint64),
        spans=np.empty(2 * (total // _BYTES_A_WORD + most_words) if spans else 0, np.int64),
    )
    ends, word_ends = np.zeros(n + 1, np.int64), np.zeros(n + 1, np.int64)
    desk.state[:] = 0
    done = 0
    while (done := kernel.run(tables.load(), desk, data, offsets, valid, done, keep, ends, word_ends)) < n:
        pos, count = int(desk.state[POS]), int(desk.state[COUNT])
        desk = desk._replace(
            out=_larger(desk.out, pos, most),
            exact=_larger(desk.exact, count, most_words),
            plain=_larger(desk.plain, count, most_words),
            spans=_larger(desk.spans, 2 * count, 2 * most_words) if spans else desk.spans,
        )
    pos, count = int(desk.state[POS]), int(desk.state[COUNT])
    return _Done(
        desk.out[:pos], ends, word_ends, desk.exact[:count], desk.plain[:count], desk.spans[: 2 * count]
    )


def _larger(array: NDArray[Any], used: int, room: int) -> NDArray[Any]:
    if len(array) - used >= room:
        return array
    made = np.empty(len(array) * 3 // 2 + room, array.dtype)
    made[:used] = array[:used]
    return made


def _desk(longest: int) -> Desk:
    """This thread's desk, its memo with it, with room for texts of up to ``longest`` bytes."""
    if not hasattr(_OF_THREAD, "desk"):
        none = np.empty(0, np.uint64)
        _OF_THREAD.desk = Desk(
            out=np.empty(0, np.uint8),
            exact=none,
            plain=none,
            spans=np.empty(0, np.int64),
            points=np.empty(2 * _KEPT_BYTES + SLACK, np.int32),
            rewritten=np.empty(3 * _KEPT_BYTES + SLACK, np.uint8),
            memo=np.zeros(MEMO, np.uint64),
            state=np.zeros(STATE, np.int64),
        )
    held: Desk = _OF_THREAD.desk
    if longest <= _KEPT_BYTES:
        return held
    points, rewritten = np.empty(2 * longest + SLACK, np.int32), np.empty(3 * longest + SLACK, np.uint8)
    return held._replace(points=points, rewritten=rewritten)


def _array(done: _Done, valid: NDArray[np.uint8]) -> pa.Array:
    """The cleaned texts as Arrow holds them, over the kernel's own bytes."""
    bits = pa.py_buffer(np.packbits(valid, bitorder="little")) if len(valid) else None
    buffers = [bits, pa.py_buffer(done.ends), pa.py_buffer(done.out)]
    return pa.Array.from_buffers(pa.large_string(), len(done.ends) - 1, buffers)


def _tokens(done: list[_Done]) -> Tokens:
    if len(done) == 1:
        return Tokens(done[0].word_ends, done[0].exact, done[0].plain)
    offsets, base = [np.zeros(1, np.int64)], 0
    for part in done:
        offsets.append(part.word_ends[1:] + base)
        base += len(part.exact)
    none = np.empty(0, np.uint64)
    exact, plain = (np.concatenate([none, *(getattr(p, name) for p in done)]) for name in ("exact", "plain"))
    return Tokens(np.concatenate(offsets), exact, plain)
