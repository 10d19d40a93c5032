"""A made-up folder of what was listened to: readings, themes and figures that add up, the same for a seed."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tantam.clock import to_days
from tantam.listen.columns import SCHEMA
from tantam.listen.heads import SHIPPED
from tantam.listen.run.parts import digest
from tantam.places import PROVINCES

ON = date(2026, 11, 21)
WEEKS = 12
CHANNELS = (("tin nhắn", 5), ("tổng đài", 3), ("ứng dụng", 2), ("cà phê", 1))
THEMES = (
    ("T01", "Sóng yếu trong nhà và ở chợ", "network", 520, False),
    ("T02", "trừ tiền / gia hạn gói", "charging", 430, True),
    ("T03", "Tổng đài bắt chờ lâu buổi tối", "hotline", 310, False),
    ("T04", "4g chậm / buổi tối", "data", 290, False),
    ("T05", "đăng nhập / ứng dụng", "app", 210, False),
    ("T06", "tin rác / quảng cáo", "spam", 190, False),
    ("T07", "khuyến mãi / nạp thẻ", "promotion", 150, False),
    ("T08", "Làm lại sim phải đi xa", "sim", 120, False),
    ("T09", "nhạc chờ / tự đăng ký", "vas", 110, False),
    ("T10", "nhân viên / thái độ", "service", 90, False),
    ("T11", "gói sinh viên / hết hạn", "package", 70, False),
    ("T12", "rớt cuộc gọi / nghe rè", "calls", 64, False),
    ("T13", "chuyển vùng / nước ngoài", "roaming", 60, True),
    ("T14", "nạp thẻ / chưa vào tài khoản", "topup", 31, False),
    ("T15", "khám bệnh / báo trễ", "community", 12, False),
    ("T16", "lừa đảo / gọi đòi nợ", "spam", 22, False),
    ("T17", "g / mạng", "other", 18, False),
    ("T18", "trừ tiền / không báo", "charging", 0, False),
)
"""Id, label, main topic, how heavy, whether it rises."""
TEXTS = {
    "network": (
        "ở chợ xã mất sóng cả buổi, gọi không được cho ai",
        "trong nhà chỉ còn một vạch, phải ra sân mới nghe được",
    ),
    "charging": (
        "tháng này bị trừ 90 nghìn tiền gia hạn mà không ai báo trước",
        "tai khoan vua nap da bi tru het khong ro ly do",
    ),
    "hotline": ("gọi tổng đài chờ hai mươi phút rồi tự ngắt",),
    "data": ("tối nào 4g cũng chậm, xem bài giảng cho con không nổi",),
    "app": ("ứng dụng cập nhật xong là đăng nhập không được nữa",),
    "spam": ("ngày nào cũng vài tin quảng cáo, chặn rồi vẫn đến",),
    "promotion": ("nạp thẻ ngày khuyến mãi mà không thấy cộng tiền",),
    "sim": ("làm lại cái sim mà phải đi ba mươi cây số lên huyện",),
    "vas": ("tôi không đăng ký nhạc chờ mà vẫn bị trừ tiền",),
    "service": ("nhân viên cửa hàng nói trống không với người già",),
    "package": ("gói sinh viên hết hạn lúc đang thi, không báo gì",),
    "calls": ("đang nói thì rớt, gọi lại nghe rè rè",),
    "roaming": ("sang lào mấy hôm mà cước chuyển vùng cao quá",),
    "topup": ("nạp thẻ từ hôm qua chưa thấy vào tài khoản",),
    "community": ("ngày khám bệnh ở xã báo trễ quá, bà con không kịp đi",),
    "thanks": ("cảm ơn cô tổng đài hướng dẫn rất nhẹ nhàng",),
    "other": ("ok",),
}
FOLDED = "[quảng cáo] soạn tin để nhận ngay ưu đãi hấp dẫn, bấm vào đường dẫn này"
Row = dict[str, Any]


@dataclass
class Made:
    """What was written, to compare a page with."""

    folder: Path
    rows: list[Row]
    themes: list[Row]
    figures: dict[str, Any] = field(default_factory=dict)


def write(
    folder: Path,
    n: int = 5_000,
    seed: int = 7,
    *,
    dates: bool = True,
    places: bool = True,
    keys: bool = True,
    themes: bool = True,
    complaints: bool = True,
    parts: int = 3,
    hostile: str = "",
) -> Made:
    """A folder as a run leaves it; what is switched off is empty in every row."""
    rng = random.Random(seed)
    rows = [_reading(rng, i, complaints) for i in range(n)]
    if n >= 1_000:
        _fold(rng, rows)
    for row in rows:
        row["when"] = row["when"] if dates else None
        row["where"] = row["where"] if places else None
        row["key"] = row["key"] if keys else None
        row["theme"] = row["theme"] if themes else None
        if hostile:
            row["text"] = hostile
            row["channel"] = hostile
            row["where"] = hostile if places and rng.random() < 0.5 else row["where"]
    (folder / "readings").mkdir(parents=True, exist_ok=True)
    for part in range(parts if rows else 0):
        table = pa.Table.from_pylist(rows[part::parts], schema=SCHEMA)
        pq.write_table(table, folder / "readings" / f"part-{part:05}.parquet")
    told = _told(rows, hostile) if themes else []
    made = Made(folder, rows, told, _figures(rows, told))
    _put(folder / "themes.json", told)
    _put(folder / "run.json", {"plan": PLAN, "figures": made.figures})
    return made


PLAN = {
    "files": [["/data/sms thang 11.csv", 1, 1], ["/data/app.parquet", 1, 1]],
    "columns": {
        "text": "noi_dung",
        "id": None,
        "key": "ma_tb",
        "when": "ngay",
        "where": "tinh",
        "channel": "kenh",
    },
    "hash_version": 1,
    "model": digest(SHIPPED.read_bytes()),
    "forgotten": 0,
}


def _reading(rng: random.Random, i: int, complaints: bool) -> Row:
    ids, weights = [t[0] for t in THEMES], [t[3] for t in THEMES]
    theme = rng.choices(ids, weights)[0] if rng.random() < 0.55 else None
    found = next((t for t in THEMES if t[0] == theme), None)
    topic = found[2] if found else rng.choice(["thanks", "other", "network", "data", "package", "service"])
    negative = rng.random() < (0.93 if theme else 0.25)
    feeling = "negative" if negative else rng.choice(["neutral", "positive"])
    where = rng.choices([*(p.name for p in PROVINCES), "Viêng Chăn", None], [*range(36, 2, -1), 2, 9])[0]
    complaint = complaints and rng.random() < (0.8 if theme else 0.1) + 0.3 * (len(where or "") % 4 - 1) / 2
    rises = bool(found and found[4])
    back = min(int(rng.expovariate(0.045 if rises else 0.012)), 7 * WEEKS - 1)
    urgent = complaint and rng.random() < 0.09
    text, second = rng.choice(TEXTS[topic]), rng.choice(["service", "network", "charging"])
    return {
        "id": str(i),
        "key": rng.randrange(10**6) if rng.random() < 0.9 else None,
        "when": to_days(ON - timedelta(days=back if rises else rng.randrange(7 * WEEKS)))
        if rng.random() < 0.98
        else None,
        "where": where,
        "channel": rng.choices([c for c, _ in CHANNELS], [x for _, x in CHANNELS])[0],
        "text": f"{text} {i % 997}",
        "topic": topic if rng.random() < 0.85 or topic == second else f"{topic}|{second}",
        "topic_p": 0.8,
        "feeling": feeling,
        "feeling_p": 0.9,
        "complaint": complaint,
        "complaint_p": round(rng.uniform(0.5, 1), 3) if complaint else 0.1,
        "urgency": "high" if urgent else rng.choice(["low", "normal"]),
        "unsure": "|".join(
            h for h, p in (("topic", 0.1), ("feeling", 0.06), ("urgency", 0.04)) if rng.random() < p
        ),
        "theme": theme,
        "hash": i + 1,
        "copy_of": str(i),
    }


def _fold(rng: random.Random, rows: list[Row]) -> None:
    """Some texts that came again and again: 204, 41, 9 and 3 times."""
    spare = iter(rng.sample(range(len(rows)), 300))
    for times, text, topic in (
        (204, FOLDED, "spam"),
        (41, "đề nghị tăng cường sóng cho thôn nà mèo", "network"),
        (9, "xin lại tiền gói đã trừ nhầm ngày 3/11", "charging"),
        (3, "bao giờ mới có 5g ở xã tôi", "data"),
    ):
        mine = sorted(next(spare) for _ in range(times))
        for i in mine:
            rows[i].update(text=text, topic=topic, urgency="normal", copy_of=str(mine[0]), hash=-times)


def _told(rows: list[Row], hostile: str) -> list[Row]:
    """The rows of ``themes.json`` as :func:`tantam.listen.themes.tell` writes them."""
    told = []
    for id_, label, topic, _, rises in THEMES:
        mine = [r for r in rows if r["theme"] == id_]
        last = max((r["when"] for r in rows if r["when"] is not None), default=None)
        weeks = [
            people(
                [
                    r
                    for r in mine
                    if last is not None and r["when"] is not None and (last - r["when"]) // 7 == k
                ]
            )
            for k in range(9)
        ]
        enough = last is not None and sum(weeks) >= 40
        ratio = weeks[0] / (sum(weeks[1:]) / 8) if enough else 0
        told.append(
            {
                "id": id_,
                "label": hostile or label,
                "count": len(mine),
                "people": people(mine),
                "quotes": [
                    {"text": hostile or text, "people": max(1, len(mine) // (9 * (k + 1)))}
                    for k, text in enumerate(TEXTS[topic])
                ],
                "share_complaint": sum(r["complaint"] for r in mine) / len(mine) if mine else None,
                "rising": rises and ratio > 1.5 if enough else None,
                "rising_test": {
                    "last": weeks[0], "before": sum(weeks[1:]), "weeks": 8, "ratio": ratio, "low": ratio * 0.7,
                    "high": ratio * 1.4, "p": 0.001 if rises else 0.6, "excess": 1.0,
                } if enough else None,
                "by_province": _by(mine, "where"),
                "by_channel": _by(mine, "channel"),
                "by_week": [],
                "hidden": id_ == "T17",
                "proposed": id_ == "T16",
                "pinned": id_ == "T03",
                "merged_into": "T02" if id_ == "T18" else None,
            }
        )  # fmt: skip
    return sorted(told, key=lambda r: (-r["people"], r["id"]))


def _by(rows: list[Row], column: str) -> list[list[Any]]:
    counted = Counter(r[column] for r in rows)
    return [[name, n] for name, n in sorted(counted.items(), key=lambda pair: (-pair[1], str(pair[0])))]


def people(rows: list[Row]) -> int:
    return len({r["key"] for r in rows if r["key"] is not None}) + sum(r["key"] is None for r in rows)


def _figures(rows: list[Row], told: list[Row]) -> dict[str, Any]:
    codes = {"key_unreadable": 12, "line_broken": 3, "same_id": 41, "when_unreadable": 87}
    return {
        "rows_in": len(rows) + 44,
        "kept": len(rows),
        "left_out": 44,
        "told": codes,
        "copies": sum(r["copy_of"] != r["id"] for r in rows),
        "themes": len(told),
    }


def _put(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


SAID = [
    *(t[1][0].upper() + t[1][1:] for t in THEMES),
    *(text for texts in TEXTS.values() for text in texts),
    *(c for c, _ in CHANNELS),
    *(p.name for p in PROVINCES),
    "Hoàng Sa", "Trường Sa", FOLDED,
    "đề nghị tăng cường sóng cho thôn nà mèo", "xin lại tiền gói đã trừ nhầm ngày 3/11",
]  # fmt: skip
"""Every word of the made-up folder that a page may show as it was said."""
