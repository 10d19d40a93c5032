"""Texts in, cleaned texts and the hashes of their words out."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tantam.listen.clean.hashing import hash_word

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\0-\x08\x0e-\x1b\x7f]|[\U0001f3fb-\U0001f3ff]"
)
_TOKEN = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf]|[^\\W_]+")
_TEEN = {
    "ko": "không",
    "k": "không",
    "kg": "không",
    "hok": "không",
    "đc": "được",
    "dc": "được",
    "wá": "quá",
    "wa": "quá",
    "j": "gì",
    "vs": "với",
}


@dataclass(frozen=True)
class Tokens:
    """The words of a batch of texts; those of text i are ``offsets[i]:offsets[i + 1]``.

    ``offsets`` is int64 [n + 1]; ``exact`` and ``plain`` are uint64 [t], the hashes of :func:`hash_word`.
    """

    offsets: NDArray[np.int64]
    exact: NDArray[np.uint64]
    plain: NDArray[np.uint64]


@dataclass(frozen=True)
class Cleaned:
    """Cleaned texts, as ``pa.large_string()`` [n], and their words."""

    text: pa.Array
    tokens: Tokens


@lru_cache(100_000)
def _word(raw: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    squeezed = re.sub(r"([^\W\d])\1{2,}", r"\1", raw)
    marks = unicodedata.normalize("NFD", squeezed)
    tones = [c for c in marks if c in "\u0300\u0301\u0303\u0309\u0323"]
    if len(tones) == 1:
        bare = unicodedata.normalize("NFC", "".join(c for c in marks if c not in tones))
        if bare.endswith(("oa", "oe", "uy")) and not bare.endswith("quy"):
            squeezed = unicodedata.normalize("NFC", bare[:-1] + tones[0] + bare[-1])
    out = _TEEN.get(squeezed, squeezed)
    return out, tuple(hash_word(w) for w in out.split())


def _one(text: str) -> tuple[str, list[tuple[int, int]]]:
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text).lower()).replace("_", " ")
    hashes: list[tuple[int, int]] = []

    def put(found: re.Match[str]) -> str:
        out, made = _word(found[0])
        hashes.extend(made)
        return out

    return _TOKEN.sub(put, " ".join(text.split())), hashes


def _decoded(value: Any) -> str | None:
    return value.decode("utf-8", "replace").replace("\ufffd", " ") if isinstance(value, bytes) else value


def clean(texts: pa.Array | pa.ChunkedArray) -> Cleaned:
    """The cleaned texts and the hashes of their words."""
    out: list[str | None] = []
    offsets, hashes = [0], []
    for value in texts.to_pylist():
        text = _decoded(value)
        if text is None:
            out.append(None)
        else:
            cleaned, made = _one(text)
            out.append(cleaned)
            hashes += made
        offsets.append(len(hashes))
    table = np.array(hashes, np.uint64).reshape(-1, 2)
    tokens = Tokens(np.array(offsets, np.int64), table[:, 0].copy(), table[:, 1].copy())
    return Cleaned(pa.array(out, pa.large_string()), tokens)


def tokenize(texts: pa.Array | pa.ChunkedArray) -> Tokens:
    """The hashes of the words alone."""
    return clean(texts).tokens


def clean_text(text: str) -> str:
    """One text, cleaned."""
    return _one(text.encode("utf-8", "surrogatepass").decode("utf-8", "replace").replace("\ufffd", " "))[0]


def words(text: str) -> list[str]:
    """The words of one text, cleaned, in order."""
    return _TOKEN.findall(clean_text(text))
