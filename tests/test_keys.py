"""Keys and buckets: the same everywhere, readable back, uniform."""

from __future__ import annotations

import hashlib
import hmac

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam import keys
from tantam.errors import BadInput

MASK = 2**64 - 1


def _splitmix(x: int) -> int:
    """splitmix64 as published, in plain integers."""
    x = (x + 0x9E3779B97F4A7C15) & MASK
    x = ((x ^ x >> 30) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ x >> 27) * 0x94D049BB133111EB) & MASK
    return x ^ x >> 31


@given(st.integers(0, keys.MOST_KEY))
def test_a_key_reads_back_as_shown_and_as_a_number(key: int) -> None:
    shown = keys.show(key)
    assert shown.startswith("TB-")
    assert len(shown.replace("-", "")) == 2 + 13
    assert keys.parse(shown) == keys.parse(shown.lower().replace("-", "")) == keys.parse(str(key)) == key


@pytest.mark.parametrize("text", ["", "TB-", "TB-123", "-1", str(2**63), "abc", "TB-UUUU-UUUU-UUUUU", "١٢٣"])
def test_a_bad_key_is_told(text: str) -> None:
    with pytest.raises(BadInput, match="bad_key"):
        keys.parse(text)


@given(
    st.lists(st.integers(0, keys.MOST_KEY), min_size=1, max_size=20), st.text(max_size=5), st.text(max_size=5)
)
def test_the_bucket_is_plain_splitmix64(many: list[int], salt: str, offer: str) -> None:
    seed = int.from_bytes(
        hashlib.sha256(f"{salt}\x1f{offer}".encode("utf-8", "surrogatepass")).digest()[:8], "little"
    )
    expected = [_splitmix(_splitmix(key) ^ seed) % keys.PPM for key in many]
    assert keys.bucket(np.array(many, np.int64), salt, offer).tolist() == expected


def test_shares_are_near_and_layers_are_independent() -> None:
    key = np.arange(200_000, dtype=np.int64)
    one, two = keys.bucket(key, "salt", "a") < 100_000, keys.bucket(key, "salt", "b") < 100_000
    assert abs(one.mean() - 0.1) < 0.003
    assert abs((one & two).mean() - 0.01) < 0.001


def test_the_key_is_63_bits_of_hmac_sha256() -> None:
    digest = hmac.new(b"s" * 32, b"+84912345678", hashlib.sha256).digest()
    assert keys.of_phone(b"s" * 32, "+84912345678") == int.from_bytes(digest, "big") >> 193
