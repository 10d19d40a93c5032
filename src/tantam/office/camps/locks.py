"""A camp's key, and how it is kept: wrapped for headquarters, wrapped for whoever knows the opening words.

Each camp has 32 random bytes of its own. What is said is closed with it, in the database and in every file, so a
camp is deleted for good by destroying its key. A wrap for headquarters is X25519, HKDF-SHA-256 and AES-256-GCM (one
new key pair a wrap); a wrap under words is scrypt and AES-256-GCM. Pure: bytes in, bytes out, randomness handed in.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from tantam.errors import Refused

KEY_BYTES, NONCE_BYTES, SALT_BYTES = 32, 12, 16
SCRYPT = {"n": 2**15, "r": 8, "p": 1}  # 32 MB and about 0.1 s a try
Random = Callable[[int], bytes]


def public_of(private: bytes) -> bytes:
    """The public half (32 bytes) of headquarters' key (32 bytes)."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def wrap_for(public: bytes, key: bytes, *, about: bytes, random: Random) -> bytes:
    """A camp's key closed for headquarters; ``about`` (the camp's id) must be the same when it is opened."""
    once = X25519PrivateKey.from_private_bytes(random(KEY_BYTES))
    shared = once.exchange(X25519PublicKey.from_public_bytes(public))
    mine = once.public_key().public_bytes_raw()
    return mine + seal(_stretch(shared, mine + public), key, about=about, random=random)


def unwrap_with(private: bytes, wrapped: bytes, *, about: bytes) -> bytes:
    """The camp's key back; refuses ``camp_key_wrong``."""
    theirs, box = wrapped[:KEY_BYTES], wrapped[KEY_BYTES:]
    shared = X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(theirs))
    return unseal(_stretch(shared, theirs + public_of(private)), box, about=about)


def wrap_under(words: str, key: bytes, *, about: bytes, random: Random) -> bytes:
    """A camp's key closed under the opening words."""
    salt = random(SALT_BYTES)
    return salt + seal(_from_words(words, salt), key, about=about, random=random)


def unwrap_under(words: str, wrapped: bytes, *, about: bytes) -> bytes:
    """The camp's key back; refuses ``camp_key_wrong`` (other words, or another camp's box)."""
    salt, box = wrapped[:SALT_BYTES], wrapped[SALT_BYTES:]
    return unseal(_from_words(words, salt), box, about=about)


def seal(key: bytes, plain: bytes, *, about: bytes, random: Random) -> bytes:
    """AES-256-GCM with a random nonce before it; 28 bytes longer than ``plain``."""
    nonce = random(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, about)


def unseal(key: bytes, box: bytes, *, about: bytes) -> bytes:
    """What was sealed; refuses ``camp_key_wrong`` where the key, the bytes or ``about`` are others."""
    try:
        return AESGCM(key).decrypt(bytes(box[:NONCE_BYTES]), bytes(box[NONCE_BYTES:]), about)
    except (InvalidTag, ValueError):
        raise Refused(
            "camp_key_wrong",
            "The key or the opening words are not those of this camp, or its bytes were changed.",
            "Check the words on the camp's envelope, letter by letter; else take another copy of the file.",
            vi="Khoá hoặc câu mở không phải của trại này, hoặc dữ liệu đã bị sửa. "
            "So lại từng chữ với câu mở trong phong bì của trại; nếu vẫn không được, dùng bản sao khác.",
        ) from None


def derived(key: bytes, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose (``outbox:D3``, ``sqlite``, ``session``) out of a camp's key."""
    return hmac.digest(key, f"tantam-camp:{purpose}".encode(), hashlib.sha256)


def salted(key: bytes, text: str) -> str:
    """A card's number as its salted SHA-256: the same card is known again within a camp, and nowhere else."""
    return hmac.digest(derived(key, "card"), text.encode(), hashlib.sha256).hex()


def _stretch(shared: bytes, about: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=b"tantam-camp" + about).derive(
        shared
    )


def _from_words(words: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=KEY_BYTES, **SCRYPT).derive(" ".join(words.lower().split()).encode())
