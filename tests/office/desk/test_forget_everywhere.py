"""A person is forgotten in every room, then in the base; the second time changes nothing."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.conf import settings as django_settings

from tantam.base.store import forgotten
from tantam.errors import Refused
from tantam.office.desk import forgetting
from tantam.office.desk.actions import answer_request
from tantam.office.journal.models import Entry
from tantam.office.opinions.models import Opinion
from tantam.office.parties.actions import meet
from tests.a_base import home_with, stored
from tests.office.desk.asking import a_request
from tests.office.opinions.words import an_opinion


@pytest.fixture
def person(world: Any, tmp_path: Path, settings: Any) -> int:
    """A subscriber of whom every lower room and the base know something."""
    home, table = home_with(tmp_path, stored(20)), stored(20)
    key = int(table["key"][3].as_py())
    home.secret.mkdir()
    pq.write_table(pa.table({"key": [key], "phone": ["+84912345678"]}), home.phones)
    settings.HOME = tmp_path
    party = meet(
        actor=world.dung, at=world.at, kind="guest", office=world.nha_trang, key=key, name="Ngô Sỹ Ẩn"
    )
    an_opinion(world, party=party)
    world.hoa.subscriber = key
    world.hoa.save()
    return key


def test_every_room_and_the_base(world: Any, person: int, tmp_path: Path, settings: Any) -> None:
    request = a_request(world, kind="delete", key=person)
    held = forgetting.held_on(person)
    assert {"parties", "people", "promises", "opinions", "desk"} <= set(held)
    cleaned = forgetting.forget_everywhere(request, actor=world.privacy, at=world.at)
    assert list(cleaned) == [*forgetting.ROOMS, "base"]
    assert cleaned["opinions"] == cleaned["parties"] == cleaned["people"] == cleaned["base"] == 1
    assert cleaned["promises"] == 2
    assert set(forgetting.held_on(person)) == {"desk"}
    assert forgotten(forgetting.phonebook._home()) == [person]
    entry = Entry.objects.get(act="request.forgotten")
    assert entry.facts == cleaned
    request.refresh_from_db()
    assert (request.forgotten_rows, request.forgotten_at) == (cleaned, world.at)
    answered = answer_request(
        request, actor=world.privacy, at=world.at, outcome="done", proof="Gọi báo đã xóa"
    )
    assert answered.promise.state == "kept"


def test_the_second_time_changes_nothing(world: Any, person: int) -> None:
    request = a_request(world, kind="delete", key=person)
    first = forgetting.forget_everywhere(request, actor=world.privacy, at=world.at)
    entries = Entry.objects.count()
    second = forgetting.forget_everywhere(request, actor=world.privacy, at=world.at + timedelta(days=1))
    assert not any(second.values()) and Entry.objects.count() == entries
    request.refresh_from_db()
    assert (request.forgotten_rows, request.forgotten_at) == (first, world.at)


def test_others_are_left_alone(world: Any, person: int) -> None:
    meet(actor=world.dung, at=world.at, kind="guest", office=world.nha_trang, key=77, name="Lê Thị Ớt")
    a_request(world, key=77)
    request = a_request(world, kind="delete", key=person)
    forgetting.forget_everywhere(request, actor=world.privacy, at=world.at)
    assert set(forgetting.held_on(77)) == {"parties", "promises", "desk"}


def test_it_refuses(world: Any, person: int) -> None:
    with pytest.raises(Refused, match="not_a_deletion"):
        forgetting.forget_everywhere(a_request(world), actor=world.privacy, at=world.at)
    request = a_request(world, kind="delete", key=person)
    for actor in (world.stranger, world.dung, world.lam):
        with pytest.raises(Refused, match="not_your_duty"):
            forgetting.forget_everywhere(request, actor=actor, at=world.at)
    assert Opinion.objects.get().speaker_key == person


def test_no_room_that_can_forget_is_left_out() -> None:
    rooms = set()
    for room in django_settings.ROOMS:
        name = f"tantam.office.{room}.actions"
        if find_spec(name) and hasattr(import_module(name), "forget"):
            rooms.add(room)
    assert rooms | {"desk"} == set(forgetting.ROOMS) == set(forgetting.HELD)
