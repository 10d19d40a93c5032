"""A programme begins."""

import pytest

from tantam.office.people import actions as people
from tests.office.programmes.begun import begin, last, refused


def test_started_and_told(world):
    programme = begin(world)
    assert (programme.name, programme.closed_on, programme.people) == ("Cà phê mỗi tháng", None, 6)
    assert (last().act, last().on_id, last().office) == ("programme.started", str(programme.pk), world.hq.pk)
    assert last().facts == {"year": 2026, "rhythm": "monthly_per_branch"}


def test_the_same_code_in_the_same_year(world):
    begin(world)
    with refused("programme_exists"):
        begin(world)
    assert begin(world, year=2027).year == 2027


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"name": " "}, "empty_programme"),
        ({"purpose": ""}, "empty_programme"),
        ({"code": ""}, "empty_programme"),
        ({"theme": "x" * 201}, "too_long"),
        ({"name": "x" * 121}, "too_long"),
        ({"year": 26}, "bad_number"),
        ({"people": 0}, "bad_number"),
        ({"rhythm": "daily"}, "bad_rhythm"),
        ({"event_kind": "party"}, "bad_rhythm"),
        ({"rhythm": "yearly_on", "rhythm_day": "31-31"}, "bad_rhythm_day"),
    ],
)
def test_what_is_not_right(world, wrong, code):
    with refused(code):
        begin(world, **wrong)


def test_an_owner_who_left(world):
    gone = people.leave(world.dung, actor=world.admin, at=world.at)
    with refused("owner_left"):
        begin(world, owner=gone)


@pytest.mark.parametrize("who", ["stranger", "dung", "auditor", "admin", "privacy"])
def test_who_may_not(world, who):
    with refused("not_your_duty"):
        begin(world, who)


def test_a_director_only_at_his_own(world):
    assert begin(world, "lam", office=world.nha_trang, owner=world.lam)
    with refused("not_your_office"):
        begin(world, "lam", code="khac")
