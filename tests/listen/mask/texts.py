"""Texts for properties: pieces of names, numbers and what lies near them, in every spelling, put together at random."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from hypothesis import strategies as st

from tests.listen.mask import marked

_LINES = """
anh chị em cô chú bác ông bà bạn thầy a c e A. C. chi co ban khách hàng nhân viên nv kỹ thuật quản lý
tên tên: là la tôi mình họ và ten gửi gặp ký hai Ba Tư năm sáu út đường phố chợ trường 12 3A số ở quận
Nguyễn Trần Lê Hồ Cao nguyễn tran le ho NGUYỄN LÊ Thị thị Văn van THỊ Giàng Y H' K'
Hùng hùng HÙNG Lan lan Anh Thu thu Tâm tâm Bảo mai hoa tuan dung Minh An Thanh A B Phôn Páo Hen anhhhh chịiii
lý sự toán cước tiền bạch viên huệ trãi phú lợi hà nội nam định kim nói tư vấn ở rất thì em ấy Viettel
[tên] [số điện thoại] [ ] ( ) , . : - / # 😀 | _ \u2028 ' ..
0912345678 0912 345 678 79-N1 123.45 51F 12345 stk tk 12345678 cccd DN 4 79 1234567890 1900 18001091
không chín một hai ba bốn năm sáu bảy tám mươi khong chin 0 9 hộ chiếu B1234567 20k 15h 711A12345678
lan@gmail.com a còng gmail chấm com at dot @ facebook.com/lan.92 zalo.me/x1 fb: zalo le_92 t.me/a_b com/ m
"""
WORDS = [*(word for line in _LINES.split("\n") for word in line.split(" ") if word), "\n"]


def _other_digits(text: str) -> str:
    return text.translate({48 + i: 0x0660 + i for i in range(10)} | {ord("5"): "５", ord("6"): "𝟔"})


def _thin(text: str) -> str:
    return "\u200b".join(text)


SPELLINGS: list[Callable[[str], str]] = [
    str,
    str.upper,
    str.title,
    lambda t: unicodedata.normalize("NFD", t),
    _other_digits,
    _thin,
]

PIECES = st.tuples(
    st.lists(
        st.tuples(st.sampled_from(WORDS), st.sampled_from([" ", " ", " ", " ", "", "_", "  ", ". ", "👍"])),
        max_size=14,
    ),
    st.sampled_from(SPELLINGS),
).map(lambda made: made[1]("".join(word + gap for word, gap in made[0])))

LETTERS = st.text(
    alphabet="0123456789oOaxXkK +-.,()@/:ađmbsg\u00a0\u200b\u0301ồ٣５\n]\x00\ud800", max_size=60
)

OURS = st.sampled_from([m.text for m in marked.read("numbers_seen.txt", "names_seen.txt", "plain_seen.txt")])

TEXTS = st.one_of(PIECES, LETTERS, st.tuples(OURS, PIECES).map(" ".join), st.text(max_size=60))
