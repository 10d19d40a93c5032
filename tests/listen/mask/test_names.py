"""Names: what calls somebody, what only looks like a name, and the decisions written down."""

from __future__ import annotations

import pytest

from tantam.listen.mask import found, mask


@pytest.mark.parametrize(
    ("said", "masked"),
    [
        ("anh Hùng", "anh [tên]"),
        ("chị Lan Anh, em Ngọc", "chị [tên], em [tên]"),
        ("ông Nguyễn Văn A", "ông [tên]"),
        ("a. Tuấn và c.Lan", "a. [tên] và c.[tên]"),
        ("Tôi tên là Trần Thị B.", "Tôi tên là [tên]."),
        ("Họ và tên: LÊ VĂN ĐẠT", "Họ và tên: [tên]"),
        ("anh Nguyễn_Văn_Nam", "anh [tên]"),
        ("chị H’Hen, anh Y Phôn", "chị [tên], anh [tên]"),
        ("chi lan noi, anh tuan ky thuat", "chi [tên] noi, anh [tên] ky thuat"),
        ("anh Hu\u0300ng va\u0300 chi\u0323 Lan", "anh [tên] va\u0300 chi\u0323 [tên]"),
        ("anh Hùng0912345678", "anh [tên][số điện thoại]"),
        ("anhhhh Hùng ơi, chịiii Lan nói, EMMM NGỌC", "anhhhh [tên] ơi, chịiii [tên] nói, EMMM [tên]"),
    ],
)
def test_a_name_is_taken_out_and_what_calls_it_stays(said: str, masked: str) -> None:
    assert mask(said) == masked


@pytest.mark.parametrize("rank", ["Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười", "Út", "Cả"])
def test_a_rank_among_siblings_is_no_name(rank: str) -> None:
    """Every family has a Ba and a Tư: by itself it tells nobody apart. A given name after it does."""
    assert (
        mask(f"cô {rank} bán nước, chú {rank.lower()} nói") == f"cô {rank} bán nước, chú {rank.lower()} nói"
    )
    assert mask(f"chị {rank} Hương") == f"chị {rank} [tên]"


def test_a_street_is_no_person_and_a_person_may_be_called_as_one() -> None:
    assert found("đường Nguyễn Huệ, 12 Trần Phú, chợ Lê Văn Tám, trường Phan Thị Ràng, ở Lê Lợi") == []
    assert mask("anh Trần Phú, tên là Lê Lợi") == "anh [tên], tên là [tên]"
    assert mask("Trần Phú Quý báo hỏng") == "[tên] báo hỏng"


def test_a_place_or_a_firm_is_no_person() -> None:
    assert found("chị Hà Nội, anh Nam Định, em Viettel, Hoàng Hà Mobile, khách hàng Doanh Nghiệp") == []


def test_letters_drawn_out_make_nobody_a_name() -> None:
    assert found("anhhhh em ơi, bạnnnn ơi, emmmm chào, anhh Hùng, aaaa Hùng, nhaaa Lan") == []


def test_a_number_before_a_name_is_a_house_s_and_a_phone_is_not() -> None:
    assert mask("12 Nguyễn Văn Thoại") == "12 Nguyễn Văn Thoại"
    assert mask("0912345678 Nguyễn Văn Thoại") == "[số điện thoại] [tên]"
