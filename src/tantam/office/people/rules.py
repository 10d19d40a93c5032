"""Passes: what a link is worth, and for how long. Pure."""

from __future__ import annotations

import hashlib
from datetime import timedelta

PASS_LASTS = {"invite": timedelta(days=3), "demo": timedelta(days=1)}


def pass_digest(secret: str) -> str:
    """What is kept of a pass: SHA-256 in hex. The secret has 256 bits, so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def path_under(parent: str, code: str) -> str:
    """The place of an office in the tree: ``hq/kh/nt/``."""
    return f"{parent}{code}/"
