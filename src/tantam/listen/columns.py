"""The contract of what is listened to: the columns of ``readings/*.parquet``, in one place."""

from __future__ import annotations

import pyarrow as pa

FEELINGS = ("negative", "neutral", "positive")
URGENCIES = ("low", "normal", "high")
TOPICS = (
    "network",
    "data",
    "calls",
    "charging",
    "promotion",
    "package",
    "topup",
    "service",
    "hotline",
    "app",
    "sim",
    "spam",
    "roaming",
    "vas",
    "community",
    "thanks",
    "other",
)

WORDS: dict[str, tuple[str, str]] = {
    "network": ("sóng, phủ sóng", "coverage and signal"),
    "data": ("mạng dữ liệu", "mobile internet"),
    "calls": ("cuộc gọi", "calls"),
    "charging": ("cước, trừ tiền", "charging"),
    "promotion": ("khuyến mãi", "promotions"),
    "package": ("gói cước", "packages"),
    "topup": ("nạp tiền", "top-up"),
    "service": ("cửa hàng, nhân viên", "shops and staff"),
    "hotline": ("tổng đài", "call centre"),
    "app": ("ứng dụng, trang web", "app and web"),
    "sim": ("SIM, số, đăng ký", "SIM and registration"),
    "spam": ("tin rác, cuộc gọi rác", "spam"),
    "roaming": ("chuyển vùng quốc tế", "roaming"),
    "vas": ("dịch vụ cộng thêm", "added services"),
    "community": ("khám bệnh, quà, cộng đồng", "camps, gifts, community"),
    "thanks": ("lời cảm ơn", "thanks"),
    "other": ("việc khác", "anything else"),
    "negative": ("không vui", "negative"),
    "neutral": ("bình thường", "neutral"),
    "positive": ("vui", "positive"),
    "low": ("thong thả", "low"),
    "normal": ("bình thường", "normal"),
    "high": ("gấp", "high"),
}
"""Each value as people read it: Vietnamese, English."""

_COLUMNS: tuple[tuple[str, pa.DataType, str], ...] = (
    ("id", pa.string(), "the sender's id, or the number of the row from 0 where `--id` is not given"),
    ("key", pa.int64(), "the subscriber who said it, or null"),
    ("when", pa.int32(), "the day it was said, days since 1970, or null"),
    (
        "where",
        pa.string(),
        "the province of today where the place is one of ours, else the place as written, masked",
    ),
    ("channel", pa.string(), "how it came in, or null"),
    ("text", pa.string(), "what was said, cleaned and masked"),
    ("topic", pa.string(), "what it is about; several joined by `|`, the likeliest first"),
    ("topic_p", pa.float32(), "probability of the likeliest topic"),
    ("feeling", pa.string(), "negative, neutral or positive: always the likeliest"),
    ("feeling_p", pa.float32(), "probability of that feeling"),
    ("complaint", pa.bool_(), "whether something went wrong that the speaker wants mended or answered"),
    ("complaint_p", pa.float32(), "probability that it is a complaint"),
    ("urgency", pa.string(), "low, normal or high"),
    ("unsure", pa.string(), "the heads whose answer a person should check, joined by `|`; empty if none"),
    ("theme", pa.string(), "id of the theme it belongs to, or null"),
    ("hash", pa.int64(), "the same for texts of the same words without accents; 0 without words"),
    ("copy_of", pa.string(), "id of its group's head; its own id for a head and for a text without copies"),
)

SCHEMA = pa.schema([(name, kind) for name, kind, _ in _COLUMNS])
"""A row a kept opinion, in the order in which they came."""

REJECTS = pa.schema(
    [("file", pa.string()), ("row", pa.int64()), ("column", pa.string()), ("code", pa.string())]
)
"""``rejects.parquet``: what could not be kept or read, never with the value itself. Rows count from 1."""

CODES = {
    "same_id": "an earlier row has this id: the row is left out",
    "forgotten": "its speaker asked to be forgotten: the row is left out",
    "line_broken": "the line has more or fewer fields than the header: the row is left out",
    "id_is_a_number": "the id is somebody's mobile number: the opinion is kept under the number of its row",
    "key_unreadable": "the key is none of ours: the opinion is kept without a speaker",
    "when_unreadable": "the day cannot be read: the opinion is kept without a day",
}
"""Why a row, or one of its values, is not there."""


def page() -> str:
    """The page of ``docs/reference`` about readings."""
    lines = [
        "# Columns of readings",
        "",
        "Made from `tantam.listen.columns`. `tantam listen run` writes `readings/*.parquet`, a row an opinion.",
        "",
        "| column | type | what it holds |",
        "| --- | --- | --- |",
        *(f"| `{name}` | {kind} | {said} |" for name, kind, said in _COLUMNS),
        "",
        "## Topics, feelings, urgencies",
        "",
        "| value | tiếng Việt | English |",
        "| --- | --- | --- |",
        *(f"| `{value}` | {vi} | {en} |" for value, (vi, en) in WORDS.items()),
        "",
        "## What was not kept",
        "",
        "`rejects.parquet` holds `file`, `row` (from 1, the header not counted), `column` and `code`, never a value.",
        "",
        "| code | what it means |",
        "| --- | --- |",
        *(f"| `{code}` | {said} |" for code, said in CODES.items()),
        "",
    ]
    return "\n".join(lines)
