"""The rules by themselves: the call, free seats, what a seal waits for, the windows."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from tantam.errors import TantamError
from tantam.office.events import rules, seals
from tantam.office.events.rules import Call

ON = date(2026, 11, 22)
said = st.tuples(st.sampled_from([*rules.ANSWERS, "?"]), st.booleans())


@given(st.lists(said, max_size=8))
def test_no_call_ends_with_a_second_answer_unexplained(answers: list[tuple[str, bool]]) -> None:
    call = Call()
    for answer, explained in answers:
        try:
            call = rules.answered(call, answer, explained)
        except TantamError as no:
            assert no.code in {"bad_answer", "not_explained", "already_answered"} and no.vi
        assert bool(call.second) == call.explained
        assert not call.second or call.first == "refused"
        assert call.answer in rules.ANSWERS
        assert not (call.answer == "accepted" and call.open)


@given(st.lists(said, max_size=8))
def test_the_same_answer_twice_is_once(answers: list[tuple[str, bool]]) -> None:
    call = Call()
    for answer, explained in answers:
        try:
            call = rules.answered(call, answer, explained)
        except TantamError:
            continue
        if answer in ("accepted", "unreachable", "withdrew") or call.second:
            assert rules.answered(call, answer, explained) == call


def test_a_seat_is_free_when_nobody_may_still_take_it() -> None:
    taken = [Call("accepted", "accepted"), Call(), Call("refused", "refused")]
    assert rules.free_seats(4, taken) == 1
    assert rules.free_seats(4, [*taken, Call("unreachable", "")]) == 1
    assert rules.free_seats(3, [*taken[:2], Call("refused", "refused", True, "refused")]) == 1


def test_a_seal_waits_for_everybody_who_came() -> None:
    for came, read in product([None, True, False], ["none", "agreed", "corrected", "silent"]):
        seats = [seals.Seat("accepted", came, read), seals.Seat("accepted", True, "agreed")]
        code = seals.missing(seats, 1)
        whole = came is False or (came is True and read != "none")
        assert (code == "") == whole
    assert seals.missing([seals.Seat("refused", None, "none")], 1) == "nobody_came"


@given(
    st.lists(
        st.text(alphabet="0123456789abcdef", min_size=64, max_size=64), min_size=1, max_size=6, unique=True
    )
)
def test_the_seal_knows_no_order_and_every_line(marks: list[str]) -> None:
    code = seals.seal_code(1, marks)
    assert code == seals.seal_code(1, marks[::-1])
    assert code != seals.seal_code(1, marks[1:])
    assert code != seals.seal_code(2, marks)


def test_the_call_list_is_open_two_weeks_before_and_until_all_were_called_back() -> None:
    assert [rules.may_call("invited", ON, ON + timedelta(days=d)) for d in (-15, -14, 0, 1)] == [
        False,
        True,
        True,
        False,
    ]
    assert rules.may_call("sealed", ON, ON + timedelta(days=90))
    assert not rules.may_call("sealed", ON, ON, called_back=True)
    assert not rules.may_call("cancelled", ON, ON)
