"""Reading back: each guest who came agrees, corrects, or said nothing."""

from __future__ import annotations

import pytest

from tantam.errors import TantamError
from tantam.office.events import actions
from tantam.office.events.models import Event, Guest
from tests.office.events.a_cafe import Cafe, code_of, entries


def read(cafe: Cafe, order: int, answer: str, actor: object = None) -> Guest:
    guest = Guest.objects.select_related("event__office").get(event=cafe.event, order=order)
    return actions.read_back(guest, actor=actor or cafe.world.lam, at=cafe.at, answer=answer)


def test_he_agrees(cafe: Cafe) -> None:
    cafe.write()
    assert read(cafe, 1, "agreed").read_back == "agreed"
    assert Event.objects.get().state == "reading"
    (entry,) = entries("event.read_back")
    assert entry.facts["answer"] == "agreed"


def test_he_said_nothing(cafe: Cafe) -> None:
    cafe.write()
    assert read(cafe, 5, "silent").read_back == "silent"


def test_the_second_time_changes_nothing(cafe: Cafe) -> None:
    cafe.write()
    read(cafe, 1, "agreed")
    read(cafe, 1, "agreed")
    assert len(entries("event.read_back")) == 1


@pytest.mark.parametrize(
    ("order", "answer", "code"),
    [
        (1, "maybe", "bad_answer"),
        (1, "silent", "guest_spoke"),
        (5, "agreed", "nothing_said"),
        (6, "silent", "not_came"),
    ],
)
def test_it_refuses(cafe: Cafe, order: int, answer: str, code: str) -> None:
    cafe.write()
    with pytest.raises(TantamError) as no:
        read(cafe, order, answer)
    assert code_of(no) == code and no.value.vi


def test_it_refuses_once_sealed(cafe: Cafe) -> None:
    cafe.seal()
    with pytest.raises(TantamError) as no:
        read(cafe, 1, "corrected")
    assert code_of(no) == "event_sealed"


def test_it_refuses_what_was_called_off(cafe: Cafe) -> None:
    cafe.invite()
    actions.cancel(cafe.event, because="other", **cafe.by)
    with pytest.raises(TantamError) as no:
        read(cafe, 1, "agreed")
    assert code_of(no) == "event_cancelled"


@pytest.mark.parametrize("who", ["stranger", "khoi", "auditor"])
def test_others_cannot(cafe: Cafe, who: str) -> None:
    cafe.write()
    with pytest.raises(TantamError):
        read(cafe, 1, "agreed", getattr(cafe.world, who))
    assert not Guest.objects.exclude(read_back="none").exists()
