"""Planning: a day, a place, a seed nobody chose."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from tantam.errors import TantamError
from tantam.office.events import actions
from tantam.office.events.models import Event
from tests.office.events.a_cafe import Cafe, code_of, entries


def test_it_is_planned(cafe: Cafe) -> None:
    event = cafe.plan()
    assert (event.state, event.seats, event.years) == ("planned", 6, 3)
    assert event.seed == "cafe:nt:2026-11-22:1400"


def test_the_journal_says_so(cafe: Cafe) -> None:
    event = cafe.plan()
    (entry,) = entries("event.planned")
    assert (entry.on_id, entry.office, entry.actor) == (str(event.pk), event.office_id, cafe.world.lam.pk)
    assert entry.facts == {"day": "2026-11-22", "seats": 6, "years": 3}


def test_the_second_time_changes_nothing(cafe: Cafe) -> None:
    first = cafe.plan()
    again = cafe.plan(place="Quán khác")
    assert again.pk == first.pk and again.place == first.place
    assert len(entries("event.planned")) == 1


def test_after_it_was_called_off_the_hour_is_free(cafe: Cafe) -> None:
    first = actions.cancel(cafe.plan(), because="venue", **cafe.by)
    assert cafe.plan().pk != first.pk
    assert Event.objects.count() == 2


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"on": date(2026, 11, 21)}, "event_in_the_past"),
        ({"seats": 0}, "bad_seats"),
        ({"seats": 13}, "bad_seats"),
        ({"ends_at": time(14)}, "ends_before_start"),
        ({"place": "  "}, "no_place"),
    ],
)
def test_it_refuses(cafe: Cafe, other: dict[str, Any], code: str) -> None:
    with pytest.raises(TantamError) as no:
        cafe.plan(**other)
    assert code_of(no) == code and no.value.vi
    assert not Event.objects.exists()


@pytest.mark.parametrize("who", ["stranger", "khoi", "auditor", "hoa"])
def test_others_cannot(cafe: Cafe, who: str) -> None:
    with pytest.raises(TantamError) as no:
        cafe.plan(actor=getattr(cafe.world, who))
    assert code_of(no) == ("not_your_office" if who == "khoi" else "not_your_duty")
