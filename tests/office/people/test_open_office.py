"""A new province or branch."""

import pytest

from tantam.office.people import actions
from tests.office.people.said import NOT_ADMINS, last, refused


def open_(world, code="dl", name="Chi nhánh Diên Khánh", level="branch", who="admin", **more):
    told = {"parent": world.khanh_hoa, "province": "56", **more}
    return actions.open_office(code, name, level, actor=getattr(world, who), at=world.at, **told)


def test_opened_under_another(world):
    office = open_(world)
    assert (office.path, office.parent) == ("hq/kh/dl/", world.khanh_hoa)
    assert (last().act, last().office, last().facts) == ("office.opened", office.pk, {"level": "branch"})


def test_twice_is_refused(world):
    open_(world)
    with refused("office_exists"):
        open_(world)


@pytest.mark.parametrize(
    "wrong",
    [
        {"level": "headquarters"},
        {"level": "province"},
        {"level": "galaxy"},
        {"code": "a/b"},
        {"code": ""},
        {"code": "Có"},
        {"name": " "},
        {"province": "ZZ"},
        {"province": ""},
    ],
)
def test_it_cannot_stand_there(world, wrong):
    with refused("bad_office"):
        open_(world, **wrong)


def test_only_headquarters_has_no_parent(world):
    with refused("bad_office"):
        open_(world, parent=None)


@pytest.mark.parametrize("who", NOT_ADMINS)
def test_nobody_but_the_administrator(world, who):
    with refused("not_your_duty"):
        open_(world, who=who)
