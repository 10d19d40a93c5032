"""The tables that the kernel reads are what their maker makes, and the lists hold what they promise."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from tantam.listen.clean import clean_text, make, tables, vietnamese
from tantam.listen.clean.hashing import bare

MADE_WITH = "14.0.0"


@pytest.mark.skipif(unicodedata.unidata_version != MADE_WITH, reason="another Unicode makes other tables")
def test_the_tables_are_made_from_the_lists() -> None:
    """If not: ``python -m tantam.listen.clean.make``, and a new HASH_VERSION."""
    for made, held in zip(make.made(), tables.load(), strict=True):
        assert np.array_equal(made, held)


def test_every_syllable_is_itself() -> None:
    syllables = make.syllables()
    assert len(set(syllables)) == len(syllables) > 17_000
    meant = [s for s in syllables if not s.endswith("oong")]  # khoong is meant as Telex
    assert clean_text(" ".join(meant)).split(" ") == meant


def test_a_syllable_with_its_tone_elsewhere_is_the_same() -> None:
    for base, tone in (
        ("hoa", 2),
        ("thuy", 3),
        ("quy", 1),
        ("gia", 1),
        ("ngoai", 2),
        ("khoe", 3),
        ("uyên", 1),
    ):
        here = vietnamese.toned(base, tone)
        for at, letter in enumerate(base):
            if letter in "aeiouyê":
                moved = unicodedata.normalize("NFC", base[: at + 1] + vietnamese.TONES[tone] + base[at + 1 :])
                assert clean_text(moved) == here, moved


def test_teen_code_is_no_syllable_and_means_syllables() -> None:
    syllables = set(make.syllables())
    plain = {bare(s) for s in syllables}
    for code, meaning in make.teen().items():
        assert code not in syllables
        assert bare(code) not in plain
        assert set(meaning.split()) <= syllables
        assert clean_text(code) == clean_text(code.upper()) == meaning
        assert clean_text(meaning) == meaning
        assert len(meaning.encode()) < tables.GROWTH * len(code.encode())


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_every_character_comes_to_rest(form: str) -> None:
    """Folding twice is folding once, and what comes out is composed."""
    for start in range(0, 0x110000, 64):
        text = " ".join(chr(p) for p in range(start, start + 64) if not 0xD800 <= p < 0xE000)
        cleaned = clean_text(unicodedata.normalize(form, text))
        assert clean_text(cleaned) == cleaned
        assert unicodedata.is_normalized("NFC", cleaned)
