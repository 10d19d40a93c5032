"""What may happen to “My voice”: a secret link is given, opened, ended; and what the person who holds it may do there:
stop us or let us, ask about his data, take away what we hold. The link is the whole right to it, as a letter is."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import QuerySet

from tantam import clock
from tantam.errors import BadInput, Refused
from tantam.office.channels import actions as channels
from tantam.office.channels.models import Consent
from tantam.office.desk import actions
from tantam.office.desk.models import DataRequest, VoicePass
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.journal.models import Entry
from tantam.office.people.models import Office, Staff
from tantam.office.words import day

LASTS = timedelta(days=30)
SENT_LASTS = timedelta(days=7)
"""A link in a message ends sooner: the words of messages can be read by more people than the one they went to."""
MOST_GIVEN = 60
"""Links that one member of staff may give on a day, as many as he may see numbers."""
BITS = 128
ASKED = ("access", "correct", "delete", "restrict", "object")
"""What may be asked for by the link: a stop needs no request, it holds at once."""

REASONS = {
    "asked": ("Người này xin xem lời của mình", "This person asked to see their own words"),
    "call": ("Đang trả lời người này", "Answering this person now"),
    "request": ("Người này yêu cầu về dữ liệu của mình", "A request about the person's own data"),
}
"""Why a link is given: the codes that go to the journal."""


def give(key: int, *, actor: Staff, at: datetime, because: str, lasts: timedelta = LASTS) -> str:
    """Make a link for somebody whom one spoke to; gives its secret, which is kept nowhere. Open links of that person
    end now. Refuses ``no_reason_code``, ``too_many_links`` (:data:`MOST_GIVEN` on one day of Vietnam)."""
    enter(actor, "voice.give")
    if because not in REASONS:
        raise BadInput(
            "no_reason_code",
            "The reason for the link was not said.",
            f"One of: {', '.join(REASONS)}.",
            vi="Chưa nói vì sao cần đường dẫn. Chọn một lý do.",
        )
    secret = secrets.token_urlsafe(BITS // 8)
    with transaction.atomic():
        Staff.everybody.select_for_update().get(pk=actor.pk)  # two at once are counted one after the other
        _check_given_today(actor, at)
        revoke(key, actor=actor, at=at)
        made = VoicePass.objects.create(key=key, digest=digest_of(secret), made_at=at, expires_at=at + lasts)
        write(
            actor=actor, act="voice.given", at=at, on=("voice", made.pk), office=actor.office_id, because=because
        )  # fmt: skip
    return secret


def send(key: int, address: str, *, actor: Staff, at: datetime, because: str) -> None:
    """Give a link by a message about the service, which goes when the gate lets it. ``address``: where the page is,
    with ``{secret}``. Refuses what :func:`give` and asking for a message refuse."""
    with transaction.atomic():
        secret = give(key, actor=actor, at=at, because=because, lasts=SENT_LASTS)
        made = VoicePass.objects.get(digest=digest_of(secret))
        channels.ask(
            actor=actor, at=at, id=uuid5(_SPACE, f"{made.pk} {made.digest}"), key=key, purpose="service",
            text=f"Đường dẫn riêng để anh chị xem lời mình đã nói và cho phép hay dừng liên lạc, đến hết ngày "
            f"{day(made.expires_at)}, xin đừng đưa ai: {address.format(secret=secret)}",
            office=actor.office, about=("voice", made.pk), expires_at=made.expires_at,
        )  # fmt: skip


def revoke(key: int, *, actor: Staff | None, at: datetime) -> int:
    """End every open link of somebody, and take back those that were not sent yet; gives how many ended. ``actor``
    None: the person himself, on his page."""
    enter(actor, "voice.give")
    with transaction.atomic():
        ended = list(_open(at).filter(key=key).values_list("pk", flat=True))
        VoicePass.objects.filter(pk__in=ended).update(revoked_at=at)
        for number in ended:
            write(actor=actor, act="voice.ended", at=at, on=("voice", number))
            channels.take_back(actor=None, at=at, about=("voice", number))
    return len(ended)


def whose(secret: str, *, at: datetime) -> VoicePass:
    """The pass that a link opens; the first time is an entry of the journal. Refuses ``voice_closed``: a wrong one, one
    that has ended or is too old, and one of somebody who was forgotten, all alike."""
    found = _open(at).filter(digest=digest_of(secret), key__isnull=False).first()
    if found is None:
        raise _closed()
    if found.seen_at is None:
        with transaction.atomic():
            if VoicePass.objects.filter(pk=found.pk, seen_at__isnull=True).update(seen_at=at):
                write(actor=None, act="voice.opened", at=at, on=("voice", found.pk))
    return found


def say_no(held: VoicePass, purpose: str, *, at: datetime, form: UUID) -> Consent:
    """Stop us for a purpose, or for ``everything``, at once. The same form twice is one word. Refuses
    ``bad_purpose``, ``voice_closed``."""
    return _say(held, purpose, False, at, form)


def say_yes(held: VoicePass, purpose: str, *, at: datetime, form: UUID) -> Consent:
    """Let us for one purpose; the proof is this page. Refuses ``bad_purpose``, ``yes_to_everything``,
    ``voice_closed``."""
    return _say(held, purpose, True, at, form)


def ask_for(held: VoicePass, kind: str, *, sure: bool, at: datetime) -> DataRequest:
    """Start a request of the person about his data, at headquarters; nothing is deleted here. While one of that kind is
    open, it is the same one. Refuses ``bad_request_kind``, ``not_sure`` (a deletion that was not confirmed),
    ``nobody_owes``."""
    if kind not in ASKED:
        raise BadInput(
            "bad_request_kind", f"“{kind}” is no request of this page.", f"One of: {', '.join(ASKED)}.",
            vi="Chưa chọn bạn muốn gì với dữ liệu của mình. Chọn một.",
        )  # fmt: skip
    if kind == "delete" and not sure:
        raise BadInput(
            "not_sure", "Deleting cannot be undone, and it was not confirmed.", "Tick the box first.",
            vi="Xóa rồi không lấy lại được. Đánh dấu ô xác nhận trước.",
        )  # fmt: skip
    with transaction.atomic():
        return actions.start_request(
            actor=None, at=at, kind=kind, key=_key(held, at), said_by="web",
            office=Office.objects.get(level="headquarters"),
        )  # fmt: skip


def take_away(held: VoicePass, *, at: datetime) -> None:
    """Write down that the person takes away all we hold on him."""
    with transaction.atomic():
        write(actor=None, act="voice.taken_away", at=at, on=("voice", held.pk))


def held_on(key: int) -> list[dict[str, Any]]:
    """The links that somebody was given."""
    return [
        {"what": "voice_pass", "since": row.made_at, "due": row.expires_at, "current": row.revoked_at is None}
        for row in VoicePass.objects.filter(key=key).order_by("pk")
    ]


def forget(key: int, *, actor: Staff | None, at: datetime) -> int:
    """Remove the links of somebody, open ones too; gives how many there were."""
    with transaction.atomic():
        count, _ = VoicePass.objects.filter(key=key).delete()
        if count:
            write(actor=actor, act="voice.forgotten", at=at, on=("voice", "many"), count=count)
    return count


def clear(*, at: datetime) -> int:
    """Remove the links that are too old; gives how many. What was done by them stays in the journal."""
    with transaction.atomic():
        count, _ = VoicePass.objects.filter(expires_at__lte=at).delete()
        if count:
            write(actor=None, act="voice.cleared", at=at, on=("voice", "many"), count=count)
    return count


def digest_of(secret: str) -> str:
    """What is kept of a secret: SHA-256 in hex. It has 128 bits of chance, so no slow hash is needed."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


