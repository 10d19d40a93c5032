"""Somebody new on the staff."""

import pytest

from tantam.errors import BadInput, Refused
from tantam.office.journal.models import Entry
from tantam.office.people import actions


def test_hired_without_a_password(world):
    staff = actions.hire("an", "Ngô Sỹ Ẩn", world.nha_trang, title="anh", actor=world.admin, at=world.at)
    assert (staff.name, staff.office, staff.has_usable_password()) == ("Ngô Sỹ Ẩn", world.nha_trang, False)
    entry = Entry.objects.latest("id")
    assert (entry.act, entry.actor, entry.on_id) == ("staff.hired", world.admin.pk, str(staff.pk))
    assert entry.office == world.nha_trang.pk


@pytest.mark.parametrize(
    ("username", "name", "title"),
    [("", "A", ""), ("Có dấu", "A", ""), ("a b", "A", ""), ("an", "  ", ""), ("an", "A" * 121, ""), ("an", "A", "cụ")],
)
def test_names_that_cannot_be(world, username, name, title):
    with pytest.raises(BadInput) as no:
        actions.hire(username, name, world.nha_trang, title=title, actor=world.admin, at=world.at)
    assert no.value.code == "bad_staff" and no.value.vi


def test_a_name_taken(world):
    with pytest.raises(Refused) as no:
        actions.hire("lam", "Ai Khác", world.nha_trang, actor=world.admin, at=world.at)
    assert no.value.code == "staff_exists"


@pytest.mark.parametrize("who", ["stranger", "lam", "hoa", "auditor", "privacy"])
def test_nobody_but_the_administrator(world, who):
    before = Entry.objects.count()
    with pytest.raises(Refused) as no:
        actions.hire("an", "Ngô Sỹ Ẩn", world.nha_trang, actor=getattr(world, who), at=world.at)
    assert no.value.code == "not_your_duty" and Entry.objects.count() == before
