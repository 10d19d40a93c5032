"""The office's words: both languages side by side, and how numbers, days and money are written.

Nothing here knows a database or a request. The active language is Django's; anything but English is Vietnamese.
Written numbers keep together: the space before a unit is U+00A0, the minus is U+2212.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import get_language

from tantam.clock import HANOI

NBSP = "\u00a0"
MINUS = "\u2212"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_HOLE = re.compile(r"\{(\w+)(?: ([^|{}]*)\|([^{}]*))?\}")
_MILLION, _BILLION = 1_000_000, 1_000_000_000


def english() -> bool:
    """Whether this reader chose English; everybody else reads Vietnamese."""
    return (get_language() or "vi").startswith("en")


def say(vi: str, en: str, **values: object) -> str:
    """The sentence in the active language, with ``{name}`` replaced by the value as it is.

    ``{n day|days}`` writes the value and then the first word when it is 1, else the second. A name without a value
    is a KeyError, in both languages alike, so that a test in one language finds it.
    """

    def fill(hole: re.Match[str]) -> str:
        name, one, many = hole.groups()
        value = str(values[name])
        return value if one is None else f"{value} {one if value == '1' else many}"

    return _HOLE.sub(fill, en if english() else vi)


def number(n: float | Decimal, places: int = 0, *, plus: bool = False) -> str:
    """``1.847`` and ``−0,7``; in English ``1,847`` and ``−0.7``. ``plus`` writes the plus of a difference."""
    exact = Decimal(str(n)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{abs(exact):,f}"
    if not english():
        text = text.translate(str.maketrans(",.", ".,"))
    sign = MINUS if exact < 0 else "+" if plus and exact > 0 else ""
    return sign + text


def percent(share: float | Decimal, places: int = 1) -> str:
    """A share of one as ``94,2 %`` (``94.2%``). All is ``100 %``; anything less never rounds up to it."""
    per_cent = Decimal(str(share)) * 100
    if per_cent in (0, 100):
        places = 0
    elif per_cent < 100:
        per_cent = min(per_cent, 100 - Decimal(1).scaleb(-places))
    return number(per_cent, places) + ("%" if english() else f"{NBSP}%")


def dong(n: int, *, short: bool = False) -> str:
    """Whole đồng: ``1.400.000 đồng`` (``VND 1,400,000``); ``short``, for sentences: ``1,40 triệu đồng``."""
    text, vi, en = number(n), "", ""
    if short and abs(n) >= _MILLION:
        unit, vi, en = (_BILLION, "tỷ", "bn") if abs(n) >= _BILLION else (_MILLION, "triệu", "m")
        size = Decimal(n) / unit
        text = number(size, 2 if abs(size) < 100 else 0)
    if english():
        return f"VND{NBSP}{text}" + (f"{NBSP}{en}" if en else "")
    return text + (f"{NBSP}{vi}" if vi else "") + f"{NBSP}đồng"


def day(on: date, *, year: bool = True) -> str:
    """``21/11/2026`` (``21 Nov 2026``); without the year ``21/11``. A moment counts as its day in Vietnam."""
    on = _in_vietnam(on)
    if english():
        return f"{on.day}{NBSP}{_MONTHS[on.month - 1]}" + (f"{NBSP}{on.year}" if year else "")
    return f"{on.day:02}/{on.month:02}" + (f"/{on.year}" if year else "")


def hour(at: datetime) -> str:
    """``14:26`` in Vietnam (UTC+7)."""
    return f"{_in_vietnam(at):%H:%M}"


def moment(at: datetime) -> str:
    """``21/11/2026, 14:26`` in Vietnam; a moment without a zone is a ValueError."""
    return f"{day(at)}, {hour(at)}"


def days_ago(on: date, today: date) -> str:
    """How far a day lies from today: “hôm nay”, “3 ngày trước”, “còn 130 ngày”."""
    days = (_plain(today) - _plain(on)).days
    near = {
        0: ("hôm nay", "today"),
        1: ("hôm qua", "yesterday"),
        -1: ("ngày mai", "tomorrow"),
    }
    if days in near:
        return say(*near[days])
    if days > 0:
        return say("{n} ngày trước", "{n} days ago", n=number(days))
    return say("còn {n} ngày", "in {n} days", n=number(-days))


def span(time: timedelta) -> str:
    """How long something takes or took, in the largest unit that fits, rounded down: “12 giây”, “3 phút”, “5 giờ”,
    “4 ngày”; nothing shorter than no seconds."""
    seconds = max(int(time.total_seconds()), 0)
    if seconds < 60:
        return say("{n} giây", "{n second|seconds}", n=seconds)
    if seconds < 3600:
        return say("{n} phút", "{n minute|minutes}", n=seconds // 60)
    if seconds < 48 * 3600:
        return say("{n} giờ", "{n hour|hours}", n=seconds // 3600)
    return say("{n} ngày", "{n day|days}", n=number(seconds // 86_400))


def late(days: int) -> str:
    """“trễ 6 ngày” (“6 days late”)."""
    return say("trễ {n} ngày", "{n day|days} late", n=number(days))


def of(error: BaseException) -> str:
    """What to say about an error: its Vietnamese sentence, or its English one with what to do."""
    what = getattr(error, "what", "") or str(error)
    in_english = f"{what} {getattr(error, 'do', '')}".strip()
    return in_english if english() else getattr(error, "vi", "") or in_english


LABELS = {
    "login": ("Tên đăng nhập", "Sign-in name"),
    "password": ("Mật khẩu", "Password"),
    "remember": ("Nhớ tôi trên máy này", "Remember me on this machine"),
    "code": ("Mã sáu số", "Six-digit code"),
    "oldpassword": ("Mật khẩu đang dùng", "Current password"),
    "password1": ("Mật khẩu mới", "New password"),
    "password2": ("Mật khẩu mới, gõ lại", "New password again"),
    "new_password1": ("Mật khẩu mới", "New password"),
    "new_password2": ("Mật khẩu mới, gõ lại", "New password again"),
}
"""Fields of the sign-in pages, whose library speaks no Vietnamese."""

_THEIRS = {
    "The username and/or password you specified are not correct.": "Tên đăng nhập hoặc mật khẩu không đúng.",
    "Too many failed login attempts. Try again later.": "Sai quá nhiều lần. Chờ năm phút rồi thử lại.",
    "Be patient, you are sending too many requests.": "Gửi quá nhiều lần. Chờ ít phút rồi thử lại.",
    "This account is currently inactive.": "Tài khoản này đã ngừng dùng.",
    "Incorrect code.": "Mã không đúng. Lấy mã đang hiện trong ứng dụng.",
    "Incorrect password.": "Mật khẩu không đúng.",
    "Please type your current password.": "Mật khẩu đang dùng không đúng.",
    "You must type the same password each time.": "Hai lần gõ mật khẩu không giống nhau.",
    "You cannot deactivate two-factor authentication.": "Không tắt bước hai được.",
    "Use your password": "Dùng mật khẩu",
    "Use authenticator app or code": "Dùng mã trong ứng dụng",
}


def theirs(text: str) -> str:
    """A sentence of the sign-in library, which speaks no Vietnamese; one not known here stays as it is."""
    return text if english() else _THEIRS.get(text, text)


def _in_vietnam(on: date) -> date:
    if not isinstance(on, datetime):
        return on
    if on.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return on.astimezone(HANOI)


def _plain(on: date) -> date:
    on = _in_vietnam(on)
    return on.date() if isinstance(on, datetime) else on
