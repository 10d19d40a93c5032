"""What may happen to offices, staff and duties. Links that work once are in :mod:`tantam.office.people.passes`."""

from __future__ import annotations

from datetime import date, datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Q

from tantam.clock import day_of
from tantam.errors import Refused
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.people import rules
from tantam.office.people.models import Duty, Office, Staff
from tantam.office.people.passes import accept_invite, enter_over, invite, use_pass, whose_pass

__all__ = [
    "accept_invite",
    "close",
    "drop_second_factor",
    "end_duty",
    "enter_over",
    "forget",
    "give_duty",
    "held_on",
]
__all__ += ["hire", "invite", "leave", "open_office", "use_pass", "whose_pass"]


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
    """Open an office under another. Refuses ``bad_office`` (level, parent or code amiss), ``office_exists``."""
    enter(actor, "people.change", parent)
    rules.check_office(code, name, level, parent.level if parent else "", province)
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
            code=code, name=name.strip(), level=level, province=province, parent=parent, path=path
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
    """Add somebody to the staff, without a password: an invitation lets him set one. Refuses ``bad_staff``,
    ``staff_exists``."""
    enter(actor, "people.change", office)
    rules.check_staff(username, name, title)
    if Staff.everybody.filter(username=username).exists():
        raise Refused(
            "staff_exists",
            f"“{username}” is somebody's sign-in name already.",
            "Choose another.",
            vi=f"Tên đăng nhập “{username}” đã có người dùng. Chọn tên khác.",
        )
    with transaction.atomic():
        staff = Staff(username=username, name=name.strip(), office=office, title=title, email=email.strip())
        staff.set_unusable_password()
        staff.save()
        write(actor=actor, act="staff.hired", at=at, on=("staff", staff.pk), office=office)
    return staff


def give_duty(
    staff: Staff, code: str, office: Office, *, actor: Staff | None, at: datetime, from_on: date | None = None
) -> Duty:
    """Give a duty at an office from a day on (today). Given twice, it is given once. Refuses ``bad_duty``,
    ``staff_left``."""
    enter(actor, "people.change", office)
    rules.check_duty(code)
    rules.check_here(staff.is_active)
    with transaction.atomic():
        held = Duty.objects.filter(staff=staff, code=code, office=office, to_on__isnull=True).first()
        if held:
            return held
        start = from_on or day_of(at)
        # Ended and given again on one day is the same duty, going on.
        duty, _ = Duty.objects.update_or_create(
            staff=staff, code=code, office=office, from_on=start, defaults={"to_on": None}
        )
        write(actor=actor, act="duty.given", at=at, on=("staff", staff.pk), office=office, duty=code)
    staff.__dict__.pop("_held", None)
    return duty


def end_duty(duty: Duty, *, actor: Staff | None, at: datetime) -> Duty:
    """End a duty today; ended twice, it ended the first time. Refuses ``last_admin``."""
    enter(actor, "people.change", duty.office)
    with transaction.atomic():
        fresh = Duty.objects.select_for_update(of=("self",)).select_related("office", "staff").get(pk=duty.pk)
        if fresh.to_on is None:
            _check_admin_left(day_of(at), without_duty=fresh.pk)
            _end(fresh, actor, at)
    return fresh


def leave(staff: Staff, *, actor: Staff | None, at: datetime) -> Staff:
    """Close somebody's account and end his duties; what he did stays his. Refuses ``last_admin``."""
    enter_over(actor, staff)
    with transaction.atomic():
        fresh = Staff.objects.select_for_update(of=("self",)).get(pk=staff.pk)
        if not fresh.is_active:
            return fresh
        _check_admin_left(day_of(at), without_staff=fresh.pk)
        close(fresh, actor=actor, at=at)
        write(actor=actor, act="staff.left", at=at, on=("staff", fresh.pk), office=fresh.office_id)
    return fresh


def close(staff: Staff, *, actor: Staff | None, at: datetime) -> None:
    """End all duties and let nobody in as this member of staff, inside the transaction of the act that says why."""
    for duty in Duty.objects.filter(staff=staff, to_on__isnull=True):
        _end(duty, actor, at)
    staff.is_active = False
    staff.save(update_fields=["is_active"])


def drop_second_factor(staff: Staff, *, actor: Staff | None, at: datetime) -> int:
    """Whoever lost the telephone sets the second step up anew at the next sign-in; gives how many were dropped.

    Never one's own: refuses ``own_factor``, so that a stolen session alone does not get rid of it.
    """
    enter_over(actor, staff)
    if actor is not None and actor.pk == staff.pk:
        raise Refused(
            "own_factor",
            "Nobody drops his own second step.",
            "Another administrator can.",
            vi="Không ai tự bỏ bước hai của mình. Nhờ một quản trị khác.",
        )
    with transaction.atomic():
        dropped, _ = Authenticator.objects.filter(user=staff).delete()
        if dropped:
            write(actor=actor, act="factor.dropped", at=at, on=("staff", staff.pk), office=staff.office_id)
    return dropped


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


def _end(duty: Duty, actor: Staff | None, at: datetime) -> None:
    duty.to_on = day_of(at)
    duty.save(update_fields=["to_on"])
    on = ("staff", duty.staff_id)
    write(actor=actor, act="duty.ended", at=at, on=on, office=duty.office_id, duty=duty.code)


def _check_admin_left(today: date, *, without_duty: int = 0, without_staff: int = 0) -> None:
    """Without an administrator at headquarters nobody could ever be given a duty again."""
    admins = Duty.objects.filter(
        Q(to_on__isnull=True) | Q(to_on__gt=today),
        code="admin",
        office__level="headquarters",
        from_on__lte=today,
        staff__is_active=True,
    )
    rest = admins.exclude(pk=without_duty).exclude(staff=without_staff)
    if admins.exists() and not rest.exists():
        raise Refused(
            "last_admin",
            "This is the last administrator at headquarters.",
            "Give the duty to somebody else first.",
            vi="Đây là quản trị cuối cùng ở trụ sở. Giao việc ấy cho người khác trước.",
        )
