"""Masking a column of texts: the gate over all of them, the careful rules on the few it flags."""

from __future__ import annotations

from typing import Any

import numpy as np

from tantam.errors import BadInput
from tantam.listen.mask import gate
from tantam.listen.mask.careful import mask, mask_names


def mask_batch(texts: Any) -> Any:
    """:func:`mask` of every text of an Arrow array or chunked array of strings or bytes, in its own type.

    Null stays null; bytes that are no UTF-8 stay as they are, and part words. Refuses ``not_text``. Cost: about
    a microsecond for a line that holds nothing, 10 µs for one with a name alone, 50 µs for one with a number.
    """
    import pyarrow as pa

    if isinstance(texts, pa.ChunkedArray):
        return pa.chunked_array([mask_batch(chunk) for chunk in texts.chunks], texts.type)
    held = gate.flag(*_buffers(texts))
    if texts.null_count:
        held[~texts.is_valid().to_numpy(zero_copy_only=False)] = 0
    flagged = held != 0
    if not flagged.any():
        return texts
    import pyarrow.compute as pc

    chosen = pa.array(flagged)
    masked = map(_masked, texts.filter(chosen).to_pylist(), held[flagged])
    return pc.replace_with_mask(texts, chosen, pa.array(masked, texts.type))


def _masked(text: str | bytes, held: int) -> str | bytes:
    if isinstance(text, bytes):
        said = text.decode("utf-8", "surrogateescape")
        return str(_masked(said, held)).encode("utf-8", "surrogateescape")
    return mask(text) if held & gate.MAY_HOLD_NUMBER else mask_names(text)


def _buffers(texts: Any) -> tuple[Any, Any]:
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
