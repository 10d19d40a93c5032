"""A small operator: headquarters, two provinces, two branches, and people with names."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection

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


Rows = dict[str, list[tuple[Any, ...]]]
_kept: list[tuple[dict[str, int], Rows, bytes]] = []


def a_world() -> World:
    """The small operator, the same for every test. Where what a test writes is rolled back and ids are counted anew
    (SQLite), it is made once a process, step by step; the next tests get a copy of its rows, ten times as fast.
    """
    if connection.vendor != "sqlite" or not connection.in_atomic_block:
        return World()
    if not _kept:
        before = _rows()
        made, after = World(), _rows()
        lengths = {table: len(rows) for table, rows in before.items() if rows != after[table]}
        if all(after[table][:length] == before[table] for table, length in lengths.items()):
            new = {table: after[table][length:] for table, length in lengths.items()}
            _kept.append((lengths, new, pickle.dumps(made)))
        return made
    [(lengths, new, people)] = _kept
    with connection.cursor() as cursor:
        for table, length in lengths.items():
            if cursor.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] != length:
                return World()  # this test has something of its own already
        for table, rows in new.items():
            cursor.executemany(f'INSERT INTO "{table}" VALUES ({", ".join(["%s"] * len(rows[0]))})', rows)
    again: World = pickle.loads(people)
    return again


def _rows() -> Rows:
    """Everything in the office's tables, as it is stored."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'PRAGMA table_info("{table}")')
            stored = ", ".join(f'+"{column[1]}"' for column in cursor.fetchall())  # "+": not made into dates
            found[table] = cursor.execute(f'SELECT {stored} FROM "{table}" ORDER BY rowid').fetchall()
    return found
