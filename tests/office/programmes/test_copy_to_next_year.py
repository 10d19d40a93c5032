"""Next year's programme, from this year's."""

import pytest

from tantam.office.journal.models import Entry
from tantam.office.programmes import actions
from tests.office.programmes.begun import begin, last, refused


def copy(world, programme, who="policy", **said):
    return actions.copy_to_next_year(programme, actor=getattr(world, who), at=world.at, **said)


def test_as_it_was_but_what_is_said_anew(world):
    programme = begin(world, theme="Miền núi")
    heir = copy(world, programme, theme="Người lớn tuổi")
    assert (heir.year, heir.code, heir.purpose, heir.theme) == (
        2027,
        "ca-phe",
        programme.purpose,
        "Người lớn tuổi",
    )
    assert (heir.copied_from, heir.rhythm, heir.owner) == (programme, programme.rhythm, programme.owner)
    assert (last().act, last().on_id) == ("programme.started", str(heir.pk))


def test_copied_twice_it_is_the_one_already_there(world):
    programme = begin(world)
    heir, before = copy(world, programme), Entry.objects.count()
    assert copy(world, programme, theme="Khác") == heir and Entry.objects.count() == before


@pytest.mark.parametrize(("who", "code"), [("stranger", "not_your_duty"), ("lam", "not_your_office")])
def test_who_may_not(world, who, code):
    programme = begin(world)
    with refused(code):
        copy(world, programme, who)
