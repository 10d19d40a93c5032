"""A free seat goes to the next reserve in the order drawn."""

from __future__ import annotations

import pytest

from tantam.errors import Refused
from tantam.office.events import actions
from tantam.office.events.models import Guest
from tests.office.events.a_cafe import Cafe, code_of, entries


def refuse(cafe: Cafe, *orders: int) -> None:
    for guest in Guest.objects.filter(event=cafe.event, order__in=orders).select_related("event__office"):
        actions.record_call(guest, answer="refused", **cafe.by)
        actions.record_call(guest, answer="refused", explained=True, **cafe.by)


def test_the_first_reserve_is_called_in(cafe: Cafe) -> None:
    cafe.invite()
    refuse(cafe, 2)
    guest = actions.next_reserve(cafe.event, **cafe.by)
    assert (guest.order, guest.called_in, guest.party_id is not None) == (7, True, True)
    (entry,) = entries("event.reserve_called_in")
    assert entry.facts == {"guest": guest.pk}


def test_a_seat_still_being_explained_is_not_free(cafe: Cafe) -> None:
    first = cafe.invite()[0]
    actions.record_call(first, answer="refused", **cafe.by)
    with pytest.raises(Refused) as no:
        actions.next_reserve(cafe.event, **cafe.by)
    assert code_of(no) == "seats_full"


def test_the_second_time_finds_the_seat_taken(cafe: Cafe) -> None:
    cafe.invite()
    refuse(cafe, 2)
    actions.next_reserve(cafe.event, **cafe.by)
    with pytest.raises(Refused) as no:
        actions.next_reserve(cafe.event, **cafe.by)
    assert code_of(no) == "seats_full"
    assert Guest.objects.filter(called_in=True).count() == 1


def test_it_refuses_when_all_were_called_in(cafe: Cafe) -> None:
    cafe.invite()
    for order in range(1, 7):
        refuse(cafe, order)
        reserve = actions.next_reserve(cafe.event, **cafe.by)
        refuse(cafe, reserve.order)
    with pytest.raises(Refused) as no:
        actions.next_reserve(cafe.event, **cafe.by)
    assert code_of(no) == "no_reserves"


@pytest.mark.parametrize(
    ("stage", "code"), [("plan", "not_chosen"), ("seal", "event_sealed"), ("off", "event_cancelled")]
)
def test_it_refuses(cafe: Cafe, stage: str, code: str) -> None:
    cafe.seal() if stage == "seal" else cafe.plan()
    if stage == "off":
        actions.cancel(cafe.event, because="other", **cafe.by)
    with pytest.raises(Refused) as no:
        actions.next_reserve(cafe.event, **cafe.by)
    assert code_of(no) == code and no.value.vi


@pytest.mark.parametrize("who", ["stranger", "khoi", "auditor"])
def test_others_cannot(cafe: Cafe, who: str) -> None:
    cafe.invite()
    refuse(cafe, 1)
    with pytest.raises(Refused):
        actions.next_reserve(cafe.event, actor=getattr(cafe.world, who), at=cafe.at)
    assert not Guest.objects.filter(called_in=True).exists()
