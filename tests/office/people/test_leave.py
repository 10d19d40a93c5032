"""An account closed."""

import pytest

from tantam.office.journal.models import Entry
from tantam.office.people import actions
from tantam.office.people.models import Duty
from tests.office.people.said import NOT_ADMINS, last, refused


def test_the_account_and_the_duties_end(world):
    left = actions.leave(world.lam, actor=world.admin, at=world.at)
    assert not left.is_active and not Duty.objects.filter(staff=left, to_on__isnull=True).exists()
    assert [e.act for e in Entry.objects.order_by("-id")[:2]] == ["staff.left", "duty.ended"]
    assert (last().on_id, last().actor) == (str(world.lam.pk), world.admin.pk)


def test_a_session_still_open_gets_no_further(world, page):
    browser = page(world.lam)
    assert browser.get("/people/").status_code == 200
    actions.leave(world.lam, actor=world.admin, at=world.at)
    assert browser.get("/people/").status_code == 302


def test_left_twice_is_left_once(world):
    actions.leave(world.lam, actor=world.admin, at=world.at)
    before = Entry.objects.count()
    actions.leave(world.lam, actor=world.admin, at=world.at)
    assert Entry.objects.count() == before


def test_the_last_administrator_stays(world):
    with refused("last_admin"):
        actions.leave(world.admin, actor=world.admin, at=world.at)


@pytest.mark.parametrize("who", NOT_ADMINS)
def test_nobody_but_the_administrator(world, who):
    with refused("not_your_duty"):
        actions.leave(world.khoi, actor=getattr(world, who), at=world.at)
