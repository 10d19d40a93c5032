"""What may happen to machines: another system gets a token for the API, shown once; it ends; it opens.

``tantam_12_…``: the number of the machine, then 256 bits of chance. A digest of it is kept, made with the office's own
key, so that whoever reads or writes the database alone can make no token.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from tantam.clock import day_of
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.people import rules
from tantam.office.people.actions import close, give_duty
from tantam.office.people.models import Duty, Machine, Office, Staff
from tantam.office.typed import whole

PREFIX = "tantam"
_NOBODYS = "0" * 64


def add(
    name: str, office: Office, duties: Collection[str], *, ends_on: date, actor: Staff | None, at: datetime
) -> tuple[Machine, str]:
    """Let another system use the API for some duties at an office, until the end of a day; gives its token, which is
    kept nowhere. Refuses ``bad_machine``."""
    enter(actor, "machine.add", office)
    rules.check_machine(name, duties, ends_on, day_of(at))
    with transaction.atomic():
        staff = Staff(
            username=f"machine-{secrets.token_hex(8)}", name=name.strip(), office=office, is_machine=True
        )
        staff.set_unusable_password()
        staff.save()
        token = f"{PREFIX}_{staff.pk}_{secrets.token_urlsafe(32)}"
        machine = Machine.objects.create(
            staff=staff, digest=_digest_of(token), made_at=at, made_by=actor, ends_on=ends_on
        )
        write(actor=actor, act="machine.added", at=at, on=("staff", staff.pk), office=office, ends_on=ends_on)
        for code in sorted(set(duties)):
            give_duty(staff, code, office, actor=actor, at=at)
    return machine, token


def end(machine: Machine, *, actor: Staff | None, at: datetime) -> Machine:
    """Let a machine in no longer; what it did keeps its name. Ended twice, it ended the first time."""
    enter(actor, "machine.end", machine.staff.office)
    with transaction.atomic():
        fresh = Machine.objects.select_for_update(of=("self",)).select_related("staff").get(pk=machine.pk)
        if fresh.ended_at is None:
            fresh.ended_at = at
            fresh.save(update_fields=["ended_at"])
            close(fresh.staff, actor=actor, at=at)
            write(
                actor=actor, act="machine.ended", at=at, on=("staff", fresh.pk), office=fresh.staff.office_id
            )
    return fresh


def rotate(machine: Machine, *, ends_on: date, actor: Staff | None, at: datetime) -> tuple[Machine, str]:
    """A new machine of the same name, office and duties in place of one, which ends now."""
    staff, duties = machine.staff, duties_of([machine])[machine.pk]
    with transaction.atomic():
        made = add(staff.name, staff.office, duties, ends_on=ends_on, actor=actor, at=at)
        end(machine, actor=actor, at=at)
    return made


def duties_of(some: Iterable[Machine]) -> dict[int, list[str]]:
    """What each of some machines may do, by number: the codes of its duties, also those that ended with it."""
    found: dict[int, list[str]] = {one.pk: [] for one in some}
    held = Duty.objects.filter(staff__in=list(found)).order_by("code")
    for staff, code in held.values_list("staff", "code"):
        found[staff].append(code)
    return found


def whose(token: str, *, at: datetime) -> Staff | None:
    """The member of staff that a machine with this token is, or None: a wrong one, one that has ended or is too old,
    all alike. Notes the day."""
    prefix, _, rest = token.partition("_")
    number = whole(rest.partition("_")[0], wrong=-1) if prefix == PREFIX else -1
    machine = Machine.objects.select_related("staff__office").filter(pk=number).first()
    # Both are digests under our key, and compared in constant time: nothing is learnt from how long a no takes.
    right = constant_time_compare(machine.digest if machine else _NOBODYS, _digest_of(token))
    if machine is None or not right or not is_open(machine, at):
        return None
    today = day_of(at)
    if machine.last_used_on != today:
        Machine.objects.filter(pk=machine.pk).update(last_used_on=today)
    return machine.staff


def is_open(machine: Machine, at: datetime) -> bool:
    """Whether a machine is let in at a moment."""
    return machine.ended_at is None and machine.staff.is_active and day_of(at) <= machine.ends_on


def _digest_of(token: str) -> str:
    return salted_hmac("tantam.office.people.machine", token, algorithm="sha256").hexdigest()
