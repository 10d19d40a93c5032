"""Numbers, addresses and names of people taken out of what was said, before it is kept or shown.

Masked: phone numbers however they are written or spelled, mail addresses, numbers of papers, cards and accounts,
health cards, plates, links to a person's own page, and names. Left alone: amounts of money, dates, packages (D10,
V120), speeds, hotlines and short codes, streets, places, brands, and ordinary words of address (anh em, chị ấy).
"""

from __future__ import annotations

from tantam.listen.mask.careful import KINDS, found, mask
from tantam.listen.mask.column import mask_batch

__all__ = ["KINDS", "found", "mask", "mask_batch"]
