"""Labels and refusals, by written examples."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.errors import BadInput
from tantam.letters import fold
from tantam.office.channels.sms.labels import label, stop_word, stopped_product

DAY = 20_779  # 22/11/2026
BEFORE = 18_900  # 30/09/2021
OPT_OUT = "Từ chối QC, soạn TC gửi 199 hoặc gọi 198 (0đ)."

STOPS = {
    "TC": "", "tc": "", "  TC  ": "", "...TC!": "", "«tc»": "", "TC.": "", "TC1": "1", "tc3": "3", "TC 4": "4",
    "TC QC": "", "TCQC": "", "TC KM": "KM", "TCKM": "KM", "TC A": "A", "TC3 gui 199": "3", "TC gửi 9923": "",
    "TU CHOI": "", "Từ chối": "", "từ chối ạ": "", "TUCHOI": "", "Tu choi QC": "", "tu choi quang cao": "",
    "Từ chối nhận tin nhắn quảng cáo": "", "Từ chối tất cả tin nhắn": "",
    "TỪ CHỐI TIN KHUYẾN MẠI": "KM", "từ chối, cảm ơn em": "",
    "HUY": "", "Hủy": "", "HUỶ": "", "huy.": "", "HUY KM": "KM", "Hủy KM": "KM", "HUY D7": "D7", "huy goi ST5K": "ST5K",
    "Hủy giúp em ạ": "", "huy_qc": "", "HUY TAT CA": "", "Hủy tin nhắn này đi em": "", "- Hủy": "",
    "DUNG": "", "Dừng": "", "dừng lại": "", "DUNG LAI DI": "", "Dừng gửi tin": "", "dung gui tin nua": "",
    "Dừng nhắn tin cho tôi": "", "DỪNG QUẢNG CÁO": "", "Dừng!!!": "", "👎 dừng": "", "Dừng ngay": "",
    "Đừng gửi tin nữa": "", "Đừng nhắn tin cho tôi nữa": "", "đừng làm phiền": "", "Đừng gọi nữa": "",
}  # fmt: skip
"""Refusals, and the product each names."""

OPINIONS = [
    "Dừng ở đây sóng yếu quá", "Dừng ở đây sóng yếu", "Dừng hình liên tục", "Dừng hình", "dung hinh hoai",
    "Đúng", "Đúng rồi", "đúng vậy em", "dung roi", "Dùng tốt", "Dùng ổn", "dung tot lam", "dùng được", "dung dc",
    "Dũng đây", "Đừng", "Đừng tăng giá cước", "đừng dư quá nhiều", "Dùng thử thấy mạng nhanh",
    "Dung rat tot", "dung gio, day de hieu", "Dùng quảng cáo nhiều quá",
    "Dừng hỗ trợ 2G sớm làm bà con khổ", "Dừng xe giữa đèo mất sóng", "Dừng giữa chừng",
    "Hủy rồi mà vẫn trừ tiền", "Hủy không được", "huy k dc", "Hủy gói cước mãi mà tổng đài không nghe máy",
    "hủy rất khó và phiền phức", "Huy cảm ơn em nhé", "Huy chào em", "Hủy mãi không xong", "Húy", "hùy",
    "Từ 3 hôm nay không có mạng", "Từ chối cuộc gọi rồi mà người ta vẫn gọi đến cả ngày lẫn đêm",
    "Tự chối", "tư chối", "TCB trừ tiền hai lần", "TC12345", "Tốc độ chậm", "tch", "TCs",
    "Tôi muốn hủy", "Xin từ chối", "soan TC gui 199", "Mạng yếu, dừng", "", "  ", "...", "1", "Có", "OK",
    "Huy Hoàng", "dung là vậy đó",
    "TC nhà mình làm ăn chán quá em ơi", "Dừng nói chuyện này ở đây được rồi em nhé",
]  # fmt: skip
"""No refusals by our rule; somebody reads them."""


@pytest.mark.parametrize("text", STOPS)
def test_refusals(text: str) -> None:
    for form in (text, text.upper(), text.lower(), unicodedata.normalize("NFD", text), f"\n {text} "):
        assert stop_word(form), form
        assert stopped_product(form) == STOPS[text]


@pytest.mark.parametrize("text", OPINIONS)
def test_opinions(text: str) -> None:
    for form in (text, text.lower(), unicodedata.normalize("NFD", text)):
        assert not stop_word(form), form


def test_enough_examples_of_both_kinds() -> None:
    assert len(STOPS) >= 40
    assert len(OPINIONS) >= 40


def test_a_refusal_typed_without_accents_is_one_too() -> None:
    """But “đừng” without accents is “dừng”: taken so, since both refuse."""
    assert [text for text in STOPS if not stop_word(fold(text).upper())] == []


@given(st.text())
def test_any_text_is_one_or_the_other(text: str) -> None:
    assert stop_word(text) in {True, False}
    assert stopped_product(text) == stopped_product(text).upper()


def test_an_advertisement_is_labelled_first_and_refusable_last() -> None:
    sent = label(
        "  Gói V90B 90.000đ/30 ngày. Chi tiết https://viettel.vn/v90b ", "advertising", OPT_OUT, on=DAY
    )
    assert sent == f"[QC] Gói V90B 90.000đ/30 ngày. Chi tiết https://viettel.vn/v90b {OPT_OUT}"
    decomposed = unicodedata.normalize("NFD", "Ưu đãi")
    assert label(decomposed, "advertising", OPT_OUT, on=DAY) == f"[QC] Ưu đãi {OPT_OUT}"


def test_asking_to_sign_up_is_labelled_so() -> None:
    sent = label("Soạn DK gửi 5656 để nhận tin khuyến mại.", "registration", "Không nhận: TC", on=DAY)
    assert sent == "[DKQC] Soạn DK gửi 5656 để nhận tin khuyến mại. Không nhận: TC"
    assert label("Soạn DK.", "registration", "", on=BEFORE) == "Soạn DK."
    with pytest.raises(BadInput, match="sms_own_label"):
        label("[DKQC] Soạn DK.", "registration", "", on=DAY)


@pytest.mark.parametrize("purpose", ["service", "care", "reply", "survey", "invitation", "health"])
def test_everything_else_has_no_label(purpose: str) -> None:
    assert label("Mời bà con đến trạm.", purpose, "", on=DAY) == "Mời bà con đến trạm."
    assert label("Mời bà con.", purpose, "Không nhận nữa: TC", on=DAY) == "Mời bà con. Không nhận nữa: TC"


@pytest.mark.parametrize(
    "text",
    [
        "[QC] Ưu đãi", "(QC) Ưu đãi", "Ưu đãi [ad]", "[ QC ]x", "［ＱＣ］ giá rẻ", "[Q\u200bC] rẻ", "QC: giá rẻ",
        "qc - rẻ",
        "[Quảng cáo] rẻ", "(quang cao) re", "[DKQC] dang ky", unicodedata.normalize("NFD", "[quảng cáo] x"), "{QC}",
        "<AD>",
    ],
)  # fmt: skip
@pytest.mark.parametrize("purpose", ["advertising", "service", "reply"])
def test_an_authors_own_label_is_refused(text: str, purpose: str) -> None:
    with pytest.raises(BadInput, match="sms_own_label") as refused:
        label(text, purpose, OPT_OUT, on=DAY)
    assert refused.value.vi


def test_an_advertisement_does_not_pass_as_a_notice() -> None:
    with pytest.raises(BadInput, match="sms_own_label"):
        label("[TB] Tặng 10GB", "advertising", OPT_OUT, on=DAY)
    assert label("[TB] Trạm đã sửa xong", "service", "", on=DAY) == "[TB] Trạm đã sửa xong"
    for text in ("QC của gói này", "Đội QC đã kiểm tra (đạt)", "Tắt quảng cáo: vào cài đặt"):
        assert label(text, "service", "", on=DAY) == text


def test_an_advertisement_without_a_way_to_refuse_is_refused() -> None:
    with pytest.raises(BadInput, match="sms_no_opt_out"):
        label("Ưu đãi", "advertising", "  ", on=DAY)
    with pytest.raises(BadInput, match="sms_empty"):
        label(" ", "advertising", OPT_OUT, on=DAY)


@pytest.mark.parametrize(
    "text",
    [
        "xem https://tantam.vn/a", "HTTP://A.B", "hxxp://a.b", "www.viettel.vn", "viettel.vn",
        "vào my.viettel.com.vn nhé",
        "bit.ly/3xYz", "t.me/abc", "tải app tại tv360.page.link", "ｈｔｔｐｓ：／／a.vn", "(viettel.vn)", "go.mobi/x",
    ],
)  # fmt: skip
def test_a_reply_has_no_link(text: str) -> None:
    with pytest.raises(BadInput, match="sms_link_in_reply"):
        label(text, "reply", "", on=DAY)
    assert label(text, "service", "", on=DAY).endswith(text.strip())


@pytest.mark.parametrize(
    "text",
    [
        "Anh.Chị thông cảm", "Giá 100.000d/thang", "ngày 22.11.2026", "gọi 1800.1091 (0đ)", "TP.HCM",
        "da nhan duoc.co gi goi",
        "thư về cskh@viettel.com.vn", "Cảm ơn bác.Em sẽ gọi lại", "V.v và v.v.", "5G/4G", "24/7", "xong.me oi",
    ],
)  # fmt: skip
def test_what_only_looks_like_one(text: str) -> None:
    assert label(text, "reply", "", on=DAY) == text
