"""Which texts say the same: equal words, nearly equal words, and passages of long texts inside one another."""

from __future__ import annotations

from tantam.listen.alike.groups import Distinct, link
from tantam.listen.alike.passages import Passage, Repeat, Repeats, contained
from tantam.listen.alike.signature import SIGNATURE_BYTES, fingerprint

__all__ = ["SIGNATURE_BYTES", "Distinct", "Passage", "Repeat", "Repeats", "contained", "fingerprint", "link"]
