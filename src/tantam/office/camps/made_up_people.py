"""The villagers of a made-up camp: who they are, what hurts, what they need. Drawn by lot from a seed; of nobody."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from tantam.letters import fold
from tantam.office.camps import formulary, kinds, locks, queue
from tantam.office.camps import made_up_words as words

FIRST_OF_CARDS = "099"  # no province has this number, so no card of anybody begins with it


@dataclass(frozen=True)
class Villager:
    """``born_on`` is empty where only a year is known, ``about`` where even that is a guess; ``card``: number of a
    card that nobody has, or empty."""

    number: int
    name: str
    sex: kinds.Sex
    born_on: date | None
    born_year: int
    about: bool
    village: str
    people: int
    card: str
    priority: tuple[kinds.Priority, ...]
    guardian: str
    helper: str

    @property
    def listed(self) -> bool:
        """Whether the commune named them beforehand: three of four."""
        return self.number % 4 > 0

    def age(self, on: date) -> int:
        """In whole years, as the year of birth tells it."""
        return on.year - self.born_year

    def months(self, on: date) -> int:
        """In whole months, roughly where only the year is known."""
        return (on.year - self.born_year) * 12 + (on.month - (self.born_on.month if self.born_on else 7))

    def registered(self, chance: random.Random, key: bytes, on: date) -> kinds.Registered:
        """What the registrar writes; the visit's id and the ticket are put in later."""
        scanned = bool(self.card) and chance.random() < 0.8
        return kinds.Registered(
            visit=NOBODY,
            ticket="0",
            name=self.name,
            born_on=self.born_on,
            born_year=self.born_year,
            born_about=self.about,
            sex=self.sex,
            village=self.village,
            expected=f"V{self.number:05d}" if self.listed else "",
            card=locks.salted(key, self.card) if scanned else "",
            card_end=self.card[-4:] if scanned else "",
            scanned=scanned,
            priority=list(self.priority),
            guardian=self.guardian,
            helper=self.helper,
            consent="by_guardian" if self.guardian else "heard",
            witness=self.helper.partition(",")[0] or "Lường Thị Hoa",
            know_me=f"095{self.number:07d}" if self.age(on) >= 18 and chance.random() < 0.1 else "",
        )

    def expected(self, key: bytes) -> kinds.Person:
        """The line of the commune's list."""
        return kinds.Person(
            id=f"V{self.number:05d}",
            name=self.name,
            born_year=self.born_year,
            sex=self.sex,
            village=self.village,
            card=locks.salted(key, self.card) if self.card else "",
            seen=f"đã khám năm {2020 + self.number % 6}" if self.number % 9 == 1 else "",
        )


NOBODY = UUID(int=0)


def villager(chance: random.Random, number: int, on: date) -> Villager:
    """One villager; the older, the likelier that the year is a guess and that there is no card."""
    people = chance.choices(range(3), [share for share, *_ in words.PEOPLES])[0]
    _, families, men, women = words.PEOPLES[people]
    female = chance.random() < 0.56
    age = min(97, int(chance.choice((chance.uniform(0, 15), chance.uniform(15, 60), chance.uniform(45, 92)))))
    name = f"{chance.choice(families)} {chance.choice(women if female else men)}"
    known = chance.random() > age / 100
    born = date(on.year - age, 1, 1) + timedelta(days=chance.randrange(364))
    born = min(born, on - timedelta(days=20))
    return Villager(
        number,
        name,
        "female" if female else "male",
        born if known else None,
        born.year,
        not known and age > 20,
        chance.choice(words.VILLAGES),
        people,
        _card(chance, number, female, born.year) if age >= 14 and chance.random() < 0.75 - age / 400 else "",
        _priority(chance, age, female, queue.ages(on)),
        f"{chance.choice(families)} {chance.choice(women)}, mẹ" if age < 16 else "",
        words.HELPERS[(0, 2, 1)[people]] if chance.random() < (0.1, 0.02, 0.08)[people] + age / 150 else "",
    )


def _card(chance: random.Random, number: int, female: bool, year: int) -> str:
    last = (number * 7919 + chance.randrange(7)) % 10**6
    return f"{FIRST_OF_CARDS}{(year >= 2000) * 2 + female}{year % 100:02d}{last:06d}"


