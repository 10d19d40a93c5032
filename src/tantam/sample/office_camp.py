"""The made-up operator's medical camps: eight in hard provinces that came home with their lessons and referrals, then
three Saturdays in a row in the North-West, of which the first is today's and in progress.

Everything is said through the room's own acts. The days are those of :mod:`tantam.office.camps.made_up_day`, and what
a day wrote comes home as a kit's file does.
"""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tantam.clock import HANOI, day_of
from tantam.office.camps import (
    actions,
    container,
    findings,
    formulary,
    keys,
    kinds,
    ledger,
    made_up_day,
    made_up_plan,
    merging,
    referrals,
)
from tantam.office.camps.facts import Fact
from tantam.office.camps.made_up import Book
from tantam.office.camps.made_up_people import Villager, villager
from tantam.office.camps.models import Camp
from tantam.office.people import actions as people
from tantam.office.people.models import Office, Staff
from tantam.sample import office_camp_words as words
from tantam.sample.office_agenda import moment
from tantam.sample.office_year import Year

BRANCH = "Nha Trang"
"""Whose camps they are: the branch of the director whom the demo signs in, twinned with the highlands."""
PIN = made_up_plan.PIN
VISITOR = kinds.Member(
    id="khach",
    name="Khách xem thử",
    roles=["registrar", "triage", "doctor", "pharmacist", "exit", "lead"],
    licence="MẪU-0000",
    pin="",
)
"""Who looks at the demo may work at every station of the kit."""
EARLIER_PEOPLE, TODAY_PEOPLE = 36, 400
STOPPED = time(8, 40)
"""Where today's camp stands: so much of its day was played."""


@dataclass(frozen=True)
class Team:
    """Who makes a camp: the office, the head of its camps, the chief pharmacist."""

    office: Office
    head: Staff
    pharmacist: Staff


