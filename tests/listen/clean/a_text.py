"""Texts that try to break the cleaning: pieces of real writing and of hostile writing, put together at random."""

from __future__ import annotations

import csv
import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import strategies as st

PIECES = (
    *(
        "không",
        "ko",
        "k",
        "đẹp",
        "hoà",
        "HOÀ",
        "thuỷ",
        "qúy",
        "quáaaaa",
        "đẹppp",
        "kkkkk",
        "cccd",
        "ntn",
        "đc",
        "mn",
    ),
    *(
        "khoong",
        "dduwowcj",
        "cos",
        "gif",
        "nhaan",
        "been",
        "kho6ng",
        "d9u7o7c5",
        "a1",
        "lan2",
        "ST15K",
        "D10",
        "best",
    ),
    *("100", "5 k", "100k", "4g", "1.000.000", "0905xxxx81", "[số điện thoại]", "[email]"),
    *("http://", "HTTPS://vt.vn/a_b", "www.", "Bit.ly/", ".vn/", "a_b", "x@y.vn", "wwwww."),
    *("_", " ", "\n", "\t", "  ", ".", ",", "…", "“", "”", "-", "'", '"', "<", ":", "//", "/", "[", ")"),
    *("👍", "❤️", "👍🏻", "👨\u200d👩", "🇻🇳", "1️⃣", "⭐"),
    *(
        "\u200b",
        "\u200d",
        "\ufeff",
        "\u00ad",
        "\u202e",
        "\u2066",
        "\ufe0f",
        "\0",
        "\x07",
        "\x7f",
        "\u034f",
        "\U000e0041",
    ),
    *(
        "\u0301",
        "\u0323",
        "\u0302",
        "\u031b",
        "\u0338",
        "\u0345",
        "e",
        "ê",
        "ế",
        "ơ",
        "Đ",
        "ð",
        "Ɖ",
        "a\u0308\u0301",
    ),
    *(
        "你好",
        "สวัสดี",
        "ខ្មែរ",
        "ລາວ",
        "한",
        "\u1112\u1161\u11ab",
        "が",
        "か\u3099",
        "привет",
        "й",
        "क\u093c",
        "\u09c7\u09be",
    ),
    *(
        "İ",
        "ı",
        "ß",
        "ﬁ",
        "ｈｔｔｐ",
        "５",
        "²",
        "½",
        "①",
        "𝐀",
        "Ⅷ",
        "ª",
        "\u1e9b",
        "ς",
        "Å",
        "٣",
        "\xa0",
        "\u2028",
        "\x85",
    ),
    *(
        "\ud800",
        "\U0010ffff",
        "\ue000",
        "\ufffd",
        "ư",
        "ợ",
        "Ộ",
        "dd",
        "oo",
        "aw",
        "uow",
        "w",
        "s",
        "j",
        "1",
        "6",
        "9",
    ),
)
"""What matters to the rules, in every form that it comes in."""

LETTERS = "aeiouyăâêôơưđknghtcmpsfrxjwdlbv0123456789 ._:/"

hostile = st.lists(
    st.one_of(st.sampled_from(PIECES), st.text(max_size=3), st.text(LETTERS, min_size=1, max_size=6)),
    max_size=14,
).map("".join)
"""Any text, lone surrogates among them."""

raw = st.builds(
    lambda text, at, byte: (
        text.encode("utf-8", "surrogatepass")[:at] + byte + text.encode("utf-8", "surrogatepass")[at:]
    ),
    hostile,
    st.integers(0, 40),
    st.sampled_from([b"", b"", b"\xff", b"\xc3", b"\xe1\xba", b"\xf4\x90\x80\x80", b"\xc0\x80", b"\x80"]),
)
"""Bytes that may be no UTF-8."""


def real(count: int) -> list[str]:
    """Every so-many-th text of three real sets, up to ``count`` of each; skips where they are not."""
    folder = os.environ.get("TANTAM_DATA")
    if not folder:
        pytest.skip("TANTAM_DATA is not set: real texts are not cleaned")
    root = Path(folder)
    sets = [(root / "uit-vsfc/train/sents.txt").read_text(encoding="utf-8").splitlines()]
    for name, column in (("uit-visfd/Train.csv", "comment"), ("vn-bank-app-reviews/reviews.csv", "content")):
        with (root / name).open(encoding="utf-8", newline="") as file:
            sets.append([row[column] for row in csv.DictReader(file)])
    return [text for held in sets for text in held[:: max(1, len(held) // count)]]


def bare(text: str) -> str:
    """A text without its accents."""
    marks = unicodedata.normalize("NFD", text)
    return "".join(c for c in marks if not unicodedata.combining(c)).replace("đ", "d").replace("Đ", "D")
