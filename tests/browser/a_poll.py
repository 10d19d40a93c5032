"""Polls and a call centre to look at: one over ten months with a fall, one with few answers, one to be sent, a choice;
and a month of calls that is slow in the evening."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

PLACES = {"01": 900, "79": 800, "56": 160, "48": 150, "96": 40, "11": 12}


def tell(story: Any) -> None:
    """Put them into an office; ``poll``, ``poll_few``, ``poll_new`` and ``poll_choice`` are their numbers."""
    from tantam.office.channels.models import Message
    from tantam.office.quality import calls
    from tantam.office.quality.models import Poll

    today: date = story.today
    nth = today.year * 12 + today.month - 1
    months = [date(n // 12, n % 12 + 1, 1) for n in range(nth - 9, nth + 1)]
    long = _poll(
        story, "nps", "Anh chị có sẵn lòng giới thiệu chúng tôi với người thân không?", months[0], today
    )
    made: list[Any] = []
    for at, month in enumerate(months):
        for place, size in PLACES.items():
            fallen = (0.5 if at >= 8 else 1.0) * (0.5 if place == "96" else 1.0)
            ups = round(size / 20 * (0.55 + 0.02 * (at % 3)) * fallen)
            made += _votes(long, month, place, {10: ups, 8: size // 80, 3: size // 20 - ups})
    _kept(long, made)
    Message.objects.create(
        id=UUID(int=7), key=-7, purpose="survey", channel="sms", about_kind="poll", about_id=str(long.pk), parts=2,
        text="Sao Mai hoi: …", state="arrived", asked_at=story.now, taken_at=story.now,
    )  # fmt: skip
    few = _poll(story, "csat", "Anh chị hài lòng với sóng ở nhà tới đâu?", today, today + timedelta(days=9))
    _kept(few, _votes(few, months[-1], "56", {5: 9, 4: 6, 2: 3}))
    choice = _poll(story, "choice", "Mạng nào chăm sóc khách tốt nhất?", today, today + timedelta(days=5))
    Poll.objects.filter(pk=choice.pk).update(names=["Sao Mai", "Mạng Xanh", "Mạng Đỏ"])
    _kept(choice, _votes(choice, months[-1], "01", {1: 310, 2: 214, 3: 65}))
    new = _poll(
        story, "nps", "Hôm qua anh chị gọi tổng đài, có vừa lòng không?", today, today + timedelta(days=14)
    )
    Poll.objects.filter(pk=new.pk).update(base_digest="")
    story.ids |= {"poll": long.pk, "poll_few": few.pk, "poll_new": new.pk, "poll_choice": choice.pk}
    calls.take_in(_calls(months[-2]), name="tong-dai.csv", actor=story.world.policy, at=story.now)


def _poll(story: Any, kind: str, question: str, from_on: date, to_on: date) -> Any:
    from tantam.office.quality.models import Poll

    world = story.world
    return Poll.objects.create(
        kind=kind, question=question, office=world.hq, by=world.policy, at=story.now, from_on=from_on, to_on=to_on,
        wanted_count=2_000, base_digest="x",
    )  # fmt: skip


def _votes(poll: Any, month: date, place: str, counts: dict[int, int]) -> list[Any]:
    from tantam.office.quality.models import Vote

    return [
        Vote(id=UUID(int=0), poll=poll, place=place, month=month, answer=answer)
        for answer, n in counts.items()
        for _ in range(n)
    ]


def _kept(poll: Any, made: list[Any]) -> None:
    """Votes, and as many used ballots of three times as many people who were asked."""
    from tantam.office.quality.models import Ballot, Vote

    for n, vote in enumerate(made):
        vote.id = UUID(int=(poll.pk << 32) + n)
    Vote.objects.bulk_create(made)
    Ballot.objects.bulk_create(
        Ballot(poll=poll, key=-(poll.pk * 1_000_000 + n), place="56", used=n < len(made))
        for n in range(3 * len(made))
    )


def _calls(month: date) -> bytes:
    """A month of half hours: quick in the morning, slow from eight to ten in the evening."""
    rows = ["date,start,offered,answered,answered_60s,hung_up"]
    for day in range(1, 29):
        for half in range(14, 44):
            offered = 40 + (half * 7 + day * 3) % 30
            share = 0.62 if half >= 40 else 0.79 if half in (18, 19) else 0.9
            in_time, lost = round(offered * share), round(offered * (1 - share) / 3)
            rows.append(
                f"{month:%Y-%m}-{day:02},{half // 2:02}:{half % 2 * 30:02},{offered},{offered - lost},{in_time},{lost}"
            )
    return "\n".join(rows).encode()
