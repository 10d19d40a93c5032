"""Every kind of difference is found whatever the order, a decision settles it, and facts stay what they were."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from tantam.office.camps import kinds, made_up
from tantam.office.camps.day import fold
from tantam.office.camps.differing import KINDS, Difference, differences, people, settled
from tests.office.camps.pure import Camp


def found(camp: Camp) -> list[Difference]:
    """What is open."""
    return differences(camp.facts, camp.day)


def same_id(camp: Camp) -> None:
    visit = camp.comes("1")
    fact = camp.facts[-1]
    other = fact.body.model_copy(update={"name": "Tên khác", "visit": visit})
    camp.facts.append(replace(fact, body=other))


def two_corrections(camp: Camp) -> None:
    camp.comes("1")
    fact = camp.facts[-1]
    for kit, name in enumerate(("Vàng Thị Súa", "Vàng Thị Sua"), 1):
        camp.say(fact.body.model_copy(update={"name": name}), kit=kit, corrects=fact)


def dispensed_twice(camp: Camp) -> None:
    camp.gets()
    examined = camp.prescribes(camp.comes("1"))
    camp.gives(examined, units=5)
    camp.gives(examined, units=6)


def same_person(camp: Camp) -> None:
    for kit, name in ((1, "Vàng Thị Súa"), (2, "VANG THI SUA")):
        year = {"born_year": 1950 + kit, "born_about": kit == 2}
        camp.comes(str(kit), kit=kit, name=name, village="Lũng Cẩu", sex="female", **year)


def same_ticket(camp: Camp) -> None:
    camp.comes("U 7"), camp.comes("U 7", name="Ai Khác")


def stock_below_zero(camp: Camp) -> None:
    camp.gets(units=5)
    camp.gives(camp.prescribes(camp.comes("1")), units=6)


def stray(camp: Camp) -> None:
    camp.say(kinds.Measured(visit=uuid7(), pulse=80))


MADE = {one.__name__: one for one in (same_id, two_corrections, dispensed_twice, same_person, same_ticket,
                                      stock_below_zero, stray)}  # fmt: skip


def test_every_kind_is_tried_here() -> None:
    assert set(MADE) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_found_in_any_order_and_settled_for_good(kind: str) -> None:
    camp = Camp()
    MADE[kind](camp)
    [one] = found(camp)
    assert one.kind == kind and one.code.startswith(f"{kind}:") and len(one.code) <= 200
    assert one.visits and set(one.marks) <= {fact.mark for fact in camp.facts}
    chance = random.Random(kind)
    for _ in range(20):
        chance.shuffle(camp.facts)
        assert found(camp) == [one]
    before = list(camp.facts)
    camp.say(settled(one, reason="Đã hỏi cả hai bàn."))
    assert found(camp) == []
    assert camp.facts[:-1] == before


@pytest.mark.parametrize("kind", KINDS)
def test_alone_is_no_difference(kind: str) -> None:
    camp = Camp()
    camp.gets()
    visit = camp.comes("1", name="Vàng Thị Súa", village="Lũng Cẩu", born_year=1951)
    camp.comes(
        "2", name="Vàng Thị Súa", village="Lũng Cẩu", born_year=1951
    )  # one kit: its registrar saw both
    camp.gives(camp.prescribes(visit), units=3)
    camp.facts += camp.facts
    assert kind not in {one.kind for one in found(camp)}


def test_the_one_that_holds_is_decided_by_a_person_and_the_stock_follows() -> None:
    camp = Camp()
    dispensed_twice(camp)
    assert camp.day.lots["A"].held == 89
    [one] = found(camp)
    camp.say(settled(one, holds=one.marks[1], reason="Ghi hai lần, phiếu ghi 6."))
    assert camp.day.lots["A"].held == 94
    [fact] = camp.day.came[0].dispensed
    assert fact.mark == one.marks[1]


def test_a_decision_may_itself_be_corrected() -> None:
    camp = Camp()
    dispensed_twice(camp)
    [one] = found(camp)
    said = camp.say(settled(one, holds=one.marks[1], reason="Ghi hai lần."))
    camp.say(settled(one, holds=one.marks[0], reason="Xem lại phiếu giấy: 5."), corrects=said)
    assert camp.day.lots["A"].held == 95


def test_two_decisions_on_one_difference_never_put_both_aside() -> None:
    camp = Camp()
    dispensed_twice(camp)
    [one] = found(camp)
    for mark in one.marks:
        camp.say(settled(one, holds=mark, reason="hai người cùng quyết"))
    assert camp.day.lots["A"].held == 94


def test_a_difference_comes_back_when_something_new_joins_it() -> None:
    camp = Camp()
    dispensed_twice(camp)
    [one] = found(camp)
    camp.say(settled(one, holds=one.marks[0], reason="Ghi hai lần."))
    examined = next(fact for fact in camp.facts if fact.kind == "examined")
    camp.gives(examined, units=7, kit=2)
    [again] = found(camp)
    assert again.kind == "dispensed_twice" and one.marks[1] not in again.marks


def test_what_the_doctor_reworded_and_was_given_twice_is_found() -> None:
    camp = Camp()
    camp.gets()
    examined = camp.prescribes(camp.comes("1"))
    camp.gives(examined)
    camp.gives(camp.prescribes(camp.day.came[0].id, units=10, corrects=examined))
    assert [one.kind for one in found(camp)] == ["dispensed_twice"]


@pytest.mark.parametrize(
    ("change", "one"),
    [
        ({"card": "c" * 64}, True),
        ({"expected": "V00001"}, True),
        ({"born_year": 1952}, False),
        ({"born_year": 1952, "born_about": True}, True),
        ({"born_year": 1954, "born_about": True}, False),
        ({"born_year": None}, True),
        ({"village": "Bản Thăng"}, False),
        ({"name": "Vàng Thị Sua"}, True),
        ({"name": "Vàng Thị Mỷ"}, False),
        ({"sex": "male"}, False),
        ({"kit": 1}, False),
        ({"kit": 1, "card": "c" * 64}, True),
    ],
)
def test_who_may_be_one_person(change: dict[str, Any], one: bool) -> None:
    camp = Camp()
    person = {"name": "Vàng Thị Súa", "born_year": 1951, "village": "Lũng Cẩu", "sex": "female"}
    sign = {name: change[name] for name in ("card", "expected") if name in change}
    camp.comes("1", **person, **sign)
    if sign:
        person = {"name": "Ai Đó"}
    camp.comes("2", **{"kit": 2, **person, **change})
    assert [x.kind for x in found(camp)] == (["same_person"] if one else [])


def test_two_who_are_one_count_as_one_and_keep_their_visits() -> None:
    camp = Camp()
    for ticket, kit in (("1", 1), ("2", 2), ("3", 3)):
        camp.comes(ticket, kit=kit, name="Vàng Thị Súa", born_year=1951)
    first, second, *_ = found(camp)
    assert len(found(camp)) == 3 and len(people(camp.day)) == 3
    camp.say(settled(first, same=True, reason="Cùng một bà."))
    camp.say(settled(second, same=True, reason="Cùng một bà."))
    assert found(camp) == [], "the third pair follows from the two"
    assert [len(visits) for visits in people(camp.day)] == [3] and len(camp.day.came) == 3


def test_two_who_are_apart_stay_apart() -> None:
    camp = Camp()
    same_person(camp)
    [one] = found(camp)
    camp.say(settled(one, same=False, reason="Hai chị em họ."))
    assert found(camp) == [] and len(people(camp.day)) == 2


def test_a_made_up_day_of_two_kits_has_its_two_people_at_both() -> None:
    played = made_up.play(6, 2, people=200)
    listed = differences(played.facts, fold(played.facts))
    assert {one.kind for one in listed} == {"same_person"} and len(listed) >= 2
