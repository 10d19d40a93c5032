"""Levels declared, pledged and withdrawn by forms; files taken in by one, with what to do about what was left."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tantam.office.quality import load_pages
from tantam.office.quality.models import Declared, Load, Measurement, Pledge
from tantam.office.quality.rows import REJECTS
from tests.office.quality.measured import HEAD

pytestmark = pytest.mark.usefixtures("on_the_day")
PLEDGED = {
    "code": "1", "indicator": "call_drop", "level": "0,6", "each_province": "1", "text_vi": "Nhiều nhất sáu cuộc rơi.",
    "remedy_vi": "Sửa trạm và tặng phút gọi.", "remedy_days": "20", "from_on": "2026-12-01", "text_en": "", "to_on": "",
    "remedy_en": "",
}  # fmt: skip


def typed(world: Any, **changed: str) -> dict[str, str]:
    return PLEDGED | {"owner": f"{world.policy.pk}", "office": f"{world.hq.pk}"} | changed


def sent(browser: Any, text: str, name: str = "đo.csv", **other: str) -> Any:
    file = SimpleUploadedFile(name, text.encode())
    return browser.post("/quality/loads/", {"file": file, "measured_by": "self", **other})


def test_a_level_is_declared_then_pledged(world: Any, page: Any) -> None:
    browser = page(world.policy)
    form = {"indicator": "call_drop", "level": "2 %", "from_on": "2026-01-01", "document": "CV 12"}
    assert browser.post("/quality/declare/", form).status_code == 303
    assert str(Declared.objects.get().level) == "2.0000"
    answer = browser.post("/quality/pledges/new/", typed(world))
    made = Pledge.objects.get()
    assert answer.status_code == 303 and answer["Location"] == f"/quality/pledges/{made.pk}/"
    assert (str(made.level), made.each_province, made.owner, made.invented) == (
        "0.6000",
        True,
        world.policy,
        False,
    )
    shown = browser.get(answer["Location"]).content.decode()
    assert "Đã hứa." in shown and "Nhiều nhất sáu cuộc rơi." in shown and "minh họa" not in shown


def test_what_is_odd_is_said_and_kept_in_the_form(world: Any, page: Any) -> None:
    browser = page(world.policy)
    warned = browser.post("/quality/pledges/new/", typed(world), follow=True).content.decode()
    assert "Chưa công bố mức nào cho chỉ tiêu này" in warned
    for changed, code, words in (
        ({"level": "nhiều"}, 422, "Mức không phải là số"),
        ({"level": "101"}, 422, "Mức chưa đúng"),
        ({"from_on": "mai"}, 422, "Ngày chưa đúng"),
        ({"owner": "0"}, 422, "Chưa chọn người"),
        ({"remedy_days": "-1"}, 422, "bù đắp trong bao nhiêu ngày"),
        ({"text_vi": ""}, 422, "Còn chỗ chưa viết"),
        ({"level": "1"}, 409, "Lúc ấy đã có cam kết 1"),
    ):
        answer = browser.post("/quality/pledges/new/", typed(world, **changed))
        shown = answer.content.decode()
        assert answer.status_code == code and words in shown, (changed, answer.status_code)
        assert "Sửa trạm và tặng phút gọi." in shown
    assert Pledge.objects.count() == 1
    bad = browser.post(
        "/quality/declare/", {"indicator": "x", "level": "1", "from_on": "2026-01-01", "document": "a"}
    )
    assert bad.status_code == 422 and "Không có chỉ tiêu này" in bad.content.decode()


def test_a_pledge_is_withdrawn_and_says_why(world: Any, page: Any) -> None:
    browser = page(world.policy)
    browser.post("/quality/pledges/new/", typed(world))
    address = f"/quality/pledges/{Pledge.objects.get().pk}/"
    no = browser.post(f"{address}end/", {"to_on": "2027-01-01", "why": ""})
    assert no.status_code == 422 and "Thôi hứa mức này" in no.content.decode()
    assert browser.post(f"{address}end/", {"to_on": "2027-01-01", "why": "Đổi mạng"}).status_code == 303
    shown = browser.get(address).content.decode()
    assert "Đã thôi hứa từ 01/01/2027: Đổi mạng" in shown and "Thôi hứa mức này" not in shown
    assert page(world.lam).post(f"{address}end/", {}).status_code == 403
    assert browser.get(f"{address}end/").status_code == 405


def test_a_file_comes_in(world: Any, page: Any) -> None:
    browser = page(world.policy)
    rows = "call_drop,2026-10,Khánh Hòa,0.4,10000,40,,,\ncall_drop,2026-10,Xứ Lạ,1,,,,,\nlạ,2026-10,,1,,,,,\n"
    answer = sent(browser, HEAD + rows)
    load = Load.objects.get()
    assert answer.status_code == 303 and answer["Location"] == f"/quality/loads/{load.pk}/"
    shown = browser.get(answer["Location"]).content.decode()
    for words in (
        "Đã nhận 1 trong 3 dòng, 2 dòng không nhận được.", "không có tỉnh này", "Viết tên hay mã của tỉnh", "Xứ Lạ",
        "không có chỉ tiêu này", load.digest, "tự đo",
    ):  # fmt: skip
        assert words in shown, words
    one = browser.get(f"{answer['Location']}?code=unknown_place").content.decode()
    assert "Xứ Lạ" in one and '<td data-l="Trong tệp ghi">lạ</td>' not in one
    again = sent(browser, HEAD + rows)
    assert again.status_code == 303 and Measurement.objects.count() == 1
    assert "Tệp này đã nạp rồi" in browser.get(again["Location"]).content.decode()
    listed = browser.get("/quality/loads/").content.decode()
    assert "đo.csv" in listed and "đã xong" in listed


def test_their_headings_are_renamed(world: Any, page: Any) -> None:
    browser = page(world.policy)
    content = "indicator,month,KQ,n\ncall_drop,2026-10,0.4,10000\n"
    assert sent(browser, content).status_code == 422
    wrong = sent(browser, content, renames="KQ=giá trị")
    assert wrong.status_code == 422 and "tên trong tệp=tên của ta" in wrong.content.decode()
    assert "KQ=giá trị" in wrong.content.decode()
    assert sent(browser, content, renames="KQ = value\r\n").status_code == 303
    assert Measurement.objects.get().value == 0.4


def test_what_is_no_file_and_what_is_too_large(
    world: Any, page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = page(world.policy)
    none = browser.post("/quality/loads/", {"measured_by": "self"})
    assert none.status_code == 422 and "Chưa chọn tệp" in none.content.decode()
    monkeypatch.setattr(load_pages, "MOST_BYTES", 10)
    large = sent(browser, HEAD)
    assert large.status_code == 422 and "tantam quality load" in large.content.decode()
    assert not Load.objects.exists()


def test_a_file_that_was_half_read_says_so(world: Any, page: Any) -> None:
    load = Load.objects.create(name="x.csv", digest="0" * 64, measured_by="self", at=world.at, rows_count=500)
    shown = page(world.lam).get(f"/quality/loads/{load.pk}/").content.decode()
    assert "Tệp này chưa xong." in shown and "Đã đọc 500 dòng" in shown
    load.read_at = world.at
    load.save()
    assert "gửi lại đúng tệp này để tính nốt" in page(world.lam).get("/quality/loads/").content.decode()
    assert page(world.lam).get("/quality/loads/77/").status_code == 404
    assert page(None).get(f"/quality/loads/{load.pk}/").status_code == 302


def test_who_may_take_in(world: Any, page: Any) -> None:
    assert "Nạp một tệp" not in page(world.auditor).get("/quality/loads/").content.decode()
    assert sent(page(world.lam), HEAD + "call_drop,2026-10,,0.4,10000,40,,,\n").status_code == 403
    assert not Load.objects.exists()


def test_every_reason_says_what_to_do() -> None:
    assert set(load_pages._DO) >= set(REJECTS)
