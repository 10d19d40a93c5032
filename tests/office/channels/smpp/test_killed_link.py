"""Killed ten times in each direction, also between a message and its answer: by the centre's own count nothing that was
acknowledged is lost, and nothing goes or counts twice."""

from __future__ import annotations

import random
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.office.channels.smpp.an_office import OfficeOnALink
from tests.smsc.peer import eventually, peer

PEOPLE = 3_000
KILLS = 10
FAR = 90
"""It is killed before so many more: with each kill a batch that was taken may be lost to us as unknown."""
OPEN = "select count(*) from channels_message where state in ('sent', 'waiting')"

pytestmark = pytest.mark.slow


@pytest.fixture
def office(tmp_path: Path) -> Iterator[OfficeOnALink]:
    with peer(tmp_path / "centre.jsonl") as centre:
        yield OfficeOnALink(tmp_path, centre, PEOPLE)


def kill_at(office: OfficeOnALink, count: Callable[[], int], seed: int) -> None:
    """Kill the link ten times, each time after a drawn number of what it has done by the centre's count."""
    chance = random.Random(seed)
    for _ in range(KILLS):
        with office.working() as link:
            point = count() + chance.randrange(1, FAR)
            eventually(partial(_reached, count, point), 60)
            link.send_signal(signal.SIGKILL)
            link.wait()


def test_out(office: OfficeOnALink) -> None:
    kill_at(office, lambda: len(office.centre.saw("submit")), 1)
    with office.working():
        eventually(lambda: office.asked(OPEN) == [(0,)], 60)
        office.later()
    sent = Counter(event["to"] for event in office.centre.saw("submit"))
    assert set(sent.values()) == {1}
    states = dict(office.asked("select state, count(*) from channels_message group by state"))
    assert set(states) <= {"arrived", "unknown"}
    assert sum(states.values()) == PEOPLE
    assert states["arrived"] == len(sent)  # those of which the answer was lost are told by their receipts
    assert office.asked("select count(*) from channels_stray") == [(0,)]


def test_in(office: OfficeOnALink) -> None:
    office.centre.tell(flood={"count": PEOPLE, "from": "+84912345678", "window": 20})
    kill_at(office, lambda: _acknowledged(office), 3)
    with office.working():
        eventually(lambda: _acknowledged(office) >= PEOPLE, 60)
    texts = Counter(text for (text,) in office.asked("select text from channels_incoming"))
    assert texts == {f"Tin {n}": 1 for n in range(1, PEOPLE + 1)}
    assert office.centre.saw("deliver", kind="sms", times=2), "no kill fell between a message and its answer"


def _reached(count: Callable[[], int], point: int) -> bool:
    return count() >= point


def _acknowledged(office: OfficeOnALink) -> int:
    return len(office.centre.saw("ack", kind="sms", status=0))
