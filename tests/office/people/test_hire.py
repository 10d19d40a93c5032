"""Somebody new on the staff."""

import pytest

from tantam.office.people import actions
from tests.office.people.said import NOT_ADMINS, last, refused


def test_hired_without_a_password(world):
    staff = actions.hire("an", " Ngô Sỹ Ẩn ", world.nha_trang, title="anh", actor=world.admin, at=world.at)
    assert (staff.name, staff.office, staff.has_usable_password()) == ("Ngô Sỹ Ẩn", world.nha_trang, False)
    assert (last().act, last().actor, last().on_id) == ("staff.hired", world.admin.pk, str(staff.pk))
    assert last().office == world.nha_trang.pk


@pytest.mark.parametrize(
    ("username", "name", "title"),
    [
        ("", "A", ""),
        ("Có dấu", "A", ""),
        ("a b", "A", ""),
        ("an", "  ", ""),
        ("an", "A" * 121, ""),
        ("an", "A", "cụ"),
    ],
)
def test_names_that_cannot_be(world, username, name, title):
    with refused("bad_staff"):
        actions.hire(username, name, world.nha_trang, title=title, actor=world.admin, at=world.at)


def test_a_name_taken(world):
    with refused("staff_exists"):
        actions.hire("lam", "Ai Khác", world.nha_trang, actor=world.admin, at=world.at)


@pytest.mark.parametrize("who", NOT_ADMINS)
def test_nobody_but_the_administrator(world, who):
    with refused("not_your_duty"):
        actions.hire("an", "Ngô Sỹ Ẩn", world.nha_trang, actor=getattr(world, who), at=world.at)
