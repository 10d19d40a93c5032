"""The made-up operator's year of quality: a breach that a visitor can follow to its remedy."""

from datetime import date, datetime
from time import process_time

import pytest

from tantam.clock import HANOI, day_of
from tantam.office.promises.models import Promise
from tantam.office.quality.indicators import INDICATORS
from tantam.office.quality.models import Cell, Declared, Load, Pledge, Reject, Standing
from tantam.office.quality.warning import Month, trend
from tantam.sample.office_agenda import Agenda, Lots, moment
from tantam.sample.office_people import people_of
from tantam.sample.office_quality import Quality
from tantam.sample.office_year import Year

AT = datetime(2026, 11, 22, 10, tzinfo=HANOI)
FIRST = date(2025, 12, 1)


@pytest.fixture
def played(db):
    agenda = Agenda(AT)
    year = Year(people_of(Lots(7), moment(date(2025, 11, 17), 8)), Lots(7), agenda)
    Quality(year, 7).put(FIRST, day_of(AT))
    start = process_time()
    agenda.play(lambda at: None, lambda share: None)
    return process_time() - start


def test_a_year_with_one_real_breach_made_right(played):
    assert played < 6
    assert Pledge.objects.filter(invented=True).count() == 8 and Declared.objects.count() == 12
    (broken,) = Standing.objects.filter(state="broken").select_related("promise", "pledge")
    assert (broken.place, broken.month, broken.pledge.indicator) == ("96", date(2026, 6, 1), "call_drop")
    promise = broken.promise
    assert Promise.objects.get(kind="remedy") == promise
    assert (promise.state, promise.office.name) == ("kept", "Cà Mau")
    assert promise.made_at.date() == date(2026, 7, 6) and promise.settled_on == date(2026, 9, 3)
    assert promise.settled_on <= promise.first_due
    after = dict(
        Standing.objects.filter(pledge=broken.pledge, place="96", month__gt=broken.month).values_list(
            "month", "state"
        )
    )
    assert after == {date(2026, 7, 1): "at_risk", **{date(2026, n, 1): "kept" for n in (8, 9, 10)}}


def test_what_a_visitor_may_find(played):
    assert Load.objects.filter(measured_by="ministry").count() == 1
    assert Load.objects.filter(done_at=None).count() == 0 and Load.objects.count() == 12
    assert set(Reject.objects.values_list("code", flat=True)) == {"unknown_place"}
    missing = Standing.objects.filter(state="missing", pledge__each_province=True)
    assert set(missing.values_list("place", "month")) == {("11", date(2026, 4, 1))}
    speeds = Cell.objects.filter(indicator="download_speed", place="08", measured_by="self").order_by("month")
    months = [Month(one.month, one.value, one.n) for one in speeds]
    assert trend(INDICATORS["download_speed"], 40, months).crosses > date(2026, 10, 1)
    states = list(Standing.objects.values_list("state", flat=True))
    assert states.count("kept") > 0.97 * len(states)


def test_the_same_seed_gives_the_same_year(db):
    year = Year(people_of(Lots(7), moment(date(2025, 11, 17), 8)), Lots(7), Agenda(AT))

    def lines():
        quality = Quality(year, 7)
        quality.put(FIRST, day_of(AT))
        return list(quality._own(date(2026, 9, 1)))

    assert lines() == lines()
