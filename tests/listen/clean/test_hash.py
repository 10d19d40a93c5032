"""The hash of a word: its golden values, which models and signatures depend on, and the kernel's equality with it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
from hypothesis import given

from tantam.listen.clean import HASH_VERSION, hash_word, tokenize, words

from . import a_text

GOLDEN = Path(__file__).parent / "golden.json"


def test_golden_hashes_of_this_version() -> None:
    """Fails when any text's hashes change: then HASH_VERSION must change too, and every shipped model with it."""
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert golden["version"] == HASH_VERSION
    for held in golden["texts"]:
        tokens = tokenize(pa.array([bytes.fromhex(held["bytes"])], pa.binary()))
        assert [f"{h:016x}" for h in tokens.exact] == held["exact"], held
        assert [f"{h:016x}" for h in tokens.plain] == held["plain"], held


def test_a_word_without_accents_has_one_hash_and_numbers_share_the_bare_one() -> None:
    assert hash_word("anh")[0] == hash_word("anh")[1]
    assert hash_word("đường")[1] == hash_word("dương")[1] == hash_word("duong")[0]
    assert hash_word("đường")[0] != hash_word("dương")[0]
    assert len({hash_word(n)[1] for n in ("0", "7", "1234", "56")}) == 1
    assert len({hash_word(n)[0] for n in ("0", "7", "1234", "56")}) == 4
    assert len({h for n in ("4g", "5g", "10k", "100k") for h in hash_word(n)}) == 4


@given(a_text.hostile)
def test_the_kernel_hashes_as_the_definition_does(text: str) -> None:
    tokens = tokenize(pa.array([text.encode("utf-8", "surrogatepass")], pa.binary()))
    assert np.array([hash_word(w) for w in words(text)], np.uint64).reshape(-1, 2).T.tolist() == [
        tokens.exact.tolist(),
        tokens.plain.tolist(),
    ]


def test_every_letter_of_unicode_is_hashed_as_defined() -> None:
    letters = [chr(p) for p in range(0x110000) if not 0xD800 <= p < 0xE000 and chr(p).isalnum()]
    found = [w for letter in letters for w in words(letter)]
    tokens = tokenize(pa.array(found))
    assert tokens.exact.tolist() == [hash_word(w)[0] for w in found]
    assert tokens.plain.tolist() == [hash_word(w)[1] for w in found]
