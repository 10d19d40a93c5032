"""Made-up complaints about known subjects, from a seed: what themes should find is known."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tantam.listen.clean import Tokens, clean, tokenize
from tantam.listen.themes import Themes, learn

SUBJECTS = {
    "coverage": (
        "mất sóng trong nhà",
        "sóng yếu trong nhà",
        "mất sóng cả buổi trong nhà",
        "vào nhà là mất sóng",
        "máy báo mất sóng liên tục trong nhà",
    ),
    "charging": (
        "trừ tiền vô lý trong tài khoản",
        "tự nhiên trừ tiền tài khoản",
        "bị trừ tiền vô lý hàng tuần",
        "trừ tiền vô lý mà không báo",
        "tài khoản bị trừ tiền vô lý",
    ),
    "hotline": (
        "gọi tổng đài không ai nghe máy",
        "tổng đài bắt chờ máy rất lâu",
        "chờ máy tổng đài rất lâu mới nghe",
        "tổng đài không nghe máy",
        "gọi tổng đài chờ máy nửa tiếng",
    ),
    "spam": (
        "quảng cáo gửi tin nhắn rác suốt ngày",
        "chặn giùm tin nhắn rác quảng cáo",
        "tin nhắn rác quảng cáo nhiều quá",
        "ngày nào cũng nhận tin nhắn rác",
        "tin nhắn rác quảng cáo vay nợ",
    ),
}
NEW = (
    "pin điện thoại tụt nhanh khủng khiếp",
    "sạc đầy mà pin tụt nhanh",
    "pin tụt nhanh dù mới sạc đầy",
    "cục sạc nóng mà pin tụt nhanh",
)
BEFORE = ("hôm qua", "mấy bữa nay", "từ tuần trước", "sáng nay", "cả tháng nay", "ở quê tôi", "dạo này", "")
AFTER = (
    "mong sửa sớm",
    "thật là chán",
    "xin xem lại giúp",
    "bực mình quá",
    "xử lý giùm",
    "tôi rất buồn",
    "nhé",
    "",
)


def said(lines: Sequence[str], count: int, seed: int) -> list[str]:
    """So many cleaned texts about one subject, some of them the same."""
    lot = random.Random(f"{seed}|{lines[0]}")
    return [f"{lot.choice(BEFORE)} {lot.choice(lines)} {lot.choice(AFTER)}".strip() for _ in range(count)]


def complaints(each: int = 60, seed: int = 0) -> tuple[list[str], list[str]]:
    """Texts and their subjects, mixed."""
    pairs = [(text, name) for name, lines in SUBJECTS.items() for text in said(lines, each, seed)]
    random.Random(seed).shuffle(pairs)
    texts = clean(pa.array([text for text, _ in pairs], pa.large_string())).text.to_pylist()
    return texts, [name for _, name in pairs]


def words_of(texts: Sequence[str]) -> Tokens:
    return tokenize(pa.array(list(texts), pa.large_string()))


def learnt(
    texts: Sequence[str],
    people: NDArray[np.float64] | None = None,
    *,
    before: Themes | None = None,
    **more: object,
) -> Themes:
    """Themes of texts, one person each unless said."""
    weights = np.ones(len(texts)) if people is None else people
    return learn(list(texts), words_of(texts), weights, before=before, **{"parts": 8, **more})  # type: ignore[arg-type]
