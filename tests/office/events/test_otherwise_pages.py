"""Another day, or none, from the page of a gathering; and how it went, once it is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from tantam import clock
from tantam.office.channels.models import Message
from tantam.office.events import actions, gathering_pages, notices, pages, plan_pages
from tantam.office.events.models import Event
from tantam.office.opinions import actions as opinions
from tantam.office.opinions.models import Reward
from tests.office.events.a_cafe import Cafe
from tests.office.events.a_gathering import Day
from tests.office.events.test_invite import on_saturday

Page = Callable[..., Any]
FORM = {"act": "move", "on": "2026-11-29", "starts_at": "09:00", "ends_at": "10:00", "place": "Quán Gió"}


@pytest.fixture(autouse=True)
def _now(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (pages, plan_pages, gathering_pages):
        monkeypatch.setattr(module.clock, "now", lambda: world.at)


def test_it_is_moved_from_its_page_and_the_page_says_who_is_told(cafe: Cafe, page: Page) -> None:
    first, *_ = on_saturday(cafe)
    actions.record_call(first, answer="accepted", **cafe.by)
    address = f"/events/{cafe.event.pk}/"
    client = page(cafe.world.lam)
    assert 'value="2026-11-28"' in client.get(address).content.decode()
    wrong = client.post(address, {**FORM, "place": " "})
    assert wrong.status_code == 422 and 'value="09:00"' in wrong.content.decode()
    assert client.post(address, FORM).status_code == 302
    event = Event.objects.get(pk=cafe.event.pk)
    assert (event.on, event.place) == (date(2026, 11, 29), "Quán Gió")
    html = client.get(address).content.decode()
    assert "Báo khách là đã dời" in html and "Máy đang soạn tin" in html
    (notice,) = notices.going()
    while notices.go_on(notice, at=cafe.at):
        pass
    assert "1 đang chờ" in client.get(address).content.decode()


def test_agents_and_auditors_do_not_move_it(cafe: Cafe, page: Page) -> None:
    on_saturday(cafe)
    address = f"/events/{cafe.event.pk}/"
    assert "Dời ngày hay đổi chỗ" not in page(cafe.world.auditor).get(address).content.decode()
    assert page(cafe.world.auditor).post(address, FORM).status_code == 403
    assert Event.objects.get(pk=cafe.event.pk).moves == 0


def test_called_off_it_says_who_is_told_and_who_cannot_be(day: Day, page: Page) -> None:
    day.plan(on=date(2026, 11, 28))
    day.sign_up()
    address = f"/events/{day.event.pk}/"
    assert page(day.world.lam).post(address, {"act": "cancel", "because": "weather"}).status_code == 302
    for notice in notices.going():
        while notices.go_on(notice, at=day.at):
            pass
    html = page(day.world.lam).get(address).content.decode()
    assert "Báo khách là đã hủy" in html and "1 người đã hẹn đến mà ta không có số" in html
    assert not Message.objects.exists()


def test_how_it_went(day: Day, page: Page) -> None:
    day.plan()
    day.walk_in(1)
    day.hear("Trạm ở Vĩnh Hải hay mất sóng.")
    for n in range(2):
        opinions.register(
            actor=None, at=day.at, id=UUID(int=n), text=f"Mạng chậm buổi tối {n}.", tone=None, channel="web",
            said_at=day.at, office=day.world.nha_trang, source=("event", day.event.pk),
        )  # fmt: skip
    actions.close(day.event, **day.by)
    thanks = {
        "key": 5,
        "year": 2026,
        "points": 3,
        "what": "Thư cảm ơn",
        "tax_class": "none",
        "by": day.world.policy,
    }
    Reward.objects.create(**thanks, at=day.at, amount_dong=500_000)
    Reward.objects.create(**{**thanks, "key": 6}, at=day.at - timedelta(days=1))
    html = page(day.world.lam).get(f"/events/{day.event.pk}/").content.decode().replace("\xa0", " ")
    heard = html[html.index("Lời đến bằng cách nào") :]
    assert heard.index("khách quét mã QR") < heard.index("tình nguyện viên tại buổi gặp")
    assert "1 người góp ý" in html and "500.000 đồng" in html and "/opinions/thanks/" not in html
    assert (
        "/opinions/thanks/?year=2026" in page(day.world.hoa).get(f"/events/{day.event.pk}/").content.decode()
    )
    assert clock.day_of(day.at) == day.event.on
