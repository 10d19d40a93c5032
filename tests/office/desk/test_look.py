"""Whoever looks at all we hold on a person says why, and is written down."""

from __future__ import annotations

from typing import Any

import pytest

from tantam.errors import BadInput, Refused
from tantam.office.desk.actions import look
from tantam.office.journal.models import Entry


def test_each_look_is_an_entry(world: Any) -> None:
    for _ in range(2):
        look(5, "call", actor=world.dung, at=world.at)
    entries = Entry.objects.filter(act="person.looked_at")
    assert set(entries.values_list("actor", "on_kind", "on_id", "because")) == {
        (world.dung.pk, "subscriber", "5", "call")
    }
    assert entries.count() == 2


def test_it_refuses(world: Any) -> None:
    for because in ("", "curiosity"):
        with pytest.raises(BadInput, match="no_reason_code"):
            look(5, because, actor=world.dung, at=world.at)
    with pytest.raises(Refused, match="not_your_duty"):
        look(5, "call", actor=world.stranger, at=world.at)
    assert not Entry.objects.filter(act="person.looked_at").exists()
