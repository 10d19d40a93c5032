"""The pages of opinions."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tantam import keys
from tantam.office.opinions.actions import forget, register
from tantam.office.opinions.models import Opinion
from tests.office.opinions.words import ONE, an_opinion, number


@pytest.fixture
def opinions(world: Any) -> None:
    for n in range(3):
        an_opinion(world, id=number(n), text=f"lời {n}", said_at=world.at - timedelta(hours=n + 1))
    an_opinion(
        world, id=number(9), actor=world.khoi, office=world.ca_mau, channel="letter", text="lời Cà Mau"
    )


def _texts(response: Any) -> list[str]:
    return [o["text"] for o in response.context["opinions"]]


def test_the_newest_first_and_by_filters(world: Any, opinions: None, page: Any) -> None:
    browser = page(world.hoa)
    assert _texts(browser.get("/opinions/"))[0] == "lời 0" and len(_texts(browser.get("/opinions/"))) == 4
    assert _texts(browser.get("/opinions/?channel=letter")) == ["lời Cà Mau"]
    assert len(_texts(browser.get(f"/opinions/?office={world.khanh_hoa.pk}"))) == 3
    assert _texts(browser.get("/opinions/?state=forwarded&channel=?&office=x")) == []
    assert "4 ý kiến chưa chuyển đi" in browser.get("/opinions/").content.decode()


def test_everybody_sees_his_own_offices(world: Any, opinions: None, page: Any) -> None:
    assert _texts(page(world.khoi).get("/opinions/")) == ["lời Cà Mau"]
    assert page(world.khoi).get(f"/opinions/{number(0)}/").status_code == 404
    for address in ("/opinions/", "/opinions/new/", f"/opinions/{number(0)}/"):
        assert page(world.stranger).get(address).status_code == 403
        assert page(None).get(address).status_code == 302
    for address in ("/opinions/forward/", f"/opinions/{number(0)}/correct/"):
        assert page(world.stranger).post(address).status_code == 403
        assert page(world.hoa).post(address).status_code == 403


def test_what_was_said_is_written_down_once(world: Any, page: Any, tmp_path: Path, settings: Any) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_bytes(b"s" * 32)
    settings.HOME = tmp_path
    browser = page(world.dung)
    typed = dict(browser.get("/opinions/new/").context["typed"])
    typed |= {"text": "Gọi 0912345678 giúp tôi", "who": "0912 345 678", "office": world.nha_trang.pk}
    for _ in range(2):
        assert browser.post("/opinions/new/", typed).status_code == 303
    opinion = Opinion.objects.get()
    key = keys.of_phone(b"s" * 32, "+84912345678")
    assert (opinion.text, opinion.speaker_key) == ("Gọi [số điện thoại] giúp tôi", key)
    shown = browser.get(f"/opinions/{opinion.pk}/").content.decode()
    assert keys.show(key) in shown and "345 678" not in shown


@pytest.mark.parametrize(
    "wrong",
    [{"text": ""}, {"who": "chị Lan"}, {"on": "hôm qua"}, {"id": "x"}, {"tone": ""}, {"channel": "sms"}],
)
def test_a_wrong_form_comes_back_as_it_was_typed(world: Any, page: Any, wrong: dict[str, str]) -> None:
    browser = page(world.dung)
    typed = {**browser.get("/opinions/new/").context["typed"], "text": "Sóng yếu", **wrong}
    answer = browser.post("/opinions/new/", typed)
    assert answer.status_code == 422 and answer.context["typed"]["text"] == typed["text"]
    assert not Opinion.objects.exists()


def test_a_number_typed_beside_another_mistake_is_not_shown_again(
    world: Any, page: Any, tmp_path: Path, settings: Any
) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_bytes(b"s" * 32)
    settings.HOME = tmp_path
    browser = page(world.dung)
    typed = {**browser.get("/opinions/new/").context["typed"], "text": "", "who": "0912345678"}
    said = browser.post("/opinions/new/", typed).content.decode()
    assert "0912345678" not in said and "TB-" in said


def test_chosen_ones_are_handed_on(world: Any, opinions: None, page: Any) -> None:
    browser = page(world.lam)
    sent = {"opinion": [str(number(0)), str(number(1))], "to": world.hq.pk}
    assert browser.post("/opinions/forward/", sent).status_code == 303
    assert Opinion.objects.filter(state="forwarded", forwarded_to=world.hq).count() == 2
    assert browser.post("/opinions/forward/", {"to": world.hq.pk}).status_code == 422
    assert browser.post("/opinions/forward/", {"opinion": "x", "to": world.hq.pk}).status_code == 422
    assert browser.post("/opinions/forward/", {"opinion": str(number(2)), "to": ""}).status_code == 422
    elsewhere = {"opinion": str(number(9)), "to": world.hq.pk}
    assert browser.post("/opinions/forward/", elsewhere).status_code == 403


def test_old_words_stay_in_sight(world: Any, page: Any) -> None:
    an_opinion(world)
    browser = page(world.dung)
    sent = {"text": "Sóng chợ Xóm Mới yếu", "reason": "nghe nhầm tên chợ"}
    assert browser.post(f"/opinions/{ONE}/correct/", {"text": "", "reason": ""}).status_code == 422
    answer = browser.post(f"/opinions/{ONE}/correct/", sent, follow=True)
    said = answer.content.decode()
    assert "Sóng chợ Xóm Mới yếu" in said and "chợ Đầm" in said and "nghe nhầm tên chợ" in said
    assert "Mở lời mới nhất" in browser.get(f"/opinions/{ONE}/").content.decode()


def test_what_was_forgotten_says_so(world: Any, page: Any) -> None:
    an_opinion(world, key=5)
    forget(5, actor=None, at=world.at)
    for address in ("/opinions/", f"/opinions/{ONE}/"):
        assert "xóa theo yêu cầu" in page(world.lam).get(address).content.decode()


def test_hostile_words_are_only_words(world: Any, page: Any) -> None:
    an_opinion(world, text="<script>alert(1)</script>")
    for address in ("/opinions/", f"/opinions/{ONE}/"):
        assert "<script>alert" not in page(world.lam).get(address).content.decode()


def test_the_list_costs_the_same_however_long(
    world: Any, page: Any, django_assert_max_num_queries: Any
) -> None:
    for n in range(120):
        register(
            actor=None,
            at=world.at,
            id=number(n),
            text=f"lời {n}",
            tone="praise",
            channel="cafe",
            said_at=world.at - timedelta(minutes=n // 2),
            office=world.nha_trang,
        )
    browser = page(world.lam)
    for address in (
        "/opinions/",
        "/opinions/?state=said",
        "/opinions/?topic=other&complaint=no&urgency=low",
        f"/opinions/?topic=other&office={world.nha_trang.pk}",
    ):
        with django_assert_max_num_queries(9):
            browser.get(address)
    seen, after = [], ""
    while True:
        shown = browser.get("/opinions/", {"after": after}).context["page"]
        seen, after = [*seen, *(row.pk for row in shown.rows)], shown.after
        if not after:
            break
    assert len(seen) == len(set(seen)) == 120


def test_what_the_machine_read_is_shown_and_sought(world: Any, page: Any) -> None:
    an_opinion(world)
    an_opinion(world, id=number(1), text="Tiền trong tài khoản bị trừ mất 50.000 đồng, trả lại ngay cho tôi")
    Opinion.objects.filter(pk=ONE).update(
        topic="network",
        also="calls",
        feeling="neutral",
        complaint=False,
        urgency="low",
        unsure="topic|feeling",
    )
    Opinion.objects.filter(pk=number(1)).update(
        topic="charging",
        also="",
        feeling="negative",
        complaint=True,
        urgency="high",
        unsure="",
        sorted_by_person=True,
    )
    browser = page(world.lam)
    for asked in ("topic=network", "complaint=no", "urgency=low", "topic=network&complaint=no&urgency=low"):
        assert [o["id"] for o in browser.get(f"/opinions/?{asked}").context["opinions"]] == [ONE], asked
    assert _texts(browser.get("/opinions/?topic=charging&complaint=no")) == []
    assert len(_texts(browser.get("/opinions/?topic=weather&complaint=maybe&urgency=?"))) == 2
    listed = browser.get("/opinions/").content.decode()
    assert "máy đọc: sóng, phủ sóng (chưa chắc); cuộc gọi (chưa chắc); bình thường (chưa chắc)" in listed
    first, second = (browser.get(f"/opinions/{n}/").content.decode() for n in (ONE, number(1)))
    assert "Máy đọc" in first and "cần sửa" not in first and "do người chọn" not in first
    assert "không vui; có điều cần sửa; gấp" in second and "chủ đề do người chọn" in second


def test_what_no_machine_has_read_shows_none(world: Any, page: Any) -> None:
    an_opinion(world)
    Opinion.objects.update(topic="", also="", feeling="", complaint=None, urgency="", unsure="")
    for address in ("/opinions/?state=said", f"/opinions/{ONE}/"):
        assert "<dt>Máy đọc" not in (said := page(world.lam).get(address).content.decode())
        assert "máy đọc: " not in said


def test_a_person_chooses_another_topic(world: Any, page: Any) -> None:
    an_opinion(world)
    browser = page(world.dung)
    assert browser.post(f"/opinions/{ONE}/topic/", {"topic": "weather"}).status_code == 422
    assert browser.post(f"/opinions/{ONE}/topic/", {"topic": "roaming"}).status_code == 303
    assert Opinion.objects.get().topic == "roaming"
    assert page(world.hoa).post(f"/opinions/{ONE}/topic/", {"topic": "sim"}).status_code == 403
    assert "nói về việc khác" not in page(world.hoa).get(f"/opinions/{ONE}/").content.decode()
