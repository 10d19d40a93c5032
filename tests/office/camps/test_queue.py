"""Priority first, nobody refused, nobody waits for ever; a board without names."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tantam.office.camps import kinds, queue
from tantam.office.camps.folding import Folding
from tests.office.camps.pure import DAWN, Camp

ROW = queue.PRIORITY_IN_A_ROW


def now(camp: Camp) -> object:
    """The moment of the last fact."""
    return DAWN + timedelta(minutes=camp.minute)


def line(camp: Camp, station: str = "triage") -> list[str]:
    """The tickets that wait at a station, in order."""
    return [visit.person.ticket for visit in queue.ordered_for(camp.day, station, now(camp))]


@pytest.mark.parametrize(
    ("priority", "shown"),
    [([], ""), (["child"], "E"), (["elder"], "U"), (["pregnant"], "U"), (["disabled", "child"], "E"), (["merit"], "U")],
)  # fmt: skip
def test_the_letter_on_a_ticket(priority: list[str], shown: str) -> None:
    assert queue.ticket_class(priority) == shown


def test_priority_first_then_one_of_the_others() -> None:
    camp = Camp()
    for n in range(1, 4):
        camp.comes(str(n))
    for n in range(1, 6):
        camp.comes(f"U {n}", priority=["elder"])
    assert line(camp) == ["U 1", "U 2", "U 3", "1", "U 4", "U 5", "2", "3"]


def test_the_turns_before_are_remembered() -> None:
    camp = Camp()
    camp.desk("triage")
    camp.comes("1")
    visits = [camp.comes(f"U {n}", priority=["elder"]) for n in range(1, 6)]
    for visit in visits[:ROW]:
        camp.say(kinds.Called(visit=visit, desk="triage-1"))
        camp.say(kinds.Measured(visit=visit))
    assert line(camp)[0] == "1", "three of them went, so one of the others is next"


def test_each_desk_has_its_own_call_and_one_line_is_for_all() -> None:
    camp = Camp()
    camp.desk("triage", 1), camp.desk("triage", 2)
    one, other, _third = camp.comes("1"), camp.comes("2"), camp.comes("3")
    camp.say(kinds.Called(visit=one, desk="triage-1"))
    camp.say(kinds.Called(visit=other, desk="triage-2"))
    rows = queue.board(camp.day, now(camp))
    assert [(row.desk.id, row.called, row.next) for row in rows] == [
        ("triage-1", "1", ["3"]),
        ("triage-2", "2", ["3"]),
    ]
    assert line(camp) == ["1", "2", "3"], "who was called stands first at the station's own pages"


def test_of_several_kits_a_board_shows_the_desks_that_called_here() -> None:
    camp = Camp()
    for number in (1, 2):
        camp.say(kinds.Kit(number=number, name="Máy", address="10.77.0.1", first_ticket=1))
        camp.desk("triage", number), camp.desk("doctor", number)

    def shown() -> list[str]:
        return [row.desk.id for row in queue.board(camp.day, now(camp))]

    visit = camp.comes("1")
    assert shown() == ["triage-1", "triage-2", "doctor-1", "doctor-2"], "nobody can say yet whose they are"
    camp.say(kinds.Called(visit=visit, desk="triage-2"))
    assert shown() == ["triage-2", "doctor-1", "doctor-2"]


def test_a_desk_shows_whom_it_called_last() -> None:
    camp = Camp()
    camp.desk("triage")
    one, other = camp.comes("1"), camp.comes("2")
    camp.say(kinds.Called(visit=other, desk="triage-1"))
    camp.say(kinds.Called(visit=one, desk="triage-1"))
    assert queue.board(camp.day, now(camp))[0].called == "1", "who did not come is asked again later"


def test_a_call_that_nobody_answers_goes_back_to_the_head_of_the_line() -> None:
    camp = Camp()
    camp.desk("triage")
    one, _ = camp.comes("1"), camp.comes("2")
    camp.say(kinds.Called(visit=one, desk="triage-1"), at=10)
    visit = camp.visit(one)
    shortly = DAWN + timedelta(minutes=19)
    assert queue.called_by(camp.day, visit, shortly) == "triage-1"
    later = DAWN + timedelta(minutes=10) + queue.CALL_HOLDS
    assert queue.called_by(camp.day, visit, later) == ""
    [row] = queue.board(camp.day, later)
    assert (row.called, row.next) == ("", ["1", "2"])


def test_a_call_to_an_earlier_station_is_over_when_that_is_done() -> None:
    camp = Camp()
    camp.desk("triage"), camp.desk("doctor")
    one = camp.comes("1")
    camp.say(kinds.Called(visit=one, desk="triage-1"))
    camp.say(kinds.Measured(visit=one))
    assert queue.called_by(camp.day, camp.visit(one), now(camp)) == ""
    assert line(camp, "doctor") == ["1"] and line(camp) == []


def test_who_went_home_waits_nowhere() -> None:
    camp = Camp()
    one = camp.comes("1")
    camp.say(kinds.Left(visit=one, early="Nhà xa."))
    assert all(line(camp, station) == [] for station in kinds.STATIONS)


def test_how_long_a_newcomer_waits_is_told_from_the_last_served() -> None:
    camp = Camp()
    camp.desk("triage")
    for n in range(6):
        visit = camp.comes(str(n), at=n * 4)
        camp.say(kinds.Measured(visit=visit), at=n * 4 + 3)
    assert queue.board(camp.day, now(camp))[0].minutes == 0
    for n in range(6, 9):
        camp.comes(str(n), at=24)
    assert queue.board(camp.day, now(camp))[0].minutes == 12, "three people at four minutes each"


def test_before_anybody_was_served_nobody_says_how_long() -> None:
    camp = Camp()
    camp.desk("doctor")
    camp.comes("1")
    assert queue.board(camp.day, now(camp))[0].minutes is None


@dataclass
class Waiting:
    """Somebody in the line: how many calls came before his, and how many of the others stood before him."""

    before: int
    calls: int = 0


@given(st.integers(0, 2**32), st.floats(0.1, 1.0))
@settings(max_examples=15)
def test_nobody_is_overtaken_without_end(seed: int, share: float) -> None:
    """However many priority people come, whoever waits is called after at most (n + 1) × 4 calls, with n of the others
    before him; and everybody is called in the end."""
    chance, camp, folding = random.Random(seed), Camp(), Folding()
    camp.desk("triage")
    waiting: dict[UUID, Waiting] = {}
    taken = served = came = 0
    while came < 60 or waiting:
        for _ in range(chance.randrange(4) if came < 60 else 0):
            came += 1
            first = chance.random() < share
            visit = camp.comes(str(came), priority=["elder"] if first else [])
            if not first:
                waiting[visit] = Waiting(len(waiting))
        day = folding.take(camp.facts[taken:])
        taken = len(camp.facts)
        here = queue.ordered_for(day, "triage", now(camp))
        assert len(here) == came - served
        if not here:
            continue
        camp.say(kinds.Called(visit=here[0].id, desk="triage-1"))
        camp.say(kinds.Measured(visit=here[0].id))
        served += 1
        waiting.pop(here[0].id, None)
        for one in waiting.values():
            one.calls += 1
            assert one.calls < (one.before + 1) * (ROW + 1)
