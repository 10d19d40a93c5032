"""A party is shown to itself, and forgotten."""

from __future__ import annotations

from typing import Any

from tantam.office.journal.models import Entry
from tantam.office.parties.actions import forget, held_on, meet
from tantam.office.parties.models import Party


def test_held_on_and_forget(world: Any) -> None:
    new = {"actor": world.dung, "at": world.at, "office": world.nha_trang}
    meet(**new, kind="guest", key=5, name="Ngô Sỹ Ẩn", title="ông", note="thích ngồi ngoài sân")
    meet(**new, kind="speaker", key=5, name="Ngô Sỹ Ẩn")
    other = meet(**new, kind="guest", key=6, name="Lê Thị Ớt")
    assert [(row["kind"], row["name"], row["note"]) for row in held_on(5)] == [
        ("guest", "Ngô Sỹ Ẩn", "thích ngồi ngoài sân"),
        ("speaker", "Ngô Sỹ Ẩn", ""),
    ]
    assert forget(5, actor=world.privacy, at=world.at) == 2
    assert held_on(5) == []
    for row in Party.objects.exclude(pk=other.pk).values():
        assert not any(row[name] for name in ("key", "name", "title", "note", "lower", "plain"))
    assert Party.objects.count() == 3 and held_on(6)
    entry = Entry.objects.get(act="party.forgotten")
    assert entry.count == 2


def test_the_second_time_changes_nothing(world: Any) -> None:
    meet(actor=world.dung, at=world.at, office=world.nha_trang, kind="guest", key=5, name="An")
    assert [forget(5, actor=None, at=world.at) for _ in range(2)] == [1, 0]
    assert Entry.objects.filter(act="party.forgotten").count() == 1
