"""“Came to a camp”, passed to the office: for a general camp only, and of those who agreed that the operator may know.
Nothing else of a camp becomes known of a subscriber. A themed camp passes nothing, since its theme tells of an illness.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from tantam.errors import Refused
from tantam.office.camps import actions, kinds, ledger
from tantam.office.camps.facts import Fact
from tantam.office.camps.models import Camp
from tantam.office.channels import phonebook
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.people.models import Office, Staff
from tantam.office.programmes import attendance


@dataclass(frozen=True)
class Passed:
    """``agreed``: how many said yes and gave a number; ``known``: whose number is a mobile one; ``new``; ``withdrawn``:
    who were noted before and no longer agree."""

    agreed: int
    known: int
    new: int
    withdrawn: int


def may_pass(camp: Camp) -> bool:
    """Whether anything of who came may pass: every plan of this camp, from first to last, was a general one."""
    plans = [fact.body for fact in ledger.facts_of(camp) if isinstance(fact.body, kinds.Planned)]
    return bool(plans) and all(plan.general for plan in plans)


def agreed_count(camp: Camp) -> int:
    """How many agreed and gave a number."""
    return len(_numbers(camp)[0])


def pass_on(camp: Camp, *, actor: Staff | None, at: datetime) -> Passed:
    """Note in the office that those who agreed came, and remove who no longer agrees. The second time changes
    nothing. Refuses ``themed_camp``, ``camp_deleted``."""
    enter(actor, "camp.pass_on", Office.objects.filter(pk=camp.office).first())
    actions.check_there(camp)
    if not may_pass(camp):
        raise Refused(
            "themed_camp",
            "This camp is not for general examinations: its theme would tell of an illness.",
            "Nothing of who came may pass; leave it here.",
            vi="Trại này không phải khám tổng quát: chủ đề của trại nói lên bệnh. "
            "Không ghi ra ngoài phòng này ai đã đến.",
        )
    now, before = _numbers(camp)
    keys = [key for key in phonebook.keys_of(sorted(now)) if key is not None]
    gone = [
        key for key in phonebook.keys_of(sorted(before - now)) if key is not None and key not in set(keys)
    ]
    with transaction.atomic():
        new = attendance.note({once_of(camp, key): key for key in keys}, what="camp", on=camp.on)
        withdrawn = attendance.withdraw([once_of(camp, key) for key in gone])
        on = ("camp", camp.id)
        for act, count in (("camp.passed_on", new), ("camp.withdrawn", withdrawn)):
            if count:
                write(actor=actor, act=act, at=at, on=on, office=camp.office or None, count=count)
    return Passed(len(now), len(keys), new, withdrawn)


def once_of(camp: Camp, key: int) -> UUID:
    """What makes one attendance once; without the camp's id nobody reads the camp from it."""
    return uuid5(camp.id, f"attended:{key}")


def _numbers(camp: Camp) -> tuple[set[str], set[str]]:
    """The numbers of those who agree now, and of all who ever did."""
    now = {visit.person.know_me for visit in ledger.day_of(camp).came} - {""}
    return now, set(_ever(ledger.facts_of(camp)))


def _ever(facts: Iterable[Fact]) -> Iterable[str]:
    return (f.body.know_me for f in facts if isinstance(f.body, kinds.Registered) and f.body.know_me)