class MadeUpCamp:
    """One camp, said step by step; ``people`` come on its day, all drawn from ``seed``."""

    def __init__(
        self, team: Team, commune: words.Commune, on: date, *, seed: int, people: int, kits: int = 1
    ) -> None:
        self.team, self.commune, self.on, self.kits = team, commune, on, kits
        self.chance = random.Random(f"camp {seed} {commune.name}")  # noqa: S311 (a story, not a secret)
        self.people = [villager(self.chance, number, on) for number in range(people)]
        self.medicines = formulary.signed(formulary.demo(), team.pharmacist.name, on - timedelta(days=9))
        self.camp: Camp

    def begin(self, at: datetime) -> None:
        """The plan: where and why there, who stands beside us, what it may cost, what the commune is told."""
        place = self.commune.place
        planned = kinds.Planned(
            name=words.NAME.format(place=place), theme=words.THEME, general=True, place=place,
            place_code=f"MAU-{self.commune.province}-{self.on:%m%d}", province=self.commune.province, on=self.on,
            aim=words.AIM, made_up=True,
        )  # fmt: skip
        head = self.team.head
        self.camp = actions.plan(planned, actor=head, at=at, office=self.team.office, owner=head)
        self._say(
            at,
            kinds.Weighed(places=self.commune.weighed(self.on.month * 31 + self.on.day)),
            kinds.Partner(id="bv", name=words.HOSPITAL, role="hospital", gives="bác sĩ, máy siêu âm"),
            kinds.Partner(id="xa", name=f"Ủy ban {place}", role="commune", gives="nhà văn hóa, loa xã"),
            kinds.Budget(dong=120_000_000, source="Chương trình vì cộng đồng"),
        )

    def allow(self, at: datetime) -> None:
        """A permit that nobody can take for a real one."""
        number = self.on.toordinal() % 1000
        self._say(
            at,
            kinds.Permit(
                authority=words.AUTHORITY.format(before=self.commune.before),
                number=words.PERMIT.format(number=number),
                issued_on=day_of(at),
                valid_to=self.on + timedelta(days=2),
                dossier=words.DOSSIER,
                real=False,
            ),
        )

    def supply(self, at: datetime) -> None:
        """The demo formulary, signed; lots in the box; what was spent."""
        key = keys.of_camp(settings.HOME, self.camp.id)
        self._say(at, self.medicines, act="camp.sign", actor=self.team.pharmacist)
        self.drawn = {
            kit: made_up_day.draw(self.chance, ones, key, self.medicines, self.on)
            for kit, ones in self._shared_out().items()
        }
        self.stocks = {
            kit: made_up_day.stock(kit, drawn, self.medicines, self.on) for kit, drawn in self.drawn.items()
        }
        self._say(at, *(lot for lots in self.stocks.values() for lot in lots))
        self._say(at, *(kinds.Spent(what=what, dong=dong) for what, dong in words.SPENT))

    def staff(self, at: datetime, *, address: str = "", more: int = 0) -> None:
        """Team, desks, devices, kits (at ``address``), findings, whom the commune expects, and so many ``more``."""
        key = keys.of_camp(settings.HOME, self.camp.id)
        bodies = list(made_up_plan.team(self.kits, key))
        if address:
            bodies = [
                one.model_copy(update={"address": address}) if isinstance(one, kinds.Kit) else one
                for one in bodies
            ]
        pin = next(one.pin for one in bodies if isinstance(one, kinds.Member))
        others = (villager(self.chance, len(self.people) + n, self.on) for n in range(more))
        known = [one for one in self.people if one.listed]
        listed = made_up_plan.expected(one.expected(key) for one in (*known, *others))
        visitor = VISITOR.model_copy(update={"pin": pin})
        self._say(at, *bodies, visitor, *findings.plain_list(), *listed)

    def tell(self, at: datetime) -> None:
        """Poster and loudspeaker."""
        said = f"Thứ bảy {self.on:%d/%m}, từ 7 giờ, khám bệnh phát thuốc miễn phí tại nhà văn hóa {self.commune.name}."
        for channel in ("poster", "loudspeaker"):
            body = kinds.Noticed(
                channel=channel, words=f"{said} {words.AIM}.", where="Nhà văn hóa xã", bring=words.BRING
            )
            self._say(at, body, act="camp.notice")

    def open(self, at: datetime) -> None:
        """From here on its kits may be packed."""
        actions.open_camp(self.camp, actor=self.team.head, at=at)

    def day(self, kit: int, until: time | None = None) -> list[Fact]:
        """What a kit wrote on its day, up to an hour or to its end."""
        book = Book(self.chance, self.camp.id, kit)
        held = ledger.facts_of(self.camp)
        made_up_day.play(book, kit, self.drawn[kit], self.stocks[kit], self.on, held=held)
        end = datetime.combine(self.on, until or time(23, 59), HANOI)
        facts = sorted(book.facts, key=lambda fact: (fact.kit_at, fact.id.bytes))
        return [fact for fact in facts if fact.kit_at <= end]

    def home(self, at: datetime) -> None:
        """Every kit's file comes home and is merged."""
        for kit in sorted(self.drawn):
            facts = [*ledger.facts_of(self.camp), *self.day(kit)]
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / f"kit{kit}.camp"
                write_file(self.camp, kit, facts, file)
                merging.take_in(file, actor=self.team.head, at=at)

    def learn(self, at: datetime, lessons: Iterable[tuple[bool, str]]) -> None:
        """What came off and what did not yet."""
        self._say(at, *(kinds.Lesson(came_off=well, words=said) for well, said in lessons))

    def _shared_out(self) -> dict[int, list[Villager]]:
        return {kit: self.people[kit - 1 :: self.kits] for kit in range(1, self.kits + 1)}

    def _say(
        self, at: datetime, *bodies: kinds.Body, act: str = "camp.plan", actor: Staff | None = None
    ) -> None:
        with transaction.atomic(using="health"):
            for body in bodies:
                actions.say(self.camp, body, act=act, actor=actor or self.team.head, at=at)


def write_file(
    camp: Camp, kit: int, facts: list[Fact], file: Path, *, secrets: dict[str, object] | None = None
) -> None:
    """Facts as the ``.camp`` file of a kit."""
    header = container.Header(camp.id, kit)
    container.write(
        file, header, keys.of_camp(settings.HOME, camp.id), facts, secrets=secrets, random=os.urandom
    )


def whole(made: MadeUpCamp, at: datetime, *, address: str = "", more: int = 0) -> MadeUpCamp:
    """A camp from the first thought to the opening, all at one moment; the commune expects so many ``more``."""
    made.begin(at)
    made.allow(at)
    made.supply(at)
    made.staff(at, address=address, more=more)
    made.tell(at)
    made.open(at)
    return made


