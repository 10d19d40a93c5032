"""What differs at a large gathering: kinds, how many fit, codes at the door, what a close needs. Pure."""

from __future__ import annotations

import hashlib
import json

from tantam.errors import BadInput, Refused
from tantam.keys import ALPHABET, READ

KINDS = {
    "cafe": ("Buổi cà phê", "Café meeting"),
    "quarterly": ("Gặp mặt quý", "Quarterly gathering"),
    "listening_day": ("Ngày lắng nghe", "Listening day"),
}
MOST_SEATS = {"cafe": 12, "quarterly": 2_000, "listening_day": 20_000}
MOST_DRAWN = 5_000
"""So many are invited by one lot at most; the other seats are for whoever asks or walks in."""
WAYS = {
    "drawn": ("được rút thăm mời", "invited by lot"),
    "asked": ("đăng ký", "signed up"),
    "walk_in": ("tự đến", "walked in"),
}
CODE_LETTERS = 6


def is_large(kind: str) -> bool:
    """Whether guests of this kind come in at a door, and do not sit at one table."""
    return kind != "cafe"


def check_kind(kind: str, *, large: bool) -> None:
    """Refuse what only the other sort of gathering has: ``not_a_table``, ``not_large``; ``bad_kind`` for none."""
    if kind not in KINDS:
        raise BadInput(
            "bad_kind",
            f"“{kind}” is no kind of gathering.",
            f"One of: {', '.join(KINDS)}.",
            vi="Chưa chọn loại buổi gặp. Chọn cà phê, gặp mặt quý hay ngày lắng nghe.",
        )
    if is_large(kind) == large:
        return
    if large:
        raise Refused(
            "not_large",
            "This is a café meeting: six guests, and no door.",
            "Write who came on its own page.",
            vi="Đây là buổi cà phê sáu khách, không có bàn đón. Ghi ai đến ở trang của buổi.",
        )
    raise Refused(
        "not_a_table",
        "That belongs to a café meeting; this gathering is a large one.",
        "Let guests in at the door page, and close it when it is over.",
        vi="Việc này của buổi cà phê; đây là buổi đông người. Đón khách ở trang bàn đón, xong thì khép buổi.",
    )


def check_count(count: int, seats: int) -> int:
    """How many to draw; refuses ``bad_seats`` beyond the seats or :data:`MOST_DRAWN`."""
    most = min(seats, MOST_DRAWN)
    if not 1 <= count <= most:
        raise BadInput(
            "bad_seats",
            f"{count} cannot be invited here.",
            f"1 to {most}.",
            vi=f"Mời được từ 1 đến {most} người.",
        )
    return count


def check_room(taken: int, seats: int) -> None:
    """Refuse another who asks to come once every seat is promised (``full``)."""
    if taken >= seats:
        raise Refused(
            "full",
            "Every seat is promised.",
            "Whoever walks in is let in as long as there is room.",
            vi="Đã hết chỗ đăng ký. Ai tự đến vẫn được đón khi còn chỗ.",
        )


def check_somebody_came(came: int) -> None:
    """Refuse to close what nobody came to (``nobody_let_in``)."""
    if not came:
        raise Refused(
            "nobody_let_in",
            "Nobody was let in.",
            "Let guests in at the door page, or call the gathering off.",
            vi="Chưa đón ai vào. Đón khách ở trang bàn đón, hoặc hủy buổi này.",
        )


def check_speaker(found: int) -> None:
    """Refuse a code that names nobody (``unknown_code``)."""
    if found != 1:
        raise BadInput(
            "unknown_code",
            "That code is nobody's here.",
            "Look at it again, or leave it empty: then nobody is named.",
            vi="Không có khách nào mang mã này. Xem lại mã, hoặc để trống: khi ấy không ghi ai nói.",
        )


def check_opinion_of(found: bool) -> None:
    """Refuse to show or hide what was not said at this gathering (``not_said_here``)."""
    if not found:
        raise Refused(
            "not_said_here",
            "That was not said at this gathering, or was corrected since.",
            "Open the list again.",
            vi="Lời này không phải của buổi này, hoặc đã sửa. Mở lại danh sách.",
        )


def code_of(digest: bytes) -> str:
    """A code for the door from the beginning of a digest: six letters of Crockford's alphabet, 30 bits."""
    bits = int.from_bytes(digest[:4], "big")
    return "".join(ALPHABET[bits >> 5 * place & 31] for place in range(CODE_LETTERS))


def read_code(text: str) -> str:
    """A code as somebody typed it, or "" where it can be none; O is 0, I and L are 1, blanks and dashes are nothing."""
    plain = text.upper().replace(" ", "").replace("-", "")
    if len(plain) != CODE_LETTERS or not all(letter in READ for letter in plain):
        return ""
    return "".join(ALPHABET[READ[letter]] for letter in plain)


def attendance_code(event: int, counts: dict[str, int], opinions: str) -> str:
    """The seal of a large gathering: SHA-256 in hex over its counts and the digest of the opinions said at it."""
    return hashlib.sha256(json.dumps([event, counts, opinions], sort_keys=True).encode()).hexdigest()
