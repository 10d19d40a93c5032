"""What may happen to offices, staff, duties and passes."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from django.db import transaction

from tantam.clock import HANOI
from tantam.errors import BadInput, Refused
from tantam.office.journal.actions import write
from tantam.office.people import rules
from tantam.office.people.models import DUTIES, LEVELS, Duty, Office, Pass, Staff


def open_office(
    code: str,
    name: str,
    level: str,
    *,
    actor: Staff | None,
    at: datetime,
    parent: Office | None = None,
    province: str = "",
) -> Office:
    """Open an office under another. Refuses ``bad_office`` (level or parent amiss), ``office_exists``."""
    if level not in dict(LEVELS) or (parent is None) != (level == "headquarters"):
        raise BadInput(
            "bad_office",
            f"“{code}” cannot stand there.",
            "Headquarters has no parent; a province or a branch has one.",
            vi="Văn phòng không đặt ở đó được. Trụ sở không có cấp trên; tỉnh và chi nhánh thì có.",
        )
    if Office.objects.filter(code=code).exists():
        raise Refused(
            "office_exists",
            f"There is an office “{code}” already.",
            "Choose another code.",
            vi=f"Đã có văn phòng mã “{code}”. Chọn mã khác.",
        )
    with transaction.atomic():
        path = rules.path_under(parent.path if parent else "", code)
        office = Office.objects.create(
            code=code, name=name, level=level, province=province, parent=parent, path=path
        )
        write(actor=actor, act="office.opened", at=at, on=("office", office.pk), office=office, level=level)
    return office


def hire(
    username: str,
    name: str,
    office: Office,
    *,
    actor: Staff | None,
    at: datetime,
    title: str = "",
    email: str = "",
) -> Staff:
    """Add somebody to the staff, without a password: an invitation lets him set one. Refuses ``staff_exists``."""
    if Staff.objects.filter(username=username).exists():
        raise Refused(
            "staff_exists",
            f"“{username}” is somebody's sign-in name already.",
            "Choose another.",
            vi=f"Tên đăng nhập “{username}” đã có người dùng. Chọn tên khác.",
        )
    with transaction.atomic():
        staff = Staff(username=username, name=name, office=office, title=title, email=email)
        staff.set_unusable_password()
        staff.save()
        write(actor=actor, act="staff.hired", at=at, on=("staff", staff.pk), office=office)
    return staff


def give_duty(
    staff: Staff, code: str, office: Office, *, actor: Staff | None, at: datetime, from_on: date | None = None
) -> Duty:
    """Give a duty at an office from a day on (today). Given twice, it is given once. Refuses ``bad_duty``."""
    if code not in DUTIES:
        raise BadInput(
            "bad_duty",
            f"“{code}” is no duty.",
            f"One of: {', '.join(DUTIES)}.",
            vi=f"Không có nhiệm vụ “{code}”. Chọn một trong: {', '.join(DUTIES)}.",
        )
    held = Duty.objects.filter(staff=staff, code=code, office=office, to_on__isnull=True).first()
    if held:
        return held
    with transaction.atomic():
        start = from_on or at.astimezone(HANOI).date()
        duty = Duty.objects.create(staff=staff, code=code, office=office, from_on=start)
        write(actor=actor, act="duty.given", at=at, on=("staff", staff.pk), office=office, duty=code)
    return duty


def end_duty(duty: Duty, *, actor: Staff | None, at: datetime) -> Duty:
    """End a duty today; ended twice, it ended the first time."""
    if duty.to_on is not None:
        return duty
    with transaction.atomic():
        duty.to_on = at.astimezone(HANOI).date()
        duty.save(update_fields=["to_on"])
        write(
            actor=actor,
            act="duty.ended",
            at=at,
            on=("staff", duty.staff_id),
            office=duty.office_id,
            duty=duty.code,
        )
    return duty


def leave(staff: Staff, *, actor: Staff | None, at: datetime) -> Staff:
    """Close somebody's account; what he did stays his."""
    if not staff.is_active:
        return staff
    with transaction.atomic():
        staff.is_active = False
        staff.save(update_fields=["is_active"])
        write(actor=actor, act="staff.left", at=at, on=("staff", staff.pk), office=staff.office_id)
    return staff


def invite(staff: Staff, purpose: str, *, actor: Staff | None, at: datetime) -> str:
    """Make a link that works once; gives its secret, which is kept nowhere."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        Pass.objects.create(
            digest=rules.pass_digest(secret),
            staff=staff,
            purpose=purpose,
            until=at + rules.PASS_LASTS[purpose],
        )
        write(actor=actor, act="pass.made", at=at, on=("staff", staff.pk), purpose=purpose)
    return secret


def use_pass(secret: str, purpose: str, *, at: datetime) -> Staff:
    """Use a pass up, and give whose it was. Refuses ``pass_spent``: used, too old, wrong or unknown, all alike."""
    with transaction.atomic():
        found = Pass.objects.filter(digest=rules.pass_digest(secret), purpose=purpose, staff__is_active=True)
        # One update decides: two clicks at once cannot both see one row change.
        if found.filter(used_at__isnull=True, until__gt=at).update(used_at=at) != 1:
            raise Refused(
                "pass_spent",
                "This link has been used, or is too old.",
                "Ask whoever sent it for a new one.",
                vi="Liên kết này đã dùng rồi hoặc đã quá hạn. Hỏi người gửi xin liên kết mới.",
            )
        staff = found.select_related("staff").get().staff
        write(actor=staff, act="pass.used", at=at, on=("staff", staff.pk), purpose=purpose)
    return staff


def held_on(key: int) -> list[dict[str, object]]:
    """A member of staff who is a subscriber: that he works here."""
    return [{"what": "staff", "office": s.office_id} for s in Staff.objects.filter(subscriber=key)]


def forget(key: int, *, actor: Staff | None, at: datetime) -> int:
    """The tie between a member of staff and his own subscription goes; that he works here stays."""
    with transaction.atomic():
        changed = Staff.objects.filter(subscriber=key).update(subscriber=None)
        if changed:
            write(actor=actor, act="staff.untied", at=at, on=("staff", "subscription"), count=changed)
    return changed
