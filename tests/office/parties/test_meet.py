"""Somebody is met."""

from __future__ import annotations

from typing import Any

import pytest

from tantam.errors import BadInput, Refused
from tantam.office.journal.models import Entry
from tantam.office.parties.actions import meet
from tantam.office.parties.models import Party

KEY = 7_000_000_000_000_000_001


def _meet(world: Any, **changed: Any) -> Party:
    row = {"kind": "guest", "office": world.nha_trang, "key": KEY, "name": "Ngô Sỹ Ẩn", "title": "ông"}
    return meet(actor=world.dung, at=world.at, **{**row, **changed})


def test_it_works_and_is_written_down(world: Any) -> None:
    party = _meet(world, name="  Ngô   Sỹ Ẩn ")
    assert (party.name, party.plain, party.key) == ("Ngô Sỹ Ẩn", " ngo sy an", KEY)
    entry = Entry.objects.get(act="party.met")
    assert (entry.actor, entry.on_id, entry.office) == (world.dung.pk, str(party.pk), world.nha_trang.pk)
    assert "Ẩn" not in str(entry.facts) and str(KEY) not in str(entry.facts)


def test_the_same_subscription_and_kind_is_the_same_party(world: Any) -> None:
    assert _meet(world) == _meet(world, name="Người khác")
    assert Party.objects.get().name == "Ngô Sỹ Ẩn"
    assert Entry.objects.filter(act="party.met").count() == 1
    assert _meet(world, kind="donor") != _meet(world)


def test_a_guest_needs_no_name_yet_and_a_villager_no_subscription(world: Any) -> None:
    assert _meet(world, name="", title="").name == ""
    first, second = (_meet(world, kind="villager", key=None, name="Giàng A Páo") for _ in range(2))
    assert first != second


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("bad_party_kind", {"kind": "friend"}),
        ("bad_title", {"title": "ngài"}),
        ("name_too_long", {"name": "Ẩ" * 121}),
        ("name_too_long", {"note": "x" * 301}),
        ("nobody", {"key": None, "name": "  "}),
    ],
)
def test_it_refuses(world: Any, code: str, changed: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as error:
        _meet(world, **changed)
    assert error.value.code == code and error.value.vi
    assert not Party.objects.exists()


def test_the_stranger_cannot_and_nobody_can_elsewhere(world: Any) -> None:
    row = {"kind": "guest", "office": world.nha_trang, "key": KEY, "at": world.at}
    for actor, code in [(world.stranger, "not_your_duty"), (world.khoi, "not_your_office")]:
        with pytest.raises(Refused) as error:
            meet(actor=actor, **row)
        assert error.value.code == code
    assert not Party.objects.exists()
