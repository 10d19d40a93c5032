"""PINs of a camp's team, kept as scrypt: short to type with cold hands, slow to guess, and only tried on the kit."""

from __future__ import annotations

import base64
import hashlib
import hmac

SALT_BYTES = 16
_COST = {"n": 2**14, "r": 8, "p": 1}  # 16 MB and about 50 ms a try


def hashed(pin: str, salt: bytes) -> str:
    """What a :class:`~tantam.office.camps.kinds.Member` holds of a PIN; ``salt``: 16 random bytes."""
    return f"scrypt1${base64.b64encode(salt).decode()}${base64.b64encode(_stretch(pin, salt)).decode()}"


def fits(pin: str, kept: str) -> bool:
    """Whether this is the PIN that was kept; nobody fits a member without one."""
    kind, _, rest = kept.partition("$")
    salt, _, box = rest.partition("$")
    if kind != "scrypt1" or not box:
        return False
    return hmac.compare_digest(_stretch(pin, base64.b64decode(salt)), base64.b64decode(box))


def _stretch(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.strip().encode(), salt=salt, dklen=32, **_COST)
