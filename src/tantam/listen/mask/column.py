"""Masking a column of texts: the gate over all of them, the careful rules on the few it flags."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tantam.errors import BadInput
from tantam.listen.mask import gate
from tantam.listen.mask.careful import mask, mask_names


def mask_batch(texts: Any) -> Any:
    """:func:`mask` of every text of an Arrow array or chunked array of strings or bytes, in its own type.

    Null stays null; bytes that are no UTF-8 stay as they are, and part words. A column that holds nothing comes back
    itself. Refuses ``not_text``, and ``too_much_text`` where the masked bytes no longer fit the type (2 GB). Cost:
    0.4 µs for a line of 23 words that holds nothing, 5 µs for one with a name alone, 25 µs for one with a number.
    """
    import pyarrow as pa

    if isinstance(texts, pa.ChunkedArray):
        return pa.chunked_array([mask_batch(chunk) for chunk in texts.chunks], texts.type)
    data, offsets = _buffers(texts)
    held = gate.flag(data, offsets)
    if texts.null_count:
        held[~texts.is_valid().to_numpy(zero_copy_only=False)] = 0
    rows = np.flatnonzero(held)
    if not rows.size:
        return texts
    masked = [_masked(data[offsets[i] : offsets[i + 1]].tobytes(), held[i]) for i in rows]
    return _put(texts, data, offsets, rows, masked)


def _masked(text: bytes, held: int) -> bytes:
    said = text.decode("utf-8", "surrogateescape")
    masked = mask(said) if held & gate.MAY_HOLD_NUMBER else mask_names(said)
    return masked.encode("utf-8", "surrogateescape")


def _buffers(texts: Any) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The bytes of an array and where each text begins, whatever slice it is of another."""
    import pyarrow as pa

    types = {
        pa.string(): np.int32,
        pa.binary(): np.int32,
        pa.large_string(): np.int64,
        pa.large_binary(): np.int64,
    }
    if texts.type not in types:
        raise BadInput(
            "not_text", f"A column of {texts.type} holds no text.", "Give a column of strings or bytes."
        )
    _, starts, data = texts.buffers()
    if starts is None or not len(texts):
        return np.zeros(0, np.uint8), np.zeros(len(texts) + 1, np.int64)
    offsets = np.frombuffer(starts, types[texts.type])[texts.offset : texts.offset + len(texts) + 1]
    return np.frombuffer(data or b"", np.uint8), offsets.astype(np.int64)


def _put(
    texts: Any,
    data: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    rows: NDArray[np.int64],
    masked: Sequence[bytes],
) -> Any:
    """The array with other texts in some rows; all between them is copied as one piece."""
    import pyarrow as pa

    pieces: list[Any] = []
    at = offsets[0]
    for row, text in zip(rows, masked, strict=True):
        pieces += [data[at : offsets[row]], text]
        at = offsets[row + 1]
    pieces.append(data[at : offsets[-1]])
    sizes = np.diff(offsets)
    sizes[rows] = [len(text) for text in masked]
    ends = np.concatenate([[0], np.cumsum(sizes)])
    large = pa.types.is_large_string(texts.type) or pa.types.is_large_binary(texts.type)
    if not large and ends[-1] > np.iinfo(np.int32).max:
        raise BadInput(
            "too_much_text",
            f"Masked, this array has {ends[-1]:,} bytes: more than {texts.type} can hold.",
            "Give the column as large_string, or in smaller chunks.",
        )
    valid = (
        pa.array(texts.is_valid().to_numpy(zero_copy_only=False)).buffers()[1] if texts.null_count else None
    )
    starts = pa.py_buffer(ends.astype(np.int64 if large else np.int32))
    return pa.Array.from_buffers(texts.type, len(texts), [valid, starts, pa.py_buffer(b"".join(pieces))])
