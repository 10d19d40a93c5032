"""What reaches the made-up office at counters, by telephone and by letter: opinions, and requests about data."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid5

import pyarrow.parquet as pq

from tantam.base.home import Home
from tantam.clock import day_of
from tantam.office.desk import actions as desk
from tantam.office.desk.models import DataRequest
from tantam.office.opinions import actions as opinions
from tantam.sample import office_words as words
from tantam.sample.office_agenda import moment, working
from tantam.sample.office_people import Branch
from tantam.sample.office_year import Year

_IDS = UUID("5d0f1d3e-1f0b-5b7e-8f54-0a7c1d2e3f40")
CHANNELS = ("counter", "counter", "phone", "phone", "letter", "other")

REQUESTS = (
    # days ago, kind, how asked, days until the first answer, days until done (0: still open)
    (130, "access", "counter", 1, 4),
    (96, "correct", "phone", 1, 3),
    (61, "withdraw", "phone", 1, 5),
    (33, "access", "letter", 3, 24),
    (5, "delete", "counter", 1, 0),
    (1, "object", "mail", 0, 0),
)


class Voices:
    """Puts what customers say and ask on the year's agenda."""

    def __init__(self, year: Year) -> None:
        self.year, self.lots, self.agenda = year, year.lots, year.agenda

    def put_opinions(self, first: date, today: date) -> None:
        """One or none a branch a fortnight; forwarded within the week."""
        number = 0
        for day in range(0, (today - first).days, 14):
            for branch in self.year.operator.branches.values():
                if self.lots.share() < 0.25:
                    number += 1
                    on = working(first + timedelta(days=day + self.lots.between(0, 13)))
                    at = moment(on, self.lots.between(8, 16), self.lots.between(0, 59))
                    known = uuid5(_IDS, str(number))
                    self.agenda.put(at, lambda at, b=branch, i=known: self._hear(b, i, at))  # type: ignore[misc]

    def _hear(self, branch: Branch, known: UUID, at: datetime) -> None:
        tone, text, competitor = self.lots.pick(words.SAID)
        opinions.register(
            actor=branch.officer, at=at, id=known, text=text, tone=tone, channel=self.lots.pick(CHANNELS),
            said_at=at - timedelta(minutes=self.lots.between(5, 90)), office=branch.office, competitor=competitor,
        )  # fmt: skip
        later = at + timedelta(days=self.lots.between(1, 6))
        self.agenda.put(later, lambda at: self._forward(branch, known, at))

    def _forward(self, branch: Branch, known: UUID, at: datetime) -> None:
        opinions.forward([known], actor=branch.director, at=at, to=self.year.operator.hq)

    def put_requests(self, home: Path, first: date, today: date) -> None:
        """A few of each kind since ``first``, from subscribers of the base; the last two are still open."""
        keys = pq.read_table(Home(home).files()[0], columns=["key"]).column("key").slice(0, 5000).to_pylist()
        asked = [row for row in REQUESTS if today - timedelta(days=row[0]) >= first]
        for (ago, kind, how, answered, done), key in zip(
            asked, self.lots.some(keys, len(asked)), strict=True
        ):
            at = moment(working(today - timedelta(days=ago)), 8, 40)
            self.agenda.put(
                min(at, self.agenda.until - timedelta(minutes=3)),
                lambda at, k=kind, h=how, s=key, f=answered, d=done: self._ask(k, h, s, f, d, at),  # type: ignore[misc]
            )

    def _ask(self, kind: str, how: str, key: int, first: int, done: int, at: datetime) -> None:
        officer = self.year.operator.staff["bao"]
        asked = desk.start_request(
            actor=officer, at=at, kind=kind, key=key, said_by=how, office=self.year.operator.hq
        )
        day = day_of(at)
        if first:
            answered = moment(working(day + timedelta(days=first)), 11)
            self.agenda.put(answered, lambda at: self._first(asked, at))
        if done:
            self.agenda.put(moment(working(day + timedelta(days=done)), 15), lambda at: self._done(asked, at))

    def _first(self, asked: DataRequest, at: datetime) -> None:
        desk.first_answer(
            asked, actor=self.year.operator.staff["bao"], at=at, proof="Đã báo nhận yêu cầu và hẹn ngày xong"
        )

    def _done(self, asked: DataRequest, at: datetime) -> None:
        desk.answer_request(
            asked,
            actor=self.year.operator.staff["bao"],
            at=at,
            outcome="done",
            proof="Đã trả bản in, người yêu cầu ký nhận",
        )
