"""Vietnamese text as people write it, cleaned, and its words as hashes: the first step of all listening."""

from __future__ import annotations

from tantam.listen.clean.batch import Cleaned, Tokens, clean, clean_text, tokenize, words
from tantam.listen.clean.hashing import HASH_VERSION, hash_word

__all__ = ["HASH_VERSION", "Cleaned", "Tokens", "clean", "clean_text", "hash_word", "tokenize", "words"]
