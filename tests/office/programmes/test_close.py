"""A programme ends, with something learned."""

from datetime import date

import pytest

from tantam.office.journal.models import Entry
from tantam.office.programmes import actions
from tantam.office.promises.models import Promise
from tests.office.programmes.begun import begin, last, refused


@pytest.fixture
def taught(world):
    """A programme that taught something."""
    programme = begin(world)
    actions.add_lesson(programme, actor=world.policy, at=world.at, kind="got", text="Khách kể thật.")
    return programme


def test_closed_today_and_its_promises_stay(world, taught):
    actions.promise_rhythm(taught, actor=world.policy, at=world.at, until=date(2026, 12, 31))
    closed = actions.close(taught, actor=world.policy, at=world.at)
    assert closed.closed_on == date(2026, 11, 22) and last().act == "programme.closed"
    assert Promise.objects.filter(state="open").count() == 4
    before = Entry.objects.count()
    actions.close(taught, actor=world.policy, at=world.at)
    assert Entry.objects.count() == before


def test_nothing_learned(world):
    programme = begin(world)
    with refused("no_lesson"):
        actions.close(programme, actor=world.policy, at=world.at)


@pytest.mark.parametrize(("who", "code"), [("stranger", "not_your_duty"), ("lam", "not_your_office")])
def test_who_may_not(world, taught, who, code):
    with refused(code):
        actions.close(taught, actor=getattr(world, who), at=world.at)
