"""A month is judged, and what was broken is promised to be made right."""

from datetime import date, timedelta

import pytest

from tantam.office.journal.models import Entry
from tantam.office.promises.models import Promise
from tantam.office.quality import judging
from tantam.office.quality.models import Standing
from tantam.office.worker.actions import run_due
from tantam.office.worker.chores import CHORES
from tests.office.quality.measured import OCTOBER, last, load, pledge, refused


def judge(world, month=OCTOBER, who="policy", at=None):
    return judging.judge(month, actor=getattr(world, who) if who else None, at=at or world.at)


BROKEN = "call_drop,2026-10,Khánh Hòa,4,100000,4000,,,"
KEPT = "call_drop,2026-10,Cà Mau,0.4,100000,400,,,"


def test_each_province_stands_by_its_figure(world):
    pledge(world)
    load(
        world, [BROKEN, KEPT, "call_drop,2026-10,Huế,2.05,4000,82,,,", "call_drop,2026-10,Hà Nội,1,200,2,,,"]
    )
    found = judge(world)
    assert found.states == {"kept": 1, "broken": 1, "at_risk": 1, "too_few": 1, "missing": 30}
    assert (found.changed, found.promises, found.unowned) == (34, 1, 0)
    assert last().act == "quality.judged"
    states = dict(Standing.objects.values_list("place", "state"))
    assert (states["56"], states["96"], states["46"], states["01"]) == (
        "broken",
        "kept",
        "at_risk",
        "too_few",
    )


def test_a_breach_is_a_promise_of_its_remedy(world):
    made = pledge(world).row
    load(world, [BROKEN, KEPT])
    judge(world)
    promise = Promise.objects.get()
    standing = Standing.objects.get(state="broken")
    assert standing.promise == promise
    assert (promise.kind, promise.owner, promise.office) == ("remedy", made.owner, world.khanh_hoa)
    assert promise.first_due == date(2026, 12, 21)  # twenty working days, one of them a holiday
    assert (promise.about_kind, promise.about_id) == ("pledge", str(made.pk))
    assert made.remedy_vi in promise.what and "Khánh Hòa" in promise.what and "10/2026" in promise.what
    told = Entry.objects.get(act="quality.broken")
    assert told.facts == {"pledge": made.pk, "place": "56", "month": "2026-10-01", "promise": promise.pk}


def test_judged_again_nothing_changes(world):
    pledge(world)
    load(world, [BROKEN, KEPT])
    judge(world)
    before = Entry.objects.count(), list(Standing.objects.order_by("pk").values())
    again = judge(world, at=world.at + timedelta(days=1))
    assert (again.changed, again.promises) == (0, 0)
    assert (Entry.objects.count(), list(Standing.objects.order_by("pk").values())) == before


def test_a_correction_changes_the_standing_and_not_the_promise(world):
    pledge(world)
    load(world, [BROKEN])
    judge(world)
    load(world, ["call_drop,2026-10,Khánh Hòa,1,100000,1000,,,"])
    again = judge(world)
    standing = Standing.objects.get(place="56")
    assert (again.changed, again.promises, standing.state) == (1, 0, "kept")
    assert standing.promise == Promise.objects.get() and standing.promise.state == "open"


def test_a_figure_of_the_ministry_counts_before_ours(world):
    pledge(world)
    load(world, [KEPT])
    load(world, ["call_drop,2026-10,Cà Mau,3,5000,150,,,"], measured_by="ministry")
    judge(world)
    standing = Standing.objects.get(place="96")
    assert (standing.state, standing.cell.measured_by) == ("broken", "ministry")


def test_a_pledge_of_the_whole_country(world):
    pledge(world, each_province=False)
    load(world, [BROKEN, KEPT])
    judge(world)
    standing = Standing.objects.get()
    assert (standing.place, standing.state, standing.cell.provinces_count) == ("", "broken", 2)
    assert standing.promise.office == world.hq and "cả nước" in standing.promise.what


def test_only_whole_months_of_a_pledge_are_judged(world):
    pledge(world, from_on=date(2026, 10, 2))
    pledge(world, code="2", from_on=date(2026, 9, 1), to_on=date(2026, 10, 31))
    pledge(world, code="3", from_on=date(2026, 9, 1), to_on=date(2026, 11, 1), each_province=False)
    judge(world)
    assert Standing.objects.get().pledge.code == "3"


def test_complaints_are_judged_by_the_quarter(world):
    pledge(world, "0.1", "complaints", each_province=False, from_on=date(2026, 7, 1))
    load(world, ["complaints,2026Q3,,0.05,2000000,1000,,,"])
    judge(world, date(2026, 8, 1))
    assert not Standing.objects.exists()
    judge(world, date(2026, 9, 1))
    assert Standing.objects.get().state == "kept"


def test_whose_owner_has_left_waits(world):
    pledge(world, each_province=False)
    load(world, [BROKEN])
    world.policy.is_active = False
    world.policy.save()
    found = judge(world, who="hoa")
    assert (found.promises, found.unowned) == (0, 1)
    world.policy.is_active = True
    world.policy.save()
    assert judge(world, who="hoa").promises == 1 and judge(world, who="hoa").promises == 0


def test_a_month_that_is_not_over(world):
    with refused("month_not_over"):
        judge(world, date(2026, 11, 1))


@pytest.mark.parametrize("who", ["stranger", "lam"])
def test_who_may_not(world, who):
    with refused("not_your_duty"):
        judge(world, who=who)


def test_the_worker_looks_at_a_year_of_closed_months(world):
    assert judging.closed_months(world.at) == []
    pledge(world, from_on=date(2026, 8, 15))
    assert judging.closed_months(world.at) == [date(2026, 9, 1), OCTOBER]
    pledge(world, code="2", from_on=date(2020, 1, 1))
    months = judging.closed_months(world.at)
    assert (months[0], months[-1], len(months)) == (date(2025, 11, 1), OCTOBER, 12)


def test_the_worker_judges_once_a_day_and_goes_on_where_it_was(world, monkeypatch):
    pledge(world, from_on=date(2026, 8, 1))
    load(world, [BROKEN, KEPT])
    chore = {"quality.judge": CHORES["quality.judge"]}
    seen, judge = [], judging.judge

    def stopped(month, **given):
        seen.append(month.month)
        if seen == [8, 9]:
            raise KeyError
        return judge(month, **given)

    monkeypatch.setattr(judging, "judge", stopped)
    for later in (0, 1, 2):
        at = world.at + timedelta(hours=later)
        run_due(chore, holder="one", now=lambda at=at: at)
    assert seen == [8, 9, 9, 10]
    assert Promise.objects.get(kind="remedy").state == "open" and Standing.objects.count() == 3 * 34
