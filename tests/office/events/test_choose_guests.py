"""The draw: the same again over the same base, nobody twice within a year, nobody of ours."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tantam.errors import TantamError
from tantam.office.events import actions, choice
from tantam.office.events.models import Event, Guest
from tantam.office.parties.models import Party
from tests.office.events.a_cafe import Cafe, code_of, entries


def keys_of(guests: list[Guest]) -> set[int | None]:
    return {g.key for g in guests}


def test_six_seats_and_six_reserves_are_drawn(cafe: Cafe) -> None:
    guests = cafe.invite()
    assert [g.order for g in guests] == list(range(1, 13))
    assert [g.reserve for g in guests] == [False] * 6 + [True] * 6
    assert len(keys_of(guests)) == 12
    assert cafe.event.state == "invited"
    assert cafe.event.choice["pool"] == cafe.event.choice["funnel"][-1]["left"]
    assert all(g.reason["facts"]["years"] >= 3 for g in guests)


def test_only_those_with_a_seat_become_known_to_us(cafe: Cafe) -> None:
    guests = cafe.invite()
    assert [g.party_id is not None for g in guests] == [True] * 6 + [False] * 6
    assert Party.objects.filter(kind="guest").count() == 6


def test_the_journal_holds_a_digest_and_no_key(cafe: Cafe) -> None:
    guests = cafe.invite()
    (entry,) = entries("event.chosen")
    assert (entry.count, len(entry.digest)) == (12, 64)
    assert not any(str(g.key) in str(entry.facts) for g in guests)


def test_the_second_time_changes_nothing(cafe: Cafe) -> None:
    first = cafe.invite()
    again = actions.choose_guests(cafe.event, **cafe.by)
    assert [g.pk for g in again] == [g.pk for g in first]
    assert len(entries("event.chosen")) == 1


def test_nobody_is_invited_twice_within_a_year(cafe: Cafe) -> None:
    first = cafe.invite()
    seats, reserves = keys_of(first[:6]), keys_of(first[6:])
    event = cafe.plan(on=date(2027, 3, 1))
    second = keys_of(actions.choose_guests(event, **cafe.by))
    assert not seats & second
    event.refresh_from_db()
    left_out = {s["code"]: s["out"] for s in event.choice["funnel"]}
    assert left_out["invited_recently"] == 6
    assert reserves  # whoever was never called may be drawn again


def test_a_gathering_called_off_counts_only_for_whom_was_called(cafe: Cafe) -> None:
    first = cafe.invite()
    actions.record_call(first[0], answer="refused", **cafe.by)
    actions.cancel(cafe.event, because="weather", **cafe.by)
    event = cafe.plan(on=date(2026, 11, 29))
    assert choice.invited_lately(event) == {first[0].key}


def test_a_year_later_they_may_come_again(cafe: Cafe) -> None:
    cafe.invite()
    assert choice.invited_lately(cafe.plan(on=date(2027, 11, 22))) == frozenset()


def test_staff_are_never_guests(cafe: Cafe) -> None:
    guest = cafe.invite()[0]
    Guest.objects.all().delete()
    Event.objects.all().delete()
    type(cafe.world.dung).objects.filter(pk=cafe.world.dung.pk).update(subscriber=guest.key)
    assert guest.key not in keys_of(cafe.invite())


def test_it_refuses_where_nobody_is_left(cafe: Cafe) -> None:
    event = cafe.plan(years=40)
    with pytest.raises(TantamError) as no:
        actions.choose_guests(event, **cafe.by)
    assert code_of(no) == "no_guests" and no.value.vi


def test_it_refuses_an_office_without_a_province(cafe: Cafe) -> None:
    event = cafe.plan()
    type(event.office).objects.filter(pk=event.office_id).update(province="")
    with pytest.raises(TantamError) as no:
        actions.choose_guests(event, **cafe.by)
    assert code_of(no) == "no_province"


def test_it_refuses_a_home_without_a_base(cafe: Cafe, settings: Any, tmp_path: Path) -> None:
    event = cafe.plan()
    settings.HOME = tmp_path
    with pytest.raises(TantamError) as no:
        actions.choose_guests(event, **cafe.by)
    assert code_of(no) == "no_base"


def test_it_refuses_what_was_called_off(cafe: Cafe) -> None:
    event = actions.cancel(cafe.plan(), because="other", **cafe.by)
    with pytest.raises(TantamError) as no:
        actions.choose_guests(event, **cafe.by)
    assert code_of(no) == "event_cancelled"


def test_once_sealed_nobody_is_drawn(cafe: Cafe) -> None:
    cafe.seal()
    with pytest.raises(TantamError) as no:
        actions.choose_guests(cafe.event, **cafe.by)
    assert code_of(no) == "event_sealed"


@pytest.mark.parametrize("who", ["stranger", "khoi", "hoa"])
def test_others_cannot(cafe: Cafe, who: str) -> None:
    event = cafe.plan()
    with pytest.raises(TantamError) as no:
        actions.choose_guests(event, actor=getattr(cafe.world, who), at=cafe.at)
    assert code_of(no) == ("not_your_office" if who == "khoi" else "not_your_duty")
    assert not Guest.objects.exists()
