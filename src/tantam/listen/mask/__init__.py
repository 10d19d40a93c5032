"""Numbers, addresses and names of people taken out of what was said, before it is kept or shown."""

from __future__ import annotations

from typing import Any

from tantam.listen.mask.numbers import KINDS, found, mask

__all__ = ["KINDS", "found", "mask", "mask_batch"]


def mask_batch(texts: Any) -> Any:
    """:func:`mask` of a column of texts: an Arrow array (or chunked array) of strings or bytes, in its own type; null
    stays null."""
    import pyarrow as pa

    if isinstance(texts, pa.ChunkedArray):
        return pa.chunked_array([mask_batch(c) for c in texts.chunks], texts.type)
    binary = pa.types.is_binary(texts.type) or pa.types.is_large_binary(texts.type)
    said = texts.to_pylist()
    if binary:
        said = [
            t if t is None else mask(t.decode(errors="surrogateescape")).encode(errors="surrogateescape")
            for t in said
        ]
    else:
        said = [t if t is None else mask(t) for t in said]
    return pa.array(said, texts.type)
