"""A duty given: what somebody may do from now on."""

from datetime import date

import pytest

from tantam.office import door
from tantam.office.journal.models import Entry
from tantam.office.people import actions
from tantam.office.people.models import Duty, Staff
from tests.office.people.said import NOT_ADMINS, last, refused


def give(world, who="admin", code="director", office=None):
    return actions.give_duty(
        world.stranger, code, office or world.nha_trang, actor=getattr(world, who), at=world.at
    )


def test_it_opens_what_was_closed(world):
    assert not door.may(world.stranger, "promise.make")
    duty = give(world)
    assert duty.from_on == date(2026, 11, 22)
    assert (last().act, last().on_id, last().facts) == (
        "duty.given",
        str(world.stranger.pk),
        {"duty": "director"},
    )
    fresh = Staff.objects.get(pk=world.stranger.pk)
    assert [d.code for d in Duty.objects.filter(staff=fresh)] == ["director"]


def test_given_twice_is_given_once(world):
    first, before = give(world), Entry.objects.count()
    assert give(world) == first and Entry.objects.count() == before


def test_ended_and_given_again_the_same_day(world):
    actions.end_duty(give(world), actor=world.admin, at=world.at)
    assert give(world).to_on is None and Duty.objects.filter(staff=world.stranger).count() == 1


def test_no_such_duty(world):
    with refused("bad_duty"):
        give(world, code="king")


def test_to_somebody_who_left(world):
    world.stranger = actions.leave(world.stranger, actor=world.admin, at=world.at)
    with refused("staff_left"):
        give(world)


@pytest.mark.parametrize("who", NOT_ADMINS)
def test_nobody_but_the_administrator(world, who):
    with refused("not_your_duty"):
        give(world, who)


def test_not_above_ones_own_office(world):
    actions.give_duty(world.dung, "admin", world.nha_trang, actor=None, at=world.at, from_on=date(2020, 1, 1))
    assert give(world, "dung").office == world.nha_trang
    with refused("not_your_office"):
        give(world, "dung", office=world.hq)
