"""A file of tickets, row by row: what each row says, or why it cannot be taken. Pure.

Columns: ``ref``, ``received`` and ``text`` have to be there; ``time``, ``closed``, ``kind``, ``about``, ``said_by``,
``who`` and ``status`` may be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import NamedTuple

from tantam.base.headings import listed, shown
from tantam.clock import HANOI
from tantam.errors import BadInput
from tantam.letters import fold
from tantam.listen.mask import mask
from tantam.office.cases import dates, rules
from tantam.office.cases.dates import Finding

COLUMNS = {
    "ref": ("ticket", "ticket number", "ticket id", "số phiếu", "mã phiếu", "mã khiếu nại"),
    "received": ("date", "received on", "created", "created at", "ngày", "ngày nhận", "ngày khiếu nại"),
    "text": ("customer complaint", "complaint", "description", "nội dung", "nội dung khiếu nại", "khách nói"),
    "time": ("giờ", "giờ nhận"),
    "closed": ("closed on", "closed at", "resolved", "ngày đóng", "ngày xong"),
    "kind": ("loại", "type"),
    "about": ("topic", "category", "về việc", "chủ đề"),
    "said_by": ("received via", "channel", "kênh", "qua đâu"),
    "who": ("phone", "number", "msisdn", "số điện thoại", "thuê bao", "key"),
    "status": ("state of ticket", "trạng thái", "tình trạng"),
}
"""Our column → other headings that mean it."""
NEEDED = ("ref", "received", "text")

REJECTS = {
    "no_ref": ("thiếu số phiếu", "no number of the ticket"),
    "no_text": ("thiếu lời khách", "no words"),
    "too_long": ("lời dài quá", "the words are too long"),
    "no_date": ("thiếu ngày", "no day"),
    "bad_date": ("không đọc được ngày", "the day cannot be read"),
    "future_date": ("ngày chưa tới", "the day has not come yet"),
    "closed_before": ("ngày xong trước ngày nhận", "closed before it was received"),
    "unknown_kind": ("không rõ khiếu nại hay câu hỏi", "neither a complaint nor a question"),
    "unknown_status": ("không rõ còn mở hay đã xong", "neither open nor done"),
    "unknown_who": ("không phải số di động hay mã thuê bao", "no mobile number and no key"),
    "twice": ("số phiếu đã có ở dòng trước", "an earlier row has that number"),
    "no_calendar": ("lịch ngày làm việc chưa có năm ấy", "no calendar of working days for that year"),
}
"""Why a row was not taken: code → in Vietnamese, in English."""

_KINDS = {"complaint": "complaint", "khieu nai": "complaint", "question": "question", "cau hoi": "question",
          "hoi dap": "question", "inquiry": "question"}  # fmt: skip
_DONE = {"closed", "solved", "resolved", "done", "da xong", "da dong", "da giai quyet", "dong", "xong"}
_OPEN = {"", "open", "pending", "new", "in progress", "moi", "dang xu ly", "dang cho", "mo", "cho"}
_WAYS = {
    "phone": ("call", "phone", "dien thoai", "tong dai"),
    "web": ("internet", "web", "online", "app", "trang mang"),
    "counter": ("counter", "shop", "store", "quay"),
    "mail": ("e-mail", "email", "mail", "thu dien tu"),
    "sms": ("sms", "text message", "tin nhan"),
    "letter": ("letter", "post", "thu"),
}
"""Way → words that mean it; the first that is found in the cell counts."""


class Ticket(NamedTuple):
    """One row that can be taken. ``closed_at`` may be unknown though it is ``done``; ``who`` is a number or a key as it
    was written, which nobody keeps."""

    ref: str
    received_at: datetime
    text: str
    kind: str
    about: str
    said_by: str
    who: str
    done: bool
    closed_at: datetime | None


class Wrong(NamedTuple):
    """Why a row is not taken: a column, a code of :data:`REJECTS`, and what stands there, masked."""

    column: str
    code: str
    value: str


@dataclass
class Reader:
    """Reads rows by their header and by what the date doctor found. Refuses, when made, ``missing_column``,
    ``column_twice``, ``map_unused``."""

    header: Sequence[object]
    now: datetime
    renames: Mapping[str, str] = field(default_factory=dict)
    found: dict[str, Finding] = field(default_factory=dict)
    """Our column of dates → what the doctor found."""
    at: dict[str, int] = field(init=False, default_factory=dict)
    _seen: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        known = {fold(name): ours for ours, more in COLUMNS.items() for name in (ours, *more)}
        mapped = {fold(theirs): ours for theirs, ours in self.renames.items()}
        for place, heading in enumerate(self.header):
            name = fold(_text(heading)).strip(" #")
            ours = mapped.pop(name, None)
            if ours is None and known.get(name) not in self.renames.values():
                ours = known.get(name)
            if ours is not None and ours in self.at:
                raise _bad("column_twice", f"two columns that mean {ours}", f"hai cột cùng là {ours}")
            if ours is not None:
                self.at[ours] = place
        if mapped:
            name = shown(next(iter(mapped)))
            raise _bad("map_unused", f"no column {name}, which --map speaks of", f"không có cột {name}")
        missing = [name for name in NEEDED if name not in self.at]
        if missing:
            there, lacks = listed(shown(_text(heading)) for heading in self.header), ", ".join(missing)
            raise _bad(
                "missing_column",
                f"no column {lacks}; its columns are {there}",
                f"thiếu cột {lacks}; đang có: {there}",
            )

    def dated(self) -> list[str]:
        """Our columns that hold dates."""
        return [name for name in ("received", "closed") if name in self.at]

    def column(self, name: str, rows: Iterable[Sequence[object]]) -> list[object]:
        """Every cell of one of our columns."""
        return [self._cell(row, name) for row in rows]

    def ticket(self, row: Sequence[object]) -> Ticket | Wrong:
        """A row as a ticket, or the first thing that is wrong with it."""
        ref, text = _text(self._cell(row, "ref"))[:64], _text(self._cell(row, "text"))
        if not ref:
            return Wrong("ref", "no_ref", "")
        if ref in self._seen:
            return Wrong("ref", "twice", masked(ref))
        if not text or len(text) > rules.MOST_TEXT:
            return Wrong("text", "too_long" if text else "no_text", "")
        received = self._moment(row, "received", "time")
        if isinstance(received, Wrong) or received is None:
            return received or Wrong("received", "no_date", "")
        kind, done = (
            _KINDS.get(self._folded(row, "kind") or "complaint"),
            _status(self._folded(row, "status")),
        )
        if kind is None or done is None:
            name = "status" if kind else "kind"
            return Wrong(name, f"unknown_{name}", masked(self._cell(row, name)))
        closed = self._moment(row, "closed", "")
        if isinstance(closed, Wrong):
            return closed
        if closed is not None and closed.date() < received.date():
            return Wrong("closed", "closed_before", masked(self._cell(row, "closed")))
        self._seen.add(ref)
        return Ticket(
            ref, received, text, kind, _about(self._folded(row, "about")), _way(self._folded(row, "said_by")),
            _text(self._cell(row, "who")), done or closed is not None, closed and max(closed, received),
        )  # fmt: skip

    def _moment(self, row: Sequence[object], name: str, hours: str) -> datetime | Wrong | None:
        cell = self._cell(row, name)
        if cell in ("", None):
            return None
        written, found = dates.parts(cell), self.found[name]
        day = dates.read(written, found.order, found.plain) if written else None
        if written is None or day is None:
            return Wrong(name, "bad_date", masked(cell))
        at = (dates.hour(self._cell(row, hours)) if hours in self.at else None) or written.at or time()
        moment = datetime.combine(day, at.replace(tzinfo=None), HANOI)
        return Wrong(name, "future_date", masked(cell)) if moment > self.now else moment

    def _cell(self, row: Sequence[object], name: str) -> object:
        place = self.at.get(name)
        return row[place] if place is not None and place < len(row) else ""

    def _folded(self, row: Sequence[object], name: str) -> str:
        return " ".join(fold(_text(self._cell(row, name))).split())


def masked(cell: object) -> str:
    """A cell as a person may see it: without numbers and names."""
    return shown(mask(_text(cell)))


def check_renames(texts: Sequence[str]) -> dict[str, str]:
    """``theirs=ours`` pairs as a mapping; refuses (``map_unknown``) a column we do not have."""
    renames = {}
    for text in texts:
        theirs, equals, ours = text.rpartition("=")
        if not equals or not theirs.strip() or ours.strip() not in COLUMNS:
            raise BadInput(
                "map_unknown",
                f"“{shown(text)}” does not name one of our columns.",
                f"Write --map theirs=ours. Ours: {', '.join(COLUMNS)}.",
                vi=f"“{shown(text)}” không phải cột của ta. Viết --map cột-của-tệp=cột-của-ta: {', '.join(COLUMNS)}.",
            )
        renames[theirs.strip()] = ours.strip()
    return renames


def _status(word: str) -> bool | None:
    return True if word in _DONE else False if word in _OPEN else None


def _about(word: str) -> str:
    names = {fold(name): code for code, words in rules.ABOUT.items() for name in (code, *words)}
    return names.get(word, "other")


def _way(word: str) -> str:
    return next((way for way, names in _WAYS.items() if any(name in word for name in names)), "other")


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)  # a spreadsheet keeps 250635 as 250635.0
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell if cell is not None else "").strip()


def _bad(code: str, en: str, vi: str) -> BadInput:
    return BadInput(
        code,
        f"The file has {en}.",
        f"Say which is which with --map theirs=ours. Ours: {', '.join(COLUMNS)}.",
        vi=f"Tệp {vi}. Chỉ rõ bằng --map cột-của-tệp=cột-của-ta: {', '.join(COLUMNS)}.",
    )
