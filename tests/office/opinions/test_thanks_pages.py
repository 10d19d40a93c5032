"""The pages of thanks: who, by which sum, and the form."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tantam import keys
from tantam.office.opinions import thanks
from tantam.office.opinions.models import Reward, Theme, Voice
from tantam.office.promises.models import Promise
from tests.office.opinions.a_theme import a_theme, said
from tests.office.opinions.test_answering import answered, done
from tests.office.opinions.test_thanks import thanked

FORM = {
    "what": "một chiếc ô", "amount": "1.250.000", "tax_class": "gift", "budget_line": "CSKH", "due": "2026-12-20",
}  # fmt: skip


@pytest.fixture
def theme(monkeypatch: pytest.MonkeyPatch, world: Any) -> Theme:
    """Keys 5 and 6 spoke on a theme that was answered and done; the clock stands at the world's moment."""
    from tantam import clock

    monkeypatch.setattr(clock, "now", lambda: world.at)
    monkeypatch.setattr(clock, "today", lambda: clock.to_days((world.at + timedelta(hours=7)).date()))
    made = a_theme(world, name="mất sóng <b>ở bản</b>")
    for key in (5, 6):
        said(world, made, key, key=key)
    answered(world, made)
    done(world, made)
    return made


def form_of(key: int) -> str:
    return f"/opinions/thanks/{Voice.objects.get(key=key).pk}/"


def test_the_list_shows_the_sum_line_by_line(
    world: Any, theme: Theme, page: Any, django_assert_max_num_queries: Any
) -> None:
    browser = page(world.policy)
    with django_assert_max_num_queries(10):
        text = browser.get("/opinions/thanks/").content.decode()
    assert "9 điểm là cao nhất" in text and keys.show(5) in text and keys.show(6) in text
    assert "1 vì được trả lời + 3 vì thành lời hứa có ngày + 5 vì đã làm xong và công bố" in text
    assert "&lt;b&gt;ở bản" in text and "<b>ở bản" not in text
    assert text.index(keys.show(5)) < text.index(keys.show(6)) and form_of(5) in text
    assert "/5/" not in text
    last = browser.get("/opinions/thanks/?year=2025").content.decode()
    assert "Chưa lời nào dẫn tới kết quả trong năm 2025" in last
    assert browser.get("/opinions/thanks/?year=1'").context["year"] == "2026"


def test_who_may_look_and_who_may_thank(world: Any, theme: Theme, page: Any) -> None:
    read = page(world.auditor).get("/opinions/thanks/").content.decode()
    assert keys.show(5) in read and form_of(5) not in read
    assert page(world.auditor).get(form_of(5)).status_code == 403
    for who in (world.lam, world.stranger, world.privacy):
        assert page(who).get("/opinions/thanks/").status_code == 403
    assert page(None).get("/opinions/thanks/").status_code == 302
    assert page(world.hoa).get("/opinions/thanks/999999/").status_code == 404


def test_thanked_told_given(world: Any, theme: Theme, page: Any) -> None:
    browser = page(world.policy)
    asked = browser.get(form_of(5)).content.decode()
    assert "Người ấy sẽ đọc" in asked and "Xin gửi anh chị: …" in asked
    sent = browser.post(form_of(5), {**FORM, "owner": world.dung.pk})
    promise = Promise.objects.get(kind="gift")
    assert (sent.status_code, sent.headers["Location"]) == (303, f"/promises/{promise.pk}/")
    reward = Reward.objects.get()
    assert (reward.amount_dong, reward.key, promise.owner) == (1_250_000, 5, world.dung)
    assert browser.get(f"/promises/{promise.pk}/").status_code == 200
    text = browser.get("/opinions/thanks/").content.decode()
    assert "1.250.000" in text and "thuế: quà tặng" in text and "mã ngân sách CSKH" in text
    assert "đã được cảm ơn cho năm 2026" in browser.get(form_of(5)).content.decode()
    empty = browser.post(f"/opinions/thanks/{reward.pk}/given/", {"receipt": " "})
    assert (empty.status_code, empty.context["failed"]) == (422, reward.pk)
    assert browser.post(f"/opinions/thanks/{reward.pk}/given/", {"receipt": "PC-118"}).status_code == 303
    assert Promise.objects.get(kind="gift").state == "kept"
    assert (
        page(world.stranger).post(f"/opinions/thanks/{reward.pk}/given/", {"receipt": "x"}).status_code == 403
    )
    assert browser.get(f"/opinions/thanks/{reward.pk}/given/").status_code == 405


@pytest.mark.parametrize(
    ("code", "typed"),
    [
        ("bad_amount", {"amount": "một triệu"}),
        ("bad_amount", {"amount": "-5"}),
        ("ask_an_executive", {"amount": "100.000.001"}),
        ("no_owner", {"owner": "0"}),
        ("bad_day", {"due": ""}),
        ("bad_tax_class", {"tax_class": "free"}),
        ("bad_budget_line", {"budget_line": ""}),
        ("no_thanks", {"what": ""}),
    ],
)
def test_what_is_wrong_comes_back_with_what_was_typed(
    world: Any, theme: Theme, page: Any, code: str, typed: dict[str, str]
) -> None:
    sent = page(world.policy).post(form_of(5), {**FORM, "owner": world.dung.pk, **typed})
    assert sent.status_code in (422, 409) and sent.context["error"].code == code
    text = sent.content.decode()
    assert (typed.get("what", "một chiếc ô") in text) and 'role="alert"' in text
    assert not Reward.objects.exists()


def test_twice_says_so(world: Any, theme: Theme, page: Any) -> None:
    thanked(world)
    sent = page(world.policy).post(form_of(5), {**FORM, "owner": world.dung.pk})
    assert sent.context["error"].code == "thanked_already" and Reward.objects.count() == 1


def test_after_forgetting_the_sum_stays_and_the_name_is_gone(world: Any, theme: Theme, page: Any) -> None:
    thanked(world)
    thanks.forget(5, actor=None, at=world.at)
    text = page(world.policy).get("/opinions/thanks/").content.decode()
    assert "người đã xin quên" in text and "250.000" in text


def test_in_english(world: Any, theme: Theme, page: Any) -> None:
    thanked(world)
    browser = page(world.policy)
    browser.cookies["django_language"] = "en"
    text = browser.get("/opinions/thanks/").content.decode()
    assert "9 points is the most" in text and "3 because it became a dated commitment" in text
    assert "What do we thank" in browser.get(form_of(6)).content.decode()
