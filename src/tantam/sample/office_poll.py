"""One poll of the made-up operator over its year: drawn by lot, asked month by month through the gate, answered by
text; lately people are less content."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from tantam.base.home import Home
from tantam.clock import day_of
from tantam.office.channels import actions as channels
from tantam.office.channels.gateways import Console
from tantam.office.channels.models import Message
from tantam.office.quality import votes
from tantam.office.quality.models import Poll
from tantam.sample.office_agenda import Agenda, Lots, moment, working
from tantam.sample.office_people import Operator

QUESTION = "Anh chị có sẵn lòng giới thiệu Sao Mai với người thân không?"
PEOPLE, ANSWER = 1_200, 0.45
BEFORE, LATELY = (0.52, 0.24), (0.34, 0.42)
"""Shares of promoters and of detractors among those who answer: at first, and since :data:`FALL` before the end."""
FALL = timedelta(days=75)


class Asking:
    """Puts one poll on the year's agenda; its lots are its own, so that nothing else of the year changes."""

    def __init__(self, operator: Operator, agenda: Agenda, home: Path, seed: int) -> None:
        self.operator, self.agenda, self.home, self.lots = operator, agenda, home, Lots(seed + 409)

    def put(self, first: date, today: date) -> None:
        """From the second week of the year played to a month from today."""
        self.fall = today - FALL
        day = working(first + timedelta(days=8))
        to_on = min(today + timedelta(days=30), day + votes.LONGEST)
        self.agenda.put(moment(day, 8, 30), lambda at: self._open(at, to_on))

    def _open(self, at: datetime, to_on: date) -> None:
        policy = self.operator.staff["yen"]
        poll = votes.open_poll(
            actor=policy, at=at, kind="nps", question=QUESTION, office=self.operator.hq, from_on=day_of(at),
            to_on=to_on, count=PEOPLE,
        )  # fmt: skip
        votes.draw(poll, Home(self.home), actor=policy, at=at)
        votes.ask(poll, actor=policy, at=at)
        for day in votes.waves(poll):
            self.agenda.put(moment(day, 9, 30), lambda at: self._send(poll, at))

    def _send(self, poll: Poll, at: datetime) -> None:
        """What is due goes out; not quite half of those who have it answer within three days."""
        gateway = Console(lambda line: None)
        while channels.send_due(gateway, at=at):
            pass
        mine = Message.objects.filter(about_kind="poll", about_id=str(poll.pk), taken_at=at).order_by("pk")
        for key in mine.values_list("key", flat=True):
            if key is not None and self.lots.share() < ANSWER:
                when = at + timedelta(minutes=self.lots.between(5, 3 * 24 * 60))
                self.agenda.put(when, lambda at, key=key: self._vote(key, at))  # type: ignore[misc]

    def _vote(self, key: int, at: datetime) -> None:
        up, down = LATELY if day_of(at) >= self.fall else BEFORE
        lot = self.lots.share()
        low, high = (9, 10) if lot < up else (0, 6) if lot < up + down else (7, 8)
        votes.vote(key, str(self.lots.between(low, high)), at=at, received_at=at)
