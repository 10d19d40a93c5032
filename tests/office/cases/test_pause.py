"""A clock stands still while we wait for the person, and goes on from where it was."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tantam.clock import HANOI
from tantam.errors import BadInput, Refused
from tantam.office.cases import actions, clocks
from tantam.office.cases.models import Case
from tantam.office.journal.models import Entry
from tests.office.cases.a_case import a_case, terms


def _on(day: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, 10, 0, tzinfo=HANOI)


def _settling(world: Any) -> Case:
    """Only the clock of settling runs, until 21/12."""
    case = a_case(world)
    by = {"actor": world.dung, "at": world.at, "proof": "đã đọc"}
    return actions.acknowledge(actions.give_receipt(case, **by), **by)


def _pause(world: Any, case: Case, at: datetime, **more: Any) -> Case:
    return actions.pause(case, **{"actor": world.dung, "at": at, "reason": "chờ ảnh hóa đơn", **more})


def test_it_moves_by_the_working_days_it_stood(world: Any) -> None:
    case = _pause(world, _settling(world), _on(25))
    assert case.next_due is None
    case = actions.resume(
        case, actor=world.dung, at=_on(2, 12)
    )  # Thursday, Friday, Monday to Wednesday: five
    term = terms(case)[clocks.SOLVE]
    assert term.due_at.astimezone(HANOI).date() == date(2026, 12, 28)
    assert case.next_due == term.due_at > term.first_due_at
    promise = term.promise
    assert (promise.first_due, promise.due) == (date(2026, 12, 21), date(2026, 12, 28))
    assert promise.reason == "chờ ảnh hóa đơn"


def test_the_second_time_changes_nothing(world: Any) -> None:
    case = _settling(world)
    for _ in range(2):
        _pause(world, case, _on(25))
    for _ in range(2):
        actions.resume(case, actor=world.dung, at=_on(27))
    assert Entry.objects.filter(act="case.paused").count() == 1
    assert Entry.objects.filter(act="case.resumed").count() == 1
    assert Entry.objects.filter(act="promise.redated").count() == 1


def test_two_pauses_add_up_and_one_of_an_afternoon_moves_nothing(world: Any) -> None:
    case = _settling(world)
    for start, end in ((_on(23), _on(23)), (_on(25), _on(26)), (_on(30), _on(2, 12))):
        _pause(world, case, start)
        case = actions.resume(case, actor=world.dung, at=end + timedelta(hours=3))
    assert terms(case)[clocks.SOLVE].due_at.astimezone(HANOI).date() == date(2026, 12, 24)
    assert terms(case)[clocks.SOLVE].pauses.count() == 3


def test_an_answer_ends_the_pause_and_is_in_time(world: Any) -> None:
    case = _pause(world, _settling(world), _on(18, 12))
    case = actions.answer(
        case, actor=world.dung, at=datetime(2027, 1, 20, tzinfo=HANOI), outcome="withdrawn",
        answer="Chị gọi báo đã xem lại hóa đơn và rút.", proof="gọi 9:10",
    )  # fmt: skip
    term = terms(case)[clocks.SOLVE]
    assert term.stopped_at < term.due_at
    assert not term.pauses.filter(to_at__isnull=True).exists()
    assert term.promise.state == "kept"
    assert term.promise.first_due == date(2026, 12, 21)  # and so it counts as kept late


def test_it_refuses(world: Any) -> None:
    case = _settling(world)
    with pytest.raises(BadInput, match="no_reason"):
        _pause(world, case, _on(25), reason=" ")
    with pytest.raises(BadInput, match="text_too_long"):
        _pause(world, case, _on(25), reason="x" * 301)
    with pytest.raises(Refused, match="clock_ran_out"):
        _pause(world, case, _on(22, 12))
    question = a_case(world, kind="question")
    with pytest.raises(Refused, match="no_such_clock"):
        _pause(world, question, _on(25))
    with pytest.raises(Refused, match="no_such_clock"):
        actions.resume(question, actor=world.dung, at=_on(25))
