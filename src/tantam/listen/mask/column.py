"""Masking a column of texts: the gate over all of them, the careful rules on the few it flags."""

from __future__ import annotations

from typing import Any

import numpy as np

from tantam.errors import BadInput
from tantam.listen.mask import gate
from tantam.listen.mask.careful import mask


def mask_batch(texts: Any) -> Any:
    """:func:`mask` of every text of an Arrow array or chunked array of strings or bytes, in its own type.

    Null stays null; bytes that are no UTF-8 stay as they are, and part words. Refuses ``not_text``. Cost: about
    half a microsecond for a line that holds nothing, 20 µs for one that does.
    """
    import pyarrow as pa

    if isinstance(texts, pa.ChunkedArray):
        return pa.chunked_array([mask_batch(chunk) for chunk in texts.chunks], texts.type)
    data, offsets = _buffers(texts)
    flagged = gate.flag(data, offsets) != 0
    if texts.null_count:
        flagged &= texts.is_valid().to_numpy(zero_copy_only=False)
    if not flagged.any():
        return texts
    import pyarrow.compute as pc

    chosen = pa.array(flagged)
    masked = [_masked(text) for text in texts.filter(chosen).to_pylist()]
    return pc.replace_with_mask(texts, chosen, pa.array(masked, texts.type))


def _masked(text: str | bytes) -> str | bytes:
    if isinstance(text, str):
        return mask(text)
    return mask(text.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


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
