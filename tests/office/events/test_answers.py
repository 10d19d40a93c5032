"""What people type in answer to an invitation: the ways to say yes and no, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.office.events.answers import Heard, heard, texted
from tantam.office.events.rules import Call

YES = """
co|CO|Có|có ạ|Dạ có|da co a|ok|OK|oke|okeee|okkk|O.K|đồng ý|dong y|Đồng ý ạ|toi di|tôi đi|Tôi sẽ đến|toi se den|sẽ đến
se den a|vâng|Vâng ạ|dạ vâng em|yes|Y|1|1 ạ|ừ|uk|được|dc|đi được|Mình tham gia nhé|em nhận lời ạ|Có. Cảm ơn|có chứ
Ok em, cảm ơn em nhiều|Dạ, có|có e nhé|Trả lời: CÓ|tra loi co|Có 👍|ok rồi|chắc chắn đến|tới luôn|“Có”|Có!!!
Cảm ơn, tôi sẽ đến đúng giờ|Co toi se den|Co\u0301|Ðồng ý
"""
NO = """
khong|KHONG|Không|không ạ|ko|k|K ạ|kh|hông|hong|no|0|0 ạ|n|Dạ không|không đi được|ko di dc|Không đến được ạ|ban
không tham gia|bận|Bận rồi|ban roi em|Ban qua|tôi bận|Không, bận rồi|không em bận rồi|không đi được bận rồi|khum
Xin lỗi, tôi bận|Rất tiếc tôi không đến được|không rảnh|khong co thoi gian|không thể đi|Không, cảm ơn|Thôi em ạ
thôi không đi đâu|để dịp khác nhé|hôm đó chị có việc|Không muốn đi|sẽ không đến|không đồng ý|tra loi khong
em không đi được, xin lỗi anh|Không cần đâu|chiều nay bận|Không, để khi khác nhé
"""
AND_MORE = """
Có, mấy giờ vậy em?|Có. Quán ở đâu?|Co. Cho hoi bai giu xe|Có, tôi sẽ đến. Mạng nhà tôi chập chờn lắm|Ok. 2 người nhé
Co, toi se den luc 15h|Rất sẵn lòng. Đi mấy người?
"""
NO_AND_MORE = "Không, sóng yếu lắm|Khong. Mang yeu qua sua di|Không, nhà tôi ở xa"
NEITHER = """
không có sóng|Không có sóng|khong co song|có ai trả lời không|co ai tra loi khong|co len|Cố lên|cô ơi|Cỏ|có không|nó
Có không?|ok?|được không|dc k|co khong|CO hoac KHONG|đi không|không bận|ko bận|Không biết|không rõ|không sao|nợ|yếu
không sao đâu, tôi đến|Có, nhưng chưa chắc|Có, nếu không mưa|Có, mà tôi không đi được|Không, tôi sẽ đến muộn|Có lẽ
chắc có|để xem|10|1 sao|01|100|không vào được mạng|không gọi được|Không được trừ tiền vô lý|vàng|cơ|bạn ơi|ban oi|bán
Mạng yếu|sóng yếu, không gọi được|có người gọi lừa đảo|Có mạng đâu|thôi được|không đi không được|không trả lời|ai vậy
Ai đấy?|alo|dạ|Dạ ạ|cảm ơn|🙂|...|không có gì|Không có chi|no problem|còn|co ban|Cho hỏi gói cước|đến rồi|đi đâu|tôi
Bao giờ sửa trạm? Không thấy ai|được đi cùng vợ không|Có hay không|Có phải lừa đảo không|tu van|có khi|co y kien
Đi đúng giờ, giảng bài đầy đủ|rất ok|Được, mua rồi|Không đúng giờ
Vâng, may thay có một bạn đã trả lời được những gì thầy đưa ra và thế là bạn kia rớt
không phải tôi|ko hieu|y kien|Có, không|Không, có|Sóng yếu. Không đi đâu|Tin này của ai vậy, có
"""


def cases(block: str) -> list[str]:
    return [one for one in block.replace("\n", "|").split("|") if one]


def test_there_are_enough_of_them() -> None:
    assert len(cases(YES) + cases(NO)) > 90 and len(cases(NEITHER)) > 80


@pytest.mark.parametrize("text", cases(YES))
def test_yes(text: str) -> None:
    assert heard(text) == Heard(yes=True, more=False)


@pytest.mark.parametrize("text", cases(NO))
def test_no(text: str) -> None:
    assert heard(text) == Heard(yes=False, more=False)


@pytest.mark.parametrize("text", cases(AND_MORE))
def test_yes_and_more_words(text: str) -> None:
    assert heard(text) == Heard(yes=True, more=True)


@pytest.mark.parametrize("text", cases(NO_AND_MORE))
def test_no_and_more_words(text: str) -> None:
    assert heard(text) == Heard(yes=False, more=True)


@pytest.mark.parametrize("text", ["", " ", "\n", *cases(NEITHER)])
def test_neither(text: str) -> None:
    assert heard(text) is None


@given(st.text(max_size=300))
def test_anything_is_read(text: str) -> None:
    assert heard(text) is None or isinstance(heard(text), Heard)


@pytest.mark.parametrize(
    ("before", "yes", "after"),
    [
        (Call(), True, Call("accepted", "accepted")),
        (Call(), False, Call("refused", "refused")),
        (Call("unreachable"), True, Call("accepted", "accepted")),
        (Call("unreachable"), False, Call("refused", "refused")),
        (Call("accepted", "accepted"), True, Call("accepted", "accepted")),
        (Call("accepted", "accepted"), False, Call("withdrew", "accepted")),
        (Call("refused", "refused"), True, Call("accepted", "refused", False, "accepted")),
        (Call("refused", "refused"), False, Call("refused", "refused")),
        (Call("refused", "refused", True, "refused"), True, None),
        (Call("withdrew", "accepted"), True, None),
        (Call("withdrew", "accepted"), False, Call("withdrew", "accepted")),
        (Call("no_contact", "refused"), True, None),
    ],
)
def test_what_an_answer_changes(before: Call, yes: bool, after: Call | None) -> None:
    assert texted(before, yes) == after


def test_whoever_refused_by_text_is_still_called_and_told_why() -> None:
    after = texted(Call(), yes=False)
    assert after is not None and after.to_explain and after.open and after.keeps_seat
