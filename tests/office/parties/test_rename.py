"""A name is put right."""

from __future__ import annotations

from typing import Any

import pytest

from tantam.errors import BadInput, Refused
from tantam.office.journal.models import Entry
from tantam.office.parties.actions import meet, rename
from tantam.office.parties.models import Party


@pytest.fixture
def party(world: Any) -> Party:
    return meet(actor=world.dung, at=world.at, kind="guest", office=world.nha_trang, key=5)


def test_it_works_and_is_written_down(world: Any, party: Party) -> None:
    fresh = rename(party, actor=world.dung, at=world.at, name="Nguyễn Ấu Thiệp", title="chị")
    assert (fresh.name, fresh.title, fresh.plain) == ("Nguyễn Ấu Thiệp", "chị", " nguyen au thiep")
    entry = Entry.objects.get(act="party.renamed")
    assert entry.on_id == str(party.pk) and not entry.facts


def test_the_same_again_changes_nothing(world: Any, party: Party) -> None:
    for _ in range(2):
        rename(party, actor=world.dung, at=world.at, name="Nguyễn Ấu Thiệp", title="chị")
    assert Entry.objects.filter(act="party.renamed").count() == 1


def test_it_refuses(world: Any, party: Party) -> None:
    nameless = meet(actor=world.dung, at=world.at, kind="villager", office=world.nha_trang, name="Páo")
    for code, row, title in [
        ("bad_title", party, "ngài"),
        ("nobody", nameless, ""),
        ("name_too_long", party, ""),
    ]:
        with pytest.raises(BadInput) as error:
            name = "x" * 121 if code == "name_too_long" else "" if code == "nobody" else "An"
            rename(row, actor=world.dung, at=world.at, name=name, title=title)
        assert error.value.code == code


def test_the_stranger_cannot(world: Any, party: Party) -> None:
    with pytest.raises(Refused, match="not_your_duty"):
        rename(party, actor=world.stranger, at=world.at, name="An", title="")
