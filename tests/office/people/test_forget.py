"""A member of staff who is a subscriber asks to be forgotten as one."""

from tantam.office.journal.models import Entry
from tantam.office.people import actions
from tests.office.people.said import last

KEY = 7_000_000_000_000_000_123


def test_the_tie_goes_and_the_work_stays(world):
    world.lam.subscriber = KEY
    world.lam.save()
    assert actions.held_on(KEY) == [{"what": "staff", "office": world.nha_trang.pk}]
    assert actions.forget(KEY, actor=world.privacy, at=world.at) == 1
    world.lam.refresh_from_db()
    assert world.lam.subscriber is None and world.lam.is_active
    assert (last().act, last().count) == ("staff.untied", 1) and str(KEY) not in str(vars(last()))
    before = Entry.objects.count()
    assert actions.held_on(KEY) == [] and actions.forget(KEY, actor=world.privacy, at=world.at) == 0
    assert Entry.objects.count() == before
