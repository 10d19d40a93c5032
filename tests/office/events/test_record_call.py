"""The call: a first answer, the reason explained to who refused, a second answer."""

from __future__ import annotations

from typing import Any

import pytest

from tantam.errors import TantamError
from tantam.office.events import actions
from tantam.office.events.models import Guest
from tantam.office.parties.models import Party
from tests.office.events.a_cafe import Cafe, code_of, entries


def call(cafe: Cafe, guest: Guest, answer: str, **more: Any) -> Guest:
    return actions.record_call(guest, answer=answer, **{**cafe.by, **more})


def test_refused_told_why_and_accepted(cafe: Cafe) -> None:
    guest = cafe.invite()[0]
    assert call(cafe, guest, "refused").answer == "refused"
    after = call(cafe, guest, "accepted", explained=True)
    assert (after.answer, after.first_answer, after.explained, after.second_answer) == (
        "accepted",
        "refused",
        True,
        "accepted",
    )
    assert after.tries == 2


def test_refused_twice_stays_refused_and_was_told_why(cafe: Cafe) -> None:
    guest = cafe.invite()[0]
    call(cafe, guest, "refused")
    after = call(cafe, guest, "refused", explained=True)
    assert (after.answer, after.explained, after.second_answer) == ("refused", True, "refused")
    assert not after.call.open


def test_not_reached_and_called_again(cafe: Cafe) -> None:
    guest = cafe.invite()[0]
    call(cafe, guest, "unreachable")
    call(cafe, guest, "unreachable")
    after = call(cafe, guest, "accepted")
    assert (after.answer, after.first_answer, after.tries) == ("accepted", "accepted", 3)


def test_his_name_is_asked_in_the_same_call(cafe: Cafe) -> None:
    guest = cafe.invite()[0]
    call(cafe, guest, "accepted", name="Nguyễn Thị Hạnh", title="chị")
    assert Party.objects.get(pk=guest.party_id).name == "Nguyễn Thị Hạnh"


def test_whoever_accepted_may_withdraw(cafe: Cafe) -> None:
    guest = cafe.invite()[0]
    call(cafe, guest, "accepted")
    assert call(cafe, guest, "withdrew").answer == "withdrew"


def test_the_journal_has_codes_and_no_name(cafe: Cafe) -> None:
    guest = cafe.invite()[0]
    call(cafe, guest, "accepted", name="Nguyễn Thị Hạnh", title="chị")
    (entry,) = entries("event.called")
    assert entry.facts == {"guest": guest.pk, "answer": "accepted", "explained": False}


def test_the_second_time_changes_nothing(cafe: Cafe) -> None:
    guest = cafe.invite()[0]
    call(cafe, guest, "accepted")
    again = call(cafe, guest, "accepted")
    assert again.tries == 1 and len(entries("event.called")) == 1


@pytest.mark.parametrize(
    ("before", "answer", "code"),
    [
        ([], "maybe", "bad_answer"),
        ([], "none", "bad_answer"),
        (["refused"], "accepted", "not_explained"),
        (["accepted"], "refused", "already_answered"),
        ([], "withdrew", "already_answered"),
    ],
)
def test_it_refuses(cafe: Cafe, before: list[str], answer: str, code: str) -> None:
    guest = cafe.invite()[0]
    for one in before:
        call(cafe, guest, one)
    with pytest.raises(TantamError) as no:
        call(cafe, guest, answer)
    assert code_of(no) == code and no.value.vi


def test_it_refuses_a_reserve_nobody_called_in(cafe: Cafe) -> None:
    reserve = cafe.invite()[6]
    with pytest.raises(TantamError) as no:
        call(cafe, reserve, "accepted")
    assert code_of(no) == "not_in_play"


@pytest.mark.parametrize(("stage", "code"), [("seal", "event_sealed"), ("off", "event_cancelled")])
def test_it_refuses_what_is_over(cafe: Cafe, stage: str, code: str) -> None:
    if stage == "seal":
        cafe.seal()
    else:
        cafe.invite()
        actions.cancel(cafe.event, because="other", **cafe.by)
    with pytest.raises(TantamError) as no:
        call(cafe, cafe.seated()[0], "withdrew")
    assert code_of(no) == code


@pytest.mark.parametrize("who", ["stranger", "khoi", "auditor"])
def test_others_cannot(cafe: Cafe, who: str) -> None:
    guest = cafe.invite()[0]
    with pytest.raises(TantamError):
        call(cafe, guest, "accepted", actor=getattr(cafe.world, who))
    assert Guest.objects.get(pk=guest.pk).answer == "none"
