"""Messages as people see them: each with why, and nothing to the stranger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tantam import keys
from tantam.office.channels import actions
from tests.office.channels.a_message import Wire, a_message, a_no


@pytest.fixture
def busy(world: Any) -> Any:
    """One message went, one was refused, one waits for the morning."""
    a_message(world, 1)
    a_no(world, 6)
    a_message(world, 2, key=6, text="Tin cho người đã từ chối.", purpose="advertising", opt_out="TC gửi 199")
    night = world.at + timedelta(hours=13)
    actions.send_due(Wire(), at=world.at)
    a_message(world, 3, key=7, text="Tin ban đêm.", at=night)
    actions.send_due(Wire(), at=night)
    return world


def seen(page: Callable[..., Any], who: Any, query: str = "") -> str:
    answer = page(who).get(f"/messages/{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_each_says_why(busy: Any, page: Callable[..., Any]) -> None:
    text = seen(page, busy.hoa)
    assert "1 tin đang chờ" in text
    for words in ("Mời bác cà phê", "Tin cho người đã từ chối.", "Tin ban đêm.", keys.show(6)):
        assert words in text
    assert "Đã giao" in text
    assert "ads_stop_after_refusal" in text
    assert "house_hours" in text


@pytest.mark.parametrize(
    ("state", "words"), [("sent", "Mời bác"), ("refused", "đã từ chối."), ("waiting", "ban đêm.")]
)
def test_by_state(busy: Any, page: Callable[..., Any], state: str, words: str) -> None:
    text = seen(page, busy.auditor, f"?state={state}")
    assert words in text
    assert sum(one in text for one in ("Mời bác", "người đã từ chối.", "Tin ban đêm.")) == 1


def test_nothing_yet_and_nothing_such(world: Any, page: Callable[..., Any]) -> None:
    assert "Chưa gửi tin nào" in seen(page, world.hoa)
    assert "Không có tin nào như vậy" in seen(page, world.hoa, "?state=failed")
    assert "Chưa gửi tin nào" in seen(page, world.hoa, "?state=%00&after=x~y")


def test_in_english(busy: Any, page: Callable[..., Any]) -> None:
    client = page(busy.hoa)
    client.post("/i18n/setlang/", {"language": "en"})
    text = client.get("/messages/").content.decode()
    assert "1 message waits" in text
    assert "Handed over" in text


def test_the_stranger_sees_nothing(busy: Any, page: Callable[..., Any]) -> None:
    assert page(busy.stranger).get("/messages/").status_code == 403
    assert page(busy.admin).get("/messages/").status_code == 403
    assert page(None).get("/messages/").status_code == 302


def test_a_branch_sees_what_it_asked_for(busy: Any, page: Callable[..., Any]) -> None:
    a_message(busy, "here", text="Tin của Nha Trang.", office=busy.nha_trang)
    a_message(busy, "there", text="Tin của Cà Mau.", office=busy.ca_mau, actor=busy.khoi)
    for who in (busy.lam, busy.dung):
        text = seen(page, who)
        assert "Tin của Nha Trang." in text
        assert "Tin của Cà Mau." not in text
        assert "Mời bác cà phê" not in text  # the company's own
    assert "Tin của Cà Mau." in seen(page, busy.khoi)
    assert all(f"Tin của {place}." in seen(page, busy.hoa) for place in ("Nha Trang", "Cà Mau"))
