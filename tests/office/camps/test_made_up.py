"""The made-up day: the same seed, the same bytes; all of a real day is in it, and nothing of a real person."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date, datetime, time
from itertools import pairwise

import pytest

from tantam.clock import HANOI
from tantam.office.camps import differing, formulary, kinds, locks, made_up, made_up_plan, pins, queue, stock
from tantam.office.camps.day import fold
from tantam.office.camps.facts import current, digest, from_line, to_line

PLAYED = made_up.play(1, 2)
DAY = fold(PLAYED.facts)
BODIES = [fact.body for fact in PLAYED.facts]


def said(kind: type[kinds.Body]) -> list:
    """All bodies of a kind."""
    return [body for body in BODIES if isinstance(body, kind)]


def test_the_same_seed_gives_the_same_bytes() -> None:
    again = made_up.play(1, 2)
    assert [to_line(fact) for fact in again.facts] == [to_line(fact) for fact in PLAYED.facts]
    assert (again.camp, again.key) == (PLAYED.camp, PLAYED.key)
    other = made_up.play(2, 2)
    assert other.camp != PLAYED.camp and other.key != PLAYED.key


def test_every_fact_reads_back_and_has_an_id_of_its_own() -> None:
    assert [from_line(to_line(fact)) for fact in PLAYED.facts[::11]] == PLAYED.facts[::11]
    assert len({fact.id for fact in PLAYED.facts}) == len(PLAYED.facts)
    assert {fact.camp for fact in PLAYED.facts} == {PLAYED.camp}


def test_the_day_holds_what_a_real_day_holds() -> None:
    people = said(kinds.Registered)
    assert 600 <= len(DAY.came) <= 610 and not DAY.stray
    ages = [2026 - (one.born_year or 2026) for one in people]
    assert any(age >= 80 for age in ages) and any(age < 1 for age in ages)
    assert all(one.guardian for one in people if one.born_year and one.born_year > 2011)
    for sign in ("born_about", "helper", "card", "know_me", "priority"):
        assert 5 < sum(bool(getattr(one, sign)) for one in people) < len(people), sign
    assert {one for person in people for one in person.priority} == {
        "child",
        "elder",
        "pregnant",
        "disabled",
        "merit",
    }
    assert any(one.allergy_groups for one in said(kinds.Measured))
    found = said(kinds.Examined)
    assert sum(one.referral is not None for one in found) > 10
    assert any(medicine.overruled for one in found for medicine in one.prescribed)
    assert {one.tone for one in said(kinds.Voiced)} == {"thanks", "complaint", "story"}
    assert any(one.not_given for one in said(kinds.Dispensed)) and any(one.early for one in said(kinds.Left))
    corrected = Counter(fact.kind for fact in PLAYED.facts if fact.corrects)
    assert set(corrected) == {"registered", "measured", "dispensed"}
    papers = {fact.paper for fact in PLAYED.facts if fact.entered_late}
    assert len(papers) >= 3 and all(fact.kit == 1 for fact in PLAYED.facts if fact.entered_late)
    assert any(abs((fact.device_at - fact.kit_at).total_seconds()) > 2000 for fact in PLAYED.kits[1])


def test_a_desk_serves_one_after_the_other() -> None:
    for kit in PLAYED.kits.values():
        by_desk: dict[str, list[datetime]] = {}
        for fact in kit:
            if fact.kind == "called":
                by_desk.setdefault(fact.body.desk, []).append(fact.kit_at)
        assert by_desk and all(
            before < after for calls in by_desk.values() for before, after in pairwise(calls)
        )


def test_medicine_comes_out_even_and_no_lot_was_given_too_old() -> None:
    assert all(stock.identity_holds(lot) for lot in DAY.lots.values())
    assert any(lot.expires_on < made_up.ON and lot.lost == lot.came for lot in DAY.lots.values())
    assert not any(lot.given for lot in DAY.lots.values() if lot.expires_on < made_up.ON)
    assert sorted(stock.differences(DAY).values()) == [-2, -2]
    several = Counter((lot.medicine, lot.kit) for lot in DAY.lots.values() if lot.given)
    assert max(several.values()) == 2


def test_a_kit_closes_over_all_that_it_holds() -> None:
    for number, facts in PLAYED.kits.items():
        *before, last = [*PLAYED.plan, *facts]
        closed = last.body
        assert isinstance(closed, kinds.Closed) and closed.kit == number
        assert (closed.facts, closed.digest) == (len(before), digest(before))
        explained = {one.lot: one.difference for one in closed.explained}
        assert explained == {
            lot: units for lot, units in stock.differences(DAY).items() if DAY.lots[lot].kit == number
        }


def test_nothing_in_it_is_of_anybody() -> None:
    assert DAY.plan.planned and DAY.plan.planned.made_up
    assert DAY.plan.permit and not DAY.plan.permit[1].real
    assert DAY.plan.formulary and DAY.plan.formulary.demo
    formulary.check_for(DAY.plan.formulary, DAY.plan.permit[1])


def test_no_prescription_goes_past_the_formulary_without_a_reason() -> None:
    for visit in DAY.came:
        for _, found in visit.examinations:
            for one in found.prescribed:
                limit = formulary.limits(
                    DAY.plan.medicines[one.medicine], visit.person, visit.vitals, made_up.ON
                )
                assert formulary.check(one, limit) == []


def test_the_team_signs_in_and_its_devices_are_let_in() -> None:
    members = DAY.plan.members
    assert all(pins.fits("1234", one.pin) for one in members.values())
    assert not pins.fits("1235", members["lead"].pin) and not pins.fits("", "")
    device = DAY.plan.devices["k2-doctor-1"]
    link = made_up_plan.entry_secret(PLAYED.key, device.id)
    assert hashlib.sha256(link.encode()).hexdigest() == device.entry
    letters = [one.letter for one in DAY.plan.devices.values()]
    assert len(set(letters)) == len(letters) == 24
    acting = {fact.author for kit in PLAYED.kits.values() for fact in kit}
    assert acting <= set(members) and locks.derived(PLAYED.key, "x") != PLAYED.key


@pytest.mark.parametrize("hour", [8, 10, 11])
def test_stopped_in_the_middle_people_wait_at_every_station(hour: int) -> None:
    played = made_up.play(1, until=time(hour))
    day = fold(played.facts)
    waits = Counter(visit.waits_for for visit in day.came)
    assert waits["doctor"] > 3 and sum(waits.values()) > waits[""] > 20
    assert not day.closed
    now = datetime.combine(made_up.ON, time(hour), HANOI)
    assert max(fact.kit_at for fact in played.facts) <= now
    rows = queue.board(day, now)
    assert sum(bool(row.called) for row in rows) >= 3 and any(row.next for row in rows)
    full = {to_line(fact) for fact in made_up.play(1).facts}
    assert {to_line(fact) for fact in played.facts} <= full


def test_the_place_is_named_as_on_its_day() -> None:
    for on, code in ((date(2013, 11, 2), "02"), (date(2026, 11, 21), "08")):
        plan = fold(made_up.play(1, people=5, on=on).facts).plan
        assert plan.planned and (plan.planned.on, plan.planned.province) == (on, code)


@pytest.mark.parametrize("people", [0, 1, 7])
def test_a_small_day_is_a_day_too(people: int) -> None:
    played = made_up.play(1, 3, people=people, expected=1500)
    day = fold(played.facts)
    assert len(day.plan.expected) == 1500 and len(day.closed) == 3
    assert all(one.kind == "same_person" for one in differing.differences(played.facts, day))
    assert list(current(played.facts))


def test_every_made_up_doctor_gave_the_reasons_that_the_list_asks_for() -> None:
    day = fold([fact for fact in PLAYED.facts if fact.kind != "dispensed"])
    assert [visit.id for visit in day.came if day.unexplained(visit, date(2026, 11, 21))] == []
