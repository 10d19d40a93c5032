"""The day follows from facts in any order, one by one or all at once; a correction takes the place of its fact."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from tantam.office.camps import differing, kinds, made_up
from tantam.office.camps.day import fold
from tantam.office.camps.folding import Folding
from tests.office.camps.pure import ON, Camp

PLAYED = made_up.play(4, 2, people=60)


@given(st.randoms(use_true_random=False))
def test_fact_by_fact_in_any_order_is_the_day_from_scratch(chance: random.Random) -> None:
    facts = [*PLAYED.facts, *chance.sample(PLAYED.facts, 30)]
    chance.shuffle(facts)
    folding = Folding()
    at = 0
    while at < len(facts):
        size = chance.choice((1, 1, 3, 50))
        day = folding.take(facts[at : at + size])
        at += size
    whole = fold(PLAYED.facts)
    assert day == whole
    assert list(day.visits) == list(whole.visits)
    assert list(day.lots) == list(whole.lots)


@given(st.randoms(use_true_random=False))
def test_every_step_on_the_way_is_the_day_of_what_is_there(chance: random.Random) -> None:
    facts = tangled(chance)
    folding = Folding()
    for there, fact in enumerate(facts, 1):
        before = folding.day
        kept = fold(facts[: there - 1])
        assert folding.take([fact]) == fold(facts[:there])
        assert before == kept, "a day that was handed out was changed"


def tangled(chance: random.Random) -> list:
    """Corrections of corrections, one id said twice, decisions on them, one fact on two kits, in no order."""
    camp = Camp()
    camp.gets("A"), camp.gets("B")
    for number in range(3):
        visit = camp.comes(str(number))
        examined = camp.prescribes(visit, units=3)
        for _ in range(chance.randrange(3)):
            examined = camp.prescribes(visit, units=chance.choice((3, 4)), corrects=examined)
        first = camp.gives(chance.choice([*camp.facts[-1:], examined]), units=3)
        for _ in range(chance.randrange(3)):
            wrong, lot = chance.choice([first, camp.facts[-1]]), chance.choice("AB")
            camp.gives(examined, lot, chance.randrange(1, 5), corrects=wrong)
        camp.facts.append(replace(first, device="D9"))
        camp.facts.append(
            replace(first, kit=2, kit_at=first.kit_at + timedelta(seconds=chance.randrange(-90, 90)))
        )
    camp.say(kinds.Counted(lot="A", units=80))
    for one in differing.differences(camp.facts, camp.day):
        if one.kind != "same_person" and chance.random() < 0.7:
            camp.say(differing.settled(one, holds=chance.choice(("", *one.marks)), reason="đã hỏi lại"))
    chance.shuffle(camp.facts)
    return camp.facts


def test_a_correction_costs_nobody_his_place() -> None:
    camp = Camp()
    one, other = camp.comes("1"), camp.comes("2")
    wrong = camp.facts[0]
    camp.say(wrong.body.model_copy(update={"name": "Vừ Mí Dia"}), corrects=wrong)
    assert camp.visit(one).person.name == "Vừ Mí Dia"
    assert camp.visit(one).since < camp.visit(other).since
    assert [visit.id for visit in camp.day.came] == [one, other]


def test_a_correction_that_came_before_its_fact_holds_all_the_same() -> None:
    camp = Camp()
    visit = camp.comes("1")
    wrong = camp.facts.pop()
    right = camp.say(wrong.body.model_copy(update={"name": "Vừ Mí Dia"}), corrects=wrong)
    assert camp.visit(visit).registered == right
    camp.facts.append(wrong)
    assert camp.visit(visit).registered == right


def test_medicine_given_for_a_prescription_stays_given_when_other_words_of_it_are_corrected() -> None:
    camp = Camp()
    camp.gets()
    visit = camp.comes("1")
    examined = camp.prescribes(visit)
    camp.gives(examined)
    same = camp.say(examined.body.model_copy(update={"advice": "Uống nhiều nước."}), corrects=examined)
    assert camp.visit(visit).waits_for == "exit"
    camp.prescribes(visit, units=20, corrects=same)
    assert camp.visit(visit).waits_for == "pharmacist", "more was prescribed, so the pharmacist must see it"


def test_a_referral_followed_before_its_examination_was_corrected_stays_followed() -> None:
    camp = Camp()
    examined = camp.prescribes(camp.comes("1"))
    camp.say(kinds.Followed(examined=examined.id, outcome="treated", on=camp.facts[0].kit_at.date()))
    later = camp.say(examined.body.model_copy(update={"advice": "Nghỉ."}), corrects=examined)
    assert camp.day.followed[later.id].outcome == "treated"


def test_who_was_registered_nowhere_is_stray_until_the_other_half_comes() -> None:
    camp = Camp()
    visit = camp.comes("1")
    registered = camp.facts.pop()
    measured = camp.say(kinds.Measured(visit=visit, pulse=80))
    assert camp.day.stray == [measured] and not camp.day.came
    camp.facts.append(registered)
    assert not camp.day.stray and len(camp.day.came) == 1


@pytest.mark.parametrize(("paper", "expected"), [("", -3), ("P-004", -8)])
def test_a_count_is_held_against_what_lay_there_then(paper: str, expected: int) -> None:
    camp = Camp()
    camp.gets(units=100)
    examined = camp.prescribes(camp.comes("1"), units=5)
    camp.say(kinds.Counted(lot="A", units=97 if not paper else 87))
    camp.gives(examined, units=5, paper=paper)
    lot = camp.day.lots["A"]
    assert lot.held == 95
    assert lot.difference == expected, (
        "what was done before the count and copied from paper later counts before it"
    )


def test_later_words_on_the_plan_hold() -> None:
    camp = Camp()
    for name in ("một", "hai"):
        camp.say(kinds.Kit(number=1, name=name, address="10.77.0.1", first_ticket=1))
    assert camp.day.plan.kits[1].name == "hai"


def test_facts_of_a_visit_that_nobody_knows_do_no_harm() -> None:
    camp = Camp()
    camp.say(kinds.Dispensed(visit=uuid7(), examined=uuid7(), given=[kinds.Given(lot="X", units=1)]))
    assert camp.day.lots["X"].held == -1


def listed(camp: Camp, **said: object) -> None:
    """A formulary of one medicine, M: at most ten units in all; ``said``: more of its line."""
    bounds = [kinds.Bound(most_in_all=10)]
    one = kinds.Medicine(code="M", name="M", ingredient="m", unit="viên", source="s", bounds=bounds, **said)
    camp.say(kinds.Formulary(demo=True, medicines=[one], signed_by="DS", signed_on=ON, digest="0" * 64))


def against(camp: Camp, visit: UUID) -> list[tuple[UUID, str]]:
    found = camp.day.unexplained(camp.visit(visit), ON)
    return [(fact.id, warning.code) for fact, medicine, warning in found if medicine == "M"]


def test_a_prescription_past_a_bound_without_a_reason_waits_for_a_word() -> None:
    camp = Camp()
    listed(camp)
    camp.gets()
    visit = camp.comes("1")
    camp.say(kinds.Measured(visit=visit))
    camp.prescribes(visit, units=6)
    assert against(camp, visit) == []
    more = camp.prescribes(visit, units=5)
    assert against(camp, visit) == [(more.id, "too_many_in_all")], "units of one medicine count together"
    assert more in camp.facts and camp.visit(visit).waits_for == "pharmacist", "it is kept as it came"
    reason = kinds.Overruled(warning="too_many_in_all", reason="đau lâu ngày")
    one = more.body.prescribed[0].model_copy(update={"overruled": [reason]})
    again = camp.say(more.body.model_copy(update={"prescribed": [one]}), corrects=more)
    assert against(camp, visit) == []
    camp.gives(again)
    assert against(camp, visit) == []


def test_what_was_handed_out_asks_for_no_word_and_a_later_measurement_does() -> None:
    camp = Camp()
    listed(camp, groups=["nhom-1"])
    visit, other = camp.comes("1"), camp.comes("2")
    first = camp.say(kinds.Measured(visit=visit))
    examined = camp.prescribes(visit)
    assert against(camp, visit) == []
    camp.say(kinds.Measured(visit=visit, allergy_groups=["nhom-1"]), corrects=first)
    assert against(camp, visit) == [(examined.id, "allergy")]
    camp.gives(examined)
    assert against(camp, visit) == []
    camp.prescribes(other)
    assert [code for _, code in against(camp, other)] == ["not_asked"]
    camp.prescribes(other, medicine="unknown", units=999)
    assert [code for _, code in against(camp, other)] == ["not_asked"]
