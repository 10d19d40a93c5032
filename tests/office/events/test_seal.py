"""Sealing: no line comes in any more, each became an opinion, and two promises were made."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tantam.errors import Refused
from tantam.office.events import actions, notes, seals
from tantam.office.events.models import Guest, Line
from tantam.office.opinions.models import Opinion
from tantam.office.promises.models import Promise
from tests.office.events.a_cafe import Cafe, code_of, entries


def test_it_makes_two_promises_and_an_opinion_of_each_line(cafe: Cafe) -> None:
    event = cafe.seal()
    assert event.state == "sealed"
    made = {p.kind: p for p in Promise.objects.filter(about_kind="event", about_id=str(event.pk))}
    assert made["forward"].first_due == date(2026, 11, 25)
    assert made["call_back"].first_due == date(2026, 12, 22)
    assert {p.owner_id for p in made.values()} == {cafe.world.lam.pk}
    assert {p.people for p in made.values()} == {5}
    assert Opinion.objects.filter(source_kind="event", source_id=str(event.pk)).count() == 5
    assert Opinion.objects.get(pk=cafe.lines[0].pk).speaker_key == cafe.seated()[0].key


def test_the_journal_has_the_count_and_the_code(cafe: Cafe) -> None:
    event = cafe.seal()
    (entry,) = entries("event.sealed")
    assert (entry.count, entry.digest, entry.on_id) == (5, event.seal_code, str(event.pk))


def test_the_seal_fits_until_a_word_is_changed_behind_it(cafe: Cafe) -> None:
    event = cafe.seal()
    assert notes.unbroken(event)
    Line.objects.filter(pk=cafe.lines[2].pk).update(text="Nên có gói rẻ hơn.")
    assert not notes.unbroken(event)


def test_the_seal_fits_after_a_guest_was_forgotten(cafe: Cafe) -> None:
    event = cafe.seal()
    key = cafe.seated()[0].key
    assert key is not None
    actions.forget(key, **cafe.by)
    assert notes.unbroken(event)


def test_a_line_taken_away_breaks_it(cafe: Cafe) -> None:
    event = cafe.seal()
    Line.objects.filter(pk=cafe.lines[2].pk).delete()
    assert not notes.unbroken(event)


def test_it_is_shown_in_groups_of_four(cafe: Cafe) -> None:
    event = cafe.seal()
    shown = seals.groups(event.seal_code)
    assert len(shown) == 8 and "".join(shown) == event.seal_code[:32]


def test_the_second_time_changes_nothing(cafe: Cafe) -> None:
    event = cafe.seal()
    again = actions.seal(event, **cafe.by)
    assert (again.sealed_at, again.seal_code) == (event.sealed_at, event.seal_code)
    assert len(entries("event.sealed")) == 1
    assert Promise.objects.filter(about_kind="event").count() == 2


@pytest.mark.parametrize(
    ("stage", "code"), [("call", "attendance_open"), ("meet", "no_lines"), ("write", "not_read_back")]
)
def test_it_refuses_what_is_not_finished(cafe: Cafe, stage: str, code: str) -> None:
    getattr(cafe, stage)()
    with pytest.raises(Refused) as no:
        actions.seal(cafe.event, **cafe.by)
    assert code_of(no) == code
    assert no.value.vi


def test_it_refuses_when_nobody_came(cafe: Cafe) -> None:
    cafe.call()
    actions.attend(cafe.event, came=[], **cafe.by)
    with pytest.raises(Refused) as no:
        actions.seal(cafe.event, **cafe.by)
    assert code_of(no) == "nobody_came"


def test_it_refuses_what_was_called_off(cafe: Cafe) -> None:
    event = actions.cancel(cafe.plan(), because="weather", **cafe.by)
    with pytest.raises(Refused) as no:
        actions.seal(event, **cafe.by)
    assert code_of(no) == "event_cancelled"


@pytest.mark.parametrize("who", ["stranger", "khoi", "dung", "auditor"])
def test_others_cannot(cafe: Cafe, who: str) -> None:
    cafe.read()
    actor: Any = getattr(cafe.world, who)
    with pytest.raises(Refused) as no:
        actions.seal(cafe.event, actor=actor, at=cafe.at)
    assert code_of(no) == ("not_your_office" if who == "khoi" else "not_your_duty")
    assert not Guest.objects.filter(event__state="sealed").exists()
