"""Questions and complaints of the made-up year: some ten a month, most answered in time; some stand still, one was
turned down with its reason, money was paid back, one is late. What people said is invented."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq

from tantam.base.home import Home
from tantam.clock import HANOI, day_of
from tantam.law.calendar import add_working_days
from tantam.office.cases import actions as cases
from tantam.office.cases.models import Case
from tantam.sample.office_agenda import Lots, moment, working
from tantam.sample.office_people import Branch
from tantam.sample.office_year import Year

A_MONTH = 10
COMMON = (
    ("complaint", "fee", "Tháng này tôi không dùng mạng mà vẫn bị trừ 50 nghìn.", 50_000),
    ("complaint", "fee", "Gói đã nhắn hủy từ đầu tháng, cuối tháng vẫn trừ tiền.", 90_000),
    ("complaint", "fee", "Nạp thẻ 100 nghìn mà tài khoản chỉ vào 50 nghìn.", 50_000),
    ("complaint", "content", "Tôi không đăng ký nhạc chờ mà tháng nào cũng trừ 9 nghìn.", 9_000),
    ("complaint", "content", "Máy tự có dịch vụ truyện cười, mỗi ngày mất 2 nghìn.", 14_000),
    ("complaint", "network", "Mưa là cả xóm mất sóng, ra đầu ngõ mới gọi được.", 0),
    ("complaint", "network", "Mạng chập chờn cả tuần, con tôi không học được.", 0),
    ("complaint", "service", "Gọi tổng đài chờ mười lăm phút rồi máy tự ngắt.", 0),
    ("complaint", "unwanted", "Tôi từ chối quảng cáo rồi mà vẫn nhận tin mỗi tối.", 0),
    ("complaint", "sim", "Chuẩn hóa rồi mà SIM vẫn bị khóa một chiều.", 0),
    ("question", "sim", "Sim của mẹ tôi đứng tên tôi được không?", 0),
    ("question", "fee", "Gói này hết hạn thì dữ liệu còn lại có mất không?", 0),
    ("question", "network", "Bao giờ bản tôi có trạm phát sóng?", 0),
    ("question", "other", "Người già trên 80 tuổi có được giảm cước không?", 0),
)
"""Kind, what about, the words, and what was taken wrongly (đồng; 0: nothing)."""
ANSWERS = {
    "accepted": "Anh chị nói đúng, chúng tôi đã sửa và xin lỗi vì để anh chị phải gọi.",
    "partly": "Phần cước ngày đầu là đúng; phần trừ sau khi hủy là lỗi của chúng tôi và đã sửa.",
    "refused": "Bảng kê cho thấy dịch vụ được bật từ chính máy này, bằng tin nhắn xác nhận. Bảng kê gửi kèm thư.",
    "answered": "Được. Anh chị mang giấy tờ ra quầy gần nhất, nhân viên làm trong mười phút.",
}
PROVIDER = "Công ty Nội dung số Hoa Ban"


class Tale(NamedTuple):
    """One that the story needs: the branch, days ago, what was said, how it goes."""

    branch: str
    ago: int
    about: str
    text: str
    goes: str  # late, paused, refused, refund


STORY = (
    Tale("Cà Mau", 44, "fee", "Cước tháng trước tính hai lần, tôi ra quầy hai lần rồi.", "late"),
    Tale("Nha Trang", 16, "network", "Mất sóng cả tuần ở Vĩnh Hải mà vẫn thu đủ cước.", "paused"),
    Tale("Nha Trang", 58, "fee", "Cuộc gọi ra nước ngoài này không phải của tôi.", "refused"),
    Tale("Nha Trang", 9, "content", "Dịch vụ bói toán tự trừ 15 nghìn, tôi chưa bấm bao giờ.", "refund"),
    Tale("Pleiku", 25, "sim", "SIM bị khóa nhầm, tôi mất cuộc gọi của bệnh viện.", "paused"),
)  # fmt: skip


def put(year: Year, home: Path, seed: int, first: date, today: date) -> None:
    """Put the year's cases on the agenda, with lots of their own; subscribers are those of the home's base."""
    keys = pq.read_table(Home(home).files()[0], columns=["key"]).column("key").slice(0, 5000).to_pylist()
    _Cases(year, Lots(seed + 63), keys).put(first, today)


class _Cases:
    def __init__(self, year: Year, lots: Lots, keys: list[int]) -> None:
        self.year, self.lots, self.agenda, self.keys = year, lots, year.agenda, keys

    def put(self, first: date, today: date) -> None:
        branches = list(self.year.operator.branches.values())
        for n in range((today - first).days * A_MONTH // 30):
            on = working(first + timedelta(days=n * 30 // A_MONTH))
            at = moment(on, self.lots.between(8, 15), self.lots.between(0, 59))
            branch, said = self.lots.pick(branches), self.lots.pick(COMMON)
            self.agenda.put(at, lambda at, b=branch, s=said: self._common(b, s, at))  # type: ignore[misc]
        for tale in STORY:
            at = moment(working(today - timedelta(days=tale.ago)), 9, 20)
            self.agenda.put(at, lambda at, t=tale: self._tale(t, at))  # type: ignore[misc]

    def _common(self, branch: Branch, said: tuple[str, str, str, int], at: datetime) -> None:
        kind, about, text, wrong = said
        case = self._receive(branch, kind, about, text, at)
        late = self.lots.share() > branch.steady
        days = self.lots.between(21, 28) if late else self.lots.between(2, 15)
        if kind == "question":
            days = self.lots.between(4, 6) if late else self.lots.between(0, 2)
        outcome = "answered" if kind == "question" else "accepted"
        if kind == "complaint" and self.lots.share() < 0.25:
            outcome = self.lots.pick(("partly", "refused"))
        back = wrong if outcome in ("accepted", "partly") else 0
        self._later(case, at, days, lambda at: self._answer(branch, case, outcome, back, at))

    def _tale(self, tale: Tale, at: datetime) -> None:
        branch = self.year.operator.branches[tale.branch]
        case = self._receive(branch, "complaint", tale.about, tale.text, at)
        if tale.goes == "paused":
            self._later(case, at, 3, lambda at: self._pause(branch, case, at))
        elif tale.goes == "refused":
            self._later(case, at, 4, lambda at: self._turn_down(branch, case, at))
            self._later(case, at, 7, lambda at: self._answer(branch, case, "refused", 0, at))
        elif tale.goes == "refund":
            self._later(case, at, 3, lambda at: self._answer(branch, case, "accepted", 15_000, at))

    def _receive(self, branch: Branch, kind: str, about: str, text: str, at: datetime) -> Case:
        phone = self.lots.share() < 0.5
        who = self.year.operator.staff["an"] if phone else branch.officer
        case = cases.receive(
            actor=who, at=at, kind=kind, about=about, said_by="phone" if phone else "counter", text=text,
            office=branch.office, owner=branch.officer, key=self.lots.pick(self.keys),
        )  # fmt: skip
        proof = "đọc số biên nhận qua điện thoại" if phone else "đưa giấy biên nhận tại quầy"
        by: dict[str, Any] = {"actor": who, "at": at, "proof": proof}
        if kind == "complaint":
            cases.acknowledge(cases.give_receipt(case, **by), **by)
        if about == "content" and kind == "complaint":
            self.agenda.put(
                at + timedelta(hours=self.lots.between(2, 20)), lambda at: self._hand_over(branch, case, at)
            )
        return case

    def _later(self, case: Case, at: datetime, days: int, act: Any) -> None:
        on = add_working_days(day_of(at), days)
        earliest = at.astimezone(HANOI).hour + 1 if days == 0 else 8
        self.agenda.put(moment(on, self.lots.between(min(earliest, 16), 16), self.lots.between(0, 59)), act)

    def _hand_over(self, branch: Branch, case: Case, at: datetime) -> None:
        cases.hand_over(case, actor=branch.officer, at=at, to=PROVIDER, proof="thư điện tử, có hồi báo")

    def _pause(self, branch: Branch, case: Case, at: datetime) -> None:
        cases.pause(case, actor=branch.officer, at=at, reason="chờ khách hẹn giờ kỹ thuật đến đo")

    def _turn_down(self, branch: Branch, case: Case, at: datetime) -> None:
        cases.turn_down(case, actor=branch.officer, at=at)

    def _answer(self, branch: Branch, case: Case, outcome: str, back: int, at: datetime) -> None:
        cases.answer(
            case, actor=branch.officer, at=at, outcome=outcome, answer=ANSWERS[outcome], proof="gọi lại cho khách",
            refund_dong=back or None,
        )  # fmt: skip
        if back:
            paid = at + timedelta(hours=self.lots.between(4, 60))
            self.agenda.put(paid, lambda at: self._paid(branch, case, back, at))

    def _paid(self, branch: Branch, case: Case, back: int, at: datetime) -> None:
        cases.refunded(case, actor=branch.officer, at=at, dong=back, proof=f"chứng từ HT-{case.pk:05}")
