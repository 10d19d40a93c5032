"""A duty ended: from today what it opened is closed."""

import pytest

from tantam.office.journal.models import Entry
from tantam.office.people import actions
from tantam.office.people.models import Duty
from tests.office.people.said import NOT_ADMINS, last, refused


def duty_of(staff):
    return Duty.objects.get(staff=staff)


def test_ended_today(world):
    ended = actions.end_duty(duty_of(world.lam), actor=world.admin, at=world.at)
    assert ended.to_on.isoformat() == "2026-11-22"
    assert (last().act, last().office, last().facts) == (
        "duty.ended",
        world.nha_trang.pk,
        {"duty": "director"},
    )


def test_ended_twice_it_ended_the_first_time(world):
    actions.end_duty(duty_of(world.lam), actor=world.admin, at=world.at)
    before = Entry.objects.count()
    actions.end_duty(duty_of(world.lam), actor=world.admin, at=world.at)
    assert Entry.objects.count() == before


def test_the_last_administrator_stays(world):
    with refused("last_admin"):
        actions.end_duty(duty_of(world.admin), actor=world.admin, at=world.at)
    actions.give_duty(world.stranger, "admin", world.hq, actor=world.admin, at=world.at)
    assert actions.end_duty(duty_of(world.admin), actor=world.admin, at=world.at).to_on


@pytest.mark.parametrize("who", NOT_ADMINS)
def test_nobody_but_the_administrator(world, who):
    with refused("not_your_duty"):
        actions.end_duty(duty_of(world.khoi), actor=getattr(world, who), at=world.at)
