"""What is done on a case: receipt, acknowledgement, hand-over, result, refund, and who keeps it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tantam.errors import BadInput, Refused
from tantam.office.cases import actions, clocks
from tantam.office.cases.models import Case
from tantam.office.journal.models import Entry
from tantam.office.promises import actions as promises
from tantam.office.promises.models import rate
from tests.office.cases.a_case import a_case, terms

REASON = "Số tiền ấy là cước gọi ra nước ngoài ngày 3/11, bảng kê gửi kèm."


def _by(world: Any, **more: Any) -> dict[str, Any]:
    return {
        "actor": world.dung,
        "at": world.at + timedelta(hours=1),
        "proof": "đã đọc qua điện thoại",
        **more,
    }


def _answer(world: Any, case: Case, outcome: str = "accepted", **more: Any) -> Case:
    return actions.answer(case, **_by(world, outcome=outcome, answer=REASON, **more))


def test_each_deed_stops_its_clock_and_keeps_its_promise(world: Any) -> None:
    case = a_case(world, about="content")
    for act, rule, more in [
        (actions.give_receipt, clocks.RECEIPT, {}),
        (actions.hand_over, clocks.HAND_OVER, {"to": "Công ty Nhạc chờ Sao Mai"}),
        (actions.acknowledge, clocks.ACKNOWLEDGE, {}),
    ]:
        left = {r for r, t in terms(case).items() if t.stopped_at is None}
        case = act(case, **_by(world, **more))
        term = terms(case)[rule]
        assert term.stopped_at == world.at + timedelta(hours=1)
        assert (term.promise.state, term.promise.proof) == ("kept", "đã đọc qua điện thoại")
        assert {r for r, t in terms(case).items() if t.stopped_at is None} == left - {rule}
    assert case.next_due == terms(case)[clocks.SOLVE].due_at
    assert case.next_cost_dong == 1_000_000
    assert case.handed_to == "Công ty Nhạc chờ Sao Mai"


def test_the_second_time_changes_nothing(world: Any) -> None:
    case = a_case(world, about="content")
    for _ in range(2):
        actions.give_receipt(case, **_by(world))
        actions.acknowledge(case, **_by(world))
        actions.hand_over(case, **_by(world, to="Sao Mai"))
        actions.turn_down(case, actor=world.dung, at=world.at)
        _answer(world, case, "refused")
    assert {n: Entry.objects.filter(act=f"case.{n}").count() for n in (
        "receipt_given", "acknowledged", "handed_over", "turned_down", "answered",
    )} == dict.fromkeys(("receipt_given", "acknowledged", "handed_over", "turned_down", "answered"), 1)  # fmt: skip


def test_a_result_keeps_whatever_was_owed_and_closes(world: Any) -> None:
    case = _answer(world, a_case(world, about="content"))
    assert (case.state, case.outcome, case.next_due) == ("closed", "accepted", None)
    assert case.closed_at == world.at + timedelta(hours=1)
    assert all(t.stopped_at and t.promise.state == "kept" for t in terms(case).values())
    assert rate(today=date(2026, 12, 30), kind="complaint").rate == 1.0
    assert Entry.objects.get(act="case.answered").facts == {"outcome": "accepted", "refund_dong": None}


def test_a_late_result_is_a_promise_kept_late(world: Any) -> None:
    case = actions.answer(
        a_case(world), actor=world.dung, at=world.at + timedelta(days=60), outcome="partly", answer=REASON,
        proof="thư 12",
    )  # fmt: skip
    assert terms(case)[clocks.SOLVE].stopped_at > terms(case)[clocks.SOLVE].due_at
    assert rate(today=date(2027, 3, 1), kind="complaint").kept_late == 3


def test_a_refund_has_three_days_and_closes_when_it_is_paid_whole(world: Any) -> None:
    case = _answer(world, a_case(world), refund_dong=50_000)
    assert (case.state, case.outcome, case.refund_dong) == ("open", "accepted", 50_000)
    due = terms(case)[clocks.REFUND].due_at
    assert (case.next_due, case.next_cost_dong) == (due, 5_000_000)
    with pytest.raises(Refused, match="refund_differs"):
        actions.refunded(case, **_by(world, dong=49_999))
    for _ in range(2):
        case = actions.refunded(case, **_by(world, dong=50_000))
    assert (case.state, case.next_due) == ("closed", None)
    assert terms(case)[clocks.REFUND].promise.state == "kept"
    assert Entry.objects.get(act="case.refunded").facts == {"refund_dong": 50_000}


def test_turned_down_owes_the_reason_within_five_working_days(world: Any) -> None:
    case = actions.turn_down(a_case(world), actor=world.dung, at=world.at)
    assert terms(case)[clocks.REASON].promise.first_due == date(2026, 11, 30)
    case = _answer(world, case, "refused")
    assert terms(case)[clocks.REASON].stopped_at
    assert case.answer == REASON


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("bad_outcome", {"outcome": "answered"}),
        ("no_answer", {"answer": " "}),
        ("reason_too_short", {"outcome": "refused", "answer": "sai quy định"}),
        ("text_too_long", {"answer": "x" * 4001}),
        ("no_proof", {"proof": ""}),
        ("bad_refund", {"refund_dong": -5}),
        ("bad_refund", {"refund_dong": 0}),
        ("refund_without_yes", {"outcome": "refused", "refund_dong": 5}),
    ],
)
def test_a_result_that_is_none_is_refused(world: Any, code: str, wrong: dict[str, Any]) -> None:
    case = a_case(world)
    given = {"outcome": "accepted", "answer": REASON, **wrong}
    with pytest.raises((BadInput, Refused), match=code):
        actions.answer(case, **_by(world, **given))
    assert Case.objects.get().outcome == ""


def test_what_does_not_fit_the_case_is_refused(world: Any) -> None:
    case, question = a_case(world), a_case(world, kind="question")
    with pytest.raises(Refused, match="no_such_clock"):
        actions.hand_over(case, **_by(world, to="Sao Mai"))
    with pytest.raises(Refused, match="no_such_clock"):
        actions.turn_down(question, actor=world.dung, at=world.at)
    with pytest.raises(BadInput, match="no_provider"):
        actions.hand_over(a_case(world, about="content"), **_by(world, to=""))
    with pytest.raises(Refused, match="no_refund_owed"):
        actions.refunded(case, **_by(world, dong=5))
    _answer(world, case)
    for act in (actions.give_receipt,):
        with pytest.raises(Refused, match="case_answered"):
            act(case, **_by(world))
    with pytest.raises(Refused, match="case_answered"):
        actions.turn_down(case, actor=world.dung, at=world.at)
    with pytest.raises(Refused, match="case_answered"):
        actions.assign(case, actor=world.dung, at=world.at, owner=world.lam)


def test_a_promise_that_was_broken_by_hand_does_not_stop_the_answer(world: Any) -> None:
    case = a_case(world)
    promises.break_(terms(case)[clocks.SOLVE].promise, actor=world.lam, at=world.at, reason="đã lỡ")
    case = _answer(world, case)
    assert terms(case)[clocks.SOLVE].promise.state == "broken"
    assert case.state == "closed"


def test_given_to_somebody_else_with_what_is_owed(world: Any) -> None:
    case = actions.give_receipt(a_case(world), **_by(world))
    for _ in range(2):
        case = actions.assign(case, actor=world.dung, at=world.at, owner=world.lam)
    owners = {rule: term.promise.owner for rule, term in terms(case).items()}
    assert case.owner == owners[clocks.SOLVE] == owners[clocks.ACKNOWLEDGE] == world.lam
    assert owners[clocks.RECEIPT] == world.dung  # that one is kept
    assert Entry.objects.filter(act="case.assigned").count() == 1
    assert Entry.objects.filter(act="promise.handed_on").count() == 2
    with pytest.raises(Refused, match="cannot_answer_here"):
        actions.assign(case, actor=world.dung, at=world.at, owner=world.khoi)


def test_the_stranger_and_other_offices_cannot(world: Any) -> None:
    case = a_case(world, about="content")
    for actor, code in ((world.stranger, "not_your_duty"), (world.khoi, "not_your_office")):
        by = _by(world, actor=actor)
        who = {"actor": actor, "at": world.at}
        for act in (
            lambda by=by: actions.give_receipt(case, **by),
            lambda by=by: actions.acknowledge(case, **by),
            lambda by=by: actions.hand_over(case, to="Sao Mai", **by),
            lambda by=by: actions.answer(case, outcome="accepted", answer=REASON, **by),
            lambda by=by: actions.refunded(case, dong=5, **by),
            lambda who=who: actions.turn_down(case, **who),
            lambda who=who: actions.pause(case, reason="chờ hóa đơn", **who),
            lambda who=who: actions.resume(case, **who),
            lambda who=who: actions.assign(case, owner=world.lam, **who),
        ):
            with pytest.raises(Refused, match=code):
                act()


def test_what_is_held_and_what_is_forgotten(world: Any) -> None:
    mine, other = a_case(world), a_case(world, key=6)
    actions.pause(mine, actor=world.dung, at=world.at, reason="chờ chị gửi ảnh hóa đơn")
    _answer(world, mine)
    (held,) = actions.held_on(5)
    assert (held["kind"], held["outcome"], held["reply"]) == ("complaint", "accepted", REASON)
    assert actions.forget(5, actor=world.privacy, at=world.at) == 1
    assert actions.forget(5, actor=world.privacy, at=world.at) == 0
    assert actions.held_on(5) == []
    mine.refresh_from_db()
    assert (mine.text, mine.answer, mine.key, mine.outcome) == ("—", "", None, "accepted")
    assert all(t.proof == "" for t in terms(mine).values())
    other.refresh_from_db()
    assert other.text != "—"
