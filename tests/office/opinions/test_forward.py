"""Opinions are handed on."""

from __future__ import annotations

from typing import Any

import pytest

from tantam.errors import Refused
from tantam.office.journal.models import Entry
from tantam.office.opinions.actions import forward
from tantam.office.opinions.models import Opinion
from tantam.office.opinions.rules import digest
from tests.office.opinions.words import an_opinion, number


def _said(world: Any, n: int) -> list[Any]:
    return [an_opinion(world, id=number(i)).pk for i in range(n)]


def test_all_of_them_in_one_entry(world: Any) -> None:
    ids = _said(world, 3)
    assert forward(ids, actor=world.lam, at=world.at, to=world.hq) == 3
    assert set(Opinion.objects.values_list("state", "forwarded_to", "forwarded_at")) == {
        ("forwarded", world.hq.pk, world.at)
    }
    entry = Entry.objects.get(act="opinion.forwarded")
    assert (entry.count, entry.digest, entry.on_id) == (3, digest(ids), "many")
    assert (entry.office, entry.facts) == (world.nha_trang.pk, {"to": world.hq.pk})


def test_the_second_time_changes_nothing(world: Any) -> None:
    ids = _said(world, 2)
    assert [forward(ids, actor=world.lam, at=world.at, to=world.hq) for _ in range(2)] == [2, 0]
    assert forward([*ids, an_opinion(world, id=number(9)).pk], actor=world.lam, at=world.at, to=world.hq) == 1
    assert Entry.objects.filter(act="opinion.forwarded").count() == 2


def test_many_at_once_in_few_queries(world: Any, django_assert_max_num_queries: Any) -> None:
    ids = _said(world, 30)
    with django_assert_max_num_queries(9):
        assert forward(ids, actor=world.lam, at=world.at, to=world.hq) == 30


def test_it_does_not_go_where_it_is(world: Any) -> None:
    with pytest.raises(Refused, match="forwarded_to_itself"):
        forward(_said(world, 1), actor=world.lam, at=world.at, to=world.nha_trang)


def test_the_stranger_cannot_and_nobody_can_elsewhere(world: Any) -> None:
    ids = _said(world, 1)
    for actor, code in [(world.stranger, "not_your_duty"), (world.khoi, "not_your_office")]:
        with pytest.raises(Refused, match=code):
            forward(ids, actor=actor, at=world.at, to=world.hq)
    with pytest.raises(Refused, match="not_your_duty"):
        forward([], actor=world.stranger, at=world.at, to=world.hq)
    assert Opinion.objects.get().state == "said"
