"""Made-up opinions with numbers planted in them, copies, strange spellings and every kind of gap."""

from __future__ import annotations

import random
import unicodedata

import pyarrow as pa

NUMBERS = [f"09{n:08}" for n in range(11_000_000, 99_000_000, 1_760_011)]
"""Numbers that may be in no byte of what is written."""

_WHO = ["Mẹ tôi", "Cả xóm", "Cửa hàng", "Trạm y tế", "Xe khách", "Lớp học của con", "Tàu cá", "Chợ huyện"]
_WHERE = [
    "ở Cà Mau",
    "trên đèo Khánh Lê",
    "ngoài đảo Phú Quý",
    "trong hẻm",
    "ở khu trọ công nhân",
    "gần Ninh Thuận",
]
_WHAT = [
    "mất sóng từ sáng, gọi không được",
    "vào mạng chậm như rùa từ hôm bão",
    "bị trừ 15.000đ mà không đăng ký gì",
    "hết khuyến mãi thì cước tăng gấp đôi",
    "gọi tổng đài ba lần không ai nghe",
    "cảm ơn đoàn khám bệnh nhiều lắm",
    "nhân viên ở quầy rất tận tình",
    "không nạp được thẻ, mã báo sai",
    "muốn hỏi gói nào hợp với người già",
    "tin nhắn quảng cáo nhiều quá",
]
_TAIL = [
    "",
    " Mong sớm sửa.",
    " Tôi đã chờ {} ngày.",
    " Bực quá!!!",
    " 👍",
    " Ai chịu trách nhiệm?",
    " hic hic",
]
_PLACES = ["Cà Mau", "khanh hoa", "Ninh Thuận", "Đà Nẵng", None, "hẻm 12"]


def opinions(count: int, *, seed: int) -> pa.Table:
    """``count`` rows of id, key, when, where, channel and text; the same for a seed."""
    r = random.Random(seed)
    texts: list[str | None] = []
    for i in range(count):
        if texts and r.random() < 0.15:
            texts.append(r.choice(texts))
            continue
        text = f"{r.choice(_WHO)} {r.choice(_WHERE)} {r.choice(_WHAT)}.{r.choice(_TAIL).format(r.randint(2, 90))}"
        if r.random() < 0.2:
            text += f" Gọi lại tôi số {r.choice(NUMBERS)} nhé."
        if r.random() < 0.1:
            text = unicodedata.normalize("NFD", text)
        if r.random() < 0.1:
            text = text.replace(" ", "_")
        if r.random() < 0.05:
            text = text.upper()
        texts.append(None if i % 97 == 96 else text)
    return pa.table(
        {
            "id": [f"y-{i:04}" for i in range(count)],
            "key": pa.array(
                [None if r.random() < 0.1 else 10**15 + r.randrange(count) for _ in range(count)]
            ),
            "when": [f"2026-{r.randint(9, 11):02}-{r.randint(1, 28):02}" for _ in range(count)],
            "where": [r.choice(_PLACES) for _ in range(count)],
            "channel": [r.choice(["sms", "café", "app"]) for _ in range(count)],
            "text": texts,
        }
    )
