"""A rhythm becomes promises with dates and owners, once."""

from datetime import date

import pytest

from tantam.office.journal.models import Entry
from tantam.office.people import actions as people
from tantam.office.people.models import Duty
from tantam.office.programmes import actions
from tantam.office.promises.models import Promise
from tests.office.programmes.begun import begin, last, refused

END = date(2026, 12, 31)


def promise(world, programme, who="policy", until=END):
    return actions.promise_rhythm(programme, actor=getattr(world, who), at=world.at, until=until)


def test_each_branch_its_month_and_its_director(world):
    programme = begin(world)
    made = promise(world, programme)
    assert {(p.office.code, p.owner.username, p.first_due) for p in made} == {
        (office, owner, due)
        for office, owner in (("nt", "lam"), ("cmau", "khoi"))
        for due in (date(2026, 11, 30), date(2026, 12, 31))
    }
    assert {(p.kind, p.about_kind, p.about_id, p.people) for p in made} == {
        ("gathering", "programme", str(programme.pk), 6)
    }
    assert (last().act, last().count, last().facts) == ("programme.promised", 4, {"until": "2026-12-31"})


def test_asked_twice_it_promises_once(world):
    programme = begin(world)
    promise(world, programme, until=date(2026, 11, 30))
    assert len(promise(world, programme)) == 2
    before = Entry.objects.count()
    assert (
        promise(world, programme) == [] and Entry.objects.count() == before and Promise.objects.count() == 4
    )


def test_never_past_its_own_year(world):
    made = promise(world, begin(world, year=2027), until=date(2030, 1, 1))
    assert {p.first_due.year for p in made} == {2027} and len(made) == 24
    assert promise(world, begin(world, code="cu", year=2025), until=date(2030, 1, 1)) == []


def test_once_a_year_at_its_own_office_and_owner(world):
    programme = begin(world, rhythm="yearly_on", rhythm_day="12-15")
    (made,) = promise(world, programme)
    assert (made.office, made.owner, made.first_due) == (world.hq, world.policy, date(2026, 12, 15))


def test_a_branch_without_a_director_is_the_owners(world):
    people.end_duty(Duty.objects.get(staff=world.khoi), actor=world.admin, at=world.at)
    made = promise(world, begin(world))
    assert {p.owner.username for p in made if p.office == world.ca_mau} == {"yen"}


def test_a_programme_of_one_province_binds_its_branches(world):
    made = promise(world, begin(world, office=world.khanh_hoa))
    assert {p.office for p in made} == {world.nha_trang}


def test_without_a_rhythm(world):
    programme = begin(world, rhythm="none")
    with refused("no_rhythm"):
        promise(world, programme)


def test_closed(world):
    programme = begin(world)
    actions.add_lesson(programme, actor=world.policy, at=world.at, kind="got", text="Khách kể thật.")
    programme = actions.close(programme, actor=world.policy, at=world.at)
    with refused("programme_closed"):
        promise(world, programme)


@pytest.mark.parametrize(
    ("who", "code"), [("stranger", "not_your_duty"), ("dung", "not_your_duty"), ("lam", "not_your_office")]
)
def test_who_may_not(world, who, code):
    programme = begin(world)
    with refused(code):
        promise(world, programme, who)