def _priority(
    chance: random.Random, age: int, female: bool, first: tuple[int, int]
) -> tuple[kinds.Priority, ...]:
    held: list[kinds.Priority] = []
    if age < first[0]:
        held.append("child")
    if age >= first[1]:
        held.append("elder")
    if female and 18 <= age <= 40 and chance.random() < 0.08:
        held.append("pregnant")
    if chance.random() < 0.02:
        held.append("disabled")
    if age >= 60 and chance.random() < 0.05:
        held.append("merit")
    return tuple(held)


def measured(chance: random.Random, one: Villager, on: date, groups: list[str]) -> kinds.Measured:
    """What triage finds; children's blood pressure is not taken."""
    age = one.age(on)
    child = age < 14
    heart = chance.gauss(82 if not child else 100, 9)
    systolic = min(210, max(88, int(chance.gauss(112 + age * 0.35, 14))))
    allergic = bool(groups) and chance.random() < 0.03
    weight = (35 + age * 23) if child else int(chance.gauss(500, 70))
    return kinds.Measured(
        visit=NOBODY,
        systolic=None if child else systolic,
        diastolic=None if child else min(130, max(50, int(systolic * 0.55 + chance.gauss(8, 4)))),
        pulse=min(160, max(48, int(heart))),
        temperature_tenths=int(chance.gauss(385 if child and chance.random() < 0.3 else 367, 3)),
        oxygen=min(100, max(90, int(chance.gauss(97, 1.2)))),
        weight_tenths=max(28, weight + chance.randrange(-8, 60)),
        height_cm=min(185, 52 + age * 7)
        if child
        else int(chance.gauss(153 if one.sex == "female" else 160, 6)),
        pregnant="pregnant" in one.priority,
        allergy_groups=[chance.choice(groups)] if allergic else [],
        allergy_told="Người nhà kể: uống vào nổi mẩn khắp người." if allergic else "",
        complaint=chance.choice(words.OF_CHILDREN if child else words.COMPLAINTS)[0],
    )


def examined(
    chance: random.Random, one: kinds.Registered, vitals: kinds.Measured, medicines: kinds.Formulary,
    codes: dict[str, str], on: date,
) -> kinds.Examined:  # fmt: skip
    """What the doctor finds, and prescribes out of the formulary; seldom past a warning, and then with a reason."""
    may_be = dict((*words.COMPLAINTS, *words.OF_CHILDREN))[vitals.complaint]
    found = chance.sample(may_be, 1 if chance.random() < 0.85 else min(2, len(may_be)))
    limits = [(medicine, formulary.limits(medicine, one, vitals, on)) for medicine in medicines.medicines]
    past = chance.random() < 0.01
    fitting = [(medicine, limit) for medicine, limit in limits if past == bool(limit.warnings)]
    wanted = 0 if chance.random() < 0.12 else chance.choice((1, 1, 2, 2, 3))
    why = chance.choice(words.REFERRED) if chance.random() < 0.045 else None
    return kinds.Examined(
        visit=NOBODY,
        findings=[
            kinds.Finding(code=code if code in codes else "", words=codes.get(code, code)) for code in found
        ],
        prescribed=[_prescribed(chance, *fit) for fit in chance.sample(fitting, min(wanted, len(fitting)))],
        referral=kinds.Referral(to=words.HOSPITAL, why=why[0], within_days=why[1]) if why else None,
        advice=chance.choice(words.ADVICE),
    )


def _prescribed(chance: random.Random, medicine: kinds.Medicine, limit: formulary.Limit) -> kinds.Prescribed:
    whole = limit.most_in_all is not None and limit.most_in_all <= 2
    a_day = 1 if whole else min(limit.most_a_day or 2, 2)
    units = 1 if whole else min(limit.most_in_all or 20, a_day * chance.choice((3, 5, 7, 10)))
    return kinds.Prescribed(
        medicine=medicine.code,
        units=units,
        a_day=a_day,
        how=f"Ngày {a_day} {medicine.unit}. {medicine.how}".strip(),
        overruled=[kinds.Overruled(warning=one.code, reason=words.OVERRULED) for one in limit.warnings],
    )


def misspelt(name: str) -> str:
    """The name as somebody writes it who does not know the accents."""
    return fold(name).title()
