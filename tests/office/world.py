"""A small operator: headquarters, two provinces, two branches, and people with names."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from tantam.office.people import actions
from tantam.office.people.models import Staff

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


class World:
    """Everybody by name; ``at`` is 10:00 on 22/11/2026 in Vietnam."""

    at = AT

    def __init__(self) -> None:
        new: dict[str, Any] = {"actor": None, "at": AT}
        self.hq = actions.open_office("hq", "Trụ sở", "headquarters", **new)
        self.khanh_hoa = actions.open_office(
            "kh", "Khánh Hòa", "province", parent=self.hq, province="56", **new
        )
        self.nha_trang = actions.open_office(
            "nt", "Chi nhánh Nha Trang", "branch", parent=self.khanh_hoa, province="56", **new
        )
        self.cm = actions.open_office("cm", "Cà Mau", "province", parent=self.hq, province="96", **new)
        self.ca_mau = actions.open_office(
            "cmau", "Chi nhánh Cà Mau", "branch", parent=self.cm, province="96", **new
        )
        self.lam = self._hire("lam", "Trương Ngọc Lâm", self.nha_trang, "director", "anh")
        self.dung = self._hire("dung", "Mai Thùy Dung", self.nha_trang, "officer", "chị")
        self.khoi = self._hire("khoi", "Lê Minh Khôi", self.ca_mau, "director", "anh")
        self.hoa = self._hire("hoa", "Vũ Thanh Hòa", self.hq, "executive", "chị")
        self.policy = self._hire("yen", "Đỗ Hải Yến", self.hq, "policy", "chị")
        self.auditor = self._hire("kiem", "Phan Đức Kiểm", self.hq, "auditor", "ông")
        self.admin = self._hire("quan", "Hồ Văn Quân", self.hq, "admin", "anh")
        self.privacy = self._hire("bao", "Ngô Thị Bảo", self.hq, "privacy", "bà")
        self.stranger = self._hire("la", "Người Lạ", self.hq, "", "")

    def _hire(self, username: str, name: str, office: Any, duty: str, title: str) -> Staff:
        staff = actions.hire(username, name, office, title=title, actor=None, at=AT)
        if duty:
            actions.give_duty(staff, duty, office, actor=None, at=AT, from_on=date(2020, 1, 1))
        return Staff.objects.get(pk=staff.pk)
