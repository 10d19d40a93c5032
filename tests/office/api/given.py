"""Some of everything that the API gives, and an opinion that it takes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tantam import clock, keys
from tantam.office.opinions import answering
from tantam.office.opinions.models import Heap
from tantam.office.people import machines
from tantam.office.people.models import Machine
from tests.office.opinions.a_theme import a_theme, said
from tests.office.promises.given import promise

VALID = {
    "id": "0198f0f0-0000-7000-8000-000000000001", "text": "Mất sóng cả ngày ở xã Nậm Sương, gọi 0912 345 678",
    "channel": "phone", "said_at": "2026-11-20T09:00:00+07:00", "office": "nt", "speaker": keys.show(77),
}  # fmt: skip


def some_of_everything(world: Any) -> dict[str, int]:
    """Sixty themes, one of them answered, done and published; a promise. Gives the id of one of each, by address."""
    themes = [a_theme(world, f"T{n:02}", f"chủ đề {n}") for n in range(1, 61)]
    for n in range(3):
        said(world, themes[0], n, key=n)
    Heap.objects.create(
        theme=themes[0], run="sms", digest="d", taken_at=world.at, opinions_count=9, people_count=5, complaints_count=1,
        quotes=[{"text": "mất sóng", "people": 2}],
    )  # fmt: skip
    answering.answer(
        themes[0], actor=world.policy, at=world.at, kind="accept", words="Lắp pin cho 12 trạm.", office=world.hq,
        due=date(2026, 12, 31),
    )  # fmt: skip
    done = answering.change(
        themes[0], actor=world.policy, at=world.at, what="Đã lắp đủ pin.", proof="Biên bản 12"
    )
    answering.publish(done, actor=world.policy, at=world.at)
    owed = promise(world, world.at.date() + timedelta(days=3))
    return {"themes": themes[0].pk, "promises": owed.pk}


def a_machine(world: Any, *duties: str) -> tuple[Machine, str]:
    """Another system at Nha Trang that may use the API as from today on, and its token."""
    at = clock.now()
    return machines.add(
        "Tổng đài",
        world.nha_trang,
        duties,
        ends_on=clock.day_of(at) + timedelta(days=9),
        actor=world.admin,
        at=at,
    )
