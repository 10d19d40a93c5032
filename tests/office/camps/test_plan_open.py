"""A camp opens when it has all it needs, and its day is then promised; moved or called off, the promise says so."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tantam.errors import Refused, TantamError
from tantam.office.camps import actions, formulary, kinds, ledger, planning, promised
from tantam.office.camps.models import Camp, StoredFact
from tantam.office.journal.models import Entry
from tantam.office.promises.models import Promise
from tests.office.camps.a_plan import ON, a_camp, permit, planned
from tests.office.world import AT

pytestmark = pytest.mark.django_db(databases=["default", "health"])


def test_planned_twice_is_planned_once(camp_world: Any, camps_home: Path) -> None:
    first = a_camp(camp_world)
    again = actions.plan(planned(), actor=camp_world.head, at=AT, office=camp_world.hq, owner=camp_world.head)
    assert again.pk == first.pk and Camp.objects.count() == 1


def test_a_camp_opens_and_its_day_is_promised_without_what_it_is_for(
    camp_world: Any, camps_home: Path
) -> None:
    camp = a_camp(camp_world, theme="Khám tim mạch", general=False)
    opened = actions.open_camp(camp, actor=camp_world.head, at=AT)
    assert opened.state == "open"
    owed = promised.of(camp)
    assert owed is not None
    assert (owed.kind, owed.first_due, owed.to_kind, owed.people) == ("camp_day", ON, "public", 1)
    assert owed.what == "Khám bệnh miễn phí cho mọi người ở Lũng Phìn, ngày 05/12/2026"
    lines = Entry.objects.filter(act="camp.said", facts__kind="opened")
    assert [line.actor for line in lines] == [camp_world.head.pk]


def test_opened_twice_is_opened_once(camp_world: Any, camps_home: Path) -> None:
    camp = a_camp(camp_world)
    actions.open_camp(camp, actor=camp_world.head, at=AT)
    before = Entry.objects.count(), StoredFact.objects.count()
    actions.open_camp(camp, actor=camp_world.second, at=AT)
    assert (Entry.objects.count(), StoredFact.objects.count()) == before and Promise.objects.count() == 1


@pytest.mark.parametrize(
    ("without", "code"),
    [
        ("permit", "no_permit"),
        ("team", "no_team"),
        ("licence", "no_licence"),
        ("formulary", "formulary_unsigned"),
        ("signature", "formulary_unsigned"),
        ("stock", "no_stock"),
    ],
)
def test_it_does_not_open_without(camp_world: Any, camps_home: Path, without: str, code: str) -> None:
    camp = a_camp(camp_world, without)
    for check in (
        lambda: actions.check_ready(camp),
        lambda: actions.open_camp(camp, actor=camp_world.head, at=AT),
    ):
        with pytest.raises(Refused) as no:
            check()
        assert no.value.code == code
    assert Camp.objects.get(pk=camp.pk).state == "planned" and not Promise.objects.exists()


def test_a_permit_holds_on_the_day(camp_world: Any, camps_home: Path) -> None:
    camp = a_camp(camp_world)
    planning.put(camp, permit(valid_to=ON - timedelta(days=1)), actor=camp_world.head, at=AT)
    with pytest.raises(Refused) as no:
        actions.open_camp(camp, actor=camp_world.head, at=AT)
    assert no.value.code == "permit_expired"


def test_made_up_medicine_and_a_real_permit_do_not_go_together(camp_world: Any, camps_home: Path) -> None:
    camp = a_camp(camp_world, "permit", "signature")
    planning.put(camp, permit(real=True), actor=camp_world.head, at=AT)
    with pytest.raises(Refused) as no:
        planning.sign_formulary(camp, formulary.demo().digest, actor=camp_world.pharmacist, at=AT)
    assert no.value.code == "demo_formulary"
    other = a_camp(camp_world, name="Khám ở Tả Chải")
    planning.put(other, permit(real=True), actor=camp_world.head, at=AT)
    with pytest.raises(Refused) as no:
        actions.open_camp(other, actor=camp_world.head, at=AT)
    assert no.value.code == "demo_formulary"


def test_a_day_that_is_over_and_a_head_who_left_are_refused(camp_world: Any, camps_home: Path) -> None:
    camp = a_camp(camp_world)
    with pytest.raises(Refused) as no:
        actions.open_camp(camp, actor=camp_world.head, at=AT + timedelta(days=30))
    assert no.value.code == "camp_day_past"
    type(camp_world.head).objects.filter(pk=camp_world.head.pk).update(is_active=False)
    with pytest.raises(Refused) as no:
        actions.open_camp(camp, actor=camp_world.second, at=AT)
    assert no.value.code == "owner_left"


def test_a_camp_that_is_moved_moves_its_promise_with_the_reason(camp_world: Any, camps_home: Path) -> None:
    camp = a_camp(camp_world)
    actions.open_camp(camp, actor=camp_world.head, at=AT)
    later = ON + timedelta(days=7)
    for _ in range(2):
        camp = planning.move(
            camp, later, "Sạt lở đường lên xã", actor=camp_world.head, at=AT + timedelta(hours=1)
        )
    owed = promised.of(camp)
    assert owed is not None
    assert (camp.on, owed.first_due, owed.due, owed.reason) == (later, ON, later, "Sạt lở đường lên xã")
    assert Entry.objects.filter(act="promise.redated").count() == 1
    assert ledger.day_of(camp).plan.planned is not None and ledger.day_of(camp).plan.planned.on == later


def test_a_camp_that_is_called_off_owns_up(camp_world: Any, camps_home: Path) -> None:
    camp = a_camp(camp_world)
    actions.open_camp(camp, actor=camp_world.head, at=AT)
    for _ in range(2):
        camp = planning.call_off(camp, "Bão số 5", actor=camp_world.head, at=AT)
    owed = promised.of(camp)
    assert owed is not None and (camp.state, owed.state, owed.reason) == ("closed", "broken", "Bão số 5")
    assert Entry.objects.filter(act="promise.broken").count() == 1
    with pytest.raises(Refused) as no:
        planning.put(camp, permit(number="13/GP"), actor=camp_world.head, at=AT)
    assert no.value.code == "camp_over"
    lesson = kinds.Lesson(came_off=False, words="Xem dự báo bão trước một tuần")
    planning.put(camp, lesson, actor=camp_world.head, at=AT, over=True)
    assert ledger.day_of(camp).plan.lessons == [lesson]


@pytest.mark.parametrize("because", ["", "  ", "x"])
def test_moving_and_calling_off_need_a_reason(camp_world: Any, camps_home: Path, because: str) -> None:
    camp = a_camp(camp_world)
    for act in (
        lambda: planning.move(camp, ON + timedelta(days=1), because, actor=camp_world.head, at=AT),
        lambda: planning.call_off(camp, because, actor=camp_world.head, at=AT),
    ):
        with pytest.raises(TantamError) as no:
            act()
        assert no.value.code == "no_reason"
    with pytest.raises(Refused) as no:
        planning.move(camp, date(2026, 11, 1), "sớm hơn", actor=camp_world.head, at=AT)
    assert no.value.code == "camp_day_past"


def test_an_office_killed_before_its_journal_catches_up(
    camp_world: Any, camps_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    camp = a_camp(camp_world)
    lines = Entry.objects.filter(act="camp.said").count()
    with monkeypatch.context() as killed:
        killed.setattr(actions, "tell", lambda *_, **__: 1 / 0)  # after one database, before the other
        with pytest.raises(ZeroDivisionError):
            actions.open_camp(camp, actor=camp_world.second, at=AT)
    assert Camp.objects.get(pk=camp.pk).state == "open" and promised.of(camp) is None
    assert actions.tell_waiting(at=AT + timedelta(minutes=5)) == 1
    owed = promised.of(camp)
    assert owed is not None and owed.owner == camp_world.head and owed.made_at == AT
    said = Entry.objects.filter(act="camp.said").order_by("-pk")
    assert said.count() == lines + 1 and said[0].actor == camp_world.second.pk
    assert actions.tell_waiting(at=AT) == 0


def test_the_stranger_and_the_other_duty_can_do_nothing(camp_world: Any, camps_home: Path) -> None:
    camp, w = a_camp(camp_world), camp_world
    digest = formulary.demo().digest
    acts = {
        "plan": lambda who: actions.plan(planned(name="X"), actor=who, at=AT, office=w.hq, owner=w.head),
        "put": lambda who: planning.put(camp, permit(), actor=who, at=AT),
        "member": lambda who: planning.member(
            camp, actor=who, at=AT, id="", name="X", title="", roles=["exit"], licence="", pin="1234"
        ),
        "weigh": lambda who: planning.weigh(camp, b"", actor=who, at=AT),
        "choose": lambda who: planning.choose(camp, "LP", actor=who, at=AT),
        "formulary": lambda who: planning.bring_formulary(camp, b"", actor=who, at=AT),
        "findings": lambda who: planning.bring_findings(camp, b"", "", actor=who, at=AT),
        "expected": lambda who: planning.bring_expected(camp, b"", actor=who, at=AT),
        "open": lambda who: actions.open_camp(camp, actor=who, at=AT),
        "move": lambda who: planning.move(camp, ON, "x", actor=who, at=AT),
        "call_off": lambda who: planning.call_off(camp, "x", actor=who, at=AT),
    }
    for name, act in acts.items():
        for who in (w.stranger, w.lam, w.pharmacist):
            with pytest.raises(Refused) as no:
                act(who)
            assert no.value.code == "not_your_duty", name
    for who in (w.stranger, w.head):
        with pytest.raises(Refused) as no:
            planning.sign_formulary(camp, digest, actor=who, at=AT)
        assert no.value.code == "not_your_duty"