_SPACE = UUID("0f9d3a63-5b3b-5f0e-8a0e-6b9e8a3f2c11")


def _say(held: VoicePass, purpose: str, granted: bool, at: datetime, form: UUID) -> Consent:
    # Of this pass alone: a form that was tampered with cannot be taken for another person's word.
    number = uuid5(_SPACE, f"{held.pk} {held.digest} {form} {purpose} {granted}")
    with transaction.atomic():
        return channels.record(
            actor=None, at=at, id=number, key=_key(held, at), purpose=purpose, granted=granted, how="form", said_at=at,
            proof=f"Trang Lời của tôi, đường dẫn số {held.pk}",
        )  # fmt: skip


def _key(held: VoicePass, at: datetime) -> int:
    """Whose pass it is, held until the act ends: nothing new is written of somebody who is being forgotten."""
    fresh = _open(at).select_for_update().filter(pk=held.pk).first()
    if fresh is None or fresh.key is None:
        raise _closed()
    return fresh.key


def _closed() -> Refused:
    return Refused(
        "voice_closed",
        "This link is closed, too old, or not written right.",
        "Ask us for a new one: call us, or come to a counter.",
        vi="Đường dẫn này đã đóng, đã quá hạn hoặc gõ chưa đúng. Gọi tổng đài hay ra quầy xin đường dẫn mới.",
    )


def _open(at: datetime) -> QuerySet[VoicePass]:
    return VoicePass.objects.filter(revoked_at__isnull=True, expires_at__gt=at)


def _check_given_today(actor: Staff, at: datetime) -> None:
    midnight = at.astimezone(clock.HANOI).replace(hour=0, minute=0, second=0, microsecond=0)
    given = Entry.objects.filter(actor=actor.pk, act="voice.given", at__gte=midnight)
    if len(given.values_list("pk")[:MOST_GIVEN]) >= MOST_GIVEN:
        raise Refused(
            "too_many_links",
            f"You gave {MOST_GIVEN} links today.",
            "Give more tomorrow, or ask a colleague.",
            vi=f"Hôm nay bạn đã tạo {MOST_GIVEN} đường dẫn. Mai tạo tiếp, hoặc nhờ đồng nghiệp.",
        )
