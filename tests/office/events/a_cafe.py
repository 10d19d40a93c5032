"""A café meeting, brought as far as a test needs it."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from tantam.office.events import actions
from tantam.office.events.models import Event, Guest, Line
from tantam.office.journal.models import Entry

SPACE = UUID("6f2b3a8e-5f0d-4b57-9a3e-0d7d3b1c2a10")
NAMES = [
    ("Nguyễn Thị Hạnh", "chị"),
    ("Trần Văn Tạo", "ông"),
    ("Lê Thu Cúc", "chị"),
    ("Phạm Quốc Bảo", "anh"),
    ("Đỗ Ánh Nguyệt", "bà"),
    ("Võ Minh Trí", "anh"),
    ("Bùi Thanh Sơn", "anh"),
]


class Cafe:
    """One meeting of ``world``; every step returns what it made."""

    def __init__(self, world: Any) -> None:
        self.world, self.at = world, world.at
        self.by: dict[str, Any] = {"actor": world.lam, "at": world.at}

    def plan(self, **other: Any) -> Event:
        """Planned for today at 14:00."""
        asked = {
            "office": self.world.nha_trang,
            "on": date(2026, 11, 22),
            "starts_at": time(14),
            "ends_at": time(15, 15),
            "place": "Cà phê Biển, 12 Trần Phú",
            "host": self.world.lam,
            **self.by,
        }
        self.event = actions.plan(**{**asked, **other})
        return self.event

    def invite(self) -> list[Guest]:
        """Planned, and the guests drawn."""
        self.plan()
        self.guests = actions.choose_guests(self.event, **self.by)
        self.event = Event.objects.select_related("office").get(pk=self.event.pk)
        return self.guests

    def call(self) -> list[Guest]:
        """All six called and named; the second refused, was told why, and accepted."""
        self.invite()
        for guest, (name, title) in zip(self.seated(), NAMES, strict=False):
            if guest.order == 2:
                actions.record_call(guest, answer="refused", **self.by)
                actions.record_call(
                    guest, answer="accepted", explained=True, name=name, title=title, **self.by
                )
            else:
                actions.record_call(guest, answer="accepted", name=name, title=title, **self.by)
        return self.seated()

    def meet(self) -> list[Guest]:
        """Five of the six came."""
        guests = self.call()
        actions.attend(self.event, came=[g.pk for g in guests[:5]], **self.by)
        return self.seated()

    def write(self) -> list[Line]:
        """Four guests said something, the first twice; the fifth said nothing."""
        guests = self.meet()
        said = [
            (0, "Sóng ở chợ Đầm yếu lắm, gọi em số 0912345678 là biết.", "grievance"),
            (1, "Nhân viên quầy Lê Hồng Phong dễ thương.", "praise"),
            (2, "Nên có gói cho người già chỉ nghe gọi.", "idea"),
            (3, "Tổng đài để chờ mười lăm phút.", "grievance"),
            (0, "Mạng khác ở chợ bắt tốt hơn.", "grievance"),
        ]
        self.lines = [
            self.line(n, guest=guests[who], text=text, tone=tone) for n, (who, text, tone) in enumerate(said)
        ]
        return self.lines

    def line(self, n: int, **other: Any) -> Line:
        """The nth line; the same n is the same id."""
        said = {"line_id": uuid5(SPACE, str(n)), "said_at": self.at + timedelta(minutes=n), "guest": None}
        said |= {"text": f"Dòng {n}", "tone": "idea", **self.by, **other}
        return actions.write_line(self.event, **said)

    def read(self) -> list[Guest]:
        """Everything read back: four agree, one said nothing."""
        self.write()
        for guest in self.seated()[:5]:
            answer = "silent" if guest.order == 5 else "agreed"
            actions.read_back(guest, answer=answer, **self.by)
        return self.seated()

    def seal(self) -> Event:
        """Read back and sealed by the director."""
        self.read()
        self.event = actions.seal(self.event, **self.by)
        return self.event

    def seated(self) -> list[Guest]:
        """The six guests as they stand, in order."""
        rows = Guest.objects.filter(event=self.event, reserve=False).select_related("event__office", "party")
        return list(rows.order_by("order"))


def entries(act: str) -> list[Entry]:
    """The journal's entries of one act."""
    return list(Entry.objects.filter(act=act).order_by("id"))


def code_of(refused: Any) -> str:
    """The code of what pytest caught."""
    return str(refused.value.code)
