"""Calling a gathering off, with a reason, before it was held."""

from __future__ import annotations

import pytest

from tantam.errors import TantamError
from tantam.office.events import actions
from tantam.office.events.models import Event
from tests.office.events.a_cafe import Cafe, code_of, entries


def test_it_is_called_off(cafe: Cafe) -> None:
    cafe.invite()
    event = actions.cancel(cafe.event, because="too_few", **cafe.by)
    assert (event.state, event.cancelled_because) == ("cancelled", "too_few")
    (entry,) = entries("event.cancelled")
    assert entry.because == "too_few"


def test_the_second_time_changes_nothing(cafe: Cafe) -> None:
    actions.cancel(cafe.plan(), because="weather", **cafe.by)
    assert actions.cancel(cafe.event, because="other", **cafe.by).cancelled_because == "weather"
    assert len(entries("event.cancelled")) == 1


@pytest.mark.parametrize(
    ("stage", "because", "code"),
    [
        ("plan", "just so", "bad_reason"),
        ("meet", "weather", "already_held"),
        ("seal", "weather", "event_sealed"),
    ],
)
def test_it_refuses(cafe: Cafe, stage: str, because: str, code: str) -> None:
    getattr(cafe, stage)()
    with pytest.raises(TantamError) as no:
        actions.cancel(cafe.event, because=because, **cafe.by)
    assert code_of(no) == code and no.value.vi


@pytest.mark.parametrize("who", ["stranger", "khoi", "dung"])
def test_others_cannot(cafe: Cafe, who: str) -> None:
    cafe.plan()
    with pytest.raises(TantamError):
        actions.cancel(cafe.event, actor=getattr(cafe.world, who), at=cafe.at, because="weather")
    assert Event.objects.get().state == "planned"
