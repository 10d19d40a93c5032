"""What we hold on a person: why is asked first, the look is in the journal, nothing of it is in an address."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tantam import keys
from tantam.office.journal.models import Entry
from tantam.office.parties import actions as parties
from tests.office.promises.given import promise

KEY = 4_217_000_123_456


@pytest.fixture
def known(world: Any) -> Any:
    parties.meet(
        actor=world.lam, at=world.at, kind="guest", office=world.nha_trang, key=KEY, name="Trần Thị Hạnh"
    )
    promise(world, to=("subscriber", KEY), what="Báo lại về gói cước")
    return world


def looks() -> list[str]:
    return list(Entry.objects.filter(act="person.looked_at").values_list("because", flat=True))


def test_it_asks_why_before_it_opens(known: Any, page: Any) -> None:
    client = page(known.lam)
    assert "Trước khi mở phải nói vì sao" in client.get("/held/").content.decode()
    response = client.post("/held/", {"who": keys.show(KEY)})
    assert response.status_code == 422
    assert "Hạnh" not in response.content.decode()
    assert looks() == []


def test_it_shows_each_room_and_the_look_is_written_down(known: Any, page: Any) -> None:
    said = page(known.lam).post("/held/", {"who": keys.show(KEY), "because": "request"}).content.decode()
    assert "Trần Thị Hạnh" in said
    assert "Báo lại về gói cước" in said
    assert looks() == ["request"]


def test_it_is_carried_away_as_json(known: Any, page: Any) -> None:
    response = page(known.lam).post("/held/", {"who": str(KEY), "because": "request", "as": "json"})
    assert response["Content-Disposition"].startswith("attachment")
    told = json.loads(response.content)
    assert told["key"] == keys.show(KEY)
    assert {"parties", "promises"} <= set(told["held"])
    assert looks() == ["request"]


def test_nobody_known_is_refused_alike(known: Any, page: Any) -> None:
    for who in ("", "abc", "0912", "TB-0"):
        assert page(known.lam).post("/held/", {"who": who, "because": "request"}).status_code == 422
    assert looks() == []


def test_whoever_has_no_such_duty_cannot(known: Any, page: Any) -> None:
    for staff in (known.stranger, known.hoa):
        assert page(staff).get("/held/").status_code == 403
        assert page(staff).post("/held/", {"who": str(KEY), "because": "request"}).status_code == 403
    assert looks() == []
