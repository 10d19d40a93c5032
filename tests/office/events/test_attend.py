"""Who came: only of those who accepted; and the promise of the rhythm is kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tantam.errors import Refused
from tantam.office.events import actions
from tantam.office.events.models import Event, Guest
from tantam.office.programmes import actions as programmes
from tantam.office.promises.models import Promise
from tests.office.events.a_cafe import Cafe, code_of, entries


def came(cafe: Cafe) -> list[bool | None]:
    return [g.came for g in cafe.seated()]


def test_five_of_six_came(cafe: Cafe) -> None:
    cafe.meet()
    assert came(cafe) == [True] * 5 + [False]
    event = Event.objects.get()
    assert (event.state, event.held_at) == ("held", cafe.at)
    (entry,) = entries("event.attended")
    assert (entry.count, entry.facts) == (5, {"accepted": 6})


def test_it_can_be_put_right(cafe: Cafe) -> None:
    guests = cafe.meet()
    actions.attend(cafe.event, came=[g.pk for g in guests], **cafe.by)
    assert came(cafe) == [True] * 6


def test_the_second_time_changes_nothing(cafe: Cafe) -> None:
    guests = cafe.meet()
    actions.attend(cafe.event, came=[g.pk for g in guests[:5]], **cafe.by)
    assert len(entries("event.attended")) == 1


def test_the_promise_of_the_rhythm_is_kept(cafe: Cafe) -> None:
    world: Any = cafe.world
    by = {"actor": world.policy, "at": cafe.at}
    monthly = programmes.start(
        code="cafe", name="Cà phê tháng", purpose="Nghe khách", year=2026, owner=world.policy, office=world.hq,
        rhythm="monthly_per_branch", **by,
    )  # fmt: skip
    programmes.promise_rhythm(monthly, until=date(2026, 12, 31), **by)
    guests = cafe.call()
    Event.objects.update(programme=monthly)
    actions.attend(cafe.event, came=[guests[0].pk], **cafe.by)
    owed = Promise.objects.filter(kind="gathering", office=world.nha_trang).order_by("first_due")
    assert [p.state for p in owed] == ["kept", "open"]
    assert Promise.objects.filter(kind="gathering", office=world.ca_mau, state="kept").count() == 0


def test_it_refuses_before_the_day(cafe: Cafe) -> None:
    cafe.call()
    with pytest.raises(Refused) as no:
        actions.attend(cafe.event, came=[], actor=cafe.world.lam, at=cafe.at - timedelta(days=1))
    assert code_of(no) == "too_early"


def test_it_refuses_who_did_not_accept(cafe: Cafe) -> None:
    guests = cafe.invite()
    with pytest.raises(Refused) as no:
        actions.attend(cafe.event, came=[guests[0].pk], **cafe.by)
    assert code_of(no) == "not_accepted" and no.value.vi


def test_it_refuses_to_send_away_who_spoke(cafe: Cafe) -> None:
    cafe.write()
    with pytest.raises(Refused) as no:
        actions.attend(cafe.event, came=[], **cafe.by)
    assert code_of(no) == "guest_spoke"


@pytest.mark.parametrize(
    ("stage", "code"), [("plan", "not_chosen"), ("seal", "event_sealed"), ("off", "event_cancelled")]
)
def test_it_refuses(cafe: Cafe, stage: str, code: str) -> None:
    cafe.seal() if stage == "seal" else cafe.plan()
    if stage == "off":
        actions.cancel(cafe.event, because="other", **cafe.by)
    with pytest.raises(Refused) as no:
        actions.attend(cafe.event, came=[], **cafe.by)
    assert code_of(no) == code


@pytest.mark.parametrize("who", ["stranger", "khoi", "auditor"])
def test_others_cannot(cafe: Cafe, who: str) -> None:
    cafe.call()
    with pytest.raises(Refused):
        actions.attend(cafe.event, actor=getattr(cafe.world, who), at=cafe.at, came=[])
    assert not Guest.objects.filter(came__isnull=False).exists()
