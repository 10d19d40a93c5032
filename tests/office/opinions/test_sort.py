"""A person says what an opinion is about."""

from __future__ import annotations

from typing import Any

import pytest

from tantam.errors import BadInput, Refused
from tantam.office.journal.models import Entry
from tantam.office.opinions.actions import correct, sort
from tantam.office.opinions.models import Opinion
from tests.office.opinions.words import an_opinion


def _sort(world: Any, opinion: Opinion, **changed: Any) -> Opinion:
    return sort(opinion, **{"actor": world.dung, "at": world.at, "topic": "charging", **changed})


def test_it_takes_the_place_of_what_the_machine_read(world: Any) -> None:
    opinion = an_opinion(world)
    Opinion.objects.update(topic="network", also="data|calls", unsure="feeling|topic")
    _sort(world, opinion)
    opinion.refresh_from_db()
    assert (opinion.topic, opinion.also, opinion.unsure, opinion.sorted_by_person) == (
        "charging",
        "",
        "feeling",
        True,
    )
    entry = Entry.objects.get(act="opinion.sorted")
    assert (entry.on_id, entry.facts) == (str(opinion.pk), {"was": "network", "topic": "charging"})


def test_the_machines_own_topic_can_be_confirmed(world: Any) -> None:
    opinion = an_opinion(world)
    _sort(world, opinion, topic=opinion.topic)
    assert Opinion.objects.get().sorted_by_person


def test_the_second_time_changes_nothing(world: Any) -> None:
    opinion = an_opinion(world)
    assert _sort(world, opinion) == _sort(world, opinion)
    assert Entry.objects.filter(act="opinion.sorted").count() == 1


def test_it_refuses(world: Any) -> None:
    opinion = an_opinion(world)
    with pytest.raises(BadInput, match="bad_topic"):
        _sort(world, opinion, topic="weather")
    correct(opinion, actor=world.dung, at=world.at, text="Lời khác hẳn", reason="nghe nhầm")
    with pytest.raises(Refused, match="already_corrected"):
        _sort(world, opinion)


def test_the_stranger_cannot_and_nobody_can_elsewhere(world: Any) -> None:
    opinion = an_opinion(world)
    for actor, code in [(world.stranger, "not_your_duty"), (world.khoi, "not_your_office")]:
        with pytest.raises(Refused, match=code):
            _sort(world, opinion, actor=actor)
