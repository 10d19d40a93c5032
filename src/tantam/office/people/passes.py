"""Links that work once: made, looked at, used up. Only the SHA-256 of their secret is ever kept."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from tantam.errors import Refused
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.people import rules
from tantam.office.people.models import Duty, Pass, Staff


def invite(staff: Staff, purpose: str, *, actor: Staff | None, at: datetime) -> str:
    """Make a link that works once; gives its secret, which is kept nowhere. Earlier ones still unused end now.

    Refuses ``staff_left``.
    """
    enter_over(actor, staff)
    rules.check_here(staff.is_active)
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        Pass.objects.filter(staff=staff, purpose=purpose, used_at__isnull=True).update(used_at=at)
        Pass.objects.create(
            digest=rules.pass_digest(secret),
            staff=staff,
            purpose=purpose,
            until=at + rules.PASS_LASTS[purpose],
        )
        write(
            actor=actor,
            act="pass.made",
            at=at,
            on=("staff", staff.pk),
            office=staff.office_id,
            purpose=purpose,
        )
    return secret


def enter_over(actor: Staff | None, staff: Staff) -> None:
    """Let an act on somebody's account begin: only where ``actor`` may change people at the office and at every
    place of duty of that person, so that a branch's administrator gets no way into a headquarters account."""
    enter(actor, "people.change", staff.office)
    for duty in Duty.objects.filter(staff=staff, to_on__isnull=True).select_related("office"):
        enter(actor, "people.change", duty.office)


def whose_pass(secret: str, purpose: str, *, at: datetime) -> Staff:
    """Whose link this is, without using it up. Refuses ``pass_spent``."""
    found = _open(secret, purpose, at).select_related("staff").first()
    if found is None:
        raise _spent()
    return found.staff


def use_pass(secret: str, purpose: str, *, at: datetime) -> Staff:
    """Use a pass up, and give whose it was. Refuses ``pass_spent``: used, too old, wrong or unknown, all alike."""
    with transaction.atomic():
        # One update decides: two clicks at once cannot both see one row change.
        if _open(secret, purpose, at).update(used_at=at) != 1:
            raise _spent()
        staff = Pass.objects.select_related("staff").get(digest=rules.pass_digest(secret)).staff
        on = ("staff", staff.pk)
        write(actor=staff, act="pass.used", at=at, on=on, office=staff.office_id, purpose=purpose)
    return staff


def accept_invite(secret: str, password: str, *, at: datetime) -> Staff:
    """Use an invitation up and set the password, both or neither; the policy was asked before. Other sessions of
    that person end, since they were signed with the old password."""
    with transaction.atomic():
        staff = use_pass(secret, "invite", at=at)
        staff.set_password(password)
        staff.save(update_fields=["password"])
    return staff


def _open(secret: str, purpose: str, at: datetime) -> QuerySet[Pass]:
    return Pass.objects.filter(
        digest=rules.pass_digest(secret),
        purpose=purpose,
        used_at__isnull=True,
        until__gt=at,
        staff__is_active=True,
    )


def _spent() -> Refused:
    return Refused(
        "pass_spent",
        "This link has been used, or is too old.",
        "Ask whoever sent it for a new one.",
        vi="Liên kết này đã dùng rồi hoặc đã quá hạn. Hỏi người gửi xin liên kết mới.",
    )
