"""A year of the made-up operator's quality: eight invented pledges, figures of every month, and one real breach that
was promised to be made right, and was.

Ranges are those of published figures of Vietnamese operators (drop rates of 0.1 to 0.5 %, set-up above 99 %, voice 3.4
to 3.6, 86 to 99 % of calls answered within 60 s, 0.008 to 0.015 complaints per 100 customers). Every figure is made up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from tantam import places
from tantam.office.promises import actions as promises
from tantam.office.quality import actions, judging, loading
from tantam.office.quality.models import Standing
from tantam.office.quality.rules import BROKEN, next_month
from tantam.sample.office_agenda import Lots, moment, working
from tantam.sample.office_year import Year

DOCUMENT = "Bản công bố chất lượng 07/CB (làm ra để xem thử)"
DECLARED = {
    "radio_availability": "97", "call_setup": "97", "call_drop": "3", "voice_mos": "3.2", "data_access": "96",
    "data_drop": "3", "data_delay": "5", "download_speed": "30", "wrong_bills": "0.05", "complaints": "0.05",
    "complaints_answered": "95", "calls_answered": "80",
}  # fmt: skip


class Promised(NamedTuple):
    """One invented pledge."""

    code: str
    indicator: str
    level: str
    text_vi: str
    text_en: str
    remedy_vi: str
    remedy_en: str
    days: int
    each_province: bool = True


PLEDGES = (
    Promised("1", "call_drop", "2", "Một trăm cuộc gọi, rơi nhiều nhất hai.", "Of a hundred calls at most two drop.",
             "Thêm trạm ở chỗ rơi cuộc, tặng mỗi khách ở đó 30 phút gọi.",
             "New sites where calls drop, and 30 minutes for every customer there.", 45),
    Promised("2", "call_setup", "98", "Bấm gọi là nối được, ít nhất 98 lần trong 100.",
             "At least 98 of 100 calls are connected.", "Tăng kênh ở trạm nghẽn, báo lại từng xã.",
             "More channels where it is crowded, and word to each commune.", 30),
    Promised("3", "voice_mos", "3.3", "Nghe rõ tiếng: từ 3,3 điểm trở lên.", "A clear voice: 3.3 points or more.",
             "Đo lại và chỉnh từng trạm.", "Every site measured again and tuned.", 30),
    Promised("4", "data_access", "97", "Mở mạng là vào được, ít nhất 97 lần trong 100.",
             "At least 97 of 100 accesses to data succeed.", "Tặng lại 1 GB cho khách ở tỉnh ấy.",
             "1 GB back for customers of that province.", 20),
    Promised("5", "download_speed", "40", "Tải xuống trung bình từ 40 Mbit/s ở mọi tỉnh.",
             "A mean download of 40 Mbit/s in every province.", "Mở thêm băng tần, tặng lại 1 GB.",
             "More spectrum, and 1 GB back.", 45),
    Promised("6", "wrong_bills", "0.03", "Mười nghìn cuộc, tính sai không quá ba.",
             "Of ten thousand calls at most three are billed wrongly.", "Hoàn gấp đôi số tiền tính sai.",
             "Twice what was billed wrongly, back.", 10, False),
    Promised("7", "complaints", "0.02", "Một quý, 10.000 khách khiếu nại không quá hai.",
             "At most two complaints of 10,000 customers a quarter.", "Công bố nguyên nhân và ngày sửa xong.",
             "The causes published, with the day they are mended.", 20, False),
    Promised("8", "calls_answered", "85", "Gọi tổng đài, 85 trong 100 cuộc có người trả lời trong 60 giây.",
             "Of 100 calls to the call centre 85 are answered within 60 seconds.",
             "Thêm người trực giờ đông, gọi lại ai đã chờ.",
             "More people at busy hours, and a call back to those who waited.", 15, False),
)  # fmt: skip

SHARES = {
    "radio_availability": (99.3, 99.95, 400), "call_setup": (99.2, 99.9, 1500), "call_drop": (0.25, 0.75, 1500),
    "data_access": (98.6, 99.8, 1500), "data_drop": (0.3, 1.2, 1500),
}  # fmt: skip
"""Share → between what, in percent, a province lies, and how many test calls or samples a month."""
MEANS = {
    "voice_mos": (3.45, 3.62, 120, 0.35),
    "data_delay": (1.4, 2.4, 200, 0.6),
    "download_speed": (52, 95, 300, 22),
}
"""Mean → between what a province lies, how many samples a month, their standard deviation."""

BREACH, BACK = "96", 5
"""Where call drops broke their pledge, and how many months before this one."""
BROKEN_RATES = {0: 4.6, 1: 2.2}
"""Months since the breach began → percent of calls that drop there; then it is as before."""
SLOWING, SLOWED = "08", 3.4
"""Where downloads slow down a little every month, and by how many Mbit/s: a trend that will break pledge 5."""
SILENT = "11"
"""Where a storm left one month without figures, two months before the breach."""
PROOF = "Biên bản nghiệm thu ba trạm mới ở Đất Mũi, số 118/BB; đã tặng phút gọi (làm ra để xem thử)"


class Quality:
    """Puts the year's quality on the agenda; its lots are its own, so that nothing else of the year changes."""

    def __init__(self, year: Year, seed: int) -> None:
        self.year, self.agenda, self.lots = year, year.agenda, Lots(seed + 3336)
        self.usual: dict[tuple[str, str], float] = {}

    def put(self, first: date, today: date) -> None:
        """What was declared and pledged on the first day, then each month's file and judging, and the remedy."""
        self.breach = _months_before(today.replace(day=1), BACK)
        self.first = first
        self.agenda.put(moment(first, 8, 20), self._declare)
        month = first
        while next_month(month) <= today:
            self._put_month(month)
            month = next_month(month)
        kept = working(next_month(next_month(next_month(self.breach))) + timedelta(days=2))
        self.agenda.put(moment(kept, 15, 40), self._make_right)

    def _put_month(self, month: date) -> None:
        after = next_month(month)
        name = f"tu-do-{month:%Y-%m}.csv"
        day = working(after + timedelta(days=4))
        self.agenda.put(moment(day, 9), self._take_in(name, "self", lambda: self._own(month)))
        if month == _months_before(self.breach, 1):
            self.agenda.put(
                moment(day, 14),
                self._take_in(f"bo-do-{month:%Y-%m}.csv", "ministry", lambda: self._ministry(month)),
            )
        self.agenda.put(moment(day + timedelta(days=1), 2, 30), lambda at: _judge(month, at))

    def _declare(self, at: datetime) -> None:
        staff = self.year.operator.staff
        for indicator, level in DECLARED.items():
            actions.declare(
                actor=staff["yen"], at=at, indicator=indicator, level=Decimal(level), from_on=self.first,
                document=DOCUMENT,
            )  # fmt: skip
        for one in PLEDGES:
            actions.pledge(
                actor=staff["yen"], at=at, code=one.code, indicator=one.indicator, level=Decimal(one.level),
                text_vi=one.text_vi, text_en=one.text_en, remedy_vi=one.remedy_vi, remedy_en=one.remedy_en,
                remedy_days=one.days, owner=staff["luc" if int(one.code) > 5 else "dat"], office=self.year.operator.hq,
                from_on=self.first, each_province=one.each_province, invented=True,
            )  # fmt: skip

    def _take_in(self, name: str, by: str, lines: Callable[[], Iterator[str]]) -> Callable[[datetime], None]:
        def act(at: datetime) -> None:
            head = "indicator,month,place,value,n,good,spread,method\n"
            content = (head + "\n".join(lines()) + "\n").encode()
            loading.take_in(content, name=name, measured_by=by, actor=self.year.operator.staff["luc"], at=at)

        return act

    def _own(self, month: date) -> Iterator[str]:
        """A month of our own figures; now and then a name that is no province."""
        for province in places.PROVINCES:
            if province.code == SILENT and month == _months_before(self.breach, 2):
                continue
            for indicator, (low, high, n) in SHARES.items():
                share = self._usual(indicator, province.code, low, high)
                if indicator == "call_drop" and province.code == BREACH:
                    share = BROKEN_RATES.get(_months_between(self.breach, month), share)
                yield self._share(
                    indicator, month, province.name, share, n + self.lots.between(-n // 10, n // 10)
                )
            for indicator, (low, high, n, spread) in MEANS.items():
                mean = self._usual(indicator, province.code, low, high)
                if indicator == "download_speed" and province.code == SLOWING:
                    mean = 82 - SLOWED * _months_between(self.first, month)
                value = mean + spread * self._luck() / n**0.5
                yield f"{indicator},{month:%Y-%m},{province.name},{value:.2f},{n},,{spread},đo lưu động"
        yield self._share("wrong_bills", month, "", 0.008, 400_000)
        yield self._share("calls_answered", month, "", 91.5, 180_000)
        yield self._share("complaints_answered", month, "", 98.2, 900)
        if month.month % 3 == 0:
            quarter, n = f"{month.year}Q{month.month // 3}", 2_400_000
            yield f"complaints,{quarter},,,{n},{self._count(0.011, n)},,mọi khiếu nại đã ghi"
        if month.month % 4 == 0:
            yield self._share("call_drop", month, "Vũng Tầu Biển", 0.5, 1500)

    def _ministry(self, month: date) -> Iterator[str]:
        for code in ("01", "56", "92"):
            name = next(one.name for one in places.PROVINCES if one.code == code)
            yield self._share("call_drop", month, name, 0.3, 3000)
            yield self._share("call_setup", month, name, 99.8, 3000)

    def _usual(self, indicator: str, place: str, low: float, high: float) -> float:
        """Where a province lies all year: drawn once."""
        return self.usual.setdefault((indicator, place), low + (high - low) * self.lots.share())

    def _share(self, indicator: str, month: date, place: str, share: float, n: int) -> str:
        return f"{indicator},{month:%Y-%m},{place},,{n},{self._count(share, n)},,cuộc gọi và lần đo thử"

    def _count(self, percent: float, n: int) -> int:
        mean = n * percent / 100
        return min(n, max(0, round(mean + self._luck() * (mean * (1 - percent / 100)) ** 0.5)))

    def _luck(self) -> float:
        """About one of a standard normal distribution."""
        return sum(self.lots.share() for _ in range(12)) - 6

    def _make_right(self, at: datetime) -> None:
        """The remedy of the breach is done, with its proof."""
        broken = Standing.objects.filter(state=BROKEN, place=BREACH, month=self.breach).select_related(
            "promise__owner"
        )
        for standing in broken:
            assert standing.promise is not None
            owner = standing.promise.owner
            promises.keep(standing.promise, actor=owner, at=at, proof_kind="document", proof=PROOF)


def _judge(month: date, at: datetime) -> None:
    judging.judge(month, actor=None, at=at)


def _months_before(month: date, count: int) -> date:
    number = month.year * 12 + month.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)


def _months_between(first: date, month: date) -> int:
    return (month.year - first.year) * 12 + month.month - first.month
