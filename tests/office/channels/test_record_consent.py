"""A yes or a no is written down."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tantam.errors import BadInput, Refused, TantamError
from tantam.office.channels import actions
from tantam.office.channels.models import Consent
from tantam.office.journal.models import Entry
from tests.office.channels.a_message import a_no, a_yes, number


def test_it_works_and_is_written_down_without_the_key(world: Any) -> None:
    a_yes(world)
    entry = Entry.objects.get(act="consent.given")
    assert entry.on_id == str(Consent.objects.get().pk)
    assert entry.facts == {"purpose": "advertising", "how": "form"}
    (one,) = actions.known([5], at=world.at)[5].consents
    assert (one.purpose, one.granted, one.proof) == ("advertising", True, "phiếu 12/2026")


def test_the_same_word_twice_is_one(world: Any) -> None:
    assert a_yes(world, id=number(1)) == a_yes(world, id=number(1))
    assert Consent.objects.count() == Entry.objects.filter(act="consent.given").count() == 1


def test_a_stop_is_a_no_that_was_said_before_it_was_written(world: Any) -> None:
    a_yes(world, said_at=world.at - timedelta(days=2))
    a_no(world, said_at=world.at - timedelta(hours=1))
    said = actions.known([5], at=world.at)[5].consents
    assert [one.granted for one in said] == [True, False]


def test_the_list_is_told_apart_and_may_be_left(world: Any) -> None:
    a_no(world, how="list", said_at=world.at - timedelta(days=9))
    assert actions.known([5], at=world.at)[5].listed
    a_yes(world, how="list", proof="danh sách 22/11")
    known = actions.known([5], at=world.at)[5]
    assert not known.listed
    assert known.consents == ()


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("bad_purpose", {"purpose": "concert"}),
        ("bad_how", {"how": "telepathy"}),
        ("no_proof", {"proof": "  "}),
        ("yes_to_everything", {"purpose": "everything"}),
        ("said_in_the_future", {"said_at": "later"}),
    ],
)
def test_it_refuses(world: Any, code: str, changed: dict[str, Any]) -> None:
    if "said_at" in changed:
        changed = {"said_at": world.at + timedelta(seconds=1)}
    with pytest.raises(TantamError) as error:
        a_yes(world, **changed)
    assert isinstance(error.value, BadInput | Refused)
    assert error.value.code == code
    assert error.value.vi
    assert not Consent.objects.exists()


def test_the_stranger_cannot(world: Any) -> None:
    with pytest.raises(Refused, match="not_your_duty"):
        a_yes(world, actor=world.stranger)


def test_forgetting_leaves_that_somebody_said_so(world: Any) -> None:
    a_yes(world)
    assert [row["what"] for row in actions.held_on(5)] == ["consent"]
    assert actions.forget(5, actor=world.privacy, at=world.at) == 1
    assert actions.forget(5, actor=world.privacy, at=world.at) == 0
    assert actions.held_on(5) == []
    row = Consent.objects.get()
    assert (row.key, row.proof, row.granted) == (None, "", True)
