"""In = given + written off + held, of every lot, whatever happens; first expired first out, and nothing too old."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tantam.office.camps import differing, kinds, made_up, stock
from tantam.office.camps.day import fold
from tantam.office.camps.facts import Fact, digest, merge
from tantam.office.camps.folding import Folding
from tests.office.camps.pure import ON, Camp


def shown(offer: list[kinds.Given]) -> list[tuple[str, int]]:
    """An offer, short."""
    return [(one.lot, one.units) for one in offer]


def test_first_expired_first_out_and_never_too_old() -> None:
    camp = Camp()
    camp.gets("late", 10, days=300), camp.gets("soon", 10, days=0), camp.gets("old", 10, days=-1)
    assert shown(stock.offer(camp.day, "M", 15, ON)) == [("soon", 10), ("late", 5)]
    assert shown(stock.offer(camp.day, "M", 25, ON)) == [("soon", 10), ("late", 10)], "it may be short"
    assert shown(stock.offer(camp.day, "M", 5, ON + timedelta(days=1))) == [("late", 5)]
    assert stock.offer(camp.day, "N", 5, ON) == stock.offer(camp.day, "M", 0, ON) == []


def test_a_kit_offers_what_lies_in_its_own_box() -> None:
    camp = Camp()
    camp.gets("mine", 5, kit=1), camp.gets("theirs", 5, days=9, kit=2), camp.gets("both", 5, days=400)
    assert shown(stock.offer(camp.day, "M", 20, ON, kit=1)) == [("mine", 5), ("both", 5)]
    assert stock.left(camp.day, "M", kit=2) == 10 and stock.left(camp.day, "M") == 15


def test_for_how_many_more_people_it_is_enough() -> None:
    camp = Camp()
    camp.gets(units=100)
    assert stock.people_left(camp.day, "M") is None
    camp.gives(camp.prescribes(camp.comes("1"), units=20), units=20)
    camp.gives(camp.prescribes(camp.comes("2"), units=10), units=10)
    assert (stock.left(camp.day, "M"), stock.people_left(camp.day, "M")) == (70, 4)


def test_a_difference_is_told_by_lot() -> None:
    camp = Camp()
    camp.gets("A", 10), camp.gets("B", 10), camp.gets("C", 10)
    camp.say(kinds.Counted(lot="A", units=10)), camp.say(kinds.Counted(lot="B", units=8))
    assert stock.differences(camp.day) == {"B": -2}


@pytest.mark.parametrize("seed", range(3))
def test_the_made_up_day_comes_out_even(seed: int) -> None:
    day = fold(made_up.play(seed, 2, people=120).facts)
    assert all(stock.identity_holds(lot) for lot in day.lots.values())
    assert set(stock.differences(day).values()) <= {-2}
    assert not any(lot.given for lot in day.lots.values() if lot.expires_on < ON)


LOTS = st.sampled_from(["A", "B"])


@dataclass
class Said:
    """A prescription's answer as it stands on one kit."""

    fact: Fact
    units: int
    lot: str


class Boxes(RuleBasedStateMachine):
    """Two kits give out of two lots without knowing of each other, correct themselves, lose files and find them; the
    stock is also reckoned by other means: by what each fact took, less what was taken back."""

    def __init__(self) -> None:
        super().__init__()
        self.camp = Camp()
        self.came = Counter[str]()
        self.lost = Counter[str]()
        self.answers: dict[UUID, Said] = {}
        self.home = Folding()

    @rule(lot=LOTS, units=st.integers(1, 50))
    def comes_in(self, lot: str, units: int) -> None:
        self.camp.gets(lot, units)
        self.came[lot] += units

    @rule(lot=LOTS, units=st.integers(1, 9), kit=st.integers(1, 2))
    def is_given(self, lot: str, units: int, kit: int) -> None:
        examined = self.camp.prescribes(self.camp.comes("1", kit=kit), units=units, kit=kit)
        fact = self.camp.gives(examined, lot, units, kit=kit)
        self.answers[fact.id] = Said(fact, units, lot)

    @precondition(lambda self: self.answers)
    @rule(lot=LOTS, units=st.integers(1, 9), data=st.data())
    def is_corrected(self, lot: str, units: int, data: Any) -> None:
        first = data.draw(st.sampled_from(sorted(self.answers)))
        wrong = self.answers[first].fact
        body = wrong.body.model_copy(update={"given": [kinds.Given(lot=lot, units=units)]})
        self.answers[first] = Said(self.camp.say(body, corrects=wrong), units, lot)

    @rule(lot=LOTS, units=st.integers(1, 9))
    def is_broken(self, lot: str, units: int) -> None:
        self.camp.say(kinds.WrittenOff(lot=lot, units=units, reason="rơi vỡ"))
        self.lost[lot] += units

    @rule(lot=LOTS, off=st.integers(-3, 3))
    def is_counted(self, lot: str, off: int) -> None:
        known = self.camp.day.lots.get(lot)
        units = max(0, (known.held if known else 0) + off)
        self.camp.say(kinds.Counted(lot=lot, units=units))
        assert self.camp.day.lots[lot].difference == units - self.held(lot)

    @precondition(lambda self: self.answers)
    @rule(data=st.data())
    def is_corrected_twice_and_decided(self, data: Any) -> None:
        first = data.draw(st.sampled_from(sorted(self.answers)))
        said = self.answers[first]
        bodies = [
            said.fact.body.model_copy(update={"given": [kinds.Given(lot=said.lot, units=units)]})
            for units in (2, 3)
        ]
        one, other = (self.camp.say(body, kit=kit, corrects=said.fact) for kit, body in enumerate(bodies, 1))
        found = differing.differences(self.camp.facts, self.camp.day)
        [open_] = [x for x in found if x.kind == "two_corrections" and one.mark in x.marks]
        self.camp.say(differing.settled(open_, holds=other.mark, reason="hỏi lại rồi"))
        self.answers[first] = Said(other, 3, said.lot)

    @rule(chance=st.randoms(use_true_random=False))
    def files_come_home(self, chance: Any) -> None:
        """Some of the facts, in any order, some with another stamp."""
        some = [fact for fact in self.camp.facts if chance.random() < 0.5]
        later = timedelta(seconds=5)
        doubled = [replace(fact, kit=3, kit_at=fact.kit_at + later) for fact in some[::2]]
        chance.shuffle(some)
        self.home.take([*doubled, *some])

    def held(self, lot: str) -> int:
        given = sum(said.units for said in self.answers.values() if said.lot == lot)
        return self.came[lot] - self.lost[lot] - given

    @invariant()
    def every_lot_comes_out_even(self) -> None:
        for name, lot in self.camp.day.lots.items():
            assert (lot.came, lot.lost, lot.held) == (self.came[name], self.lost[name], self.held(name))
            assert stock.identity_holds(lot) == (lot.held >= 0)

    def teardown(self) -> None:
        """All files are home: the day is the same, and so is the digest."""
        assert self.home.take(self.camp.facts) == self.camp.day
        assert digest(self.home.facts) == digest(merge(self.camp.facts, self.camp.facts[::-1]))


TestBoxes = Boxes.TestCase
TestBoxes.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
