"""A year of quality: eight made-up pledges, files by ourselves and the Ministry, one breach made right, one still owed,
months not measured, and what people in two provinces say of their calls."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from tantam.clock import HANOI

SPACE = UUID("3a1c59b1-24c2-4d55-a3f2-6c3a1d5a6f00")
HEAD = "indicator,month,place,value,n,good,spread,method,source\n"
PLEDGES = (
    ("1", "call_setup", "98", "95", "Gọi một trăm cuộc thì ít nhất 98 cuộc nối được ngay, ở mọi tỉnh."),
    ("2", "call_drop", "0.6", "2", "Một nghìn cuộc gọi, nhiều nhất sáu cuộc bị rơi, ở mọi tỉnh."),
    ("3", "voice_mos", "3.5", "3", "Tiếng nghe rõ: từ 3,5 điểm trở lên, ở mọi tỉnh."),
    ("4", "data_access", "97", "95", "Mở mạng một trăm lần thì ít nhất 97 lần vào được ngay."),
    ("5", "download_speed", "20", "", "Tải xuống trung bình từ 20 Mbit/s, ở mọi tỉnh."),
    ("6", "wrong_bills", "0.05", "0.1", "Mười nghìn hóa đơn, nhiều nhất năm hóa đơn sai."),
    ("7", "calls_answered", "90", "80", "Gọi tổng đài mười lần thì chín lần có người trả lời trong 60 giây."),
    ("8", "complaints_answered", "100", "100", "Khiếu nại nào cũng được trả lời đúng hạn."),
)
"""Code, indicator, pledged, declared ("" none), text."""
COUNTRY = {"wrong_bills", "calls_answered", "complaints_answered"}
CA_MAU, LANG_SON, CAO_BANG = "96", "20", "04"


def tell(story: Any) -> None:
    """Levels, files, months judged, promises kept."""
    months = _months(story.today, 13)
    _levels(story, months[0])
    world, taken = story.world, {"actor": story.world.policy, "at": story.now}
    from tantam.office.quality import judging, loading

    ours = loading.take_in(_ours(months), name="tu-do-2026.csv", measured_by="self", **taken)
    loading.take_in(_ministry(months), name="bo-do.csv", measured_by="ministry", **taken)
    wrong = loading.take_in(_wrong(months), name="chi-nhanh-gui-lai.csv", measured_by="self", **taken)
    for month in months:
        judged = datetime.combine(_after(month) + timedelta(days=4), time(9), HANOI)
        judging.judge(month, actor=None, at=min(judged, story.now))
    _kept(story, months)
    _felt(story, months[-1])
    from tantam.office.quality.models import Pledge

    story.ids |= {
        "load": ours.load,
        "load_wrong": wrong.load,
        "quality_month": f"{months[-1]:%Y-%m}",
        **{f"pledge_{one.code}": one.pk for one in Pledge.objects.all()},
    }
    assert world is story.world


def _levels(story: Any, since: date) -> None:
    from tantam.office.quality import actions

    world, begun = (
        story.world,
        {"actor": story.world.policy, "at": story.now - timedelta(days=420), "from_on": since},
    )
    for code, indicator, level, declared, text in PLEDGES:
        if declared:
            actions.declare(
                **begun,
                indicator=indicator,
                level=Decimal(declared),
                document="Bản công bố 18/CB-SM, 02/01/2025",
            )
        actions.pledge(
            **begun, code=code, indicator=indicator, level=Decimal(level), text_vi=text,
            remedy_vi="Sửa chỗ hỏng trong 20 ngày làm việc và tặng lại mỗi khách ở đó 20 % cước tháng.",
            remedy_days=20, owner=world.policy, office=world.hq, each_province=indicator not in COUNTRY, invented=True,
        )  # fmt: skip


def _ours(months: list[date]) -> bytes:
    from tantam.places import PROVINCES

    rows = []
    for nth, month in enumerate(months):
        on = f"{month:%Y-%m}"
        for at, province in enumerate(PROVINCES):
            if province.code == CAO_BANG and nth > 9:
                continue
            wave = (nth * 7 + at * 3) % 11
            broken = province.code == CA_MAU and nth == 10
            tight = province.code == LANG_SON and nth >= 11
            drops = 92 if broken else 49 if tight else 30 - wave
            place = province.name
            rows += [
                f"call_setup,{on},{place},,6000,{5938 + wave // 2},,lái xe đo,",
                f"call_drop,{on},{place},,9000,{drops},,đếm mọi cuộc,",
                f"voice_mos,{on},{place},{3.72 + wave / 100:.2f},400,,0.5,lái xe đo,",
                f"data_access,{on},{place},,5000,{4915 + wave},,,",
                f"download_speed,{on},{place},{26 + wave / 4 - (nth if at == 5 else 0) * 0.25:.1f},300,,9,,",
                f"radio_availability,{on},{place},,3000,{2950 + wave},,,",
            ]
        rows += [
            f"wrong_bills,{on},,,60000,{9 + nth % 5},,đối soát,",
            f"calls_answered,{on},,,{8000 if nth < 12 else 900},{7360 - nth * 11 if nth < 12 else 812},,,",
            f"complaints_answered,{on},,,420,{420 if nth % 6 else 418},,,",
        ]
    return (HEAD + "\n".join(rows) + "\n").encode()


def _ministry(months: list[date]) -> bytes:
    rows = [
        f"call_drop,{on:%Y-%m},{place},,4000,{good},,Bộ đo,Thông báo kết quả đo"
        for on in (months[3], months[9], months[12])
        for place, good in (("", 14), ("Khánh Hòa", 15), ("Hà Nội", 11))
    ]
    return (HEAD + "\n".join(rows) + "\n").encode()


def _wrong(months: list[date]) -> bytes:
    on = f"{months[-1]:%Y-%m}"
    rows = (
        f"rơi cuộc,{on},Khánh Hòa,0.3,9000,27,,,",
        f"call_drop,{on},Xứ Lạ,0.3,9000,27,,,",
        "call_drop,tháng mười,Cà Mau,0.3,9000,27,,,",
        f"call_drop,{on},Cà Mau,nhiều,,,,,",
        f"call_drop,{on},Cà Mau,0.3,9000,9100,,,",
        f"data_drop,{on},Cà Mau,0.8,9000,72,,,",
        f"data_drop,{on},Cà Mau,0.8,9000,72,,,",
    )
    return (HEAD + "\n".join(rows) + "\n").encode()


def _kept(story: Any, months: list[date]) -> None:
    """Each breach but the latest was made right."""
    from tantam.office.promises import actions
    from tantam.office.quality.models import Standing

    broken = list(Standing.objects.filter(promise__isnull=False).select_related("promise").order_by("month"))
    for one in broken[:-1] or broken:
        at = datetime.combine(_after(one.month) + timedelta(days=24), time(9), HANOI)
        actions.keep(
            one.promise, actor=story.world.policy, at=min(at, story.now), proof_kind="document",
            proof="Biên bản 112/BB: đã thay hai trạm, hoàn 20 % cước cho 4.120 khách",
        )  # fmt: skip


def _felt(story: Any, month: date) -> None:
    """In Cà Mau people complain of calls far more than in Khánh Hòa."""
    from tantam.office.opinions.models import Opinion

    at = datetime.combine(month + timedelta(days=9), time(10), HANOI)
    said = [(story.world.ca_mau, 52, 34), (story.world.nha_trang, 88, 12)]
    Opinion.objects.bulk_create(
        Opinion(
            id=uuid5(SPACE, f"{office.code} {n}"), text="Gọi trong nhà hay rơi, ra sân mới nghe được.", tone="neutral",
            channel="phone", said_at=at, office=office, state="forwarded", forwarded_at=at, forwarded_to=office,
            topic="calls", feeling="negative" if n < bad else "neutral", complaint=n < bad, urgency="low",
        )
        for office, count, bad in said
        for n in range(count)
    )  # fmt: skip


def _months(today: date, count: int) -> list[date]:
    nth = today.year * 12 + today.month - 2
    return [date(n // 12, n % 12 + 1, 1) for n in range(nth - count + 1, nth + 1)]


def _after(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
