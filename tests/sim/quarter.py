"""Thirteen weeks of listening, three steps a day, all by lot: people text, in whole or in parts, twice or late; the
network loses and doubles; the policy unit puts themes in order and takes that back, answers late or not at all, keeps
its word or breaks it; staff leave."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from tantam.clock import day_of
from tantam.errors import BadInput, Refused
from tantam.office.channels import actions as channels
from tantam.office.desk.incoming import answer_incoming
from tantam.office.opinions import answering, themes
from tantam.office.opinions.models import WAITING, Answer, Change, Deed, Opinion, Theme
from tantam.office.people import actions as people
from tantam.office.people.models import Staff
from tantam.office.promises import actions as promises
from tests.sim.network import Broken, Network

BEGINS = datetime(2026, 7, 1, 0, 0, tzinfo=UTC)
DAYS = 91
HOURS = (0, 5, 14)  # 7:00, 12:00 and 21:00 in Vietnam, the last near the gate's end of day
PEOPLE = 60
MATTERS = (
    "mất sóng ở bản",
    "trừ tiền lạ",
    "tổng đài không nghe máy",
    "nạp thẻ không vào",
    "mạng chậm buổi tối",
)
ENDINGS = ("", " Mong sửa sớm.", " Cả xóm đều bị." * 12)


@dataclass
class Quarter:
    """What was played, as the players know it; the office knows only what reached it."""

    seed: int
    chance: random.Random = field(init=False)
    net: Network = field(init=False)
    said: dict[str, str] = field(default_factory=dict)  # text → number of who texted it
    stopped: dict[int, datetime] = field(default_factory=dict)  # key → when he said STOP
    count: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.net = Network(self.chance, BEGINS)
        self.numbers = [f"+849{n:08d}" for n in range(PEOPLE)]
        new: dict[str, Any] = {"actor": None, "at": BEGINS}
        self.hq = people.open_office("hq", "Trụ sở", "headquarters", **new)
        self.themes = [themes.of_code(f"T{n:02d}", name, at=BEGINS) for n, name in enumerate(MATTERS)]
        self.staff = [self._hire(n) for n in range(3)]

    def play(self) -> None:
        """All of it, and a week more in which nobody says anything new, so that what was on its way arrives."""
        for day in range(DAYS + 7):
            for hour in HOURS:
                self.net.now = BEGINS + timedelta(days=day, hours=hour)
                if day < DAYS:
                    self._people_text()
                    self._policy_works()
                    self._somebody_leaves()
                self._machine_works()
        self.net.deliver()
        answer_incoming(at=self.net.now)

    @property
    def policy(self) -> Staff:
        """Somebody of the policy unit who has not left."""
        return self.chance.choice([one for one in self.staff if one.is_active])

    def _hire(self, number: int) -> Staff:
        new: dict[str, Any] = {"actor": None, "at": BEGINS}
        staff = people.hire(f"yen{number}", "Đỗ Hải Yến", self.hq, **new)
        people.give_duty(staff, "policy", self.hq, from_on=date(2026, 1, 1), **new)
        return Staff.objects.get(pk=staff.pk)

    def _people_text(self) -> None:
        for _ in range(self.chance.randrange(4)):
            number = self.chance.choice(self.numbers)
            self.count += 1
            if self.chance.random() < 0.015:
                self.net.say(number, "TC")
                continue
            text = f"{self.chance.choice(MATTERS)} lần thứ {self.count} rồi.{self.chance.choice(ENDINGS)}"
            self.said[text] = number
            self.net.say(number, text)

    def _machine_works(self) -> None:
        at = self.net.now
        if self.chance.random() < 0.8:
            self.net.deliver()
        channels.join_rest(at=at)
        while answer_incoming(at=at):
            pass
        for telling in answering.going():
            answering.go_on(telling, at=at)
        channels.give_up(at=at)
        with suppress(Broken):
            while channels.send_due(self.net, at=at):
                pass
        self.net.tell_receipts()

    def _policy_works(self) -> None:
        """One thing now and then; what a rule says no to is left."""
        by: dict[str, Any] = {"actor": self.policy, "at": self.net.now}
        self._sort_new_ones(by)
        with suppress(Refused, BadInput):
            self.chance.choice((self._order, self._order, self._answer, self._settle, self._publish))(by)

    def _sort_new_ones(self, by: dict[str, Any]) -> None:
        """Opinions under no theme yet go where their words say, as a machine would."""
        for theme, matter in zip(self.themes, MATTERS, strict=True):
            loose = Opinion.objects.filter(theme__isnull=True, text__startswith=matter)
            if ids := list(loose.values_list("pk", flat=True)[:20]):
                with suppress(Refused):
                    themes.move(ids, theme, **by)

    def _order(self, by: dict[str, Any]) -> None:
        one, other = self.chance.sample(list(Theme.objects.order_by("pk")), 2)
        match self.chance.randrange(5):
            case 0:
                themes.join(one, other, **by)
            case 1:
                some = list(Opinion.objects.filter(theme=one).order_by("pk").values_list("pk", flat=True)[:5])
                themes.split(one, some, f"tách {self.count}", **by)
            case 2:
                themes.rename(one, f"{one.name[:60]} *", **by)
            case 3:
                themes.hide(one, self.chance.random() < 0.3, **by)
            case _:
                if (last := Deed.objects.filter(undone_at__isnull=True).order_by("-pk").first()) is not None:
                    themes.undo(last, **by)

    def _answer(self, by: dict[str, Any]) -> None:
        waiting = Theme.objects.filter(into__isnull=True, state__in=[WAITING, "later"], people_count__gt=0)
        if (theme := waiting.order_by("-weight", "pk").first()) is None:
            return
        kind = self.chance.choice(("accept", "accept", "later", "no"))
        due = day_of(self.net.now) + timedelta(days=self.chance.randrange(1, 30)) if kind != "no" else None
        words = f"Câu trả lời số {self.count} cho việc này."
        made = answering.answer(theme, kind=kind, words=words, office=self.hq, due=due, **by)
        if self.chance.random() < 0.7:
            answering.tell(made, **by)

    def _settle(self, by: dict[str, Any]) -> None:
        open_ = Answer.objects.filter(current=True, kind="accept", promise__state="open").select_related(
            "theme"
        )
        rows = list(open_.select_related("promise").order_by("pk"))
        if not rows:
            return
        one = self.chance.choice(rows)
        assert one.promise is not None
        match self.chance.randrange(4):
            case 0:
                answering.own_up(one.promise, reason="Không mua được thiết bị.", **by)
            case 1:
                later = one.promise.due + timedelta(days=10)
                promises.redate(one.promise, due=later, reason="Chờ hàng về.", **by)
            case _:
                answering.change(
                    one.theme, what=f"Đã làm xong việc {self.count}.", proof=f"BB {uuid4().hex[:6]}", **by
                )

    def _publish(self, by: dict[str, Any]) -> None:
        if (made := Change.objects.filter(published_at__isnull=True).order_by("pk").first()) is not None:
            answering.publish(made, **by)
        for change in Change.objects.filter(published_at__isnull=False).order_by("pk"):
            answering.tell(change, **by)

    def _somebody_leaves(self) -> None:
        active = [one for one in self.staff if one.is_active]
        if len(active) > 1 and self.chance.random() < 0.01:
            gone = self.chance.choice(active)
            with suppress(Refused):
                people.leave(gone, actor=None, at=self.net.now)
            self.staff = [Staff.objects.get(pk=one.pk) for one in self.staff]
