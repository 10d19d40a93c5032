"""Calling every guest who came back keeps the second promise."""

from __future__ import annotations

from typing import Any

import pytest

from tantam.errors import TantamError
from tantam.office.events import actions
from tantam.office.events.models import Event, Guest
from tantam.office.promises.models import Promise
from tests.office.events.a_cafe import Cafe, code_of, entries


def back(cafe: Cafe, order: int, note: str = "Đã báo, khách cảm ơn.", actor: Any = None) -> Guest:
    guest = Guest.objects.select_related("event__office").get(event=cafe.event, order=order)
    return actions.call_back(guest, actor=actor or cafe.world.dung, at=cafe.at, note=note)


def test_with_the_last_guest_the_promise_is_kept(cafe: Cafe) -> None:
    cafe.seal()
    for order in range(1, 5):
        back(cafe, order)
    assert Promise.objects.get(kind="call_back").state == "open"
    back(cafe, 5)
    assert Promise.objects.get(kind="call_back").state == "kept"
    assert Event.objects.get().called_back_at == cafe.at


def test_the_note_is_masked_and_not_in_the_journal(cafe: Cafe) -> None:
    cafe.seal()
    assert "0912345678" not in back(cafe, 1, "Gọi em số 0912345678 nhé.").note
    (entry,) = entries("event.called_back")
    assert set(entry.facts) == {"guest"}


def test_whoever_was_forgotten_is_not_waited_for(cafe: Cafe) -> None:
    cafe.seal()
    key = cafe.seated()[4].key
    assert key is not None
    actions.forget(key, **cafe.by)
    for order in range(1, 5):
        back(cafe, order)
    assert Promise.objects.get(kind="call_back").state == "kept"


def test_the_second_time_changes_nothing(cafe: Cafe) -> None:
    cafe.seal()
    back(cafe, 1)
    assert back(cafe, 1, "Khác.").note == "Đã báo, khách cảm ơn."
    assert len(entries("event.called_back")) == 1


@pytest.mark.parametrize(("order", "note", "code"), [(6, "Có.", "not_came"), (1, "  ", "no_note")])
def test_it_refuses(cafe: Cafe, order: int, note: str, code: str) -> None:
    cafe.seal()
    with pytest.raises(TantamError) as no:
        back(cafe, order, note)
    assert code_of(no) == code and no.value.vi


def test_it_refuses_before_the_seal(cafe: Cafe) -> None:
    cafe.read()
    with pytest.raises(TantamError) as no:
        back(cafe, 1)
    assert code_of(no) == "not_sealed"


@pytest.mark.parametrize("who", ["stranger", "khoi", "auditor"])
def test_others_cannot(cafe: Cafe, who: str) -> None:
    cafe.seal()
    with pytest.raises(TantamError):
        back(cafe, 1, actor=getattr(cafe.world, who))
    assert not Guest.objects.filter(called_back_at__isnull=False).exists()
