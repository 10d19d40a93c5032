"""When a notebook may be sealed, and what the seal is: digests over its lines. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from tantam.errors import Refused


@dataclass(frozen=True)
class Seat:
    """What sealing asks of one guest: what he answered, whether he came, how the reading went."""

    answer: str
    came: bool | None
    read_back: str


def missing(seats: Sequence[Seat], lines: int) -> str:
    """What stands between a notebook and its seal, as a code; "" when it can be sealed."""
    if any(s.answer == "accepted" and s.came is None for s in seats):
        return "attendance_open"
    if not any(s.came for s in seats):
        return "nobody_came"
    if not lines:
        return "no_lines"
    return "not_read_back" if any(s.came and s.read_back == "none" for s in seats) else ""


MISSING = {
    "attendance_open": (
        "Chưa ghi hết ai đến, ai không. Ghi trước khi niêm phong.",
        "It is not written who came and who did not.",
        "Write the attendance first.",
    ),
    "nobody_came": (
        "Chưa có khách nào đến, nên chưa có gì để niêm phong.",
        "Nobody is written down as having come.",
        "Write the attendance, or call the gathering off.",
    ),
    "no_lines": (
        "Sổ chưa có dòng nào. Ghi lời khách trước khi niêm phong.",
        "The notebook is empty.",
        "Write down what was said.",
    ),
    "not_read_back": (
        "Còn khách chưa nghe đọc lại. Đọc cho từng người rồi hãy niêm phong.",
        "Not every guest who came has heard his words read back.",
        "Read them back to each.",
    ),
}


def check_seal(seats: Sequence[Seat], lines: int) -> None:
    """Refuse a seal too early: ``attendance_open``, ``nobody_came``, ``no_lines``, ``not_read_back``."""
    code = missing(seats, lines)
    if code:
        vi, what, do = MISSING[code]
        raise Refused(code, what, do, vi=vi)


def line_mark(
    *,
    line: UUID,
    guest: int | None,
    text: str,
    tone: str,
    competitor: bool,
    said_at: str,
    replaces: UUID | None,
) -> str:
    """The digest of one line as it was sealed: SHA-256 in hex over its words and who said them."""
    row = [str(line), guest, text, tone, competitor, said_at, str(replaces) if replaces else None]
    return hashlib.sha256(json.dumps(row, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


def seal_code(event: int, marks: Iterable[str]) -> str:
    """The seal: SHA-256 over the event and the digests of all its lines, whatever order they came in."""
    return hashlib.sha256("|".join([str(event), *sorted(marks)]).encode()).hexdigest()


def groups(code: str, n: int = 8) -> list[str]:
    """A seal as people compare it: the first ``n`` groups of four hex digits."""
    return [code[at : at + 4] for at in range(0, 4 * n, 4)] if code else []
