"""Two agents at the same moment: one call, one number. On PostgreSQL, where transactions really run beside each other;
SQLite has one writer at a time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import connection

from tantam.base.home import Home
from tantam.errors import Refused
from tantam.office.channels import calling, phonebook
from tantam.office.channels.models import Judgement, Message
from tantam.office.journal.models import Entry
from tests.office.channels.a_message import a_message
from tests.office.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres,
]


@pytest.fixture(autouse=True)
def _numbers(tmp_path: Path, settings: Any) -> None:
    home = Home(tmp_path)
    home.secret.mkdir(parents=True)
    pq.write_table(pa.table({"key": [5, 6], "phone": ["+84912345005"] * 2}), home.phones)
    settings.HOME = tmp_path


def at_once(*acts: Any) -> list[str]:
    """What each act gives, or its code, where all begin together."""
    start = threading.Barrier(len(acts))

    def do(act: Any) -> str:
        start.wait()
        try:
            return str(act())
        except Refused as no:
            return no.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(do, acts))


def test_one_agent_gets_the_call() -> None:
    world = World()
    calls = [
        a_message(world, n, channel="call", purpose="service", office=world.nha_trang) for n in range(2)
    ]  # two matters, one person
    for _ in range(5):
        got = at_once(
            *(lambda c=c, who=who: calling.take_call(c, actor=who, at=world.at)
              for c in calls for who in (world.lam, world.dung))
        )  # fmt: skip
        assert [one for one in got if one.startswith("09")] == ["0912 345 005"]
        assert set(got) <= {"0912 345 005", "call_taken", "call_unfinished"}
        assert Judgement.objects.count() == Message.objects.filter(state="taken").count() == 1
        Judgement.objects.all().delete()
        Message.objects.update(state="waiting", due_at=world.at, taken_at=None, gateway="")


def test_one_agent_takes_one_call() -> None:
    world = World()
    calls = [a_message(world, n, key=5 + n, channel="call", office=world.nha_trang) for n in range(2)]
    got = at_once(*(lambda c=c: calling.take_call(c, actor=world.dung, at=world.at) for c in calls))
    assert got == ["0912 345 005", "call_unfinished"]


def test_looks_at_once_are_counted_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    monkeypatch.setattr(phonebook, "MOST_SHOWN", 3)
    look = [lambda: phonebook.show_number(5, actor=world.dung, at=world.at, because="call")] * 6
    assert at_once(*look) == ["0912 345 005"] * 3 + ["too_many_numbers"] * 3
    assert Entry.objects.filter(act="phonebook.shown").count() == 3
