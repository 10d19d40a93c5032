"""A small camp that went home: planned at headquarters, worked on one or two kits, in files."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from tantam.office.camps import actions, container, keys, kinds, ledger
from tantam.office.camps.facts import Fact, digest, merge
from tantam.office.camps.models import Camp

ON = date(2026, 11, 21)
DAWN = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
SECRET = "Zxqvitis hiếm gặp"
"""A diagnosis that stands nowhere else in the world."""
PERSON, VILLAGE = "Zqxên Thị Kwỳa", "Bản Zwqò Tủa"
NUMBER, CARD_END = "0912 777 313", "7313"


def planned(**other: Any) -> kinds.Planned:
    """A general camp on a day in Hà Giang."""
    said = {"name": "Khám ở Lũng Phìn", "theme": "Khám tổng quát", "general": True, "place_code": "02-x",
            "place": "Lũng Phìn", "province": "02", "on": ON}  # fmt: skip
    return kinds.Planned(**{**said, **other})


@dataclass
class Camped:
    """A camp at headquarters and what its kits wrote, ``kits[number]``."""

    camp: Camp
    home: Path
    kits: dict[int, list[Fact]] = field(default_factory=dict)
    minutes: Any = field(default_factory=itertools.count)

    def say(self, kit: int, body: kinds.Body, *, corrects: UUID | None = None) -> Fact:
        """A fact of a kit, a minute after the one before."""
        at = DAWN + timedelta(minutes=next(self.minutes))
        fact = Fact(uuid7(), self.camp.id, body, f"D{kit}", "M1", at, kit, at, corrects)
        self.kits.setdefault(kit, []).append(fact)
        return fact

    def person(self, kit: int = 1, name: str = "Người Nào Đó", **other: Any) -> UUID:
        """Somebody registered; gives the visit."""
        visit = uuid7()
        said = {"visit": visit, "ticket": f"{kit}{next(self.minutes)}", "name": name, "consent": "heard"}
        self.say(kit, kinds.Registered(**{**said, **other}))
        return visit

    def found(self, visit: UUID, words: str = "Cảm", *, kit: int = 1, code: str = "", **other: Any) -> Fact:
        """What the doctor found."""
        finding = kinds.Finding(code=code, words=words)
        return self.say(kit, kinds.Examined(visit=visit, findings=[finding], **other))

    def close(self, kit: int = 1) -> Fact:
        """The kit's day ends."""
        facts = self.holds(kit)
        signed = [kinds.Signature(member="M1", role="lead"), kinds.Signature(member="M2", role="pharmacist")]
        return self.say(kit, kinds.Closed(kit=kit, facts=len(facts), digest=digest(facts), signatures=signed))

    def holds(self, kit: int) -> list[Fact]:
        """What the kit has: the plan and its own facts."""
        plan = [fact for fact in ledger.facts_of(self.camp) if fact.kit == 0 and fact.kind not in AFTER]
        return merge(plan, self.kits.get(kit, []))

    def file(self, folder: Path, kit: int = 1, *, facts: Iterable[Fact] | None = None, **other: Any) -> Path:
        """The file that the kit brings home."""
        path = folder / f"kit-{kit}.camp"
        key = keys.of_camp(self.home, self.camp.id)
        container.write(
            path,
            container.Header(self.camp.id, kit),
            key,
            facts if facts is not None else self.holds(kit),
            **other,
        )
        return path


AFTER = {"received", "followed", "settled", "story", "deletion_asked"}


def camped(
    world: Any, home: Path, *, kits: tuple[int, ...] = (1,), state: str = "open", **plan: Any
) -> Camped:
    """A camp planned by ``world.head`` at headquarters, with its kits."""
    camp = actions.plan(planned(**plan), actor=world.head, at=DAWN, office=world.hq, owner=world.head)
    more: list[kinds.Body] = [
        kinds.Kit(number=kit, name=f"Máy {kit}", address="10.77.0.1", first_ticket=kit * 1000) for kit in kits
    ]
    more += [
        kinds.Member(id="M1", name="Lý Thị Trưởng", roles=["lead"]),
        kinds.Spent(what="Xăng", dong=3_000_000),
    ]
    more.append(
        kinds.Codes(system="demo", part=0, rows=[("C1", "Cao huyết áp"), ("C2", "Đau lưng"), ("C3", SECRET)])
    )
    more.append(kinds.Stocked(lot="L1", medicine="T1", number="A1", expires_on=date(2028, 1, 1), units=500))
    for body in more:
        actions.say(camp, body, act="camp.plan", actor=world.head, at=DAWN)
    Camp.objects.filter(pk=camp.pk).update(state=state)
    camp.refresh_from_db()
    return Camped(camp, home)


def planted(it: Camped) -> tuple[UUID, Fact]:
    """Somebody with a name, a village, a number and an illness that stand nowhere else, referred onwards."""
    visit = it.person(name=PERSON, village=VILLAGE, card_end=CARD_END, know_me=NUMBER, card="ab" * 32)
    going = kinds.Referral(to="Bệnh viện Zqtỉnh", why=SECRET, within_days=14)
    fact = it.found(visit, SECRET, code="C3", referral=going)
    it.say(
        1, kinds.Voiced(id=uuid7(), visit=visit, tone="thanks", words=f"{PERSON} cảm ơn đoàn", publish=True)
    )
    return visit, fact
