"""What the test SMS centre installs is pinned by hash, and names no address to fetch it from."""

from __future__ import annotations

import json
from pathlib import Path


def test_the_lock_has_hashes_and_no_addresses() -> None:
    lock = json.loads((Path(__file__).parent / "package-lock.json").read_text(encoding="utf-8"))
    installed = [package for name, package in lock["packages"].items() if name]
    assert installed
    assert all(package["integrity"].startswith("sha512-") for package in installed)
    assert not any("resolved" in package for package in installed)
