"""Forwarding every opinion to headquarters keeps the promise that sealing made."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tantam.errors import Refused
from tantam.office.events import actions
from tantam.office.opinions import actions as opinions
from tantam.office.opinions.models import Opinion
from tantam.office.promises.models import Promise
from tests.office.events.a_cafe import Cafe, code_of, entries


def test_every_opinion_goes_and_the_promise_is_kept(cafe: Cafe) -> None:
    event = cafe.seal()
    actions.forward(event, **cafe.by)
    assert set(Opinion.objects.values_list("state", "forwarded_to")) == {("forwarded", cafe.world.hq.pk)}
    promise = Promise.objects.get(kind="forward")
    assert promise.state == "kept" and event.seal_code[:4] in promise.proof
    (entry,) = entries("event.forwarded")
    assert (entry.count, entry.digest) == (5, event.seal_code)


def test_what_was_corrected_goes_in_its_last_words(cafe: Cafe) -> None:
    event = cafe.seal()
    from uuid import uuid4

    actions.correct_line(
        cafe.lines[2], line_id=uuid4(), text="Nên có gói chỉ nghe.", reason="chép sót", **cafe.by
    )
    actions.forward(event, **cafe.by)
    gone = Opinion.objects.filter(state="forwarded").values_list("text", flat=True)
    assert len(gone) == 5 and "Nên có gói chỉ nghe." in gone


def test_what_was_corrected_or_forwarded_elsewhere_counts_as_well(cafe: Cafe) -> None:
    from uuid import uuid4

    event = cafe.seal()
    one, other = (Opinion.objects.get(pk=line.pk) for line in cafe.lines[1:3])
    opinions.correct(one, text="Nhân viên quầy rất dễ thương.", reason="chép sót", **cafe.by)
    opinions.forward([other.pk], to=cafe.world.hq, **cafe.by)
    actions.correct_line(
        cafe.lines[1], line_id=uuid4(), text="Quầy dễ thương.", reason="khách sửa", **cafe.by
    )
    actions.forward(event, **cafe.by)
    gone = Opinion.objects.filter(state="forwarded", current=True).values_list("text", flat=True)
    assert len(gone) == 5 and "Quầy dễ thương." in gone
    assert entries("event.forwarded")[0].count == 5


def test_too_late_it_is_kept_late(cafe: Cafe) -> None:
    event = cafe.seal()
    actions.forward(event, actor=cafe.world.dung, at=cafe.at + timedelta(days=5))
    promise = Promise.objects.get(kind="forward")
    assert promise.settled_on is not None and promise.settled_on > promise.first_due


def test_the_second_time_changes_nothing(cafe: Cafe) -> None:
    event = cafe.seal()
    first = actions.forward(event, **cafe.by)
    again = actions.forward(event, actor=cafe.world.lam, at=cafe.at + timedelta(days=1))
    assert again.forwarded_at == first.forwarded_at and len(entries("event.forwarded")) == 1


def test_it_refuses_before_the_seal(cafe: Cafe) -> None:
    cafe.read()
    with pytest.raises(Refused) as no:
        actions.forward(cafe.event, **cafe.by)
    assert code_of(no) == "not_sealed" and no.value.vi


@pytest.mark.parametrize("who", ["stranger", "khoi", "auditor"])
def test_others_cannot(cafe: Cafe, who: str) -> None:
    event = cafe.seal()
    with pytest.raises(Refused):
        actions.forward(event, actor=getattr(cafe.world, who), at=cafe.at)
    assert not Opinion.objects.filter(state="forwarded").exists()
