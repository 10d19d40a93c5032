"""What an entry may hold, and how entries are tied together. Pure: no database, no clock.

The chain follows Haber and Stornetta (1991) with an HMAC key kept outside the database, so that whoever can rewrite
every row still cannot make the marks.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from tantam.errors import BadInput, Fault

CODE = re.compile(r"[a-z0-9_.:-]{1,64}")
GENESIS = "0" * 64
_ENCODE = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode
HEAD = re.compile(r"(0|[1-9][0-9]{0,17}):([0-9a-f]{64})")
_NUMBER = re.compile(r"(?<!\d)(?:84|0)[35789]\d{8}(?!\d)")
# Hexadecimal digits may hold ten decimal ones by chance; these forms are no place for a phone number.
_HEX = re.compile(r"[0-9a-f]{64}|[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def facts_of(facts: Mapping[str, Any]) -> dict[str, int | bool | str | None]:
    """The facts as they are stored; whatever is no id, code, count, day or digest is our own fault (``not_a_fact``)."""
    return {name: _fact(name, value) for name, value in facts.items()}


def _fact(name: str, value: Any) -> int | bool | str | None:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and (name.endswith("_dong") or not _NUMBER.fullmatch(str(value))):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if (
        isinstance(value, str)
        and CODE.fullmatch(value)
        and (_HEX.fullmatch(value) or not _NUMBER.search(value))
    ):
        return value
    raise Fault(
        "not_a_fact", f"The journal takes no text as “{name}”.", "Give an id, a code, a count or a digest."
    )


def line(row: Mapping[str, Any]) -> bytes:
    """One entry as the bytes that are sealed: keys in order, times in UTC to the microsecond."""
    plain = dict(row)
    plain["at"] = plain["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return _ENCODE(plain).encode()


def batch_digest(lines: Iterable[bytes]) -> tuple[int, str]:
    """How many entries, and the SHA-256 over their own SHA-256s in order."""
    whole, count = hashlib.sha256(), 0
    for one in lines:
        whole.update(hashlib.sha256(one).digest())
        count += 1
    return count, whole.hexdigest()


def mark(key: bytes, seal: Mapping[str, Any]) -> str:
    """The HMAC-SHA-256 that ties a batch to the one before: over every column of the seal but the mark itself."""
    at = seal["at"].astimezone(UTC).isoformat(timespec="microseconds")
    rest = (seal[name] for name in ("first", "last", "count", "digest", "previous"))
    text = "|".join(str(part) for part in (seal["sequence"], at, *rest))
    return hmac.new(key, text.encode(), "sha256").hexdigest()


def head(sequence: int, sealed: str) -> str:
    """What is printed on public pages and backups: ``12:7f3a09c2…`` (sequence and the whole mark)."""
    return f"{sequence}:{sealed}"


def parse_head(text: str) -> tuple[int, str]:
    """A printed head as sequence and mark; BadInput ``bad_head``."""
    found = HEAD.fullmatch(text.strip())
    if found is None:
        raise BadInput(
            "bad_head",
            "This is no head of the journal.",
            "Copy it whole from a backup or a public page: a number, a colon and 64 digits or letters a to f.",
            vi="Đây không phải mã đầu nhật ký. Chép nguyên từ bản sao lưu hoặc trang công khai: "
            "một số, dấu hai chấm, rồi 64 chữ số hoặc chữ a đến f.",
        )
    return int(found[1]), found[2]
