"""What an office, a member of staff, a duty and a link may be. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from datetime import date, timedelta

from tantam.errors import BadInput, Refused
from tantam.places import PROVINCES

PASS_LASTS = {"invite": timedelta(days=3), "demo": timedelta(days=1)}
LEVELS = {
    "headquarters": ("trụ sở", "headquarters"),
    "province": ("tỉnh", "province"),
    "branch": ("chi nhánh", "branch"),
}
DUTIES = {
    "director": ("giám đốc", "director"),
    "officer": ("chuyên viên chăm sóc", "care officer"),
    "policy": ("chính sách", "policy"),
    "agent": ("tổng đài viên", "call-centre agent"),
    "executive": ("ban lãnh đạo", "executive"),
    "privacy": ("bảo vệ dữ liệu", "data protection"),
    "auditor": ("kiểm toán", "auditor"),
    "admin": ("quản trị", "administrator"),
    "camp": ("phụ trách khám bệnh", "head of camps"),
    "pharmacist": ("dược sĩ trưởng", "chief pharmacist"),
}
MACHINE_DUTIES = {code: names for code, names in DUTIES.items() if code != "admin"}
"""What another system may be there for: none gives itself or others duties."""
MACHINE_LASTS = timedelta(days=366)
"""No token opens for longer without somebody looking at it."""
TITLES = ("", "chị", "anh", "ông", "bà")
PROVINCE_NAMES = {p.code: p.name for p in PROVINCES}
_OFFICE_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,23}")
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
_PARENTS = {"headquarters": {""}, "province": {"headquarters"}, "branch": {"headquarters", "province"}}


def pass_digest(secret: str) -> str:
    """What is kept of a pass: SHA-256 in hex. The secret has 256 bits, so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def path_under(parent: str, code: str) -> str:
    """The place of an office in the tree: ``hq/kh/nt/``."""
    return f"{parent}{code}/"


def check_office(code: str, name: str, level: str, parent_level: str, province: str) -> None:
    """Refuse an office that cannot stand there (``bad_office``): headquarters has no parent, others have one."""
    fits = parent_level in _PARENTS.get(level, set()) and (
        level == "headquarters" or province in PROVINCE_NAMES
    )
    if not (fits and _OFFICE_CODE.fullmatch(code) and 0 < len(name.strip()) <= 120):
        raise BadInput(
            "bad_office",
            f"“{code}” cannot stand there.",
            "Headquarters has no parent; a province or a branch has one, and says its province. "
            "The code is small letters and digits, the name is not empty.",
            vi="Văn phòng không đặt ở đó được. Trụ sở không có cấp trên; tỉnh và chi nhánh thì có, và phải ghi tỉnh. "
            "Mã là chữ thường và số, tên không để trống.",
        )


def check_staff(username: str, name: str, title: str) -> None:
    """Refuse a sign-in name or a name that cannot be (``bad_staff``)."""
    if not (_USERNAME.fullmatch(username) and 0 < len(name.strip()) <= 120 and title in TITLES):
        raise BadInput(
            "bad_staff",
            "The sign-in name or the name is not right.",
            "Sign-in: 2 to 64 small letters, digits, dots or hyphens. The name is not empty.",
            vi="Tên đăng nhập hoặc họ tên chưa đúng. Tên đăng nhập từ 2 đến 64 chữ thường không dấu, số, "
            "dấu chấm hoặc gạch nối; họ tên không để trống.",
        )


def check_duty(code: str) -> None:
    """Refuse a duty that does not exist (``bad_duty``)."""
    if code not in DUTIES:
        raise BadInput(
            "bad_duty",
            f"“{code}” is no duty.",
            f"One of: {', '.join(DUTIES)}.",
            vi=f"Không có nhiệm vụ ấy. Chọn một trong: {', '.join(vi for vi, _ in DUTIES.values())}.",
        )


def check_machine(name: str, duties: Collection[str], ends_on: date, today: date) -> None:
    """Refuse a machine without a name, without a duty or with one that is not for machines, or whose token ends today
    or after more than :data:`MACHINE_LASTS` (``bad_machine``)."""
    named = 0 < len(name.strip()) <= 120
    if not (
        named and duties and set(duties) <= set(MACHINE_DUTIES) and today < ends_on <= today + MACHINE_LASTS
    ):
        raise BadInput(
            "bad_machine",
            "A machine needs a name, a duty, and a last day.",
            f"At least one of: {', '.join(MACHINE_DUTIES)}. The last day lies after today, "
            f"at most {MACHINE_LASTS.days} days ahead.",
            vi="Hệ thống phải có tên, ít nhất một việc, và ngày cuối: sau hôm nay, trong vòng một năm.",
        )


def check_here(is_active: bool) -> None:
    """Refuse somebody who no longer works here (``staff_left``)."""
    if not is_active:
        raise Refused(
            "staff_left",
            "This account is closed.",
            "Hire the person anew under another sign-in name.",
            vi="Tài khoản này đã đóng. Nhận người ấy lại bằng tên đăng nhập khác.",
        )
