"""A request about somebody's data is written down."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tantam.errors import BadInput, Refused
from tantam.office.desk.models import DataRequest
from tantam.office.journal.models import Entry
from tantam.office.promises.models import Promise, rate
from tests.office.desk.asking import KEY, a_request


def test_the_law_makes_two_promises_of_it(world: Any) -> None:
    request = a_request(world, kind="delete")
    first, whole = request.first_promise, request.promise
    assert (first.first_due, whole.first_due) == (date(2026, 11, 25), date(2026, 12, 12))
    assert (first.legal, whole.legal) == ("request_first_answer", "data_deletion")
    assert {(p.kind, p.to_kind, p.to_id, p.about_id) for p in (first, whole)} == {
        ("data_right", "subscriber", str(KEY), str(request.pk))
    }
    assert request.owner == world.privacy and request.next_due == first.first_due
    entry = Entry.objects.get(act="request.started")
    assert (entry.actor, entry.on_id) == (world.dung.pk, str(request.pk))
    assert set(Entry.objects.filter(act="promise.made").values_list("actor", flat=True)) == {None}


def test_a_letter_that_lay_about_is_late_from_the_start(world: Any) -> None:
    request = a_request(world, received_on=date(2026, 11, 2), said_by="letter")
    assert request.promise.first_due == date(2026, 11, 12)
    assert rate(today=date(2026, 11, 22)).open_late == 2


def test_without_a_data_protection_officer_whoever_took_it_owes_it(world: Any) -> None:
    from tantam.office.people.models import Duty

    Duty.objects.filter(code="privacy").delete()
    assert a_request(world).owner == world.dung


def test_asking_for_the_same_again_is_the_same_request(world: Any) -> None:
    assert a_request(world) == a_request(world, said_by="phone", at=world.at + timedelta(hours=1))
    assert DataRequest.objects.count() == 1 and Promise.objects.count() == 2
    assert a_request(world, kind="delete") != a_request(world)


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("bad_request_kind", {"kind": "forgive"}),
        ("bad_said_by", {"said_by": "dream"}),
        ("received_in_the_future", {"received_on": date(2026, 11, 23)}),
    ],
)
def test_it_refuses(world: Any, code: str, changed: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as error:
        a_request(world, **changed)
    assert error.value.code == code and error.value.vi
    assert not Promise.objects.exists()


def test_the_stranger_cannot_and_nobody_can_elsewhere(world: Any) -> None:
    for actor, code in [(world.stranger, "not_your_duty"), (world.khoi, "not_your_office")]:
        with pytest.raises(Refused, match=code):
            a_request(world, actor=actor)
