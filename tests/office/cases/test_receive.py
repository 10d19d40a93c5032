"""A case is written down: its number, its clocks, its promises."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tantam.clock import HANOI
from tantam.errors import BadInput, Refused
from tantam.office.cases import clocks
from tantam.office.cases.models import Case
from tantam.office.cases.rules import number, numbered
from tantam.office.journal.models import Entry
from tantam.office.promises.models import Promise
from tests.office.cases.a_case import KEY, a_case, terms


def _end(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=HANOI)


def test_a_complaint_has_three_clocks_and_each_is_a_promise(world: Any) -> None:
    case = a_case(world)
    due = {rule: term.due_at for rule, term in terms(case).items()}
    assert due == {
        clocks.RECEIPT: _end(date(2026, 11, 22)),
        clocks.ACKNOWLEDGE: _end(date(2026, 11, 26)),  # over Vietnam Cultural Day
        clocks.SOLVE: _end(date(2026, 12, 21)),
    }
    case.refresh_from_db()
    assert (case.next_due, case.next_cost_dong) == (due[clocks.RECEIPT], 0)
    for term in terms(case).values():
        promise = term.promise
        assert (promise.kind, promise.legal) == ("complaint", term.rule)
        assert (promise.to_kind, promise.to_id) == ("subscriber", str(KEY))
        assert (promise.about_kind, promise.about_id) == ("case", str(case.pk))
        assert (promise.owner, promise.office) == (world.dung, world.nha_trang)
        assert promise.first_due == term.due_at.astimezone(HANOI).date()


def test_words_are_masked_and_the_journal_has_none(world: Any) -> None:
    case = a_case(world, text="Gọi lại cho tôi số 0912345678 nhé.")
    assert "0912345678" not in case.text
    entry = Entry.objects.get(act="case.received")
    assert entry.actor == world.dung.pk
    assert set(entry.facts) == {"kind", "about", "said_by", "due"}


def test_each_kind_and_topic_asks_for_its_own_clocks(world: Any) -> None:
    assert set(terms(a_case(world, kind="question"))) == {clocks.ACKNOWLEDGE}
    content = a_case(world, about="content")
    assert terms(content)[clocks.HAND_OVER].due_at == world.at + timedelta(hours=24)


def test_the_clock_began_when_the_letter_came(world: Any) -> None:
    case = a_case(world, said_by="letter", received_at=world.at - timedelta(days=10))
    assert terms(case)[clocks.SOLVE].due_at == _end(date(2026, 12, 11))
    assert Promise.objects.filter(about_kind="case", first_due__lt=date(2026, 11, 22)).count() == 2


def test_the_same_form_makes_one_case(world: Any) -> None:
    once = UUID(int=4)
    assert a_case(world, once=once).pk == a_case(world, once=once).pk
    assert (Case.objects.count(), Promise.objects.count()) == (1, 3)
    assert Entry.objects.filter(act="case.received").count() == 1


def test_whoever_cannot_answer_leaves_it_to_who_can(world: Any) -> None:
    case = a_case(world, actor=None, office=world.ca_mau)
    assert case.owner == world.khoi
    assert a_case(world, actor=None).owner == world.dung  # an officer before a director
    with pytest.raises(Refused, match="nobody_owes"):
        a_case(world, actor=None, office=world.hq)
    with pytest.raises(Refused, match="cannot_answer_here"):
        a_case(world, owner=world.khoi)


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("bad_case_kind", {"kind": "joke"}),
        ("bad_about", {"about": "weather"}),
        ("bad_said_by", {"said_by": "dream"}),
        ("empty_case", {"text": "  "}),
        ("case_too_long", {"text": "x" * 4001}),
        ("received_in_the_future", {"received_at": datetime(2026, 11, 23, tzinfo=HANOI)}),
    ],
)
def test_it_refuses(world: Any, code: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match=code) as refused:
        a_case(world, **wrong)
    assert refused.value.vi
    assert not Case.objects.exists()


def test_the_stranger_and_other_offices_cannot(world: Any) -> None:
    with pytest.raises(Refused, match="not_your_duty"):
        a_case(world, actor=world.stranger)
    with pytest.raises(Refused, match="not_your_office"):
        a_case(world, actor=world.khoi)


def test_a_number_is_read_as_people_type_it() -> None:
    assert number("complaint", 123) == "KN-000123"
    assert [numbered(t) for t in ("KN-000123", "kn 123", "CH-7")] == [123, 123, 7]
    assert [numbered(t) for t in ("", "KN", "KN-x", "TB-7Q4K", "KN-" + "9" * 30)] == [None] * 5
