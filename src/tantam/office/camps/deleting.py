"""The end of a camp's health data, with proof: one person asks, another confirms; facts and refused rows are removed,
the camp's key is destroyed, and what is left is how many facts there were, their digest, who, when and why.

Every copy elsewhere (backups, kit files) is sealed with that key. A kit's file opens also with the camp's opening
words: the page asks for the envelope and the sticks too.
"""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.db import connections, transaction

from tantam import clock, law
from tantam.errors import BadInput, Refused
from tantam.office.camps import actions, keys, kinds, ledger, referrals
from tantam.office.camps.facts import Fact
from tantam.office.camps.models import Camp, Deletion, StoredFact, Unread
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.journal.models import Entry
from tantam.office.people.models import Office, Staff

ACT = "camp.delete"


def keep_rule(camp: Camp) -> law.Row:
    """For how many months a camp's data is kept, by the law table on the camp's day."""
    return law.ask("camp_keep_months", clock.to_days(camp.on))


def keep_until(camp: Camp) -> date:
    """Until when a camp's data is kept unless somebody asks for less."""
    months = camp.on.month - 1 + int(keep_rule(camp).value)
    year, month = camp.on.year + months // 12, months % 12 + 1
    return camp.on.replace(year=year, month=month, day=min(camp.on.day, 28))


def asked(camp: Camp) -> Fact | None:
    """Who asked last for the deletion, and why; None where nobody did or it is done."""
    if camp.state == "deleted":
        return None
    found = [fact for fact in ledger.facts_of(camp) if isinstance(fact.body, kinds.DeletionAsked)]
    return max(found, key=lambda fact: fact.stamp, default=None)


def ask(camp: Camp, *, actor: Staff | None, at: datetime, reason: str) -> Fact:
    """Ask for the deletion. The same person's same words twice are one. Refuses ``no_reason``, ``referrals_open``,
    ``camp_deleted``."""
    enter(actor, ACT, _office(camp))
    actions.check_there(camp)
    reason = " ".join(reason.split())
    if not 3 <= len(reason) <= 300:
        raise BadInput(
            "no_reason",
            "The deletion has no reason, or one longer than 300 characters.",
            "Say in a sentence why.",
            vi="Chưa ghi vì sao xoá, hoặc dài quá 300 chữ. Viết một câu.",
        )
    _check_followed(camp)
    before = asked(camp)
    author = f"staff:{actor.pk}" if actor else "machine"
    if before and before.author == author and before.body == kinds.DeletionAsked(reason=reason):
        return before
    return actions.say(camp, kinds.DeletionAsked(reason=reason), act=ACT, actor=actor, at=at)


def confirm(camp: Camp, *, actor: Staff | None, at: datetime, digest: str) -> Deletion:
    """Delete, as the second person. ``digest``: the one that was shown, so that nothing that came meanwhile goes
    unseen. Confirmed again, what was left half-way is finished.

    Refuses ``deletion_not_asked``, ``deletion_same_person``, ``camp_changed``, ``referrals_open``.
    """
    enter(actor, ACT, _office(camp))
    done = Deletion.objects.filter(camp=camp).first()
    if done is None:
        done = _remove(camp, _confirmed(camp, actor), actor, at, digest)
    finish(camp, actor=actor, at=at)
    return done


def finish(camp: Camp, *, actor: Staff | None, at: datetime) -> None:
    """What follows once the rows are gone, and again where it was killed: the key is destroyed, the pages of the
    database that held the rows are written over, the journal has its line."""
    done = Deletion.objects.get(camp=camp)
    keys.destroy(settings.HOME, camp.id)
    ledger.forget_read(camp.id)
    _write_over()
    with transaction.atomic():
        if not Entry.objects.filter(act="camp.deleted", on_kind="camp", on_id=str(camp.id)).exists():
            write(
                actor=actor,
                act="camp.deleted",
                at=at,
                on=("camp", camp.id),
                office=camp.office or None,
                count=done.facts,
                digest=done.digest,
            )


def is_finished(camp: Camp) -> bool:
    """Whether the key is gone and the journal has its line."""
    line = Entry.objects.filter(act="camp.deleted", on_kind="camp", on_id=str(camp.id))
    return not keys.there(settings.HOME, camp.id) and line.exists()


def _remove(camp: Camp, why: str, actor: Staff | None, at: datetime, shown: str) -> Deletion:
    with transaction.atomic(using="health"):
        count, digest = ledger.digest(camp)
        if digest != shown:
            raise Refused(
                "camp_changed",
                "Something was added to this camp since the page was opened.",
                "Read the page again, then confirm.",
                vi="Trại vừa có thêm dữ liệu sau khi trang này mở. Tải lại trang rồi xác nhận.",
            )
        by = actor.pk if actor else None
        done = Deletion.objects.create(camp=camp, facts=count, digest=digest, by=by, at=at, reason=why)
        StoredFact.objects.filter(camp=camp).delete()
        Unread.objects.filter(camp=camp).delete()
        Camp.objects.filter(pk=camp.pk).update(state="deleted")
    camp.state = "deleted"
    return done


def _confirmed(camp: Camp, actor: Staff | None) -> str:
    """The reason that another person gave."""
    wanted = asked(camp)
    if wanted is None or not isinstance(wanted.body, kinds.DeletionAsked):
        raise Refused(
            "deletion_not_asked",
            "Nobody has asked for this deletion.",
            "Ask for it; another person then confirms.",
            vi="Chưa ai xin xoá dữ liệu trại này. Một người xin, người khác xác nhận.",
        )
    if actor is None or wanted.author == f"staff:{actor.pk}":
        raise Refused(
            "deletion_same_person",
            "Whoever asked for a deletion cannot confirm it.",
            "Another person with the duty can.",
            vi="Người xin xoá không tự xác nhận được. Cần một người thứ hai.",
        )
    _check_followed(camp)
    return wanted.body.reason


def _check_followed(camp: Camp) -> None:
    still = sum(one.open for one in referrals.all_of(camp))
    if still:
        raise Refused(
            "referrals_open",
            f"{still} referrals of this camp are still followed.",
            "Write down what became of each; after a deletion nobody knows whose they were.",
            vi=f"Còn {still} giấy chuyển tuyến chưa theo xong. Ghi kết quả từng giấy trước: "
            "xoá rồi không ai biết giấy là của ai.",
        )


def _office(camp: Camp) -> Office | None:
    return Office.objects.filter(pk=camp.office).first()


def _write_over() -> None:
    """Free pages hold sealed rows still: they go. Outside a transaction only; inside one, the next finish does it."""
    health = connections["health"]
    if health.in_atomic_block:
        return
    with health.cursor() as cursor:
        if health.vendor == "postgresql":
            for table in (StoredFact, Unread):
                cursor.execute(f"VACUUM FULL {table._meta.db_table}")
        else:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
