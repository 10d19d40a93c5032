"""Opaque subscriber keys and the portable bucket.

A key is the first 63 bits of HMAC-SHA-256(secret, E.164 number): the same number always gets the same key in one
home, nobody without the secret can go back, and it fits int64. It is shown as ``TB-`` and 13 characters of
Crockford base32 in groups.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from tantam.errors import BadInput

SECRET_BYTES = 32
MOST_KEY = 2**63 - 1
PPM = 1_000_000
"""Buckets run from 0 to PPM - 1: a share of 2 % is every bucket below 20,000."""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no letter that is mistaken for another."""
READ = {c: i for i, c in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
"""Letter as typed → its value."""
_CHARS = 13
_GROUPS = (4, 4, 5)


def once(ordered: NDArray[Any]) -> NDArray[Any]:
    """Sorted values, each once; of many keys much faster than NumPy's ``unique``, which hashes whole numbers."""
    first = np.ones(ordered.size, bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]


def of_phone(secret: bytes, e164: str) -> int:
    """The key of one number written as +84…; int in [0, 2**63)."""
    digest = hmac.digest(secret, e164.encode(), "sha256")
    return int.from_bytes(digest[:8], "big") >> 1


def show(key: int) -> str:
    """``TB-7Q4K-20M1-9XC3D``: what people see and may type back."""
    text = "".join(ALPHABET[(key >> shift) & 31] for shift in range(5 * (_CHARS - 1), -1, -5))
    parts, at = [], 0
    for size in _GROUPS:
        parts.append(text[at : at + size])
        at += size
    return "TB-" + "-".join(parts)


def parse(text: str) -> int:
    """Read a key as shown (any case, with or without dashes) or as a decimal int64; refuses ``bad_key``."""
    plain = text.strip().upper()
    if plain.startswith("TB"):
        chars = plain[2:].replace("-", "").replace(" ", "")
        if len(chars) == _CHARS and all(c in READ for c in chars):
            key = 0
            for c in chars:
                key = key << 5 | READ[c]
            if key <= MOST_KEY:
                return key
    elif plain.isascii() and plain.isdigit() and int(plain) <= MOST_KEY:
        return int(plain)
    raise BadInput(
        "bad_key", f"“{text}” is not a subscriber key.", "Write TB- and its 13 characters, or the number."
    )


def seed_of(salt: str, offer: str = "") -> int:
    """The 64-bit seed of a salt and an offer, the same everywhere."""
    return int.from_bytes(hashlib.sha256(f"{salt}\x1f{offer}".encode()).digest()[:8], "little")


@numba.njit(numba.uint64(numba.uint64), cache=True, inline="always")
def splitmix64(x: Any) -> Any:
    """One step of splitmix64 (Steele, Lea, Flood 2014), on uint64."""
    x = np.uint64(x + np.uint64(0x9E3779B97F4A7C15))
    x = np.uint64((x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9))
    x = np.uint64((x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB))
    return np.uint64(x ^ (x >> np.uint64(31)))


@numba.njit(numba.int32[::1](numba.int64[::1], numba.uint64, numba.uint64), cache=True, nogil=True)
def _buckets(key: NDArray[np.int64], seed: int, size: int) -> NDArray[np.int32]:
    out = np.empty(key.size, np.int32)
    for i in range(key.size):
        out[i] = np.int32(splitmix64(splitmix64(np.uint64(key[i])) ^ seed) % size)
    return out


def bucket(key: NDArray[np.int64], salt: str, offer: str = "") -> NDArray[np.int32]:
    """The bucket of each key under a salt and an offer: int32 [n] in [0, PPM), uniform, stable by key.

    The same on every engine and machine, because it is one kernel and never an engine's own hash.
    """
    keys = np.require(key, np.int64, ["C", "W"])
    return np.asarray(_buckets(keys, np.uint64(seed_of(salt, offer)), np.uint64(PPM)))