def team_of(year: Year, at: datetime) -> Team:
    """The branch's camps are led by its director, who gets that duty."""
    branch, staff = year.operator.branches[BRANCH], year.operator.staff
    people.give_duty(branch.director, "camp", branch.office, actor=None, at=at)
    return Team(branch.office, branch.director, staff["lua"])


class Camps:
    """Puts the story's camps on the year's agenda; their lots are their own."""

    def __init__(self, year: Year, seed: int) -> None:
        self.year, self.agenda, self.seed = year, year.agenda, seed
        self.referred = 0

    def put(self, first: date, today: date) -> None:
        """Eight that are long over, if the year reaches back to their plan; then the three Saturdays."""
        self.agenda.put(moment(first, 8, 5), self._begin)
        for number, commune in enumerate(words.EARLIER):
            on = _saturday(today) - timedelta(weeks=22 - number // 2) + timedelta(days=number % 2)
            if on - timedelta(days=30) > first:
                self._put_earlier(number, commune, on)
        for number, commune in enumerate(words.SATURDAYS):
            self._put_saturday(number, commune, today + timedelta(weeks=number), today)

    def _begin(self, at: datetime) -> None:
        self.team = team_of(self.year, at)

    def _made(self, number: int, commune: words.Commune, on: date, people: int) -> MadeUpCamp:
        return MadeUpCamp(self.team, commune, on, seed=self.seed * 100 + number, people=people)

    def _put_earlier(self, number: int, commune: words.Commune, on: date) -> None:
        def begin(at: datetime) -> None:
            made = self._made(number, commune, on, EARLIER_PEOPLE)
            made.begin(at)
            put, days = self.agenda.put, timedelta
            put(moment(on - days(days=18), 9), made.allow)
            put(moment(on - days(days=9), 10), made.supply)
            put(moment(on - days(days=8), 14), made.staff)
            put(moment(on - days(days=7), 9), made.tell)
            put(moment(on - days(days=1), 16), made.open)
            put(moment(on, 19, 30), made.home)
            put(moment(on + days(days=1), 9), lambda at: self._put_followed(made, at))
            put(
                moment(on + days(days=20), 15),
                lambda at: made.learn(at, words.LESSONS[number % 2 * 2 : number % 2 * 2 + 2]),
            )

        self.agenda.put(moment(on - timedelta(days=28), 9, number), begin)

    def _put_followed(self, made: MadeUpCamp, at: datetime) -> None:
        """Most referrals are followed in time, one in four late."""
        for one in referrals.all_of(made.camp):
            self.referred += 1
            late = self.referred % 4 == 0
            on = one.due + timedelta(days=9) if late else max(day_of(at), one.due - timedelta(days=1))

            def follow(at: datetime, root: UUID = one.root, n: int = self.referred) -> None:
                outcome, said = words.FOLLOWED[n % len(words.FOLLOWED)]
                referrals.follow(
                    made.camp, root, actor=made.team.head, at=at, outcome=outcome, on=day_of(at), words=said
                )

            self.agenda.put(moment(on, 16, 10), follow)

    def _put_saturday(self, number: int, commune: words.Commune, on: date, today: date) -> None:
        """The first is whole and open, the second waits to be opened, the third for its permit."""

        def begin(at: datetime) -> None:
            made = self._made(50 + number, commune, on, TODAY_PEOPLE if number == 0 else EARLIER_PEOPLE)
            made.begin(at)
            steps = [made.allow, made.supply, made.staff, made.tell, made.open][: (5, 4, 0)[number]]
            for step, days in zip(steps, (16, 9, 8, 6, 1), strict=False):
                self.agenda.put(moment(today - timedelta(days=days), 10, number), step)
            if number == 0:
                self.today = made

        self.agenda.put(moment(today - timedelta(days=25), 9, 30 + number), begin)


def morning(made: MadeUpCamp, at: datetime) -> list[Fact]:
    """What today's kit has written so far, as if it were now that hour of its day."""
    shift = at - datetime.combine(made.on, STOPPED, HANOI)
    return [
        replace(fact, kit_at=fact.kit_at + shift, device_at=fact.device_at + shift)
        for fact in made.day(1, STOPPED)
    ]


def _saturday(day: date) -> date:
    return day - timedelta(days=(day.weekday() - 5) % 7)
