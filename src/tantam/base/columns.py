"""The contract of the base: every column that may come in, and every column that is kept, in one place.

``docs/reference/columns.md`` is generated from here. All days are int32 since 1970, all money int64 whole đồng.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

Kind = Literal["phone", "day", "word", "money", "count", "yes", "province"]


@dataclass(frozen=True)
class Column:
    """One input column. ``usage`` columns tell how a service is used: nobody who refuses profiling has them.

    ``also`` are other headings it is known by and ``spellings`` other words for its values, both folded
    (lower case, no accents).
    """

    name: str
    kind: Kind
    vi: str
    en: str
    required: bool = False
    values: tuple[str, ...] = ()
    usage: bool = False
    also: tuple[str, ...] = ()
    spellings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Stored:
    """One kept column with its Arrow type. ``said`` are the words of a sentence about it."""

    name: str
    type: pa.DataType
    vi: str
    en: str
    usage: bool = False


SPEND = tuple(f"spend_{i}" for i in range(1, 7))
"""Whole đồng a month, latest first."""

PLAN_KINDS = ("prepaid", "postpaid")
LOW_INCOME = ("poor", "near_poor")
HARDSHIPS = ("none", *LOW_INCOME, "policy", "merit", "disabled", "elderly_alone", "other")
BASES = ("document", "authority_list", "declared", "estimate")
"""What a statement of hardship rests on. An estimate never decides relief and is never shown beside a name."""
DOCUMENTED = ("document", "authority_list")

_PLAN_KIND_WORDS = (
    ("pre", "prepaid"),
    ("pre paid", "prepaid"),
    ("tra truoc", "prepaid"),
    ("tratruoc", "prepaid"),
    ("post", "postpaid"),
    ("post paid", "postpaid"),
    ("tra sau", "postpaid"),
    ("trasau", "postpaid"),
)
_SEX_WORDS = (("nu", "female"), ("f", "female"), ("nam", "male"), ("m", "male"), ("khac", "other"))
_HARDSHIP_WORDS = (
    ("khong", "none"),
    ("ngheo", "poor"),
    ("ho ngheo", "poor"),
    ("can ngheo", "near_poor"),
    ("ho can ngheo", "near_poor"),
    ("chinh sach", "policy"),
    ("gia dinh chinh sach", "policy"),
    ("co cong", "merit"),
    ("nguoi co cong", "merit"),
    ("khuyet tat", "disabled"),
    ("nguoi khuyet tat", "disabled"),
    ("gia neo don", "elderly_alone"),
    ("nguoi gia neo don", "elderly_alone"),
    ("khac", "other"),
)
_BASIS_WORDS = (
    ("giay to", "document"),
    ("danh sach", "authority_list"),
    ("danh sach dia phuong", "authority_list"),
    ("tu khai", "declared"),
    ("khai bao", "declared"),
    ("uoc tinh", "estimate"),
    ("du doan", "estimate"),
)

YES = ("true", "t", "1", "yes", "y", "x", "co", "dung", "roi")
NO = ("false", "f", "0", "no", "n", "khong", "sai", "chua")
"""Folded words read as yes and as no."""

INPUT: tuple[Column, ...] = (
    Column(
        "phone",
        "phone",
        "số điện thoại",
        "phone number",
        required=True,
        also=("sdt", "dien thoai", "di dong", "msisdn", "so thue bao", "isdn", "phone number", "mobile"),
    ),
    Column(
        "joined_on",
        "day",
        "ngày hòa mạng",
        "day of joining",
        required=True,
        also=("ngay kich hoat", "activation date", "joined", "join date"),
    ),
    Column(
        "plan_kind",
        "word",
        "trả trước hay trả sau",
        "prepaid or postpaid",
        required=True,
        values=PLAN_KINDS,
        also=("loai thue bao", "hinh thuc thanh toan", "hinh thuc", "payment type"),
        spellings=_PLAN_KIND_WORDS,
    ),
    Column(
        "province",
        "province",
        "tỉnh, tên hoặc mã",
        "province, a name or a code",
        required=True,
        also=("tinh", "tinh thanh", "tinh thanh pho", "ma tinh", "province code"),
    ),
    Column("plan", "word", "gói cước", "plan", also=("goi", "ten goi")),
    Column(
        "born_on", "day", "ngày sinh", "day of birth", also=("date of birth", "dob", "birthday", "sinh nhat")
    ),
    Column(
        "sex",
        "word",
        "giới tính",
        "sex",
        values=("female", "male", "other"),
        also=("gender",),
        spellings=_SEX_WORDS,
    ),
    *(
        Column(
            name,
            "money",
            f"chi tiêu tháng thứ {i} tính lùi",
            f"spend {i} month(s) ago",
            usage=True,
            also=(f"chi tieu {i}", f"cuoc thang {i}"),
        )
        for i, name in enumerate(SPEND, 1)
    ),
    Column("topups_90d", "count", "số lần nạp trong 90 ngày", "top-ups in 90 days", usage=True),
    Column("data_mb_30d", "count", "MB dữ liệu trong 30 ngày", "MB of data in 30 days", usage=True),
    Column("complaints_180d", "count", "khiếu nại trong 180 ngày", "complaints in 180 days", usage=True),
    Column(
        "promotion", "word", "ưu đãi gần nhất", "latest promotion", usage=True, also=("uu dai", "khuyen mai")
    ),
    Column("promotion_ended_on", "day", "ngày hết ưu đãi", "day the promotion ended", usage=True),
    Column("last_active_on", "day", "ngày dùng gần nhất", "last active day", usage=True),
    Column("tier", "word", "hạng", "tier", also=("hang thanh vien", "hang hoi vien")),
    Column(
        "occupation",
        "word",
        "nghề, theo gói hoặc tự khai",
        "occupation, from the plan or declared",
        also=("nghe", "nghe nghiep"),
    ),
    Column(
        "hardship",
        "word",
        "hoàn cảnh",
        "hardship",
        values=HARDSHIPS,
        spellings=_HARDSHIP_WORDS,
    ),
    Column(
        "hardship_basis",
        "word",
        "căn cứ của hoàn cảnh",
        "what the hardship rests on",
        values=BASES,
        also=("can cu",),
        spellings=_BASIS_WORDS,
    ),
    Column(
        "hardship_on", "day", "ngày của căn cứ hoặc đơn", "day of the paper or request", also=("ngay can cu",)
    ),
    Column("consent_care_on", "day", "ngày đồng ý nhận chăm sóc", "day of consent to care"),
    Column("consent_ads_on", "day", "ngày đồng ý nhận quảng cáo", "day of consent to advertising"),
    Column("refuses_ads", "yes", "từ chối quảng cáo", "refuses advertising"),
    Column("refuses_profiling", "yes", "từ chối chấm điểm tự động", "refuses profiling"),
    Column("last_contact_on", "day", "lần liên lạc gần nhất", "last contacted on"),
)

_TYPES: dict[Kind, pa.DataType] = {
    "day": pa.int32(),
    "word": pa.string(),
    "money": pa.int64(),
    "count": pa.int64(),
    "yes": pa.bool_(),
    "province": pa.string(),
}

STORED: tuple[Stored, ...] = (
    Stored("key", pa.int64(), "mã thuê bao", "subscriber key"),
    *(Stored(c.name, _TYPES[c.kind], c.vi, c.en, c.usage) for c in INPUT if c.kind != "phone"),
    Stored(
        "province_old",
        pa.string(),
        "mã tỉnh cũ, khi tệp ghi tên cũ",
        "old province code, when the file says so",
    ),
    Stored("low_income", pa.bool_(), "thu nhập thấp", "low income"),
    Stored("birth_mmdd", pa.int16(), "tháng và ngày sinh", "month and day of birth"),
    Stored("spend_6m", pa.int64(), "chi tiêu sáu tháng", "spend in six months", usage=True),
)
"""``province`` is the two-character code of one of the 34; ``low_income`` is never null; ``spend_6m`` is null only
when all six months are."""

SCHEMA = pa.schema([pa.field(c.name, c.type) for c in STORED])


def page() -> str:
    """``docs/reference/columns.md``, made from the tables above."""
    kinds = {
        "phone": "số di động · mobile number: 0912 345 678, +84 912 345 678, 84912345678",
        "day": "ngày · day: 2026-11-21 or 21/11/2026",
        "word": "chữ · words",
        "money": "đồng · whole đồng: 1200000, 1.200.000, 1,200,000",
        "count": "số đếm · whole number",
        "yes": "có, không · yes or no",
        "province": "tỉnh · a name, old or new, or a code of two characters",
    }
    lines = [
        "# Columns of the base",
        "",
        "Made from `tantam.base.columns`; a test keeps the two equal.",
        "",
        "## What may come in",
        "",
        "CSV (comma, semicolon or tab, with a header line) or Parquet. Headings are matched without regard to case",
        "and accents, by the column's name, by its Vietnamese or English words below, or by another heading listed;",
        "anything else with `--map theirs=ours`. A row whose required column is missing or cannot be read is",
        "rejected with a code. A value of another column that cannot be read is left empty and counted; only a",
        "refusal that cannot be read counts as a refusal. Columns marked *usage* are left empty for everybody who",
        "refuses profiling.",
        "",
        "| column | tiếng Việt | English | holds | other headings |",
        "| --- | --- | --- | --- | --- |",
    ]
    for column in INPUT:
        marks = " **required**" if column.required else " *usage*" if column.usage else ""
        holds = " \\| ".join(f"`{value}`" for value in column.values) or kinds[column.kind]
        also = ", ".join(column.also) or "–"
        lines.append(f"| `{column.name}`{marks} | {column.vi} | {column.en} | {holds} | {also} |")
    lines += ["", "## Other words for a value", "", "Read without regard to case and accents.", ""]
    for column in INPUT:
        if column.spellings:
            words = ", ".join(f"{written} → `{value}`" for written, value in column.spellings)
            lines.append(f"- `{column.name}`: {words}")
    lines.append(f"- yes: {', '.join(YES)}; no: {', '.join(NO)}")
    lines += [
        "",
        "## What is stored",
        "",
        "`home/base/*.parquet`, sorted by `province` and `key`. Days are int32 since 1970, money int64 whole đồng.",
        "",
        "| column | type | tiếng Việt | English |",
        "| --- | --- | --- | --- |",
    ]
    for stored in STORED:
        usage = " *usage*" if stored.usage else ""
        lines.append(f"| `{stored.name}`{usage} | {stored.type} | {stored.vi} | {stored.en} |")
    return "\n".join(lines) + "\n"
