"""What is held on a guest can be shown, and goes when he asks; what happened stays counted."""

from __future__ import annotations

from tantam.office.events import actions
from tantam.office.events.models import Guest, Line
from tests.office.events.a_cafe import Cafe, entries


def test_what_is_held_is_shown(cafe: Cafe) -> None:
    cafe.seal()
    key = cafe.seated()[0].key
    assert key is not None
    held = actions.held_on(key)
    assert [h["what"] for h in held] == ["invitation", "line", "line"]
    assert held[0]["answer"] == "accepted" and held[0]["place"] == "Cà phê Biển, 12 Trần Phú"
    assert actions.held_on(1) == []


def test_the_tie_the_note_and_the_words_go(cafe: Cafe) -> None:
    cafe.seal()
    guest = cafe.seated()[0]
    assert guest.key is not None
    assert actions.forget(guest.key, **cafe.by) == 3
    gone = Guest.objects.get(pk=guest.pk)
    assert (gone.key, gone.party_id, gone.reason, gone.came) == (None, None, {}, True)
    assert not Line.objects.filter(guest=guest.pk).exists()
    assert Line.objects.filter(text="—").count() == 2
    assert actions.held_on(guest.key) == []


def test_the_second_time_changes_nothing(cafe: Cafe) -> None:
    key = cafe.invite()[0].key
    assert key is not None
    assert actions.forget(key, **cafe.by) == 1
    assert actions.forget(key, **cafe.by) == 0
    assert len(entries("event.forgotten")) == 1


def test_the_others_keep_their_words(cafe: Cafe) -> None:
    cafe.seal()
    key = cafe.seated()[0].key
    assert key is not None
    actions.forget(key, **cafe.by)
    assert Line.objects.exclude(text="—").count() == 3
